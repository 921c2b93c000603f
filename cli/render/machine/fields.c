/* SPDX-License-Identifier: MIT */
#include "cli/render/machine/fields.h"

#include <math.h>
#include <string.h>

#include "cli/render/machine/json.h"

bool field_uint(const char *text, uint64_t *value)
{
    uint64_t v = 0;
    if (*text == '\0')
        return false;
    for (const char *p = text; *p != '\0'; p++) {
        unsigned digit = (unsigned)((uint8_t)*p - '0');
        if (digit > 9 || v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *value = v;
    return true;
}

static uint64_t load_uint(const void *p, size_t size)
{
    uint8_t small;
    uint32_t middle;
    uint64_t large = 0;
    if (size == sizeof small) {
        memcpy(&small, p, sizeof small);
        return small;
    }
    if (size == sizeof middle) {
        memcpy(&middle, p, sizeof middle);
        return middle;
    }
    memcpy(&large, p, sizeof large);
    return large;
}

static int64_t load_int(const void *p, size_t size)
{
    uint64_t v = load_uint(p, size);
    return size == sizeof(int32_t) ? (int32_t)(uint32_t)v : (int64_t)v;
}

static double load_real(const void *p)
{
    double v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Bytes are integers in machine output, also where a fitted line gave them. */
static int64_t whole(double bytes)
{
    return isfinite(bytes) && fabs(bytes) < 9e18 ? (int64_t)round(bytes) : 0;
}

static void write_hours(struct jsonw *j, const char *key, const struct field_clock *clock,
                        double hours)
{
    if (clock == NULL || clock->from.source == TIME_NONE || !isfinite(hours)) {
        jsonw_null(j, key);
        return;
    }
    struct pool_time t = clock->from;
    t.ms = clock->origin_ms + (int64_t)round(hours * 3600e3);
    json_time(j, key, &t);
}

static void write_tag_text(struct jsonw *j, const void *p)
{
    struct pool_tag tag;
    char text[TAG_TEXT_MAX];
    memcpy(&tag, p, sizeof tag);
    jsonw_string_n(j, NULL, text, tag_text(tag, text));
}

static void write_list(struct jsonw *j, const struct field_clock *clock,
                       const struct field *f, const void *base)
{
    const uint8_t *at = (const uint8_t *)base + f->at, *p = at;
    uint64_t n = load_uint((const uint8_t *)base + f->count, f->count_size);
    if (f->most == 0) /* there stands where the list is */
        memcpy(&p, at, sizeof p);
    jsonw_array(j, f->key);
    for (uint64_t i = 0; i < n; i++) {
        const uint8_t *element = p + i * f->size;
        if (f->kind == FIELD_REALS) {
            jsonw_double(j, NULL, load_real(element));
        } else if (f->kind == FIELD_TAGS) {
            write_tag_text(j, element);
        } else {
            jsonw_object(j, NULL);
            fields_write(j, clock, f->sub, element);
            jsonw_end_object(j);
        }
    }
    jsonw_end_array(j);
}

static void write_string(struct jsonw *j, const struct field *f, const uint8_t *p)
{
    const char *s;
    if (f->kind == FIELD_CHARS) {
        json_text(j, f->key, (const char *)p);
        return;
    }
    memcpy(&s, p, sizeof s);
    if (f->kind == FIELD_FACTS)
        json_facts(j, s != NULL ? s : "");
    else
        jsonw_string(j, f->key, s);
}

static void write_one(struct jsonw *j, const struct field_clock *clock,
                      const struct field *f, const void *base)
{
    const uint8_t *p = (const uint8_t *)base + f->at;
    switch (f->kind) {
    case FIELD_UINT:
        jsonw_u64(j, f->key, load_uint(p, f->size));
        break;
    case FIELD_INT:
        jsonw_i64(j, f->key, load_int(p, f->size));
        break;
    case FIELD_REAL:
        jsonw_double(j, f->key, load_real(p));
        break;
    case FIELD_WHOLE:
        jsonw_i64(j, f->key, whole(load_real(p)));
        break;
    case FIELD_BOOL:
        jsonw_bool(j, f->key, load_uint(p, f->size) != 0);
        break;
    case FIELD_WORD:
        jsonw_string(j, f->key, f->words->word((int)load_uint(p, f->size)));
        break;
    case FIELD_STRING:
    case FIELD_NAME:
    case FIELD_CHARS:
    case FIELD_FACTS:
        write_string(j, f, p);
        break;
    case FIELD_TAG: {
        struct pool_tag tag;
        memcpy(&tag, p, sizeof tag);
        json_tag(j, tag);
        break;
    }
    case FIELD_TIME: {
        struct pool_time t;
        memcpy(&t, p, sizeof t);
        json_time(j, f->key, &t);
        break;
    }
    case FIELD_HOURS:
        write_hours(j, f->key, clock, load_real(p));
        break;
    case FIELD_OBJECT:
        jsonw_object(j, f->key);
        fields_write(j, clock, f->sub, p);
        jsonw_end_object(j);
        break;
    case FIELD_FLAT:
        fields_write(j, clock, f->sub, p);
        break;
    case FIELD_REALS:
    case FIELD_TAGS:
    case FIELD_LIST:
        write_list(j, clock, f, base);
        break;
    case FIELD_MADE:
        f->make(j, f->key, base);
        break;
    case FIELD_END:
        break;
    }
}

void fields_write(struct jsonw *j, const struct field_clock *clock,
                  const struct field *table, const void *base)
{
    for (const struct field *f = table; f->kind != FIELD_END; f++) {
        bool known = f->known == NOWHERE ||
                     load_uint((const uint8_t *)base + f->known, sizeof(bool)) != 0;
        if (known)
            write_one(j, clock, f, base);
        else
            jsonw_null(j, f->key);
    }
}
