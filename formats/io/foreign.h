/* SPDX-License-Identifier: MIT */
/* What people send by mistake, and what to send instead; the caller owns the struct
 * foreign, which needs no freeing. */
#ifndef FORMATS_FOREIGN_H
#define FORMATS_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/input.h"

#define FOREIGN_FACTS_MAX 200

struct foreign {
    const char *name;              /* "a PNG picture" */
    const char *advice;            /* what to do instead */
    char facts[FOREIGN_FACTS_MAX]; /* what its head tells of the machine, or "" */
};

/* Fills *f for bytes that are certainly no pool capture (pictures, office files, crash
 * dumps, traces, other archives); false when these are none of them.  The first 8 KiB
 * tell all that can be told. */
bool foreign_bytes(const uint8_t *p, size_t n, struct foreign *f);
/* The same for a zip that is one document, not a folder of files. */
bool foreign_zip(const struct zip *z, struct foreign *f);
/* ERR_UNSUPPORTED in the words that every foreign input gets. */
int foreign_refuse(const struct foreign *f, struct err *e);

#endif
