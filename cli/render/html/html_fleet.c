/* SPDX-License-Identifier: MIT */
/* Several hosts: what they say together, and the way to each of them. */
#include "cli/render/html/html.h"
#include "cli/render/words/words.h"

#define TAGS 10 /* that are told for all hosts together */

static void tags(struct html *h, const struct fleet_view *v)
{
    bool any = false;
    for (size_t i = 0, told = 0; i < v->n_order && told < TAGS; i++) {
        const struct fleet_tag *t = &v->f->tags[v->order[i]];
        struct phrase p;
        if (fleet_suspects(t) == 0)
            continue;
        html_start(&p);
        words_fleet_tag(&p, v->f, t, h->o->units);
        html_put(h, any ? "" : "<ul>\n");
        html_item(h, &p);
        any = true;
        told++;
    }
    html_put(h, any ? "</ul>\n" : "");
}

static void links(struct html *h, const struct fleet *f)
{
    html_put(h, "<nav class=\"hosts\" aria-label=\"Hosts\"><ul>\n");
    for (size_t i = 0; i < f->n_series; i++) {
        struct phrase p;
        html_start(&p);
        words_host(&p, f->series[i].host, f->series[i].scope);
        html_put(h, "<li><a href=\"#host%zu\">", i + 1);
        html_phrase(h, &p);
        html_put(h, "</a> <span class=\"o-%s\">%s</span></li>\n",
                 outcome_name(f->series[i].outcome), words_outcome(f->series[i].outcome));
    }
    html_put(h, "</ul></nav>\n");
}

void html_fleet(struct html *h, const struct fleet_view *v)
{
    struct phrase p;
    html_section(h, "fleet", "All hosts together");
    html_start(&p);
    words_fleet_answer(&p, v->f);
    html_para(h, "verdict", &p);
    tags(h, v);
    html_start(&p);
    if (words_fleet_versions(&p, v->f))
        html_para(h, "remark", &p);
    links(h, v->f);
    html_section_end(h);
}
