/* SPDX-License-Identifier: MIT */
/* What psz_unpack.c prepares and psz_decode.c hands out; everything here is owned by the
 * struct psz_decoder. */
#ifndef FORMATS_PSZ_DECODER_H
#define FORMATS_PSZ_DECODER_H

#include "formats/psz/columns.h"
#include "formats/psz/format.h"
#include "formats/psz/head.h"
#include "formats/psz/order.h"
#include "formats/psz/row.h"

/* The state of one row of the block, at the snapshot handed out last. */
struct psz_history {
    struct psz_figures now;
    uint64_t step;
    uint64_t first_frees, first_live, first_size, first_rest;
    struct psz_rare rare;
    struct psz_stream_in allocs, live, bytes; /* what is still to come */
    uint32_t rare_at; /* number of the snapshot, from 1, that changed `rare` last */
    bool was_wide;    /* before that */
    struct pool_tag tag;
    uint8_t pool;
    bool begun, present;
};

/* The rows of a lane are rows[first] to rows[first + n - 1]. */
struct psz_lane_rows {
    uint32_t snapshots;
    size_t first, n;
    size_t flags, stride; /* in the stream of flags; bytes a row */
};

struct psz_decoder {
    struct limits limits;
    uint32_t snapshots, done;
    uint64_t rows_left; /* of all snapshots together, as promised */
    struct psz_rare base;
    struct psz_texts texts;
    struct psz_text_map map;
    struct psz_lane *lanes;
    struct psz_lane_rows *lane_rows;
    size_t n_lanes;
    struct psz_history *rows;
    size_t n_rows;
    struct psz_place *places; /* two times the rows */

    uint8_t *raw; /* all streams, unpacked */
    const uint8_t *stream[PSZ_STREAMS];
    size_t stream_n[PSZ_STREAMS];
    struct psz_stream_in heads, order, rare, events;
    uint64_t missed[PSZ_BLOCK_SNAPSHOTS][TOTALS];
    struct psz_zip *zip;
};

/* The row appears, changes, or is gone, at the snapshot of that number, from 1. */
int psz_apply_turn(struct psz_history *h, uint32_t snapshot,
                   struct err *e) ERR_WARN_UNUSED;
/* Lanes and keys, and only those streams unpacked whose bits are set; texts and keys
 * always must be. */
int psz_unpack(struct psz_decoder *dec, const uint8_t *p, size_t n, uint32_t streams,
               struct err *e) ERR_WARN_UNUSED;
struct psz_stream_in psz_stream_of(const struct psz_decoder *dec, enum psz_stream i);
int psz_read_first(struct psz_decoder *dec, struct err *e) ERR_WARN_UNUSED;
/* How many flags of each row are set; turns has room for the rows. */
int psz_count_turns(const struct psz_decoder *dec, uint16_t *turns,
                    struct err *e) ERR_WARN_UNUSED;
/* Rows by the magnitude of their first frees, largest first, then by number. */
void psz_sort_busy(const struct psz_decoder *dec, size_t *sorted);
/* Cuts n varints off the front of *in. */
struct psz_stream_in psz_cut_varints(struct psz_stream_in *in, size_t n, bool residuals);
/* Reads the next head into *s, which is cleared, and its notes; 0 when its lines cannot
 * be passed without its rows.  *lane is its lane. */
int psz_pass_head(struct psz_decoder *dec, struct pool_snapshot *s,
                  struct psz_head_late *late, size_t *lane,
                  struct err *e) ERR_WARN_UNUSED;
/* Frees what belongs to one block. */
void psz_decoder_empty(struct psz_decoder *dec);

#endif
