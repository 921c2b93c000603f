/* SPDX-License-Identifier: MIT */
/* Pieces that the JSON documents share; the caller owns everything. */
#ifndef CLI_RENDER_JSON_H
#define CLI_RENDER_JSON_H

#include "cli/render/render.h"
#include "formats/io/jsonw.h"

/* Begins the document: schema "poolsift.<command>/1" as its first key. */
int json_begin(struct render *r, const char *command) ERR_WARN_UNUSED;
void json_end(struct render *r);

void json_tag(struct jsonw *j, struct pool_tag t); /* keys tag and tag_hex */
void json_time(struct jsonw *j, const char *key, const struct pool_time *t);
void json_zone(struct jsonw *j, const struct pool_time *t);       /* key time_zone */
void json_source(struct jsonw *j, const struct pool_time *t);     /* key time_source */
void json_notes(struct jsonw *j, const struct note_list *l);      /* l may be NULL */
void json_note_items(struct jsonw *j, const struct note_list *l); /* the same */
/* Keys owner, owner_source, owner_verified, role and container. */
void json_owner(struct jsonw *j, struct owner o);
/* true or false; null where the role of a tag, or its owner, is unknown. */
void json_container(struct jsonw *j, const char *key, enum role r);
void json_verified(struct jsonw *j, const char *key, const struct owner *o);
/* null when the string is empty. */
void json_text(struct jsonw *j, const char *key, const char *s);
/* Each writes null unless `known`. */
void json_u64_if(struct jsonw *j, const char *key, bool known, uint64_t v);
void json_i64_if(struct jsonw *j, const char *key, bool known, int64_t v);

/* Keys limit_bytes, limit_source, limit_system and limit_candidates. */
void json_limit(struct jsonw *j, const struct pool_limit *l);

int json_history(struct render *r, const struct course_view *v, size_t n);
int json_rank(struct render *r, struct rank_hosts *h);
/* Of its document: a host with so many of its tags, and one of its tags. */
void json_rank_host(struct jsonw *j, const struct rank_view *v, size_t tags);
void json_rank_tag(struct jsonw *j, const struct rank_view *v, uint32_t index);
/* The key fleet: null when all is of one host. */
void json_fleet(struct render *r, const struct fleet_view *v);
int json_diff(struct render *r, const struct diff_view *v);

/* Lines "name=value" as the object `facts`. */
void json_facts(struct jsonw *j, const char *p);
/* --baseline: keys of one tag, and of the host, where baseline is null without it. */
void json_change(struct jsonw *j, const struct rank_view *v, uint32_t index);
void json_baseline(struct jsonw *j, const struct rank_view *v);
/* Members of the object at hand: code, count, lines, first_time, last_time. */
void json_event_sum(struct jsonw *j, const struct event_sum *v);

#endif
