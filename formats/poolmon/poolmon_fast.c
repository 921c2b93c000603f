/* SPDX-License-Identifier: MIT */
/* A kept line, and the one that is likely to be it:
 *
 *      SFz2 Nonp      16972      1136     15836  38328736       2420\r\n
 *      ^^^^^^^^^^         ^         ^         ^         ^          ^
 *      the key, as is     each figure ends where it did, or this is not for us
 *
 * Rows stand in nearly the order of the capture before, so the row behind the last one
 * is tried first, then the next two, then the last one that was passed over, then the
 * table of all. */
#include "formats/poolmon/poolmon_fast.h"

#include <stdlib.h>
#include <string.h>

#include "formats/poolmon/digits.h"
#include "formats/poolmon/fast_memory.h"

#if POOLSIFT_FAST > 1 && defined(__SSE2__)
#include <emmintrin.h>
#elif POOLSIFT_FAST > 1 && defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

enum {
    NEAR_ROWS = 3,   /* tried before the table is asked */
    AHEAD_ROWS = 12, /* fetched before they are needed */
    LINE_MIN = 24
};

/* ---- bytes ---- */

#if POOLSIFT_FAST > 1 && defined(__SSE2__)
typedef __m128i sixteen;

static inline sixteen differ16(const char *a, const char *b)
{
    return _mm_xor_si128(_mm_loadu_si128((const __m128i *)(const void *)a),
                         _mm_loadu_si128((const __m128i *)(const void *)b));
}

static inline sixteen either16(sixteen a, sixteen b)
{
    return _mm_or_si128(a, b);
}

static inline bool none16(sixteen a)
{
    return _mm_movemask_epi8(_mm_cmpeq_epi8(a, _mm_setzero_si128())) == 0xffff;
}
#elif POOLSIFT_FAST > 1 && defined(__ARM_NEON) && defined(__aarch64__)
typedef uint8x16_t sixteen;

static inline sixteen differ16(const char *a, const char *b)
{
    return veorq_u8(vld1q_u8((const uint8_t *)a), vld1q_u8((const uint8_t *)b));
}

static inline sixteen either16(sixteen a, sixteen b)
{
    return vorrq_u8(a, b);
}

static inline bool none16(sixteen a)
{
    return vmaxvq_u8(a) == 0;
}
#else
typedef uint64_t sixteen; /* both halves laid over each other */

static inline sixteen differ16(const char *a, const char *b)
{
    uint64_t x[2], y[2];
    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    return (x[0] ^ y[0]) | (x[1] ^ y[1]);
}

static inline sixteen either16(sixteen a, sixteen b)
{
    return a | b;
}

static inline bool none16(sixteen a)
{
    return a == 0;
}
#endif

/* Are n bytes the same, n >= LINE_MIN?  Poolmon's own lines have 64: no loop for them. */
static inline bool same_line(const char *a, const char *b, size_t n)
{
    sixteen d = either16(differ16(a, b), differ16(a + n - 16, b + n - 16));
    if (n > 32)
        d = either16(d, differ16(a + 16, b + 16));
    if (n > 48)
        d = either16(d, differ16(a + 32, b + 32));
    for (size_t i = 48; i + 16 < n; i += 16)
        d = either16(d, differ16(a + i, b + i));
    return none16(d);
}

/* ---- figures ---- */

static unsigned width_of(const struct pool_row *r)
{
    return (r->allocs | r->frees | r->live) <= UINT32_MAX ? 32 : 64;
}

/* As the careful reader proves a row. */
static bool proved(const struct pool_row *r)
{
    return r->live == row_live(r->allocs, r->frees, r->width) &&
           r->per_alloc == (r->live == 0 ? 0 : r->bytes / r->live);
}

/* digits_in_columns of digits.h.  Processors of 32 bits have no 64 to take out at once.
 */
#if POOLSIFT_FAST > 1 && defined(__SSE2__) && defined(__x86_64__)
static inline bool digits(const char *p, unsigned from, unsigned end, uint64_t *v)
{
    static const uint8_t own[32] = {[16] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                    0xff,        0xff, 0xff, 0xff, 0xff, 0xff,
                                    0xff,        0xff, 0xff, 0xff};
    const unsigned width = end - from;
    if (width > 16)
        return digits_in_columns(p, from, end, v);
    const __m128i mine = _mm_loadu_si128((const __m128i *)(const void *)(own + width));
    const __m128i text = _mm_loadu_si128((const __m128i *)(const void *)(p + end - 16));
    const __m128i z = _mm_sub_epi8(text, _mm_set1_epi8('0'));
    const __m128i digit =
        _mm_and_si128(_mm_cmpeq_epi8(_mm_min_epu8(z, _mm_set1_epi8(9)), z), mine);
    const __m128i blank = _mm_cmpeq_epi8(text, _mm_set1_epi8(' '));
    /* Bit 15 is the last column: digits up to it, blanks before them. */
    const unsigned is_digit = (unsigned)_mm_movemask_epi8(digit);
    const unsigned none = ~is_digit & 0xffff;
    const unsigned before = 0xffffu & 0xffffu << (16 - width) & none;
    if (is_digit == 0 || (none & (none + 1)) != 0 ||
        ((unsigned)_mm_movemask_epi8(blank) & before) != before)
        return false;
    /* The first digit is 0 only when it is the only one. */
    const unsigned first = is_digit & ~(is_digit << 1);
    const unsigned zeros =
        (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('0')));
    if ((zeros & first) != 0 && is_digit != 0x8000)
        return false;
    /* Pairs, fours, eights. */
    const __m128i d = _mm_and_si128(z, digit);
    const __m128i pairs = _mm_add_epi16(
        _mm_mullo_epi16(_mm_and_si128(d, _mm_set1_epi16(0xff)), _mm_set1_epi16(10)),
        _mm_srli_epi16(d, 8));
    const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(1 << 16 | 100));
    const __m128i eights =
        _mm_madd_epi16(_mm_packs_epi32(fours, fours), _mm_set1_epi32(1 << 16 | 10000));
    const uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
    *v = (both & UINT32_MAX) * 100000000 + (both >> 32);
    return true;
}
#else
static inline bool digits(const char *p, unsigned from, unsigned end, uint64_t *v)
{
    return digits_in_columns(p, from, end, v);
}
#endif

/* The figure that ends at `end`, where the same columns of the kept line say *v. */
static inline bool figure(const char *p, const char *kept, unsigned from, unsigned end,
                          uint64_t *v)
{
    /* What stands before it in these sixteen bytes was found the same, or is read. */
    return (end - from <= 16 && none16(differ16(p + end - 16, kept + end - 16))) ||
           digits(p, from, end, v);
}

/* Other figures in the columns of the kept line. */
static bool take_numbers(struct fast_memory *m, struct kept_row *k, const char *p)
{
    const struct fast_shape *shape = &m->shapes[k->shape];
    const size_t text = shape->end[PLAIN_FIGURES - 1];
    struct pool_row row = m->figures[k - m->rows];
    char *const line = m->lines[k - m->rows].p;
    uint64_t *const v[PLAIN_FIGURES] = {&row.allocs, &row.frees, &row.live, &row.bytes,
                                        &row.per_alloc};
    if (!shape->columns || memcmp(p + text, line + text, k->n - text) != 0)
        return false;
    unsigned at = KEY_BYTES;
    for (size_t i = 0; i < PLAIN_FIGURES; i++) {
        if (!figure(p, line, at, shape->end[i], v[i]))
            return false;
        at = shape->end[i];
    }
    row.width = (uint8_t)width_of(&row);
    if (!proved(&row) || !fast_same_spare(m, k, p))
        return false;
    memcpy(line, p, k->n);
    fast_change(m, (uint32_t)(k - m->rows), &row);
    return true;
}

/* ---- a line ---- */

static inline bool same_key(const char *p, const struct kept_line *l)
{
    uint64_t a, b;
    memcpy(&a, p, sizeof a);
    memcpy(&b, l->p, sizeof b);
    return a == b; /* of the type it sees three bytes: the caller sees the others */
}

/* The kept row of the line's key, which this capture has not listed yet, or NULL. */
static inline struct kept_row *row_of(struct fast_memory *m, const char *p)
{
    const uint32_t *order = m->order[!m->now];
    const uint32_t n = m->n_order[!m->now];
    while (m->guess < n && m->rows[order[m->guess]].listed == m->capture)
        m->guess++; /* it came earlier */
    for (uint32_t i = m->guess; i < n && i < m->guess + NEAR_ROWS; i++) {
        if (!same_key(p, &m->lines[order[i]]))
            continue;
        struct kept_row *k = &m->rows[order[i]];
        if (i > m->guess)
            m->passed = m->guess;
        return k->listed != m->capture ? k : NULL;
    }
    if (m->passed < n && same_key(p, &m->lines[order[m->passed]]) &&
        m->rows[order[m->passed]].listed != m->capture)
        return &m->rows[order[m->passed]];
    bool nonpaged = memcmp(p + 5, " Nonp ", 6) == 0;
    if (p[0] != ' ' || (!nonpaged && memcmp(p + 5, " Paged", 6) != 0))
        return NULL;
    struct pool_tag tag;
    memcpy(tag.b, p + 1, sizeof tag.b);
    struct kept_row *k =
        fast_find(m, tag_key(tag), nonpaged ? POOL_NONPAGED : POOL_PAGED);
    return k != NULL && k->listed != m->capture ? k : NULL;
}

/* All kept rows together are larger than what stands near the processor. */
static inline void fetch_row(const struct fast_memory *m, uint32_t id)
{
    fetch_early(&m->rows[id]);
    fetch_early(&m->lines[id]);
}

/* Rows that come in their turn and say what they said: the way of most of them.  Returns
 * where it ended. */
static const char *same_rows(struct fast_memory *m, const char *p, const char *end,
                             size_t most)
{
    const uint32_t *before = m->order[!m->now], n_before = m->n_order[!m->now];
    uint32_t *now = m->order[m->now];
    struct kept_row *const rows = m->rows;
    const struct kept_line *const lines = m->lines;
    const uint64_t last = m->capture - 1;
    uint32_t guess = m->guess, n = m->n_order[m->now];
    size_t in_columns = 0;
    const uint32_t stop = n_before - guess > most ? guess + (uint32_t)most : n_before;
    for (; guess < stop; guess++) {
        const uint32_t id = before[guess];
        struct kept_row *k = &rows[id];
        if (guess + AHEAD_ROWS < n_before)
            fetch_row(m, before[guess + AHEAD_ROWS]);
        if (k->listed != last || k->n > end - p || !same_line(p, lines[id].p, k->n))
            break;
        p += k->n;
        k->listed = last + 1;
        k->place = n;
        now[n++] = id;
        m->seen[k->shape / 64] |= (uint64_t)1 << k->shape % 64;
        in_columns += m->known_layout[k->shape];
    }
    m->in_columns += in_columns;
    m->waiting += n - m->n_order[m->now];
    m->n_order[m->now] = n;
    m->guess = guess;
    return p;
}

/* Any row that the memory answers for: its length, or 0. */
static size_t other_row(struct fast_memory *m, const char *p, size_t n)
{
    if (m->guess + AHEAD_ROWS < m->n_order[!m->now])
        fetch_row(m, m->order[!m->now][m->guess + AHEAD_ROWS]);
    struct kept_row *k = row_of(m, p);
    if (k == NULL || k->n > n)
        return 0;
    const char *kept = m->lines[k - m->rows].p;
    if (!same_line(p, kept, k->n) &&
        (memcmp(p, kept, KEY_BYTES) != 0 || !take_numbers(m, k, p)))
        return 0;
    fast_list(m, k);
    return k->n;
}

size_t fast_rows(struct fast_memory *m, const char *p, size_t n, size_t most,
                 uint64_t line, size_t *bytes)
{
    const char *at = p, *const end = p + n;
    const size_t waiting = m->waiting;
    if (waiting == 0)
        m->first_line = line;
    for (size_t length = 1; length > 0 && m->waiting - waiting < most; at += length) {
        if (m->continues)
            at = same_rows(m, at, end, most - (m->waiting - waiting));
        length = 0;
        if (m->waiting - waiting < most && end - at >= LINE_MIN)
            length = other_row(m, at, (size_t)(end - at));
    }
    *bytes = (size_t)(at - p);
    return m->waiting - waiting;
}
