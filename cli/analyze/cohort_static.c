/* SPDX-License-Identifier: MIT */
/* Rows of one capture that hold nearly the same number of objects: a hint, since one
 * capture shows no growth and healthy tags come in pairs, too. */
#include "cli/analyze/cohort.h"

#include <stdlib.h>

#include "cli/analyze/order.h"
#include "cli/analyze/row.h"

#define ROWS        4096  /* the largest; each is held against each */
#define OFF         .001  /* of the larger count */
#define MANY        10000 /* so many alike are no chance */
#define MANY_MOVING 1000  /* nor are these, when both moved by the same in the refresh */

/* A driver's own tag says more than one that nobody knows, and that more than one of
 * Windows' own, through which everybody allocates. */
static int rank_of_role(enum role r)
{
    return r == ROLE_PRIVATE ? 0 : r == ROLE_UNKNOWN ? 1 : 2;
}

void cohort_add(struct rank_cohort *c, const struct cohort_member *m, enum role role)
{
    c->size++;
    if (m->bytes > 0 && c->bytes <= INT64_MAX - m->bytes)
        c->bytes += m->bytes;
    bool root = rank_of_role(role) < 2 &&
                (c->root_rank == 0 || rank_of_role(role) < rank_of_role(c->root_role));
    if (root) {
        c->root_rank = m->rank;
        c->root_role = role;
    }
    if (c->n_members < COHORT_MEMBERS)
        c->members[c->n_members++] = *m;
    else if (root)
        c->members[COHORT_MEMBERS - 1] = *m;
}

/* What one row holds. */
struct holding {
    struct pool_tag tag;
    uint8_t pool;
    enum role role;
    uint64_t live, bytes;
    int64_t net; /* objects gained since the screen's last refresh */
    bool has_net;
};

struct list {
    struct rank_cohort *v;
    size_t n, cap;
};

static bool alike(const struct holding *a, const struct holding *b)
{
    uint64_t more = a->live > b->live ? a->live : b->live;
    uint64_t less = a->live < b->live ? a->live : b->live;
    if ((double)(more - less) > OFF * (double)more)
        return false;
    if (row_key(a->tag, a->pool) == row_key(b->tag, b->pool))
        return false; /* one row in two parts */
    bool moved = a->has_net && b->has_net && a->net == b->net && a->net != 0;
    return less >= MANY || (less >= MANY_MOVING && moved);
}

static int64_t held(uint64_t v)
{
    return v < INT64_MAX ? (int64_t)v : INT64_MAX;
}

static void join(struct rank_cohort *c, const struct holding *v, size_t row,
                 uint32_t *cohort_of)
{
    struct cohort_member m = {.tag = v[row].tag,
                              .pool = v[row].pool,
                              .rank = (uint32_t)row + 1,
                              .ratio = 1,
                              .objects = held(v[row].live),
                              .bytes = held(v[row].bytes)};
    cohort_of[row] = c->id;
    cohort_add(c, &m, v[row].role);
}

/* Rows stand largest first; cohort_of[n] becomes the id of each row's cohort, 0 = none.
 */
static int gather(struct list *l, const struct holding *v, size_t n, uint32_t *cohort_of,
                  struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        struct rank_cohort c = {.id = (uint32_t)l->n + 1, .basis = COHORT_STATIC};
        if (cohort_of[i] != 0 || v[i].live < MANY_MOVING)
            continue;
        for (size_t j = i + 1; j < n; j++) {
            if (cohort_of[j] != 0 || !alike(&v[i], &v[j]))
                continue;
            if (c.size == 0)
                join(&c, v, i, cohort_of);
            join(&c, v, j, cohort_of);
        }
        if (c.size == 0)
            continue;
        void *p = l->v;
        TRY(grow(&p, &l->cap, l->n + 1, sizeof c, e));
        l->v = p;
        l->v[l->n++] = c;
    }
    return 0;
}

int cohorts_of_capture(struct rank_result *r, const struct tally *t, struct err *e)
{
    size_t n = r->n_tags < ROWS ? r->n_tags : ROWS;
    struct list l = {.v = r->cohorts, .cap = r->cohorts_cap};
    struct holding *v = calloc(n + 1, sizeof *v);
    uint32_t *of = calloc(n + 1, sizeof *of);
    int code = v == NULL || of == NULL ? err_nomem(e) : 0;
    for (size_t i = 0; code == 0 && i < n; i++) {
        const struct rank_tag *tag = &r->tags[i];
        const struct past *p = &t->pasts[slot_known(t, row_key(tag->tag, tag->pool))];
        v[i] = (struct holding){.tag = tag->tag,
                                .pool = tag->pool,
                                .role = tag->role,
                                .live = tag->live_known ? tag->live : 0,
                                .bytes = tag->bytes,
                                .net = p->live_delta,
                                .has_net = p->has_live_delta};
    }
    if (code == 0)
        code = gather(&l, v, n, of, e);
    for (size_t i = 0; code == 0 && i < n; i++)
        r->tags[i].cohort = of[i];
    r->cohorts = l.v;
    r->n_cohorts = l.n;
    r->cohorts_cap = l.cap;
    free(of);
    free(v);
    return code;
}

static int by_size(const void *context, uint32_t i, uint32_t j)
{
    const struct holding *a = (const struct holding *)context + i;
    const struct holding *b = (const struct holding *)context + j;
    if (a->bytes != b->bytes)
        return a->bytes < b->bytes ? 1 : -1;
    uint64_t in_a = row_key(a->tag, a->pool), in_b = row_key(b->tag, b->pool);
    return in_a != in_b ? (in_a > in_b) - (in_a < in_b) : (i > j) - (i < j);
}

static struct holding row_holds(const struct pool_row *w)
{
    struct holding h = {.tag = w->tag, .pool = w->pool};
    if ((w->fields & ROW_BYTES) == 0 || !row_get_live(w, &h.live))
        h.live = 0;
    h.bytes = (w->fields & ROW_BYTES) != 0 ? w->bytes : 0;
    h.has_net = row_net(w, &h.net);
    return h;
}

int cohorts_of_rows(const struct pool_snapshot *s, const uint32_t *rows, size_t n,
                    enum role (*role)(const void *, struct pool_tag, uint8_t),
                    const void *role_ctx, struct rank_cohort **cohorts, size_t *n_cohorts,
                    struct err *e)
{
    struct list l = {.n = 0};
    struct holding *v = calloc(2 * n + 1, sizeof *v), *sorted = v == NULL ? NULL : v + n;
    uint32_t *order = calloc(2 * n + 1, sizeof *order);
    int code = v == NULL || order == NULL ? err_nomem(e) : 0;
    for (size_t i = 0; code == 0 && i < n; i++) {
        v[i] = row_holds(&s->rows[rows[i]]);
        v[i].role = role != NULL ? role(role_ctx, v[i].tag, v[i].pool) : ROLE_UNKNOWN;
        order[i] = (uint32_t)i;
    }
    if (code == 0) {
        order_sort(order, n, by_size, v);
        for (size_t i = 0; i < n; i++)
            sorted[i] = v[order[i]];
        code = gather(&l, sorted, n < ROWS ? n : ROWS, order + n, e);
    }
    free(order);
    free(v);
    *cohorts = l.v;
    *n_cohorts = l.n;
    return code;
}
