/* SPDX-License-Identifier: MIT */
#include "cli/render/inert.h"

#include <string.h>

struct span {
    uint32_t first, last;
};

static bool in_table(const struct span *t, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= t[i].first && c <= t[i].last)
            return true;
    return false;
}

/* Controls, and characters that are unseen or move others: soft hyphen, direction marks,
 * joiners, line separators, interlinear and tag characters, noncharacters. */
static bool shown(uint32_t c)
{
    static const struct span hidden[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},     {0x34f, 0x34f},
        {0x61c, 0x61c},   {0x115f, 0x1160},   {0x17b4, 0x17b5}, {0x180b, 0x180f},
        {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f}, {0x3164, 0x3164},
        {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},   {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
        {0xfffe, 0xffff}, {0xe0000, 0xe0fff}, {0xe000, 0xf8ff}, {0xf0000, 0x10ffff},
    };
    return !in_table(hidden, sizeof hidden / sizeof *hidden, c);
}

static unsigned columns_of(uint32_t c)
{
    static const struct span wide[] = {
        {0x1100, 0x115f}, {0x231a, 0x231b},   {0x2e80, 0xa4cf},   {0xa960, 0xa97f},
        {0xac00, 0xd7a3}, {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},
        {0xffe0, 0xffe6}, {0x1f000, 0x1fbff}, {0x20000, 0x3fffd},
    };
    return c >= 0x1100 && in_table(wide, sizeof wide / sizeof *wide, c) ? 2 : 1;
}

unsigned text_columns(const char *s, size_t n)
{
    unsigned columns = 0;
    for (size_t i = 0; i < n;) {
        uint32_t c = 0;
        size_t len = utf8_decode(s + i, n - i, &c);
        columns += columns_of(c);
        i += len > 0 ? len : 1;
    }
    return columns;
}

size_t text_fit(const char *s, size_t n, unsigned columns)
{
    size_t i = 0;
    while (i < n) {
        uint32_t c = 0;
        size_t len = utf8_decode(s + i, n - i, &c);
        unsigned width = columns_of(c);
        if (width > columns)
            break;
        columns -= width;
        i += len > 0 ? len : 1;
    }
    return i;
}

size_t inert_step(const char *s, size_t n, char out[INERT_MAX], size_t *written)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t c = 0;
    size_t len = utf8_decode(s, n, &c);
    if (len > 0 && shown(c)) {
        memcpy(out, s, len);
        *written = len;
        return len;
    }
    if (len == 0)
        len = 1;
    for (size_t i = 0; i < len; i++) {
        uint8_t b = (uint8_t)s[i];
        out[4 * i] = '\\';
        out[4 * i + 1] = 'x';
        out[4 * i + 2] = digits[b >> 4];
        out[4 * i + 3] = digits[b & 15];
    }
    *written = 4 * len;
    return len;
}
