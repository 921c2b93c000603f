/* SPDX-License-Identifier: MIT */
/* Made-up series for the archive tests: the same for the same seed, with everything in
 * them that a snapshot can hold.  The caller frees snapshots and buffers. */
#ifndef TESTS_PSZ_SAMPLES_H
#define TESTS_PSZ_SAMPLES_H

#include <stdio.h>
#include <string.h>

#include "formats/io/input.h"
#include "formats/psz/psz.h"

struct dice {
    uint64_t state;
};

static inline uint64_t roll(struct dice *d, uint64_t sides)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return d->state * 2685821657736338717u % sides;
}

/* A number of any magnitude up to `bits` bits. */
static inline uint64_t roll_bits(struct dice *d, unsigned bits)
{
    unsigned n = (unsigned)roll(d, bits + 1);
    return n == 0 ? 0 : roll(d, UINT64_MAX) >> (64 - n);
}

static inline uint32_t sample_text(struct pool_snapshot *s, const char *text)
{
    uint32_t offset;
    assert_int_equal(pool_snapshot_intern(s, text, strlen(text), &offset, NULL), 0);
    return offset;
}

static inline void sample_derive(struct pool_row *r)
{
    const unsigned counts = ROW_ALLOCS | ROW_FREES | ROW_LIVE;
    const unsigned sizes = ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC;
    if (!(r->fields & ROW_ALLOCS))
        r->allocs = 0;
    if (!(r->fields & ROW_FREES))
        r->frees = 0;
    if (!(r->fields & ROW_LIVE))
        r->live = 0;
    if (!(r->fields & ROW_BYTES))
        r->bytes = 0;
    if (!(r->fields & ROW_PER_ALLOC))
        r->per_alloc = 0;
    if (!(r->fields & ROW_ALLOCS_DELTA))
        r->allocs_delta = 0;
    if (!(r->fields & ROW_FREES_DELTA))
        r->frees_delta = 0;
    if (!(r->fields & ROW_BYTES_DELTA))
        r->bytes_delta = 0;
    if ((r->fields & counts) == counts)
        r->live = row_live(r->allocs, r->frees, r->width);
    if ((r->fields & sizes) == sizes)
        r->per_alloc = r->live == 0 ? 0 : r->bytes / r->live;
}

static inline void sample_row(struct dice *d, struct pool_row *r, bool odd)
{
    r->fields = odd ? (uint16_t)roll(d, 256) : 31;
    r->width = odd && roll(d, 3) == 0 ? 64 : 32;
    unsigned bits = r->width == 64 || (odd && roll(d, 8) == 0) ? 64 : 32;
    r->allocs = roll_bits(d, bits);
    r->frees = roll_bits(d, bits);
    r->live = roll_bits(d, bits);
    r->bytes = roll_bits(d, odd ? 64 : 34);
    r->per_alloc = roll_bits(d, 20);
    r->allocs_delta = (int64_t)roll_bits(d, 62) * (roll(d, 2) ? 1 : -1);
    r->frees_delta = roll(d, 9) == 0 ? INT64_MIN : -3;
    r->bytes_delta = (int64_t)roll_bits(d, 62);
    sample_derive(r);
}

/* The next snapshot of a series: some rows move, some come and go.  `odd` out of 100
 * rows have what few rows have. */
static inline void sample_next(struct dice *d, const struct pool_snapshot *before,
                               struct pool_snapshot *s, unsigned odd)
{
    static const char *const texts[] = {"", "web01", "db-2",
                                        "a rather long text \1\2 \x7f"};
    pool_snapshot_clear(s);
    for (size_t i = 0; i < before->n_rows; i++) {
        if (roll(d, 50) == 0)
            continue;
        struct pool_row *r = pool_snapshot_add(s, NULL);
        *r = before->rows[i];
        r->driver = r->owner = 0;
        if (roll(d, 3) == 0) {
            r->allocs += roll_bits(d, 12);
            r->bytes += roll_bits(d, 10) * 16;
            if (r->width == 32 && r->fields == 31)
                r->allocs &= UINT32_MAX;
            sample_derive(r);
        }
        if (roll(d, 100) < odd)
            sample_row(d, r, true);
        if (roll(d, 100) < odd)
            r->driver = sample_text(s, texts[roll(d, 4)]);
        if (roll(d, 100) < odd)
            r->owner = sample_text(s, texts[roll(d, 4)]);
        if (roll(d, 60) == 0 && s->n_rows > 1) {
            size_t k = roll(d, s->n_rows);
            struct pool_row swap = s->rows[k];
            s->rows[k] = s->rows[s->n_rows - 1];
            s->rows[s->n_rows - 1] = swap;
        }
    }
    while (s->n_rows < 40 || roll(d, 4) == 0) {
        struct pool_row *r = pool_snapshot_add(s, NULL);
        for (int i = 0; i < 4; i++)
            r->tag.b[i] = (uint8_t)(odd ? roll(d, 256) : 'A' + roll(d, 26));
        if (odd && roll(d, 9) == 0 && s->n_rows > 1) /* a repeated key */
            r->tag = s->rows[0].tag;
        r->pool = (uint8_t)roll(d, odd ? POOL_KINDS : 2);
        sample_row(d, r, roll(d, 100) < odd);
    }
    for (size_t i = 0; i < s->n_rows; i++)
        s->rows[i].line = odd && roll(d, 30) == 0 ? roll_bits(d, 40) : 6 + i;
}

static inline void sample_head(struct dice *d, struct pool_snapshot *s, unsigned number,
                               unsigned odd)
{
    char name[64];
    (void)snprintf(name, sizeof name, "day%u/pool_20061102_%02u0500.txt", number / 24,
                   number % 24);
    s->source = sample_text(s, name);
    s->ordinal = 1;
    s->line = 1;
    s->format = sample_text(s, "poolmon");
    s->time = (struct pool_time){.source = TIME_NAME,
                                 .ms = 1162425900000 + (int64_t)number * 3600000};
    s->totals.given = (1u << TOTALS) - 1;
    for (int i = 0; i < TOTALS; i++)
        s->totals.v[i] = 1000 + roll(d, 50);
    s->dress.row = sample_text(s, " \1\2 template of a row");
    s->dress.verbatim = true;
    if (roll(d, 100) >= odd)
        return;
    s->host = roll(d, 2) ? sample_text(s, "web01") : 0;
    s->source = sample_text(s, roll(d, 2) ? "mail.zip:\3\7 odd" : "same.txt");
    s->ordinal = (uint32_t)roll_bits(d, 32);
    s->line = roll_bits(d, 64);
    s->scope = (enum pool_scope)roll(d, 3);
    s->session = s->scope == SCOPE_SESSION ? (uint32_t)roll(d, 3) : 0;
    s->completeness = (enum completeness)roll(d, 4);
    s->time = (struct pool_time){0};
    if (roll(d, 3) != 0)
        s->time = (struct pool_time){.source = (enum time_source)(1 + roll(d, 5)),
                                     .ms = (int64_t)roll_bits(d, 44) - 99,
                                     .zone_known = roll(d, 2),
                                     .ambiguous = roll(d, 2)};
    if (s->time.zone_known)
        s->time.zone_min = (int16_t)((int)roll(d, 1440) - 720);
    if (s->time.ambiguous)
        s->time.other_ms = s->time.ms - 86400000;
    s->uptime_s = roll(d, 2) ? -1 : (int64_t)roll_bits(d, 62);
    s->totals.given = (uint32_t)roll(d, 1 << TOTALS);
    for (unsigned i = 0; i < TOTALS; i++)
        s->totals.v[i] = s->totals.given >> i & 1 ? roll_bits(d, 64) : 0;
    s->dress.encoding = (uint8_t)roll(d, 6);
    s->dress.verbatim = roll(d, 2);
    s->dress.head = sample_text(s, "head \1 of it");
    s->dress.tail = roll(d, 2) ? sample_text(s, "tail") : 0;
    if (roll(d, 3) == 0)
        assert_int_equal(pool_snapshot_fact(s, "build", "7601", 4, NULL), 0);
    for (uint64_t n = roll(d, 30); n > 0; n--)
        assert_int_equal(note_add(&s->notes, NULL, (enum note_code)roll(d, NOTE_CODES),
                                  roll_bits(d, 30), "%s %u", "words",
                                  (unsigned)roll(d, 3)),
                         0);
}

/* Some records hold no rows but events, or nothing but totals. */
static inline void sample_record(struct dice *d, struct pool_snapshot *s)
{
    s->record = (enum pool_record)roll(d, 3);
    if (s->record != RECORD_CAPTURE)
        s->n_rows = 0;
    for (uint64_t n = s->record == RECORD_EVENTS ? roll(d, 40) : 0; n > 0; n--) {
        uint32_t code = sample_text(s, roll(d, 2) ? "connections-refused" : "event-2019");
        uint32_t text = roll(d, 2) ? sample_text(s, "7_Connections_Refused") : 0;
        struct pool_event *v = pool_snapshot_add_event(s, NULL);
        assert_non_null(v);
        *v = (struct pool_event){
            .ms = roll(d, 4) == 0 ? INT64_MIN : s->time.ms + (int64_t)roll_bits(d, 40),
            .count = 1 + roll_bits(d, 63),
            .line = roll_bits(d, 64),
            .code = code,
            .text = text};
    }
}

/* A whole series; v has room for n empty snapshots. */
static inline void sample_series(struct dice *d, struct pool_snapshot *v, unsigned n,
                                 unsigned odd)
{
    struct pool_snapshot none = {0};
    for (unsigned i = 0; i < n; i++) {
        sample_next(d, i == 0 ? &none : &v[i - 1], &v[i], odd);
        v[i].uptime_s = -1;
        sample_head(d, &v[i], i, odd);
        if (roll(d, 100) < odd)
            sample_record(d, &v[i]);
        assert_null(pool_snapshot_valid(&v[i]));
    }
}

/* Three rows, of which two grow: small, so that every byte of an archive can be tried. */
static inline void sample_small(struct pool_snapshot *s, unsigned i)
{
    s->uptime_s = -1;
    s->format = sample_text(s, "poolmon");
    s->time = (struct pool_time){.source = TIME_LINE, .ms = (int64_t)i * 300000};
    for (unsigned k = 0; k < 3; k++) {
        struct pool_row *r = pool_snapshot_add(s, NULL);
        r->tag = tag_from(&"AbcdEfghIjkl"[(size_t)4 * k], 4);
        r->fields = 31;
        r->allocs = 1000 + i * k;
        r->bytes = 64 * r->allocs;
        sample_derive(r);
    }
}

static inline void free_series(struct pool_snapshot *v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        pool_snapshot_free(&v[i]);
}

/* ---- comparing everything ---- */

static inline void same_text(const struct pool_snapshot *a, uint32_t at,
                             const struct pool_snapshot *b, uint32_t bt)
{
    assert_string_equal(pool_snapshot_str(a, at), pool_snapshot_str(b, bt));
}

static inline void same_notes(const struct note_list *a, const struct note_list *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->v[i].code, b->v[i].code);
        assert_int_equal(a->v[i].line, b->v[i].line);
        assert_string_equal(note_text(a, &a->v[i]), note_text(b, &b->v[i]));
    }
    assert_memory_equal(a->seen, b->seen, sizeof a->seen);
}

static inline void same_snapshot(const struct pool_snapshot *a,
                                 const struct pool_snapshot *b)
{
    assert_null(pool_snapshot_valid(b));
    assert_true(pool_snapshot_same_figures(a, b));
    for (size_t i = 0; i < a->n_rows; i++) {
        assert_int_equal(a->rows[i].width, b->rows[i].width);
        assert_int_equal(a->rows[i].line, b->rows[i].line);
        same_text(a, a->rows[i].driver, b, b->rows[i].driver);
        same_text(a, a->rows[i].owner, b, b->rows[i].owner);
    }
    same_text(a, a->source, b, b->source);
    same_text(a, a->format, b, b->format);
    same_text(a, a->host, b, b->host);
    same_text(a, a->facts, b, b->facts);
    for (size_t i = 0; i < a->n_events; i++)
        assert_int_equal(a->events[i].line, b->events[i].line);
    same_text(a, a->dress.head, b, b->dress.head);
    same_text(a, a->dress.row, b, b->dress.row);
    same_text(a, a->dress.tail, b, b->dress.tail);
    assert_int_equal(a->dress.encoding, b->dress.encoding);
    assert_int_equal(a->dress.verbatim, b->dress.verbatim);
    assert_int_equal(a->ordinal, b->ordinal);
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->time.source, b->time.source);
    assert_int_equal(a->time.ms, b->time.ms);
    assert_int_equal(a->time.zone_known, b->time.zone_known);
    assert_int_equal(a->time.zone_min, b->time.zone_min);
    assert_int_equal(a->time.ambiguous, b->time.ambiguous);
    assert_int_equal(a->time.other_ms, b->time.other_ms);
    assert_int_equal(a->uptime_s, b->uptime_s);
    assert_int_equal(a->scope, b->scope);
    assert_int_equal(a->session, b->session);
    assert_int_equal(a->completeness, b->completeness);
    same_notes(&a->notes, &b->notes);
}

/* ---- writing and reading ---- */

static inline void write_archive(const struct pool_snapshot *v, unsigned n,
                                 struct buf *out)
{
    struct sink *sink;
    void *ctx;
    struct err e = {0};
    const struct writer_opts opts = {.many = true};
    assert_int_equal(sink_memory(&sink, out, &e), 0);
    assert_int_equal(psz_writer.begin(&ctx, sink, &opts, &e), 0);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(psz_writer.snapshot(ctx, &v[i], &e), 0);
    assert_int_equal(psz_writer.end(ctx, &e), 0);
    psz_writer.close(ctx);
    assert_int_equal(sink_close(sink, &e), 0);
}

/* Reads an archive and compares what comes with v as far as it goes; a snapshot that
 * salvage left out may be skipped.  Returns the last result; *got counts, *seen keeps
 * how often each note code was noted. */
static inline int read_archive(const uint8_t *p, size_t n, size_t block, bool salvage,
                               const struct pool_snapshot *v, unsigned most,
                               unsigned *got, uint64_t seen[NOTE_CODES], struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    const struct reader_opts opts = {.salvage = salvage, .limits = limits};
    struct input_raw raw;
    struct input *in;
    void *ctx;
    struct pool_snapshot s = {0};
    *got = 0;
    assert_int_equal(input_raw_memory(&raw, p, n, block, e), 0);
    assert_int_equal(input_open(&in, "x.psz", raw, &limits, e), 0);
    int r = psz_binary_format.open(&ctx, in, &opts, e);
    unsigned at = 0;
    while (r >= 0 && (r = psz_binary_format.next(ctx, &s, e)) > 0) {
        while (salvage && at < most &&
               (s.time.ms != v[at].time.ms || !pool_snapshot_same_figures(&v[at], &s)))
            at++;
        assert_true(at < most);
        same_snapshot(&v[at++], &s);
        ++*got;
    }
    memcpy(seen, psz_binary_format.notes(ctx)->seen, NOTE_CODES * sizeof *seen);
    psz_binary_format.close(ctx);
    input_close(in);
    pool_snapshot_free(&s);
    return r;
}

#endif
