/* SPDX-License-Identifier: MIT */
/* One record of a capture file, made by asking the system; the caller owns every buffer
 * and whatever the functions of struct capture_system need.
 *
 * Nothing here calls the system itself: poolcap.c passes what Windows offers, the tests
 * pass their own. */
#ifndef FORMATS_CAPTURE_RECORD_H
#define FORMATS_CAPTURE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"

struct capture_system {
    void *ctx;
    /* NtQuerySystemInformation: an NTSTATUS, and in *returned its ReturnLength. */
    uint32_t (*query)(void *ctx, uint32_t info_class, uint8_t *p, uint32_t n,
                      uint32_t *returned);
    uint64_t (*clock)(void *ctx);              /* FILETIME, UTC */
    uint64_t (*elapsed_ms)(void *ctx);         /* from any start, never back */
    bool (*wait_ms)(void *ctx, uint64_t most); /* false: somebody wants it to stop */
    /* Appends all of it and sees that it is on the disk, or fails. */
    int (*write)(void *ctx, const uint8_t *p, size_t n, struct err *e);
    void (*say)(void *ctx, const char *words); /* one line for the person */
};

struct capture_machine {
    uint16_t process, native; /* enum nt_machine, 0 = unknown */
    uint32_t major, minor, build, revision, processors;
    const char *host;    /* UTF-8, "" = not to be named */
    const char *program; /* "poolcap 1.0" */
};

#define NT_INFO_LENGTH_MISMATCH 0xc0000004u

/* Fills *out with one whole frame.  Returns ERR_UNSUPPORTED with the status in words when
 * the system refuses the pool tags; *pool_bytes is the length of its answer. */
int capture_record(struct buf *out, const struct capture_system *sys,
                   const struct capture_machine *m, uint32_t number, size_t *pool_bytes,
                   struct err *e) ERR_WARN_UNUSED;

#endif
