/* SPDX-License-Identifier: MIT */
#include "cli/tags/owners.h"

#include <stdlib.h>
#include <string.h>

int owners_open(struct owners *o, const struct options *options, struct err *e)
{
    *o = (struct owners){.n = 0};
    if (options->alone && options->tags == NULL)
        return 0;
    TRY(tag_list_open(&o->list, options->tags, e));
    return tag_list_redact(&o->list, options->names, e);
}

void owners_free(struct owners *o)
{
    tag_list_free(&o->list);
    owners_forget(o);
    *o = (struct owners){.n = 0};
}

struct owners owners_fresh(const struct owners *o)
{
    return (struct owners){.list = o->list};
}

void owners_forget(struct owners *o)
{
    free(o->seen);
    buf_free(&o->text);
    *o = (struct owners){.list = o->list};
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
    if (s->chain.id != 0)
        return 0; /* without texts */
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i);
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

struct owner owners_find(const struct owners *o, struct pool_tag tag)
{
    struct owner found = tag_list_find(&o->list, tag).owner;
    const struct owners_seen *slot =
        o->slots > 0 ? slot_of(o->seen, o->slots, tag_key(tag)) : NULL;
    if (slot != NULL && slot->at != 0) {
        found.text = (const char *)o->text.p + slot->at - 1;
        found.source = "capture";
        found.unverified = false;
    }
    return found;
}

enum role owners_role(const void *owners, struct pool_tag tag, uint8_t pool)
{
    (void)pool; /* no tag is known that means two things in two pools */
    const struct owners *o = owners;
    return tag_list_find(&o->list, tag).owner.role;
}

int owners_of(const struct owners *o, const struct pool_tag *tags, size_t n,
              struct owner **out, struct err *e)
{
    struct owner *v = calloc(n > 0 ? n : 1, sizeof *v);
    if (v == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++)
        v[i] = owners_find(o, tags[i]);
    *out = v;
    return 0;
}
