/* SPDX-License-Identifier: MIT */
/* Cohorts, the suspects that were asked about, and what the figures mean. */
#include <string.h>

#include "cli/render/html/html.h"
#include "cli/render/words/words.h"

#define COHORTS 20 /* that are told */

static void cohorts(struct html *h, const struct rank_view *v)
{
    const struct rank_result *r = v->r;
    struct phrase p;
    if (r->n_cohorts == 0)
        return;
    html_section(h, "cohorts", "Tags that move together");
    html_put(h, "<ul>\n");
    for (size_t i = 0; i < r->n_cohorts && i < COHORTS; i++) {
        html_start(&p);
        words_cohort(&p, &r->cohorts[i]);
        say(&p, ".");
        html_item(h, &p);
    }
    html_put(h, "</ul>\n");
    html_section_end(h);
}

static void asked(struct html *h, const struct rank_view *v)
{
    struct phrase p;
    if (v->r->n_suspects == 0)
        return;
    html_section(h, "asked", "Accused or acquitted");
    html_put(h, "<ul class=\"asked\">\n");
    for (size_t i = 0; i < v->r->n_suspects; i++) {
        const struct rank_suspect *s = &v->r->suspects[i];
        const char *verdict = suspect_verdict_name(s->verdict);
        html_start(&p);
        words_suspect(&p, s, h->o->units);
        say(&p, ".");
        html_put(h, "<li class=\"a-%s\"><strong>%s</strong> ", verdict, verdict);
        html_phrase(h, &p);
        html_put(h, "</li>\n");
    }
    html_put(h, "</ul>\n");
    html_section_end(h);
}

void html_company(struct html *h, const struct rank_view *v)
{
    asked(h, v);
    cohorts(h, v);
}

void html_meaning(struct html *h, const struct rank_view *v)
{
    struct phrase p;
    if (v->n_diagnoses == 0)
        return;
    html_section(h, "meaning", "What it means");
    html_put(h, "<ul class=\"diagnoses\">\n");
    for (size_t i = 0; i < v->n_diagnoses; i++) {
        const struct told_diagnosis *d = &v->diagnoses[i];
        html_put(h, "<li class=\"d-%s\"><strong>%s</strong> ", d->severity, d->severity);
        html_start(&p);
        say_prose(&p, d->figures != NULL ? d->figures : d->text);
        say(&p, ".");
        html_phrase(h, &p);
        html_start(&p);
        say_prose(&p, d->source != NULL ? d->source : "");
        if (p.n > 0) {
            html_put(h, " <cite>");
            html_phrase(h, &p);
            html_put(h, "</cite>");
        }
        html_start(&p);
        if (d->next != NULL) {
            say(&p, "Next: ");
            say_prose(&p, d->next);
            say(&p, ".");
        }
        html_para(h, "next", &p);
        html_put(h, "</li>\n");
    }
    html_put(h, "</ul>\n");
    html_section_end(h);
}
