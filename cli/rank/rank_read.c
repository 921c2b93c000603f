/* SPDX-License-Identifier: MIT */
#include "cli/rank/rank_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rank/fields_read.h"
#include "cli/rank/rank_redact.h"
#include "cli/render/machine/rank_fields.h"
#include "cli/render/words/words.h"

struct rank_read {
    struct input *in;
    struct yaml *y;
    struct shelf shelf; /* of the host at hand */
    struct rank_view view;
    struct rank_result result;
    struct rank_tag *tags;
    size_t n_tags, tags_cap;
    struct owner *owners;
    size_t owners_cap;
    struct event_sums sums;
    struct rank_event events[EVENT_CODES_MAX];
    bool tags_seen, notes_seen, events_seen;
    bool rank_seen, evidence_seen; /* of the tag at hand */
    struct redact *names;          /* of --redact, or NULL */
};

#define REMADE "make it with: poolsift rank --json -n 0 INPUT..."

/* ---- what a tag's tables do not list ---- */

static int evidence_at(const char *name, enum evidence_code *code)
{
    for (int i = 0; i < EVIDENCE_CODES; i++)
        if (strcmp(evidence_name((enum evidence_code)i), name) == 0) {
            *code = (enum evidence_code)i;
            return 0;
        }
    return -1;
}

/* `seen` has a bit for each value that came. */
static int read_value(struct rank_read *r, struct evidence *v, unsigned *seen,
                      const char *key, struct err *e)
{
    for (int i = 0; i < EVIDENCE_VALUES; i++) {
        const char *name = evidence_key(v->code, i);
        bool null;
        if (name == NULL || strcmp(name, key) != 0)
            continue;
        *seen |= 1u << i;
        TRY(yaml_null(r->y, &null, e));
        v->v[i] = NAN;
        return null ? 0 : yaml_number(r->y, name, &v->v[i], e);
    }
    return yaml_fail(r->y, yaml_here(r->y), e,
                     "unknown key '%s': another version of poolsift wrote this", key);
}

static int check_values(struct rank_read *r, const struct evidence *v, unsigned seen,
                        struct err *e)
{
    for (int i = 0; i < EVIDENCE_VALUES; i++) {
        const char *name = evidence_key(v->code, i);
        if (name != NULL && (seen & 1u << i) == 0)
            return yaml_fail(r->y, yaml_here(r->y), e,
                             "no key '%s' in this evidence: another version of poolsift "
                             "wrote this",
                             name);
    }
    return 0;
}

static int read_evidence(struct rank_read *r, struct evidence *v, struct err *e)
{
    struct yaml_item item;
    char key[64];
    int more;
    unsigned seen = 0;
    bool coded = false;
    TRY(yaml_map(r->y, "evidence", e));
    while ((more = yaml_key(r->y, &item, e)) > 0) {
        if (item.n >= sizeof key)
            return yaml_fail(r->y, item.at, e, "unknown key '%.40s...'", item.text);
        memcpy(key, item.text, item.n + 1);
        if (strcmp(key, "text") == 0) {
            TRY(yaml_scalar(r->y, "a text", &item, e));
        } else if (strcmp(key, "code") == 0 && !coded) {
            TRY(yaml_scalar(r->y, "a code", &item, e));
            coded = evidence_at(item.text, &v->code) == 0;
            if (!coded)
                return yaml_fail(r->y, item.at, e, "unknown evidence '%.40s'", item.text);
        } else if (!coded) {
            return yaml_fail(r->y, item.at, e, "expected the key 'code', found '%s'",
                             key);
        } else {
            TRY(read_value(r, v, &seen, key, e));
        }
    }
    TRY(more);
    return coded ? check_values(r, v, seen, e)
                 : yaml_fail(r->y, yaml_here(r->y), e,
                             "expected the key 'code' in a piece of evidence");
}

static int read_evidences(struct rank_read *r, struct rank_tag *t, struct err *e)
{
    int more;
    TRY(yaml_list(r->y, "evidence", e));
    while ((more = yaml_more(r->y, e)) > 0) {
        if (t->n_evidence == RANK_EVIDENCE_MAX)
            return yaml_fail(r->y, yaml_here(r->y), e, "expected at most %d of evidence",
                             RANK_EVIDENCE_MAX);
        TRY(read_evidence(r, &t->evidence[t->n_evidence++], e));
    }
    return more;
}

/* Ranks count from 1 without a gap, unless rows were left out. */
static int read_rank(struct rank_read *r, struct err *e)
{
    uint64_t rank;
    TRY(yaml_u64(r->y, "a rank", &rank, e));
    if (rank == r->n_tags + 1)
        return 0;
    (void)yaml_fail(r->y, yaml_here(r->y), e,
                    "expected rank %zu, found %llu: tags were left out or moved",
                    r->n_tags + 1, (unsigned long long)rank);
    err_hint(e, REMADE ", without -i, -x or -p");
    return ERR_FORMAT;
}

/* The comparison of one host with one baseline says nothing about a fleet. */
static int refuse_baseline(struct rank_read *r, struct err *e)
{
    (void)yaml_fail(r->y, yaml_here(r->y), e,
                    "expected a ranking, found one that is compared with a baseline");
    err_hint(e, REMADE ", without --baseline");
    return ERR_FORMAT;
}

static int other_of_tag(void *ctx, const char *key, struct err *e)
{
    struct rank_read *r = ctx;
    struct yaml_item item;
    if (strcmp(key, "rank") == 0 && !r->rank_seen) {
        r->rank_seen = true;
        TRY(read_rank(r, e));
        return 1;
    }
    if (strcmp(key, "session") == 0) {
        TRY(yaml_scalar(r->y, "a session", &item, e));
        return 1;
    }
    if (strcmp(key, "compared_bytes_per_hour") == 0)
        return refuse_baseline(r, e);
    if (strcmp(key, "evidence") != 0 || r->evidence_seen)
        return 0;
    r->evidence_seen = true;
    TRY(read_evidences(r, &r->tags[r->n_tags], e));
    return 1;
}

static int read_tag(struct rank_read *r, struct fields_in *in, struct err *e)
{
    void *tags = r->tags, *owners = r->owners;
    TRY(grow(&tags, &r->tags_cap, r->n_tags + 1, sizeof *r->tags, e));
    r->tags = tags;
    TRY(grow(&owners, &r->owners_cap, r->n_tags + 1, sizeof *r->owners, e));
    r->owners = owners;
    struct rank_tag *t = &r->tags[r->n_tags];
    struct owner *o = &r->owners[r->n_tags];
    *t = (struct rank_tag){.grade = 0};
    *o = (struct owner){.text = NULL};
    r->rank_seen = r->evidence_seen = false;
    const struct field_part parts[] = {{tag_fields, t}, {owner_fields, o}};
    const struct yaml_at begin = yaml_here(r->y);
    TRY(fields_read(in, "a tag", parts, sizeof parts / sizeof *parts, other_of_tag, r,
                    e));
    if (!r->rank_seen || !r->evidence_seen)
        return yaml_fail(r->y, begin, e, "the tag behind this has no rank or evidence");
    if (o->text != NULL && o->source == NULL)
        return yaml_fail(r->y, begin, e, "the tag behind this has an owner of no source");
    o->role = t->role;
    r->n_tags++;
    return 0;
}

/* ---- what a host's tables do not list ---- */

static int read_tags(struct rank_read *r, struct err *e)
{
    struct fields_in in = {.y = r->y, .shelf = &r->shelf, .from = &r->view.from};
    int more;
    TRY(yaml_list(r->y, "tags", e));
    while ((more = yaml_more(r->y, e)) > 0)
        TRY(read_tag(r, &in, e));
    return more;
}

static int read_events(struct rank_read *r, struct err *e)
{
    struct fields_in in = {.y = r->y, .shelf = &r->shelf, .from = &r->view.from};
    int more;
    TRY(yaml_list(r->y, "events", e));
    while ((more = yaml_more(r->y, e)) > 0) {
        size_t n = r->sums.n;
        if (n == EVENT_CODES_MAX)
            return yaml_fail(r->y, yaml_here(r->y), e, "expected at most %d events",
                             EVENT_CODES_MAX);
        const struct field_part parts[] = {{event_sum_fields, &r->sums.v[n]},
                                           {event_fields, &r->events[n]}};
        TRY(fields_read(&in, "an event", parts, 2, NULL, NULL, e));
        r->events[n].sum = &r->sums.v[n];
        r->sums.n++;
    }
    return more;
}

static int read_note(struct rank_read *r, struct err *e)
{
    static const char *const keys[] = {"code", "severity", "line", "text"};
    struct yaml_item item;
    uint64_t seen = 0, line = 0;
    size_t k;
    int more, code = -1;
    char *text = NULL;
    TRY(yaml_map(r->y, "a note", e));
    while ((more = yaml_key_in(r->y, keys, 4, &seen, &k, e)) > 0) {
        bool null = false;
        if (k == 2)
            more = yaml_null(r->y, &null, e);
        if (more >= 0 && k == 2 && !null)
            more = yaml_u64(r->y, "a line", &line, e);
        if (k == 3)
            more = yaml_text(r->y, "a note", &text, e);
        if (k < 2)
            more = yaml_scalar(r->y, keys[k], &item, e);
        if (more >= 0 && k == 0) {
            code = note_find(item.text, item.n);
            if (code < 0)
                more = yaml_fail(r->y, item.at, e, "unknown note '%.40s'", item.text);
        }
        if (more < 0)
            break;
    }
    if (more == 0 && (seen != 0xf || text == NULL))
        more = yaml_fail(r->y, yaml_here(r->y), e, "a key of this note is missing");
    if (more == 0)
        more = note_add(&r->result.notes, e, (enum note_code)code, line, "%s", text);
    free(text);
    return more < 0 ? more : 0;
}

static int read_notes(struct rank_read *r, struct err *e)
{
    int more;
    TRY(yaml_list(r->y, "notes", e));
    while ((more = yaml_more(r->y, e)) > 0)
        TRY(read_note(r, e));
    return more;
}

static int read_baseline(struct rank_read *r, struct err *e)
{
    bool null;
    TRY(yaml_null(r->y, &null, e));
    if (null)
        return 0;
    return refuse_baseline(r, e);
}

static int other_of_host(void *ctx, const char *key, struct err *e)
{
    struct rank_read *r = ctx;
    int code;
    if (strcmp(key, "tags") == 0 && !r->tags_seen) {
        r->tags_seen = true;
        code = read_tags(r, e);
    } else if (strcmp(key, "events") == 0 && !r->events_seen) {
        r->events_seen = true;
        code = read_events(r, e);
    } else if (strcmp(key, "notes") == 0 && !r->notes_seen) {
        r->notes_seen = true;
        code = read_notes(r, e);
    } else if (strcmp(key, "baseline") == 0) {
        code = read_baseline(r, e);
    } else {
        return 0;
    }
    return code < 0 ? code : 1;
}

static void forget(struct rank_read *r)
{
    note_list_free(&r->result.notes);
    shelf_free(&r->shelf);
    r->view = (struct rank_view){.r = NULL};
    r->result = (struct rank_result){.tags = NULL};
    r->sums = (struct event_sums){.n = 0};
    memset(r->events, 0, sizeof r->events);
    r->n_tags = 0;
    r->tags_seen = r->notes_seen = r->events_seen = false;
}

static int check_host(struct rank_read *r, struct yaml_at begin, struct err *e)
{
    if (r->view.scope == NULL || !r->tags_seen || !r->notes_seen || !r->events_seen)
        return yaml_fail(r->y, begin, e, "a key of this host is missing");
    if (r->result.n_tags == r->n_tags)
        return 0;
    (void)yaml_fail(r->y, begin, e, "host '%s' lists %zu of %zu tags",
                    r->view.host != NULL ? r->view.host : "", r->n_tags,
                    r->result.n_tags);
    err_hint(e, REMADE);
    return ERR_FORMAT;
}

static int read_host(struct rank_read *r, struct err *e)
{
    struct fields_in in = {.y = r->y, .shelf = &r->shelf, .from = &r->view.from};
    const struct field_part parts[] = {{view_fields, &r->view},
                                       {result_fields, &r->result}};
    forget(r);
    const struct yaml_at begin = yaml_here(r->y);
    TRY(fields_read(&in, "a host", parts, 2, other_of_host, r, e));
    TRY(check_host(r, begin, e));
    r->result.tags = r->tags;
    r->view.r = &r->result;
    r->view.origin_ms = r->view.from.ms;
    r->view.owners = r->owners;
    r->view.events = r->events;
    r->view.n_events = r->sums.n;
    r->view.notes = &r->result.notes;
    return r->names == NULL ? 0
                            : rank_redact(r->names, &r->view, r->owners, r->n_tags,
                                          &r->result.notes, &r->shelf, e);
}

/* ---- the document ---- */

static int expect_key(struct rank_read *r, const char *key, struct err *e)
{
    struct yaml_item item;
    int more = yaml_key(r->y, &item, e);
    if (more > 0 && strcmp(item.text, key) == 0)
        return 0;
    if (more < 0)
        return more;
    (void)yaml_fail(r->y, yaml_here(r->y), e, "expected the key '%s', found '%.40s'", key,
                    more > 0 ? item.text : "the end");
    err_hint(e, REMADE);
    return ERR_FORMAT;
}

static int read_head(struct rank_read *r, struct err *e)
{
    struct yaml_item item;
    bool complete = false;
    TRY(yaml_map(r->y, "what rank --json writes", e));
    TRY(expect_key(r, "schema", e));
    TRY(yaml_scalar(r->y, "a schema", &item, e));
    if (strcmp(item.text, "poolsift.rank/1") != 0) {
        (void)yaml_fail(r->y, item.at, e,
                        "expected the schema poolsift.rank/1, found '%.60s'", item.text);
        err_hint(e, REMADE);
        return ERR_FORMAT;
    }
    TRY(expect_key(r, "complete", e));
    TRY(yaml_bool(r->y, "whether it is complete", &complete, e));
    if (!complete) {
        (void)yaml_fail(r->y, yaml_here(r->y), e,
                        "expected a complete ranking, found complete: false");
        err_hint(e, "some inputs of that call could not be read: rank them again");
        return ERR_FORMAT;
    }
    TRY(expect_key(r, "hosts", e));
    return yaml_list(r->y, "hosts", e);
}

static ptrdiff_t read_bytes(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct input *in = ctx;
    const uint8_t *from;
    ptrdiff_t there = input_peek(in, 1, &from, e);
    if (there <= 0)
        return there;
    size_t taken = (size_t)there < n ? (size_t)there : n;
    memcpy(p, from, taken);
    input_consume(in, taken);
    return (ptrdiff_t)taken;
}

int rank_read_open(struct rank_read **r, struct input *in, struct err *e)
{
    const struct yaml_limits limits = {
        .bytes = SIZE_MAX, .depth = 16, .scalar = 1u << 20};
    struct rank_read *new_ = calloc(1, sizeof *new_);
    if (new_ == NULL) {
        input_close(in);
        return err_nomem(e);
    }
    new_->in = in;
    int code = yaml_open_reader(&new_->y, input_name(in), read_bytes, in, &limits, e);
    if (code == 0)
        code = read_head(new_, e);
    if (code < 0) {
        rank_read_close(new_);
        return code;
    }
    *r = new_;
    return 0;
}

int rank_read_next(struct rank_read *r, struct rank_view *v, struct err *e)
{
    int more = yaml_more(r->y, e);
    if (more > 0) {
        TRY(read_host(r, e));
        *v = r->view;
    }
    if (more != 0)
        return more;
    TRY(expect_key(r, "fleet", e));
    TRY(yaml_skip(r->y, e));
    struct yaml_item item;
    more = yaml_key(r->y, &item, e);
    if (more > 0 && strcmp(item.text, "reproduce") == 0) { /* of that call, not of ours */
        TRY(yaml_skip(r->y, e));
        more = yaml_key(r->y, &item, e);
    }
    TRY(more > 0 ? yaml_fail(r->y, yaml_here(r->y), e, "expected the end of the document")
                 : more);
    return yaml_end(r->y, e);
}

void rank_read_redact(struct rank_read *r, struct redact *names)
{
    r->names = names;
}

void rank_read_close(struct rank_read *r)
{
    if (r == NULL)
        return;
    forget(r);
    yaml_close(r->y);
    input_close(r->in);
    free(r->tags);
    free(r->owners);
    free(r);
}
