/* SPDX-License-Identifier: MIT */
#include "formats/psz/follow.h"

#include <stdlib.h>
#include <string.h>

#include "formats/psz/decoder.h"

/* More chains than this, or more places for rows that are gone, are given up. */
#define FOLLOWS_MAX 512
#define SPARE_ROWS  4096

static void follow_free(struct psz_follow *f)
{
    free(f->host);
    free(f->rows);
    free(f->last);
    free(f->table);
    free(f->listed);
    free(f);
}

void psz_follows_free(struct psz_follows *all)
{
    for (size_t i = 0; i < all->n; i++)
        follow_free(all->v[i]);
    free(all->v);
    *all = (struct psz_follows){0};
}

void psz_decoder_follow(struct psz_decoder *dec, uint64_t *chains, bool any_order)
{
    dec->follows.chains = chains;
    dec->follows.any_order = any_order;
}

void psz_follow_leave(struct psz_follow *f)
{
    if (f == NULL)
        return;
    f->step++;
    f->goes_on = f->within = false;
}

/* ---- lanes and places ---- */

static struct psz_follow *find(const struct psz_follows *all, const struct psz_lane *lane,
                               const char *host)
{
    for (size_t i = 0; i < all->n; i++) {
        struct psz_follow *f = all->v[i];
        if (f->record == lane->record && f->scope == lane->scope &&
            f->session == lane->session && strcmp(f->host, host) == 0)
            return f;
    }
    return NULL;
}

static int add(struct psz_follows *all, const struct psz_lane *lane, const char *host,
               struct psz_follow **out, struct err *e)
{
    void *v = all->v;
    TRY(grow(&v, &all->cap, all->n + 1, sizeof(struct psz_follow *), e));
    all->v = v;
    struct psz_follow *f = calloc(1, sizeof *f);
    if (f == NULL)
        return err_nomem(e);
    all->v[all->n++] = f;
    f->host = strdup(host);
    f->record = lane->record;
    f->scope = lane->scope;
    f->session = lane->session;
    *out = f;
    return f->host == NULL ? err_nomem(e) : 0;
}

static uint32_t *slot_of(const struct psz_follow *f, struct pool_tag tag, uint8_t pool)
{
    uint64_t h = ((uint64_t)tag_key(tag) << 2 | pool) * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = (size_t)(h >> 32);; i++) {
        uint32_t *slot = &f->table[i & (f->n_table - 1)];
        if (*slot == 0 ||
            (tag_equal(f->rows[*slot - 1].tag, tag) && f->rows[*slot - 1].pool == pool))
            return slot;
    }
}

/* Room for that many more rows. */
static int make_room(struct psz_follow *f, size_t more, struct err *e)
{
    size_t n = f->n_table == 0 ? 64 : f->n_table;
    void *v = f->rows;
    TRY(grow(&v, &f->rows_cap, f->n_rows + more, sizeof *f->rows, e));
    f->rows = v;
    v = f->last;
    TRY(grow(&v, &f->last_cap, f->n_rows + more, sizeof *f->last, e));
    f->last = v;
    v = f->listed;
    TRY(grow(&v, &f->listed_cap, f->n_rows + more, sizeof *f->listed, e));
    f->listed = v;
    while (n < 2 * (f->n_rows + more + 1))
        n *= 2;
    if (n == f->n_table)
        return 0;
    free(f->table);
    f->n_table = 0;
    f->table = calloc(n, sizeof *f->table);
    if (f->table == NULL)
        return err_nomem(e);
    f->n_table = n;
    for (size_t i = 0; i < f->n_rows; i++)
        *slot_of(f, f->rows[i].tag, f->rows[i].pool) = (uint32_t)i + 1;
    return 0;
}

static void start_anew(struct psz_follow *f, uint64_t id)
{
    f->id = id;
    f->goes_on = f->within = false;
    f->n_rows = f->n_listed = 0;
    if (f->n_table > 0)
        memset(f->table, 0, f->n_table * sizeof *f->table);
}

static int place_rows(struct psz_decoder *dec, struct psz_lane_rows *lane, struct err *e)
{
    struct psz_follow *f = lane->follow;
    if (f->id == 0 || f->n_rows > 2 * lane->n + SPARE_ROWS)
        start_anew(f, ++*dec->follows.chains);
    TRY(make_room(f, lane->n, e));
    for (size_t i = lane->first; i < lane->first + lane->n; i++) {
        struct psz_history *h = &dec->rows[i];
        uint32_t *slot = slot_of(f, h->tag, h->pool);
        if (*slot == 0) {
            f->rows[f->n_rows] = (struct psz_follow_row){
                .tag = h->tag, .pool = h->pool, .listed = PSZ_NO_PLACE};
            *slot = (uint32_t)++f->n_rows;
        }
        h->place = *slot - 1;
        h->repeated = f->rows[h->place].block == dec->follows.block;
        f->rows[h->place].block = dec->follows.block;
    }
    return 0;
}

/* Chains of lanes that this block does not have. */
static void drop_others(struct psz_follows *all)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i]->block == all->block)
            all->v[n++] = all->v[i];
        else
            follow_free(all->v[i]);
    all->n = n;
}

int psz_follow_block(struct psz_decoder *dec, struct err *e)
{
    struct psz_follows *all = &dec->follows;
    if (all->chains == NULL)
        return 0;
    all->block++;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i]->within) /* the block before broke off */
            psz_follow_leave(all->v[i]);
    for (size_t l = 0; l < dec->n_lanes; l++) {
        const struct psz_lane *lane = &dec->lanes[l];
        const char *host = psz_text(&dec->texts, lane->host);
        struct psz_follow *f = find(all, lane, host);
        if (lane->record != RECORD_CAPTURE || (f != NULL && f->block == all->block))
            continue; /* no lane comes twice, but who knows */
        if (f == NULL)
            TRY(add(all, lane, host, &f, e));
        f->block = all->block;
        dec->lane_rows[l].follow = f;
        TRY(place_rows(dec, &dec->lane_rows[l], e));
    }
    if (all->n > FOLLOWS_MAX)
        drop_others(all);
    return 0;
}

void psz_follow_keep(struct psz_decoder *dec)
{
    for (size_t l = 0; l < dec->n_lanes; l++) {
        const struct psz_lane_rows *lane = &dec->lane_rows[l];
        struct psz_follow *f = lane->follow;
        if (f == NULL || !f->within)
            continue;
        f->within = false;
        for (size_t i = lane->first; i < lane->first + lane->n; i++)
            if (dec->rows[i].present)
                psz_show_row(&dec->rows[i], &f->last[dec->rows[i].place]);
    }
}

/* ---- a capture ---- */

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
    bool held;      /* s->rows hold the capture before */
    bool relisted;  /* rows came or went */
    size_t changed; /* so far; new ones stand before them */
};

/* The row says something else than in the capture before, or is new. */
static void put_row(struct handing *x, const struct psz_history *h, bool fresh, size_t at)
{
    struct psz_follow *f = x->f;
    struct psz_follow_row *r = &f->rows[h->place];
    struct pool_row shown, *row = x->held ? &x->s->rows[h->place] : &shown;
    if (x->held && !fresh) /* the rest of the row stands */
        psz_row_join(row, &h->now, &h->rare);
    else
        psz_show_row(h, row);
    const uint64_t digest = pool_row_digest(row);
    f->digest += digest - (fresh ? 0 : r->digest);
    r->digest = digest;
    if (fresh)
        list_row(f, h->place);
    x->relisted |= fresh;
    x->s->chain.changed[at] = h->place;
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
        n_fresh += !dec->touched[i].was && dec->rows[dec->touched[i].row].present;
    size_t fresh = 0, changed = n_fresh;
    for (size_t i = 0; i < dec->n_touched; i++) {
        const struct psz_history *h = &dec->rows[dec->touched[i].row];
        if (h->present)
            put_row(x, h, !dec->touched[i].was,
                    dec->touched[i].was ? changed++ : fresh++);
        else if (dec->touched[i].was)
            put_gone(x, h->place);
    }
    c->n_fresh = n_fresh;
    c->n_changed = changed;
}

static bool says_the_same(const struct psz_follow *f, const struct psz_history *h)
{
    struct pool_row now;
    psz_show_row(h, &now);
    const struct pool_row *was = &f->last[h->place];
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
    const struct psz_lane_rows *lane = x->lane;
    const struct psz_history *rows = x->dec->rows;
    for (size_t i = 0; i < f->n_listed; i++)
        f->rows[f->listed[i]].block = 0;
    for (size_t i = lane->first; i < lane->first + lane->n; i++)
        if (rows[i].present)
            f->rows[rows[i].place].block = f->block;
    for (size_t i = f->n_listed; i-- > 0;)
        if (f->rows[f->listed[i]].block != f->block)
            put_gone(x, f->listed[i]);
    size_t n = 0;
    for (size_t i = lane->first; i < lane->first + lane->n; i++)
        if (rows[i].present && f->rows[rows[i].place].listed == PSZ_NO_PLACE)
            n++;
    size_t fresh = 0, changed = n;
    for (size_t i = lane->first; i < lane->first + lane->n; i++) {
        const struct psz_history *h = &rows[i];
        if (!h->present)
            continue;
        if (f->rows[h->place].listed == PSZ_NO_PLACE)
            put_row(x, h, true, fresh++);
        else if (!says_the_same(f, h))
            put_row(x, h, false, changed++);
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
        if (x->dec->rows[i].present)
            psz_show_row(&x->dec->rows[i], &x->s->rows[x->dec->rows[i].place]);
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
            to[i] = x->dec->rows[order[i]].place;
    else if (f->n_listed > 0 && (!x->held || !f->loose || x->relisted))
        memcpy(to, f->listed, f->n_listed * sizeof *to);
    f->loose = order == NULL;
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
    put_order(&x, order);
    c->id = c->held_id = f->id;
    c->step = c->held_step = ++f->step;
    c->n_held = f->n_rows;
    c->first_line = first_line;
    c->digest = f->digest;
    for (int k = 0; k < POOL_KINDS; k++) {
        c->bytes[k] = clamped_bytes(&x, (uint8_t)k);
        c->listed[k] = lane->listed[k];
    }
    s->n_rows = lane->present;
    f->goes_on = f->within = true;
    return 0;
}
