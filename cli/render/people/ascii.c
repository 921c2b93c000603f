/* SPDX-License-Identifier: MIT */
#include "cli/render/people/ascii.h"

#include <stdint.h>

#include "cli/render/inert.h"

/* Blocks of eight heights, and the lines and marks of charts. */
static char sign_of(uint32_t c)
{
    static const char heights[] = "_.-:=+*#";
    static const struct {
        uint16_t from;
        char to;
    } signs[] = {
        {0x2500, '-'}, {0x2502, '|'}, {0x250a, ':'}, {0x2514, '+'},
        {0x251c, '+'}, {0x2524, '+'}, {0x252c, '+'}, {0x2534, '+'},
        {0x00b7, '.'}, {0x25b2, '^'}, {0x2591, '.'}, {0x2506, ':'},
    };
    if (c >= 0x2581 && c <= 0x2588)
        return heights[c - 0x2581];
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].from == c)
            return signs[i].to;
    return '?';
}

void ascii_write(struct sink *out, const char *s, size_t n)
{
    size_t plain = 0; /* bytes before i that go out as they are */
    for (size_t i = 0; i < n;) {
        uint32_t c = 0;
        if ((unsigned char)s[i] < 0x80) {
            plain++;
            i++;
            continue;
        }
        size_t len = utf8_decode(s + i, n - i, &c);
        char sign[2] = {sign_of(c), '?'};
        sink_write(out, s + i - plain, plain);
        plain = 0;
        len = len > 0 ? len : 1;
        sink_write(out, sign, text_columns(s + i, len));
        i += len;
    }
    sink_write(out, s + n - plain, plain);
}
