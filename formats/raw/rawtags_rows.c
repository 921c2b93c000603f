/* SPDX-License-Identifier: MIT */
/* Entries of a reply to rows.  Diff and Bytes / Diff are what Allocs, Frees and Used say,
 * so they count as given. */
#include <string.h>

#include "formats/text/keys.h"
#include "formats/raw/rawtags.h"

/* What the entries show beside their figures. */
struct seen {
    uint64_t protected_tags, overflow, figures;
    uint64_t bytes;    /* of all */
    uint64_t low_bits; /* of every Used, together */
    struct key_set keys;
};

static const struct pool_tag overflow_tag = {{'O', 'v', 'f', 'l'}};

static int add_row(struct pool_snapshot *s, struct pool_tag tag, enum pool_kind pool,
                   unsigned width, const struct tag_figures *f, struct err *e)
{
    struct pool_row *row = pool_snapshot_add(s, e);
    if (row == NULL)
        return err_nomem(e);
    row->tag = tag;
    row->pool = (uint8_t)pool;
    row->width = (uint8_t)width;
    row->fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC;
    row->allocs = f->allocs;
    row->frees = f->frees;
    row->live = row_live(f->allocs, f->frees, width);
    row->bytes = f->used;
    row->per_alloc = row->live == 0 ? 0 : f->used / row->live;
    return 0;
}

static int note_key(struct pool_snapshot *s, struct key_set *keys, struct pool_tag tag,
                    enum pool_kind pool, struct err *e)
{
    int added = key_set_add(keys, tag, (uint8_t)pool, e);
    if (added != 0)
        return added < 0 ? added : 0;
    char text[TAG_TEXT_MAX];
    (void)tag_text(tag, text);
    return note_add(&s->notes, e, NOTE_REPEATED_KEY, 0, "tag '%s' (%s) is listed twice",
                    text, pool_kind_short(pool));
}

/* A pool in which the tag never had anything is no row, as in poolmon. */
static int add_entry(struct pool_snapshot *s, const struct tag_entry *t, unsigned width,
                     struct seen *x, struct err *e)
{
    for (int pool = POOL_NONPAGED; pool <= POOL_PAGED; pool++) {
        const struct tag_figures *f = &t->pool[pool];
        if ((f->allocs | f->frees | f->used) == 0)
            continue;
        TRY(add_row(s, t->tag, (enum pool_kind)pool, width, f, e));
        TRY(note_key(s, &x->keys, t->tag, (enum pool_kind)pool, e));
        x->figures += f->used > 0;
        x->low_bits |= f->used;
        if (!add_u64(x->bytes, f->used, &x->bytes))
            x->bytes = UINT64_MAX;
    }
    x->protected_tags += t->tag.b[3] > 0x7f;
    x->overflow += tag_equal(t->tag, overflow_tag);
    return 0;
}

/* A 64-bit kernel hands out multiples of 16 bytes; a 32-bit one of 8, or, before XP, of
 * 32.  And what exceeds 4 GiB in all did not fit into 32-bit addresses. */
static bool from_64_bit(enum tag_layout k, const struct seen *x)
{
    enum { ENOUGH = 64 };
    if (tag_layout_table[k].size != 4)
        return false;
    return x->bytes > UINT32_MAX || (x->figures >= ENOUGH && (x->low_bits & 31) == 16);
}

static int entry_notes(struct pool_snapshot *s, enum tag_layout k, const struct seen *x,
                       struct err *e)
{
    if (x->protected_tags > 0)
        TRY(note_add(&s->notes, e, NOTE_PROTECTED_TAG, 0,
                     "%llu tag%s the bit of protected pool: the last byte is above 7F",
                     (unsigned long long)x->protected_tags,
                     x->protected_tags == 1 ? " has" : "s have"));
    if (x->overflow > 0)
        TRY(note_add(&s->notes, e, NOTE_TAG_OVERFLOW, 0, "%s", ""));
    if (from_64_bit(k, x))
        TRY(note_add(&s->notes, e, NOTE_NARROW_BYTES, 0, "%s", ""));
    return 0;
}

static int add_entries(struct pool_snapshot *s, enum tag_layout k, const uint8_t *p,
                       const struct tag_block *b, const struct limits *l, struct seen *x,
                       struct err *e)
{
    const struct tag_layout_row *row = &tag_layout_table[k];
    for (size_t i = 0; i < b->entries; i++) {
        struct tag_entry t = tag_entry_at(k, p + b->first + i * row->stride);
        if (s->n_rows + 2 > l->snapshot_rows)
            return err_set(e, ERR_LIMIT, "one capture has more than %zu rows",
                           l->snapshot_rows);
        TRY(add_entry(s, &t, row->counter * 8u, x, e));
    }
    return entry_notes(s, k, x, e);
}

int rawtags_fill(enum tag_layout k, const uint8_t *p, const struct tag_block *b,
                 const struct limits *l, struct pool_snapshot *s, struct err *e)
{
    const struct tag_layout_row *row = &tag_layout_table[k];
    if (row->sessions) {
        s->scope = SCOPE_SESSION;
        s->session = b->session;
    }
    struct seen x = {0};
    int r = add_entries(s, k, p, b, l, &x, e);
    key_set_free(&x.keys);
    if (r >= 0)
        r = pool_snapshot_fact(s, "layout", row->name, strlen(row->name), e);
    if (r < 0 || b->entries == b->count)
        return r;
    s->completeness = COMPLETE_CUT;
    return note_add(&s->notes, e, NOTE_CUT, 0,
                    "the reply promises %lu entries, %lu are there",
                    (unsigned long)b->count, (unsigned long)b->entries);
}
