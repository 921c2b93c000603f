/* SPDX-License-Identifier: MIT */
/* The end mark, which is also the index of the blocks since the end mark before it; the
 * caller owns a struct psz_index and frees it with psz_index_free. */
#ifndef FORMATS_PSZ_INDEX_H
#define FORMATS_PSZ_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/psz/columns.h"
#include "formats/psz/texts.h"

struct psz_index_block {
    uint64_t offset; /* of the block's frame in the file */
    struct psz_block_facts facts;
    size_t first_host, n_hosts; /* in psz_index.host_of */
    uint64_t behind;            /* offset of the end mark before its own, 0 = none */
};

struct psz_index {
    struct psz_index_block *blocks;
    size_t n, cap;
    struct psz_texts hosts;
    uint32_t *host_of; /* numbers in hosts; 0 is "no name" */
    size_t n_host_of, host_of_cap;
    uint64_t snapshots; /* of the whole file, up to this end mark */
    uint64_t before;    /* offset of the end mark before, 0 = none */
};

void psz_index_clear(struct psz_index *ix); /* empties, keeps storage */
void psz_index_free(struct psz_index *ix);
/* Adds a block; psz_index_add_host then adds its hosts, one by one. */
int psz_index_add(struct psz_index *ix, uint64_t offset,
                  const struct psz_block_facts *facts, struct err *e) ERR_WARN_UNUSED;
int psz_index_add_host(struct psz_index *ix, const char *host,
                       struct err *e) ERR_WARN_UNUSED;

/* Payload of an end mark.  Reading adds to *ix what this end mark lists and sets
 * snapshots and before; `own` is the offset of the end mark's frame. */
int psz_index_write(const struct psz_index *ix, struct buf *out,
                    struct err *e) ERR_WARN_UNUSED;
int psz_index_read(struct psz_index *ix, const uint8_t *p, size_t n, uint64_t own,
                   struct err *e) ERR_WARN_UNUSED;

/* ---- frames of an archive, for writer and appender ---- */

/* The frame of the encoder's block, which is then listed in *ix at that offset. */
int psz_frame_block(struct psz_encoder *enc, struct psz_index *ix, uint64_t offset,
                    uint32_t number, struct buf *frame, struct err *e) ERR_WARN_UNUSED;
int psz_frame_end(const struct psz_index *ix, uint32_t number, struct buf *frame,
                  struct err *e) ERR_WARN_UNUSED;

#endif
