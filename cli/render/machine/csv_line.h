/* SPDX-License-Identifier: MIT */
/* Lines of CSV as RFC 4180 has it: CR LF, quotes only where needed, "." as decimal mark.
 * The caller owns the struct csv_line, which needs no freeing, and the sink.
 *
 * Text from outside that begins with = + - @ TAB or CR gets an apostrophe in front, since
 * spreadsheets would run it as a formula; numbers never do, and tag_hex is always exact.
 */
#ifndef CLI_RENDER_CSV_LINE_H
#define CLI_RENDER_CSV_LINE_H

#include "cli/render/render.h"

#define CSV_LINE_END "\r\n"

struct csv_line {
    struct sink *out;
    bool filled;
};

int csv_history(struct render *r, const struct course_view *v, size_t n);

void csv_header(struct render *r, const char *names);

/* Each adds one cell. */
void csv_none(struct csv_line *l);
void csv_text(struct csv_line *l, const char *s); /* from outside; NULL is an empty one */
void csv_word(struct csv_line *l, const char *s); /* our own: needs no care */
void csv_u64(struct csv_line *l, bool known, uint64_t v);
void csv_i64(struct csv_line *l, bool known, int64_t v);
void csv_real(struct csv_line *l, double v); /* shortest that reads back */
void csv_time(struct csv_line *l, const struct pool_time *t);
void csv_tag(struct csv_line *l, struct pool_tag t); /* two cells: tag, tag_hex */

void csv_end(struct csv_line *l);

#endif
