/* SPDX-License-Identifier: MIT */
/* An archive by its index: one capture, or one row's history, without the blocks that do
 * not hold it; the caller owns a struct psz_file and frees it with psz_file_close.
 *
 * Nothing here looks at the rest of the file, so damage elsewhere goes unseen: that is
 * the plain reader's business.
 *
 *     struct psz_file *f;
 *     TRY(psz_file_open(&f, "week.psz", &limits, e));
 *     if (f != NULL)     // NULL: read it from front to back
 *         r = psz_history(f, &(struct psz_want){.tag = tag, .pool = POOL_PAGED}, on, x,
 * e); psz_file_close(f);
 */
#ifndef FORMATS_PSZ_FILE_H
#define FORMATS_PSZ_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/limits.h"
#include "formats/pool.h"

struct psz_file;

/* *f stays NULL, and the result is 0, when the file is no archive that ends in a sound
 * end mark. */
int psz_file_open(struct psz_file **f, const char *path, const struct limits *l,
                  struct err *e) ERR_WARN_UNUSED;
void psz_file_close(struct psz_file *f);
uint64_t psz_file_count(const struct psz_file *f);
/* The capture of that number, from 1, in the order of the file; it must exist. */
int psz_file_at(struct psz_file *f, uint64_t number, struct pool_snapshot *s,
                struct err *e) ERR_WARN_UNUSED;
/* The number of the latest capture not after that time (ms as when_order_ms); of several
 * the last in the file.  0 when there is none, or the index cannot tell: records that
 * are no captures, or times that are missing or doubtful. */
int psz_file_latest(struct psz_file *f, int64_t ms, uint64_t *number,
                    struct err *e) ERR_WARN_UNUSED;

/* ---- one row through the whole archive ---- */

struct psz_want {
    struct pool_tag tag;
    enum pool_kind pool;
    bool counters; /* also allocations and frees, which are half of an archive */
};

struct psz_point {
    uint64_t number;               /* of the capture, from 1 */
    const struct pool_snapshot *s; /* host, time, scope ...: without rows and totals */
    const struct pool_row *row;    /* NULL where the capture does not list it; without
                                      its texts and line, and without what was not
                                      wanted */
};

/* Calls `on` for every record of the archive in the order of the file.  Only the streams
 * that are needed are unpacked, and only that row is followed.  Of a key that a capture
 * lists twice it is the first copy of the block. */
int psz_history(struct psz_file *f, const struct psz_want *want,
                int (*on)(void *ctx, const struct psz_point *p, struct err *e), void *ctx,
                struct err *e) ERR_WARN_UNUSED;

#endif
