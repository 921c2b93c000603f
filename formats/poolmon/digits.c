/* SPDX-License-Identifier: MIT */
/* Eight characters at a time, as one integer whose lowest byte is the first of them. */
#include "formats/poolmon/digits.h"

#include "formats/bytes.h"

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The last 8 columns of a figure, the first `gone` of which are not its own. */
static bool eight(const char *p, unsigned gone, uint64_t *value, unsigned *digits,
                  bool *zero)
{
    uint64_t x = le64((const uint8_t *)p);
    if (gone > 0) {
        uint64_t mine = UINT64_MAX << (8 * gone);
        x = (x & mine) | (EACH(0x20) & ~mine);
    }
    uint64_t z = x ^ EACH(0x30); /* digits become 0 to 9 */
    uint64_t others = ((z + EACH(0x76)) | z) & EACH(0x80);
    uint64_t mask = (others >> 7) * 0xff;
    if ((mask & (mask + 1)) != 0 || (x & mask) != (EACH(0x20) & mask))
        return false; /* not blanks and then digits */
    if (mask == UINT64_MAX) {
        *digits = 0;
        *value = 0;
        *zero = false;
        return true;
    }
    *zero = (z & (mask + 1) * 0xff) == 0;
    z &= ~mask;
    unsigned blanks = 0;
    for (; mask != 0; mask >>= 8)
        blanks++;
    *digits = 8 - blanks;
    z = z * 10 + (z >> 8);
    *value =
        ((z & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) +
         ((z >> 16) & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001)) >>
        32;
    return true;
}

bool digits_in_columns(const char *p, unsigned from, unsigned end, uint64_t *v)
{
    unsigned width = end - from, digits, more = 0;
    uint64_t high = 0;
    bool zero;
    while (width > 16) {
        if (p[end - width] != ' ')
            return false;
        width--;
    }
    if (!eight(p + end - 8, width < 8 ? 8 - width : 0, v, &digits, &zero) || digits == 0)
        return false;
    if (width > 8) {
        bool high_zero;
        if (!eight(p + end - 16, 16 - width, &high, &more, &high_zero))
            return false;
        if (more > 0) {
            if (digits != 8 || high_zero)
                return false;
            *v += high * 100000000;
            return true;
        }
    }
    return !zero || digits == 1;
}
