/* SPDX-License-Identifier: MIT */
/* A line cut at blanks and tabs; pure.  Tokens point into the line, which stays the
 * caller's. */
#ifndef FORMATS_TOKENS_H
#define FORMATS_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct token {
    const char *p;
    size_t n;
};

/* Cuts at most `most` tokens out of the line; returns how many there are, more than
 * `most` when the line has more. */
size_t tokens_split(const char *p, size_t n, struct token *v, size_t most);

/* ASCII case aside. */
bool token_is(const struct token *t, const char *word);
bool token_begins(const struct token *t, const char *word);
bool token_ends(const struct token *t, const char *word);
/* Where `word` begins inside it, or NULL. */
const char *token_find(const struct token *t, const char *word);
/* Digits alone; false when there are others, or none, or too many. */
bool token_u64(const struct token *t, uint64_t *v);
/* Without blanks and tabs around it. */
struct token token_trim(const char *p, size_t n);

/* "2005-09-02" and "18:45:12", also with a fraction; ms since 1970 on their own clock. */
bool tokens_iso_time(const struct token *date, const struct token *time, int64_t *ms);

#endif
