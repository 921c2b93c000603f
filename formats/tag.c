/* SPDX-License-Identifier: MIT */
#include "formats/tag.h"

#include <string.h>

static bool plain(uint8_t c)
{
    return c >= 0x20 && c <= 0x7e;
}

static char hex_digit(unsigned v)
{
    return "0123456789abcdef"[v & 15];
}

size_t tag_text(struct pool_tag t, char out[TAG_TEXT_MAX])
{
    size_t n = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t c = t.b[i];
        if (plain(c)) {
            if (c == '\\')
                out[n++] = '\\';
            out[n++] = (char)c;
        } else {
            out[n++] = '\\';
            out[n++] = 'x';
            out[n++] = hex_digit(c >> 4);
            out[n++] = hex_digit(c);
        }
    }
    out[n] = '\0';
    return n;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool tag_parse(const char *text, struct pool_tag *t)
{
    struct pool_tag tag = {{' ', ' ', ' ', ' '}};
    size_t n = 0;
    while (*text != '\0') {
        uint8_t c = (uint8_t)*text++;
        if (n == 4 || c >= 0x7f)
            return false;
        if (c == '\\' && *text == '\\') {
            text++;
        } else if (c == '\\') {
            const int high = *text == 'x' ? hex_value(text[1]) : -1;
            const int low = high < 0 ? -1 : hex_value(text[2]);
            if (low < 0)
                return false;
            c = (uint8_t)(high * 16 + low);
            text += 3;
        }
        tag.b[n++] = c;
    }
    if (n > 0)
        *t = tag;
    return n > 0;
}

void tag_hex(struct pool_tag t, char out[TAG_HEX_MAX])
{
    for (int i = 0; i < 4; i++) {
        out[2 * i] = hex_digit(t.b[i] >> 4);
        out[2 * i + 1] = hex_digit(t.b[i]);
    }
    out[8] = '\0';
}

struct pool_tag tag_from(const char *p, size_t n)
{
    struct pool_tag t = {{' ', ' ', ' ', ' '}};
    memcpy(t.b, p, n < 4 ? n : 4);
    return t;
}

/* One element of a pattern at *p: a literal byte, `?`, or a set.  Steps *p behind it. */
static bool element_matches(const char **p, uint8_t c)
{
    const char *s = *p;
    if (*s == '\\' && s[1] != '\0') {
        *p = s + 2;
        return (uint8_t)s[1] == c;
    }
    const char *end = *s == '[' && s[1] != '\0' ? strchr(s + 2, ']') : NULL;
    if (end == NULL) {
        *p = s + 1;
        return *s == '?' || (uint8_t)*s == c;
    }
    *p = end + 1;
    s++;
    bool inverted = *s == '!' || *s == '^';
    if (inverted)
        s++;
    bool hit = false;
    for (; s < end; s++) {
        if (s + 2 < end && s[1] == '-') {
            hit |= (uint8_t)s[0] <= c && c <= (uint8_t)s[2];
            s += 2;
        } else {
            hit |= (uint8_t)*s == c;
        }
    }
    return hit != inverted;
}

/* Matches the tag from byte i on.  A run of padding may stand where the pattern ends,
 * unless the pattern had a star.  The depth is bounded: each star is tried at no more
 * than five places and consecutive stars are one. */
static bool match_from(const char *p, struct pool_tag t, int i, bool starred)
{
    while (*p != '\0') {
        if (*p == '*') {
            while (*p == '*')
                p++;
            for (int k = i; k <= 4; k++)
                if (match_from(p, t, k, true))
                    return true;
            return false;
        }
        if (i == 4 || !element_matches(&p, t.b[i]))
            return false;
        i++;
    }
    if (i == 4)
        return true;
    if (starred || i == 0)
        return false;
    uint8_t pad = t.b[i];
    if (pad != ' ' && pad != '\0')
        return false;
    for (; i < 4; i++)
        if (t.b[i] != pad)
            return false;
    return true;
}

bool tag_match(const char *pattern, struct pool_tag t)
{
    return match_from(pattern, t, 0, false);
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

bool tag_match_nearly(const char *pattern, struct pool_tag t)
{
    char folded[64];
    size_t n = strlen(pattern);
    while (n > 0 && pattern[n - 1] == ' ')
        n--;
    if (n >= sizeof folded)
        return false;
    for (size_t i = 0; i < n; i++)
        folded[i] = (char)lower((uint8_t)pattern[i]);
    folded[n] = '\0';
    struct pool_tag same, reversed;
    for (int i = 0; i < 4; i++) {
        same.b[i] = lower(t.b[i] & 0x7f);
        reversed.b[i] = lower(t.b[3 - i] & 0x7f);
    }
    return tag_match(folded, same) || tag_match(folded, reversed);
}
