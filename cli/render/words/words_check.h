/* SPDX-License-Identifier: MIT */
/* Names and messages of the results of `check`; the caller owns the struct phrase, to
 * which each function adds. */
#ifndef CLI_RENDER_WORDS_CHECK_H
#define CLI_RENDER_WORDS_CHECK_H

#include "cli/render/words/words.h"

#define CHECK_TAGS_NAMED 50

/* "WEB01, session 3: " where the call has several. */
void words_check_host(struct phrase *p, const struct rank_view *v, bool many);
/* A tag as an item of a list: a line. */
void words_check_item(struct phrase *p, const struct rank_tag *t);

/* ---- what should hold ---- */

void words_check_no_leak(struct phrase *p);
/* bytes, or 0 and a share of the limit */
void words_check_max(struct phrase *p, enum pool_kind k, uint64_t bytes, double share,
                     enum units u);
void words_check_min(struct phrase *p, enum pool_kind k, uint64_t bytes, enum units u);
void words_check_rate(struct phrase *p, uint64_t bytes_per_hour, enum units u);
void words_check_same(struct phrase *p);

/* ---- what was found ---- */

/* n tags leak, or `open` of them may, all listed in `lines`; `could`: the series is one
 * in which a leak could be told. */
void words_check_leaks(struct phrase *p, const struct rank_view *v, size_t n, size_t open,
                       const struct phrase *lines, bool could);
/* The pool, and its limit where that matters. */
void words_check_pool(struct phrase *p, const struct rank_pool *pool, enum pool_kind k,
                      bool limit, enum units u);
void words_check_fast(struct phrase *p, const struct rank_view *v, size_t n,
                      const struct rank_tag *fastest, bool could, enum units u);

#endif
