/* SPDX-License-Identifier: MIT */
/* Writes one labelled series of the benchmark:
 *
 *     mkeval CONFIG SEED FOLDER
 *
 * gives FOLDER/HOST1-DATE-TIME.txt, one poolmon -n file a capture, and FOLDER.tsv, what
 * is true of them (labels.h).  CONFIG is a name of config.h; the same name and seed give
 * the same bytes everywhere. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "formats/when.h"
#include "tests/eval/config.h"
#include "tests/eval/figures.h"
#include "tests/eval/listing.h"
#include "tests/eval/plan.h"

static const int64_t monday = INT64_C(1780272000); /* 2026-06-01T00:00:00 */

/* ---- sizes that depend on the others ---- */

static double hours_active(const struct world *w, const struct eval_tag *t)
{
    double sum = 0;
    for (unsigned b = 0; b < w->n_boots; b++) {
        if (w->boots[b].first > w->boots[b].last)
            continue;
        double from = w->t[w->boots[b].first], to = w->t[w->boots[b].last];
        from = from > t->from ? from : t->from;
        to = to < t->to ? to : t->to;
        sum += to > from ? to - from : 0;
    }
    return sum > .1 ? sum : .1;
}

/* A leak that shall have a share of its pool's growth is measured against the others. */
static void size_leaks(struct world *w)
{
    double grown[POOL_KINDS] = {0, 0, 0};
    for (unsigned i = w->c->leaks; i < w->n_tags; i++)
        if (w->tags[i].growth > 0)
            grown[w->tags[i].pool] += w->tags[i].growth;
    for (unsigned i = 0; i < w->c->leaks; i++) {
        struct eval_tag *t = &w->tags[i];
        double bytes = t->share / (1 - t->share) * grown[t->pool];
        t->rate = bytes / hours_active(w, t);
        t->churn = 3 * t->rate / t->size;
    }
}

static void simulate_all(struct world *w)
{
    unsigned leaks = w->c->share ? w->c->leaks : 0;
    simulate(w, leaks, w->n_tags);
    if (leaks > 0) {
        size_leaks(w);
        simulate(w, 0, leaks);
    }
}

/* ---- what the capture's options leave ---- */

static int larger(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x > *y ? -1 : *x < *y;
}

static uint64_t smallest_listed(const struct world *w, unsigned j)
{
    uint64_t all[TAGS];
    unsigned n = 0;
    for (size_t i = 0; i < w->n_tags; i++)
        if (w->here[i * w->n_snapshots + j])
            all[n++] = w->bytes[i * w->n_snapshots + j];
    qsort(all, n, sizeof all[0], larger);
    uint64_t cut = n > w->c->top ? all[w->c->top - 1] : 0;
    return cut > 1 ? cut : 1;
}

static void filter(struct world *w)
{
    const struct config *c = w->c;
    for (unsigned j = 0; j < w->n_snapshots; j++) {
        uint64_t cut = c->top > 0 ? smallest_listed(w, j) : 0;
        for (size_t i = 0; i < w->n_tags; i++) {
            struct eval_tag *t = &w->tags[i];
            bool *here = &w->here[i * w->n_snapshots + j];
            if (w->bytes[i * w->n_snapshots + j] < cut ||
                (c->nonpaged_only && t->pool != POOL_NONPAGED) ||
                (c->letters != NULL && strchr(c->letters, t->name[0]) == NULL))
                *here = false;
            t->listed += *here;
        }
    }
}

/* ---- files ---- */

static int64_t capture_ms(const struct world *w, unsigned j)
{
    return (monday + (int64_t)floor((w->t[j] + w->phase) * 3600 + .5)) * 1000;
}

static void capture_name(const struct world *w, unsigned j, char *out, size_t n)
{
    struct civil c;
    civil_from_ms(capture_ms(w, j), &c);
    snprintf(out, n, "HOST1-%04d%02d%02d-%02d%02d%02d.txt", c.year, c.month, c.day,
             c.hour, c.minute, c.second);
}

static int write_capture(const struct world *w, unsigned j, const char *folder)
{
    char name[64], path[4096];
    capture_name(w, j, name, sizeof name);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (f == NULL)
        return -1;
    listing_write(f, w, j);
    return fclose(f);
}

static int write_labels(const struct world *w, const char *folder)
{
    char path[4096], name[64];
    snprintf(path, sizeof path, "%s.tsv", folder);
    FILE *f = fopen(path, "wb");
    if (f == NULL)
        return -1;
    for (unsigned j = 0; j < w->n_snapshots; j++) {
        capture_name(w, j, name, sizeof name);
        fprintf(f, "capture\t%s\t%.6f\t%u\n", name, w->t[j], w->boot[j]);
    }
    struct line lines[TAGS]; /* by name: the order must not tell the leaks */
    for (size_t i = 0; i < w->n_tags; i++)
        lines[i].tag = &w->tags[i];
    qsort(lines, w->n_tags, sizeof lines[0], by_name);
    for (size_t i = 0; i < w->n_tags; i++) {
        const struct eval_tag *t = lines[i].tag;
        char hex[TAG_HEX_MAX];
        tag_hex(tag_from(t->name, 4), hex);
        fprintf(f, "tag\t%s\t%s\t%s\t%d\t%d\t%.0f\t%.0f\t%u\n", hex,
                pool_kind_name((enum pool_kind)t->pool), kind_names[t->kind], t->leak,
                t->leak ? t->group : -1, t->leaked,
                w->c->top > 0 && t->listed < 2 ? 0 : t->growth, t->listed);
    }
    return fclose(f);
}

static int write_all(const struct world *w, const char *folder)
{
    int r = mkdir(folder, 0777) != 0 && errno != EEXIST ? -1 : 0;
    for (unsigned j = 0; j < w->n_snapshots && r == 0; j++)
        r = write_capture(w, j, folder);
    return r == 0 ? write_labels(w, folder) : r;
}

static uint64_t number_of(const char *name)
{
    uint64_t n = 0;
    for (const char *p = name; *p != '\0'; p++)
        n = n * 131 + (unsigned char)*p;
    return n;
}

static void plan(struct world *w, const char *config)
{
    uint64_t name = number_of(config),
             plan = w->c->plan != NULL ? number_of(w->c->plan) : name;
    struct rng r = rng_for(w->seed, 1, plan), own = rng_for(w->seed, 2, name);
    plan_clock(w, w->c->plan != NULL ? &own : &r);
    plan_tags(w, &r);
    if (w->c->added)
        plan_added(w, &own);
    w->seed ^= name << 20;
}

int main(int argc, char **argv)
{
    struct config c;
    if (argc != 4 || !config_find(&c, argv[1])) {
        fputs("mkeval: CONFIG SEED FOLDER; see config.h for the first\n", stderr);
        return 2;
    }
    struct world *w = calloc(1, sizeof *w);
    bool fine = w != NULL;
    if (fine) {
        w->c = &c;
        w->seed = strtoull(argv[2], NULL, 10);
        plan(w, argv[1]);
        fine = world_reserve(w);
    }
    if (fine) {
        simulate_all(w);
        filter(w);
        fine = write_all(w, argv[3]) == 0;
    }
    world_free(w);
    if (!fine)
        perror("mkeval");
    return fine ? 0 : 2;
}
