/* SPDX-License-Identifier: MIT */
/* Lines of decoded text from a struct input; text_open borrows the input, text_close
 * frees the struct text.
 *
 * Encodings (UTF-8 with and without mark, UTF-16 either way with and without mark,
 * one-byte text) and line ends (LF, CR LF, CR CR LF) are undone here; NUL padding and
 * a final 1A are dropped.  A CR alone ends a line, as EOL_LF, only where the text has no
 * LF to begin with.  The encoding may change behind a line end (formats/io/decode.h).
 * What was done is told by text_encoding and friends, so that readers can note it. */
#ifndef FORMATS_TEXT_H
#define FORMATS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/input.h"
#include "formats/limits.h"
#include "formats/pool.h"

enum text_eol { EOL_NONE, EOL_LF, EOL_CRLF, EOL_CRCRLF };

struct text_line {
    const char *p;   /* not NUL-terminated, without its end; UTF-8, or raw bytes where
                        the source was one-byte text */
    size_t n;        /* bytes */
    uint64_t number; /* from 1 */
    uint8_t eol;     /* enum text_eol; EOL_NONE only on the last line */
};

#define TEXT_LOOKAHEAD 8 /* lines that text_peek can show ahead */

struct text;

int text_open(struct text **t, struct input *in, const struct limits *l,
              struct err *e) ERR_WARN_UNUSED;
void text_close(struct text *t);

/* Sets *line to the next line (valid until the next call of text_next) and returns 1;
 * 0 at the end.  A line beyond limits.line_bytes is ERR_LIMIT. */
int text_next(struct text *t, struct text_line *line, struct err *e) ERR_WARN_UNUSED;
/* Shows up to TEXT_LOOKAHEAD lines that text_next will give, without consuming them;
 * returns how many there are.  Valid until the next call of text_next. */
int text_peek(struct text *t, const struct text_line **lines, size_t want,
              struct err *e) ERR_WARN_UNUSED;
/* Copies the line that text_next gave last and all that text_peek shows behind it;
 * returns how many there are, one at least. */
int text_lines(struct text *t, const struct text_line *line,
               struct text_line lines[1 + TEXT_LOOKAHEAD], struct err *e) ERR_WARN_UNUSED;

/* What stands behind the last line that was given: for a caller that knows the next lines
 * when it sees them.  At least TEXT_REST_LINE bytes unless the text ends or fails before;
 * nothing (n == 0) while shown lines wait to be given, or where text_next has more to do
 * than to look for LF.  Valid until the next call.
 *
 * The bytes may be the source's own: what they hold besides printable ASCII, CR and LF
 * (NULs, marks, one-byte text, 1A) is undone by text_next only. */
struct text_rest {
    const char *p;
    size_t n;
    uint64_t number; /* of the line that begins at p */
};
struct text_rest text_rest(struct text *t);
/* Passes over the first `bytes` bytes of that, which are `lines` whole lines of printable
 * ASCII of at most TEXT_REST_LINE bytes, each with its LF or CR LF. */
void text_skip(struct text *t, size_t bytes, uint64_t lines);
#define TEXT_REST_LINE 256

/* Where the line given last begins in the input; false unless all that was seen so far is
 * ASCII with its LF or CR LF, line for line as it stands there. */
bool text_place(const struct text *t, const struct text_line *line, uint64_t *at);
/* Of such a text: the next line is the one that begins there, of that number. */
void text_seek(struct text *t, uint64_t at, uint64_t number);

enum pool_encoding text_encoding(const struct text *t);
/* Bytes >= 0x80 that are no UTF-8 stand in the lines given so far, or in what was seen
 * ahead: from the first line on that has bytes >= 0x80, 248 KiB, once. */
bool text_is_one_byte(struct text *t);
/* For one who asks once for many lines to come: sees 124 to 248 KiB ahead from here. */
void text_foresee(struct text *t);
bool text_had_control_z(const struct text *t);   /* known at the end */
bool text_had_nul_padding(const struct text *t); /* known at the end */
/* False once anything was undone that text_encoding and text_line.eol do not tell (1A,
 * NULs, a change of encoding, broken UTF-16, odd line ends): the lines given so far do
 * not hold the source's very bytes. */
bool text_is_exact(const struct text *t);

#endif
