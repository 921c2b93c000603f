/* SPDX-License-Identifier: MIT */
/* The layout of a poolmon capture, learned while it is read, so that figures can be
 * printed again as they stood; the caller owns the struct dress_learner and frees its
 * storage with dress_free.
 *
 * A dress is three templates in the snapshot's strings.  They are text in which byte 01
 * introduces a field; each parameter is one printable character, a number being written
 * as '0' + value:
 *   T            the tag, four bytes
 *   P            the type, left-aligned in five columns
 *   a f d b p    Allocs Frees Diff Bytes Per Alloc, then A F B their changes; each with
 *                two numbers: blanks always printed before it, and the least width of
 *                blanks and figure together
 *   D            Mapped_Driver with two numbers: blanks before it where there is one,
 *                blanks printed where there is none
 *   t            a total: its enum total_field and its least width
 *   w            the capture's time as YYYY-MM-DD?HH:MM:SS, `?` being the parameter
 *   c            the caption of formats/text/caption.h
 *   -            the end of the line just before it is missing
 * `verbatim` is set only when every line of the capture was seen to fit. */
#ifndef FORMATS_DRESS_H
#define FORMATS_DRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/io/text.h"
#include "formats/pool.h"
#include "formats/poolmon/poolmon_head.h"
#include "formats/poolmon/poolmon_row.h"

/* What the rows have shown about the printing of one figure. */
struct field_shape {
    uint32_t exact;            /* width seen with blanks to spare, 0 = never */
    uint32_t least_0, least_1; /* least width seen with no and with one blank */
    uint32_t most_1;           /* and the greatest */
    bool clash;                /* two rows contradict each other */
};

struct dress_learner {
    struct buf head, tail;
    struct field_shape fig[FIGURES];
    uint32_t lead, gap; /* blanks before the tag, and between tag and type */
    uint32_t driver_gap, trail;
    bool driver_seen, trail_seen;
    bool deltas;
    uint64_t rows;
    uint8_t eol; /* enum text_eol of all lines but perhaps the last */
    bool eol_known, open_end;
    bool lost;   /* something cannot be rendered */
    bool uneven; /* no printing with fixed widths gives these rows */
};

void dress_free(struct dress_learner *d);
/* Forgets the last capture; `lead` holds the lines before it, `captioned` tells that a
 * caption with the line end `caption_eol` stands before those. */
int dress_start(struct dress_learner *d, const struct buf *lead, bool captioned,
                enum text_eol caption_eol, const struct pool_snapshot *s,
                struct err *e) ERR_WARN_UNUSED;
/* A header line, h its figures, or NULL for a line without any (also behind the rows). */
int dress_line(struct dress_learner *d, const struct text_line *l,
               const struct head_text *h, struct err *e) ERR_WARN_UNUSED;
/* False when no printing with fixed widths gives this row and those before it.  Twice the
 * same row teaches nothing new, as long as no other line stands between rows. */
bool dress_row(struct dress_learner *d, const struct text_line *l,
               const struct row_text *r);
/* True when a line that is no row stands behind the first one. */
bool dress_parted(const struct dress_learner *d);
/* True when the rows seen so far look like a table whose runs of blanks were lost. */
bool dress_collapsed(const struct dress_learner *d);
/* Stores the templates in *s; leaves its dress empty when the capture cannot be
 * rendered. */
int dress_finish(struct dress_learner *d, struct pool_snapshot *s,
                 enum pool_encoding encoding, struct err *e) ERR_WARN_UNUSED;

/* Appends the capture as its dress has it, in the text's own bytes but before its
 * UTF-16, if any.  ERR_BUG when s->dress.verbatim is false; ERR_FORMAT when a template
 * (an archive is a stranger's file) is not one. */
int dress_render(const struct pool_snapshot *s, struct buf *out,
                 struct err *e) ERR_WARN_UNUSED;
/* True when the capture's own lines, as dressed, print its time, or its caption. */
bool dress_tells_time(const struct pool_snapshot *s);
bool dress_has_caption(const struct pool_snapshot *s);

#endif
