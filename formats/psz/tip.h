/* SPDX-License-Identifier: MIT */
/* The tip of an archive: the last capture of each lane, to which links add; the caller
 * owns a struct psz_tip, {0} at first, and frees it with psz_tip_free.
 *
 * Links begin behind a block that stands alone.  Lanes are numbered as they first occur
 * in it, then as links bring new ones. */
#ifndef FORMATS_PSZ_TIP_H
#define FORMATS_PSZ_TIP_H

#include "formats/psz/columns.h"
#include "formats/psz/link.h"

struct psz_tip {
    struct pool_snapshot *v; /* the last capture of each lane */
    size_t n, cap;
    struct pool_snapshot spare;
    struct psz_link link, whole; /* whole: for psz_tip_save */
    struct psz_decoder *dec;
};

void psz_tip_free(struct psz_tip *c);
/* Nothing before: every lane is new. */
void psz_tip_clear(struct psz_tip *c);
/* What a block's payload leaves behind. */
int psz_tip_begin(struct psz_tip *c, const uint8_t *p, size_t n, const struct limits *l,
                  struct err *e) ERR_WARN_UNUSED;
/* One link from a payload of links; *s then points to what it tells, which belongs to
 * the tip and is valid until the next call. */
int psz_tip_next(struct psz_tip *c, struct psz_stream_in *in, const struct limits *l,
                 const struct pool_snapshot **s, struct err *e) ERR_WARN_UNUSED;
/* Appends the link of the next capture to *out. */
int psz_tip_add(struct psz_tip *c, const struct pool_snapshot *s, struct buf *out,
                struct err *e) ERR_WARN_UNUSED;

/* The frame PSZ_FRAME_LAST behind an archive of so many bytes; empty where the file is
 * too small for it to be worth its bytes.  Its payload ends in its own length, as that of
 * an end mark does. */
int psz_tip_save(struct psz_tip *c, uint64_t size, uint32_t number, struct buf *frame,
                 struct err *e) ERR_WARN_UNUSED;
bool psz_tip_worth(uint64_t size);
int psz_tip_load(struct psz_tip *c, const uint8_t *p, size_t n, const struct limits *l,
                 struct err *e) ERR_WARN_UNUSED;

#endif
