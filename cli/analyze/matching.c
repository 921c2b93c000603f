/* SPDX-License-Identifier: MIT */
/* Rows to slots.  A capture that follows on the last one in its chain tells what changed;
 * any other one is walked, row by row. */
#include "cli/analyze/taking.h"

#include <stdlib.h>

static int put_slot(uint32_t **v, size_t *n, size_t *cap, uint32_t slot, struct err *e)
{
    void *p = *v;
    if (*n == *cap)
        TRY(grow(&p, cap, *n + 1, sizeof **v, e));
    *v = p;
    (*v)[(*n)++] = slot;
    return 0;
}

static int sights_reserve(struct tally *t, size_t need, struct err *e)
{
    void *p = t->touched;
    int r = grow(&p, &t->touched_cap, need, sizeof *t->touched, e);
    t->touched = p;
    return r;
}

/* ---- figures ---- */

static void add_figure(struct figure *to, const struct pool_row *r)
{
    const struct figure f = figure_of(r);
    to->allocs += f.allocs;
    to->frees += f.frees;
    to->bytes += f.bytes;
    to->live += f.live;
    to->fields &= r->fields;
    to->width = f.width < to->width ? f.width : to->width;
}

static bool same_figure(const struct figure *a, const struct figure *b)
{
    return a->allocs == b->allocs && a->frees == b->frees && a->bytes == b->bytes &&
           a->live == b->live && a->fields == b->fields && a->width == b->width;
}

/* What a screen shows in parentheses. */
static void take_deltas(struct past *p, const struct pool_row *r)
{
    const uint16_t any = ROW_BYTES_DELTA | ROW_ALLOCS_DELTA;
    if ((r->fields & any) == 0 && !p->has_delta && !p->has_live_delta)
        return;
    p->has_delta = (r->fields & ROW_BYTES_DELTA) != 0;
    p->bytes_delta = r->bytes_delta;
    p->has_live_delta = row_net(r, &p->live_delta);
}

/* ---- every row ---- */

/* What the snapshot before listed is kept, until it is known what went. */
static void list_anew(struct tally *t)
{
    uint32_t *listed = t->shown;
    const size_t cap = t->shown_cap;
    t->shown = t->listed;
    t->n_shown = t->n_listed;
    t->shown_cap = t->listed_cap;
    t->listed = listed;
    t->n_listed = 0;
    t->listed_cap = cap;
}

/* Rows that the snapshot before listed and this one does not. */
static int find_gone(struct tally *t, struct err *e)
{
    const uint32_t *before = t->followed ? t->chain : t->shown;
    const size_t n = t->followed ? t->n_chain : t->n_shown;
    for (size_t i = 0; i < n; i++) {
        const struct slot *s = before[i] != NO_SLOT ? &t->slots[before[i]] : NULL;
        if (s != NULL && s->here && s->listed != t->snapshots)
            TRY(put_slot(&t->gone, &t->n_gone, &t->gone_cap, before[i], e));
    }
    return 0;
}

/* Rows mostly come in the order of the snapshot before: the slot behind the last one
 * is tried first. */
static int walk_rows(struct tally *t, struct taking *k, struct err *e)
{
    uint32_t guess = t->head, previous = NO_SLOT;
    list_anew(t);
    TRY(sights_reserve(t, k->s->n_rows, e));
    for (size_t i = 0; i < k->s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(k->s, i);
        uint64_t key = row_key(r->tag, r->pool);
        uint32_t slot = guess;
        if (slot == NO_SLOT || t->keys[slot].key != key) {
            slot = slot_find(t, key, e);
            if (slot == NO_SLOT)
                return err_nomem(e);
            if (previous == NO_SLOT)
                t->head = slot;
            else
                t->keys[previous].next = slot;
        }
        struct slot *s = &t->slots[slot];
        previous = slot;
        guess = t->keys[slot].next;
        if ((r->fields & ROW_BYTES) != 0 && r->bytes < k->smallest)
            k->smallest = r->bytes;
        if (s->listed == t->snapshots) {
            add_figure(&s->now, r);
            continue;
        }
        s->listed = t->snapshots;
        t->touched[t->n_listed] = (struct sight){.slot = slot, .was = s->now};
        s->now = figure_of(r);
        TRY(put_slot(&t->listed, &t->n_listed, &t->listed_cap, slot, e));
        take_deltas(&t->pasts[slot], r);
    }
    return 0;
}

/* What changed of all that is listed, once rows of the same key are added up. */
static void find_touched(struct tally *t, struct taking *k)
{
    t->n_touched = t->n_counting = t->n_smallest = 0;
    for (size_t i = 0; i < t->n_listed; i++) {
        const struct slot *s = &t->slots[t->listed[i]];
        const struct figure *was = &t->touched[i].was;
        t->n_counting += (s->now.fields & ROW_ALLOCS) != 0;
        t->n_smallest += (s->now.fields & ROW_BYTES) != 0 && s->now.bytes == k->smallest;
        k->met += s->here;
        if (s->here && both_count(&s->now, was)) {
            k->active++;
            boot_vote_row(&k->vote, was->allocs, s->now.allocs, s->now.width);
        }
        if (!s->here || !same_figure(was, &s->now))
            t->touched[t->n_touched++] = t->touched[i];
    }
}

/* ---- a chain ---- */

static int slot_anew(struct tally *t, const struct pool_snapshot *s, uint32_t place,
                     uint32_t *slot, struct err *e)
{
    if (place >= t->n_chain) {
        void *p = t->chain;
        TRY(grow(&p, &t->chain_cap, (size_t)place + 1, sizeof *t->chain, e));
        t->chain = p;
        while (t->n_chain <= place)
            t->chain[t->n_chain++] = NO_SLOT;
    }
    if (t->chain[place] == NO_SLOT) {
        const struct pool_row *r = &s->rows[place];
        t->chain[place] = slot_find(t, row_key(r->tag, r->pool), e);
    }
    *slot = t->chain[place];
    return *slot == NO_SLOT ? err_nomem(e) : 0;
}

/* The slot of the row at `place` of the chain's rows. */
static inline int slot_at(struct tally *t, const struct pool_snapshot *s, uint32_t place,
                          uint32_t *slot, struct err *e)
{
    if (place >= t->n_chain || t->chain[place] == NO_SLOT)
        return slot_anew(t, s, place, slot, e);
    *slot = t->chain[place];
    return 0;
}

/* Rows with the least bytes are counted, so that it is known when none is left. */
static void leave_smallest(struct tally *t, const struct figure *f)
{
    if ((f->fields & ROW_BYTES) != 0 && f->bytes == t->smallest)
        t->n_smallest--;
}

static void join_smallest(struct tally *t, const struct figure *f)
{
    if ((f->fields & ROW_BYTES) == 0 || f->bytes > t->smallest)
        return;
    t->n_smallest = f->bytes < t->smallest ? 1 : t->n_smallest + 1;
    t->smallest = f->bytes;
}

static void count_smallest(struct tally *t, const struct pool_snapshot *s)
{
    t->smallest = UINT64_MAX;
    t->n_smallest = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct figure f = figure_of(pool_row_at(s, i));
        join_smallest(t, &f);
    }
}

/* Rows that the snapshot before did not list. */
static int touch(struct tally *t, const struct taking *k, uint32_t place, struct err *e)
{
    uint32_t at;
    TRY(slot_at(t, k->s, place, &at, e));
    struct slot *s = &t->slots[at];
    t->touched[t->n_touched++] = (struct sight){.slot = at, .was = s->now};
    s->now = figure_of(&k->s->rows[place]);
    s->listed = t->snapshots;
    t->n_counting += (s->now.fields & ROW_ALLOCS) != 0;
    join_smallest(t, &s->now);
    return 0;
}

/* Rows of both: what they say counts for the boot, and is taken once that is decided. */
static void meet(struct tally *t, struct taking *k, uint32_t place)
{
    const struct pool_row *r = &k->s->rows[place];
    const struct figure *was = &t->slots[t->chain[place]].now;
    const bool plain = goes_on_plainly(was, r);
    k->plain &= plain;
    if (plain && was->bytes > t->smallest && r->bytes > t->smallest) {
        k->vote.moved += r->allocs != was->allocs;
        return;
    }
    const struct figure now = figure_of(r);
    const bool counted = (was->fields & ROW_ALLOCS) != 0;
    const bool counts = (now.fields & ROW_ALLOCS) != 0;
    leave_smallest(t, was);
    t->n_counting -= counted;
    t->n_counting += counts;
    k->active -= counted && !counts;
    if (counted && counts)
        boot_vote_row(&k->vote, was->allocs, now.allocs, now.width);
    join_smallest(t, &now);
}

/* Rows that only the snapshot before listed. */
static int leave(struct tally *t, struct taking *k, uint32_t place, struct err *e)
{
    uint32_t at;
    TRY(slot_at(t, k->s, place, &at, e));
    const struct slot *s = &t->slots[at];
    const bool counted = (s->now.fields & ROW_ALLOCS) != 0;
    leave_smallest(t, &s->now);
    t->n_counting -= counted;
    k->active -= counted;
    return put_slot(&t->gone, &t->n_gone, &t->gone_cap, at, e);
}

/* The chain's rows that this snapshot lists: from here on all that stand have their slots
 * in t->chain, for those that come are touched. */
static int learn_rows(struct tally *t, const struct taking *k, struct err *e)
{
    for (size_t i = 0; i < k->s->n_rows; i++) {
        uint32_t slot;
        TRY(slot_at(t, k->s, k->s->chain.order[i], &slot, e));
    }
    t->learned = true;
    return 0;
}

static int follow(struct tally *t, struct taking *k, struct err *e)
{
    const struct pool_chain *c = &k->s->chain;
    if (!t->learned)
        TRY(learn_rows(t, k, e));
    TRY(sights_reserve(t, c->n_changed, e));
    k->follows = k->plain = true;
    k->active = t->n_counting;
    for (size_t i = 0; i < c->n_gone; i++)
        TRY(leave(t, k, c->gone[i], e));
    for (size_t i = 0; i < c->n_fresh; i++)
        TRY(touch(t, k, c->changed[i], e));
    for (size_t i = c->n_fresh; i < c->n_changed; i++)
        meet(t, k, c->changed[i]);
    k->vote.common = k->active; /* also those that did not move */
    k->met = k->s->n_rows - c->n_fresh;
    t->n_listed = k->s->n_rows;
    if (t->n_smallest == 0)
        count_smallest(t, k->s);
    k->smallest = t->smallest;
    k->untaken = true;
    /* Courses below the end of a list ask for the figures of this snapshot. */
    if (tally_top_n(t))
        match_changed(t, k);
    return 0;
}

/* The chain begins here, for the tally. */
static int learn_chain(struct tally *t, const struct taking *k, struct err *e)
{
    t->n_chain = 0;
    return learn_rows(t, k, e);
}

/* ---- for the strokes ---- */

int match_rows(struct tally *t, struct taking *k, struct err *e)
{
    const struct pool_chain *c = &k->s->chain;
    t->n_touched = t->n_gone = 0;
    bool known = c->id != 0 && c->id == t->chain_id;
    bool follows = pool_follows(k->s, t->chain_id, t->chain_step);
    t->chain_id = c->id;
    t->chain_step = c->step;
    if (follows) {
        t->followed = true;
        return follow(t, k, e);
    }
    TRY(walk_rows(t, k, e));
    find_touched(t, k);
    if (k->met != t->n_here) /* else all of them are listed again */
        TRY(find_gone(t, e));
    t->followed = t->learned = false;
    t->smallest = k->smallest;
    return c->id != 0 && !known ? learn_chain(t, k, e) : 0;
}

int match_all(struct tally *t, const struct taking *k, struct err *e)
{
    if (!k->follows)
        return 0;
    t->n_listed = 0;
    for (size_t i = 0; i < k->s->n_rows; i++) {
        const uint32_t slot = t->chain[k->s->chain.order[i]];
        t->slots[slot].listed = t->snapshots;
        TRY(put_slot(&t->listed, &t->n_listed, &t->listed_cap, slot, e));
    }
    return 0;
}

void match_changed(struct tally *t, struct taking *k)
{
    const struct pool_chain *c = &k->s->chain;
    for (size_t i = c->n_fresh; k->untaken && i < c->n_changed; i++) {
        struct slot *s = &t->slots[t->chain[c->changed[i]]];
        t->touched[t->n_touched++] =
            (struct sight){.slot = t->chain[c->changed[i]], .was = s->now};
        s->now = figure_of(&k->s->rows[c->changed[i]]);
        s->listed = t->snapshots;
    }
    k->untaken = false;
}

void match_settle(struct tally *t, const struct taking *k)
{
    const size_t fresh = k->s->chain.n_fresh;
    for (size_t i = 0; k->follows && i < fresh; i++)
        t->slots[t->touched[i].slot].here = true;
    for (size_t i = 0; !k->follows && i < t->n_listed; i++)
        t->slots[t->listed[i]].here = true;
    for (size_t i = 0; i < t->n_gone; i++)
        t->slots[t->gone[i]].here = false;
    t->n_here = t->n_listed;
}
