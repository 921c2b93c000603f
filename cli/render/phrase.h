/* SPDX-License-Identifier: MIT */
/* A sentence being made; the caller owns the struct phrase, which needs no freeing.
 *
 * Text beyond PHRASE_MAX is dropped and the end marked with "...".  With `markdown`,
 * names, tags and commands become code spans; without, they are written inert. */
#ifndef CLI_RENDER_PHRASE_H
#define CLI_RENDER_PHRASE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/render/number.h"
#include "formats/err.h"
#include "formats/tag.h"

#define PHRASE_MAX 4096

struct phrase {
    size_t n;
    bool markdown;
    bool exact; /* figures bring what they round along, between the marks below */
    char s[PHRASE_MAX];
};

void phrase_start(struct phrase *p, bool markdown); /* empties it */
void say(struct phrase *p, const char *fmt, ...) ERR_PRINTF(2, 3);
/* A string from outside: inert text or a code span. */
void say_name(struct phrase *p, const char *s);
/* Words from a file, made inert: they keep their place in a sentence. */
void say_words(struct phrase *p, const char *s);
/* Sentences from outside: inert; in Markdown the signs that would format are escaped,
 * but for `code` that is closed again. */
void say_prose(struct phrase *p, const char *s);
/* Trailing blanks are dropped in text and kept in Markdown. */
void say_tag(struct phrase *p, struct pool_tag t);
/* "ISil (nonpaged)"; the tag alone where its pool is not known. */
void say_tag_pool(struct phrase *p, struct pool_tag t, unsigned pool);
/* A command to type. */
void say_command(struct phrase *p, const char *s);
/* "1 tag", "3 tags". */
void say_count(struct phrase *p, unsigned long long n, const char *one, const char *many);

/* A figure inside say(): its text.  Where the phrase wants what is exact, too, it is
 * FIGURE_FROM exact FIGURE_TEXT text FIGURE_END; nothing inert holds these bytes. */
#define FIGURE(p, n) phrase_figure((p), (n), (char[FIGURE_MAX]){""})
#define FIGURE_FROM  '\x01'
#define FIGURE_TEXT  '\x02'
#define FIGURE_END   '\x03'
#define FIGURE_MAX   (sizeof(struct num) + NUM_EXACT)
const char *phrase_figure(const struct phrase *p, struct num n, char room[FIGURE_MAX]);

/* A code span that holds s whatever it holds; in a table pipes are escaped. */
void say_code_span(struct phrase *p, const char *s, size_t n, bool in_table);

#endif
