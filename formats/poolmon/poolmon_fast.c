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

#include "formats/bytes.h"
#include "formats/poolmon/digits.h"
#include "formats/poolmon/fast_memory.h"

#if POOLSIFT_FAST > 1 && defined(__SSE2__)
#include <emmintrin.h>
#elif POOLSIFT_FAST > 1 && defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

enum {
    NEAR_ROWS = 3, /* tried before the table is asked */
    LINE_MIN = 24
};

/* What would only spoil the loop that it is called from. */
#ifdef __GNUC__
#define FAST_APART __attribute__((noinline))
#else
#define FAST_APART
#endif

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

/* Poolmon's own lines have 64 bytes. */
static inline bool seldom(size_t n)
{
    return n - 48 > HEAD_BYTES - 48;
}

/* Are the first n bytes the same?  Where that is a seldom length it does not know. */
static inline bool same_line(const char *p, const struct line_head *l, size_t n)
{
    const char *head = l->p;
    return !seldom(n) &&
           none16(either16(either16(differ16(p, head), differ16(p + 16, head + 16)),
                           either16(differ16(p + 32, head + 32),
                                    differ16(p + n - 16, head + n - 16))));
}

static inline bool same_key(const char *p, const struct line_head *l)
{
    uint64_t a, b;
    memcpy(&a, p, sizeof a);
    memcpy(&b, l->p, sizeof b);
    return a == b; /* of the type it sees three bytes: the caller sees the others */
}

/* Which of 64 bytes differ, a bit each, the first one lowest. */
#if POOLSIFT_FAST > 1 && defined(__SSE2__)
static inline uint64_t same_sixteen(const char *a, const char *b)
{
    return (unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)a),
                       _mm_loadu_si128((const __m128i *)(const void *)b)));
}

static inline uint64_t differing(const char *a, const char *b)
{
    return ~(same_sixteen(a, b) | same_sixteen(a + 16, b + 16) << 16 |
             same_sixteen(a + 32, b + 32) << 32 | same_sixteen(a + 48, b + 48) << 48);
}
#else
static inline uint64_t differing(const char *a, const char *b)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < HEAD_BYTES; i += 8) {
        const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
        uint64_t x = le64((const uint8_t *)a + i) ^ le64((const uint8_t *)b + i);
        x = (((x & low) + low) | x) & ~low;
        mask |= ((x >> 7) * UINT64_C(0x0102040810204080) >> 56) << i;
    }
    return mask;
}
#endif

/* ---- figures ---- */

static uint8_t width_of(const uint64_t v[PLAIN_FIGURES])
{
    return (v[0] | v[1] | v[2]) <= UINT32_MAX ? 32 : 64;
}

/* As the careful reader proves a row. */
static bool proved(const uint64_t v[PLAIN_FIGURES], unsigned width)
{
    return v[2] == row_live(v[0], v[1], width) && v[4] == (v[2] == 0 ? 0 : v[3] / v[2]);
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
    const unsigned all = 0xffff & 0xffffu << (16 - width);
    const unsigned are = (unsigned)_mm_movemask_epi8(digit), first = are & (0u - are);
    if (are + first != 0x10000 ||
        ((are | (unsigned)_mm_movemask_epi8(blank)) & all) != all)
        return false;
    /* The first digit is 0 only when it is the only one. */
    const unsigned zeros =
        (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(z, _mm_setzero_si128()));
    if ((zeros & first) != 0 && first != 0x8000)
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

/* Does a long line end as the kept one, behind its figures?  Where these differ behind
 * the head, all columns do, for *differ. */
static bool same_end(const struct fast_memory *m, uint32_t id, const char *p,
                     uint64_t *differ)
{
    const struct kept_row *k = &m->rows[id];
    const unsigned figures = m->shapes[k->shape].end[PLAIN_FIGURES - 1];
    const unsigned end = figures < HEAD_BYTES ? HEAD_BYTES : figures;
    const char *tail = m->tails[id].p;
    if (memcmp(p + HEAD_BYTES, tail, end - HEAD_BYTES) != 0)
        *differ = UINT64_MAX;
    return memcmp(p + end, tail + (end - HEAD_BYTES), k->n - end) == 0;
}

/* Other figures in the columns of the kept line. */
static bool take_numbers(struct fast_memory *m, uint32_t id, const char *p)
{
    struct kept_row *k = &m->rows[id];
    const struct fast_shape *shape = &m->shapes[k->shape];
    const struct kept_figures *r = &m->figures[id];
    uint64_t v[PLAIN_FIGURES] = {r->allocs, r->frees, r->live, r->bytes, r->per_alloc};
    uint64_t differ = differing(p, m->heads[id].p);
    if ((differ & shape->fixed) != 0 ||
        (k->n > HEAD_BYTES && !same_end(m, id, p, &differ)))
        return false;
    unsigned at = KEY_BYTES;
    for (size_t i = 0; i < PLAIN_FIGURES; i++) {
        if ((i < PLAIN_FIGURES - 1 || (differ & shape->own[i]) != 0) &&
            !digits(p, at, shape->end[i], &v[i]))
            return false;
        at = shape->end[i];
    }
    const uint8_t width = width_of(v);
    if (!proved(v, width) || ((differ & shape->blanks) != 0 && !fast_same_spare(m, k, p)))
        return false;
    fast_keep_line(m, id, p);
    fast_change(m, id, v, width);
    return true;
}

/* ---- a line ---- */

/* The kept row of the line's key, which this capture has not listed yet, or NULL. */
static inline struct kept_row *row_of(struct fast_memory *m, const char *p)
{
    const uint32_t *order = m->order[!m->now];
    const uint32_t n = m->n_order[!m->now];
    while (m->guess < n && m->rows[order[m->guess]].listed == m->capture)
        m->guess++; /* it came earlier */
    for (uint32_t i = m->guess; i < n && i < m->guess + NEAR_ROWS; i++) {
        if (!same_key(p, &m->heads[order[i]]))
            continue;
        struct kept_row *k = &m->rows[order[i]];
        if (i > m->guess)
            m->passed = m->guess;
        return k->listed != m->capture ? k : NULL;
    }
    if (m->passed < n && same_key(p, &m->heads[order[m->passed]]) &&
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

/* The line at p, of which same_line does not know it, is that of the kept row, or one
 * with other figures. */
static FAST_APART bool take_again(struct fast_memory *m, uint32_t id, const char *p)
{
    const size_t n = m->rows[id].n, front = n < HEAD_BYTES ? n : HEAD_BYTES;
    const char *head = m->heads[id].p, *tail = m->tails[id].p;
    return same_key(p, &m->heads[id]) && ((seldom(n) && memcmp(p, head, front) == 0 &&
                                           memcmp(p + front, tail, n - front) == 0) ||
                                          take_numbers(m, id, p));
}

/* Rows that come in their turn: the way of most of them.  Returns where it ended. */
static FAST_APART const char *rows_in_turn(struct fast_memory *m, const char *p,
                                           const char *end, size_t most)
{
    const uint32_t n_before = m->n_order[!m->now], left = n_before - m->guess;
    const uint32_t *const before = m->order[!m->now];
    const uint32_t *at = before + m->guess;
    const uint32_t *const stop = at + (left < most ? left : most);
    uint32_t *to = m->order[m->now] + m->n_order[m->now];
    struct kept_row *const rows = m->rows;
    const struct line_head *const heads = m->heads;
    const uint32_t last = m->capture - 1, from = m->n_order[m->now];
    uint32_t place = from;
    size_t in_columns = 0;
    for (; at < stop && end - p >= FAST_LINE; at++) {
        const uint32_t id = *at;
        struct kept_row *const k = &rows[id];
        if (k->listed != last ||
            (!same_line(p, &heads[id], k->n) && !take_again(m, id, p)))
            break;
        p += k->n;
        k->listed = last + 1;
        k->place = place++;
        m->seen[k->shape] = true;
        in_columns += m->known_layout[k->shape];
        *to++ = id;
    }
    m->in_columns += in_columns;
    m->waiting += place - from;
    m->n_order[m->now] = place;
    m->guess = (uint32_t)(at - before);
    return p;
}

/* Any row that the memory answers for, in n bytes at p: its length, or 0.  FAST_LINE
 * bytes can be looked at. */
static size_t other_row(struct fast_memory *m, const char *p, size_t n)
{
    struct kept_row *k = row_of(m, p);
    if (k == NULL || k->n > n)
        return 0;
    const uint32_t id = (uint32_t)(k - m->rows);
    if (!same_line(p, &m->heads[id], k->n) && !take_again(m, id, p))
        return 0;
    fast_list(m, k);
    return k->n;
}

static size_t last_row(struct fast_memory *m, const char *p, size_t n)
{
    char line[FAST_LINE] = {0};
    memcpy(line, p, n);
    return other_row(m, line, n);
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
            at = rows_in_turn(m, at, end, most - (m->waiting - waiting));
        const size_t left = (size_t)(end - at);
        length = 0;
        if (m->waiting - waiting < most && left >= LINE_MIN)
            length = left < FAST_LINE ? last_row(m, at, left) : other_row(m, at, left);
    }
    *bytes = (size_t)(at - p);
    return m->waiting - waiting;
}

const char *fast_way(void)
{
#if POOLSIFT_FAST == 0
    return "none: every row is read with care";
#elif POOLSIFT_FAST > 1 && defined(__SSE2__)
    return "SSE2";
#elif POOLSIFT_FAST > 1 && defined(__ARM_NEON) && defined(__aarch64__)
    return "NEON";
#else
    return "portable C";
#endif
}
