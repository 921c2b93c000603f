/* SPDX-License-Identifier: MIT */
/* What rows share is worked out once and what stands still is not laid out: here each
 * slot is laid out, folded and added up the plain way, and the bits must be the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analyze/axis.h"
#include "cli/analyze/judge.h"
#include "cli/analyze/row.h"
#include "formats/worker.h"
#include "tests/unit/series.h"

#define TAGS 40

/* What a made-up series is like: rows are left out, captures are parts, the machine is
 * restarted, only the largest rows are listed, or in its second half a tag in six, which
 * stands still, tells nothing but its bytes. */
struct kind {
    int n, boot_every;
    unsigned absent, partial; /* one in so many, 0 = never */
    int largest;              /* rows, 0 = all */
    bool bare;
};

static const struct kind kinds[] = {
    {.n = 8},
    {.n = 60, .absent = 5},
    {.n = 150, .boot_every = 70, .absent = 9},
    {.n = 150, .boot_every = 20, .partial = 7},
    {.n = 400, .absent = 12, .partial = 11},
    {.n = 120, .boot_every = 3, .absent = 6},
    {.n = 90, .absent = 4, .largest = 12},
    {.n = 140, .boot_every = 45, .absent = 3, .partial = 5, .largest = 15},
    {.n = 200, .boot_every = 130},
    {.n = 150, .boot_every = 9, .absent = 3, .partial = 2, .bare = true}};

static uint64_t step_of(int i, bool late, uint64_t *seed)
{
    uint64_t chance = noise(seed);
    switch (i % 6) {
    case 0:
        return 0;
    case 1:
        return late ? 9600 : 0;
    case 2:
        return chance % 4000;
    case 3:
        return chance % 40 == 0 ? 1 << 20 : 0;
    default:
        return chance % 3 == 0 ? chance % 70000 : 0;
    }
}

static struct tally *made(const struct kind *k, uint64_t seed)
{
    struct tally *t = NULL;
    struct err e = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    uint64_t bytes[TAGS] = {0}, allocs[TAGS] = {0};
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < k->n; j++) {
        bool boot = k->boot_every > 0 && j % k->boot_every == 0;
        pool_snapshot_clear(&s);
        s.completeness = k->partial > 0 && noise(&seed) % k->partial == 0
                             ? COMPLETE_FILTERED
                             : COMPLETE_WHOLE;
        for (int i = 0; i < TAGS; i++) {
            char tag[5] = {'t', (char)('0' + i / 10), (char)('0' + i % 10), ' ', 0};
            uint64_t more = step_of(i, 2 * j > k->n, &seed);
            bytes[i] = boot || (i % 6 > 3 && noise(&seed) % 5 == 0)
                           ? 64 * (1 + noise(&seed) % 900)
                           : bytes[i] + more;
            allocs[i] = boot ? 10 : allocs[i] + 1000 + more;
            const bool bare = k->bare && i % 6 == 0;
            bytes[i] = bare ? 4096 : bytes[i];
            bool left_out = k->largest > 0 && (i + j) % TAGS >= k->largest;
            if (left_out || (k->absent > 0 && noise(&seed) % k->absent == 0))
                continue;
            put_row(&s, tag, i % 2 ? POOL_PAGED : POOL_NONPAGED, allocs[i],
                    1 + bytes[i] / 96, bytes[i] + (k->largest > 0 ? 8192 : 0));
            if (bare && 2 * j > k->n)
                s.rows[s.n_rows - 1].fields = ROW_BYTES;
        }
        double hours = j * (1 + (double)(k->n % 3)) / 2;
        assert_int_equal(tally_add(t, &s, hours, false, &e), 0);
    }
    pool_snapshot_free(&s);
    return t;
}

/* ---- the plain way ---- */

static void plain_filled(double *x, double *c, const struct tally *t, uint32_t slot,
                         double limit)
{
    const struct past *p = &t->pasts[slot];
    const struct figure *now = &t->slots[slot].now;
    bool absent = *x == ABSENT || *c == ABSENT;
    if (!tally_top_n(t)) {
        *x = *x == ABSENT ? 0 : *x;
        *c = *c == ABSENT ? 0 : *c;
    } else if (absent) {
        double each = p->least_x != UNKNOWN && now->live > 0
                          ? (double)now->bytes / (double)now->live
                          : 0;
        *x = limit < p->least_x ? limit : p->least_x;
        *c = each > 0 ? *x / each : *x;
    }
}

static void plain_carry(double *v, uint32_t n)
{
    uint32_t known = 0;
    while (known < n && v[known] == UNKNOWN)
        known++;
    for (uint32_t i = 0; i < n && known < n; i++)
        if (v[i] == UNKNOWN)
            v[i] = i < known ? v[known] : v[i - 1];
}

static bool plain_course(const struct tally *t, const struct boot *b, uint32_t slot,
                         struct course *v)
{
    const struct past *p = &t->pasts[slot];
    double x = p->base_x, c = p->base_c;
    bool shows = false;
    *v = (struct course){.n = b->n_bins};
    for (uint32_t bin = 0; bin < b->bin0 + b->n_bins; bin++) {
        double low_x = x, low_c = c;
        for (size_t i = 0; i < p->n_cells; i++)
            if (p->cells[i].bin == bin) {
                low_x = p->cells[i].min_x;
                low_c = p->cells[i].min_c;
                x = p->cells[i].last_x;
                c = p->cells[i].last_c;
                v->moved |=
                    bin > b->bin0 || (bin == b->bin0 && (low_x != x || low_c != c));
            }
        if (bin < b->bin0)
            continue;
        uint32_t i = bin - b->bin0;
        v->x[i] = low_x;
        v->c[i] = low_c;
        v->lx[i] = x;
        v->lc[i] = c;
        shows |= low_x >= 0 || x >= 0;
    }
    if (!shows && !(tally_top_n(t) && p->least_x >= 0))
        return false;
    v->moved |= !shows;
    for (uint32_t i = 0; i < v->n; i++) {
        plain_filled(&v->x[i], &v->c[i], t, slot, t->bins[b->bin0 + i].least);
        plain_filled(&v->lx[i], &v->lc[i], t, slot, t->bins[b->bin0 + i].least);
    }
    plain_carry(v->x, v->n);
    plain_carry(v->c, v->n);
    plain_carry(v->lx, v->n);
    plain_carry(v->lc, v->n);
    return true;
}

static bool same(const double *a, const double *b, uint32_t n)
{
    return memcmp(a, b, n * sizeof *a) == 0;
}

static void check_courses(const struct tally *t, const struct boot *b, uint32_t slot)
{
    struct course v, plain;
    double x = 0, c = 0;
    bool shows = plain_course(t, b, slot, &plain);
    assert_int_equal(course_of(t, b, slot, &v), shows);
    bool stood = course_stood(t, b, slot, &x, &c);
    assert_false(stood && !shows);
    if (!shows)
        return;
    assert_int_equal(v.moved, plain.moved);
    assert_true(same(v.x, plain.x, v.n) && same(v.c, plain.c, v.n));
    assert_true(same(v.lx, plain.lx, v.n) && same(v.lc, plain.lc, v.n));
    for (uint32_t i = 0; stood && i < v.n; i++)
        assert_true(v.x[i] == x && v.lx[i] == x && v.c[i] == c && v.lc[i] == c);
    assert_true(!stood || !v.moved);
}

static double plain_product(const struct axis *a, const double *v, int column)
{
    double sum = 0, mean = 0;
    for (uint32_t i = 0; i < a->n; i++)
        mean += v[i];
    for (uint32_t i = 0; i < a->n; i++)
        sum += (v[i] - mean / a->n) * a->column[column / LANES][i][column % LANES];
    return sum;
}

static double plain_most(const double *v, uint32_t n, double sign)
{
    double most = v[0];
    for (uint32_t i = 1; i < n; i++)
        most = sign * v[i] > sign * most ? v[i] : most;
    return most;
}

static void check_sums(const struct axis *a, const struct tally *t, const struct sums *s,
                       bool folded)
{
    struct course v;
    if (a->shared.boots == 0 || !plain_course(t, a->boot, s->slot, &v)) {
        assert_true(!folded && s->top_x == 0 && s->top_c == 0 && s->xx == 0);
        return;
    }
    assert_int_equal(folded, v.moved);
    assert_true(s->top_x == plain_most(v.x, v.n, 1) &&
                s->top_c == plain_most(v.c, v.n, 1));
    if (!folded)
        return;
    assert_true(s->range >= plain_most(v.lx, v.n, 1) - plain_most(v.x, v.n, -1));
    assert_true(s->xa == plain_product(a, v.x, COLUMN_AGE));
    assert_true(s->ca == plain_product(a, v.c, COLUMN_AGE));
    assert_true(s->xw == plain_product(a, v.x, COLUMN_BUSY));
    assert_true(s->cg == plain_product(a, v.c, COLUMN_WORK));
    for (int k = 0; k < CURVES; k++) {
        assert_true(s->xk[k] == plain_product(a, v.x, COLUMN_CURVES + k));
        assert_true(s->ck[k] == plain_product(a, v.c, COLUMN_CURVES + k));
    }
}

static void slots_are_laid_out_and_folded_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3 * sizeof kinds / sizeof *kinds; i++) {
        struct tally *t = made(&kinds[i / 3], i);
        struct axis *a = NULL;
        struct err e = {0};
        double quiet = 0;
        assert_int_equal(quiet_threshold(t, &quiet, &e), 0);
        assert_int_equal(axis_new(&a, &e), 0);
        for (size_t k = 0; k < t->n_boots; k++) {
            if (t->boots[k].folded)
                continue;
            axis_prepare(a, t, &t->boots[k], quiet);
            for (uint32_t slot = 0; slot < t->n_slots; slot++) {
                struct sums s;
                check_courses(t, &t->boots[k], slot);
                bool folded = axis_fold(a, t, slot, &s);
                check_sums(a, t, &s, folded);
            }
        }
        axis_free(a);
        tally_free(t);
    }
}

/* Boot by boot, each time over all slots. */
static void plain_add(struct pooled *p, const struct tally *t, size_t i, struct axis *a,
                      double quiet)
{
    const struct boot *b = &t->boots[i];
    double scale[CURVES];
    curve_scale(p->age_h[i], scale);
    if (!b->folded)
        axis_prepare(a, t, b, quiet);
    axis_add_sums(&p->axis, b->folded ? &b->axis : axis_shared(a), scale);
    for (size_t j = 0; b->folded && j < b->n_sums; j++)
        sums_add(&p->sums[b->sums[j].slot], &b->sums[j], scale);
    for (uint32_t slot = 0; !b->folded && slot < t->n_slots; slot++) {
        struct sums s;
        (void)axis_fold(a, t, slot, &s);
        sums_add(&p->sums[slot], &s, scale);
    }
}

static void boots_are_added_up_alike(void **state)
{
    (void)state;
    size_t found = 0;
    struct worker *w = NULL;
    assert_int_equal(worker_new(&w, true, NULL), 0);
    for (size_t i = 0; i < 2 * sizeof kinds / sizeof *kinds; i++) {
        struct tally *t = made(&kinds[i / 2], 100 + i);
        struct axis *a = NULL;
        struct err e = {0};
        struct pooled p;
        struct sums *sums = calloc(t->n_slots, sizeof *sums);
        double quiet = 0;
        assert_non_null(sums);
        assert_int_equal(axis_new(&a, &e), 0);
        assert_int_equal(quiet_threshold(t, &quiet, &e), 0);
        assert_int_equal(pooled_make(&p, t, i % 2 == 0 ? w : NULL, &e), 0);
        struct pooled plain = {.age_h = p.age_h, .sums = sums};
        for (size_t k = 0; k < t->n_boots; k++)
            plain_add(&plain, t, k, a, quiet);
        assert_int_equal(plain.axis.boots, p.axis.boots);
        assert_true(plain.axis.aa == p.axis.aa && plain.axis.work == p.axis.work);
        assert_true(same(plain.axis.kk, p.axis.kk, CURVES));
        assert_true(same(plain.axis.kw, p.axis.kw, CURVES));
        for (uint32_t slot = 0; slot < t->n_slots; slot++) {
            sums[slot].slot = slot;
            assert_memory_equal(&sums[slot].up, &p.sums[slot].up,
                                sizeof *sums - offsetof(struct sums, up));
            assert_int_equal(sums[slot].rising, p.sums[slot].rising);
            found += p.since != NULL && p.since[slot].value > 0;
        }
        pooled_free(&p);
        axis_free(a);
        free(sums);
        tally_free(t);
    }
    worker_free(w);
    assert_true(found > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_are_laid_out_and_folded_alike),
        cmocka_unit_test(boots_are_added_up_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
