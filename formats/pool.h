/* SPDX-License-Identifier: MIT */
/* The model: rows of pool-tag figures in snapshots.  The caller owns what it passes
 * in; a function that fills a struct reuses its storage; pool_snapshot_free leaves
 * the struct empty and may be called twice.
 *
 * Invariants, checked by pool_snapshot_valid:
 *  - a figure that the source did not give has its bit clear in `fields` and is 0;
 *  - where allocs, frees and live are all given, live == allocs - frees modulo
 *    2^width; where bytes, live and per_alloc are: per_alloc == bytes / live, or 0
 *    when live is 0;
 *  - a totals value without its bit is 0;
 *  - string offsets lie inside `strings` and end in NUL; offset 0 is "none";
 *  - rows only in captures, events only in records of events;
 *  - time.source is TIME_NONE exactly when time.ms is meaningless (and 0);
 *  - times are those of the years 1601 to 9999, so that their differences have room.
 * Rows stand in the order of the source; one (tag, pool) may come twice (tags that
 * differ only in NUL padding look alike in text), then note `repeated-key` says so.
 *
 * Captures of one machine repeat each other.  Where the caller of a reader asks for it
 * (reader_opts.follow), rows stay where the capture before left them and struct
 * pool_chain says what changed: then only pool_row_at knows the order of the source. */
#ifndef FORMATS_POOL_H
#define FORMATS_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/note.h"
#include "formats/tag.h"

enum pool_kind { POOL_NONPAGED, POOL_PAGED, POOL_UNKNOWN, POOL_KINDS };

/* "nonpaged", "paged", "unknown": the words of machine output. */
const char *pool_kind_name(enum pool_kind k);
/* "Nonp", "Paged", "?": the words of poolmon. */
const char *pool_kind_short(enum pool_kind k);

enum row_field {
    ROW_ALLOCS = 1 << 0,
    ROW_FREES = 1 << 1,
    ROW_LIVE = 1 << 2, /* poolmon's Diff */
    ROW_BYTES = 1 << 3,
    ROW_PER_ALLOC = 1 << 4,
    ROW_ALLOCS_DELTA = 1 << 5, /* change since the last refresh of a screen */
    ROW_FREES_DELTA = 1 << 6,
    ROW_BYTES_DELTA = 1 << 7
};

struct pool_row {
    struct pool_tag tag;
    uint8_t pool;    /* enum pool_kind */
    uint8_t width;   /* bits of the allocs and frees counters: 32 or 64 */
    uint16_t fields; /* set of enum row_field that the source gave */
    uint64_t allocs, frees, live;
    uint64_t bytes, per_alloc; /* bytes */
    int64_t allocs_delta, frees_delta, bytes_delta;
    uint32_t driver; /* Mapped_Driver text, offset into the snapshot's strings */
    uint32_t owner;  /* description that travelled with the row, the same way */
    uint64_t line;   /* in the source, from 1; 0 = no line */
};

enum total_field {
    TOTAL_MEMORY_KIB,
    TOTAL_AVAIL_KIB,
    TOTAL_PAGE_FAULTS,
    TOTAL_INRAM_KERNEL_KIB,
    TOTAL_INRAM_PAGED_KIB,
    TOTAL_COMMIT_KIB,
    TOTAL_LIMIT_KIB,
    TOTAL_PEAK_KIB,
    TOTAL_NONPAGED_KIB,
    TOTAL_PAGED_KIB,
    TOTAL_NONPAGED_LIMIT_KIB, /* what the source itself calls the pools' maxima (!vm) */
    TOTAL_PAGED_LIMIT_KIB,
    TOTALS
};

/* "memory_kib" ...: the keys of machine output. */
const char *total_name(enum total_field f);

struct pool_totals {
    uint32_t given; /* bit 1u << enum total_field */
    uint64_t v[TOTALS];
};

enum time_source {
    TIME_NONE,
    TIME_CAPTURE, /* inside the capture itself, or the capture container */
    TIME_LINE,    /* a line of text before the capture */
    TIME_NAME,    /* the file's name */
    TIME_OPTION,  /* --time, --start --every */
    TIME_MTIME    /* the file's own time, only when asked for */
};

const char *time_source_name(enum time_source s); /* "none", "capture", "line" ... */

enum day_order { ORDER_PLAIN, ORDER_DAY_FIRST, ORDER_MONTH_FIRST };

/* A civil time as the source wrote it.  `ms` counts milliseconds from
 * 1970-01-01T00:00:00 on the source's own clock, so it is UTC only when the zone is
 * known and 0. */
struct pool_time {
    enum time_source source;
    int64_t ms;
    bool zone_known;
    int16_t zone_min; /* minutes east of UTC, when known */
    /* Which of day and month came first, in forms that leave it open. */
    uint8_t order; /* enum day_order */
    /* Both readings exist: ms reads the month first, other_ms the day first, and the
     * series decides. */
    bool ambiguous;
    int64_t other_ms;
};

/* The first and the last moment of the years 1601 to 9999, those that Windows knows. */
#define TIME_MS_FIRST  INT64_C(-11644473600000)
#define TIME_MS_LAST   INT64_C(253402300799999)
#define TIME_ZONE_MOST (15 * 60 + 59) /* minutes from UTC */

enum pool_scope { SCOPE_SYSTEM, SCOPE_ALL_SESSIONS, SCOPE_SESSION };

enum completeness { COMPLETE_WHOLE, COMPLETE_SCREEN, COMPLETE_FILTERED, COMPLETE_CUT };

const char *completeness_name(enum completeness c); /* "whole", "screen" ... */

enum pool_encoding {
    ENC_PLAIN, /* ASCII, UTF-8 without mark, or one-byte text */
    ENC_UTF8_MARK,
    ENC_UTF16LE,
    ENC_UTF16LE_MARK,
    ENC_UTF16BE,
    ENC_UTF16BE_MARK
};

/* What a writer needs, besides the figures, to print the capture as it was.  The
 * templates are text in which 0x01 introduces a field; formats/poolmon/dress.h. */
struct pool_dress {
    bool verbatim;    /* this and the figures render the source's very bytes */
    uint8_t encoding; /* enum pool_encoding */
    uint32_t head;    /* template of what stands before the rows: string offset */
    uint32_t row;     /* template of one row */
    uint32_t tail;    /* template of what follows the rows */
};

/* What a record of a series is.  Only captures hold rows; logs that travel beside pool
 * data become records without rows on the same time line. */
enum pool_record {
    RECORD_CAPTURE,
    RECORD_TOTALS, /* the pools' totals at a moment (perfmon, !vm alone) */
    RECORD_EVENTS  /* things that happened (HTTPERR, the event log) */
};

const char *pool_record_name(enum pool_record r); /* "capture", "totals", "events" */

struct pool_event {
    int64_t ms;     /* on the clock and in the zone of the snapshot's time; INT64_MIN: the
                       source gives none */
    uint64_t count; /* how often, as the source says; at least 1 */
    uint64_t line;  /* in the source, from 1 */
    uint32_t code;  /* "connections-refused", "event-2019": string offset */
    uint32_t text;  /* the source's own words, or 0 */
};

/* A capture as the next one of a chain.  Rows of a chain carry no texts and no changes
 * since a refresh, and no key twice; rows[k] keeps its key for as long as the chain
 * lasts.  The reader maintains what costs a walk over all rows. */
struct pool_chain {
    uint64_t id;     /* unlike that of any other chain of the call; 0 = rows are plain */
    uint64_t step;   /* of the capture in its chain: it follows on step - 1 */
    uint32_t *order; /* row i of the source is rows[order[i]] */
    uint32_t *changed; /* places in rows that say something else than at step - 1, or that
                          it did not list */
    uint32_t *gone;    /* that step - 1 listed and this capture does not */
    size_t n_changed, n_gone;
    size_t n_fresh;      /* of the changed: not listed at step - 1, they come first */
    uint64_t first_line; /* of row 0 in the source: the others stand below it */
    uint64_t bytes[POOL_KINDS]; /* of the rows listed, clamped */
    size_t listed[POOL_KINDS];  /* how many they are */
    uint64_t digest;            /* pool_snapshot_digest */
    /* Of the storage, kept by pool_snapshot_clear. */
    size_t order_cap, changed_cap, gone_cap;
    uint64_t held_id, held_step; /* what rows hold; id 0 = nothing */
    size_t n_held;
};

struct pool_snapshot {
    enum pool_record record;
    uint32_t source;  /* name of the input, e.g. "mail.zip:day1/a.txt": string offset */
    uint32_t ordinal; /* which snapshot of its source, from 1 */
    uint64_t line;    /* first line of the capture in its source, from 1; 0 = none */
    uint32_t format;  /* name of the source format: string offset */
    uint32_t host;    /* machine name as the capture gives it, or 0 */
    struct pool_time time;
    int64_t uptime_s; /* since boot, -1 = unknown */
    enum pool_scope scope;
    uint32_t session; /* number, when scope is SCOPE_SESSION */
    enum completeness completeness;
    struct pool_totals totals;
    uint32_t facts; /* lines "name=value" that the source says of the machine: build,
                       architecture, processors ...; string offset, 0 = none */
    struct pool_row *rows;
    size_t n_rows, rows_cap;
    struct pool_chain chain;
    struct pool_event *events; /* in the order of the source */
    size_t n_events, events_cap;
    struct note_list notes;
    struct pool_dress dress;
    struct buf strings;
};

void pool_snapshot_clear(struct pool_snapshot *s); /* empties, keeps storage */
void pool_snapshot_free(struct pool_snapshot *s);
/* Deep copies; *to must be empty or reusable.  Of a frame neither rows nor events are
 * copied, though it says how many there are, and its chain has lists of *to's own: who
 * asks for it fills them. */
int pool_snapshot_copy_frame(struct pool_snapshot *to, const struct pool_snapshot *from,
                             struct err *e) ERR_WARN_UNUSED;
int pool_snapshot_copy(struct pool_snapshot *to, const struct pool_snapshot *from,
                       struct err *e) ERR_WARN_UNUSED;

/* Row i of the source. */
static inline const struct pool_row *pool_row_at(const struct pool_snapshot *s, size_t i)
{
    return &s->rows[s->chain.id == 0 ? i : s->chain.order[i]];
}

/* On which line of the source, from 1; 0 = none. */
static inline uint64_t pool_row_line(const struct pool_snapshot *s, size_t i)
{
    return s->chain.id == 0 ? s->rows[i].line : s->chain.first_line + i;
}

/* True when the last capture that somebody took was `step` of the chain `id`, so that
 * `changed` and `gone` are all that happened since. */
static inline bool pool_follows(const struct pool_snapshot *s, uint64_t id, uint64_t step)
{
    return s->chain.id != 0 && s->chain.id == id && s->chain.step == step + 1;
}

/* Appends an empty row and returns it, valid until the next call; NULL on ERR_NOMEM. */
struct pool_row *pool_snapshot_add(struct pool_snapshot *s, struct err *e);
/* Makes room for that many more rows, so that adding them cannot fail. */
int pool_snapshot_reserve(struct pool_snapshot *s, size_t more,
                          struct err *e) ERR_WARN_UNUSED;
/* As pool_snapshot_add, for events. */
struct pool_event *pool_snapshot_add_event(struct pool_snapshot *s, struct err *e);
/* Appends "name=value\n" to facts. */
int pool_snapshot_fact(struct pool_snapshot *s, const char *name, const char *value,
                       size_t n, struct err *e) ERR_WARN_UNUSED;
/* Stores n bytes (cut at a NUL) and sets *offset; n == 0 gives 0. */
int pool_snapshot_intern(struct pool_snapshot *s, const char *p, size_t n,
                         uint32_t *offset, struct err *e) ERR_WARN_UNUSED;
/* The string at that offset, "" for 0; valid until the next intern. */
const char *pool_snapshot_str(const struct pool_snapshot *s, uint32_t offset);

/* NULL when every invariant above holds, else words that name the broken one. */
const char *pool_snapshot_valid(const struct pool_snapshot *s);
/* The same where s follows on a valid capture: without a look at the rows that did not
 * change. */
const char *pool_snapshot_still_valid(const struct pool_snapshot *s);

/* True when both hold the same scope, totals and rows in the same order. */
bool pool_snapshot_same_figures(const struct pool_snapshot *a,
                                const struct pool_snapshot *b);

/* A number made of keys and figures, in whatever order they stand: equal for equal
 * rows. */
uint64_t pool_snapshot_digest(const struct pool_snapshot *s);
static inline uint64_t pool_digest_mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}

/* What a row adds to it: which row it is and what it gives, then with its figures. */
static inline uint64_t pool_row_digest_key(const struct pool_row *r)
{
    return (uint64_t)tag_key(r->tag) << 32 | (uint32_t)r->fields << 8 | r->pool;
}

static inline uint64_t pool_row_digest_by(uint64_t key, const struct pool_row *r)
{
    /* Two halves at a time: they do not wait for each other. */
    uint64_t counts = pool_digest_mix(pool_digest_mix(key, r->allocs), r->frees);
    uint64_t sizes = pool_digest_mix(pool_digest_mix(~key, r->bytes), r->live);
    return pool_digest_mix(counts, sizes);
}

static inline uint64_t pool_row_digest(const struct pool_row *r)
{
    return pool_row_digest_by(pool_row_digest_key(r), r);
}

/* Sum of bytes over the rows of that pool (clamped at UINT64_MAX). */
uint64_t pool_snapshot_bytes(const struct pool_snapshot *s, enum pool_kind k);

/* "system", "all-sessions", "session:3"; out must hold 24 bytes. */
void pool_scope_text(enum pool_scope scope, uint32_t session, char out[24]);

/* (allocs - frees) modulo 2^width. */
static inline uint64_t row_live(uint64_t allocs, uint64_t frees, unsigned width)
{
    return width == 32 ? (uint32_t)(allocs - frees) : allocs - frees;
}

#endif
