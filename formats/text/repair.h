/* SPDX-License-Identifier: MIT */
/* Stage one of reading damaged text: undoes, line by line, what mail, forums, browsers
 * and consoles do to a table; the caller owns the line and the struct repaired, which
 * holds the mended copy.
 *
 * Each repair is a small pure function that only ever shortens a line and reports what
 * it did.  Nothing is believed here: the caller keeps a mended line only when the figures
 * on it then prove each other. */
#ifndef FORMATS_REPAIR_H
#define FORMATS_REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/io/text.h"
#include "formats/note.h"

enum repair_kind {
    REPAIR_PREFIX = 1 << 0,   /* quotation marks, bullets, line numbers */
    REPAIR_ENTITIES = 1 << 1, /* &nbsp; and relatives */
    REPAIR_BLANKS = 1 << 2,   /* Unicode blanks, tabs, zero-width characters */
    REPAIR_MARKUP = 1 << 3,   /* HTML tags, table pipes, back-quotes, headings */
    REPAIR_JOINED = 1 << 4,   /* a wrapped line and its rest */
    REPAIR_GROUPS = 1 << 5    /* figures in groups of three: 1,234,567 */
};

enum { REPAIR_LINE_MAX = 2048, REPAIR_PREFIX_MAX = 120, REPAIR_STAMP_MAX = 40 };

/* A prefix that all lines of a block share. */
struct repair_style {
    char prefix[REPAIR_PREFIX_MAX]; /* without its last blank */
    uint8_t n;                      /* bytes; 0 = none */
    bool numbered;                  /* instead: a line number, `12: ` or `12 ` */
    bool stamped;                   /* it is a time: each of its digits may be another */
    bool logged;             /* it is the lead of a log: formats/text/repair_log.h */
    uint8_t time_at, time_n; /* the time in it; 0 = none, or surely no whole one */
};

struct repaired {
    const char *p; /* the line itself when nothing had to be done, else `store` */
    size_t n;
    unsigned done; /* set of enum repair_kind */
    char store[REPAIR_LINE_MAX];
};

/* Length of the quotation marks, bullets or line number at the start of a line, blanks
 * before and between them included, the blank behind them not; 0 = none. */
size_t repair_prefix_length(const char *p, size_t n, bool *numbered);
/* Length of the time at the start of a line (`2026-11-09 09:00:00`, `[09:00:00]`), blanks
 * before it included; 0 = none. */
size_t repair_stamp_length(const char *p, size_t n);
/* Finds the prefix that the first of these lines shares with those after it. */
void repair_learn(const struct text_line *lines, size_t n, struct repair_style *style);

/* Length of the prefix at the start of this line, the blank behind it included; 0 = not
 * there. */
size_t repair_prefix(const struct repair_style *style, const char *p, size_t n);

/* Undoes entities, blanks and the block's prefix; with `markup` also HTML tags, pipes,
 * back-quotes and heading marks.  Lines beyond REPAIR_LINE_MAX are given as they are. */
void repair_line(const struct repair_style *style, const char *p, size_t n, bool one_byte,
                 bool markup, struct repaired *out);
/* As repair_line, with the marks (`,`, `.`, `'`; ' ': thin and unbreakable blanks) taken
 * out of figures in groups of three; false when there is none. */
bool repair_groups(const struct repair_style *style, const char *p, size_t n, char mark,
                   bool one_byte, bool markup, struct repaired *out);
/* Puts the rest of a wrapped line behind *out, with a blank between or without; false
 * when that would be too long. */
bool repair_join(struct repaired *out, const char *rest, size_t n, bool blank);

/* A line of marks alone: `...`, `[snip]`, `-- more --`: something was left out here. */
bool repair_elision(const char *p, size_t n);
/* A rule (`-----`, `=====`, `|---|---|`) or a code fence: carries nothing. */
bool repair_rule(const char *p, size_t n);
bool repair_blank(const char *p, size_t n);

/* Notes each kind of `done` that `*noted` does not hold yet, with this line. */
int repair_note(struct note_list *notes, unsigned done, unsigned *noted, uint64_t line,
                struct err *e) ERR_WARN_UNUSED;

#endif
