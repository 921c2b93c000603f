/* SPDX-License-Identifier: MIT */
/* What a kernel debugger prints around the tables of its extensions: prompts, the command
 * that was typed, chatter of its cache, lists of pool blocks; pure, the caller owns the
 * lines.
 *
 *     1: kd> !poolused 2 Even
 *     Using a machine size of 7ff7d pages to configure the kd cache
 *     ...
 *
 * Known from Microsoft's pages on the debugger (MicrosoftDocs/windows-driver-docs) and
 * from published debugger logs. */
#ifndef FORMATS_KD_H
#define FORMATS_KD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/pool.h"

/* The place behind a prompt (`0: kd> `, `lkd> `, `0:002> `) near the start of the line,
 * or 0. */
size_t kd_prompt(const char *p, size_t n);
/* True when `!name` is the command of this line, behind a prompt or alone; *args is the
 * place behind it. */
bool kd_command(const char *p, size_t n, const char *name, size_t *args);
/* A line that the debugger says before or inside a table and that means nothing. */
bool kd_chatter(const char *p, size_t n);
/* A line of `!poolfind` or `!pool`, which list blocks of memory, not sums. */
bool kd_block_list(const char *p, size_t n);

/* Reads digits at *at and steps behind them; false when there are none or they do not
 * fit. */
bool kd_number(const char *p, size_t n, size_t *at, uint64_t *v);
/* True when the line consists of exactly these words, ended by NULL. */
bool kd_words(const char *p, size_t n, const char *const *words);

/* The next line of a text, from *at on; false at its end. */
bool kd_line(const struct buf *text, size_t *at, const char **p, size_t *n);
/* Takes time and uptime from lines before a block, as `.time` and the debugger's banner
 * give them, into a snapshot that has none:
 *     Debug session time: Mon Nov  9 10:00:00.123 2026 (UTC + 1:00)
 *     System Uptime: 3 days 4:05:06.789 */
int kd_clock(const struct buf *lead, struct pool_snapshot *s,
             struct err *e) ERR_WARN_UNUSED;

/* Counters near 2^64 are negative ones that were printed without a sign. */
static inline bool kd_negative(uint64_t v)
{
    return v > (uint64_t)INT64_MAX;
}

#endif
