/* SPDX-License-Identifier: MIT */
/* A kept line, and the one that is likely to be it:
 *
 *      SFz2 Nonp      16972      1136     15836  38328736       2420\r\n
 *      ^^^^^^^^^^         ^         ^         ^         ^          ^
 *      the key, as is     each figure ends where it did, or this is not for us
 *
 * Rows stand in nearly the order of the capture before, so the row behind the last one
 * is tried first, then the next two, then the table of all. */
#include "formats/poolmon/poolmon_fast.h"

#include <stdlib.h>
#include <string.h>

#include "formats/poolmon/digits.h"

#if POOLSIFT_FAST > 1 && defined(__SSE2__)
#include <emmintrin.h>
#elif POOLSIFT_FAST > 1 && defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

enum {
    ROWS_MAX = 16384,
    TABLE_SIZE = 4 * ROWS_MAX,
    KEY_BYTES = 11, /* blank, tag, blank, type in five columns */
    NEAR_ROWS = 3,  /* tried before the table is asked */
    AHEAD_ROWS = 6, /* fetched before they are needed */
    LINE_MIN = 24,
    CACHE_LINE = 64
};

enum { PLAIN_FIGURES = 5 };
static const uint8_t places[PLAIN_FIGURES] = {FIG_ALLOCS, FIG_FREES, FIG_LIVE, FIG_BYTES,
                                              FIG_PER_ALLOC};

/* Three lines of the processor's cache. */
struct kept_row {
    uint64_t listed; /* number of the capture that listed it last */
    uint32_t tag;
    uint32_t place; /* where that capture listed it */
    uint8_t n;      /* bytes of the line with its end */
    uint8_t shape;  /* number */
    uint8_t pool, width;
    uint64_t v[PLAIN_FIGURES];
    char line[FAST_LINE];
};

struct fast_memory {
    struct kept_row *rows;
    uint32_t n_rows;
    bool full;           /* something could not be kept: forget all at the next capture */
    uint32_t *table;     /* open addressing, row + 1 */
    uint32_t *order[2];  /* rows as the last capture and this one list them */
    uint32_t n_order[2]; /* of them */
    unsigned now;        /* order[now] is this one's */
    uint32_t guess;      /* place in the other */
    uint64_t capture;    /* number of the capture at hand, from 1 */
    struct fast_shape *shapes;
    size_t n_shapes;
};

void fast_free(struct fast_memory *m)
{
    if (m == NULL)
        return;
    free(m->rows);
    free(m->table);
    free(m->order[0]);
    free(m->order[1]);
    free(m->shapes);
    free(m);
}

int fast_new(struct fast_memory **out, struct err *e)
{
    struct fast_memory *m = calloc(1, sizeof *m);
    if (m == NULL)
        return err_nomem(e);
    m->rows = aligned_alloc(CACHE_LINE, ROWS_MAX * sizeof *m->rows);
    m->table = calloc(TABLE_SIZE, sizeof *m->table);
    m->order[0] = malloc(ROWS_MAX * sizeof *m->order[0]);
    m->order[1] = malloc(ROWS_MAX * sizeof *m->order[1]);
    m->shapes = malloc(FAST_SHAPES * sizeof *m->shapes);
    if (m->rows == NULL || m->table == NULL || m->order[0] == NULL ||
        m->order[1] == NULL || m->shapes == NULL) {
        fast_free(m);
        return err_nomem(e);
    }
    *out = m;
    return 0;
}

void fast_start(struct fast_memory *m)
{
    if (m->full) {
        memset(m->table, 0, TABLE_SIZE * sizeof *m->table);
        m->n_rows = m->n_order[0] = m->n_order[1] = 0;
        m->n_shapes = 0;
        m->full = false;
    }
    m->now = !m->now;
    m->n_order[m->now] = 0;
    m->guess = 0;
    m->capture++;
}

const struct fast_shape *fast_shape_at(const struct fast_memory *m, size_t shape)
{
    return &m->shapes[shape];
}

/* ---- rows by key ---- */

static uint32_t *place_of(const struct fast_memory *m, uint32_t tag, uint8_t pool)
{
    uint64_t h = ((uint64_t)tag << 2 | pool) * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = (size_t)(h >> 40);; i++) {
        uint32_t *place = &m->table[i & (TABLE_SIZE - 1)];
        if (*place == 0 ||
            (m->rows[*place - 1].tag == tag && m->rows[*place - 1].pool == pool))
            return place;
    }
}

static struct kept_row *find(const struct fast_memory *m, uint32_t tag, uint8_t pool)
{
    uint32_t at = *place_of(m, tag, pool);
    return at == 0 ? NULL : &m->rows[at - 1];
}

bool fast_knows(const struct fast_memory *m, struct pool_tag tag, uint8_t pool,
                bool *listed)
{
    const struct kept_row *k = find(m, tag_key(tag), pool);
    *listed = k != NULL && k->listed == m->capture;
    return k != NULL;
}

/* The row stands next in this capture; behind it comes what came there before. */
static void list(struct fast_memory *m, uint32_t row)
{
    struct kept_row *k = &m->rows[row];
    if (k->listed + 1 == m->capture)
        m->guess = k->place + 1;
    k->listed = m->capture;
    k->place = m->n_order[m->now];
    m->order[m->now][m->n_order[m->now]++] = row;
}

void fast_list(struct fast_memory *m, struct pool_tag tag, uint8_t pool)
{
    struct kept_row *k = find(m, tag_key(tag), pool);
    if (k != NULL && k->listed != m->capture)
        list(m, (uint32_t)(k - m->rows));
}

/* ---- bytes ---- */

/* Are n bytes the same, n >= 16? */
#if POOLSIFT_FAST > 1 && defined(__SSE2__)
static inline bool same16(const char *a, const char *b)
{
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)a);
    __m128i y = _mm_loadu_si128((const __m128i *)(const void *)b);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(x, y)) == 0xffff;
}
#elif POOLSIFT_FAST > 1 && defined(__ARM_NEON) && defined(__aarch64__)
static inline bool same16(const char *a, const char *b)
{
    uint8x16_t x = vld1q_u8((const uint8_t *)a);
    uint8x16_t y = vld1q_u8((const uint8_t *)b);
    return vminvq_u8(vceqq_u8(x, y)) == 0xff;
}
#else
static inline bool same16(const char *a, const char *b)
{
    uint64_t x[2], y[2];
    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}
#endif

/* All kept rows together are larger than what stands near the processor. */
static inline void fetch_early(const struct kept_row *k)
{
#if POOLSIFT_FAST > 1 && defined(__SSE2__)
    const char *p = (const char *)k;
    for (size_t i = 0; i < sizeof *k; i += CACHE_LINE)
        _mm_prefetch(p + i, _MM_HINT_T0);
#else
    (void)k;
#endif
}

/* The figures differ where lines do, and those far right most: from the end. */
static inline bool same_line(const char *a, const char *b, size_t n)
{
    size_t i = n - 16;
    for (; i >= 16; i -= 16)
        if (!same16(a + i, b + i))
            return false;
    return same16(a + i, b + i) && same16(a, b);
}

/* ---- figures ---- */

/* As the careful reader proves a row. */
static bool proved(const uint64_t v[PLAIN_FIGURES], unsigned width)
{
    return v[2] == row_live(v[0], v[1], width) && v[4] == (v[2] == 0 ? 0 : v[3] / v[2]);
}

static unsigned width_of(const uint64_t v[PLAIN_FIGURES])
{
    return (v[0] | v[1] | v[2]) <= UINT32_MAX ? 32 : 64;
}

/* Blanks before each figure of a line with these ends, 2 = two or more. */
static void spare_blanks(const char *p, const uint8_t end[PLAIN_FIGURES],
                         uint8_t spare[PLAIN_FIGURES])
{
    unsigned at = KEY_BYTES;
    for (size_t i = 0; i < PLAIN_FIGURES; i++) {
        spare[i] = (uint8_t)(p[at] != ' ' ? 0 : p[at + 1] != ' ' ? 1 : 2);
        at = end[i];
    }
}

static bool same_shape(const struct fast_shape *a, uint8_t n, uint8_t eol,
                       const uint8_t end[PLAIN_FIGURES],
                       const uint8_t spare[PLAIN_FIGURES])
{
    return a->n == n && a->eol == eol && memcmp(a->end, end, PLAIN_FIGURES) == 0 &&
           memcmp(a->spare, spare, PLAIN_FIGURES) == 0;
}

/* The number of that shape, or n_shapes. */
static size_t find_shape(const struct fast_memory *m, uint8_t n, uint8_t eol,
                         const uint8_t end[PLAIN_FIGURES],
                         const uint8_t spare[PLAIN_FIGURES])
{
    size_t i = 0;
    while (i < m->n_shapes && !same_shape(&m->shapes[i], n, eol, end, spare))
        i++;
    return i;
}

/* Other figures in the columns of the kept line. */
static bool take_numbers(struct fast_memory *m, struct kept_row *k, const char *p)
{
    const struct fast_shape *shape = &m->shapes[k->shape];
    const size_t text = shape->end[PLAIN_FIGURES - 1];
    uint64_t v[PLAIN_FIGURES];
    uint8_t spare[PLAIN_FIGURES];
    if (!shape->columns || memcmp(p + text, k->line + text, k->n - text) != 0)
        return false;
    unsigned at = KEY_BYTES;
    for (size_t i = 0; i < PLAIN_FIGURES; i++) {
        if (!digits_in_columns(p, at, shape->end[i], &v[i]))
            return false;
        at = shape->end[i];
    }
    if (!proved(v, width_of(v)))
        return false;
    spare_blanks(p, shape->end, spare);
    if (memcmp(spare, shape->spare, sizeof spare) != 0) {
        size_t other = find_shape(m, shape->n, shape->eol, shape->end, spare);
        if (other == m->n_shapes)
            return false;
        k->shape = (uint8_t)other;
    }
    memcpy(k->line, p, k->n);
    memcpy(k->v, v, sizeof v);
    k->width = (uint8_t)width_of(v);
    return true;
}

/* ---- a line ---- */

/* The kept row of the line's key, which this capture has not listed yet, or NULL. */
static struct kept_row *row_of(struct fast_memory *m, const char *p)
{
    const uint32_t *order = m->order[!m->now];
    const uint32_t n = m->n_order[!m->now];
    if (m->guess + AHEAD_ROWS < n)
        fetch_early(&m->rows[order[m->guess + AHEAD_ROWS]]);
    for (uint32_t i = m->guess; i < n && i < m->guess + NEAR_ROWS; i++) {
        struct kept_row *k = &m->rows[order[i]];
        if (memcmp(p, k->line, 8) == 0)
            return k->listed != m->capture ? k : NULL;
    }
    bool nonpaged = memcmp(p + 5, " Nonp ", 6) == 0;
    if (p[0] != ' ' || (!nonpaged && memcmp(p + 5, " Paged", 6) != 0))
        return NULL;
    struct pool_tag tag;
    memcpy(tag.b, p + 1, sizeof tag.b);
    struct kept_row *k = find(m, tag_key(tag), nonpaged ? POOL_NONPAGED : POOL_PAGED);
    return k != NULL && k->listed != m->capture ? k : NULL;
}

enum fast_answer fast_line(struct fast_memory *m, const char *p, size_t n,
                           struct pool_row *row, size_t *bytes, size_t *shape)
{
    if (n < LINE_MIN)
        return FAST_NOT_ME;
    struct kept_row *k = row_of(m, p);
    if (k == NULL || k->n > n)
        return FAST_NOT_ME;
    enum fast_answer answer = FAST_SAME;
    if (!same_line(p, k->line, k->n)) {
        if (memcmp(p, k->line, KEY_BYTES) != 0 || !take_numbers(m, k, p))
            return FAST_NOT_ME;
        answer = FAST_NUMBERS;
    }
    list(m, (uint32_t)(k - m->rows));
    *bytes = k->n;
    *shape = k->shape;
    *row = (struct pool_row){.pool = k->pool,
                             .width = k->width,
                             .fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES |
                                       ROW_PER_ALLOC,
                             .allocs = k->v[0],
                             .frees = k->v[1],
                             .live = k->v[2],
                             .bytes = k->v[3],
                             .per_alloc = k->v[4]};
    memcpy(row->tag.b, p + 1, sizeof row->tag.b);
    return answer;
}

/* ---- learning ---- */

/* A line of nothing but ASCII whose key stands in the columns that poolmon gives it. */
static bool keepable(const struct text_line *l, const struct row_text *r)
{
    if (l->n + 2 > FAST_LINE || l->n < LINE_MIN ||
        (l->eol != EOL_LF && l->eol != EOL_CRLF))
        return false;
    if (r->tag_at != 1 || r->type_at != 6 || r->deltas || r->doubts != 0 ||
        r->driver_n != 0 || r->pool > POOL_PAGED)
        return false;
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i] < 0x20 || l->p[i] > 0x7e)
            return false;
    for (size_t i = 0; i < PLAIN_FIGURES; i++)
        if (r->fig[places[i]].unknown)
            return false;
    return memcmp(l->p + 1, r->tag.b, sizeof r->tag.b) == 0 &&
           memcmp(l->p + 5, r->pool == POOL_NONPAGED ? " Nonp " : " Paged", 6) == 0;
}

static void put_line(char to[FAST_LINE], const struct text_line *l)
{
    memset(to, 0, FAST_LINE);
    memcpy(to, l->p, l->n);
    memcpy(to + l->n, l->eol == EOL_CRLF ? "\r\n" : "\n", l->eol == EOL_CRLF ? 2 : 1);
}

/* The shape of this line, made when it is new; false when there is no room. */
static bool shape_of(struct fast_memory *m, const struct text_line *l,
                     const struct row_text *r, bool known_layout, uint8_t *shape)
{
    uint8_t end[PLAIN_FIGURES], spare[PLAIN_FIGURES];
    for (size_t i = 0; i < PLAIN_FIGURES; i++)
        end[i] = (uint8_t)r->fig[places[i]].end;
    spare_blanks(l->p, end, spare);
    const uint8_t n = (uint8_t)(l->n + (l->eol == EOL_CRLF ? 2 : 1));
    size_t at = find_shape(m, n, l->eol, end, spare);
    *shape = (uint8_t)at;
    if (at < m->n_shapes)
        return true;
    if (at == FAST_SHAPES)
        return false;
    struct fast_shape *s = &m->shapes[m->n_shapes++];
    *s = (struct fast_shape){.row = *r,
                             .n = n,
                             .eol = l->eol,
                             .columns = end[0] >= 16,
                             .known_layout = known_layout};
    put_line(s->line, l);
    memcpy(s->end, end, sizeof end);
    memcpy(s->spare, spare, sizeof spare);
    return true;
}

void fast_learn(struct fast_memory *m, const struct text_line *l,
                const struct row_text *r, const struct pool_row *row, bool known_layout)
{
    uint8_t shape;
    if (!keepable(l, r))
        return;
    if (!shape_of(m, l, r, known_layout, &shape)) {
        m->full = true;
        return;
    }
    const uint32_t tag = tag_key(r->tag);
    uint32_t *place = place_of(m, tag, r->pool);
    if (*place == 0) {
        if (m->n_rows == ROWS_MAX) {
            m->full = true;
            return;
        }
        m->rows[m->n_rows] = (struct kept_row){.tag = tag, .pool = r->pool};
        *place = ++m->n_rows;
    }
    struct kept_row *k = &m->rows[*place - 1];
    if (k->listed != m->capture)
        list(m, *place - 1);
    put_line(k->line, l);
    k->n = m->shapes[shape].n;
    k->shape = shape;
    k->width = row->width;
    const uint64_t v[PLAIN_FIGURES] = {row->allocs, row->frees, row->live, row->bytes,
                                       row->per_alloc};
    memcpy(k->v, v, sizeof v);
}
