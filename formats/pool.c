/* SPDX-License-Identifier: MIT */
#include "formats/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *pool_kind_name(enum pool_kind k)
{
    static const char *const names[] = {"nonpaged", "paged", "unknown"};
    return names[k];
}

const char *pool_kind_short(enum pool_kind k)
{
    static const char *const names[] = {"Nonp", "Paged", "?"};
    return names[k];
}

const char *total_name(enum total_field f)
{
    static const char *const names[TOTALS] = {
        [TOTAL_MEMORY_KIB] = "memory_kib",
        [TOTAL_AVAIL_KIB] = "avail_kib",
        [TOTAL_PAGE_FAULTS] = "page_faults",
        [TOTAL_INRAM_KERNEL_KIB] = "inram_kernel_kib",
        [TOTAL_INRAM_PAGED_KIB] = "inram_paged_kib",
        [TOTAL_COMMIT_KIB] = "commit_kib",
        [TOTAL_LIMIT_KIB] = "limit_kib",
        [TOTAL_PEAK_KIB] = "peak_kib",
        [TOTAL_NONPAGED_KIB] = "nonpaged_kib",
        [TOTAL_PAGED_KIB] = "paged_kib",
        [TOTAL_NONPAGED_LIMIT_KIB] = "nonpaged_limit_kib",
        [TOTAL_PAGED_LIMIT_KIB] = "paged_limit_kib",
    };
    return names[f];
}

const char *pool_record_name(enum pool_record r)
{
    static const char *const names[] = {"capture", "totals", "events"};
    return names[r];
}

const char *time_source_name(enum time_source s)
{
    static const char *const names[] = {"none", "capture", "line",
                                        "name", "option",  "mtime"};
    return names[s];
}

const char *completeness_name(enum completeness c)
{
    static const char *const names[] = {"whole", "screen", "filtered", "cut"};
    return names[c];
}

void pool_scope_text(enum pool_scope scope, uint32_t session, char out[24])
{
    if (scope == SCOPE_SESSION)
        (void)snprintf(out, 24, "session:%u", (unsigned)session);
    else
        (void)snprintf(out, 24, "%s", scope == SCOPE_SYSTEM ? "system" : "all-sessions");
}

void pool_snapshot_clear(struct pool_snapshot *s)
{
    struct pool_snapshot kept = {.rows = s->rows,
                                 .rows_cap = s->rows_cap,
                                 .chain = s->chain,
                                 .events = s->events,
                                 .events_cap = s->events_cap,
                                 .notes = s->notes,
                                 .strings = s->strings,
                                 .uptime_s = -1};
    kept.strings.n = 0;
    kept.chain.id = 0;
    *s = kept;
    note_list_clear(&s->notes);
}

void pool_snapshot_free(struct pool_snapshot *s)
{
    free(s->rows);
    free(s->chain.order);
    free(s->chain.changed);
    free(s->chain.gone);
    free(s->events);
    note_list_free(&s->notes);
    buf_free(&s->strings);
    *s = (struct pool_snapshot){.uptime_s = -1};
}

/* What `from` says, its lists being those that `storage` has. */
static struct pool_snapshot with_lists_of(const struct pool_snapshot *from,
                                          const struct pool_snapshot *storage)
{
    const struct pool_chain *lists = &storage->chain;
    struct pool_snapshot s = *from;
    s.rows = storage->rows;
    s.rows_cap = storage->rows_cap;
    s.events = storage->events;
    s.events_cap = storage->events_cap;
    s.notes = storage->notes;
    s.strings = storage->strings;
    s.chain.order = lists->order;
    s.chain.order_cap = lists->order_cap;
    s.chain.changed = lists->changed;
    s.chain.changed_cap = lists->changed_cap;
    s.chain.gone = lists->gone;
    s.chain.gone_cap = lists->gone_cap;
    s.chain.held_id = 0;
    return s;
}

int pool_snapshot_copy_frame(struct pool_snapshot *to, const struct pool_snapshot *from,
                             struct err *e)
{
    pool_snapshot_clear(to);
    TRY(buf_append(&to->strings, from->strings.p, from->strings.n, e));
    TRY(note_list_copy(&to->notes, &from->notes, e));
    *to = with_lists_of(from, to);
    return 0;
}

int pool_snapshot_copy(struct pool_snapshot *to, const struct pool_snapshot *from,
                       struct err *e)
{
    pool_snapshot_clear(to);
    TRY(pool_snapshot_reserve(to, from->n_rows, e));
    void *events = to->events;
    TRY(grow(&events, &to->events_cap, from->n_events, sizeof *to->events, e));
    to->events = events;
    const struct pool_chain none = to->chain;
    TRY(pool_snapshot_copy_frame(to, from, e));
    to->chain = none;
    to->chain.held_id = 0;
    for (size_t i = 0; i < from->n_rows; i++) {
        to->rows[i] = *pool_row_at(from, i);
        if (from->chain.id != 0)
            to->rows[i].line = from->chain.first_line + i;
    }
    if (from->n_events > 0)
        memcpy(to->events, from->events, from->n_events * sizeof *to->events);
    return 0;
}

struct pool_row *pool_snapshot_add(struct pool_snapshot *s, struct err *e)
{
    void *v = s->rows;
    if (grow(&v, &s->rows_cap, s->n_rows + 1, sizeof *s->rows, e) < 0)
        return NULL;
    s->rows = v;
    s->chain.held_id = 0;
    struct pool_row *r = &s->rows[s->n_rows++];
    *r = (struct pool_row){.width = 32};
    return r;
}

int pool_snapshot_reserve(struct pool_snapshot *s, size_t more, struct err *e)
{
    if (more > SIZE_MAX - s->n_rows)
        return err_nomem(e);
    void *v = s->rows;
    int r = grow(&v, &s->rows_cap, s->n_rows + more, sizeof *s->rows, e);
    s->rows = v;
    return r;
}

struct pool_event *pool_snapshot_add_event(struct pool_snapshot *s, struct err *e)
{
    void *v = s->events;
    if (grow(&v, &s->events_cap, s->n_events + 1, sizeof *s->events, e) < 0)
        return NULL;
    s->events = v;
    struct pool_event *event = &s->events[s->n_events++];
    *event = (struct pool_event){.ms = INT64_MIN, .count = 1};
    return event;
}

int pool_snapshot_fact(struct pool_snapshot *s, const char *name, const char *value,
                       size_t n, struct err *e)
{
    const char *so_far = pool_snapshot_str(s, s->facts);
    struct buf b = {0};
    int r =
        buf_printf(&b, e, "%s%s=%.*s\n", so_far, name, n < 4096 ? (int)n : 4096, value);
    if (r == 0)
        r = pool_snapshot_intern(s, (const char *)b.p, b.n, &s->facts, e);
    buf_free(&b);
    return r;
}

/* A text a row, unpacked from next to nothing, would fill the memory of any machine. */
#define STRINGS_MOST ((size_t)256 << 20)

int pool_snapshot_intern(struct pool_snapshot *s, const char *p, size_t n,
                         uint32_t *offset, struct err *e)
{
    const char *nul = n > 0 ? memchr(p, '\0', n) : NULL;
    if (nul != NULL)
        n = (size_t)(nul - p);
    if (n == 0) {
        *offset = 0;
        return 0;
    }
    if (s->strings.n == 0)
        TRY(buf_byte(&s->strings, 0, e)); /* offset 0 is "none" */
    if (n >= STRINGS_MOST - s->strings.n)
        return err_set(e, ERR_LIMIT, "the texts of one capture exceed %d MiB",
                       (int)(STRINGS_MOST >> 20));
    uint32_t at = (uint32_t)s->strings.n;
    TRY(buf_reserve(&s->strings, n + 1, e));
    memcpy(s->strings.p + at, p, n);
    s->strings.p[at + n] = '\0';
    s->strings.n += n + 1;
    *offset = at;
    return 0;
}

const char *pool_snapshot_str(const struct pool_snapshot *s, uint32_t offset)
{
    return offset == 0 ? "" : (const char *)s->strings.p + offset;
}

static bool string_valid(const struct pool_snapshot *s, uint32_t offset)
{
    return offset == 0 ||
           (offset < s->strings.n &&
            memchr(s->strings.p + offset, '\0', s->strings.n - offset) != NULL);
}

static const char *row_valid(const struct pool_snapshot *s, const struct pool_row *r)
{
    const unsigned f = r->fields;
    if (r->pool >= POOL_KINDS)
        return "a row's pool is none of the three";
    if (r->width != 32 && r->width != 64)
        return "a row's counters are neither 32 nor 64 bits wide";
    if ((!(f & ROW_ALLOCS) && r->allocs != 0) || (!(f & ROW_FREES) && r->frees != 0) ||
        (!(f & ROW_LIVE) && r->live != 0) || (!(f & ROW_BYTES) && r->bytes != 0) ||
        (!(f & ROW_PER_ALLOC) && r->per_alloc != 0) ||
        (!(f & ROW_ALLOCS_DELTA) && r->allocs_delta != 0) ||
        (!(f & ROW_FREES_DELTA) && r->frees_delta != 0) ||
        (!(f & ROW_BYTES_DELTA) && r->bytes_delta != 0))
        return "a figure that was not given is not 0";
    const unsigned counts = ROW_ALLOCS | ROW_FREES | ROW_LIVE;
    if ((f & counts) == counts && r->live != row_live(r->allocs, r->frees, r->width))
        return "live is not allocs minus frees";
    const unsigned sizes = ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC;
    if ((f & sizes) == sizes && r->per_alloc != (r->live == 0 ? 0 : r->bytes / r->live))
        return "per_alloc is not bytes / live";
    if (!string_valid(s, r->driver) || !string_valid(s, r->owner))
        return "a row's text lies outside the strings";
    return NULL;
}

static bool moment_valid(int64_t ms)
{
    return ms >= TIME_MS_FIRST && ms <= TIME_MS_LAST;
}

static bool times_valid(const struct pool_snapshot *s)
{
    const struct pool_time *t = &s->time;
    bool good = moment_valid(t->ms) && moment_valid(t->other_ms) &&
                t->zone_min >= -TIME_ZONE_MOST && t->zone_min <= TIME_ZONE_MOST;
    for (size_t i = 0; i < s->n_events && good; i++)
        good = s->events[i].ms == INT64_MIN || moment_valid(s->events[i].ms);
    return good;
}

/* All but the rows. */
static const char *frame_valid(const struct pool_snapshot *s)
{
    const uint32_t strings[] = {s->source,     s->format,    s->host,      s->facts,
                                s->dress.head, s->dress.row, s->dress.tail};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        if (!string_valid(s, strings[i]))
            return "a text lies outside the strings";
    for (unsigned i = 0; i < TOTALS; i++)
        if (!(s->totals.given & 1u << i) && s->totals.v[i] != 0)
            return "a total that was not given is not 0";
    if ((s->n_rows > 0 && s->record != RECORD_CAPTURE) ||
        (s->n_events > 0 && s->record != RECORD_EVENTS))
        return "rows outside a capture, or events outside a record of events";
    for (size_t i = 0; i < s->n_events; i++)
        if (!string_valid(s, s->events[i].code) || !string_valid(s, s->events[i].text) ||
            s->events[i].code == 0 || s->events[i].count == 0)
            return "an event without a code or a count";
    if (s->time.source == TIME_NONE && s->time.ms != 0)
        return "a time without a source";
    if (!times_valid(s))
        return "a time outside the years 1601 to 9999, or of no zone";
    if (s->uptime_s < -1)
        return "a negative uptime";
    return NULL;
}

const char *pool_snapshot_valid(const struct pool_snapshot *s)
{
    const char *broken = frame_valid(s);
    for (size_t i = 0; i < s->n_rows && broken == NULL; i++)
        broken = row_valid(s, pool_row_at(s, i));
    return broken;
}

const char *pool_snapshot_still_valid(const struct pool_snapshot *s)
{
    const char *broken = frame_valid(s);
    for (size_t i = 0; i < s->chain.n_changed && broken == NULL; i++)
        broken = row_valid(s, &s->rows[s->chain.changed[i]]);
    return broken;
}

static bool same_row(const struct pool_row *a, const struct pool_row *b)
{
    return tag_equal(a->tag, b->tag) && a->pool == b->pool && a->fields == b->fields &&
           a->allocs == b->allocs && a->frees == b->frees && a->live == b->live &&
           a->bytes == b->bytes && a->per_alloc == b->per_alloc &&
           a->allocs_delta == b->allocs_delta && a->frees_delta == b->frees_delta &&
           a->bytes_delta == b->bytes_delta;
}

static bool same_events(const struct pool_snapshot *a, const struct pool_snapshot *b)
{
    if (a->n_events != b->n_events)
        return false;
    for (size_t i = 0; i < a->n_events; i++) {
        const struct pool_event *x = &a->events[i], *y = &b->events[i];
        if (x->ms != y->ms || x->count != y->count ||
            strcmp(pool_snapshot_str(a, x->code), pool_snapshot_str(b, y->code)) != 0 ||
            strcmp(pool_snapshot_str(a, x->text), pool_snapshot_str(b, y->text)) != 0)
            return false;
    }
    return true;
}

bool pool_snapshot_same_figures(const struct pool_snapshot *a,
                                const struct pool_snapshot *b)
{
    if (a->record != b->record || !same_events(a, b))
        return false;
    if (a->n_rows != b->n_rows || a->scope != b->scope || a->session != b->session ||
        a->totals.given != b->totals.given ||
        memcmp(a->totals.v, b->totals.v, sizeof a->totals.v) != 0)
        return false;
    for (size_t i = 0; i < a->n_rows; i++)
        if (!same_row(pool_row_at(a, i), pool_row_at(b, i)))
            return false;
    return true;
}

uint64_t pool_snapshot_digest(const struct pool_snapshot *s)
{
    if (s->chain.id != 0)
        return s->chain.digest;
    uint64_t sum = 0;
    for (size_t i = 0; i < s->n_rows; i++)
        sum += pool_row_digest(&s->rows[i]);
    return sum;
}

uint64_t pool_snapshot_bytes(const struct pool_snapshot *s, enum pool_kind k)
{
    if (s->chain.id != 0)
        return s->chain.bytes[k];
    uint64_t sum = 0;
    for (size_t i = 0; i < s->n_rows; i++)
        if (s->rows[i].pool == k && !add_u64(sum, s->rows[i].bytes, &sum))
            return UINT64_MAX;
    return sum;
}
