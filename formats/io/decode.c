/* SPDX-License-Identifier: MIT */
#include "formats/io/decode.h"

#include <string.h>

#define GUESS_BYTES 32 /* looked at where there is no mark */
#define ASCII_BYTES 32 /* that tell one-byte text from UTF-16 */
#define MARK_BYTES  4  /* the longest mark and what must follow it */

ptrdiff_t decode_look(struct input *in, size_t need, const uint8_t **p, struct err *e)
{
    struct err fault = {0};
    ptrdiff_t n = input_peek(in, need, p, &fault);
    if (n >= 0)
        return n;
    ptrdiff_t left = input_peek(in, 0, p, NULL);
    if (left > 0)
        return left;
    if (e != NULL && e->code == 0)
        *e = fault;
    return n;
}

/* ---- which encoding ---- */

/* True when the next `most` bytes, or all that are left, are ASCII text.  UTF-16 has a
 * NUL in every LF and every ASCII character, so it does not stay without one for long. */
static bool ascii_follows(const uint8_t *p, size_t n, size_t most)
{
    if (n > most)
        n = most;
    for (size_t i = 0; i < n; i++)
        if ((p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r') || p[i] > 0x7e)
            return false;
    return n > 0;
}

static void guess_wide(struct decoder *d, const uint8_t *p, size_t n)
{
    size_t units = (n < GUESS_BYTES ? n : GUESS_BYTES) / 2;
    size_t le = 0, be = 0;
    for (size_t i = 0; i < units; i++) {
        le += p[2 * i] != 0 && p[2 * i + 1] == 0;
        be += p[2 * i] == 0 && p[2 * i + 1] != 0;
    }
    if (units < 2 || ascii_follows(p, n, 4) ||
        (le > 0 && be > 0 && le / 4 < be && be / 4 < le))
        return;
    size_t most = le > be ? le : be;
    if (most * 10 < units * 7)
        return;
    d->wide = true;
    d->big = be > le;
    d->encoding = d->big ? ENC_UTF16BE : ENC_UTF16LE;
}

/* Keeps the first place. */
static void mark_place(uint64_t *from, uint64_t at)
{
    if (at < *from)
        *from = at;
}

void decode_begin(struct decoder *d, struct input *in)
{
    *d = (struct decoder){.encoding = ENC_PLAIN,
                          .line_start = true,
                          .made = input_offset(in),
                          .high_from = DECODE_NOWHERE,
                          .one_byte_from = DECODE_NOWHERE,
                          .inexact_from = DECODE_NOWHERE};
    const uint8_t *p;
    ptrdiff_t r = decode_look(in, GUESS_BYTES, &p, NULL);
    size_t n = r > 0 ? (size_t)r : 0;
    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        d->encoding = ENC_UTF8_MARK;
        input_consume(in, 3);
    } else if (n >= 2 &&
               (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)) {
        d->wide = true;
        d->big = p[0] == 0xfe;
        d->encoding = d->big ? ENC_UTF16BE_MARK : ENC_UTF16LE_MARK;
        input_consume(in, 2);
    } else {
        guess_wide(d, p, n);
    }
}

/* ---- one-byte text and UTF-8 ---- */

/* How many bytes from p on are neither NUL nor above 7F. */
static size_t plain_span(const uint8_t *p, size_t n)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = ones << 7;
    size_t i = 0;
    for (; n - i >= 8; i += 8) {
        uint64_t w;
        memcpy(&w, p + i, 8);
        if (((w | (w - ones)) & tops) != 0)
            break;
    }
    while (i < n && p[i] != 0 && p[i] < 0x80)
        i++;
    return i;
}

/* Follows UTF-8 byte by byte; any sequence it does not know is one-byte text. */
static void follow_utf8(struct decoder *d, uint8_t c, uint64_t at)
{
    mark_place(&d->high_from, at);
    if (d->more > 0) {
        if (c < d->low || c > d->high)
            mark_place(&d->one_byte_from, at);
        d->more--;
    } else if (c >= 0xc2 && c <= 0xf4) {
        d->lead_at = at;
        d->more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        d->low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
        d->high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
        return;
    } else {
        mark_place(&d->one_byte_from, at);
    }
    d->low = 0x80;
    d->high = 0xbf;
}

/* A sequence that lasts up to `at` is not continued there. */
static void break_utf8(struct decoder *d, uint64_t at)
{
    if (d->more > 0)
        mark_place(&d->one_byte_from, at - 1);
    d->more = 0;
}

/* A text that ends in a sequence was cut there, unless that is all it has of UTF-8. */
static void end_utf8(struct decoder *d)
{
    if (d->lead_at == d->high_from)
        break_utf8(d, d->made);
    d->more = 0;
}

/* A mark behind a LF, from files that were put together: returns its bytes, or 0. */
static size_t inner_mark(struct decoder *d, const uint8_t *p, size_t n)
{
    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        return 3;
    bool le = n >= 4 && p[0] == 0xff && p[1] == 0xfe && p[2] != 0 && p[3] == 0;
    bool be = n >= 4 && p[0] == 0xfe && p[1] == 0xff && p[2] == 0 && p[3] != 0;
    if (!le && !be)
        return 0;
    d->wide = true;
    d->big = be;
    return 2;
}

/* Bytes up to and with the last LF among n, or n when there is none. */
static size_t whole_lines(const uint8_t *p, size_t n)
{
    size_t i = n;
    while (i > 0 && p[i - 1] != '\n')
        i--;
    return i > 0 ? i : n;
}

static size_t decode_plain(struct decoder *d, const uint8_t *p, size_t n, uint8_t *out,
                           size_t room, size_t *used)
{
    size_t end = n >= MARK_BYTES ? n - MARK_BYTES + 1 : n;
    size_t i = 0, o = 0;
    end = whole_lines(p, end < room ? end : room);
    while (i < end && !d->wide) {
        size_t span = plain_span(p + i, end - i);
        if (span > 0) {
            break_utf8(d, d->made + o);
            memcpy(out + o, p + i, span);
            i += span;
            o += span;
            d->line_start = p[i - 1] == '\n';
            continue;
        }
        size_t mark = d->line_start ? inner_mark(d, p + i, n - i) : 0;
        if (mark > 0 || p[i] == 0) {
            d->dropped_nul |= mark == 0;
            mark_place(&d->inexact_from, d->made + o);
            i += mark > 0 ? mark : 1;
            continue;
        }
        if (d->one_byte_from == DECODE_NOWHERE)
            follow_utf8(d, p[i], d->made + o);
        d->line_start = false;
        out[o++] = p[i++];
    }
    *used = i;
    return o;
}

/* ---- UTF-16 ---- */

static size_t put_utf8(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
    out[0] = (uint8_t)(lead[n] | c);
    return n;
}

static uint32_t unit(const struct decoder *d, const uint8_t *p)
{
    return d->big ? (uint32_t)p[0] << 8 | p[1] : le16(p);
}

/* The character at p and the bytes it takes; U+FFFD for half a surrogate pair. */
static uint32_t wide_char(struct decoder *d, const uint8_t *p, size_t n, uint64_t at,
                          size_t *bytes)
{
    uint32_t c = unit(d, p);
    *bytes = 2;
    if (c < 0xd800 || c > 0xdfff)
        return c;
    uint32_t second = n >= 4 ? unit(d, p + 2) : 0;
    if (c < 0xdc00 && second >= 0xdc00 && second <= 0xdfff) {
        *bytes = 4;
        return 0x10000 + ((c - 0xd800) << 10) + (second - 0xdc00);
    }
    mark_place(&d->inexact_from, at);
    return 0xfffd;
}

static size_t decode_wide(struct decoder *d, const uint8_t *p, size_t n, uint8_t *out,
                          size_t room, size_t *used)
{
    size_t end = n >= 2 * ASCII_BYTES ? n - ASCII_BYTES : n;
    size_t i = 0, o = 0;
    while (i < end && room - o >= 4) {
        if (d->line_start && ascii_follows(p + i, n - i, ASCII_BYTES)) {
            d->wide = false;
            mark_place(&d->inexact_from, d->made + o);
            break;
        }
        if (n - i < 2) { /* half a character ends the file */
            mark_place(&d->inexact_from, d->made + o);
            i++;
            break;
        }
        size_t bytes;
        uint32_t c = wide_char(d, p + i, n - i, d->made + o, &bytes);
        i += bytes;
        bool mark = d->line_start && (c == 0xfeff || c == 0xfffe);
        if (c == 0xfffe && mark)
            d->big = !d->big;
        if (mark || c == 0) {
            mark_place(&d->inexact_from, d->made + o);
            d->dropped_nul |= !mark;
            continue;
        }
        o += put_utf8(out + o, c);
        d->line_start = c == '\n';
    }
    *used = i;
    return o;
}

ptrdiff_t decode_some(struct decoder *d, struct input *in, uint8_t *out, size_t room,
                      struct err *e)
{
    for (;;) {
        const uint8_t *p;
        ptrdiff_t n = decode_look(in, d->wide ? 2 * ASCII_BYTES : MARK_BYTES, &p, e);
        if (n <= 0) {
            end_utf8(d);
            return n;
        }
        size_t used;
        size_t made = d->wide ? decode_wide(d, p, (size_t)n, out, room, &used)
                              : decode_plain(d, p, (size_t)n, out, room, &used);
        input_consume(in, used);
        d->made += made;
        if (made > 0)
            return (ptrdiff_t)made;
    }
}
