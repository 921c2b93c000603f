/* SPDX-License-Identifier: MIT */
/* What append.c opens and append_write.c writes; everything here is owned by the struct
 * psz_appender. */
#ifndef FORMATS_PSZ_APPENDER_H
#define FORMATS_PSZ_APPENDER_H

#include "formats/psz/known.h"
#include "formats/psz/tail.h"
#include "formats/psz/tip.h"

/* Open links are folded into one block when they would be as many captures. */
#define PSZ_LINKS_MAX PSZ_BLOCK_SNAPSHOTS
/* More at once than this are a block. */
#define PSZ_LINKS_AT_ONCE 16

struct psz_appender {
    char *path;
    int fd;
    bool made;              /* the file, locked, and nothing in it counts yet */
    struct psz_tail tail;   /* where the file stands */
    struct psz_index fresh; /* of the end mark to come */
    struct buf frame, block;
    bool *loaded; /* for each block of tail.all: its marks are known */
    struct psz_known known;

    struct psz_tip tip; /* the archive's last captures, once `linking` */
    bool linking;
    struct buf links; /* the new captures as links, ... */
    struct psz_block_facts pending;
    struct psz_texts hosts;

    struct psz_encoder *enc; /* ... or, once there are too many, as a block */
    bool blocks;
    bool fold; /* which takes the place of the open links */
};

/* Called for each capture that the open links tell. */
typedef int psz_on_link(struct psz_appender *a, const struct pool_snapshot *s,
                        struct err *e);

/* The number in tail.all of the first block of links at the end; tail.all.n: none. */
size_t psz_first_link(const struct psz_appender *a);
/* Goes through the open links from the first; a->tip is then at its end. */
int psz_replay(struct psz_appender *a, psz_on_link *on, struct err *e) ERR_WARN_UNUSED;
int psz_append_one(struct psz_appender *a, const struct pool_snapshot *s,
                   struct err *e) ERR_WARN_UNUSED;
/* Makes count what was appended: it is on disk before its end mark is. */
int psz_append_commit(struct psz_appender *a, struct err *e) ERR_WARN_UNUSED;
/* Writes the last captures once more where that is worth its bytes. */
int psz_append_last(struct psz_appender *a, struct err *e) ERR_WARN_UNUSED;
/* Moves a fold, which was written behind the links, to their place. */
int psz_append_reclaim(struct psz_appender *a, struct err *e) ERR_WARN_UNUSED;

int psz_append_write(struct psz_appender *a, const uint8_t *p, size_t n, uint64_t at,
                     struct err *e) ERR_WARN_UNUSED;
int psz_append_sync(struct psz_appender *a, struct err *e) ERR_WARN_UNUSED;
int psz_append_cut(struct psz_appender *a, uint64_t size, struct err *e) ERR_WARN_UNUSED;

#endif
