/* SPDX-License-Identifier: MIT */
/* The gzip layer of formats/io/input.c; the raw source made here owns the one below. */
#ifndef FORMATS_GUNZIP_H
#define FORMATS_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/input.h"
#include "formats/limits.h"

#define GUNZIP_ROOM ((size_t)64 * 1024)

/* True when these first bytes, as many of them as there are, begin a gzip member. */
bool gunzip_magic(const uint8_t *p, size_t n);

/* Sets *raw to the inflated bytes of `below`, from which the n bytes at `first`
 * (n <= GUNZIP_ROOM) have been read already.  `below` is taken over on success only. */
int gunzip_raw(struct input_raw *raw, struct input_raw below, const uint8_t *first,
               size_t n, const struct limits *l, struct err *e) ERR_WARN_UNUSED;

#endif
