/* SPDX-License-Identifier: MIT */
/* The files below a folder; the caller owns the struct folder and frees it with
 * folder_free. */
#ifndef CLI_FOLDER_H
#define CLI_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "formats/err.h"
#include "formats/limits.h"

struct folder {
    char **v; /* paths that begin with the folder's own name */
    size_t n, cap;
};

/* Adds every regular file, folder by folder in name order (runs of digits compared as
 * numbers: poolmon2 before poolmon10), dot files left out, links to folders followed
 * where those were not entered yet.  What cannot be looked at is passed over; the first
 * such fault is returned at the end. */
int folder_walk(struct folder *f, const char *path, const struct limits *l,
                struct err *e) ERR_WARN_UNUSED;
/* Whether a call on a path that failed with this errno says that nothing is there: a file
 * that is gone, or a link that leads nowhere or to itself. */
bool leads_nowhere(int error);
/* The names in one folder, in name order, dot files left out. */
int folder_names(struct folder *names, const char *path, struct err *e) ERR_WARN_UNUSED;
int folder_add(struct folder *f, const char *path, struct err *e) ERR_WARN_UNUSED;
void folder_free(struct folder *f);

#endif
