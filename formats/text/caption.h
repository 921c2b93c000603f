/* SPDX-License-Identifier: MIT */
/* The line `# poolsift time=... host=...` that our own poolmon text carries in front of
 * a capture: what the figures below it cannot say.  Pure; the caller owns everything.
 *
 * Keys, in any order, separated by blanks; unknown ones are passed over:
 *   time=2026-11-09T00:00:00[.5][Z|+HH:MM]   other=TIME (day and month exchanged)
 *   source=line|name|option|mtime (default: capture)   uptime=SECONDS
 *   host=NAME (bytes outside 21..7e and `%` as %XX)
 *   scope=system|all-sessions|session:N   completeness=whole|screen|filtered|cut
 * A caption with nothing to say is `# poolsift -`. */
#ifndef FORMATS_CAPTION_H
#define FORMATS_CAPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/pool.h"

enum { CAPTION_HOST_MAX = 255 };

struct caption {
    struct pool_time time;
    int64_t uptime_s; /* -1 = not said */
    char host[CAPTION_HOST_MAX + 1];
    enum pool_scope scope;
    uint32_t session;
    enum completeness completeness; /* COMPLETE_WHOLE when not said */
};

/* False when the line is no caption. */
bool caption_parse(const char *p, size_t n, struct caption *c);
/* Appends the line, without its end. */
int caption_write(struct buf *out, const struct pool_snapshot *s,
                  struct err *e) ERR_WARN_UNUSED;

#endif
