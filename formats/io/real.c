/* SPDX-License-Identifier: MIT */
/* Printing is dear and reading back is, too, so both are done once at most where
 * arithmetic can tell the rest: 17 digits, rounded once more, are the 16 and the 15. */
#include "formats/io/real.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 17
#define EXACT  (UINT64_C(1) << 53) /* up to here every whole number is a double ... */
#define TENS   22                  /* ... and so are the powers of ten */

/* d.dddd times ten to the `tens`, as so many digits. */
struct decimal {
    uint64_t digits;
    int n, tens;
};

static void try_each(char out[REAL_TEXT], double v)
{
    for (int digits = 15; digits <= DIGITS; digits++) {
        (void)snprintf(out, REAL_TEXT, "%.*g", digits, v);
        if (strtod(out, NULL) == v)
            break;
    }
}

static struct decimal print(double v)
{
    char s[REAL_TEXT];
    struct decimal d = {.n = DIGITS};
    (void)snprintf(s, sizeof s, "%.*e", DIGITS - 1, v);
    for (const char *p = s; *p != 'e'; p++)
        if (*p >= '0' && *p <= '9')
            d.digits = d.digits * 10 + (uint64_t)(*p - '0');
    d.tens = (int)strtol(strchr(s, 'e') + 1, NULL, 10);
    return d;
}

static struct decimal whole_number(uint64_t v)
{
    struct decimal d = {.digits = v, .n = 1};
    for (; v >= 10; v /= 10)
        d.n++;
    d.tens = d.n - 1;
    return d;
}

/* False when the digits that go are just half a unit: they were rounded before, so nobody
 * knows on which side the number was. */
static bool shorten(const struct decimal *d, int n, struct decimal *out)
{
    uint64_t unit = n == DIGITS - 1 ? 10 : 100, gone = d->digits % unit;
    *out = (struct decimal){d->digits / unit + (2 * gone > unit), n, d->tens};
    uint64_t full = unit == 10 ? UINT64_C(10000000000000000) : UINT64_C(1000000000000000);
    if (out->digits == full) {
        out->digits /= 10;
        out->tens++;
    }
    return 2 * gone != unit;
}

static char *zeros(char *p, int n)
{
    for (; n > 0; n--)
        *p++ = '0';
    return p;
}

/* Of at most DIGITS digits.  As %g does: no zeros at the end, and tens apart where there
 * would be many. */
static void put(char *p, bool negative, struct decimal d)
{
    char digits[DIGITS];
    bool apart = d.tens < -4 || d.tens >= d.n;
    for (; d.digits % 10 == 0; d.n--)
        d.digits /= 10;
    for (int i = d.n; i-- > 0; d.digits /= 10)
        digits[i] = (char)('0' + d.digits % 10);
    int whole = apart ? 1 : d.tens < 0 ? 0 : d.tens + 1;
    if (negative)
        *p++ = '-';
    if (whole == 0) {
        memcpy(p, "0.", 2);
        p = zeros(p + 2, -d.tens - 1);
    }
    for (int i = 0; i < d.n; i++) {
        if (i == whole && i > 0)
            *p++ = '.';
        *p++ = digits[i];
    }
    p = zeros(p, whole - d.n);
    *p = '\0';
    if (apart)
        (void)snprintf(p, 16, "e%c%02d", d.tens < 0 ? '-' : '+', abs(d.tens));
}

/* One rounding of two exact numbers is what reading the text would give. */
static bool reads_back(const struct decimal *d, double v)
{
    static const double ten[TENS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int k = d->tens - (d->n - 1);
    if (FLT_EVAL_METHOD == 0 && d->digits <= EXACT && k >= -TENS && k <= TENS) {
        double digits = (double)d->digits;
        return (k < 0 ? digits / ten[-k] : digits * ten[k]) == fabs(v);
    }
    char s[REAL_TEXT];
    put(s, v < 0, *d);
    return strtod(s, NULL) == v;
}

void real_text(char out[REAL_TEXT], double v)
{
    if (v == 0) {
        memcpy(out, "0", 2);
        return;
    }
    if (fabs(v) < 1e15 && v == (double)(int64_t)v) {
        put(out, v < 0, whole_number((uint64_t)fabs(v)));
        return;
    }
    struct decimal d = print(v), shorter;
    for (int n = 15; n < DIGITS; n++) {
        if (!shorten(&d, n, &shorter)) {
            try_each(out, v);
            return;
        }
        if (reads_back(&shorter, v)) {
            put(out, v < 0, shorter);
            return;
        }
    }
    put(out, v < 0, d);
}
