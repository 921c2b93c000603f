/* SPDX-License-Identifier: MIT */
/* What unpack.c and turns.c prepare, decode.c and follow.c hand out; everything here is
 * owned by the struct psz_decoder. */
#ifndef FORMATS_PSZ_DECODER_H
#define FORMATS_PSZ_DECODER_H

#include "formats/psz/columns.h"
#include "formats/psz/follow.h"
#include "formats/psz/format.h"
#include "formats/psz/head.h"
#include "formats/psz/order.h"
#include "formats/psz/row.h"
#include "formats/psz/unroll.h"

/* What turns of a row read and leave: callers that take many keep a copy in registers. */
struct psz_course {
    struct psz_figures now;
    uint64_t step;
    struct psz_stream_in allocs, live, bytes; /* what is still to come */
    bool begun, present;
};

/* The state of one row of the block, at the snapshot handed out last. */
struct psz_history {
    struct psz_course course;
    uint64_t first_frees, first_live, first_size, first_rest;
    struct psz_rare rare;
    uint32_t rare_at; /* number of the snapshot, from 1, that changed `rare` last */
    bool was_wide;    /* before that */
    struct pool_tag tag;
    uint8_t pool;
    bool repeated; /* another row of the lane has its tag and pool */
};

/* The rows of a lane are rows[first] to rows[first + n - 1]. */
struct psz_lane_rows {
    uint32_t snapshots;
    size_t first, n;
    size_t flags, stride; /* in the stream of flags; bytes a row */
    size_t turned, words; /* in the flags turned round; words a snapshot */

    /* Of the rows that are there, at the snapshot handed out last: */
    size_t present, listed[POOL_KINDS];
    size_t apart;               /* what they give, no row of a chain does */
    size_t huge;                /* they hold so much that sums may pass 2^64 */
    uint64_t bytes[POOL_KINDS]; /* modulo 2^64 */

    bool repeats;                 /* a row has the tag and pool of another one */
    bool unordered;               /* the lane's `order` was not brought up to date ... */
    struct psz_stream_in departs; /* ... but this would tell what departs from its rule */
    struct psz_follow *follow;    /* the lane's chain, or NULL */
};

/* Sums of rows below this do not pass 2^64. */
#define PSZ_HUGE_BYTES ((uint64_t)1 << 40)

/* A row that this snapshot changes, or that is new or gone. */
struct psz_touch {
    uint32_t row;
    bool was; /* there before */
};

struct psz_decoder {
    struct limits limits;
    uint32_t snapshots, done;
    uint64_t rows_left; /* of all snapshots together, as promised */
    bool early;         /* a block of PSZ_STREAMS_EARLY */
    struct psz_rare base;
    struct psz_texts texts;
    struct psz_text_map map;
    struct psz_lane *lanes;
    struct psz_lane_rows *lane_rows;
    size_t n_lanes;
    struct psz_history *rows;
    uint32_t *place; /* of each in the chain of its lane, where it has one */
    size_t n_rows;
    struct psz_place *places; /* two times the rows */
    struct psz_touch *touched;
    uint32_t *fresh; /* those that are new, in the order of their numbers */
    size_t n_touched, n_fresh;
    /* Storage stays from block to block. */
    size_t rows_cap, place_cap, places_cap, touched_cap, fresh_cap, raw_cap, turned_cap;

    uint8_t *raw;     /* all streams, unpacked */
    uint64_t *turned; /* flags: for each snapshot of a lane a bit for each of its rows */
    const uint8_t *stream[PSZ_STREAMS];
    size_t stream_n[PSZ_STREAMS];
    struct psz_stream_in heads, order, rare, events;
    uint64_t missed[PSZ_BLOCK_SNAPSHOTS][TOTALS];
    struct psz_zip *zip;
    struct psz_follows *follows; /* borrowed; NULL = no chains wanted */

    /* The short way: captures of the one lane that has rows, a stretch at a time. */
    bool plain;                    /* not in this block */
    size_t only;                   /* number of that lane; SIZE_MAX = there are others */
    struct psz_stretch stretch[2]; /* at hand, and the next one, by turns */
    unsigned at_hand;
    struct worker *worker;  /* borrowed; NULL = none */
    bool ahead;             /* it is reading the next one: rows are its own until then */
    const uint8_t *payload; /* of the block: needed where the short way ends in it */
    size_t payload_n;
};

/* Everything but texts and line. */
static inline void psz_show_row(const struct psz_history *h, struct pool_row *row)
{
    *row = (struct pool_row){.tag = h->tag, .pool = h->pool};
    psz_row_join(row, &h->course.now, &h->rare);
}

/* The row appears, changes, or is gone, at the snapshot of that number, from 1. */
int psz_apply_turn(struct psz_history *h, uint32_t snapshot,
                   struct err *e) ERR_WARN_UNUSED;
/* Lanes and keys, and only those streams unpacked whose bits are set; texts and keys
 * always must be. */
int psz_unpack(struct psz_decoder *dec, const uint8_t *p, size_t n, uint32_t streams,
               struct err *e) ERR_WARN_UNUSED;
struct psz_stream_in psz_stream_of(const struct psz_decoder *dec, enum psz_stream i);
int psz_read_first(struct psz_decoder *dec, struct err *e) ERR_WARN_UNUSED;
/* Rows were brought to a snapshot one by one: the sums of their lane are made anew. */
int psz_sum_lane(struct psz_decoder *dec, struct psz_lane_rows *lane,
                 struct err *e) ERR_WARN_UNUSED;
/* Turns the flags round (turns.c). */
int psz_turn_flags(struct psz_decoder *dec, struct err *e) ERR_WARN_UNUSED;
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
/* Waits until nobody reads ahead. */
void psz_decoder_rest(struct psz_decoder *dec);

#endif
