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
        return;
    }
    if (*x == ABSENT || *c == ABSENT) {
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

static void lay_out(const struct tally *t, const struct boot *b, uint32_t slot,
                    struct course *out)
{
    const struct past *p = &t->pasts[slot];
    double x = p->base_x, c = p->base_c;
    size_t i = 0;
    for (; i < p->n_cells && p->cells[i].bin < b->bin0; i++) {
        x = p->cells[i].last_x;
        c = p->cells[i].last_c;
    }
    out->n = b->n_bins;
    out->moved = false;
    for (uint32_t bin = 0; bin < b->n_bins; bin++) {
        out->x[bin] = x;
        out->c[bin] = c;
        if (i < p->n_cells && p->cells[i].bin == b->bin0 + bin) {
            const struct cell *cell = &p->cells[i++];
            out->x[bin] = cell->min_x;
            out->c[bin] = cell->min_c;
            x = cell->last_x;
            c = cell->last_c;
            out->moved = out->moved || bin > 0 || cell->min_x != x || cell->min_c != c;
        }
        out->lx[bin] = x;
        out->lc[bin] = c;
    }
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
    lay_out(t, b, slot, out);
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

void course_counts(const struct tally *t, const struct boot *b, uint32_t slot,
                   double *count)
{
    struct course v;
    lay_out(t, b, slot, &v);
    double absent = tally_top_n(t) ? (double)NAN : 0;
    for (uint32_t i = 0; i < v.n; i++)
        count[i] = v.lc[i] >= 0 ? v.lc[i] : v.lc[i] == ABSENT ? absent : (double)NAN;
}
