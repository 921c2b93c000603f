/* SPDX-License-Identifier: MIT */
/* What a snapshot says besides its rows, and the lanes that predict it; a lane's buffers
 * are freed with psz_lane_free.
 *
 * A lane is one machine, kind of record and scope within a block.  Every value is
 * predicted from the snapshot before it in its lane, a mask says which predictions
 * failed, and only those values are stored: a regular series costs a byte or two a
 * snapshot. */
#ifndef FORMATS_PSZ_HEAD_H
#define FORMATS_PSZ_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/pool.h"
#include "formats/psz/stream.h"
#include "formats/psz/texts.h"

/* The values, in the order of the mask's bits. */
enum psz_value {
    VALUE_TIME, /* ms */
    VALUE_ORDINAL,
    VALUE_LINE,
    VALUE_FIRST_ROW, /* line of the first row - line of the snapshot */
    VALUE_ORDER,     /* how the rows stand: order.h */
    VALUE_FORMAT,
    VALUE_TIME_SOURCE,
    VALUE_ZONE, /* 0 unknown, else minutes east + 32769 */
    VALUE_AMBIGUOUS,
    VALUE_OTHER_TIME, /* ms after `time` */
    VALUE_UPTIME,     /* seconds + 1, 0 unknown */
    VALUE_COMPLETENESS,
    VALUE_GIVEN,
    VALUE_DRESS, /* encoding * 2 + verbatim */
    VALUE_DRESS_HEAD,
    VALUE_DRESS_ROW,
    VALUE_DRESS_TAIL,
    VALUE_FACTS,
    PSZ_VALUES
};

struct psz_lane {
    uint32_t host; /* text */
    enum pool_record record;
    enum pool_scope scope;
    uint32_t session;
    uint32_t snapshots; /* of this lane in this block so far */

    uint64_t v[PSZ_VALUES]; /* of the snapshot before */
    uint64_t time_step, line_step;
    struct buf name;     /* template of the source's name, without NUL: name.h */
    struct buf name_now; /* the name of the snapshot before, without NUL */
    uint64_t totals[TOTALS];
    uint64_t sum_kib[POOL_KINDS]; /* of the rows' bytes */

    uint32_t *order; /* the rows of the snapshot before, as they stood */
    size_t n_order, order_cap;
    bool unplaced; /* the writer's rows do not know their places in it */
};

void psz_lane_free(struct psz_lane *lane);

/* Where texts of the block go in the snapshot that is being read: each is interned at
 * most once a snapshot. */
struct psz_text_map {
    const struct psz_texts *texts;
    uint32_t *offset; /* by number */
    uint64_t *stamp;  /* offset is valid when this equals `now` */
    uint64_t now;
    uint64_t named; /* bytes put into snapshots so far */
};

int psz_text_map_init(struct psz_text_map *m, const struct psz_texts *texts,
                      struct err *e) ERR_WARN_UNUSED;
void psz_text_map_free(struct psz_text_map *m);
/* Puts text `number` into s; a number that the block does not have, or more than
 * PSZ_NAMED_MAX bytes in all, is ERR_FORMAT. */
int psz_text_to(struct psz_text_map *m, struct pool_snapshot *s, uint64_t number,
                uint32_t *offset, struct err *e) ERR_WARN_UNUSED;

/* Appends what stands behind the lane number: mask, name, values, lines, notes. */
int psz_head_write(struct buf *out, struct psz_texts *texts, struct psz_lane *lane,
                   const struct pool_snapshot *s, uint64_t order,
                   struct err *e) ERR_WARN_UNUSED;

/* What the reader must apply after the rows are known. */
struct psz_head_late {
    uint64_t mask;
    uint64_t first_row_line;
    uint64_t order;
};

/* True when the rows' lines follow in the stream, which takes their number to pass. */
bool psz_head_irregular(const struct psz_head_late *late);

/* Reads mask, name and values into *s (whose host, record, scope and session come
 * from the lane). */
int psz_head_read(struct psz_stream_in *in, struct psz_text_map *texts,
                  struct psz_lane *lane, struct pool_snapshot *s,
                  struct psz_head_late *late, struct err *e) ERR_WARN_UNUSED;
/* Then, when the rows stand in their order, their lines, and the notes. */
int psz_head_read_late(struct psz_stream_in *in, struct psz_text_map *texts,
                       struct pool_snapshot *s, const struct psz_head_late *late,
                       struct err *e) ERR_WARN_UNUSED;

/* ---- totals: what each misses of its prediction ---- */

/* Once a snapshot, when its rows are complete. */
void psz_totals_write(struct psz_lane *lane, const struct pool_snapshot *s,
                      uint64_t missed[TOTALS]);
void psz_totals_read(struct psz_lane *lane, struct pool_snapshot *s,
                     const uint64_t missed[TOTALS]);

#endif
