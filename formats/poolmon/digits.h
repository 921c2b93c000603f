/* SPDX-License-Identifier: MIT */
/* Figures in columns to numbers: pure, nothing is owned. */
#ifndef FORMATS_DIGITS_H
#define FORMATS_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

/* Sets *v to the figure in the columns [from, end) of p: blanks, then at most 16 digits,
 * the first of which is 0 only when it is the only one.  False when that is not what
 * stands there.  Sixteen bytes before `end` must be there, whatever `from` is. */
bool digits_in_columns(const char *p, unsigned from, unsigned end, uint64_t *v);

#endif
