/* SPDX-License-Identifier: MIT */
/* The block codec: up to 256 snapshots to one payload and back; the caller owns both
 * structs and frees them with their _free function, which takes NULL.
 *
 * A block stands alone.  Its rows' histories lie one behind the other, one stream for
 * each kind of figure, and what did not change costs a bit (psz.5). */
#ifndef FORMATS_PSZ_COLUMNS_H
#define FORMATS_PSZ_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/limits.h"
#include "formats/pool.h"

/* What the index says about a block. */
struct psz_block_facts {
    uint64_t snapshots, rows; /* rows: of all its snapshots together */
    bool timed, untimed;      /* some snapshots have a time, some have none */
    bool links;               /* not a block but links */
    bool odd; /* some are no captures, or their time can be read in two ways */
    int64_t first_time, last_time; /* the earliest and latest, ms as when_order_ms */
};

void psz_facts_add(struct psz_block_facts *f, const struct pool_snapshot *s);

struct psz_encoder;

int psz_encoder_new(struct psz_encoder **enc, struct err *e) ERR_WARN_UNUSED;
void psz_encoder_free(struct psz_encoder *enc);
/* True when the block should be finished before another snapshot is added. */
bool psz_encoder_full(const struct psz_encoder *enc);
bool psz_encoder_empty(const struct psz_encoder *enc);
/* Adds a snapshot.  After an error the encoder can only be freed.  A snapshot that
 * breaks an invariant of pool.h is ERR_BUG. */
int psz_encode(struct psz_encoder *enc, const struct pool_snapshot *s,
               struct err *e) ERR_WARN_UNUSED;
/* What the index will say about the block, before it is finished. */
struct psz_block_facts psz_encoder_facts(const struct psz_encoder *enc);
/* The host of the i-th lane, "" for none; NULL behind the last lane. */
const char *psz_encoder_host(const struct psz_encoder *enc, size_t i);
/* Appends the payload to *out and empties the encoder. */
int psz_encode_finish(struct psz_encoder *enc, struct buf *out,
                      struct err *e) ERR_WARN_UNUSED;
/* Exchanges the room that is needed to finish a block: of two encoders that are finished
 * by turns only one need have it. */
void psz_encoder_pass_on(struct psz_encoder *from, struct psz_encoder *to);

struct psz_decoder;

int psz_decoder_new(struct psz_decoder **dec, const struct limits *l,
                    struct err *e) ERR_WARN_UNUSED;
void psz_decoder_free(struct psz_decoder *dec);
/* Heads of a block, one at a time, and nothing else of it: for blocks of which no capture
 * is wanted.  Returns 1 when that is so, 0 when some may be, or heads do not tell. */
int psz_heads_open(struct psz_decoder *dec, const uint8_t *p, size_t n,
                   bool (*wanted)(const void *ctx, const struct pool_time *t),
                   const void *ctx, struct err *e) ERR_WARN_UNUSED;
/* As psz_decode_next, without rows, totals and events. */
int psz_heads_next(struct psz_decoder *dec, struct pool_snapshot *s,
                   struct err *e) ERR_WARN_UNUSED;

struct psz_follows;
struct worker;

/* Captures are handed on as chains (struct pool_chain); both are borrowed.  A worker that
 * is not NULL reads ahead; several decoders may share both when they work by turns.  Then
 * a payload must stay where it is as long as its block lasts. */
void psz_decoder_follow(struct psz_decoder *dec, struct psz_follows *follows,
                        struct worker *worker);
/* Unpacks a payload (which is not needed any more afterwards).  Payloads that lie about
 * themselves are ERR_FORMAT, sizes beyond the limits ERR_LIMIT. */
int psz_decode_open(struct psz_decoder *dec, const uint8_t *p, size_t n,
                    struct err *e) ERR_WARN_UNUSED;
/* The same in two steps: the first may be done beside another decoder that shares its
 * chains, the second may not. */
int psz_decode_unpack(struct psz_decoder *dec, const uint8_t *p, size_t n,
                      struct err *e) ERR_WARN_UNUSED;
int psz_decode_begin(struct psz_decoder *dec, struct err *e) ERR_WARN_UNUSED;
/* The same, and passes over so many snapshots; quickly where their rows need not be put
 * together for it. */
int psz_decode_at(struct psz_decoder *dec, const uint8_t *p, size_t n, uint32_t captures,
                  struct err *e) ERR_WARN_UNUSED;
/* As many as leave the last snapshot of each lane to come. */
#define PSZ_TO_LAST UINT32_MAX
/* Refills *s with the next snapshot of the block and returns 1, 0 behind the last. */
int psz_decode_next(struct psz_decoder *dec, struct pool_snapshot *s,
                    struct err *e) ERR_WARN_UNUSED;

#endif
