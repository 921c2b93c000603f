/* SPDX-License-Identifier: MIT */
/* Where the rows of a poolmon capture go until it ends: its reader owns the struct
 * row_store and frees its storage with row_store_close; the snapshot is borrowed.
 *
 * A row waits in the memory of poolmon_fast.h where that can keep it, so that the next
 * capture need not read it again; else it stands plainly in the snapshot, below those
 * that waited before it. */
#ifndef FORMATS_ROW_STORE_H
#define FORMATS_ROW_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pool.h"
#include "formats/poolmon/poolmon_fast.h"
#include "formats/text/keys.h"
#include "formats/text/segment.h"

struct row_store {
    struct pool_snapshot *s;    /* between start and finish */
    struct fast_memory *memory; /* rows of earlier captures, or NULL */
    bool careful;               /* the memory is not asked */
    uint64_t *chains;           /* block_start; NULL: a row of this capture is plain */
    struct key_set keys;        /* of rows that the memory does not know */
    size_t in_columns;          /* of them, those in the columns of a known layout */
};

/* A row of the text, and what was made of it. */
struct row_taken {
    const struct text_line *line;
    const struct row_text *text;
    const struct pool_row *figures;
    bool known_layout; /* of formats/poolmon/poolmon_layout.h */
    bool plain;        /* the same line in the next capture must be read again */
};

int row_store_open(struct row_store *r, struct err *e) ERR_WARN_UNUSED;
void row_store_close(struct row_store *r);
/* A capture begins: nothing of it is there yet. */
void row_store_start(struct row_store *r, struct pool_snapshot *s,
                     const struct block_start *b);
/* Does this capture list the key already? */
bool row_store_has(const struct row_store *r, struct pool_tag tag, uint8_t pool);
/* The row is part of the snapshot from now on. */
int row_store_keep(struct row_store *r, const struct row_taken *row,
                   struct err *e) ERR_WARN_UNUSED;
/* text_format.run, up to that many rows in the snapshot; *last is the number of the last
 * line taken.  Not for a careful store. */
int row_store_run(struct row_store *r, struct text *text, size_t snapshot_rows,
                  uint64_t *last, struct err *e) ERR_WARN_UNUSED;
/* All rows stand in the snapshot, or it continues a chain; *in_columns of them keep the
 * columns of a known layout. */
int row_store_finish(struct row_store *r, size_t *in_columns,
                     struct err *e) ERR_WARN_UNUSED;

#endif
