/* SPDX-License-Identifier: MIT */
/* Members of a struct as keys of a JSON object: one row a key, by which fields_write
 * writes it and fields_read (cli/rank/fields_read.h) reads it back, so that nothing is
 * written that cannot be read again.  The tables are const; nothing here owns anything.
 */
#ifndef CLI_RENDER_FIELDS_H
#define CLI_RENDER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/io/jsonw.h"
#include "formats/pool.h"

enum field_kind {
    FIELD_END,    /* behind the last row */
    FIELD_UINT,   /* unsigned, 1 to 8 bytes */
    FIELD_INT,    /* signed, 4 or 8 bytes */
    FIELD_REAL,   /* double; what is not finite is null */
    FIELD_WHOLE,  /* double that counts bytes: a whole number in JSON */
    FIELD_REALS,  /* an array of doubles inside the struct, and an int that counts them */
    FIELD_BOOL,   /* bool */
    FIELD_WORD,   /* an enum, by its word */
    FIELD_STRING, /* const char *; NULL is null */
    FIELD_NAME,   /* the same, never NULL */
    FIELD_CHARS,  /* an array of char that ends in NUL; "" is null */
    FIELD_TAG,    /* struct pool_tag: the keys tag and tag_hex */
    FIELD_TIME,   /* struct pool_time */
    FIELD_HOURS,  /* double, hours of the series: a time */
    FIELD_OBJECT, /* a struct inside the struct */
    FIELD_FLAT,   /* the same, its members being keys of this object */
    FIELD_LIST,   /* an array of structs, inside or pointed to, and a size_t or int */
    FIELD_TAGS,  /* an array of struct pool_tag inside the struct, counted: their texts */
    FIELD_FACTS, /* const char *, lines "name=value": an object */
    FIELD_MADE   /* a scalar made of other members */
};

/* The words of an enum from 0 to n - 1; NULL is null. */
struct field_words {
    const char *(*word)(int value);
    int n;
};

#define NOWHERE SIZE_MAX

struct field {
    const char *key;
    enum field_kind kind;
    size_t at, size;          /* of the member; of a list: of one element */
    size_t known;             /* a bool, without which it is null; or NOWHERE */
    size_t count, count_size; /* what counts a list */
    size_t most; /* elements that a list inside the struct holds; 0 = a pointer */
    const struct field_words *words;
    const struct field *sub; /* of an object, or of a list's elements */
    void (*make)(struct jsonw *j, const char *key, const void *base);
    /* Reads it back, NULL being null; false: no such word.  Without it nothing is to be
     * read: other keys say the same. */
    bool (*take)(void *base, const char *text);
};

#define FIELD_ROW(k, KIND, s, m)                                                         \
    .key = k, .kind = FIELD_##KIND, .at = offsetof(s, m),                                \
    .size = sizeof(((const s *)NULL)->m)
#define FIELD(KIND, key, s, m)                                                           \
    {                                                                                    \
        FIELD_ROW(key, KIND, s, m), .known = NOWHERE                                     \
    }
#define FIELD_IF(KIND, key, s, m, flag)                                                  \
    {                                                                                    \
        FIELD_ROW(key, KIND, s, m), .known = offsetof(s, flag)                           \
    }
#define FIELD_WORDS(key, s, m, w)                                                        \
    {                                                                                    \
        FIELD_ROW(key, WORD, s, m), .known = NOWHERE, .words = &(w)                      \
    }
#define FIELD_SUB(KIND, key, s, m, table)                                                \
    {                                                                                    \
        FIELD_ROW(key, KIND, s, m), .known = NOWHERE, .sub = (table)                     \
    }
#define FIELD_COUNTED(s, c)                                                              \
    .count = offsetof(s, c), .count_size = sizeof(((const s *)NULL)->c)
#define FIELD_LAST                                                                       \
    {                                                                                    \
        .kind = FIELD_END                                                                \
    }
/* A pointer to n elements. */
#define FIELD_POINTED(k, s, m, c, table)                                                 \
    {                                                                                    \
        .key = k, .kind = FIELD_LIST, .at = offsetof(s, m),                              \
        .size = sizeof(*((const s *)NULL)->m), .known = NOWHERE, FIELD_COUNTED(s, c),    \
        .sub = (table)                                                                   \
    }
/* An array inside the struct. */
#define FIELD_INSIDE(k, KIND, s, m, c, table)                                            \
    {                                                                                    \
        .key = k, .kind = FIELD_##KIND, .at = offsetof(s, m),                            \
        .size = sizeof(((const s *)NULL)->m[0]), .known = NOWHERE, FIELD_COUNTED(s, c),  \
        .most = sizeof(((const s *)NULL)->m) / sizeof(((const s *)NULL)->m[0]),          \
        .sub = (table)                                                                   \
    }
#define FIELD_OF(k, fn, back)                                                            \
    {                                                                                    \
        .key = k, .kind = FIELD_MADE, .known = NOWHERE, .make = (fn), .take = (back)     \
    }

/* A series' clock, for members that count its hours. */
struct field_clock {
    struct pool_time from;
    int64_t origin_ms; /* of hour 0 */
};

/* Decimal digits and nothing else, below 2^64. */
bool field_uint(const char *text, uint64_t *value);

/* Writes the members of the object at hand. */
void fields_write(struct jsonw *j, const struct field_clock *clock,
                  const struct field *table, const void *base);

#endif
