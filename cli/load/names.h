/* SPDX-License-Identifier: MIT */
/* File names for -o FOLDER/, made from names that strangers chose: no slash, no "..", no
 * leading dash or dot, no control bytes, clashes numbered.  The struct safe_names owns
 * the names that were given out. */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include <stddef.h>

#include "formats/err.h"
#include "formats/lookup.h"

struct safe_names {
    char **v;
    size_t n, cap;
    struct lookup by_name;
};

/* *path = folder + a safe, unused name after the base of `source` (suffix of `suffixes`
 * when it has none); the caller frees it. */
int safe_path(struct safe_names *names, const char *folder, const char *source,
              const char *suffixes, char **path, struct err *e) ERR_WARN_UNUSED;
void safe_names_free(struct safe_names *names);

#endif
