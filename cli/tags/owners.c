/* SPDX-License-Identifier: MIT */
#include "cli/tags/owners.h"

#include <stdlib.h>
#include <string.h>

#include "formats/spread.h"

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

static struct owners_seen *slot_of(const struct owners *o, uint32_t key)
{
    size_t i = spread_over(o->way, key, o->slots);
    while (o->seen[i].at != 0 && o->seen[i].key != key)
        i = (i + 1) & (o->slots - 1);
    return &o->seen[i];
}

static int spread_anew(struct owners *o, size_t slots, unsigned way, struct err *e)
{
    struct owners old = *o;
    struct owners_seen *seen = calloc(slots, sizeof *seen);
    if (seen == NULL)
        return err_nomem(e);
    o->seen = seen;
    o->slots = slots;
    o->way = way;
    for (size_t i = 0; i < old.slots; i++)
        if (old.seen[i].at != 0)
            *slot_of(o, old.seen[i].key) = old.seen[i];
    free(old.seen);
    return 0;
}

/* Remembers what a capture says of that tag, unless one did before. */
static int learn(struct owners *o, uint32_t key, const char *text, size_t n,
                 struct err *e)
{
    if (o->n * 2 >= o->slots)
        TRY(spread_anew(o, o->slots == 0 ? 256 : o->slots * 2, o->way, e));
    struct owners_seen *slot = slot_of(o, key);
    if (slot->at != 0)
        return 0;
    *slot = (struct owners_seen){.key = key, .at = o->text.n + 1};
    o->n++;
    TRY(buf_append(&o->text, text, n, e));
    TRY(buf_byte(&o->text, 0, e));
    return spread_meets(o->way, key, (size_t)(slot - o->seen), o->slots)
               ? spread_anew(o, o->slots, o->way + 1, e)
               : 0;
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
        *n -= *n > 1 && text[*n - 2] == ']' ? 2 : 1;
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
        TRY(learn(o, tag_key(r->tag), text, n, e));
    }
    return 0;
}

/* ---- answers ---- */

struct owner owners_find(const struct owners *o, struct pool_tag tag)
{
    struct owner found = tag_list_find(&o->list, tag).owner;
    const struct owners_seen *slot = o->slots > 0 ? slot_of(o, tag_key(tag)) : NULL;
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
