/* SPDX-License-Identifier: MIT */
/* Numbers as windows show them to people, in any country's punctuation; pure, nobody
 * owns anything.
 *
 *     8665967   8,665,967   8.665.967   8 665 967   8'665'967   1.39 GB   1,023.5 kB
 *
 * Groups have three digits (two before the last three as in India) and one sign between
 * them all: , . ' a blank, U+00A0, U+2009, U+2019 or U+202F.  Units count in 1024. */
#ifndef FORMATS_AMOUNT_H
#define FORMATS_AMOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole number, grouped or not; false when [p, p+n) is anything else. */
bool amount_count(const char *p, size_t n, uint64_t *v);

struct amount_size {
    uint64_t bytes;
    bool unit;    /* a unit stands behind the number: B, KB, kB, KiB, MB ... */
    bool rounded; /* a unit above B: the last digits were not printed */
};

/* A size; a number without unit counts bytes.  A lone , or . with three digits behind it
 * parts groups, with one or two a fraction. */
bool amount_size(const char *p, size_t n, struct amount_size *s);

#endif
