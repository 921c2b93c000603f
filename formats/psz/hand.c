/* SPDX-License-Identifier: MIT */
/* A capture as the next of its chain. */
#include <stdlib.h>
#include <string.h>

#include "formats/psz/decoder.h"

static void list_row(struct psz_follow *f, uint32_t place)
{
    f->rows[place].listed = (uint32_t)f->n_listed;
    f->listed[f->n_listed++] = place;
}

static void unlist_row(struct psz_follow *f, uint32_t place)
{
    const uint32_t moved = f->listed[--f->n_listed];
    f->listed[f->rows[place].listed] = moved;
    f->rows[moved].listed = f->rows[place].listed;
    f->rows[place].listed = PSZ_NO_PLACE;
    if (f->digested)
        f->digest -= f->rows[place].digest;
}

static int list_room(uint32_t **list, size_t *cap, size_t n, struct err *e)
{
    void *v = *list;
    int r = grow(&v, cap, n, sizeof **list, e);
    *list = v;
    return r;
}

struct handing {
    struct psz_decoder *dec;
    struct psz_lane_rows *lane;
    struct psz_follow *f;
    struct pool_snapshot *s;
    bool held;     /* s->rows hold the capture before */
    bool relisted; /* rows came or went */
};

/* The row says something else than in the capture before, or is new. */
static void put_row(struct handing *x, size_t number, bool fresh, size_t at)
{
    struct psz_follow *f = x->f;
    const struct psz_history *h = &x->dec->rows[number];
    const uint32_t place = x->dec->place[number];
    struct psz_follow_row *r = &f->rows[place];
    struct pool_row shown, *row = x->held ? &x->s->rows[place] : &shown;
    if (x->held && !fresh) /* the rest of the row stands */
        psz_row_join(row, &h->course.now, &h->rare);
    else
        psz_show_row(h, row);
    const uint64_t digest = pool_row_digest(row);
    f->digest += digest - (fresh ? 0 : r->digest);
    r->digest = digest;
    if (fresh)
        list_row(f, place);
    x->relisted |= fresh;
    x->s->chain.changed[at] = place;
}

static void put_gone(struct handing *x, uint32_t place)
{
    unlist_row(x->f, place);
    x->relisted = true;
    x->s->chain.gone[x->s->chain.n_gone++] = place;
}

/* Within a block the turns tell. */
static void take_turns(struct handing *x)
{
    const struct psz_decoder *dec = x->dec;
    struct pool_chain *c = &x->s->chain;
    size_t n_fresh = 0;
    for (size_t i = 0; i < dec->n_touched; i++)
        n_fresh += !dec->touched[i].was && dec->rows[dec->touched[i].row].course.present;
    size_t fresh = 0, changed = n_fresh;
    for (size_t i = 0; i < dec->n_touched; i++) {
        const struct psz_touch *t = &dec->touched[i];
        if (dec->rows[t->row].course.present)
            put_row(x, t->row, !t->was, t->was ? changed++ : fresh++);
        else if (t->was)
            put_gone(x, dec->place[t->row]);
    }
    c->n_fresh = n_fresh;
    c->n_changed = changed;
}

static bool says_the_same(const struct handing *x, size_t number)
{
    struct pool_row now;
    psz_show_row(&x->dec->rows[number], &now);
    const struct pool_row *was = &x->f->last[x->dec->place[number]];
    return now.fields == was->fields && now.width == was->width &&
           now.allocs == was->allocs && now.frees == was->frees &&
           now.live == was->live && now.bytes == was->bytes &&
           now.per_alloc == was->per_alloc;
}

/* Where a block begins, the rows are held against those of the capture before. */
static void compare_rows(struct handing *x)
{
    struct psz_follow *f = x->f;
    struct pool_chain *c = &x->s->chain;
    const struct psz_history *rows = x->dec->rows;
    const uint32_t *place = x->dec->place;
    const size_t first = x->lane->first, end = first + x->lane->n;
    for (size_t i = 0; i < f->n_listed; i++)
        f->rows[f->listed[i]].block = 0;
    for (size_t i = first; i < end; i++)
        if (rows[i].course.present)
            f->rows[place[i]].block = f->block;
    for (size_t i = f->n_listed; i-- > 0;)
        if (f->rows[f->listed[i]].block != f->block)
            put_gone(x, f->listed[i]);
    size_t n = 0;
    for (size_t i = first; i < end; i++)
        if (rows[i].course.present && f->rows[place[i]].listed == PSZ_NO_PLACE)
            n++;
    size_t fresh = 0, changed = n;
    for (size_t i = first; i < end; i++) {
        if (!rows[i].course.present)
            continue;
        if (f->rows[place[i]].listed == PSZ_NO_PLACE)
            put_row(x, i, true, fresh++);
        else if (!says_the_same(x, i))
            put_row(x, i, false, changed++);
    }
    c->n_fresh = n;
    c->n_changed = changed;
}

/* All rows of the chain, those that are not there with their keys alone. */
static void fill_rows(struct handing *x)
{
    const struct psz_follow *f = x->f;
    for (size_t i = 0; i < f->n_rows; i++)
        x->s->rows[i] = (struct pool_row){
            .tag = f->rows[i].tag, .pool = f->rows[i].pool, .width = 32};
    for (size_t i = x->lane->first; i < x->lane->first + x->lane->n; i++)
        if (x->dec->rows[i].course.present)
            psz_show_row(&x->dec->rows[i], &x->s->rows[x->dec->place[i]]);
}

/* With few rows of so many bytes sums may pass 2^64: then they are made anew. */
static uint64_t clamped_bytes(const struct handing *x, uint8_t pool)
{
    uint64_t sum = 0;
    if (x->lane->huge == 0)
        return x->lane->bytes[pool];
    for (size_t i = 0; i < x->f->n_listed; i++) {
        const struct pool_row *r = &x->s->rows[x->f->listed[i]];
        if (r->pool == pool && !add_u64(sum, r->bytes, &sum))
            return UINT64_MAX;
    }
    return sum;
}

static void put_order(struct handing *x, const uint32_t *order)
{
    struct psz_follow *f = x->f;
    uint32_t *to = x->s->chain.order;
    if (order != NULL)
        for (size_t i = 0; i < x->lane->present; i++)
            to[i] = x->dec->place[order[i]];
    else if (f->n_listed > 0 && (!x->held || !f->loose || x->relisted))
        memcpy(to, f->listed, f->n_listed * sizeof *to);
    f->loose = order == NULL;
}

/* The sum over all rows, when captures were handed on that kept no account of each. */
static void count_digest(struct handing *x)
{
    struct psz_follow *f = x->f;
    f->digest = 0;
    for (size_t i = x->lane->first; i < x->lane->first + x->lane->n; i++) {
        struct pool_row row;
        if (!x->dec->rows[i].course.present)
            continue;
        psz_show_row(&x->dec->rows[i], &row);
        f->digest += f->rows[x->dec->place[i]].digest = pool_row_digest(&row);
    }
    f->digested = true;
}

static void finish(struct handing *x, const uint32_t *order, uint64_t first_line)
{
    struct psz_follow *f = x->f;
    struct pool_chain *c = &x->s->chain;
    put_order(x, order);
    c->id = c->held_id = f->id;
    c->step = c->held_step = ++f->step;
    c->n_held = f->n_rows;
    c->first_line = first_line;
    c->digest = f->digest;
    for (int k = 0; k < POOL_KINDS; k++) {
        c->bytes[k] = clamped_bytes(x, (uint8_t)k);
        c->listed[k] = x->lane->listed[k];
    }
    x->s->n_rows = x->lane->present;
    f->goes_on = f->within = true;
}

int psz_follow_hand(struct psz_decoder *dec, struct psz_lane_rows *lane,
                    const uint32_t *order, uint64_t first_line, struct pool_snapshot *s,
                    struct err *e)
{
    struct psz_follow *f = lane->follow;
    struct pool_chain *c = &s->chain;
    struct handing x = {.dec = dec, .lane = lane, .f = f, .s = s};
    x.held = f->goes_on && c->held_id == f->id && c->held_step == f->step;
    c->held_id = 0;
    void *v = s->rows;
    TRY(grow(&v, &s->rows_cap, f->n_rows + 1, sizeof *s->rows, e));
    s->rows = v;
    TRY(list_room(&c->order, &c->order_cap, f->n_rows + 1, e));
    TRY(list_room(&c->changed, &c->changed_cap, f->n_rows + 1, e));
    TRY(list_room(&c->gone, &c->gone_cap, f->n_rows + 1, e));
    if (!f->goes_on) {
        while (f->n_listed > 0)
            unlist_row(f, f->listed[f->n_listed - 1]);
        f->digest = 0;
    }
    /* Places that this block brought are not in the rows that are held. */
    for (size_t i = c->n_held; x.held && i < f->n_rows; i++)
        s->rows[i] = (struct pool_row){
            .tag = f->rows[i].tag, .pool = f->rows[i].pool, .width = 32};
    c->n_gone = 0;
    if (f->within)
        take_turns(&x);
    else
        compare_rows(&x);
    if (!x.held)
        fill_rows(&x);
    if (!f->digested)
        count_digest(&x);
    finish(&x, order, first_line);
    return 0;
}

/* Row by row what the turns say; the capture before is in s->rows. */
static void take_stretch(struct handing *x, const struct psz_row_turn *t, size_t n,
                         size_t n_fresh)
{
    struct pool_chain *c = &x->s->chain;
    const struct psz_rare *base = &x->dec->base;
    const uint32_t *places = x->dec->place;
    size_t fresh = 0, changed = n_fresh;
    for (const struct psz_row_turn *end = t + n; t < end; t++) {
        const uint32_t place = places[t->row];
        struct pool_row *row = &x->s->rows[place];
        if (t->kind == PSZ_TURN_GONE) {
            put_gone(x, place);
            continue;
        }
        if (t->kind == PSZ_TURN_FRESH) {
            *row = (struct pool_row){.tag = row->tag,
                                     .pool = row->pool,
                                     .width = psz_wide(base) ? 64 : 32,
                                     .fields = base->fields};
            list_row(x->f, place);
            x->relisted = true;
            c->changed[fresh++] = place;
        } else {
            c->changed[changed++] = place;
        }
        row->allocs = t->allocs;
        row->frees = t->frees;
        row->live = t->live;
        row->bytes = t->bytes;
        row->per_alloc = t->per_alloc;
    }
    c->n_fresh = n_fresh;
    c->n_changed = changed;
}

bool psz_follow_holds(const struct psz_follow *f, const struct pool_snapshot *s)
{
    const struct pool_chain *c = &s->chain;
    return f->within && f->loose && c->held_id == f->id && c->held_step == f->step &&
           c->n_held == f->n_rows;
}

void psz_follow_stretch(struct psz_decoder *dec, struct psz_lane_rows *lane,
                        const struct psz_stretch *st, uint32_t when, uint64_t first_line,
                        struct pool_snapshot *s)
{
    struct handing x = {
        .dec = dec, .lane = lane, .f = lane->follow, .s = s, .held = true};
    const size_t i = when - st->from;
    s->chain.n_gone = 0;
    x.f->digested = false; /* the stretch tells what becomes of the sum */
    x.f->digest += st->news[i].digest;
    take_stretch(&x, st->turns + st->begin[i], st->begin[i + 1] - st->begin[i],
                 st->news[i].n_fresh);
    finish(&x, NULL, first_line);
}
