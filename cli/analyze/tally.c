/* SPDX-License-Identifier: MIT */
/* Snapshots into the tally, in three strokes: find each row's slot, decide whether the
 * machine was restarted, let what changed leave its trace. */
#include "cli/analyze/taking.h"

#include <stdlib.h>
#include <string.h>

#include "formats/aligned.h"

int tally_new(struct tally **t, struct err *e)
{
    *t = calloc(1, sizeof **t);
    if (*t == NULL)
        return err_nomem(e);
    (*t)->head = NO_SLOT;
    (*t)->unlisted = UNKNOWN;
    (*t)->uptime_s = -1;
    return 0;
}

void tally_free(struct tally *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->n_slots; i++)
        free(t->pasts[i].cells);
    for (size_t i = 0; i < t->n_boots; i++)
        boot_free(&t->boots[i]);
    free(t->boots);
    free(t->history);
    aligned_free(t->slots);
    aligned_free(t->pasts);
    free(t->keys);
    free(t->table);
    free(t->listed);
    free(t->shown);
    free(t->touched);
    free(t->gone);
    free(t->chain);
    free(t);
}

/* log2, straight between the powers of two, in units of 2^-32: the bits of an IEEE
 * double are just that.  Whole numbers add up the same in any order of rows. */
static uint64_t log2_units(double at_least_one)
{
    uint64_t bits;
    memcpy(&bits, &at_least_one, sizeof bits);
    return (bits >> 20) - (UINT64_C(1023) << 32);
}

static bool is_new_boot(const struct tally *t, const struct taking *k)
{
    struct boot_clock clock = {
        .gap_h = k->gap_h, .old_uptime_s = t->uptime_s, .new_uptime_s = k->s->uptime_s};
    return boot_decide(&k->vote, &clock);
}

static void take_totals(struct tally *t, const struct taking *k)
{
    for (int i = 0; i < POOL_KINDS; i++) {
        struct pool_total total = {0};
        total.from_header = total.known =
            capture_header_total(k->s, (enum pool_kind)i, &total.bytes);
        t->totals[i] = total;
    }
    if (!k->whole || looks_top_n(k->s->n_rows, k->smallest))
        return;
    for (int i = 0; i < POOL_KINDS; i++) {
        if (t->totals[i].known)
            continue;
        uint64_t rows = pool_snapshot_bytes(k->s, (enum pool_kind)i);
        if (rows > 0)
            t->totals[i] = (struct pool_total){.bytes = rows, .known = true};
    }
}

static void keep_most(struct tally *t)
{
    for (int i = 0; i < POOL_KINDS; i++)
        if (t->totals[i].known && t->totals[i].bytes > t->most_bytes[i])
            t->most_bytes[i] = t->totals[i].bytes;
}

/* A count that ran ahead of itself (frees read after allocs) is none. */
static double live_of(const struct figure *f)
{
    const int64_t most = f->width == 32 ? INT32_MAX : INT64_MAX;
    return f->live > (uint64_t)most ? 0 : (double)(int64_t)f->live;
}

/* The figures that the row stands with now.  One that it does not give stays as it
 * was; a source that never counts objects is judged on bytes alone. */
static void standing(const struct slot *s, struct past *p, double *x, double *c)
{
    *x = (s->now.fields & ROW_BYTES) != 0 ? (double)s->now.bytes
         : s->x >= 0                      ? s->x
                                          : UNKNOWN;
    if ((s->now.fields & ROW_LIVE) != 0) {
        *c = live_of(&s->now);
        p->counted = true;
    } else if (p->counted) {
        *c = s->c >= 0 ? s->c : UNKNOWN;
    } else {
        *c = *x;
    }
}

/* How far a counter ran inside a boot; one that fell and cannot have wrapped says
 * nothing. */
static uint64_t step_of(struct tally *t, struct past *p, uint64_t old, uint64_t now,
                        unsigned width)
{
    if (now >= old)
        return now - old;
    if (!counter_wrapped(old, now, width))
        return 0;
    t->wraps += !p->wrapped;
    p->wrapped = true;
    return counter_step(old, now, width);
}

/* Counters that went on since the row was last seen in this boot. */
static void take_counters(struct tally *t, struct taking *k, uint32_t slot,
                          const struct figure *was, bool meets)
{
    const struct figure *now = &t->slots[slot].now;
    struct past *p = &t->pasts[slot];
    uint16_t both = now->fields & was->fields;
    if ((both & ROW_ALLOCS) != 0) {
        uint64_t step = step_of(t, p, was->allocs, now->allocs, now->width);
        p->edge.da += step;
        p->allocated += step;
        if (meets && k->step_h > 0)
            k->activity += log2_units(1 + (double)step / k->step_h);
    }
    if ((both & ROW_FREES) != 0)
        p->freed += step_of(t, p, was->frees, now->frees, now->width);
}

static void first_sight(struct tally *t, const struct taking *k, uint32_t slot)
{
    struct slot *s = &t->slots[slot];
    struct past *p = &t->pasts[slot];
    p->boot_seen = (uint32_t)t->n_history;
    if (!k->new_boot && s->x == ABSENT && !tally_top_n(t)) {
        p->allocated += s->now.allocs;
        p->freed += s->now.frees;
    }
}

/* `was` says something where the boot goes on. */
static int take_row(struct tally *t, struct taking *k, uint32_t slot,
                    const struct figure *was, struct err *e)
{
    struct slot *s = &t->slots[slot];
    bool follows = !k->new_boot && s->here;
    if (!follows && (k->new_boot || t->pasts[slot].boot_seen != t->n_history))
        first_sight(t, k, slot);
    else if (was->allocs != s->now.allocs || was->frees != s->now.frees)
        take_counters(t, k, slot, was, follows && both_count(&s->now, was));
    double x = 0, c = 0;
    standing(s, &t->pasts[slot], &x, &c);
    if (x == s->x && c == s->c)
        return 0;
    t->n_present += s->x < 0 && x >= 0;
    t->n_present -= s->x >= 0 && x < 0;
    return slot_touch(t, slot, x, c, e);
}

/* As slot_touch, where the slot has a cell in the last bin. */
static bool touch_again(const struct tally *t, struct slot *s, struct past *p, double x,
                        double c)
{
    struct cell *last = p->n_cells > 0 ? &p->cells[p->n_cells - 1] : NULL;
    if (last == NULL || last->bin != t->n_bins - 1)
        return false;
    p->edge.high_x = x > p->edge.high_x ? x : p->edge.high_x;
    p->least_x = x < p->least_x || p->least_x == UNKNOWN ? x : p->least_x;
    last->min_x = x < last->min_x ? x : last->min_x;
    last->min_c = c < last->min_c ? c : last->min_c;
    last->last_x = s->x = x;
    last->last_c = s->c = c;
    return true;
}

/* A row that was there and goes on plainly. */
static int take_plain(struct tally *t, struct taking *k, uint32_t slot,
                      const struct pool_row *r, struct err *e)
{
    struct slot *s = &t->slots[slot];
    struct past *p = &t->pasts[slot];
    const uint64_t step = r->allocs - s->now.allocs, freed = r->frees - s->now.frees;
    if (step > 0 || freed > 0) {
        p->edge.da += step;
        p->allocated += step;
        p->freed += freed;
        if (k->step_h > 0)
            k->activity += log2_units(1 + (double)step / k->step_h);
    }
    s->now.allocs = r->allocs;
    s->now.frees = r->frees;
    s->now.live = r->live;
    s->now.bytes = r->bytes;
    const double x = (double)r->bytes, c = live_of(&s->now);
    if (x == s->x && c == s->c)
        return 0;
    if (s->x >= 0 && touch_again(t, s, p, x, c))
        return 0;
    t->n_present += s->x < 0;
    return slot_touch(t, slot, x, c, e);
}

/* What changed in the chain, where the boot goes on. */
static int take_changed(struct tally *t, struct taking *k, struct err *e)
{
    const struct pool_chain *c = &k->s->chain;
    const uint32_t *slots = t->chain;
    const struct pool_row *rows = k->s->rows;
    for (size_t i = c->n_fresh; i < c->n_changed; i++) {
        const uint32_t slot = slots[c->changed[i]];
        const struct pool_row *r = &rows[c->changed[i]];
        struct slot *s = &t->slots[slot];
        if (k->plain || goes_on_plainly(&s->now, r)) {
            TRY(take_plain(t, k, slot, r, e));
            continue;
        }
        const struct figure was = s->now;
        s->now = figure_of(r);
        s->listed = t->snapshots;
        TRY(take_row(t, k, slot, &was, e));
    }
    return 0;
}

static int leave_row(struct tally *t, uint32_t slot, struct err *e)
{
    const struct slot *s = &t->slots[slot];
    if (s->x == t->unlisted)
        return 0;
    t->n_present -= s->x >= 0;
    return slot_touch(t, slot, t->unlisted, t->unlisted, e);
}

/* Rows that the snapshot does not list: gone when it is whole, else unknown, which
 * within a boot means that they stand as they did. */
static int take_absent(struct tally *t, const struct taking *k, struct err *e)
{
    if (k->whole)
        t->unlisted = ABSENT;
    else if (k->new_boot)
        t->unlisted = UNKNOWN;
    else
        return 0;
    if (!k->new_boot && k->whole == t->was_whole) {
        for (size_t i = 0; i < t->n_gone; i++)
            TRY(leave_row(t, t->gone[i], e));
        return 0;
    }
    TRY(match_all(t, k, e));
    for (uint32_t slot = 0; slot < t->n_slots; slot++)
        if (t->slots[slot].listed != t->snapshots)
            TRY(leave_row(t, slot, e));
    return 0;
}

/* The boot's first snapshot, or the series'. */
static void note_first(struct tally *t)
{
    for (uint32_t slot = 0; slot < t->n_slots; slot++) {
        const struct slot *s = &t->slots[slot];
        struct past *p = &t->pasts[slot];
        bool listed = s->listed == t->snapshots;
        p->edge.first_x = s->x;
        p->edge.first_c = s->c;
        p->edge.high_x = s->x;
        p->edge.at_first = listed && (s->now.fields & ROW_ALLOCS) != 0;
        p->edge.a0 = p->edge.at_first ? s->now.allocs : 0;
        p->edge.da = 0;
    }
}

static int take_rows(struct tally *t, struct taking *k, struct err *e)
{
    if (k->new_boot) {
        match_changed(t, k);
        TRY(match_all(t, k, e));
        for (size_t i = 0; i < t->n_listed; i++)
            TRY(take_row(t, k, t->listed[i], &t->slots[t->listed[i]].now, e));
    } else {
        for (size_t i = 0; i < t->n_touched; i++)
            TRY(take_row(t, k, t->touched[i].slot, &t->touched[i].was, e));
        if (k->untaken)
            TRY(take_changed(t, k, e));
    }
    TRY(take_absent(t, k, e));
    if (k->new_boot)
        note_first(t);
    struct bin *bin = &t->bins[t->n_bins - 1];
    if (k->smallest != UINT64_MAX && (double)k->smallest < bin->least)
        bin->least = (double)k->smallest;
    if (!k->new_boot && k->active > 0) {
        double h = k->step_h > 1e-6 ? k->step_h : 1e-6;
        double act = (double)k->activity / 4294967296.0 / (double)k->active;
        bin->act = (bin->act * bin->act_h + act * h) / (bin->act_h + h);
        bin->act_h += h;
    }
    return 0;
}

/* A screen sorted by bytes ends like a top-N list.  It is taken for one where nothing
 * else was seen: beside whole captures it is only a capture with a part missing. */
static bool is_top_n_screen(const struct tally *t, const struct pool_snapshot *s)
{
    if (s->completeness != COMPLETE_SCREEN || t->top_n_snapshots != t->settled)
        return false;
    uint64_t last = UINT64_MAX;
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i);
        if ((r->fields & ROW_BYTES) == 0 || r->bytes > last)
            return false;
        last = r->bytes;
    }
    return looks_top_n(s->n_rows, last);
}

static struct taking measure(struct tally *t, const struct pool_snapshot *s, double hours,
                             bool clock_back)
{
    struct taking k = {.s = s,
                       .hours = hours,
                       .whole =
                           s->completeness == COMPLETE_WHOLE || is_top_n_screen(t, s),
                       .smallest = UINT64_MAX,
                       .gap_h = NAN};
    if (t->settled == 0)
        t->has_times = !isnan(hours);
    double step = hours - t->now_h;
    if (!t->has_times) {
        k.step_h = t->settled > 0 ? 1 : 0;
        k.hours = t->now_h + k.step_h;
    } else if (t->settled > 0 && !clock_back && step >= 0) {
        k.gap_h = k.step_h = step;
    } else if (t->settled > 0) {
        /* Nobody knows how long that was: as long as the one before. */
        k.step_h = t->step_h;
        k.hours = isnan(hours) ? t->now_h : hours;
    }
    k.at = t->now_t + k.step_h;
    return k;
}

static int begin_boot(struct tally *t, const struct taking *k, struct err *e)
{
    void *p = t->history;
    TRY(grow(&p, &t->history_cap, t->n_history + 1, sizeof *t->history, e));
    t->history = p;
    TRY(boot_begin(t, k->hours, k->at, t->settled > 0 ? k->gap_h : NAN, e));
    t->history[t->n_history++] = (struct rank_boot){.start_h = k->hours,
                                                    .end_h = k->hours,
                                                    .first = t->settled,
                                                    .last = t->settled,
                                                    .seen_to_begin = t->settled > 0,
                                                    .age_h = NAN};
    if (k->s->uptime_s >= 0)
        tally_boot(t)->uptime_h = (double)k->s->uptime_s / 3600;
    return 0;
}

static void settle(struct tally *t, const struct taking *k)
{
    struct boot *b = tally_boot(t);
    struct rank_boot *h = &t->history[t->n_history - 1];
    b->last = h->last = t->settled;
    b->end_h = h->end_h = k->hours;
    b->last_t = k->at;
    t->now_t = k->at;
    t->now_h = k->hours;
    if (k->step_h > 0)
        t->step_h = k->step_h;
    t->uptime_s = k->s->uptime_s;
    t->was_whole = k->whole;
    t->whole_snapshots += k->whole;
    t->partial_snapshots += !k->whole;
    t->top_n_snapshots += k->whole && looks_top_n(k->s->n_rows, k->smallest);
    match_settle(t, k);
    t->settled = t->snapshots;
}

int tally_add(struct tally *t, const struct pool_snapshot *s, double hours,
              bool clock_back, struct err *e)
{
    if (t->snapshots == UINT32_MAX)
        return err_set(e, ERR_LIMIT, "expected fewer than %u snapshots", UINT32_MAX);
    struct taking k = measure(t, s, hours, clock_back);
    t->snapshots++;
    TRY(match_rows(t, &k, e));
    take_totals(t, &k);
    keep_most(t);
    k.new_boot = t->settled == 0 || is_new_boot(t, &k);
    if (k.new_boot)
        TRY(begin_boot(t, &k, e));
    TRY(axis_add(t, k.at, e));
    TRY(take_rows(t, &k, e));
    settle(t, &k);
    return 0;
}
