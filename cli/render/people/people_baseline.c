/* SPDX-License-Identifier: MIT */
/* The section "Against the baseline" of a ranking. */
#include <math.h>
#include <stdio.h>

#include "cli/render/number.h"
#include "cli/render/people/people.h"
#include "cli/render/words/words.h"

static enum style style_of(enum change c)
{
    return c == CHANGE_NEW_LEAK ? STYLE_BAD
           : c == CHANGE_FASTER ? STYLE_WARN
           : c == CHANGE_SAME   ? STYLE_PLAIN
                                : STYLE_GOOD;
}

static void add_interval(struct table *t, const struct tempo *p, enum units u)
{
    char text[128] = "";
    if (isfinite(p->low) && isfinite(p->high))
        (void)snprintf(text, sizeof text, "%s .. %s", num_rate(p->low, u).s,
                       num_rate(p->high, u).s);
    table_cell(t, text);
}

static void add_figures(struct table *t, const struct rank_tag *tag, enum change change,
                        const struct tempo *now, const struct tempo *then, double added,
                        enum units u)
{
    table_tag(t, tag->tag, style_of(change));
    table_cell(t, pool_kind_short((enum pool_kind)tag->pool));
    table_styled(t, change_name(change), style_of(change));
    table_cell(t, num_rate(then->mean, u).s);
    table_cell(t, num_rate(now->mean, u).s);
    table_cell(t, num_rate(added, u).s);
    add_interval(t, then, u);
    add_interval(t, now, u);
}

static void add_rows(struct table *t, const struct rank_view *v, size_t top, enum units u)
{
    const struct baseline *b = v->baseline->b;
    static const struct tempo nothing = {0, 0, 0};
    size_t shown = 0;
    for (size_t i = 0; i < b->n_changed && (top == 0 || shown < top); i++, shown++) {
        const struct tag_change *c = &b->tags[b->changed[i]];
        const struct rank_tag *tag = &v->r->tags[b->changed[i]];
        add_figures(t, tag, c->change, &c->now, &c->then, c->added, u);
        people_owner(t, owner_at(v->owners, b->changed[i]));
    }
    for (size_t i = 0; i < b->n_gone && (top == 0 || shown < top); i++, shown++) {
        const struct rank_tag *tag = &v->baseline->there->r->tags[b->gone[i]];
        add_figures(t, tag, CHANGE_GONE, &nothing, &tag->tempo, -tag->tempo.mean, u);
        table_cell(t, "");
    }
}

static int change_table(struct page *g, const struct rank_view *v)
{
    enum units u = g->o->units;
    const struct column cols[] = {
        {.title = "Tag", .key = true},
        {.title = "Pool", .key = true},
        {.title = "Change"},
        {.title = words_there_title(u), .right = true},
        {.title = words_here_title(u), .right = true},
        {.title = words_added_title(u), .right = true},
        {.title = "There, 90%", .right = true, .drop = 2},
        {.title = "Now, 90%", .right = true, .drop = 1},
        {.title = "Owner", .drop = 3, .keep = 12},
    };
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    add_rows(&t, v, g->o->top, u);
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

int people_baseline(struct page *g, const struct rank_view *v)
{
    if (v->baseline == NULL)
        return 0;
    const struct baseline *b = v->baseline->b;
    struct phrase p;
    page_heading(g, "Against the baseline");
    phrase_start(&p, g->markdown);
    words_baseline_answer(&p, v, g->o->units);
    say(&p, ".");
    page_para(g, &p, 0);
    phrase_start(&p, g->markdown);
    words_baseline_read(&p, v);
    page_para(g, &p, 0);
    page_gap(g);
    if (b->n_changed + b->n_gone > 0) {
        TRY(change_table(g, v));
        page_gap(g);
    }
    return 0;
}
