/* SPDX-License-Identifier: MIT */
/* Seeded damage to the bytes of a file, as mail, editors, disks and strangers do it; the
 * caller owns the buffers.  Text is changed by words and lines, everything else by bytes;
 * frames get their check sums back where that is asked for. */
#ifndef TESTS_TOOLS_MUTATE_H
#define TESTS_TOOLS_MUTATE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "formats/bytes.h"
#include "formats/frame.h"
#include "tests/tools/chance.h"
#include "tests/tools/zipout.h"

enum { MUTANT_MOST = 1 << 20, MUTATE_SPAN = 400 };

static inline void must(int r)
{
    if (r < 0)
        abort(); /* no memory for a test's own bytes */
}

static inline size_t mutate_below(struct rng *rng, size_t n)
{
    return n == 0 ? 0 : (size_t)rng_below(rng, n < UINT32_MAX ? (uint32_t)n : UINT32_MAX);
}

/* n bytes from `at` are replaced by m bytes at p, which lie outside of *b. */
static inline void mutate_put(struct buf *b, size_t at, size_t n, const void *p, size_t m)
{
    if (b->n - n + m > MUTANT_MOST)
        return;
    must(buf_reserve(b, m + 1, NULL));
    memmove(b->p + at + m, b->p + at + n, b->n - at - n);
    if (m > 0)
        memcpy(b->p + at, p, m);
    b->n = b->n - n + m;
}

/* A copy of a range of the same buffer is put elsewhere in it. */
static inline void mutate_repeat(struct buf *b, size_t from, size_t n, size_t to,
                                 size_t times)
{
    struct buf copy = {0};
    must(buf_append(&copy, b->p + from, n, NULL));
    for (size_t i = 0; i < times; i++)
        mutate_put(b, to, 0, copy.p, n);
    buf_free(&copy);
}

/* ---- by bytes ---- */

static inline size_t mutate_span(struct rng *rng, const struct buf *b, size_t at)
{
    const size_t n = (size_t)rng_scale(rng, 1, MUTATE_SPAN);
    return n < b->n - at ? n : b->n - at;
}

static inline void mutate_number(struct buf *b, size_t at, struct rng *rng)
{
    static const uint64_t odd[] = {0,          1,          0x7f,       0x80,
                                   0xff,       0x7fff,     0x8000,     0xffff,
                                   0x7fffffff, 0x80000000, 0xffffffff, INT64_MAX,
                                   UINT64_MAX, 0x80000001, 0xfffffff0, 0x10000};
    const uint64_t v = odd[mutate_below(rng, sizeof odd / sizeof odd[0])];
    const size_t bytes = (size_t)1 << rng_below(rng, 4);
    for (size_t i = 0; i < bytes && at + i < b->n; i++)
        b->p[at + i] = (uint8_t)(v >> 8 * i);
}

static inline void mutate_bytes(struct buf *b, const struct buf *other, struct rng *rng)
{
    const size_t at = mutate_below(rng, b->n), n = mutate_span(rng, b, at);
    switch (rng_below(rng, 9)) {
    case 0:
        b->p[at] = (uint8_t)rng_next(rng);
        break;
    case 1:
        b->p[at] = (uint8_t)(b->p[at] ^ 1u << rng_below(rng, 8));
        break;
    case 2:
    case 3:
        mutate_number(b, at, rng);
        break;
    case 4:
        mutate_put(b, at, n, "", 0);
        break;
    case 5:
        mutate_repeat(b, at, n, mutate_below(rng, b->n), 1 + mutate_below(rng, 3));
        break;
    case 6: /* the end is missing */
        b->n = at;
        break;
    case 7:
        memset(b->p + at, rng_below(rng, 2) == 0 ? 0 : 0xff, n);
        break;
    default:
        if (other->n > 0) {
            const size_t from = mutate_below(rng, other->n);
            mutate_put(b, at, 0, other->p + from, mutate_span(rng, other, from));
        }
    }
}

/* ---- by lines ---- */

static inline size_t mutate_line(const struct buf *b, size_t at)
{
    while (at > 0 && b->p[at - 1] != '\n')
        at--;
    return at;
}

static inline size_t mutate_line_end(const struct buf *b, size_t at)
{
    const uint8_t *nl = memchr(b->p + at, '\n', b->n - at);
    return nl == NULL ? b->n : (size_t)(nl - b->p) + 1;
}

static inline void mutate_swap_lines(struct buf *b, size_t from, size_t end, size_t to)
{
    if (to >= from && to < end)
        return;
    struct buf line = {0};
    must(buf_append(&line, b->p + from, end - from, NULL));
    mutate_put(b, from, line.n, "", 0);
    mutate_put(b, to > from ? to - line.n : to, 0, line.p, line.n);
    buf_free(&line);
}

static inline const char *mutate_word(struct rng *rng)
{
    static const char *const odd[] = {
        "\r\n",
        "\n",
        "\r",
        "\x1a",
        " ",
        "\t",
        "(",
        ")",
        "-",
        "+",
        "K",
        ",",
        ".",
        ";",
        "|",
        "Nonp",
        "Paged",
        "4294967295",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "99999999999999999999999",
        "1e308",
        "1601-01-01",
        "9999-12-31T23:59:59",
        "&nbsp;",
        "> ",
        "Memory:",
        "Total Nonp",
        "\xef\xbb\xbf",
        "\xff\xfe",
        "\xc2\xa0",
        "\xe2\x80\xae",
        " Tag  Type     Allocs  Frees  Diff  Bytes  Per Alloc\n",
        "0",
        "...",
        "```",
        "<b>",
        "\"",
        "\\x00",
        "\\u0000",
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "&a *a ",
        "!!int ",
        "NaN",
        "null",
        "%s%n",
        "\x1b[2J",
        "\xed\xa0\x80"};
    return odd[mutate_below(rng, sizeof odd / sizeof odd[0])];
}

static inline void mutate_lines(struct buf *b, const struct buf *other, struct rng *rng)
{
    const size_t at = mutate_below(rng, b->n), line = mutate_line(b, at);
    const size_t end = mutate_line_end(b, at);
    const char *word = mutate_word(rng);
    switch (rng_below(rng, 10)) {
    case 0: /* a figure changes */
        for (size_t i = at; i < b->n; i++)
            if (b->p[i] >= '0' && b->p[i] <= '9') {
                b->p[i] = (uint8_t)('0' + rng_below(rng, 10));
                break;
            }
        break;
    case 1:
        mutate_put(b, at, 0, word, strlen(word));
        break;
    case 2: /* a word for a word */
        mutate_put(b, at, mutate_span(rng, b, at) % 12, word, strlen(word));
        break;
    case 3:
        mutate_put(b, line, end - line, "", 0);
        break;
    case 4:
        mutate_repeat(b, line, end - line, mutate_line(b, mutate_below(rng, b->n)),
                      1 + mutate_below(rng, 4));
        break;
    case 5:
        mutate_swap_lines(b, line, end, mutate_line(b, mutate_below(rng, b->n)));
        break;
    case 6: /* the line is cut, and goes on with the next */
        mutate_put(b, at, end - at, "", 0);
        break;
    case 7: /* the whole thing once more */
        mutate_repeat(b, 0, b->n, b->n, 1);
        break;
    default:
        mutate_bytes(b, other, rng);
    }
}

static inline bool mutate_is_text(const struct buf *b)
{
    size_t odd = 0;
    for (size_t i = 0; i < b->n && i < 4096; i++)
        odd += b->p[i] < ' ' && b->p[i] != '\n' && b->p[i] != '\r' && b->p[i] != '\t';
    return odd < 16;
}

/* ---- frames ---- */

static inline size_t mutate_next_frame(const struct buf *b, size_t at)
{
    static const uint8_t mark[] = FRAME_SYNC;
    while (at + sizeof mark <= b->n && memcmp(b->p + at, mark, sizeof mark) != 0)
        at++;
    return at + sizeof mark <= b->n ? at : b->n;
}

/* From one mark to the next is a frame: its length and its check sums are made right. */
static inline void mutate_mend(struct buf *b)
{
    const size_t least = FRAME_HEAD + FRAME_TAIL;
    if (b->n >= FRAME_FILE_HEAD)
        put_le32(b->p + FRAME_FILE_HEAD - 4,
                 (uint32_t)crc32(0, b->p, FRAME_FILE_HEAD - 4));
    for (size_t at = mutate_next_frame(b, 0); at < b->n;) {
        const size_t end = mutate_next_frame(b, at + 1);
        uint8_t *f = b->p + at;
        if (end - at >= least) {
            const size_t n = end - at - FRAME_TAIL;
            put_le32(f + 9, (uint32_t)(end - at - least));
            put_le32(f + 13, (uint32_t)crc32(0, f, 13));
            put_le32(f + n, (uint32_t)crc32(0, f, (uInt)n));
        }
        at = end;
    }
}

/* ---- the whole file ---- */

static inline void mutate_pack_gzip(struct buf *b)
{
    z_stream z = {0};
    struct buf out = {0};
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    must(buf_reserve(&out, deflateBound(&z, b->n), NULL));
    z.next_in = b->p;
    z.avail_in = (uInt)b->n;
    z.next_out = out.p;
    z.avail_out = (uInt)out.cap;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    out.n = z.total_out;
    deflateEnd(&z);
    buf_free(b);
    *b = out;
}

static inline void mutate_pack_zip(struct buf *b, const struct buf *other)
{
    static const struct civil when = {.year = 2026, .month = 3, .day = 9, .hour = 9};
    struct zip_out z = {0};
    must(zip_out_add(&z, "web01/2026-03-09_0900.txt", &when, b->p, b->n, NULL));
    must(zip_out_add(&z, "web01/2026-03-09_1000.txt", &when, other->p, other->n, NULL));
    must(zip_out_add(&z, "../web02/a\\b.txt", &when, b->p, b->n / 2, NULL));
    must(zip_out_end(&z, NULL));
    buf_free(b);
    buf_free(&z.central);
    *b = z.bytes;
}

static inline void mutate_utf16(struct buf *b, bool big)
{
    struct buf out = {0};
    must(buf_append(&out, big ? "\xfe\xff" : "\xff\xfe", 2, NULL));
    for (size_t i = 0; i < b->n; i++) {
        const uint8_t unit[] = {big ? 0 : b->p[i], big ? b->p[i] : 0};
        must(buf_append(&out, unit, sizeof unit, NULL));
    }
    buf_free(b);
    *b = out;
}

/* Changes *b in one to six places; now and then packs it, and damages that, too. */
static inline void mutate(struct buf *b, const struct buf *other, struct rng *rng)
{
    const bool text = mutate_is_text(b), framed = mutate_next_frame(b, 0) < b->n;
    const size_t changes = (size_t)rng_scale(rng, 1, 6);
    for (size_t i = 0; i < changes && b->n > 0; i++)
        if (text)
            mutate_lines(b, other, rng);
        else
            mutate_bytes(b, other, rng);
    if (framed && rng_below(rng, 2) == 0)
        mutate_mend(b);
    const uint64_t pack = rng_below(rng, 12);
    if (pack == 0)
        mutate_pack_gzip(b);
    else if (pack == 1)
        mutate_pack_zip(b, other);
    else if (pack == 2 && text)
        mutate_utf16(b, rng_below(rng, 2) == 0);
    if (pack <= 2 && b->n > 0 && rng_below(rng, 2) == 0)
        mutate_bytes(b, other, rng);
}

#endif
