/* SPDX-License-Identifier: MIT */
/* Marks of the captures that an archive holds, to know a duplicate again; the caller
 * owns a struct psz_known and frees it with psz_known_free.
 *
 * A mark is 128 bits of hash over host, scope, time and figures, so no capture is ever
 * compared row by row. */
#ifndef FORMATS_PSZ_KNOWN_H
#define FORMATS_PSZ_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/lookup.h"
#include "formats/pool.h"

struct psz_mark {
    uint64_t a, b;
};

struct psz_known {
    struct psz_mark *v;
    size_t n, cap;
    struct lookup by_mark;
};

struct psz_mark psz_mark_of(const struct pool_snapshot *s);
bool psz_known_has(const struct psz_known *k, struct psz_mark m);
int psz_known_add(struct psz_known *k, struct psz_mark m, struct err *e) ERR_WARN_UNUSED;
void psz_known_free(struct psz_known *k);

#endif
