/* SPDX-License-Identifier: MIT */
#include "cli/analyze/tally.h"

#include <stdlib.h>
#include <string.h>

#include "formats/aligned.h"

static uint64_t mix(uint64_t key)
{
    key = (key ^ key >> 17) * UINT64_C(0x9e3779b97f4a7c15);
    return key ^ key >> 32;
}

static int table_grow(struct tally *t, struct err *e)
{
    size_t n = t->table_n == 0 ? 1024 : t->table_n;
    if (t->n_slots + 1 > UINT32_MAX / 4)
        return err_nomem(e);
    while (n < 2 * (t->n_slots + 1))
        n *= 2;
    if (n == t->table_n)
        return 0;
    uint32_t *table = calloc(n, sizeof *table);
    if (table == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < t->n_slots; i++) {
        size_t at = (size_t)mix(t->keys[i].key) & (n - 1);
        while (table[at] != 0)
            at = (at + 1) & (n - 1);
        table[at] = (uint32_t)i + 1;
    }
    free(t->table);
    t->table = table;
    t->table_n = n;
    return 0;
}

/* As grow, by one, for elements of whole lines of the cache. */
static int grow_lines(void **p, size_t *cap, size_t n, size_t elem, struct err *e)
{
    if (n < *cap)
        return 0;
    const size_t want = *cap > 0 ? 2 * *cap : 16;
    const bool fits = want <= SIZE_MAX / 2 / elem;
    void *more = fits ? aligned_take(CACHE_LINE, want * elem) : NULL;
    if (more == NULL)
        return err_nomem(e);
    if (n > 0)
        memcpy(more, *p, n * elem);
    aligned_free(*p);
    *p = more;
    *cap = want;
    return 0;
}

static int slots_reserve(struct tally *t, struct err *e)
{
    void *slots = t->slots, *pasts = t->pasts, *keys = t->keys;
    int r = grow_lines(&slots, &t->slots_cap, t->n_slots, sizeof *t->slots, e);
    t->slots = slots;
    if (r >= 0)
        r = grow_lines(&pasts, &t->pasts_cap, t->n_slots, sizeof *t->pasts, e);
    t->pasts = pasts;
    if (r >= 0)
        r = grow(&keys, &t->keys_cap, t->n_slots + 1, sizeof *t->keys, e);
    t->keys = keys;
    return r < 0 ? r : table_grow(t, e);
}

uint32_t slot_known(const struct tally *t, uint64_t key)
{
    if (t->table_n == 0)
        return NO_SLOT;
    for (size_t at = (size_t)mix(key) & (t->table_n - 1); t->table[at] != 0;
         at = (at + 1) & (t->table_n - 1))
        if (t->keys[t->table[at] - 1].key == key)
            return t->table[at] - 1;
    return NO_SLOT;
}

uint32_t slot_find(struct tally *t, uint64_t key, struct err *e)
{
    uint32_t known = slot_known(t, key);
    if (known != NO_SLOT)
        return known;
    if (slots_reserve(t, e) < 0)
        return NO_SLOT;
    size_t at = (size_t)mix(key) & (t->table_n - 1);
    while (t->table[at] != 0)
        at = (at + 1) & (t->table_n - 1);
    uint32_t slot = (uint32_t)t->n_slots++;
    t->table[at] = slot + 1;
    t->keys[slot] = (struct slot_key){.key = key, .next = NO_SLOT};
    t->slots[slot] = (struct slot){.x = t->unlisted, .c = t->unlisted};
    t->pasts[slot] = (struct past){
        .base_x = t->unlisted,
        .base_c = t->unlisted,
        .least_x = UNKNOWN,
        .edge = {.first_x = t->unlisted, .first_c = t->unlisted, .high_x = UNKNOWN}};
    return slot;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

int slot_touch(struct tally *t, uint32_t slot, double x, double c, struct err *e)
{
    struct slot *s = &t->slots[slot];
    struct past *p = &t->pasts[slot];
    uint32_t bin = t->n_bins - 1;
    if (x > p->edge.high_x)
        p->edge.high_x = x;
    if (x >= 0 && (x < p->least_x || p->least_x == UNKNOWN))
        p->least_x = x;
    if (t->settled == 0) { /* the series begins: nothing has changed yet */
        p->base_x = s->x = x;
        p->base_c = s->c = c;
        return 0;
    }
    struct cell *last = p->n_cells > 0 ? &p->cells[p->n_cells - 1] : NULL;
    if (last == NULL || last->bin != bin) {
        if (p->n_cells == p->cap) {
            void *cells = p->cells;
            TRY(grow(&cells, &p->cap, p->n_cells + 1, sizeof *p->cells, e));
            p->cells = cells;
        }
        last = &p->cells[p->n_cells++];
        bool fresh = t->bins[bin].n == 1;
        *last = (struct cell){
            .bin = bin, .min_x = fresh ? x : s->x, .min_c = fresh ? c : s->c};
    }
    last->min_x = least(last->min_x, x);
    last->min_c = least(last->min_c, c);
    last->last_x = s->x = x;
    last->last_c = s->c = c;
    return 0;
}

void cells_merge(struct past *p)
{
    uint32_t n = 0;
    double before_x = p->base_x, before_c = p->base_c;
    for (size_t i = 0; i < p->n_cells; i++) {
        struct cell c = p->cells[i];
        bool odd = (c.bin & 1) != 0;
        c.bin /= 2;
        if (n > 0 && p->cells[n - 1].bin == c.bin) {
            struct cell *pair = &p->cells[n - 1];
            c.min_x = least(c.min_x, pair->min_x);
            c.min_c = least(c.min_c, pair->min_c);
            n--;
        } else if (odd) {
            c.min_x = least(c.min_x, before_x);
            c.min_c = least(c.min_c, before_c);
        }
        p->cells[n++] = c;
        before_x = c.last_x;
        before_c = c.last_c;
    }
    p->n_cells = n;
}

void cells_drop(struct past *p, uint32_t n)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < p->n_cells; i++) {
        struct cell c = p->cells[i];
        if (c.bin < n) {
            p->base_x = c.last_x;
            p->base_c = c.last_c;
        } else {
            c.bin -= n;
            p->cells[kept++] = c;
        }
    }
    p->n_cells = kept;
}
