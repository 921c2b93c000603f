/* SPDX-License-Identifier: MIT */
/* The section of --baseline. */
#include <math.h>
#include <stdio.h>

#include "cli/render/html/html_table.h"
#include "cli/render/words/words.h"

static void interval(struct html *h, const struct tempo *p)
{
    html_cell_range(h, isfinite(p->low) && isfinite(p->high),
                    num_rate(p->low, h->o->units), num_rate(p->high, h->o->units));
}

static void row(struct html *h, const struct rank_tag *t, const struct tag_change *c)
{
    enum units u = h->o->units;
    html_put(h, "<th scope=\"row\">");
    html_tag(h, t->tag);
    html_put(h, "</th>");
    html_cell(h, pool_kind_short((enum pool_kind)t->pool));
    html_cell(h, change_name(c->change));
    html_cell_real(h, c->then.mean, num_rate(c->then.mean, u).s);
    html_cell_real(h, c->now.mean, num_rate(c->now.mean, u).s);
    html_cell_real(h, c->added, num_rate(c->added, u).s);
    interval(h, &c->then);
    interval(h, &c->now);
}

static void table(struct html *h, const struct rank_view *v)
{
    const struct baseline *b = v->baseline->b;
    enum units u = h->o->units;
    const struct html_column cols[] = {
        {"Tag", "w"},
        {"Pool", "w"},
        {"Change", "w"},
        {words_there_title(u), "n"},
        {words_here_title(u), "n"},
        {words_added_title(u), "n"},
        {"There, 90%", "n"},
        {"Now, 90%", "n"},
    };
    size_t n = b->n_changed + b->n_gone;
    html_table(h, "Tags that grow otherwise than there", cols, sizeof cols / sizeof *cols,
               n);
    for (size_t i = 0; i < n; i++) {
        html_row(h, i);
        if (i < b->n_changed) {
            row(h, &v->r->tags[b->changed[i]], &b->tags[b->changed[i]]);
        } else {
            const struct rank_tag *t =
                &v->baseline->there->r->tags[b->gone[i - b->n_changed]];
            const struct tag_change gone = {
                .change = CHANGE_GONE, .then = t->tempo, .added = -t->tempo.mean};
            row(h, t, &gone);
        }
        html_row_end(h);
    }
    html_table_end(h);
}

void html_baseline(struct html *h, const struct rank_view *v)
{
    struct phrase p;
    if (v->baseline == NULL)
        return;
    html_section(h, "baseline", "Against the baseline");
    html_start(&p);
    words_baseline_answer(&p, v, h->o->units);
    say(&p, ".");
    html_para(h, "lead", &p);
    html_start(&p);
    words_baseline_read(&p, v);
    html_para(h, "aside", &p);
    if (v->baseline->b->n_changed + v->baseline->b->n_gone > 0)
        table(h, v);
    html_section_end(h);
}
