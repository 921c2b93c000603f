/* SPDX-License-Identifier: MIT */
#include "cli/rank/fields_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats/ascii.h"
#include "formats/when.h"

static bool store_uint(void *p, size_t size, uint64_t v)
{
    uint8_t small = (uint8_t)v;
    uint32_t middle = (uint32_t)v;
    if (size == sizeof small) {
        memcpy(p, &small, sizeof small);
        return v <= UINT8_MAX;
    }
    if (size == sizeof middle) {
        memcpy(p, &middle, sizeof middle);
        return v <= UINT32_MAX;
    }
    memcpy(p, &v, sizeof v);
    return true;
}

static bool store_int(void *p, size_t size, const char *text)
{
    uint64_t v;
    bool minus = *text == '-';
    if (!field_uint(text + minus, &v) || v > (uint64_t)INT64_MAX + minus)
        return false;
    int64_t n = minus ? (v > (uint64_t)INT64_MAX ? INT64_MIN : -(int64_t)v) : (int64_t)v;
    if (size == sizeof(int32_t)) {
        int32_t narrow = (int32_t)n;
        memcpy(p, &narrow, sizeof narrow);
        return n >= INT32_MIN && n <= INT32_MAX;
    }
    memcpy(p, &n, sizeof n);
    return true;
}

/* What the writer of numbers gives, and no more: strtod alone takes "inf" and "0x1". */
static bool store_real(void *p, const char *text)
{
    char *end;
    if (strspn(text, "0123456789+-.eE") != strlen(text))
        return false;
    errno = 0;
    double v = strtod(text, &end);
    memcpy(p, &v, sizeof v);
    return end != text && *end == '\0' && isfinite(v);
}

static bool store_whole(void *p, const char *text)
{
    int64_t v;
    bool good = store_int(&v, sizeof v, text) && v < INT64_C(9000000000000000000) &&
                v > -INT64_C(9000000000000000000);
    const double bytes = good ? (double)v : 0;
    memcpy(p, &bytes, sizeof bytes);
    return good;
}

static bool store_word(void *p, const struct field *f, const char *text)
{
    for (int i = 0; i < f->words->n; i++) {
        const char *word = f->words->word(i);
        if (text == NULL ? word == NULL : word != NULL && strcmp(word, text) == 0)
            return store_uint(p, f->size, (uint64_t)i);
    }
    return false;
}

/* Where the time is from stands elsewhere. */
static bool store_time(void *p, const char *text)
{
    struct pool_time t;
    bool good = when_option(text, &t);
    if (good)
        memcpy(p, &t, sizeof t);
    return good;
}

static bool store_hours(void *p, const struct pool_time *from, const char *text)
{
    struct pool_time t;
    if (from == NULL || from->source == TIME_NONE || !when_option(text, &t))
        return false;
    double hours = (double)(t.ms - from->ms) / 3600e3;
    memcpy(p, &hours, sizeof hours);
    return true;
}

/* Two digits at p, as tag_hex and tag_text write them. */
static bool tag_byte(const char *p, uint8_t *v)
{
    const int high = ascii_own_hex(p[0]);
    const int low = high < 0 ? -1 : ascii_own_hex(p[1]);
    if (low < 0)
        return false;
    *v = (uint8_t)(high << 4 | low);
    return true;
}

bool value_tag_hex(void *p, const char *text)
{
    struct pool_tag tag;
    if (strlen(text) != 8)
        return false;
    for (size_t i = 0; i < 4; i++)
        if (!tag_byte(text + 2 * i, &tag.b[i]))
            return false;
    memcpy(p, &tag, sizeof tag);
    return true;
}

bool value_tag_text(void *p, const char *s)
{
    struct pool_tag tag;
    for (size_t i = 0; i < 4; i++) {
        if (*s == '\0')
            return false;
        if (*s != '\\') {
            tag.b[i] = (uint8_t)*s++;
        } else if (s[1] == '\\') {
            tag.b[i] = '\\';
            s += 2;
        } else if (s[1] == 'x' && tag_byte(s + 2, &tag.b[i])) {
            s += 4;
        } else {
            return false;
        }
    }
    memcpy(p, &tag, sizeof tag);
    return *s == '\0';
}

bool value_null(const struct field *f, void *base)
{
    const double nothing = NAN;
    void *p = (uint8_t *)base + f->at;
    switch (f->kind) {
    case FIELD_REAL:
    case FIELD_HOURS:
        memcpy(p, &nothing, sizeof nothing);
        return true;
    case FIELD_STRING:
    case FIELD_CHARS:
    case FIELD_TIME:
        return true;
    case FIELD_WORD:
        return f->known != NOWHERE || store_word(p, f, NULL);
    case FIELD_MADE:
        return f->take == NULL || f->take(base, NULL);
    default:
        return f->known != NOWHERE;
    }
}

static bool store_number(const struct field *f, void *p, const char *text)
{
    uint64_t v;
    switch (f->kind) {
    case FIELD_UINT:
        return field_uint(text, &v) && store_uint(p, f->size, v);
    case FIELD_INT:
        return store_int(p, f->size, text);
    case FIELD_WHOLE:
        return store_whole(p, text);
    case FIELD_BOOL:
        (void)store_uint(p, f->size, text[0] == 't');
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    default:
        return store_real(p, text);
    }
}

bool value_store(const struct field *f, void *base, const struct yaml_item *item,
                 const struct pool_time *from)
{
    void *p = (uint8_t *)base + f->at;
    if (f->known != NOWHERE)
        (void)store_uint((uint8_t *)base + f->known, sizeof(bool), 1);
    switch (f->kind) {
    case FIELD_UINT:
    case FIELD_INT:
    case FIELD_WHOLE:
    case FIELD_REAL:
    case FIELD_BOOL:
        return !item->quoted && store_number(f, p, item->text);
    case FIELD_WORD:
        return store_word(p, f, item->text);
    case FIELD_CHARS:
        if (item->n < f->size)
            memcpy(p, item->text, item->n + 1);
        return item->n < f->size;
    case FIELD_TIME:
        return store_time(p, item->text);
    case FIELD_HOURS:
        return store_hours(p, from, item->text);
    case FIELD_MADE:
        return f->take == NULL || f->take(base, item->text);
    default:
        return false;
    }
}

void value_count(const struct field *f, void *base, size_t n)
{
    (void)store_uint((uint8_t *)base + f->count, f->count_size, n);
}
