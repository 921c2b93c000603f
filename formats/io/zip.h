/* SPDX-License-Identifier: MIT */
/* What formats/io/zip.c (the directory) and formats/io/unzip.c (the entries) share;
 * everybody else uses formats/io/input.h.  A struct zip owns its path, members and names;
 * the file is open only while somebody holds it, so that a thousand zips need no thousand
 * files. */
#ifndef FORMATS_ZIP_H
#define FORMATS_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/io/input.h"

#define ZIP_LOCAL_BYTES 30 /* a local header without name and extra */

struct zip_member {
    uint64_t at; /* of the local header, in the file */
    uint64_t packed, size;
    int64_t mtime_ms;
    size_t name; /* offset into names */
    uint32_t crc;
    uint16_t name_bytes;
    uint16_t flags, method;
    bool outside;  /* its bytes would lie beyond the directory */
    bool overlaps; /* shares bytes with another */
};

struct zip {
    char *path; /* or NULL: memory, borrowed */
    const uint8_t *memory;
    int fd;
    unsigned holders;
    uint64_t size;
    uint64_t directory; /* where it begins; entries end before it */
    uint64_t shift;     /* bytes put before the archive */
    uint64_t inflated;  /* out of all entries that were closed */
    struct zip_member *v;
    size_t n;
    struct buf names; /* NUL-terminated */
};

/* Opens the file unless it is open; ERR_IO.  Each success needs one zip_release. */
int zip_hold(struct zip *z, struct err *e) ERR_WARN_UNUSED;
void zip_release(struct zip *z);
/* All n bytes at `at`, or ERR_FORMAT; only while held. */
int zip_read_at(const struct zip *z, uint64_t at, uint8_t *p, size_t n,
                struct err *e) ERR_WARN_UNUSED;

#endif
