/* SPDX-License-Identifier: MIT */
#include "formats/text/amount.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/bytes.h"

/* Length of the group sign at p, or 0. */
static size_t group_sign(const char *p, size_t n)
{
    static const char *const signs[] = {
        ",",   ".", "'", " ", "\xc2\xa0", "\xe2\x80\x89", "\xe2\x80\x99", "\xe2\x80\xaf",
        "\xa0"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t len = strlen(signs[i]);
        if (n >= len && memcmp(p, signs[i], len) == 0)
            return len;
    }
    return 0;
}

static size_t count_digits(const char *p, size_t n)
{
    size_t k = 0;
    while (k < n && ascii_digit(p[k]))
        k++;
    return k;
}

static bool add_digits(const char *p, size_t k, uint64_t *v)
{
    for (size_t i = 0; i < k; i++)
        if (!mul_u64(*v, 10, v) || !add_u64(*v, (uint64_t)(p[i] - '0'), v))
            return false;
    return true;
}

/* Reads a whole number with its groups; returns its length, 0 when there is none. */
static size_t take_count(const char *p, size_t n, uint64_t *v)
{
    size_t at = count_digits(p, n);
    *v = 0;
    if (at == 0 || !add_digits(p, at, v))
        return 0;
    const size_t sign = at <= 3 ? group_sign(p + at, n - at) : 0;
    const char *mark = p + at;
    size_t last = 3;
    while (sign > 0 && n - at > sign && memcmp(p + at, mark, sign) == 0) {
        size_t k = count_digits(p + at + sign, n - at - sign);
        if ((k != 3 && k != 2) || last == 0)
            break;
        /* Two digits are a group only where a sign follows: 12,34,567. */
        size_t next = at + sign + k;
        if (k == 2 && (next == n || n - next < sign || memcmp(p + next, mark, sign) != 0))
            break;
        if (!add_digits(p + at + sign, k, v))
            return 0;
        at = next;
        last = k;
    }
    return last == 3 ? at : 0;
}

static void trim(const char **p, size_t *n)
{
    while (*n > 0 && ((*p)[0] == ' ' || (*p)[0] == '\t')) {
        (*p)++;
        (*n)--;
    }
    while (*n > 0 && ((*p)[*n - 1] == ' ' || (*p)[*n - 1] == '\t'))
        (*n)--;
}

bool amount_count(const char *p, size_t n, uint64_t *v)
{
    trim(&p, &n);
    return n > 0 && take_count(p, n, v) == n;
}

/* The power of 1024 that a unit stands for, or -1. */
static int unit_power(const char *p, size_t n)
{
    static const char letters[] = "BKMGTP";
    if (n == 0 || n > 3)
        return -1;
    char c = p[0] >= 'a' && p[0] <= 'z' ? (char)(p[0] - ('a' - 'A')) : p[0];
    const char *at = strchr(letters, c);
    if (c == '\0' || at == NULL)
        return -1;
    int power = (int)(at - letters);
    bool rest = n == 1 || (n == 2 && power > 0 && p[1] == 'B') ||
                (n == 3 && power > 0 && p[1] == 'i' && p[2] == 'B');
    return rest ? power : -1;
}

/* whole.fraction of 1024^power, to the nearest byte. */
static bool scale(uint64_t whole, uint64_t fraction, uint64_t tenths, int power,
                  uint64_t *bytes)
{
    uint64_t unit = (uint64_t)1 << (10 * power), part;
    if (!mul_u64(whole, unit, &whole) || !mul_u64(fraction, unit, &part))
        return false;
    return add_u64(whole, (part + tenths / 2) / tenths, bytes);
}

bool amount_size(const char *p, size_t n, struct amount_size *s)
{
    uint64_t whole, fraction = 0, tenths = 1;
    trim(&p, &n);
    size_t at = take_count(p, n, &whole);
    *s = (struct amount_size){0};
    if (at == 0)
        return false;
    if (n - at >= 2 && (p[at] == '.' || p[at] == ',') && ascii_digit(p[at + 1])) {
        size_t k = count_digits(p + at + 1, n - at - 1);
        if (k > 3 || !add_digits(p + at + 1, k, &fraction))
            return false;
        for (size_t i = 0; i < k; i++)
            tenths *= 10;
        at += 1 + k;
    }
    const char *unit = p + at;
    size_t unit_n = n - at;
    if (unit_n >= 2 && (uint8_t)unit[0] == 0xc2 && (uint8_t)unit[1] == 0xa0) {
        unit += 2;
        unit_n -= 2;
    }
    trim(&unit, &unit_n);
    int power = unit_n > 0 ? unit_power(unit, unit_n) : 0;
    if (power < 0 || (power == 0 && tenths > 1))
        return false;
    s->unit = unit_n > 0;
    s->rounded = power > 0;
    return scale(whole, fraction, tenths, power, &s->bytes);
}
