/* SPDX-License-Identifier: MIT */
/* What a document must hold at a place, and the words for what it holds instead. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/know/yaml.h"

#define FOUND_MAX 64

/* As much of what was found as a message can bear. */
static const char *found(const struct yaml_item *item, char out[FOUND_MAX])
{
    switch (item->kind) {
    case YAML_KIND_MAP:
        return "a map";
    case YAML_KIND_LIST:
        return "a list";
    case YAML_KIND_MAP_END:
    case YAML_KIND_LIST_END:
    case YAML_KIND_END:
        return "the end";
    case YAML_KIND_SCALAR:
        break;
    }
    if (item->n == 0)
        return "nothing";
    size_t n = item->n < 40 ? item->n : 40;
    while (n < item->n && n > 0 && ((uint8_t)item->text[n] & 0xc0) == 0x80)
        n--; /* not in the middle of a character */
    (void)snprintf(out, FOUND_MAX, "'%.*s%s'", (int)n, item->text,
                   n < item->n ? "..." : "");
    return out;
}

static int unexpected(struct yaml *y, const char *what, const struct yaml_item *item,
                      struct err *e)
{
    char words[FOUND_MAX];
    return yaml_fail(y, item->at, e, "expected %s, found %s", what, found(item, words));
}

/* "a, b and c" of the words, cut where it grows too long. */
static void listed(const char *const *words, size_t n, const char *last, char *out,
                   size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const char *between = i == 0 ? "" : i + 1 == n ? last : ", ";
        const int k = snprintf(out + at, size - at, "%s%s", between, words[i]);
        if (k < 0 || (size_t)k >= size - at)
            return;
        at += (size_t)k;
    }
}

static size_t place_of(const char *text, const char *const *words, size_t n)
{
    size_t i = 0;
    while (i < n && strcmp(words[i], text) != 0)
        i++;
    return i;
}

static int begins(struct yaml *y, enum yaml_kind kind, const char *what, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_next(y, &item, e));
    return item.kind == kind ? 0 : unexpected(y, what, &item, e);
}

int yaml_map(struct yaml *y, const char *what, struct err *e)
{
    return begins(y, YAML_KIND_MAP, what, e);
}

int yaml_list(struct yaml *y, const char *what, struct err *e)
{
    return begins(y, YAML_KIND_LIST, what, e);
}

int yaml_end(struct yaml *y, struct err *e)
{
    return begins(y, YAML_KIND_END, "the end", e);
}

int yaml_key(struct yaml *y, struct yaml_item *key, struct err *e)
{
    TRY(yaml_next(y, key, e));
    if (key->kind == YAML_KIND_MAP_END)
        return 0;
    return key->kind == YAML_KIND_SCALAR ? 1 : unexpected(y, "a key", key, e);
}

int yaml_key_in(struct yaml *y, const char *const *keys, size_t n, uint64_t *seen,
                size_t *index, struct err *e)
{
    struct yaml_item key;
    const int more = yaml_key(y, &key, e);
    if (more <= 0)
        return more;
    const size_t k = place_of(key.text, keys, n);
    if (k == n) {
        char allowed[240], words[FOUND_MAX];
        listed(keys, n, " and ", allowed, sizeof allowed);
        return yaml_fail(y, key.at, e, "unknown key %s; the keys here are %s",
                         found(&key, words), allowed);
    }
    if (*seen & UINT64_C(1) << k)
        return yaml_fail(y, key.at, e, "the key '%s' stands here twice", keys[k]);
    *seen |= UINT64_C(1) << k;
    *index = k;
    return 1;
}

int yaml_more(struct yaml *y, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_peek(y, &item, e));
    if (item.kind != YAML_KIND_LIST_END)
        return 1;
    TRY(yaml_next(y, &item, e));
    return 0;
}

int yaml_scalar(struct yaml *y, const char *what, struct yaml_item *item, struct err *e)
{
    TRY(yaml_next(y, item, e));
    return item->kind == YAML_KIND_SCALAR ? 0 : unexpected(y, what, item, e);
}

int yaml_text(struct yaml *y, const char *what, char **text, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_scalar(y, what, &item, e));
    if (item.n == 0)
        return unexpected(y, what, &item, e);
    char *copy = malloc(item.n + 1);
    if (copy == NULL)
        return err_nomem(e);
    memcpy(copy, item.text, item.n + 1);
    *text = copy;
    return 0;
}

int yaml_word(struct yaml *y, const char *what, const char *const *words, size_t n,
              size_t *index, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_scalar(y, what, &item, e));
    const size_t k = place_of(item.text, words, n);
    if (k == n) {
        char allowed[200], is[FOUND_MAX];
        listed(words, n, " or ", allowed, sizeof allowed);
        return yaml_fail(y, item.at, e, "expected %s (%s), found %s", what, allowed,
                         found(&item, is));
    }
    *index = k;
    return 0;
}

int yaml_bool(struct yaml *y, const char *what, bool *value, struct err *e)
{
    static const char *const words[] = {"yes", "true", "no", "false"};
    struct yaml_item item;
    TRY(yaml_scalar(y, what, &item, e));
    const size_t k = place_of(item.text, words, 4);
    if (item.quoted || k == 4) {
        char is[FOUND_MAX];
        return yaml_fail(y, item.at, e, "expected %s (yes or no), found %s", what,
                         found(&item, is));
    }
    *value = k < 2;
    return 0;
}

int yaml_u64(struct yaml *y, const char *what, uint64_t *value, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_scalar(y, what, &item, e));
    uint64_t v = 0;
    bool good = item.n > 0 && !item.quoted;
    for (size_t i = 0; good && i < item.n; i++) {
        const unsigned digit = (unsigned)((uint8_t)item.text[i] - '0');
        good = digit <= 9 && v <= (UINT64_MAX - digit) / 10;
        v = good ? v * 10 + digit : v;
    }
    if (!good)
        return unexpected(y, what, &item, e);
    *value = v;
    return 0;
}

/* -12, 3.5, 2.1e9: what JSON calls a number, so no hexadecimal and no infinity. */
static bool number_shaped(const char *p)
{
    p += *p == '-';
    size_t n = strspn(p, "0123456789");
    if (n == 0)
        return false;
    p += n;
    if (*p == '.') {
        n = strspn(++p, "0123456789");
        if (n == 0)
            return false;
        p += n;
    }
    if (*p == 'e' || *p == 'E') {
        p++;
        p += *p == '+' || *p == '-';
        n = strspn(p, "0123456789");
        if (n == 0)
            return false;
        p += n;
    }
    return *p == '\0';
}

bool yaml_is_number(const char *text, double *value)
{
    if (!number_shaped(text))
        return false;
    errno = 0;
    const double v = strtod(text, NULL);
    if (errno == ERANGE && (v > 1 || v < -1))
        return false;
    *value = v;
    return true;
}

int yaml_number(struct yaml *y, const char *what, double *value, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_scalar(y, what, &item, e));
    if (item.quoted || !yaml_is_number(item.text, value))
        return unexpected(y, what, &item, e);
    return 0;
}

int yaml_null(struct yaml *y, bool *was_null, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_peek(y, &item, e));
    *was_null =
        item.kind == YAML_KIND_SCALAR && !item.quoted &&
        (item.n == 0 || strcmp(item.text, "null") == 0 || strcmp(item.text, "~") == 0);
    return *was_null ? yaml_next(y, &item, e) : 0;
}
