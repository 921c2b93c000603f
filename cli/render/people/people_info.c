/* SPDX-License-Identifier: MIT */
#include "cli/render/people/people.h"
#include "cli/render/words/words.h"

void people_info(struct page *g, const struct info_input *v, size_t n)
{
    struct phrase p;
    phrase_start(&p, g->markdown);
    words_info_answer(&p, v, n);
    page_answer(g, &p, STYLE_PLAIN);
    page_gap(g);
    size_t shown = people_rows(g, n);
    for (size_t i = 0; i < shown; i++) {
        phrase_start(&p, g->markdown);
        say_name(&p, v[i].source);
        page_para(g, &p, 2);
        phrase_start(&p, g->markdown);
        if (v[i].error != NULL) {
            say(&p, "not read to the end: ");
            say_name(&p, v[i].error);
            page_item(g, &p, 0);
            phrase_start(&p, g->markdown);
        }
        if (v[i].error != NULL && v[i].snapshots == 0)
            continue;
        words_info_what(&p, &v[i]);
        page_item(g, &p, 0);
        phrase_start(&p, g->markdown);
        words_info_when(&p, &v[i]);
        page_item(g, &p, 0);
        for (size_t k = 0; v[i].events != NULL && k < v[i].events->n; k++) {
            phrase_start(&p, g->markdown);
            words_event_sum(&p, &v[i].events->v[k]);
            page_item(g, &p, 0);
        }
        people_notes(g, v[i].notes, NULL);
    }
    if (shown < n) {
        phrase_start(&p, g->markdown);
        words_left_out(&p, n - shown, "more input", "more inputs");
        page_para(g, &p, 0);
    }
}

int people_formats(struct page *g, const struct format *table)
{
    static const struct column cols[] = {
        {.title = "Format"},
        {.title = "Reads"},
        {.title = "Writes"},
        {.title = "Suffixes", .drop = 1},
        {.title = "What it is", .keep = 8},
    };
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (const struct format *f = table; f->name != NULL; f++) {
        table_cell(&t, f->name);
        table_cell(&t, f->binary != NULL || f->text != NULL ? "yes" : "-");
        table_cell(&t, f->writer != NULL ? "yes" : "-");
        table_cell(&t, f->suffixes != NULL ? f->suffixes : "");
        table_cell(&t, f->title);
    }
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}
