/* SPDX-License-Identifier: MIT */
/* A slot's cells laid out over the bins of one boot. */
#include "cli/analyze/tally.h"

/* Replaces what is no figure.  Below the end of a top-N list a row holds at most what
 * the smallest listed row holds, and is taken to hold no more than it ever showed, so
 * that to appear in the list is never growth from nothing.  What a partial capture left
 * out stands as it was last seen, or as it was seen first. */
struct filling {
    bool top_n;
    double own_x, per_object; /* smallest figure the row ever showed */
};

static void fill_values(double *x, double *c, double limit, const struct filling *f)
{
    if (!f->top_n) {
        *x = *x == ABSENT ? 0 : *x;
        *c = *c == ABSENT ? 0 : *c;
    } else if (*x == ABSENT || *c == ABSENT) {
        *x = limit < f->own_x ? limit : f->own_x;
        *c = f->per_object > 0 ? *x / f->per_object : *x;
    }
}

static void carry(double *v, uint32_t n)
{
    uint32_t known = 0;
    while (known < n && v[known] == UNKNOWN)
        known++;
    for (uint32_t i = 0; i < n && known < n; i++)
        if (v[i] == UNKNOWN)
            v[i] = i < known ? v[known] : v[i - 1];
}

/* How many of the cells lie before that bin. */
static size_t cells_before(const struct past *p, uint32_t bin)
{
    size_t low = 0, high = p->n_cells;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->cells[middle].bin < bin)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void stand(struct course *v, uint32_t from, uint32_t to, double x, double c)
{
    for (uint32_t bin = from; bin < to; bin++) {
        v->x[bin] = v->lx[bin] = x;
        v->c[bin] = v->lc[bin] = c;
    }
}

/* Returns whether every figure is one. */
static bool lay_out(const struct tally *t, const struct boot *b, uint32_t slot,
                    struct course *out)
{
    const struct past *p = &t->pasts[slot];
    size_t i = cells_before(p, b->bin0);
    double x = i > 0 ? p->cells[i - 1].last_x : p->base_x;
    double c = i > 0 ? p->cells[i - 1].last_c : p->base_c;
    bool known = x >= 0 && c >= 0;
    uint32_t bin = 0;
    out->n = b->n_bins;
    out->moved = false;
    for (; i < p->n_cells && p->cells[i].bin < b->bin0 + b->n_bins; i++, bin++) {
        const struct cell *cell = &p->cells[i];
        uint32_t at = cell->bin - b->bin0;
        stand(out, bin, at, x, c);
        bin = at;
        x = cell->last_x;
        c = cell->last_c;
        known = known && cell->min_x >= 0 && cell->min_c >= 0 && x >= 0 && c >= 0;
        out->moved = out->moved || bin > 0 || cell->min_x != x || cell->min_c != c;
        out->x[bin] = cell->min_x;
        out->c[bin] = cell->min_c;
        out->lx[bin] = x;
        out->lc[bin] = c;
    }
    stand(out, bin, out->n, x, c);
    return known;
}

static struct filling filling_of(const struct tally *t, uint32_t slot)
{
    const struct past *p = &t->pasts[slot];
    struct filling f = {.top_n = tally_top_n(t), .own_x = p->least_x};
    if (p->least_x != UNKNOWN && t->slots[slot].now.live > 0)
        f.per_object = (double)t->slots[slot].now.bytes / (double)t->slots[slot].now.live;
    return f;
}

bool course_of(const struct tally *t, const struct boot *b, uint32_t slot,
               struct course *out)
{
    if (lay_out(t, b, slot, out))
        return true; /* nothing to replace */
    bool shows = false;
    for (uint32_t i = 0; i < out->n; i++)
        shows = shows || out->x[i] >= 0 || out->lx[i] >= 0;
    struct filling f = filling_of(t, slot);
    if (!shows && !(f.top_n && f.own_x >= 0))
        return false;
    out->moved = out->moved || !shows; /* it lies below the end of every list */
    for (uint32_t i = 0; i < out->n; i++) {
        double limit = t->bins[b->bin0 + i].least;
        fill_values(&out->x[i], &out->c[i], limit, &f);
        fill_values(&out->lx[i], &out->lc[i], limit, &f);
    }
    carry(out->x, out->n);
    carry(out->c, out->n);
    carry(out->lx, out->n);
    carry(out->lc, out->n);
    return true;
}

bool course_stood(const struct tally *t, const struct boot *b, uint32_t slot, double *x,
                  double *c)
{
    const struct past *p = &t->pasts[slot];
    size_t n = cells_before(p, b->bin0 + 1);
    const struct cell *last = n > 0 ? &p->cells[n - 1] : NULL;
    *x = last != NULL ? last->last_x : p->base_x;
    *c = last != NULL ? last->last_c : p->base_c;
    if (n < p->n_cells && p->cells[n].bin < b->bin0 + b->n_bins)
        return false;
    if (last != NULL && last->bin == b->bin0 && (last->min_x != *x || last->min_c != *c))
        return false;
    return *x >= 0 && *c >= 0;
}

void course_counts(const struct tally *t, const struct boot *b, uint32_t slot,
                   double *count)
{
    struct course v;
    (void)lay_out(t, b, slot, &v);
    double absent = tally_top_n(t) ? (double)NAN : 0;
    for (uint32_t i = 0; i < v.n; i++)
        count[i] = v.lc[i] >= 0 ? v.lc[i] : v.lc[i] == ABSENT ? absent : (double)NAN;
}
