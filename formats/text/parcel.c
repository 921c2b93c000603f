/* SPDX-License-Identifier: MIT */
#include "formats/text/parcel.h"

#include <stddef.h>
#include <string.h>

struct parcel_row {
    struct pool_tag tag;
    uint8_t pool, width;
    uint16_t fields;
    uint32_t place;
    uint64_t allocs, frees, live, bytes, per_alloc;
};

/* ---- what lies behind a parcel ---- */

static size_t rounded(size_t n)
{
    const size_t unit = _Alignof(max_align_t);
    return (n + unit - 1) / unit * unit;
}

/* Either counts (to == NULL) or hands out. */
struct room {
    uint8_t *to;
    size_t n;
};

static void *take(struct room *r, size_t n)
{
    void *p = r->to != NULL ? r->to + r->n : NULL;
    r->n += rounded(n);
    return p;
}

static void take_copy(struct room *r, struct buf *b)
{
    void *p = take(r, b->n);
    if (p != NULL && b->n > 0)
        memcpy(p, b->p, b->n);
    b->p = p;
}

/* Lays the lists of *p out behind it; those that are bytes are copied. */
static void lay_out(struct parcel *p, struct room *r)
{
    const struct pool_chain *c = &p->s.chain;
    const size_t notes = p->s.notes.n * sizeof *p->s.notes.v;
    (void)take(r, sizeof *p);
    p->rows = take(r, c->n_changed * sizeof *p->rows);
    p->order = take(r, p->s.n_rows * sizeof *p->order);
    p->gone = take(r, c->n_gone * sizeof *p->gone);
    take_copy(r, &p->s.strings);
    take_copy(r, &p->s.notes.text);
    struct note *v = take(r, notes);
    if (v != NULL && notes > 0)
        memcpy(v, p->s.notes.v, notes);
    p->s.notes.v = v;
    take_copy(r, &p->seam.caption);
    take_copy(r, &p->seam.lead);
    take_copy(r, &p->seam.above);
}

/* ---- packing ---- */

/* The first of a chain's captures has nothing but fresh rows. */
static void put_frame(struct parcel *p, const struct pool_snapshot *s, bool first,
                      const struct seam *seam)
{
    p->first = first;
    p->s = *s;
    p->seam = *seam;
    if (!first)
        return;
    p->s.chain.n_changed = p->s.chain.n_fresh = s->n_rows;
    p->s.chain.n_gone = 0;
}

size_t parcel_size(const struct pool_snapshot *s, bool first, const struct seam *seam)
{
    struct parcel p;
    struct room r = {0};
    put_frame(&p, s, first, seam);
    lay_out(&p, &r);
    return s->record == RECORD_CAPTURE && s->n_events == 0 && s->chain.id != 0 ? r.n : 0;
}

/* False when a place is too far off. */
static bool put_places(uint16_t *to, const uint32_t *places, size_t n)
{
    uint32_t any = 0;
    for (size_t i = 0; i < n; i++) {
        any |= places[i];
        to[i] = (uint16_t)places[i];
    }
    return any <= UINT16_MAX;
}

static void put_row(struct parcel_row *to, const struct pool_row *r, uint32_t place)
{
    *to = (struct parcel_row){.tag = r->tag,
                              .pool = r->pool,
                              .width = r->width,
                              .fields = r->fields,
                              .place = place,
                              .allocs = r->allocs,
                              .frees = r->frees,
                              .live = r->live,
                              .bytes = r->bytes,
                              .per_alloc = r->per_alloc};
}

bool parcel_pack(struct parcel *p, const struct pool_snapshot *s, bool first,
                 const struct seam *seam)
{
    struct room r = {.to = (uint8_t *)p};
    put_frame(p, s, first, seam);
    lay_out(p, &r);
    const uint32_t *changed = first ? s->chain.order : s->chain.changed;
    for (size_t i = 0; i < p->s.chain.n_changed; i++)
        put_row(&p->rows[i], &s->rows[changed[i]], changed[i]);
    return put_places(p->order, s->chain.order, s->n_rows) &&
           put_places(p->gone, s->chain.gone, p->s.chain.n_gone);
}

/* ---- unpacking ---- */

bool parcel_fits(const struct parcel *p, const struct pool_snapshot *s, uint64_t chain)
{
    return p->first ||
           (s->chain.held_id == chain && s->chain.held_step + 1 == p->s.chain.step);
}

static int make_room(uint32_t **list, size_t *cap, size_t n, struct err *e)
{
    void *v = *list;
    int r = grow(&v, cap, n, sizeof **list, e);
    *list = v;
    return r;
}

static void get_row(struct pool_row *to, const struct parcel_row *r)
{
    *to = (struct pool_row){.tag = r->tag,
                            .pool = r->pool,
                            .width = r->width,
                            .fields = r->fields,
                            .allocs = r->allocs,
                            .frees = r->frees,
                            .live = r->live,
                            .bytes = r->bytes,
                            .per_alloc = r->per_alloc};
}

static int unpack_rows(const struct parcel *p, struct pool_snapshot *s, struct err *e)
{
    struct pool_chain *c = &s->chain;
    size_t places = 0;
    for (size_t i = 0; i < c->n_changed; i++)
        places = p->rows[i].place < places ? places : p->rows[i].place + 1;
    void *v = s->rows;
    TRY(grow(&v, &s->rows_cap, places, sizeof *s->rows, e));
    s->rows = v;
    TRY(make_room(&c->order, &c->order_cap, s->n_rows, e));
    TRY(make_room(&c->changed, &c->changed_cap, c->n_changed, e));
    TRY(make_room(&c->gone, &c->gone_cap, c->n_gone, e));
    for (size_t i = 0; i < c->n_changed; i++) {
        c->changed[i] = p->rows[i].place;
        get_row(&s->rows[p->rows[i].place], &p->rows[i]);
    }
    for (size_t i = 0; i < s->n_rows; i++)
        c->order[i] = p->order[i];
    for (size_t i = 0; i < c->n_gone; i++)
        c->gone[i] = p->gone[i];
    return 0;
}

int parcel_unpack(const struct parcel *p, struct pool_snapshot *s, uint64_t chain,
                  uint64_t lines, struct err *e)
{
    TRY(pool_snapshot_copy_frame(s, &p->s, e));
    TRY(unpack_rows(p, s, e));
    s->line += lines;
    s->chain.first_line += lines;
    for (size_t i = 0; i < s->notes.n; i++)
        if (s->notes.v[i].line > 0)
            s->notes.v[i].line += lines;
    s->chain.id = s->chain.held_id = chain;
    s->chain.held_step = s->chain.step;
    return 0;
}
