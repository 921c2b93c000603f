/* SPDX-License-Identifier: MIT */
/* One record of a capture file, taken apart; everything in a struct pscap_record borrows
 * the record's bytes. */
#ifndef FORMATS_PSCAP_RECORD_H
#define FORMATS_PSCAP_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/pool.h"

struct pscap_bytes {
    const uint8_t *p;
    size_t n;
};

struct pscap_record {
    bool has_times, has_machine;
    uint64_t begun, done;     /* FILETIMEs */
    uint16_t process, native; /* enum nt_machine */
    uint32_t major, minor, build, revision, processors;
    struct pscap_bytes host, program;
    /* Replies that the system gave; n == 0 where it did not. */
    struct pscap_bytes time_of_day; /* the first one */
    struct pscap_bytes performance, basic, tags, tags_64;
};

/* ERR_FORMAT when the items do not fit into the n bytes at p. */
int pscap_record_parse(struct pscap_record *r, const uint8_t *p, size_t n,
                       struct err *e) ERR_WARN_UNUSED;
/* Host, time, uptime, totals and facts; everything but the rows. */
int pscap_record_head(const struct pscap_record *r, struct pool_snapshot *s,
                      struct err *e) ERR_WARN_UNUSED;

#endif
