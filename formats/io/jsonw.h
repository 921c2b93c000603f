/* SPDX-License-Identifier: MIT */
/* The one JSON writer: takes care of commas, quoting, nesting and locale.  The caller
 * owns the struct jsonw (jsonw_new, jsonw_free) and the sink it writes to.
 *
 * Output is valid JSON whatever the strings hold: bytes that are no UTF-8 are written as
 * people read them, `\xe9`, so that two names stay two; NAN and infinities become null. */
#ifndef FORMATS_JSONW_H
#define FORMATS_JSONW_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/output.h"

struct jsonw;

int jsonw_new(struct jsonw **j, struct sink *out, struct err *e) ERR_WARN_UNUSED;
void jsonw_free(struct jsonw *j);

/* A text in quotes, as it stands in JSON, and so in YAML. */
void jsonw_quoted(struct sink *out, const char *s, size_t n);

/* key is NULL inside arrays and at the top. */
void jsonw_object(struct jsonw *j, const char *key);
void jsonw_end_object(struct jsonw *j);
void jsonw_array(struct jsonw *j, const char *key);
void jsonw_end_array(struct jsonw *j);
void jsonw_string(struct jsonw *j, const char *key, const char *s); /* NULL = null */
void jsonw_string_n(struct jsonw *j, const char *key, const char *s, size_t n);
void jsonw_u64(struct jsonw *j, const char *key, uint64_t v);
void jsonw_i64(struct jsonw *j, const char *key, int64_t v);
void jsonw_double(struct jsonw *j, const char *key,
                  double v); /* shortest that reads back */
void jsonw_bool(struct jsonw *j, const char *key, bool v);
void jsonw_null(struct jsonw *j, const char *key);
/* The newline behind a document, all of which must be closed; another may follow, as in
 * JSON lines. */
void jsonw_end(struct jsonw *j);

#endif
