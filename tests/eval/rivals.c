/* SPDX-License-Identifier: MIT */
/* What people do without poolsift, for comparison; nothing of it is in the product:
 *
 *     rivals last|trend FOLDER LABELS
 *
 * prints all tags of FOLDER's captures, "HEX POOL", best first.
 *   last    last minus first bytes of each boot, added up
 *   trend   Mann-Kendall with the correction of Hamed and Rao (1998) at z > 2.33, then
 * the Theil-Sen slope, both per boot and weighed by its hours They are told the true
 * boots and times, which they would have to find. */
#include <errno.h>
#include <math.h>

#include "formats/reader.h"
#include "tests/eval/labels.h"

enum { MOST_SEN = 80, MOST_TEST = 200, PAIRS = MOST_SEN * (MOST_SEN - 1) / 2 };

struct table {
    struct labels labels;
    double *bytes; /* [tag * n_captures + capture] */
    bool *here;
};

/* ---- the captures ---- */

static int read_file(struct table *t, unsigned j, const char *path, struct err *e)
{
    struct input_raw raw;
    struct input *in;
    struct reader *r = NULL;
    struct reader_opts o = {.limits = LIMITS_DEFAULT};
    struct pool_snapshot s = {0};
    TRY(input_raw_file(&raw, path, e));
    TRY(input_open(&in, path, raw, &o.limits, e));
    int got = reader_open(&r, in, &o, e);
    if (got == 0)
        got = reader_next(r, &s, e);
    for (size_t i = 0; got == 1 && i < s.n_rows; i++) {
        char hex[TAG_HEX_MAX];
        tag_hex(s.rows[i].tag, hex);
        unsigned k = labels_find(&t->labels, hex, s.rows[i].pool);
        if (k < TAGS) {
            t->bytes[k * t->labels.n_captures + j] = (double)s.rows[i].bytes;
            t->here[k * t->labels.n_captures + j] = true;
        }
    }
    pool_snapshot_free(&s);
    reader_close(r);
    input_close(in);
    return got;
}

static double smallest(const struct table *t, bool across, unsigned which)
{
    unsigned n = t->labels.n_captures;
    double least = INFINITY;
    for (unsigned k = 0; k < (across ? n : t->labels.n_tags); k++) {
        unsigned at = across ? which * n + k : k * n + which;
        if (t->here[at] && t->bytes[at] < least)
            least = t->bytes[at];
    }
    return least;
}

/* In a list of the largest rows, one that is missing is somewhere below the last. */
static void fill_unlisted(struct table *t)
{
    unsigned n = t->labels.n_captures, long_lists = 0;
    double cut[SNAPSHOTS];
    for (unsigned j = 0; j < n; j++) {
        cut[j] = smallest(t, false, j);
        long_lists += cut[j] <= 4096;
    }
    if (2 * long_lists >= n)
        return;
    for (unsigned i = 0; i < t->labels.n_tags; i++) {
        double own = smallest(t, true, i);
        for (unsigned j = 0; j < n && isfinite(own); j++)
            if (!t->here[i * n + j])
                t->bytes[i * n + j] = own < cut[j] ? own : cut[j];
    }
}

/* ---- statistics ---- */

static int ascend(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* At most `most` points of n, evenly; returns how many. */
static unsigned thin(const double *t, const double *x, unsigned n, unsigned most,
                     double *tt, double *xx)
{
    unsigned m = n < most ? n : most;
    for (unsigned i = 0; i < m; i++) {
        unsigned k = m == n ? i : (unsigned)floor((double)i * (n - 1) / (m - 1) + .5);
        tt[i] = t[k];
        xx[i] = x[k];
    }
    return m;
}

static double theil_sen(const double *t, const double *x, unsigned n)
{
    double tt[MOST_SEN], xx[MOST_SEN], slope[PAIRS];
    unsigned m = 0;
    n = thin(t, x, n, MOST_SEN, tt, xx);
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = i + 1; j < n; j++)
            slope[m++] = (xx[j] - xx[i]) / (tt[j] - tt[i]);
    qsort(slope, m, sizeof slope[0], ascend);
    return (slope[(m - 1) / 2] + slope[m / 2]) / 2;
}

static double mann_kendall(const double *x, unsigned n)
{
    double s = 0, ties = 0, sorted[MOST_TEST];
    for (unsigned i = 0; i < n; i++) {
        sorted[i] = x[i];
        for (unsigned j = i + 1; j < n; j++)
            s += (x[j] > x[i]) - (x[j] < x[i]);
    }
    qsort(sorted, n, sizeof sorted[0], ascend);
    for (unsigned i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && !(sorted[j] > sorted[i]);)
            j++;
        double c = j - i;
        ties += c * (c - 1) * (2 * c + 5);
    }
    double all = (double)n * (n - 1) * (2. * n + 5), var = (all - ties) / 18;
    return var > 0 ? (s - (s > 0) + (s < 0)) / sqrt(var) : 0;
}

struct residual {
    double v;
    unsigned at;
};

static int ascend_residual(const void *a, const void *b)
{
    const struct residual *x = a, *y = b;
    if (x->v < y->v || x->v > y->v)
        return x->v < y->v ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* How far autocorrelated ranks inflate the variance. */
static double inflation(const double *x, unsigned n)
{
    double t[MOST_TEST], rank[MOST_TEST], sum = 0;
    struct residual d[MOST_TEST];
    for (unsigned i = 0; i < n; i++)
        t[i] = i;
    double slope = theil_sen(t, x, n);
    for (unsigned i = 0; i < n; i++)
        d[i] = (struct residual){x[i] - slope * i, i};
    qsort(d, n, sizeof d[0], ascend_residual);
    for (unsigned i = 0; i < n; i++)
        rank[d[i].at] = i - (n - 1) / 2.;
    double zero = (double)n * ((double)n * n - 1) / 12;
    for (unsigned k = 1; k + 1 < n; k++) {
        double c = 0;
        for (unsigned i = 0; i + k < n; i++)
            c += rank[i] * rank[i + k];
        if (fabs(c / zero) > 1.96 / sqrt(n))
            sum += (double)(n - k) * (n - k - 1.) * (n - k - 2.) * c / zero;
    }
    double cor = 1 + 2 * sum / ((double)n * (n - 1) * (n - 2));
    return cor > 1. / n ? cor : 1. / n;
}

static double trend(const double *t, const double *x, unsigned n)
{
    double tt[MOST_TEST], xx[MOST_TEST], slope = theil_sen(t, x, n);
    unsigned m = thin(t, x, n, MOST_TEST, tt, xx);
    double z = mann_kendall(xx, m);
    if (m >= 10)
        z /= sqrt(inflation(xx, m));
    return z > 2.33 ? slope : (slope < 0 ? slope : 0) - 1 + 1e-12 * slope;
}

/* ---- the order ---- */

static double judge(const struct table *t, unsigned i, bool by_trend)
{
    const struct labels *l = &t->labels;
    const double *x = t->bytes + (size_t)i * l->n_captures;
    double sum = 0, hours = 0;
    for (unsigned a = 0, b; a < l->n_captures; a = b) {
        for (b = a + 1; b < l->n_captures && l->boot[b] == l->boot[a];)
            b++;
        if (b - a < (by_trend ? 3u : 2u))
            continue;
        double h = l->hours[b - 1] - l->hours[a];
        hours += h;
        sum += by_trend ? trend(l->hours + a, x + a, b - a) * h : x[b - 1] - x[a];
    }
    return !by_trend ? sum : hours > 0 ? sum / hours : 0;
}

static void print_order(const struct table *t, bool by_trend)
{
    struct residual order[TAGS];
    unsigned n = t->labels.n_tags;
    for (unsigned i = 0; i < n; i++)
        order[i] = (struct residual){-judge(t, i, by_trend), i};
    qsort(order, n, sizeof order[0], ascend_residual);
    for (unsigned i = 0; i < n; i++) {
        const struct label *g = &t->labels.tag[order[i].at];
        printf("%s %s\n", g->hex, pool_kind_name((enum pool_kind)g->pool));
    }
}

static int run(struct table *t, char **argv, struct err *e)
{
    if (!labels_read(&t->labels, argv[3]))
        return err_set(e, ERR_FORMAT, "%s holds no labels", argv[3]);
    size_t n = (size_t)t->labels.n_tags * t->labels.n_captures;
    t->bytes = calloc(n, sizeof *t->bytes);
    t->here = calloc(n, sizeof *t->here);
    if (t->bytes == NULL || t->here == NULL)
        return err_nomem(e);
    for (unsigned j = 0; j < t->labels.n_captures; j++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[2], t->labels.file[j]);
        TRY(read_file(t, j, path, e));
    }
    fill_unlisted(t);
    print_order(t, strcmp(argv[1], "trend") == 0);
    return 0;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    struct table *t = calloc(1, sizeof *t);
    bool fine = argc == 4 && t != NULL && run(t, argv, &e) == 0;
    if (!fine)
        fprintf(stderr, "rivals: last|trend FOLDER LABELS: %s %s\n", e.place, e.text);
    if (t != NULL) {
        free(t->bytes);
        free(t->here);
    }
    free(t);
    return fine ? 0 : 2;
}
