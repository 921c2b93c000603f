/* SPDX-License-Identifier: MIT */
/* Does a capture list only some tags: pure, nothing is owned. */
#ifndef FORMATS_POOLMON_PART_H
#define FORMATS_POOLMON_PART_H

#include <stdbool.h>

#include "formats/pool.h"

/* True when the rows hold less than half of what the header says their pools hold: a
 * filter left the others out.  A screen with more rows than the smallest console shows
 * was cut by the console instead. */
bool poolmon_is_part(const struct pool_snapshot *s, bool screen);

#endif
