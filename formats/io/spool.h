/* SPDX-License-Identifier: MIT */
/* Bytes that can be read at any place; spool_open and spool_open_file give the caller a
 * struct spool that spool_close frees.
 *
 * A file is read where it lies.  Anything else (a zip entry, gzip, standard input) is
 * held in memory while it is small and goes to a nameless temporary file when it is not,
 * so that memory is bounded whatever the size. */
#ifndef FORMATS_SPOOL_H
#define FORMATS_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/input.h"

struct spool;

/* A file on disk, or bytes that the caller keeps until spool_close. */
int spool_open_file(struct spool **s, const char *path, struct err *e) ERR_WARN_UNUSED;
int spool_open_memory(struct spool **s, const uint8_t *p, size_t n,
                      struct err *e) ERR_WARN_UNUSED;
/* Reads the input to its end; ERR_LIMIT beyond `most` bytes.  Errors carry its name. */
int spool_open(struct spool **s, struct input *in, uint64_t most,
               struct err *e) ERR_WARN_UNUSED;
void spool_close(struct spool *s); /* NULL is fine */

/* Bytes in all; of a file, as it was when it was opened. */
uint64_t spool_size(const struct spool *s);
/* Stores n bytes from offset `at`; fewer only where the bytes end.  Returns how many, or
 * a negative err_code. */
ptrdiff_t spool_read(const struct spool *s, uint64_t at, uint8_t *p, size_t n,
                     struct err *e) ERR_WARN_UNUSED;

#endif
