/* SPDX-License-Identifier: MIT */
/* Text to snapshots: one walk over the lines; segmenter_open borrows the input and
 * segmenter_close frees the struct segmenter.
 *
 * Each text format is asked "does a block of yours begin here?" and, once it owns a
 * block, "is this line still yours?".  What nobody claims is prose.  A block that prose
 * interrupts is suspended: it goes on when its format recognises a later line, unless
 * a new block begins before or the gap grows too long. */
#ifndef FORMATS_SEGMENT_H
#define FORMATS_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/input.h"
#include "formats/io/text.h"
#include "formats/note.h"
#include "formats/pool.h"
#include "formats/reader.h"

/* Confidences of text_format.begins; two formats nearer than CLAIM_NEAR to each other
 * make the line ambiguous. */
enum {
    CLAIM_NONE = 0,
    CLAIM_WEAK = 40,
    CLAIM_ROW = 70,
    CLAIM_SURE = 90,
    CLAIM_NEAR = 10
};

/* Results of text_format.feed; a positive number is the count of lines taken, the
 * given one first. */
enum { FEED_OTHER = 0, FEED_MINE = 1, FEED_NEXT = 1 << 20 };

/* What the segmenter knows when a block begins. */
struct block_start {
    const struct limits *limits;
    struct pool_encoding_facts {
        enum pool_encoding encoding;
        bool one_byte; /* bytes >= 0x80 stand for themselves, as far as is seen ahead: not
                          far where the format has `run`, which asks line by line */
    } text;
    /* Lines directly before the block (dates, blanks, chatter), with their ends: part
     * of the capture's dress, not of its figures. */
    const struct buf *lead;
    bool captioned; /* a caption stands before those lines */
    enum text_eol caption_eol;
    bool lost_before;        /* bytes of the source before the block are in no dress */
    const struct buf *above; /* the last lines of prose since the block before this one */
    bool careful;            /* reader_opts */
    uint64_t *chains;        /* counter of reader_memory; NULL: rows must be plain */
};

struct block_end {
    bool at_end;     /* the input ends here */
    bool lost_bytes; /* lines inside or behind the block are in no dress */
};

/* A line that is no block but tells what the input is. */
struct text_remark {
    const char *what; /* completes "expected ..., found ..."; NULL: harmless chatter */
    const char *hint;
};

/* All functions but `begins` and `remark` work on a context of their own, which
 * outlives blocks; with `remembers` inputs, too, where there is a reader_memory. */
struct text_format {
    /* How surely a block begins at lines[0]: a pure function of these lines. */
    int (*begins)(const struct text_line *lines, size_t n);
    /* Instead of the above, for a format that is asked last, and only where no other one
     * claims this line, or all of those behind it up to an empty one.  It sees the prose
     * above, too, and may say that this is no capture: then r->what is set. */
    int (*begins_last)(const struct buf *above, const struct text_line *lines, size_t n,
                       struct text_remark *r);
    int (*open)(void **ctx, struct err *e);
    /* Begins a block that fills *s (empty, time and host already set where lines before
     * the block gave them) until finish. */
    int (*start)(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e);
    /* FEED_OTHER, the count of lines taken, or FEED_NEXT: a new snapshot of this format
     * begins with this very line.  `ahead` is for text_peek and text_is_one_byte only. */
    int (*feed)(void *ctx, const struct text_line *line, struct text *ahead,
                struct err *e);
    /* Behind a line that feed took: takes lines that follow it where they are surely of
     * this block, and end it for nobody, by text_rest and text_skip; 1 when there were
     * any, else 0.  It spares the way through feed and text_next; NULL: never. */
    int (*run)(void *ctx, struct text *text, struct err *e);
    /* A block of this format begins inside one of its own: as feed, when both make one
     * snapshot; NULL: never. */
    int (*joins)(void *ctx, const struct buf *above, const struct text_line *line,
                 struct text *ahead, struct err *e);
    int (*finish)(void *ctx, const struct block_end *b, struct err *e);
    /* True when the line is known to this format without being part of a block. */
    bool (*remark)(const struct text_line *line, struct text_remark *r); /* or NULL */
    /* Name of the format whose captures the totals of this one complete when they stand
     * beside them (formats/text/attach.h), or NULL. */
    const char *supplements;
    bool remembers; /* its context outlives inputs; start forgets all that must not */
    void (*close)(void *ctx);
};

struct segmenter;

int segmenter_open(struct segmenter **g, struct input *in, const struct format *forced,
                   const struct reader_opts *o, struct err *e) ERR_WARN_UNUSED;
/* As reader_next. */
int segmenter_next(struct segmenter *g, struct pool_snapshot *s,
                   struct err *e) ERR_WARN_UNUSED;
const struct note_list *segmenter_notes(const struct segmenter *g);
const struct format *segmenter_format(const struct segmenter *g);
/* True when nothing but blank lines and chatter stood between the last block and the one
 * before it. */
bool segmenter_adjoins(const struct segmenter *g);
void segmenter_close(struct segmenter *g); /* NULL is fine */

#endif
