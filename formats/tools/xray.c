/* SPDX-License-Identifier: MIT */
/* xray (Microsoft's PowerShell diagnostics, T. Dimli 2020; its README shows the lines)
 * runs poolmon -n and keeps what it printed as separated values, one data set behind
 * the other:
 *
 *     Summary1,22/05/2020 22:35:55.53,MEMORY,AVAIL,PAGEFLTS,KRNL,P         KiB, no K
 *     Summary2,22/05/2020 22:35:55.53,COMMIT,LIMIT,PEAK,POOL N,POOL P
 *     Thre,Nonp,ALLOCS,FREES,DIFF,BYTES,PER ALLOC
 *
 * The time is %DATE% %TIME% of the customer's country: day and month may be either way
 * round, and its fraction may stand behind a comma, so lines are cut from their right
 * end.  Nothing is quoted.  Figures above 2^31 may have gone through signed 32 bits. */
#include "formats/tools/xray.h"

#include <stdlib.h>
#include <string.h>

#include "formats/poolmon/poolmon_head.h"
#include "formats/text/gather.h"
#include "formats/when.h"

enum { SETS_FIGURES = 5, ROW_CELLS = 6 };

struct xray {
    struct gather g;
    unsigned seen; /* 1 and 2: the Summary lines of this data set */
};

struct summary {
    unsigned which; /* 1 or 2 */
    struct cell time;
    struct cell figure[SETS_FIGURES];
};

/* Cuts the last `count` cells off the line; *head is what stands before them. */
static bool cut_tail(const struct text_line *l, size_t count, struct cell *head,
                     struct cell *out)
{
    size_t end = l->n;
    for (size_t k = count; k-- > 0;) {
        size_t at = end;
        while (at > 0 && l->p[at - 1] != ',')
            at--;
        if (at == 0)
            return false;
        out[k] = (struct cell){.p = l->p + at, .n = end - at};
        end = at - 1;
    }
    *head = (struct cell){.p = l->p, .n = end};
    return true;
}

static bool summary_parse(const struct text_line *l, struct summary *s)
{
    static const char word[] = "Summary";
    const size_t len = sizeof word - 1;
    struct cell head;
    if (!cut_tail(l, SETS_FIGURES, &head, s->figure))
        return false;
    head = cell_trim(head);
    if (head.n < len + 2 || memcmp(head.p, word, len) != 0 || head.p[len + 1] != ',' ||
        (head.p[len] != '1' && head.p[len] != '2'))
        return false;
    s->which = (unsigned)(head.p[len] - '0');
    s->time = (struct cell){.p = head.p + len + 2, .n = head.n - len - 2};
    if (s->time.n < 8 || memchr(s->time.p, ':', s->time.n) == NULL)
        return false;
    for (size_t i = 0; i < SETS_FIGURES; i++) {
        uint64_t v;
        if (!cell_empty(&s->figure[i]) && !cell_u64(&s->figure[i], &v))
            return false;
    }
    return true;
}

/* Reads `tag,type,` and five figures; *wrapped tells that one came as a negative. */
static bool row_parse_line(const struct text_line *l, bool one_byte, struct pool_row *row,
                           bool *wrapped)
{
    struct cell tag, c[ROW_CELLS];
    if (!cut_tail(l, ROW_CELLS, &tag, c))
        return false;
    *row = (struct pool_row){.width = 32, .line = l->number};
    if (cell_is(&c[0], "Nonp"))
        row->pool = POOL_NONPAGED;
    else if (cell_is(&c[0], "Paged"))
        row->pool = POOL_PAGED;
    else
        return false;
    uint64_t *const figures[] = {&row->allocs, &row->frees, &row->live, &row->bytes,
                                 &row->per_alloc};
    *wrapped = false;
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        if (!gather_count(&c[i + 1], figures[i], wrapped))
            return false;
    row->fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC;
    return gather_tag(&tag, one_byte, &row->tag, NULL);
}

static bool row_proved(const struct pool_row *row)
{
    const bool narrow = (row->allocs | row->frees | row->live) <= UINT32_MAX;
    return row->live == row_live(row->allocs, row->frees, narrow ? 32 : 64) &&
           row->per_alloc == (row->live == 0 ? 0 : row->bytes / row->live);
}

/* poolmon's own first line, quoted above the data set that was made of it: all five
 * figures come again. */
static bool quoted_source(const struct text_line *lines, size_t n)
{
    struct head_text head;
    struct summary s = {.which = 0};
    size_t at = 1;
    while (at < n && !summary_parse(&lines[at], &s))
        at++;
    if (at >= n || s.which != 1 ||
        head_parse(lines[0].p, lines[0].n, &head) != HEAD_MEMORY ||
        head.n != SETS_FIGURES)
        return false;
    for (size_t i = 0; i < SETS_FIGURES; i++) {
        uint64_t v;
        if (!cell_u64(&s.figure[i], &v) || v != head.fig[i].v)
            return false;
    }
    return true;
}

static int begins(const struct text_line *lines, size_t n)
{
    struct summary s;
    struct pool_row row;
    bool wrapped;
    if (quoted_source(lines, n))
        return CLAIM_SURE + CLAIM_NEAR;
    const struct text_line bare = gather_bare(NULL, &lines[0]);
    if (summary_parse(&bare, &s))
        return CLAIM_SURE;
    return row_parse_line(&bare, false, &row, &wrapped) && row_proved(&row) ? CLAIM_ROW
                                                                            : CLAIM_NONE;
}

static int open_reader(void **ctx, struct err *e)
{
    return gather_open_as(ctx, sizeof(struct xray), e);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct xray *x = ctx;
    (void)e;
    gather_start(&x->g, s, b);
    x->seen = 0;
    return 0;
}

static int take_time(struct xray *x, const struct text_line *line, const struct cell *c,
                     struct err *e)
{
    struct pool_snapshot *s = x->g.s;
    struct pool_time t;
    if (s->time.source == TIME_CAPTURE)
        return 0;
    if (!when_line(c->p, c->n, &t))
        return note_add(&s->notes, e, NOTE_HEADER_DAMAGED, line->number,
                        "the time of this data set could not be read");
    t.source = TIME_CAPTURE;
    s->time = t;
    return 0;
}

static int take_summary(struct xray *x, const struct text_line *line,
                        const struct summary *sum, struct err *e)
{
    static const uint8_t fields[2][SETS_FIGURES] = {
        {TOTAL_MEMORY_KIB, TOTAL_AVAIL_KIB, TOTAL_PAGE_FAULTS, TOTAL_INRAM_KERNEL_KIB,
         TOTAL_INRAM_PAGED_KIB},
        {TOTAL_COMMIT_KIB, TOTAL_LIMIT_KIB, TOTAL_PEAK_KIB, TOTAL_NONPAGED_KIB,
         TOTAL_PAGED_KIB}};
    struct pool_snapshot *s = x->g.s;
    if (s->n_rows > 0 || x->seen >= sum->which)
        return FEED_NEXT;
    x->seen = sum->which;
    x->g.last_line = line->number;
    for (size_t i = 0; i < SETS_FIGURES; i++) {
        const uint8_t f = fields[sum->which - 1][i];
        uint64_t v;
        if (!cell_u64(&sum->figure[i], &v))
            continue;
        s->totals.given |= 1u << f;
        s->totals.v[f] = v;
    }
    TRY(take_time(x, line, &sum->time, e));
    return FEED_MINE;
}

static int feed(void *ctx, const struct text_line *given, struct text *ahead,
                struct err *e)
{
    struct xray *x = ctx;
    const struct text_line bare = gather_bare(&x->g, given), *line = &bare;
    struct summary sum;
    struct pool_row row;
    bool wrapped;
    (void)ahead;
    if (summary_parse(line, &sum))
        return take_summary(x, line, &sum, e);
    struct head_text head;
    if (x->seen == 0 && x->g.s->n_rows == 0 &&
        head_parse(line->p, line->n, &head) != HEAD_NONE)
        return FEED_MINE; /* the quoted source */
    if (!row_parse_line(line, x->g.one_byte, &row, &wrapped))
        return FEED_OTHER;
    if (x->seen == 0 && gather_again(&x->g, row.tag, row.pool, line->number))
        return FEED_NEXT;
    if (wrapped)
        TRY(note_add(&x->g.s->notes, e, NOTE_WRAP, line->number,
                     "a figure was printed as a negative number of 32 bits"));
    return gather_row(&x->g, &row, e);
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct xray *x = ctx;
    (void)b;
    if (x->g.s->n_rows == 0 && x->g.dropped == 0) {
        x->g.s->record = RECORD_TOTALS; /* the two lines alone: a moment of the pools */
        return 0;
    }
    return gather_finish(&x->g, COMPLETE_WHOLE, e);
}

const struct text_format xray_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .close = gather_close,
};
