/* SPDX-License-Identifier: MIT */
/* Some captures at a time, row by row.  A row's changes stand together: it is fetched
 * once for all of these captures, and what it says is put to each of them. */
#include "formats/psz/unroll.h"

#include <stdlib.h>
#include <string.h>

#include "formats/psz/turn.h"

/* The first stretch is short and others are up to twice as long as what came before: a
 * second thread is soon at work, and ready in time. */
#define FIRST_CAPTURES 8
#define MOST_TURNS     ((size_t)32 << 10)

void psz_stretch_free(struct psz_stretch *st)
{
    free(st->turns);
    *st = (struct psz_stretch){0};
}

static size_t turns_of(const struct psz_decoder *dec, const struct psz_lane_rows *lane,
                       uint32_t when)
{
    const uint64_t *turned = dec->turned + lane->turned + when * lane->words;
    size_t n = 0;
    for (size_t i = 0; i < lane->words; i++)
        n += psz_bits_of(turned[i]);
    return n;
}

/* How far it goes: busy ones have fewer captures, but one at least. */
static void measure(const struct psz_decoder *dec, const struct psz_lane_rows *lane,
                    uint32_t from, struct psz_stretch *st)
{
    uint32_t n = 0, most = from < FIRST_CAPTURES ? FIRST_CAPTURES : 2 * from;
    most = most < PSZ_STRETCH_CAPTURES ? most : PSZ_STRETCH_CAPTURES;
    st->begin[0] = 0;
    while (from + n < lane->snapshots && n < most &&
           (n == 0 || st->begin[n] < MOST_TURNS)) {
        st->begin[n + 1] = st->begin[n] + turns_of(dec, lane, from + n);
        n++;
    }
    st->from = from;
    st->to = from + n;
}

/* The row's flags in these captures, which are at most 57. */
static uint64_t flags_of(const uint8_t *row, size_t stride, const struct psz_stretch *st)
{
    const size_t at = st->from / 8;
    uint64_t v = 0;
    if (at + 8 <= stride)
        v = le64(row + at);
    for (size_t i = at; i < stride && at + 8 > stride; i++)
        v |= (uint64_t)row[i] << 8 * (i - at);
    return v >> st->from % 8 & UINT64_MAX >> (64 - (st->to - st->from));
}

struct unrolling {
    const struct psz_decoder *dec;
    struct psz_stretch *st;
    bool plain, wide; /* all rows give the plain figures, and nothing loose; in 64 bits */
    struct psz_row_turn *next[PSZ_STRETCH_CAPTURES];
};

/* What a capture says of a row, for its sums. */
struct told {
    bool listed;
    uint64_t bytes, digest;
};

/* As psz_row_join, of rows with all plain figures; the mean size only when it may be
 * another one. */
static void show_plain(struct pool_row *row, const struct psz_figures *f, bool wide)
{
    const bool resized = row->live != f->live || row->bytes != f->bytes;
    const uint64_t frees = f->allocs - f->live;
    row->allocs = f->allocs;
    row->frees = wide ? frees : (uint32_t)frees;
    row->live = f->live;
    row->bytes = f->bytes;
    if (resized)
        row->per_alloc = f->live == 0 ? 0 : f->bytes / f->live;
}

static void show(const struct unrolling *u, struct pool_row *row,
                 const struct psz_course *c)
{
    if (u->plain)
        show_plain(row, &c->now, u->wide);
    else
        psz_row_join(row, &c->now, &u->dec->base);
}

/* What the row adds to the sums of the capture, and no longer does. */
static void put_news(struct psz_news *news, const struct pool_row *row,
                     const struct told *was, const struct told *is)
{
    news->digest += is->digest - was->digest;
    news->bytes[row->pool] += is->bytes - was->bytes;
    if ((is->bytes | was->bytes) >= PSZ_HUGE_BYTES) { /* a power of two */
        news->huge += (size_t)(is->bytes >= PSZ_HUGE_BYTES);
        news->huge -= (size_t)(was->bytes >= PSZ_HUGE_BYTES);
    }
    if (was->listed == is->listed)
        return;
    news->listed[row->pool] += is->listed ? 1 : SIZE_MAX;
    news->n_fresh += is->listed;
}

static enum psz_turn_kind kind_of(bool was, bool is)
{
    if (was && is)
        return PSZ_TURN_CHANGED;
    return is ? PSZ_TURN_FRESH : PSZ_TURN_GONE;
}

static void put_turn(struct psz_row_turn *t, size_t at, enum psz_turn_kind kind,
                     const struct pool_row *row)
{
    t->row = (uint32_t)at;
    t->kind = kind;
    t->allocs = row->allocs;
    t->frees = row->frees;
    t->live = row->live;
    t->bytes = row->bytes;
    t->per_alloc = row->per_alloc;
}

/* Takes the row through the captures whose bits are set; false when its changes end too
 * soon. */
static bool unroll_row(struct unrolling *u, size_t at, uint64_t open)
{
    struct psz_history *h = &u->dec->rows[at];
    struct psz_course c = h->course;
    struct pool_row row = {.tag = h->tag, .pool = h->pool};
    struct told was = {.listed = false};
    psz_row_join(&row, &c.now, &u->dec->base); /* also of one that went: sizes go on */
    const uint64_t key = pool_row_digest_key(&row); /* it gives the same all along */
    if (c.present)
        was = (struct told){true, row.bytes, pool_row_digest_by(key, &row)};
    for (; open != 0; open &= open - 1) {
        const unsigned when = psz_lowest_bit(open);
        struct told is = {.listed = false};
        if (!c.begun)
            psz_begin_course(&c, h, u->wide);
        else if (!psz_take_change(&c, u->wide, u->plain ? &row.per_alloc : NULL))
            return false;
        if (c.present) {
            show(u, &row, &c);
            is = (struct told){true, row.bytes, pool_row_digest_by(key, &row)};
        }
        put_news(&u->st->news[when], &row, &was, &is);
        put_turn(u->next[when]++, at, kind_of(was.listed, is.listed), &row);
        was = is;
    }
    h->course = c;
    return true;
}

int psz_unroll(const struct psz_decoder *dec, const struct psz_lane_rows *lane,
               uint32_t from, struct psz_stretch *st, struct err *e)
{
    const uint8_t *flags = dec->stream[PSZ_FLAGS] + lane->flags;
    struct unrolling u = {.dec = dec,
                          .st = st,
                          .plain = dec->base.fields == ROW_PLAIN &&
                                   !(dec->base.form & PSZ_FORM_LOOSE),
                          .wide = psz_wide(&dec->base)};
    measure(dec, lane, from, st);
    const uint32_t n = st->to - st->from;
    TRY(psz_room(&st->turns, &st->turns_cap, st->begin[n], sizeof *st->turns, e));
    for (uint32_t i = 0; i < n; i++)
        u.next[i] = st->turns + st->begin[i];
    memset(st->news, 0, n * sizeof *st->news);
    st->broken = false;
    for (size_t i = 0; i < lane->n && !st->broken; i++, flags += lane->stride) {
        const uint64_t open = flags_of(flags, lane->stride, st);
        if (open != 0)
            st->broken = !unroll_row(&u, lane->first + i, open);
    }
    return 0;
}
