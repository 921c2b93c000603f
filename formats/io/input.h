/* SPDX-License-Identifier: MIT */
/* A byte source with compression peeled off; input_open gives the caller a struct
 * input that input_close frees.
 *
 * Whatever lies below (a file, stdin, memory, a zip entry, gzip in any of them,
 * blocks of one byte) looks the same to a reader: peek, consume.  A reader never
 * sees a file descriptor. */
#ifndef FORMATS_INPUT_H
#define FORMATS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/limits.h"

struct input;

/* A raw byte source.  read returns bytes stored (0 = end) or a negative err_code and
 * fills e; it may return fewer than asked.  close frees ctx. */
struct input_raw {
    void *ctx;
    ptrdiff_t (*read)(void *ctx, uint8_t *p, size_t n, struct err *e);
    void (*close)(void *ctx);
    /* Compressed bytes taken so far, for a source that inflates; else NULL. */
    uint64_t (*packed)(void *ctx);
    bool prompt; /* read never waits for anybody: no pipe, no terminal */
    /* Of a file of its own, else NULL: reading goes on `at` that byte, and another source
     * of the same bytes, which lives no longer and may be read by another thread. */
    void (*seek)(void *ctx, uint64_t at);
    int (*twin)(void *ctx, struct input_raw *twin, struct err *e);
    uint64_t size; /* of that file when it was opened */
};

/* `name` is for messages and is copied.  Takes over `raw` also when it fails.  gzip
 * (one or several members, trailing zeros) is peeled; nested gzip up to twice.  Gzip
 * data that is cut or damaged gives its good bytes first, then ERR_FORMAT. */
int input_open(struct input **in, const char *name, struct input_raw raw,
               const struct limits *l, struct err *e) ERR_WARN_UNUSED;

/* Storage that inputs opened one after the other read into, so that a folder of files
 * costs it once.  The caller owns it, {0} at first, and frees it with input_room_free
 * when none of them is open any more. */
struct input_room {
    uint8_t *p;
    size_t cap;
    bool lent;
};
/* The same in that storage; where another input has it, in one of its own. */
int input_open_in(struct input_room *room, struct input **in, const char *name,
                  struct input_raw raw, const struct limits *l,
                  struct err *e) ERR_WARN_UNUSED;
void input_room_free(struct input_room *room);
void input_close(struct input *in);
/* Lets a thread read ahead once `from` bytes were read, where the source is prompt: the
 * same bytes, limits and faults.  It reads (and inflates) up to 1 MiB more than was
 * looked at.  Inputs smaller than INPUT_LARGE are read before a thread would stand. */
void input_read_ahead(struct input *in, uint64_t from);
#define INPUT_LARGE ((uint64_t)4 << 20)

/* The raw sources that exist.  A directory or unreadable file is ERR_IO. */
int input_raw_file(struct input_raw *raw, const char *path,
                   struct err *e) ERR_WARN_UNUSED;
int input_raw_fd(struct input_raw *raw, int fd,
                 struct err *e) ERR_WARN_UNUSED; /* does not close fd */
/* Borrows p for the life of the source.  `block` > 0 hands out at most that many
 * bytes a read: for tests. */
int input_raw_memory(struct input_raw *raw, const uint8_t *p, size_t n, size_t block,
                     struct err *e) ERR_WARN_UNUSED;

const char *input_name(const struct input *in);
/* "gzip", "zip", "zip+gzip" or NULL when the bytes were not compressed. */
const char *input_compression(const struct input *in);
void input_set_compression(struct input *in, const char *outer); /* "zip" */

/* Makes at least `need` bytes visible unless the source ends before, sets *p and
 * returns how many are visible; negative on error, which stays.  What was visible then
 * is not lost: a smaller need, also 0, shows it.  *p is valid until the next call. */
ptrdiff_t input_peek(struct input *in, size_t need, const uint8_t **p,
                     struct err *e) ERR_WARN_UNUSED;
/* Drops n bytes, n <= what the last peek showed. */
void input_consume(struct input *in, size_t n);
/* Offset of the next byte in the decompressed stream. */
uint64_t input_offset(const struct input *in);
/* Bytes read from below so far (compressed size once at the end; of a zip entry, its
 * compressed bytes). */
uint64_t input_raw_bytes(const struct input *in);

/* A file as it lies there, neither packed nor read ahead by a thread, can be read from
 * any byte on: of *size bytes when it was opened. */
bool input_is_seekable(const struct input *in, uint64_t *size);
/* The next byte is that one of it. */
void input_seek(struct input *in, uint64_t at);
/* Another source of the same bytes, for another thread; closed before `in` is. */
int input_twin(const struct input *in, struct input_raw *twin,
               struct err *e) ERR_WARN_UNUSED;

/* Reads all that is left; ERR_LIMIT beyond `most` bytes. */
int input_read_all(struct input *in, struct buf *out, size_t most,
                   struct err *e) ERR_WARN_UNUSED;

/* ---- zip archives (central directory; stored and deflated entries) ---- */

struct zip;

struct zip_entry {
    const char *name; /* as stored, for display only: never a path; may hold any byte
                         but NUL; owned by the struct zip */
    uint64_t size;    /* bytes, inflated, as the directory claims */
    int64_t mtime_ms; /* DOS time of the entry, civil, or INT64_MIN */
    bool is_directory;
};

/* True when these first bytes begin a zip (local header, or an empty archive). */
bool zip_magic(const uint8_t *p, size_t n);
/* The same of a file; one that cannot be read is none. */
bool zip_file(const char *path);
/* A zip in a seekable file (open only while it is read from), or in memory that is
 * borrowed until zip_close. */
int zip_open_file(struct zip **z, const char *path, const struct limits *l,
                  struct err *e) ERR_WARN_UNUSED;
int zip_open_memory(struct zip **z, const char *name, const uint8_t *p, size_t n,
                    const struct limits *l, struct err *e) ERR_WARN_UNUSED;
size_t zip_count(const struct zip *z);
struct zip_entry zip_entry_at(const struct zip *z, size_t i);
/* The entry's bytes, inflated, CRC and size checked at the end.  The struct zip must
 * live longer.  Encrypted or other methods: ERR_UNSUPPORTED with the reason.  Errors have
 * no place yet: the caller knows the entry's full name. */
int zip_entry_raw(struct input_raw *raw, struct zip *z, size_t i, const struct limits *l,
                  struct err *e) ERR_WARN_UNUSED;
void zip_close(struct zip *z);

#endif
