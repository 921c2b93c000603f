/* SPDX-License-Identifier: MIT */
/* Diagnoses as they are told to people; machines get diagnosis_fields (rank_fields.c). */
#include <string.h>

#include "cli/render/people/people.h"

static enum style style_of(const struct told_diagnosis *d)
{
    return strcmp(d->severity, "error") == 0     ? STYLE_BAD
           : strcmp(d->severity, "warning") == 0 ? STYLE_WARN
                                                 : STYLE_PLAIN;
}

void people_diagnoses(struct page *g, const struct rank_view *v)
{
    struct phrase p;
    if (v->n_diagnoses == 0)
        return;
    page_heading(g, "What it means");
    for (size_t i = 0; i < v->n_diagnoses; i++) {
        const struct told_diagnosis *d = &v->diagnoses[i];
        phrase_start(&p, g->markdown);
        say(&p, "%s: ", d->severity);
        say_prose(&p, d->text);
        say(&p, ".");
        if (d->source != NULL)
            say(&p, " [");
        say_prose(&p, d->source != NULL ? d->source : "");
        if (d->source != NULL)
            say(&p, "]");
        page_item_styled(g, &p, 0, style_of(d));
        if (d->next == NULL)
            continue;
        phrase_start(&p, g->markdown);
        say(&p, "next: ");
        say_prose(&p, d->next);
        say(&p, ".");
        page_item(g, &p, 1);
    }
    page_gap(g);
}
