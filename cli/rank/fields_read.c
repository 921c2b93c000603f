/* SPDX-License-Identifier: MIT */
#include "cli/rank/fields_read.h"

#include <stdlib.h>
#include <string.h>

#include "cli/rank/fields_value.h"

enum { KEY_MAX = 64, KEYS_MAX = 128 }; /* more than any object of ours has */

/* ---- the shelf ---- */

struct shelf_block {
    struct shelf_block *before;
    max_align_t bytes[];
};

void *shelf_take(struct shelf *s, size_t n, struct err *e)
{
    enum { BLOCK = 64 * 1024, ALIGN = sizeof(max_align_t) };
    if (n > SIZE_MAX / 2) {
        (void)err_nomem(e);
        return NULL;
    }
    n = (n + ALIGN - 1) / ALIGN * ALIGN;
    if (n > s->size - s->used) {
        size_t size = n > BLOCK ? n : BLOCK;
        struct shelf_block *b = calloc(1, sizeof *b + size);
        if (b == NULL) {
            (void)err_nomem(e);
            return NULL;
        }
        b->before = s->last;
        *s = (struct shelf){.last = b, .size = size};
    }
    void *p = (uint8_t *)s->last->bytes + s->used;
    s->used += n;
    return p;
}

void shelf_free(struct shelf *s)
{
    while (s->last != NULL) {
        struct shelf_block *before = s->last->before;
        free(s->last);
        s->last = before;
    }
    *s = (struct shelf){.last = NULL};
}

static int keep_text(struct fields_in *in, const char *text, size_t n, const char **out,
                     struct err *e)
{
    char *copy = shelf_take(in->shelf, n + 1, e);
    if (copy == NULL)
        return ERR_NOMEM;
    memcpy(copy, text, n + 1);
    *out = copy;
    return 0;
}

/* ---- scalars ---- */

static int bad(struct fields_in *in, const struct yaml_item *item, const char *key,
               const char *expected, struct err *e)
{
    return yaml_fail(in->y, item->at, e, "expected %s as '%s', found '%.40s'", expected,
                     key, item->text);
}

static int read_scalar(struct fields_in *in, const struct field *f, void *base,
                       struct err *e)
{
    struct yaml_item item;
    const char *text;
    TRY(yaml_scalar(in->y, f->key, &item, e));
    if (!item.quoted && strcmp(item.text, "null") == 0)
        return value_null(f, base) ? 0 : bad(in, &item, f->key, "a value", e);
    if (f->kind == FIELD_STRING || f->kind == FIELD_NAME) {
        TRY(keep_text(in, item.text, item.n, &text, e));
        memcpy((uint8_t *)base + f->at, &text, sizeof text);
        return 0;
    }
    return value_store(f, base, &item, in->from)
               ? 0
               : bad(in, &item, f->key, "what rank --json writes", e);
}

/* ---- lists ---- */

/* A place for element n of a list that was pointed to: twice as many whenever it is
 * full. */
static int list_place(struct fields_in *in, const struct field *f, uint8_t **v, size_t n,
                      struct err *e)
{
    if (f->most > 0)
        return n < f->most
                   ? 0
                   : yaml_fail(in->y, yaml_here(in->y), e,
                               "expected at most %zu elements in '%s'", f->most, f->key);
    if ((n & (n - 1)) != 0)
        return 0;
    uint8_t *more = shelf_take(in->shelf, (n == 0 ? 1 : 2 * n) * f->size, e);
    if (more == NULL)
        return ERR_NOMEM;
    if (n > 0)
        memcpy(more, *v, n * f->size);
    *v = more;
    return 0;
}

static int read_element(struct fields_in *in, const struct field *f, void *p,
                        struct err *e)
{
    if (f->kind == FIELD_LIST) {
        const struct field_part part = {f->sub, p};
        return fields_read(in, f->key, &part, 1, NULL, NULL, e);
    }
    if (f->kind == FIELD_TAGS) {
        struct yaml_item item;
        TRY(yaml_scalar(in->y, f->key, &item, e));
        return value_tag_text(p, item.text) ? 0 : bad(in, &item, f->key, "a tag", e);
    }
    const struct field one = {
        .key = f->key, .kind = FIELD_REAL, .size = f->size, .known = NOWHERE};
    return read_scalar(in, &one, p, e);
}

static int read_list(struct fields_in *in, const struct field *f, void *base,
                     struct err *e)
{
    uint8_t *at = (uint8_t *)base + f->at, *v = f->most > 0 ? at : NULL;
    size_t n = 0;
    int more;
    TRY(yaml_list(in->y, f->key, e));
    while ((more = yaml_more(in->y, e)) > 0) {
        TRY(list_place(in, f, &v, n, e));
        TRY(read_element(in, f, v + n * f->size, e));
        n++;
    }
    TRY(more);
    if (f->most == 0)
        memcpy(at, &v, sizeof v);
    value_count(f, base, n);
    return 0;
}

/* Lines "name=value" again. */
static int read_facts(struct fields_in *in, const struct field *f, void *p, struct err *e)
{
    struct buf lines = {0};
    struct yaml_item item;
    int more, r = 0;
    TRY(yaml_map(in->y, f->key, e));
    while (r == 0 && (more = yaml_key(in->y, &item, e)) != 0) {
        r = more < 0 ? more : buf_append(&lines, item.text, item.n, e);
        if (r == 0)
            r = buf_byte(&lines, '=', e);
        if (r == 0)
            r = yaml_scalar(in->y, "a fact", &item, e);
        if (r == 0)
            r = buf_append(&lines, item.text, item.n, e);
        if (r == 0)
            r = buf_byte(&lines, '\n', e);
    }
    const char *text = NULL;
    if (r == 0)
        r = buf_byte(&lines, '\0', e);
    if (r == 0)
        r = keep_text(in, (const char *)lines.p, lines.n - 1, &text, e);
    memcpy(p, &text, sizeof text);
    buf_free(&lines);
    return r;
}

/* ---- objects ---- */

static int read_one(struct fields_in *in, const struct field *f, void *base,
                    struct err *e)
{
    uint8_t *p = (uint8_t *)base + f->at;
    switch (f->kind) {
    case FIELD_OBJECT: {
        const struct field_part part = {f->sub, p};
        return fields_read(in, f->key, &part, 1, NULL, NULL, e);
    }
    case FIELD_REALS:
    case FIELD_TAGS:
    case FIELD_LIST:
        return read_list(in, f, base, e);
    case FIELD_FACTS:
        return read_facts(in, f, p, e);
    case FIELD_MADE: /* without a way back: other keys say the same */
        return f->take == NULL ? yaml_skip(in->y, e) : read_scalar(in, f, base, e);
    case FIELD_TAG: {
        /* The text is for people, the digits are exact. */
        struct yaml_item item;
        TRY(yaml_scalar(in->y, f->key, &item, e));
        return 0;
    }
    default:
        return read_scalar(in, f, base, e);
    }
}

static int read_tag_hex(struct fields_in *in, void *p, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_scalar(in->y, "tag_hex", &item, e));
    return value_tag_hex(p, item.text)
               ? 0
               : bad(in, &item, "tag_hex", "8 hexadecimal digits", e);
}

/* Every row of every part in one line, structs inside whose members are keys, too. */
struct rows {
    struct {
        const struct field *f;
        void *base;
        bool seen;
    } v[KEYS_MAX];
    size_t n, next;
};

static void add_rows(struct rows *rows, const struct field *table, void *base)
{
    for (const struct field *f = table; f->kind != FIELD_END; f++) {
        if (f->kind == FIELD_FLAT) {
            add_rows(rows, f->sub, (uint8_t *)base + f->at);
            continue;
        }
        if (rows->n < KEYS_MAX) {
            rows->v[rows->n].f = f;
            rows->v[rows->n].base = base;
            rows->v[rows->n++].seen = false;
        }
    }
}

/* The row of that key; the one behind the last is the likeliest. */
static size_t find_row(struct rows *rows, const char *key)
{
    for (size_t i = 0; i < rows->n; i++) {
        size_t k = (rows->next + i) % rows->n;
        if (strcmp(rows->v[k].f->key, key) == 0) {
            rows->next = k + 1;
            return k;
        }
    }
    return rows->n;
}

static int read_key(struct fields_in *in, struct rows *rows, const char *key,
                    struct yaml_at at, field_other *other, void *ctx, struct err *e)
{
    size_t k = find_row(rows, key);
    if (k < rows->n && rows->v[k].f->kind == FIELD_TAG)
        return read_one(in, rows->v[k].f, rows->v[k].base, e);
    if (k < rows->n) {
        if (rows->v[k].seen)
            return yaml_fail(in->y, at, e, "the key '%s' stands here twice", key);
        rows->v[k].seen = true;
        return read_one(in, rows->v[k].f, rows->v[k].base, e);
    }
    for (size_t i = 0; i < rows->n && strcmp(key, "tag_hex") == 0; i++)
        if (rows->v[i].f->kind == FIELD_TAG) {
            rows->v[i].seen = true;
            return read_tag_hex(in, (uint8_t *)rows->v[i].base + rows->v[i].f->at, e);
        }
    int taken = other != NULL ? other(ctx, key, e) : 0;
    if (taken != 0)
        return taken < 0 ? taken : 0;
    return yaml_fail(in->y, at, e,
                     "unknown key '%s': another version of poolsift wrote this", key);
}

int fields_read(struct fields_in *in, const char *what, const struct field_part *parts,
                size_t n, field_other *other, void *ctx, struct err *e)
{
    struct rows rows = {.n = 0};
    struct yaml_item item;
    char key[KEY_MAX];
    int more;
    for (size_t i = 0; i < n; i++)
        add_rows(&rows, parts[i].table, parts[i].base);
    TRY(yaml_map(in->y, what, e));
    const struct yaml_at begin = yaml_here(in->y);
    while ((more = yaml_key(in->y, &item, e)) > 0) {
        const struct yaml_at at = item.at;
        if (item.n >= sizeof key)
            return yaml_fail(in->y, at, e, "unknown key '%.40s...'", item.text);
        memcpy(key, item.text, item.n + 1);
        TRY(read_key(in, &rows, key, at, other, ctx, e));
    }
    TRY(more);
    for (size_t i = 0; i < rows.n; i++)
        if (!rows.v[i].seen)
            return yaml_fail(in->y, begin, e,
                             "no key '%s' in %s: another version of poolsift wrote this",
                             rows.v[i].f->key, what);
    return 0;
}
