/* SPDX-License-Identifier: MIT */
/* How paths are spelled on this system (Windows: formats/windows/path.c); nothing is
 * owned. */
#ifndef FORMATS_PATH_H
#define FORMATS_PATH_H

#include <stdbool.h>

/* It does not depend on the working folder. */
bool path_is_absolute(const char *path);

/* A path as a person gave it, in place: folders end in `/` here. */
void path_as_typed(char *path);

/* Whether two bytes of file names that the system holds for the same are alike. */
bool path_same_byte(char a, char b);

#endif
