/* SPDX-License-Identifier: MIT */
/* C source out of what the program's own loaders read; runs while building.  Every
 * function prints to stdout, whose errors main looks at once, at the end. */
#ifndef CLI_KNOW_GEN_EMIT_H
#define CLI_KNOW_GEN_EMIT_H

#include "formats/err.h"

/* A string literal, or NULL. */
void emit_string(const char *s);
/* The same, and ", " behind it. */
void emit_strings_next(const char *s);

/* One kind of knowledge: reads the file and prints its table. */
int emit_limits(const char *path, struct err *e) ERR_WARN_UNUSED;
int emit_rules(const char *path, struct err *e) ERR_WARN_UNUSED;
int emit_tags(const char *path, struct err *e) ERR_WARN_UNUSED;

#endif
