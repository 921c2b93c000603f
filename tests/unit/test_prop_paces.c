/* SPDX-License-Identifier: MIT */
/* Medians, stretches, paces and blocks of pools against the plain ways to find them: over
 * made-up figures, nasty ones among them, the bits must be the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analyze/bounds.h"
#include "cli/analyze/judge.h"
#include "cli/analyze/order.h"
#include "cli/analyze/portable.h"
#include "cli/analyze/ramp.h"
#include "cli/analyze/row.h"
#include "tests/unit/series.h"

/* Values of one of ten habits. */
static void draw(double *v, uint32_t n, unsigned habit, uint64_t *seed)
{
    double now = noise(seed) % 100000;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t chance = noise(seed);
        switch (habit % 10) {
        case 0:
            break;
        case 1:
            now += 4096;
            break;
        case 2:
            now += chance % 10000;
            break;
        case 3:
            now = chance % 3;
            break;
        case 4:
            now += i > n / 3 && i < n / 2 ? 1e6 : 0;
            break;
        case 5:
            now = i < n / 2 ? 1 : 1.8e19;
            break;
        case 6:
            now = chance % 7 == 0 ? 0 : 1e15 + chance;
            break;
        case 7:
            now -= now > 50 ? 50 : 0;
            break;
        case 8:
            now = 1e6 * (1 - exp(-(double)i / 9));
            break;
        default:
            now += i > n / 4 ? 512 + chance % 64 : chance % 2;
        }
        v[i] = now;
    }
}

/* ---- medians ---- */

static double plain_median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, order_doubles);
    return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void medians_are_those_of_sorted_values(void **state)
{
    (void)state;
    static double v[5000], w[5000];
    uint64_t seed = 1;
    for (unsigned i = 0; i < 3000; i++) {
        uint32_t n = 1 + noise(&seed) % (i % 100 == 0 ? 5000 : 150);
        draw(v, n, i, &seed);
        if (i % 7 == 0) /* rises, then falls: what middles of three choose badly */
            for (uint32_t k = 0; k < n; k++)
                v[k] = k < n / 2 ? k : n - k;
        memcpy(w, v, n * sizeof *v);
        assert_true(order_median(v, n) == plain_median(w, n));
    }
}

/* ---- stretches ---- */

static double one_over(const double *v, uint32_t n)
{
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += v[i];
    for (uint32_t i = 0; i < n; i++)
        squares += (v[i] - sum / n) * (v[i] - sum / n);
    return squares > 0 ? 1 / squares : 0;
}

/* What is left beside the best stretch, or the best curve, as a share. */
struct shares {
    double stretch, curve, from_t, to_t;
};

static struct shares plain_shares(const double *t, const double *v, uint32_t n)
{
    double y[RAMP_POINTS], z[RAMP_POINTS], hinge[RAMP_POINTS] = {0}, sum = 0, squares = 0;
    double top = 0, best = 0, best_curve = 0, behind = 0, tau = 1;
    struct shares s = {0};
    for (uint32_t i = 0; i < n; i++) {
        sum += v[i];
        top = v[i] > top ? v[i] : top;
    }
    for (uint32_t i = 0; i < n; i++) {
        y[i] = v[i] - sum / n;
        squares += y[i] * y[i];
    }
    for (uint32_t i = n - 1; i-- > 0;) {
        behind += y[i + 1];
        hinge[i] = hinge[i + 1] + behind * (t[i + 1] - t[i]);
    }
    for (uint32_t from = 0; from < n; from++)
        for (uint32_t to = from + 1; to < n; to++) {
            for (uint32_t i = 0; i < n; i++)
                z[i] = i < from ? 0 : t[i < to ? i : to] - t[from];
            double product = hinge[from] - hinge[to];
            double explained = product > 0 ? product * product * one_over(z, n) : 0;
            if (explained > best) {
                best = explained;
                s.from_t = t[from];
                s.to_t = t[to];
            }
        }
    for (int k = 0; k < RAMP_CURVES; k++, tau *= sqrt(2)) {
        double faded = 0;
        behind = 0;
        for (uint32_t from = n - 1; from-- > 0;) {
            double left = 1;
            for (uint32_t i = 0; i < n; i++) {
                left = i > from ? left * decay((t[i] - t[i - 1]) / tau) : 1;
                z[i] = 1 - left;
            }
            behind += y[from + 1];
            faded = decay((t[from + 1] - t[from]) / tau) * (y[from + 1] + faded);
            double product = behind - faded;
            double explained = product > 0 ? product * product * one_over(z, n) : 0;
            best_curve = explained > best_curve ? explained : best_curve;
        }
    }
    double step = 1e-4 * top > 1 ? 1e-4 * top : 1, floor = step * step * n * .1;
    s.stretch = (at_least(squares - best, 0) + floor) / (squares + floor);
    s.curve = (at_least(squares - best_curve, 0) + floor) / (squares + floor);
    return s;
}

static double plain_proof(const double *x, uint32_t n, struct shares in_x,
                          struct shares in_c)
{
    double up = 0, down = 0, up_squares = 0;
    for (uint32_t i = 1; i < n; i++) {
        double step = x[i] - x[i - 1];
        up += step > 0 ? step : 0;
        up_squares += step > 0 ? step * step : 0;
        down -= step > 0 ? 0 : step;
    }
    double straight = 1 - 4 * (in_x.stretch > in_c.stretch ? in_x.stretch : in_c.stretch);
    double line = smaller(in_x.curve / in_x.stretch, in_c.curve / in_c.stretch);
    return between_0_and_1(straight) * between_0_and_1(line) *
           between_0_and_1((up * up / up_squares - 1) / 2) * (up - down) / (up + down);
}

static void stretches_are_those_tried_one_by_one(void **state)
{
    (void)state;
    static struct ramp_axis axis;
    double t[RAMP_POINTS], x[RAMP_POINTS], c[RAMP_POINTS];
    uint64_t seed = 2;
    size_t proven = 0;
    for (unsigned i = 0; i < 400; i++) {
        uint32_t n = RAMP_LEAST + noise(&seed) % (RAMP_POINTS - RAMP_LEAST + 1);
        for (uint32_t k = 0; k < n; k++)
            t[k] = (k > 0 ? t[k - 1] : 500) + (i % 3 == 0 ? noise(&seed) % 5 : 1) / 2.;
        draw(x, n, i, &seed);
        for (uint32_t k = 0; k < n; k++)
            c[k] = floor(x[k] / 96);
        if (i % 4 == 3)
            draw(c, n, i / 10, &seed);
        ramp_prepare(&axis, t, n);
        struct ramp r = ramp_of(&axis, x, c);
        if (!(x[n - 1] > x[0])) {
            assert_true(r.grown == 0 && r.proof == 0);
            continue;
        }
        struct shares in_x = plain_shares(t, x, n), in_c = plain_shares(t, c, n);
        assert_true(r.grown == x[n - 1] - x[0]);
        assert_true(r.proof == plain_proof(x, n, in_x, in_c));
        if (r.proof > 0)
            assert_true(r.from_t == in_x.from_t && r.to_t == in_x.to_t);
        proven += r.proof > 0;
    }
    assert_true(proven > 40);
}

/* ---- paces ---- */

/* Blocks cut for one track alone; returns how many rates there are. */
static int plain_rates(const double *t, const double *v, uint32_t n, double *mean,
                       double *squares)
{
    struct {
        double t, v;
    } b[BLOCKS + 1];
    double span = t[n - 1] - t[0], width = span >= 72 ? 12 : span / 8, room[BINS];
    int blocks = 0, rates = 0, onset = 0, partner[BLOCKS];
    width = span / width > BLOCKS ? span / BLOCKS : width;
    uint32_t i = 0;
    for (int k = (int)(span / width + 1e-9); k > 0; k--) {
        double from = t[n - 1] - width * k, to = t[n - 1] - width * (k - 1);
        while (i < n && t[i] < from)
            i++;
        uint32_t first = i;
        for (; i < n && t[i] <= to; i++)
            room[i - first] = v[i];
        if (i == first)
            continue;
        b[blocks].t = (t[(first + i - 1) / 2] + t[(first + i) / 2]) / 2;
        b[blocks++].v = plain_median(room, i - first);
    }
    if (blocks < 5)
        return 0;
    double rise = b[blocks - 1].v - b[0].v;
    while (rise > 0 && onset < blocks - 2 && b[onset + 1].v - b[0].v < .05 * rise)
        onset++;
    double apart = b[blocks - 1].t - b[0].t + width >= 72 ? 18 : 0;
    for (int k = 0, j = 1; k < blocks; k++) {
        while (j < blocks && (j <= k || b[j].t - b[k].t < apart))
            j++;
        if (j == blocks)
            break;
        partner[rates++] = j;
    }
    int from = onset < rates - 4 ? onset : rates - 4;
    double sum = 0;
    *squares = 0;
    for (int k = from; rates >= 4 && k < rates; k++)
        sum += (b[partner[k]].v - b[k].v) / (b[partner[k]].t - b[k].t);
    *mean = sum / (rates - from);
    for (int k = from; rates >= 4 && k < rates; k++) {
        double off = (b[partner[k]].v - b[k].v) / (b[partner[k]].t - b[k].t) - *mean;
        *squares += off * off;
    }
    if (rates >= 4 && onset > from)
        *mean = (b[blocks - 1].v - b[onset].v) / (b[blocks - 1].t - b[onset].t);
    return rates < 4 ? rates : rates - from;
}

static void paces_are_those_of_blocks_cut_for_each(void **state)
{
    (void)state;
    double t[BINS], v[BINS], still[BINS] = {0};
    uint64_t seed = 3;
    size_t found = 0;
    for (unsigned i = 0; i < 3000; i++) {
        uint32_t n = 1 + noise(&seed) % BINS;
        double step = i % 5 == 0 ? .05 : i % 5 == 1 ? 6 : 1;
        for (uint32_t k = 0; k < n; k++)
            t[k] = (k > 0 ? t[k - 1] : 9) + (i % 2 ? step : step * (noise(&seed) % 4));
        draw(v, n, i / 3, &seed);
        struct cuts cuts;
        struct blocks f, flat;
        double mean = 0, squares = 0;
        cuts_make(&cuts, t, n);
        blocks_of(&f, &cuts, v);
        struct pace p = pace_of(&f, 48);
        int rates = t[n - 1] > t[0] ? plain_rates(t, v, n, &mean, &squares) : 0;
        assert_int_equal(p.n, rates);
        assert_int_equal(isnan(p.mean) != 0, rates < 4);
        if (rates < 4)
            continue;
        found++;
        assert_true(p.mean == mean && p.low <= p.mean && p.high >= p.mean);
        assert_true(squares > 0 || p.high - p.low <= 0 || p.onset_t > 0);
        blocks_of(&flat, &cuts, still);
        p = pace_of(&flat, 48);
        assert_true(p.mean == 0 && p.low == 0 && p.high == 0 && isnan(p.onset_t));
    }
    assert_true(found > 1000);
}

/* ---- whose blocks the rows are made of ---- */

#define PLACES 60

struct places {
    bool listed[PLACES];
    uint32_t order[PLACES], changed[PLACES], gone[PLACES];
};

/* The next capture of a chain: some rows change, some come and go. */
static void next_step(struct pool_snapshot *s, struct places *p, uint32_t unit,
                      uint64_t *seed)
{
    struct pool_chain *c = &s->chain;
    c->step++;
    c->n_changed = c->n_gone = s->n_rows = 0;
    for (uint32_t i = 0; i < PLACES; i++) {
        bool listed = noise(seed) % 20 != 0;
        bool changes = listed && (!p->listed[i] || noise(seed) % 9 == 0);
        if (changes) {
            s->rows[i].fields = noise(seed) % 30 == 0 ? 0 : ROW_BYTES;
            s->rows[i].bytes = (noise(seed) % 40) * unit + (noise(seed) % 900 == 0);
            p->changed[c->n_changed++] = i;
        }
        if (p->listed[i] && !listed)
            p->gone[c->n_gone++] = i;
        if (listed)
            p->order[s->n_rows++] = i;
        p->listed[i] = listed;
    }
}

/* The last word of the captures, which is what is kept of them. */
static void blocks_are_told_from_what_changed(void **state)
{
    (void)state;
    static struct pool_row rows[PLACES];
    struct places p = {.listed = {false}};
    struct pool_snapshot s = {.rows = rows, .rows_cap = PLACES};
    struct capture_bits last = {0};
    uint64_t seed = 4;
    uint32_t word = 0, plain_word = 0;
    unsigned said[3] = {0};
    s.chain = (struct pool_chain){
        .id = 7, .order = p.order, .changed = p.changed, .gone = p.gone};
    for (int i = 0; i < 8000; i++) {
        if (i % 500 == 499) { /* a chain begins */
            s.chain.id++;
            memset(p.listed, 0, sizeof p.listed);
            word = plain_word = 0;
        }
        next_step(&s, &p, i % 500 > 300 && noise(&seed) % 40 == 0 ? 8 : 16, &seed);
        if (i % 50 == 17)
            continue; /* one that nobody followed */
        if (i % 50 == 30)
            s.chain.id += UINT64_C(1) << 40; /* and one that another chain interrupts */
        const uint32_t bits = capture_bits_next(&last, &s), plain = capture_pool_bits(&s);
        word = bits != 0 ? bits : word;
        plain_word = plain != 0 ? plain : plain_word;
        assert_int_equal(word, plain_word);
        said[word / 32]++;
    }
    assert_true(said[0] > 10 && said[1] > 500 && said[2] > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_are_those_of_sorted_values),
        cmocka_unit_test(stretches_are_those_tried_one_by_one),
        cmocka_unit_test(paces_are_those_of_blocks_cut_for_each),
        cmocka_unit_test(blocks_are_told_from_what_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
