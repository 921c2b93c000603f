/* SPDX-License-Identifier: MIT */
/* The drivers that hold a tag, for people: the answer, a table, and the reasons. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/drivers.h"
#include "cli/render/people/people.h"

#define REASONED  3 /* files of a tag whose reasons are told without -v */
#define FIND_TOLD 1 /* tags that get their lines to run */

static void count_cell(struct table *t, uint64_t n)
{
    char s[24];
    (void)snprintf(s, sizeof s, "%" PRIu64, n);
    table_cell(t, n > 0 ? s : "-");
}

static const char *base_name(const char *file)
{
    const char *base = strrchr(file, '/');
    return base != NULL && base[1] != '\0' ? base + 1 : file;
}

static void row(struct table *t, const struct driver *d, bool several_tags)
{
    static const enum style styles[] = {
        [DRIVER_VERY_LIKELY] = STYLE_BAD,
        [DRIVER_LIKELY] = STYLE_WARN,
        [DRIVER_POSSIBLE] = STYLE_PLAIN,
        [DRIVER_UNLIKELY] = STYLE_PLAIN,
    };
    const struct pe_hits *h = &d->hits;
    if (several_tags)
        table_tag(t, d->tag, STYLE_PLAIN);
    table_name(t, base_name(d->file));
    table_styled(t, words_driver_score(d->score), styles[d->score]);
    count_cell(t, h->at[PE_CODE]);
    count_cell(t, h->at[PE_DATA]);
    count_cell(t, h->at[PE_RESOURCES] + h->at[PE_HEADERS] + h->at[PE_OVERLAY]);
    table_name(t, d->version.version);
    table_name(t, d->version.company);
}

static int print_table(struct page *g, const struct drivers *d, size_t shown)
{
    static const struct column cols[] = {
        {.title = "Tag"},
        {.title = "File"},
        {.title = "Allocates with it"},
        {.title = "Code", .right = true},
        {.title = "Data", .right = true, .drop = 2},
        {.title = "Other", .right = true, .drop = 3},
        {.title = "Version", .drop = 1},
        {.title = "Company", .keep = 8},
    };
    bool several = d->n_tags > 1;
    struct table t;
    size_t skip = several ? 0 : 1;
    table_start(&t, cols + skip, sizeof cols / sizeof *cols - skip, g->e);
    for (size_t i = 0; i < shown; i++)
        row(&t, &d->v[i], several);
    int r = page_table(g, &t);
    table_free(&t);
    return r;
}

static void what_it_is(struct page *g, const struct driver *d, bool several_tags)
{
    struct phrase p;
    phrase_start(&p, g->markdown);
    words_driver_what(&p, d, several_tags);
    page_para(g, &p, 2);
    phrase_start(&p, g->markdown);
    for (size_t k = 0; words_driver_reason(&p, d, k); k++) {
        page_item(g, &p, 0);
        phrase_start(&p, g->markdown);
    }
}

/* Nothing here: the files that matter are still on the machine. */
static void find_the_others(struct page *g, const struct drivers *d)
{
    bool found[DRIVER_TAGS] = {false};
    for (size_t i = 0; i < d->n; i++)
        found[d->v[i].which] = found[d->v[i].which] || d->v[i].score != DRIVER_UNLIKELY;
    size_t told = 0, missing = 0;
    for (size_t i = 0; i < d->n_tags; i++) {
        if (found[i] || missing++ >= FIND_TOLD)
            continue;
        page_gap(g);
        people_find_driver(g, d->tags[i]);
        told++;
    }
    if (told < missing) {
        struct phrase p;
        page_gap(g);
        phrase_start(&p, g->markdown);
        words_find_others(&p, missing - told);
        page_para(g, &p, 0);
    }
}

int people_drivers(struct page *g, const struct drivers *d)
{
    struct phrase p;
    size_t shown = people_rows(g, d->n);
    for (size_t i = 0; i < d->n_tags; i++) {
        phrase_start(&p, g->markdown);
        words_drivers_answer(&p, d, i);
        page_answer(g, &p, STYLE_PLAIN);
    }
    page_gap(g);
    if (shown > 0) {
        TRY(print_table(g, d, shown));
        page_gap(g);
    }
    size_t told = 0, of = SIZE_MAX;
    for (size_t i = 0; i < shown; i++) {
        told = d->v[i].which == of ? told + 1 : 1;
        of = d->v[i].which;
        if (told <= REASONED || g->o->verbose)
            what_it_is(g, &d->v[i], d->n_tags > 1);
    }
    if (shown > 0)
        page_gap(g);
    phrase_start(&p, g->markdown);
    words_drivers_read(&p, d, shown);
    page_para(g, &p, 0);
    find_the_others(g, d);
    return 0;
}
