/* SPDX-License-Identifier: MIT */
/* Where a segmenter stands between two blocks; its lists are borrowed from whoever filled
 * it.
 *
 * What a segmenter gives from there on, and how the stream ends, depends on nothing but
 * this and the bytes that follow (and on struct strays, which are only counted).  So two
 * segmenters that meet in the same seam go on alike, and one can take what the other
 * has given already. */
#ifndef FORMATS_SEAM_H
#define FORMATS_SEAM_H

#include "formats/text/segmenter.h"

struct seam {
    uint64_t at;     /* in the source: where the current line begins */
    uint64_t number; /* of that line, from where its segmenter began */
    const struct format *next, *last;
    bool apart, lost_bytes;
    struct pool_time time; /* of a line before that one ... */
    uint64_t time_line;    /* ... of this number */
    bool captioned;
    enum text_eol caption_eol;
    struct buf caption, lead, above;
};

/* False where the next block depends on more than a seam tells: odd bytes were seen, or
 * one half of a time. */
bool seam_here(const struct segmenter *g, struct seam *s);
bool seam_same(const struct seam *a, const struct seam *b);
/* The segmenter stands there, but for its text; lines of that seam are `lines` further on
 * in its input. */
int seam_set(struct segmenter *g, const struct seam *s, uint64_t lines,
             struct err *e) ERR_WARN_UNUSED;

#endif
