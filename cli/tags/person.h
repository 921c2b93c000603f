/* SPDX-License-Identifier: MIT */
/* The person's own files: the folder poolsift of $XDG_CONFIG_HOME, else of ~/.config. */
#ifndef CLI_PERSON_H
#define CLI_PERSON_H

#include "formats/err.h"

/* The first of these names (ended by NULL) that exists there, as a new string that the
 * caller frees; *path is NULL where there is none. */
int person_file(const char *const *names, char **path, struct err *e) ERR_WARN_UNUSED;

#endif
