/* SPDX-License-Identifier: MIT */
/* Tidy tables, the form that data bases and data frames want: one line a snapshot, tag
 * and pool.  Nobody owns anything in the tables here; a struct tidy_line belongs to who
 * declared it (tidy_line_free).
 *
 *   csv     snapshot,record,source,...,tag,tag_hex,pool,allocs,...     (a header, then)
 *           1,capture,web01.txt,...,Proc,50726f63,nonpaged,1200,...
 *   jsonl   {"snapshot": 1, "record": "capture", ..., "tag": "Proc", ...}
 *
 * Everything that the model holds but notes and dress stands on every line, so lines can
 * be filtered, joined and appended by any tool and still be read back.  A snapshot
 * without rows is one line whose tag is empty.  Unknown is an empty cell, or null.  Texts
 * from outside: `\` is `\\`, a line end `\n`, other controls and bytes that are no UTF-8
 * `\xhh`; in CSV so is a first character that spreadsheets would take for a formula.
 * Lines end in LF. */
#ifndef FORMATS_TIDY_H
#define FORMATS_TIDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/reader.h"
#include "formats/text/segment.h"
#include "formats/when.h"

extern const struct text_format csv_text_format, jsonl_text_format;
extern const struct format_writer csv_writer, jsonl_writer;

/* ---- what reader and writers share ---- */

enum tidy_column {
#define TIDY(id, name, part, meaning) TIDY_##id,
#include "formats/tidy/tidy.def"
#undef TIDY
    TIDY_COLUMNS
};

enum tidy_part { TIDY_OF_SNAPSHOT, TIDY_OF_ROW, TIDY_OF_EVENT };

const char *tidy_name(enum tidy_column c);
enum tidy_part tidy_part(enum tidy_column c);
/* The column of that name, or -1. */
int tidy_find(const char *name, size_t n);

enum tidy_kind {
    TIDY_NULL,
    TIDY_COUNT, /* u */
    TIDY_DELTA, /* i */
    TIDY_WORD,  /* text that we made */
    TIDY_TEXT   /* text from outside */
};

struct tidy_value {
    enum tidy_kind kind;
    uint64_t u;
    int64_t i;
    const char *text; /* in the snapshot, or in `own` */
    char own[WHEN_TEXT_MAX];
};

/* What stands in column c on the line of a row or an event (or of neither). */
void tidy_get(struct tidy_value *v, enum tidy_column c, const struct pool_snapshot *s,
              uint64_t nth, const struct pool_row *row, const struct pool_event *event);

/* One line as it was read: what stood in each column, n == 0 where nothing did. */
struct tidy_line {
    struct tidy_cell {
        const char *p; /* in `text` */
        size_t n;
    } v[TIDY_COLUMNS];
    uint64_t given; /* bit 1 << enum tidy_column: the line has this column */
    struct buf text;
};

void tidy_line_free(struct tidy_line *l);

/* Fills *l from the flat JSON object that the n bytes at p are; false when they are none.
 * l may be NULL: then only *given, the columns that are there, is filled. */
int tidy_json(const char *p, size_t n, struct tidy_line *l, uint64_t *given,
              struct err *e) ERR_WARN_UNUSED;

/* Escapes and undoes it; both append. */
int tidy_escape(struct buf *out, const char *s, bool formulas,
                struct err *e) ERR_WARN_UNUSED;
int tidy_unescape(struct buf *out, const char *p, size_t n,
                  struct err *e) ERR_WARN_UNUSED;

/* The model from cells.  *broken names the column that cannot be understood, or is
 * NULL: of a snapshot the rest is taken all the same, a row or event is left out. */
int tidy_take_snapshot(struct pool_snapshot *s, const struct tidy_line *l,
                       const char **broken, struct err *e) ERR_WARN_UNUSED;
int tidy_take_row(struct pool_snapshot *s, const struct tidy_line *l, uint64_t line,
                  const char **broken, struct err *e) ERR_WARN_UNUSED;
int tidy_take_event(struct pool_snapshot *s, const struct tidy_line *l, uint64_t line,
                    const char **broken, struct err *e) ERR_WARN_UNUSED;

#endif
