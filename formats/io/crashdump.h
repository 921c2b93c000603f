/* SPDX-License-Identifier: MIT */
/* The head of a kernel crash dump: pure functions over bytes that the caller owns. */
#ifndef FORMATS_CRASHDUMP_H
#define FORMATS_CRASHDUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True for both widths. */
bool crashdump_magic(const uint8_t *p, size_t n);
bool crashdump_is_64(const uint8_t *p);
/* True for the kind that holds no pages of the kernel's tables. */
bool crashdump_is_small(const uint8_t *p, size_t n);
/* "build 19041, x64, 16 processors, taken 2021-03-04T05:06:07Z, up for 3 days 4 h, stop
 * code D1, small dump": what is given, cut to `room`. */
void crashdump_facts(const uint8_t *p, size_t n, char *out, size_t room);

#endif
