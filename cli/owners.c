/* SPDX-License-Identifier: MIT */
#include "cli/owners.h"

#include <stdlib.h>
#include <string.h>

#include "formats/io/input.h"

/* ---- the list ---- */

static int read_list(struct owners *o, const char *path, struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct input_raw raw;
    struct input *in = NULL;
    TRY(input_raw_file(&raw, path, e));
    TRY(input_open(&in, path, raw, &limits, e));
    const int r = pooltag_read(&o->list, in, &limits, e);
    input_close(in);
    const char *slash = strrchr(path, '/');
    o->list_name = slash != NULL ? slash + 1 : path;
    return r;
}

int owners_open(struct owners *o, const struct options *options, struct err *e)
{
    *o = (struct owners){.list = NULL};
    const char *path = options->tags;
    const bool named = path != NULL;
    if (!named)
        path = getenv("POOLSIFT_TAGS");
    if (path == NULL || *path == '\0')
        return 0;
    const int r = read_list(o, path, e);
    if (r < 0) {
        err_place(e, path, 0);
        err_hint(e, named ? "--tags takes a pooltag.txt"
                          : "the variable POOLSIFT_TAGS names this file");
    }
    return r;
}

void owners_free(struct owners *o)
{
    pooltag_free(o->list);
    free(o->seen);
    buf_free(&o->text);
    *o = (struct owners){.list = NULL};
}

/* ---- what captures say ---- */

static struct owners_seen *slot_of(struct owners_seen *seen, size_t slots, uint32_t key)
{
    size_t i = (size_t)(key * UINT32_C(2654435769)) & (slots - 1);
    while (seen[i].at != 0 && seen[i].key != key)
        i = (i + 1) & (slots - 1);
    return &seen[i];
}

static int make_room(struct owners *o, struct err *e)
{
    if (o->n * 2 < o->slots)
        return 0;
    const size_t slots = o->slots == 0 ? 256 : o->slots * 2;
    struct owners_seen *seen = calloc(slots, sizeof *seen);
    if (seen == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < o->slots; i++)
        if (o->seen[i].at != 0)
            *slot_of(seen, slots, o->seen[i].key) = o->seen[i];
    free(o->seen);
    o->seen = seen;
    o->slots = slots;
    return 0;
}

/* `[afd.sys - text]` without its brackets; `Unknown Driver` says nothing. */
static const char *said_by(const struct pool_snapshot *s, const struct pool_row *r,
                           size_t *n)
{
    const char *text = pool_snapshot_str(s, r->owner);
    if (*text == '\0')
        text = pool_snapshot_str(s, r->driver);
    *n = strlen(text);
    if (*n > 0 && text[0] == '[') {
        text++;
        *n -= text[*n - 2] == ']' ? 2 : 1;
    }
    if (*n == strlen("Unknown Driver") && memcmp(text, "Unknown Driver", *n) == 0)
        *n = 0;
    return text;
}

int owners_learn(struct owners *o, const struct pool_snapshot *s, struct err *e)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = &s->rows[i];
        size_t n;
        if (r->owner == 0 && r->driver == 0)
            continue;
        const char *text = said_by(s, r, &n);
        if (n == 0)
            continue;
        TRY(make_room(o, e));
        struct owners_seen *slot = slot_of(o->seen, o->slots, tag_key(r->tag));
        if (slot->at != 0)
            continue;
        *slot = (struct owners_seen){.key = tag_key(r->tag), .at = o->text.n + 1};
        o->n++;
        TRY(buf_append(&o->text, text, n, e));
        TRY(buf_byte(&o->text, 0, e));
    }
    return 0;
}

/* ---- answers ---- */

static struct owner find_one(const struct owners *o, struct pool_tag tag)
{
    struct owner found = {NULL, NULL};
    if (o->slots > 0) {
        const struct owners_seen *slot = slot_of(o->seen, o->slots, tag_key(tag));
        if (slot->at != 0) {
            found.text = (const char *)o->text.p + slot->at - 1;
            found.source = "capture";
            return found;
        }
    }
    const struct pooltag_entry *x = o->list != NULL ? pooltag_find(o->list, tag) : NULL;
    if (x != NULL && *x->owner != '\0') {
        found.text = x->owner;
        found.source = o->list_name;
    }
    return found;
}

int owners_of(const struct owners *o, const struct pool_tag *tags, size_t n,
              struct owner **out, struct err *e)
{
    struct owner *v = calloc(n > 0 ? n : 1, sizeof *v);
    if (v == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++)
        v[i] = find_one(o, tags[i]);
    *out = v;
    return 0;
}
