/* SPDX-License-Identifier: MIT */
/* The archive `.psz`: compressed, columnar, in blocks that stand alone; psz.5 specifies
 * it byte by byte.  A struct psz_appender is owned by the caller until psz_append_end or
 * psz_append_abort; the reader and the plain writer are rows of the format table. */
#ifndef FORMATS_PSZ_H
#define FORMATS_PSZ_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/pool.h"
#include "formats/reader.h"

extern const struct binary_format psz_binary_format;
extern const struct format_writer psz_writer;

/* Adds snapshots behind the last whole block of an existing archive, or makes a new one.
 * Exclusive lock: a second writer gets ERR_IO with words.  Killed anywhere, the file
 * reads as before plus at most a tail that readers name and the next append cuts. */
struct psz_appender;

struct psz_append_facts {
    uint64_t snapshots_before;
    uint64_t tail_cut_bytes; /* of an earlier, interrupted append */
};

int psz_append_open(struct psz_appender **a, const char *path,
                    struct psz_append_facts *facts, struct err *e) ERR_WARN_UNUSED;
/* True when the archive already holds a snapshot of the same host, scope, time and
 * figures (the caller drops it and says so). */
int psz_append_has(struct psz_appender *a, const struct pool_snapshot *s, bool *has,
                   struct err *e) ERR_WARN_UNUSED;
int psz_append_snapshot(struct psz_appender *a, const struct pool_snapshot *s,
                        struct err *e) ERR_WARN_UNUSED;
int psz_append_end(struct psz_appender *a, struct err *e) ERR_WARN_UNUSED;
void psz_append_abort(struct psz_appender *a);

#endif
