/* SPDX-License-Identifier: MIT */
/* Paths as a file in another folder must write them; the caller frees what it gets. */
#ifndef CLI_RELATIVE_H
#define CLI_RELATIVE_H

#include "formats/err.h"

/* `path`, from the folder that the file `from` stands in; itself when it is absolute or
 * `from` (NULL: standard output) stands here.  `..` is taken by its letters, whatever
 * links there are.  NULL on an error. */
char *path_relative(const char *from, const char *path, struct err *e);

#endif
