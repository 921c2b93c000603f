/* SPDX-License-Identifier: MIT */
#include "formats/psz/follow.h"

#include <stdlib.h>
#include <string.h>

#include "formats/psz/decoder.h"
#include "formats/spread.h"

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

static uint64_t key_of(struct pool_tag tag, uint8_t pool)
{
    return (uint64_t)tag_key(tag) << 2 | pool;
}

static uint32_t *slot_of(const struct psz_follow *f, struct pool_tag tag, uint8_t pool)
{
    for (size_t i = spread_over(f->way, key_of(tag, pool), f->n_table);; i++) {
        uint32_t *slot = &f->table[i & (f->n_table - 1)];
        if (*slot == 0 ||
            (tag_equal(f->rows[*slot - 1].tag, tag) && f->rows[*slot - 1].pool == pool))
            return slot;
    }
}

static void fill_table(struct psz_follow *f)
{
    memset(f->table, 0, f->n_table * sizeof *f->table);
    for (size_t i = 0; i < f->n_rows; i++)
        *slot_of(f, f->rows[i].tag, f->rows[i].pool) = (uint32_t)i + 1;
}

/* Spreads the rows in another way once this one, behind `slot`, shows that keys meet. */
static void part_keys(struct psz_follow *f, const uint32_t *slot)
{
    const struct psz_follow_row *r = &f->rows[*slot - 1];
    if (!spread_meets(f->way, key_of(r->tag, r->pool), (size_t)(slot - f->table),
                      f->n_table))
        return;
    f->way++;
    fill_table(f);
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
    fill_table(f);
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
        start_anew(f, ++*dec->follows->chains);
    TRY(make_room(f, lane->n, e));
    for (size_t i = lane->first; i < lane->first + lane->n; i++) {
        struct psz_history *h = &dec->rows[i];
        uint32_t *slot = slot_of(f, h->tag, h->pool);
        const bool fresh = *slot == 0;
        if (fresh) {
            f->rows[f->n_rows] = (struct psz_follow_row){
                .tag = h->tag, .pool = h->pool, .listed = PSZ_NO_PLACE};
            *slot = (uint32_t)++f->n_rows;
        }
        const uint32_t place = dec->place[i] = *slot - 1;
        if (fresh)
            part_keys(f, slot);
        h->repeated = f->rows[place].block == dec->follows->block;
        lane->repeats |= h->repeated;
        f->rows[place].block = dec->follows->block;
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
    struct psz_follows *all = dec->follows;
    if (all == NULL)
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
            if (dec->rows[i].course.present)
                psz_show_row(&dec->rows[i], &f->last[dec->place[i]]);
    }
}
