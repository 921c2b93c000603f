/* SPDX-License-Identifier: MIT */
/* Links: one capture told by what it changes in the capture before it, for archives that
 * grow by one capture at a time; a struct psz_link is scratch that the caller owns, {0}
 * at first, and frees with psz_link_free.
 *
 * A link is a function of two captures and of nothing else, so a writer needs only the
 * last capture of a lane, wherever it found it. */
#ifndef FORMATS_PSZ_LINK_H
#define FORMATS_PSZ_LINK_H

#include <string.h>

#include "formats/limits.h"
#include "formats/psz/format.h"
#include "formats/psz/head.h"
#include "formats/psz/order.h"
#include "formats/psz/row.h"

struct psz_link {
    struct psz_texts texts; /* those of the capture before, then those of the link */
    struct psz_text_map map;
    struct psz_lane lane;     /* as the capture before leaves it */
    struct psz_place *places; /* two times the rows */
    size_t places_cap;
    uint32_t *busy; /* rows of the capture before, those with the most frees first */
    size_t busy_cap;
    uint32_t *match; /* writing: of each row the row before, of each row before the row;
                        reading: whether a row is of a new kind, or gone */
    size_t match_cap;
    uint64_t *sorted; /* writing: the rows before, by tag and pool */
    size_t sorted_cap;
    uint32_t *used; /* writing: where a key begins there, how many of it are taken */
    size_t used_cap;
    uint64_t *fresh; /* writing: the new rows, sorted */
    size_t n_fresh, fresh_cap;
    struct pool_row *rows; /* reading: as they stood before, then the new ones */
    size_t rows_cap;
    struct psz_rare *rare; /* reading: of rows of a new kind */
    size_t rare_cap;
    struct buf raw[PSZ_STREAMS], body;
    struct psz_zip *zip;
};

void psz_link_free(struct psz_link *l);

/* Appends the packed difference to *out; rows of both are plain (pool_snapshot_copy).
 * `before` is NULL for the first of its lane, else of the same host, record, scope and
 * session. */
int psz_link_write(struct psz_link *l, const struct pool_snapshot *before,
                   const struct pool_snapshot *s, struct buf *out,
                   struct err *e) ERR_WARN_UNUSED;
/* Fills *s, which must be another one than *before. */
int psz_link_read(struct psz_link *l, const struct pool_snapshot *before,
                  const uint8_t *p, size_t n, const struct limits *limits,
                  struct pool_snapshot *s, struct err *e) ERR_WARN_UNUSED;

/* ---- shared by link.c and link_read.c ---- */

#define PSZ_NO_ROW UINT32_MAX

/* What both sides know before they begin: lane, texts and the order of the rows. */
int psz_link_prime(struct psz_link *l, const struct pool_snapshot *before,
                   struct err *e) ERR_WARN_UNUSED;
static inline int psz_link_text(struct psz_link *l, const struct pool_snapshot *s,
                                uint32_t offset, uint32_t *number, struct err *e)
{
    *number = 0;
    return offset == 0
               ? 0
               : psz_texts_put(&l->texts, pool_snapshot_str(s, offset), number, e);
}
/* Figures and rare rest of a row of *s, texts as numbers of the link. */
int psz_link_split(struct psz_link *l, const struct pool_snapshot *s,
                   const struct pool_row *row, struct psz_figures *f, struct psz_rare *r,
                   struct err *e) ERR_WARN_UNUSED;

#endif
