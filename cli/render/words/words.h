/* SPDX-License-Identifier: MIT */
/* Every sentence that people read is made here, from figures that others computed; the
 * caller owns the struct phrase, to which each function adds.
 *
 * One file a subject: words_rank.c, words_evidence.c, words_next.c (what to do) ... */
#ifndef CLI_RENDER_WORDS_H
#define CLI_RENDER_WORDS_H

#include "cli/render/phrase.h"
#include "cli/render/render.h"

/* ---- evidence ---- */

#define EVIDENCE_VALUES 4
/* One clause: "gave back 0.4%". */
void words_evidence(struct phrase *p, const struct evidence *v);
/* True for what only -v tells. */
bool evidence_is_detail(const struct evidence *v);
/* Listed where it is for its share of the growth. */
bool words_is_bulk(const struct rank_tag *t);
/* The machine key of v[i], or NULL when that value has no meaning. */
const char *evidence_key(enum evidence_code c, int i);

/* ---- names of things ---- */

/* "owner: afd.sys - Afd endpoint (pooltag.txt)"; false when nobody is known. */
bool words_owner(struct phrase *p, struct owner o);
/* The same, or that nobody is known. */
void words_owner_or_none(struct phrase *p, struct owner o);
/* "allocated by nt!io; holder unknown"; false unless the tag is a container. */
bool words_holder(struct phrase *p, struct owner o, enum role role);
const char *words_pool(enum pool_kind k);            /* "Nonpaged", "Paged" */
const char *words_time_source(enum time_source s);   /* "from the file name" */
const char *words_completeness(enum completeness c); /* "a screen (only ...)" */
const char *words_size_title(enum units u);          /* "Size K", "Bytes", "Size" */
const char *words_change_title(enum units u);        /* "Change K" ... */
const char *words_grew_title(enum units u);          /* "Grew K" ... */
const char *words_rate_title(enum units u);          /* "K/h", "B/h", "per hour" */

/* ---- limits of pools ---- */

/* What kind of limit it is: "stated", "published". */
const char *words_limit(const struct pool_limit *l);
/* "22016K left if its limit is 131072K (..., assumed)", of a pool that holds `bytes`. */
void words_candidate(struct phrase *p, const struct limit_candidate *c, uint64_t bytes,
                     enum units u);

/* ---- diagnoses ---- */

/* The text of a rule, its placeholders filled in; sizes in K. */
void words_rule(struct phrase *p, const char *text, const struct diagnosis *d,
                const struct rank_view *v);

/* ---- a ranked series ---- */

/* A leak, or growing with more than no proof. */
bool words_is_suspect(const struct rank_tag *t);
void words_rank_answer(struct phrase *p, const struct rank_view *v, enum units u);
/* ---- words_kept.c ---- */
/* A straight growth that lies behind; the first such among so many rows, or NULL. */
bool words_has_ended(const struct rank_tag *t);
const struct rank_tag *words_first_ended(const struct rank_view *v, size_t within);
/* "rdhM (paged) grew +46M until ... and kept that: a leak that has ended?" */
void words_ended(struct phrase *p, const struct rank_view *v, const struct rank_tag *t,
                 enum units u);
/* ---- words_rank.c ---- */
/* "Series: WEB01, session 3". */
void words_rank_host(struct phrase *p, const struct rank_view *v);
void words_rank_read(struct phrase *p, const struct rank_view *v);
/* False when nothing is known about that pool: then nothing is said. */
bool words_rank_pool(struct phrase *p, const struct rank_view *v, enum pool_kind k,
                     enum units u);
/* When so little of the pool is free that something stops; false without a limit. */
bool words_rank_threshold(struct phrase *p, const struct rank_pool *d, size_t i,
                          enum units u);
/* What the rows from `shown` on are, in numbers. */
void words_rank_others(struct phrase *p, const struct rank_view *v, size_t shown);
/* "ISil (nonpaged): leak, +419K/h (+402K/h to +435K/h) since ...". */
void words_rank_tag(struct phrase *p, const struct rank_view *v, const struct rank_tag *t,
                    enum units u);
/* What moved in the seconds before one screen; false when it shows no motion. */
bool words_rank_motion(struct phrase *p, const struct rank_view *v);
/* Whose the largest tags of one capture are, as far as that is known; false when none is
 * large. */
bool words_rank_large(struct phrase *p, const struct rank_view *v);
/* The largest growth that no grade backs; false when there is none. */
bool words_rank_unproven(struct phrase *p, const struct rank_view *v, enum units u);
void words_rank_next(struct phrase *p, const struct rank_view *v);
/* The same for one suspect. */
void words_suspect_next(struct phrase *p, const struct rank_tag *t);
/* What happened beside the series. */
void words_rank_event(struct phrase *p, const struct rank_view *v,
                      const struct rank_event *x, enum units u);

/* "ISil and I100 grow by the same number of objects (+5120 and +5120): one suspect ..."
 */
void words_cohort(struct phrase *p, const struct rank_cohort *c);
/* Whether row i of the view belongs to the cohort of an earlier one: no suspect of its
 * own. */
bool words_told_with(const struct rank_view *v, size_t i);
/* "; I100 grows with it, object by object"; nothing without a cohort. */
void words_with(struct phrase *p, const struct rank_view *v, const struct rank_tag *t);
/* "U[Ll]* (ULHP): 1023K, 0.9% of the nonpaged pool, +0.4K/h (...): not the cause" */
void words_suspect(struct phrase *p, const struct rank_suspect *s, enum units u);

/* ---- several hosts ---- */

/* "WEB01, session 3", "all sessions", "host without a name". */
void words_host(struct phrase *p, const char *host, const char *scope);
/* All hosts and scopes in one sentence. */
void words_fleet_answer(struct phrase *p, const struct fleet *f);
/* "Drvr (nonpaged): leak on 5 of 8 hosts (WEB01; WEB02; ...), +419K/h together; ..." */
void words_fleet_tag(struct phrase *p, const struct fleet *f, const struct fleet_tag *t,
                     enum units u);
/* Which versions run on how many; false when they do not differ, or nobody knows. */
bool words_fleet_versions(struct phrase *p, const struct fleet *f);
const char *words_outcome(enum outcome o); /* "leak", "suspects", "none", "too short" */
void words_fleet_next(struct phrase *p, const struct fleet *f);

/* ---- a series against a baseline (words_baseline.c) ---- */

const char *words_there_title(enum units u); /* "There K/h" ... */
const char *words_here_title(enum units u);
const char *words_added_title(enum units u);
const char *words_change_reason(enum change_reason r);
void words_baseline_answer(struct phrase *p, const struct rank_view *v, enum units u);
void words_baseline_read(struct phrase *p, const struct rank_view *v);

/* ---- a report (words_report.c) ---- */

struct history_line;
/* "Pool report: WEB01": for the browser's window. */
void words_report_title(struct phrase *p, const struct fleet *f);
/* "Leak", "No verdict", "Sizes only": the answer in one word or two. */
const char *words_report_stamp(const struct rank_view *v);
void words_chart_pool(struct phrase *p, const struct rank_view *v, enum pool_kind k);
void words_chart_tag(struct phrase *p, const struct rank_tag *t, bool objects);
/* What a chart shows to who cannot see it: from, to, least, most. */
void words_chart_course(struct phrase *p, const struct rank_view *v,
                        const struct history_line *l, bool objects, enum units u);
/* "131072K, assumed: Windows Server 2003 ..." */
void words_gauge_limit(struct phrase *p, const char *basis, uint64_t bytes,
                       const char *source, enum units u);
/* "83.2% used, 22016K left; HTTP.SYS refuses connections after 1536K more" */
void words_gauge_used(struct phrase *p, const struct rank_pool *d, uint64_t limit,
                      enum units u);
/* Whether the pool is so near to it that it is told and drawn. */
bool words_threshold_near(const struct rank_pool *d, const struct rank_threshold *t,
                          uint64_t limit);
/* How to state the limit that is not known; false when all are. */
bool words_gauge_ask(struct phrase *p, const struct rank_view *v);
/* "leak", "levelled off": the verdict without what is explained elsewhere. */
void words_verdict(struct phrase *p, const struct rank_tag *t);

/* ---- the course of a tag (words_course.c) ---- */

void words_course_none(struct phrase *p);
/* "Bytes held (the axis begins at 38M)"; base is NULL where it begins at zero. */
void words_course_chart(struct phrase *p, bool bytes, const char *base);
/* What the signs of its chart mean; false when nothing must be said. */
bool words_course_legend(struct phrase *p, const struct course_view *v, size_t row);
/* "restart, gap of 8.2 h", or nothing. */
void words_course_before(struct phrase *p, const struct track_moment *m);
/* When it was restarted, and when nobody looked; false when neither was. */
bool words_course_breaks(struct phrase *p, const struct course_view *v);
/* "3 more tags match" */
void words_course_more(struct phrase *p, const struct course_view *v);

/* ---- captures ---- */

/* What a pool holds: the header's total where the capture has one, else its rows. */
struct pool_sum {
    uint64_t total; /* bytes; equals rows without a header */
    uint64_t rows;  /* bytes of the rows of the capture */
    bool from_header;
};
struct pool_sum show_pool_sum(const struct pool_snapshot *s, enum pool_kind k);

void words_show_answer(struct phrase *p, const struct show_view *v, enum units u);
void words_show_what(struct phrase *p, const struct show_view *v);
bool words_show_memory(struct phrase *p, const struct show_view *v, enum units u);
bool words_show_pool(struct phrase *p, const struct show_view *v, enum pool_kind k,
                     enum units u);
bool words_show_motion(struct phrase *p, const struct show_view *v);
/* Records of events, and of totals alone. */
void words_events_answer(struct phrase *p, const struct show_view *v);
void words_events_what(struct phrase *p, const struct show_view *v);
void words_totals_answer(struct phrase *p, const struct show_view *v, enum units u);
/* "connections refused 52 times, 2005-09-02 18:45:12 to 18:58:57 UTC" */
void words_event_sum(struct phrase *p, const struct event_sum *v);
void words_event_code(struct phrase *p, const char *code);
/* What to do after one or more of that many snapshots were shown. */
void words_show_next(struct phrase *p, size_t snapshots);

/* ---- two captures ---- */

void words_diff_answer(struct phrase *p, const struct diff_view *v, enum units u);
void words_diff_end(struct phrase *p, const struct diff_end *d);
void words_diff_same(struct phrase *p, const struct diff_view *v);
bool words_diff_pool(struct phrase *p, const struct diff_view *v, enum pool_kind k,
                     enum units u);
void words_diff_next(struct phrase *p);
/* --still: what grew and was kept (words_still.c). */
void words_still_answer(struct phrase *p, const struct diff_view *v, enum units u);
void words_still_next(struct phrase *p, const struct diff_view *v);

/* ---- inputs ---- */

/* "3 others (-n 0 lists all).": rows that are left out. */
void words_left_out(struct phrase *p, size_t n, const char *one, const char *many);
/* For results of which a part is missing. */
void words_incomplete(struct phrase *p);
void words_info_answer(struct phrase *p, const struct info_input *v, size_t n);
void words_info_what(struct phrase *p, const struct info_input *v);
void words_info_when(struct phrase *p, const struct info_input *v);

/* ---- motion of a screen, shared ---- */

#define MOTION_LARGEST 4

struct motion {
    size_t told, grew, shrank; /* rows with a change, those above and below zero */
    size_t n;                  /* of the largest rows, below */
    struct {
        struct pool_tag tag;
        int64_t by;
    } largest[MOTION_LARGEST];
    struct pool_tag most; /* that grew most */
    int64_t most_by;
    const char *one, *many; /* "object", "objects" */
};

void motion_add(struct motion *m, struct pool_tag tag, int64_t by);
bool words_motion(struct phrase *p, const struct motion *m);

#endif
