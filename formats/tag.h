/* SPDX-License-Identifier: MIT */
/* A pool tag is four bytes, compared as bytes, never a C string; every function
 * here is pure and owns nothing.
 *
 * Bytes stand in memory order, as poolmon prints them: "Proc" is 50 72 6f 63.
 * Bit 31 of the last byte may be set (a "protected" tag). */
#ifndef FORMATS_TAG_H
#define FORMATS_TAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool_tag {
    uint8_t b[4];
};

static inline uint32_t tag_key(struct pool_tag t)
{
    return (uint32_t)t.b[0] << 24 | (uint32_t)t.b[1] << 16 | (uint32_t)t.b[2] << 8 |
           t.b[3];
}

static inline bool tag_equal(struct pool_tag a, struct pool_tag b)
{
    return tag_key(a) == tag_key(b);
}

/* memcmp order of the four bytes. */
static inline int tag_compare(struct pool_tag a, struct pool_tag b)
{
    return tag_key(a) < tag_key(b) ? -1 : tag_key(a) > tag_key(b);
}

#define TAG_TEXT_MAX 17 /* four escapes of four characters, and NUL */
#define TAG_HEX_MAX  9

/* Writes the escaped text (0x20-0x7e as they are except `\` as `\\`, others
 * `\xhh`; blanks kept, so at least four characters) and returns its length. */
size_t tag_text(struct pool_tag t, char out[TAG_TEXT_MAX]);
/* The reverse: true and *t when the text is one to four bytes, escaped as tag_text does
 * (a byte beyond ASCII only so); a shorter one is padded with blanks. */
bool tag_parse(const char *text, struct pool_tag *t);
/* Eight lower-case hexadecimal digits in memory order. */
void tag_hex(struct pool_tag t, char out[TAG_HEX_MAX]);

/* A tag from at most four bytes, padded with blanks on the right. */
struct pool_tag tag_from(const char *p, size_t n);

/* True when `pattern` (`*`, `?`, `[set]`, `\` escapes; case-sensitive) matches all
 * four bytes.  A pattern that matches fewer bytes and has no `*` also matches when
 * the rest of the tag is blanks or NULs. */
bool tag_match(const char *pattern, struct pool_tag t);
/* True when some other case, padding or byte order of the pattern would match:
 * for hints about patterns that matched nothing. */
bool tag_match_nearly(const char *pattern, struct pool_tag t);

#endif
