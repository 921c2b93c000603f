/* SPDX-License-Identifier: MIT */
/* A thread that reads captures further on in a file; the caller owns a struct scout and
 * frees it with scout_free before the input is closed.
 *
 * It is sent to some byte, whatever stands there, and walks from the next line on with a
 * segmenter of its own.  Behind the first block it knows where it stands (struct seam):
 * from there on every capture of one chain is packed, as far as they follow each other
 * and fit into SCOUT_BYTES.  Anything else ends its walk.  Whoever comes to the seam at
 * which it began may take what it found in place of reading. */
#ifndef FORMATS_SCOUT_H
#define FORMATS_SCOUT_H

#include "formats/text/parcel.h"
#include "formats/text/seam.h"

#define SCOUT_BYTES ((size_t)1 << 20) /* of captures that wait */

struct scout;

/* ERR_UNSUPPORTED when there is no thread to be had. */
int scout_new(struct scout **s, const struct input *in, const struct format *forced,
              const struct limits *l, struct err *e) ERR_WARN_UNUSED;
void scout_free(struct scout *s); /* NULL is fine */

/* Forgets what it found, and sends it there: behind the first byte. */
void scout_send(struct scout *s, uint64_t from);

enum scout_state {
    SCOUT_WALKS, /* and has found no capture yet */
    SCOUT_FOUND, /* one at least */
    SCOUT_LOST   /* none, and will not */
};
/* With SCOUT_FOUND the seam is the one where it begins, until scout_send. */
enum scout_state scout_look(struct scout *s, const struct seam **begin);
/* Waits until it is no longer SCOUT_WALKS: for tests. */
void scout_await(struct scout *s);
/* The capture behind the one that was taken last, or NULL: none now. */
const struct parcel *scout_next(struct scout *s);
/* Takes it: it stays until the next one is taken, and the one before is gone. */
void scout_take(struct scout *s);

#endif
