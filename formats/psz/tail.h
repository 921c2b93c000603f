/* SPDX-License-Identifier: MIT */
/* Where an archive ends and what it holds, found in an open file; the caller owns a
 * struct psz_tail and frees it with psz_tail_free, and keeps the descriptor. */
#ifndef FORMATS_PSZ_TAIL_H
#define FORMATS_PSZ_TAIL_H

#include <stdint.h>

#include "formats/frame.h"
#include "formats/psz/index.h"

struct psz_tail {
    uint64_t size;     /* of the file */
    uint64_t end;      /* behind the last end mark that counts, and what belongs to it */
    uint64_t last_end; /* where that end mark stands */
    uint64_t behind_end;  /* the first byte behind it */
    uint64_t last;        /* PSZ_FRAME_LAST, there if anywhere; 0 = none */
    uint32_t frames;      /* number of the next frame */
    uint64_t snapshots;   /* in the whole file */
    uint16_t minor;       /* version of the file */
    struct psz_index all; /* blocks of all end marks, by offset */
};

/* A file without a sound end mark, or damaged before it, is ERR_FORMAT. */
int psz_tail_find(struct psz_tail *t, int fd, const char *name,
                  struct err *e) ERR_WARN_UNUSED;
/* The same of a file that ends in an end mark; any other is ERR_FORMAT. */
int psz_tail_quick(struct psz_tail *t, int fd, struct err *e) ERR_WARN_UNUSED;
void psz_tail_free(struct psz_tail *t);
/* Reads *n bytes, or as many as there are behind that offset, and says how many. */
int psz_tail_read(int fd, uint64_t offset, uint8_t *p, size_t *n,
                  struct err *e) ERR_WARN_UNUSED;
/* Reads the frame at that offset into *b, where f->p then points. */
int psz_tail_frame(int fd, uint64_t offset, struct buf *b, struct frame *f,
                   struct err *e) ERR_WARN_UNUSED;

#endif
