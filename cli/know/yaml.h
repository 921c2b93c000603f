/* SPDX-License-Identifier: MIT */
/* A pull reader for YAML (so for JSON, too) above libyaml; the caller owns the struct
 * yaml that yaml_open makes and frees it with yaml_close.
 *
 * A stranger's document is read safely: size, depth and length of scalars are bounded;
 * anchors, aliases, tags and a second document are refused; a scalar never holds a NUL.
 * Every error is ERR_FORMAT or ERR_LIMIT with the place "name:line:column", what was
 * expected there and what was found; each stays: the next call gives it again.
 *
 *     int more;
 *     size_t k;
 *     TRY(yaml_map(y, "a case", e));
 *     while ((more = yaml_key_in(y, keys, n_keys, &seen, &k, e)) > 0)
 *         ... yaml_text(y, "a name", &value, e), or yaml_skip(y, e) ...
 */
#ifndef CLI_KNOW_YAML_H
#define CLI_KNOW_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"

struct yaml;

struct yaml_limits {
    size_t bytes;  /* of the document */
    size_t depth;  /* of maps and lists inside each other */
    size_t scalar; /* bytes of one scalar */
};

#define YAML_LIMITS_DEFAULT                                                              \
    {                                                                                    \
        .bytes = 4u << 20, .depth = 16, .scalar = 64u << 10                              \
    }

/* Where something stands, both from 1; columns count characters. */
struct yaml_at {
    size_t line, column;
};

enum yaml_kind {
    YAML_KIND_MAP, /* a map begins: keys and values follow by turns */
    YAML_KIND_LIST,
    YAML_KIND_SCALAR,
    YAML_KIND_MAP_END,
    YAML_KIND_LIST_END,
    YAML_KIND_END /* of the document */
};

struct yaml_item {
    enum yaml_kind kind;
    const char *text; /* of a scalar, UTF-8, ends in NUL; else "" */
    size_t n;
    bool quoted; /* a quoted or block scalar: then `null` and `12` are words */
    struct yaml_at at;
};

/* Borrows `p` and `name` (for messages) until yaml_close; NULL limits are the default. */
int yaml_open(struct yaml **y, const char *name, const void *p, size_t n,
              const struct yaml_limits *l, struct err *e) ERR_WARN_UNUSED;
/* Reads the file at once; borrows `path`. */
int yaml_open_file(struct yaml **y, const char *path, const struct yaml_limits *l,
                   struct err *e) ERR_WARN_UNUSED;
/* Reads as it goes: `read` stores up to n bytes at p and returns how many (0 = end), or a
 * negative err_code and fills e.  Borrows `ctx` and `name`. */
int yaml_open_reader(struct yaml **y, const char *name,
                     ptrdiff_t (*read)(void *ctx, uint8_t *p, size_t n, struct err *e),
                     void *ctx, const struct yaml_limits *l,
                     struct err *e) ERR_WARN_UNUSED;
void yaml_close(struct yaml *y);

/* ---- events: text of an item is good until the next call on y ---- */

/* The next item; peek leaves it where it is. */
int yaml_next(struct yaml *y, struct yaml_item *item, struct err *e) ERR_WARN_UNUSED;
int yaml_peek(struct yaml *y, struct yaml_item *item, struct err *e) ERR_WARN_UNUSED;
/* Passes one whole value: a scalar, or a map or list with all that is in it. */
int yaml_skip(struct yaml *y, struct err *e) ERR_WARN_UNUSED;
/* The document has ended; anything else is an error. */
int yaml_end(struct yaml *y, struct err *e) ERR_WARN_UNUSED;

/* ---- what is expected: `what` goes into the message, as in "expected a list of tags,
 * found a map" ---- */

/* A map, or a list, begins here. */
int yaml_map(struct yaml *y, const char *what, struct err *e) ERR_WARN_UNUSED;
int yaml_list(struct yaml *y, const char *what, struct err *e) ERR_WARN_UNUSED;
/* 1: the key of the map is in *key and its value comes next; 0: the map has ended. */
int yaml_key(struct yaml *y, struct yaml_item *key, struct err *e) ERR_WARN_UNUSED;
/* The same for a closed list of keys: *index into `keys` (at most 64).  Any other key, or
 * one that *seen (0 at first) has already, is an error that names the allowed ones. */
int yaml_key_in(struct yaml *y, const char *const *keys, size_t n, uint64_t *seen,
                size_t *index, struct err *e) ERR_WARN_UNUSED;
/* 1: another value of the list comes next; 0: the list has ended. */
int yaml_more(struct yaml *y, struct err *e) ERR_WARN_UNUSED;

int yaml_scalar(struct yaml *y, const char *what, struct yaml_item *item,
                struct err *e) ERR_WARN_UNUSED;
/* A scalar that is not empty, as a new string that the caller frees. */
int yaml_text(struct yaml *y, const char *what, char **text,
              struct err *e) ERR_WARN_UNUSED;
/* One of `words` (n of them): its index. */
int yaml_word(struct yaml *y, const char *what, const char *const *words, size_t n,
              size_t *index, struct err *e) ERR_WARN_UNUSED;
/* Unquoted: `yes no true false`; decimal digits; a JSON number; all checked to fit. */
int yaml_bool(struct yaml *y, const char *what, bool *value,
              struct err *e) ERR_WARN_UNUSED;
int yaml_u64(struct yaml *y, const char *what, uint64_t *value,
             struct err *e) ERR_WARN_UNUSED;
int yaml_number(struct yaml *y, const char *what, double *value,
                struct err *e) ERR_WARN_UNUSED;
/* A JSON number that fits, and nothing else. */
bool yaml_is_number(const char *text, double *value);
/* True when the next value is an unquoted `null`, `~` or nothing; it is passed then. */
int yaml_null(struct yaml *y, bool *was_null, struct err *e) ERR_WARN_UNUSED;

/* An error of the caller's own about that place (of the item that came last, by
 * yaml_here); returns ERR_FORMAT, which stays. */
struct yaml_at yaml_here(const struct yaml *y);
int yaml_fail(struct yaml *y, struct yaml_at at, struct err *e, const char *fmt, ...)
    ERR_PRINTF(4, 5);

#endif
