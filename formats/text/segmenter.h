/* SPDX-License-Identifier: MIT */
/* Inside the segmenter of segment.h, which owns all of this: what it keeps from line to
 * line, and from one block to the next. */
#ifndef FORMATS_SEGMENTER_H
#define FORMATS_SEGMENTER_H

#include "formats/text/caption.h"
#include "formats/text/segment.h"
#include "formats/when.h"

struct scouting;

/* Lines that no block owns, for what is said at the end. */
struct strays {
    uint64_t prose, first_prose;
    uint64_t tag_lines; /* of a pooltag.txt */
    struct text_remark remark;
    uint64_t remark_line;
};

struct segmenter {
    struct text *text;
    const char *name; /* of the input, for messages */
    const struct format *forced;
    struct limits limits;
    struct reader_memory own, *lasting; /* the formats' contexts */
    bool careful;
    uint64_t *chains;
    struct scouting *scouting; /* a thread reads beforehand, or NULL */

    struct text_line line; /* the current one, when have_line */
    bool have_line;
    const struct format *next_owner; /* a block of this format begins at `line` */
    const struct format *last;       /* format of the last block */
    uint64_t blocks;
    bool apart;   /* a date, a caption or prose since the last line of a block */
    bool adjoins; /* the last block, to the one before it */
    bool chained; /* it was a capture of a chain */

    struct buf lead;  /* date, blank and chatter lines since the last block or prose */
    bool lost_bytes;  /* some line since the last finish is in no dress */
    struct buf above; /* the last lines of prose since the last block began */
    struct pool_time time;
    uint64_t time_line;
    struct when_half half; /* the last day or clock on a line of its own */
    struct caption caption;
    struct buf caption_text;
    enum text_eol caption_eol;
    bool have_caption;

    struct note_list notes;
    struct strays strays;
};

/* scouting.c: captures that another thread has read when the walk comes to them. */
int scouting_new(struct scouting **x, struct input *in, const struct reader_opts *o,
                 struct err *e) ERR_WARN_UNUSED;
void scouting_free(struct scouting *x); /* NULL is fine */
/* Refills *s with the next capture and returns 1; 0: it is to be read.  Only while
 * g->scouting is not NULL. */
int scouting_next(struct segmenter *g, struct pool_snapshot *s,
                  struct err *e) ERR_WARN_UNUSED;

/* segment_end.c: what is said of the input when it ends. */
int segment_nothing_found(struct segmenter *g, struct err *e) ERR_WARN_UNUSED;
int segment_end_notes(struct segmenter *g, struct err *e) ERR_WARN_UNUSED;
/* Adds those that came behind; their lines are that many further on in the input. */
void strays_join(struct strays *to, const struct strays *more, uint64_t lines);

#endif
