/* SPDX-License-Identifier: MIT */
/* The text of one JSON value into one member of a struct: pure, owns nothing.  Each is
 * false when fields_write would not have written that; the member is then of no use. */
#ifndef CLI_FIELDS_VALUE_H
#define CLI_FIELDS_VALUE_H

#include "cli/know/yaml.h"
#include "cli/render/machine/fields.h"

/* Of every kind but strings that are pointed to, tags, objects and lists; *from is hour 0
 * of the series. */
bool value_store(const struct field *f, void *base, const struct yaml_item *item,
                 const struct pool_time *from);
/* Null, where it means: not known, not finite, or not there. */
bool value_null(const struct field *f, void *base);
/* The number of a list's elements. */
void value_count(const struct field *f, void *base, size_t n);
/* A struct pool_tag, of what tag_hex wrote, and of what tag_text wrote. */
bool value_tag_hex(void *p, const char *text);
bool value_tag_text(void *p, const char *s);

#endif
