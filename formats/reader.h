/* SPDX-License-Identifier: MIT */
/* Bytes to snapshots: reader_open recognises the format by content; the caller owns the
 * struct reader and frees it with reader_close.
 *
 * Every format is one row of the table in formats/registry.c.  Binary formats are told by
 * their magic (or a vote on the whole).  Text is walked line by line by the segmenter
 * (formats/text/segment.h), which asks each text format whether a block of its own begins
 * here; what nobody claims is prose. */
#ifndef FORMATS_READER_H
#define FORMATS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/input.h"
#include "formats/io/output.h"
#include "formats/limits.h"
#include "formats/note.h"
#include "formats/pool.h"

struct text_format;
struct format_writer;

/* What some text formats keep from one input to the next, where a caller lets them:
 * captures of one machine repeat each other.  Begins as {0}; freed with
 * reader_memory_free. */
struct reader_memory {
    void *ctx[32];   /* one a row of format_table, opened when first needed */
    uint64_t chains; /* of captures, that had a number so far */
};
void reader_memory_free(struct reader_memory *m);

struct reader_opts {
    const char *from;   /* format name that is forced, or NULL: by content */
    const char *layout; /* of raw replies (rawtags_layout.h), or NULL: by content */
    bool salvage;       /* archives: pass over damaged blocks, with notes */
    bool careful;       /* no shortcuts: for tests, which want the same either way */
    struct reader_memory *memory; /* borrowed, one reader at work at a time; or NULL */
    bool follow;    /* where captures repeat each other, as chains (struct pool_chain);
                       only with a memory */
    size_t threads; /* that may work; 0 is 1 */
    size_t stretch; /* of a text that two of them read: bytes that one reads alone before
                       it waits for the other, for tests; 0: it never does */
    bool any_order; /* with follow: rows of whole captures in whatever order is at hand */
    /* Captures that were taken when it says no to may come without rows and totals; it
     * may be called from other threads.  NULL: all are wanted. */
    bool (*wanted)(const void *ctx, const struct pool_time *t);
    const void *wanted_ctx;
    struct limits limits;
};

/* A format whose bytes are not text. */
struct binary_format {
    /* True when these first bytes (at least 16 where the source has them) are ours; NULL
     * when the format has no magic. */
    bool (*magic)(const uint8_t *p, size_t n);
    /* For formats without one, else NULL: a second chance where nobody knows the first
     * bytes and they are no text.  Asked about the beginning, which must do for a maybe,
     * then about all bytes up to vote_bytes. */
    bool (*vote)(const uint8_t *p, size_t n, const struct reader_opts *o);
    size_t vote_bytes;
    int (*open)(void **ctx, struct input *in, const struct reader_opts *o, struct err *e);
    int (*next)(void *ctx, struct pool_snapshot *s, struct err *e); /* as reader_next */
    /* Notes about the input itself (block lost, no end mark); may be NULL. */
    const struct note_list *(*notes)(void *ctx);
    void (*close)(void *ctx);
};

struct format {
    const char *name;                   /* "poolmon": what people type after --from */
    const char *title;                  /* "PoolMon text": what people read */
    const char *suffixes;               /* ".txt .log": for people, never for detection */
    const struct binary_format *binary; /* one of the two, or neither: write only */
    const struct text_format *text;
    const struct format_writer *writer; /* or NULL: read only */
};

/* The one table, in alphabetical order, ended by a row whose name is NULL. */
extern const struct format format_table[];
const struct format *format_find(const char *name); /* or NULL */

struct reader;

/* Borrows `in` until reader_close.  Bytes that no format knows: ERR_UNSUPPORTED or
 * ERR_EMPTY with a message that says what they look like and what to send instead. */
int reader_open(struct reader **r, struct input *in, const struct reader_opts *o,
                struct err *e) ERR_WARN_UNUSED;
/* Refills *s and returns 1; 0 at the clean end; negative on error (snapshots already
 * given stay good).  A damaged but useful snapshot is given, with notes.  The reader
 * sets source, ordinal, format, line and every time it finds inside the text; it never
 * looks at file names or file times.  A text input without a single capture ends in
 * ERR_EMPTY with words and hint. */
int reader_next(struct reader *r, struct pool_snapshot *s, struct err *e) ERR_WARN_UNUSED;
/* Notes about the input as a whole, complete after the end. */
const struct note_list *reader_notes(const struct reader *r);
/* The format of the last snapshot, or of the input; never NULL after a snapshot. */
const struct format *reader_format(const struct reader *r);
void reader_close(struct reader *r);

/* ---- writers: snapshots to bytes ---- */

struct writer_opts {
    bool many;      /* more than one snapshot goes into this output */
    bool verbatim;  /* render captures as they were where that is possible */
    size_t threads; /* that may work; 0 is 1 */
};

struct format_writer {
    bool keeps_all; /* also records of events and totals, not only captures */
    bool follows;   /* takes captures as chains, and is faster with them */
    int (*begin)(void **ctx, struct sink *out, const struct writer_opts *o,
                 struct err *e);
    int (*snapshot)(void *ctx, const struct pool_snapshot *s, struct err *e);
    int (*end)(void *ctx, struct err *e); /* what must stand at the end of the output */
    void (*close)(void *ctx);             /* frees; also after an error */
};

#endif
