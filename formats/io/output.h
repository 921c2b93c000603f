/* SPDX-License-Identifier: MIT */
/* A byte sink; whoever opened a struct sink closes it with sink_close (keep) or
 * sink_abort (throw away), exactly once.
 *
 * Errors are sticky: after the first, writes do nothing and sink_close reports it.
 * A closed pipe is no error: the rest is dropped in silence, sink_closed tells. */
#ifndef FORMATS_OUTPUT_H
#define FORMATS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"

struct sink;

int sink_fd(struct sink **s, int fd, const char *name, struct err *e) ERR_WARN_UNUSED;
/* The same, but put aside until sink_close, where there is room for a file without a
 * name: all of it or nothing. */
int sink_held(struct sink **s, int fd, const char *name, struct err *e) ERR_WARN_UNUSED;
/* Appends to *b, which the caller owns. */
int sink_memory(struct sink **s, struct buf *b, struct err *e) ERR_WARN_UNUSED;
/* Writes path's temporary neighbour; sink_close fsyncs and renames it over path, so
 * path is the old file, the new one, or none, never a half. */
int sink_file(struct sink **s, const char *path, struct err *e) ERR_WARN_UNUSED;

void sink_write(struct sink *s, const void *p, size_t n);
void sink_puts(struct sink *s, const char *text);
void sink_printf(struct sink *s, const char *fmt, ...) ERR_PRINTF(2, 3);
/* Hands buffered bytes to the system. */
void sink_flush(struct sink *s);
bool sink_failed(const struct sink *s);
bool sink_closed(const struct sink *s);
uint64_t sink_bytes(const struct sink *s); /* accepted so far */
/* Whether sink_close would put it in the place of a file that was there. */
bool sink_replaces(const struct sink *s);

/* Flushes, makes the result durable where it has a name, frees.  Returns the sticky
 * error if there was one (then a file sink leaves nothing behind). */
int sink_close(struct sink *s, struct err *e) ERR_WARN_UNUSED;
void sink_abort(struct sink *s); /* NULL is fine */

#endif
