/* SPDX-License-Identifier: MIT */
/* Tags explained for people: a few in full, many in a table. */
#include <stdio.h>

#include "cli/render/drivers.h"
#include "cli/render/people/people.h"
#include "cli/render/tags_view.h"
#include "cli/render/words/words.h"

#define TOLD_IN_FULL 3 /* without -v */

static void item(struct page *g, const struct phrase *p)
{
    if (p->n > 0)
        page_item(g, p, 0);
}

static void fact(struct page *g, const char *what, const char *words)
{
    struct phrase p;
    if (words == NULL)
        return;
    phrase_start(&p, g->markdown);
    say(&p, "%s: ", what);
    say_words(&p, words);
    item(g, &p);
}

static void tell_known(struct page *g, const struct tags_entry *x)
{
    const struct know_tag *k = x->known;
    struct phrase p;
    phrase_start(&p, g->markdown);
    words_component(&p, k);
    item(g, &p);
    phrase_start(&p, g->markdown);
    words_role(&p, x);
    item(g, &p);
    fact(g, "usually kept by", k->pins);
    fact(g, "when healthy", k->usual);
    for (size_t i = 0; i < k->n_leaks; i++) {
        phrase_start(&p, g->markdown);
        words_leak(&p, &k->leaks[i]);
        item(g, &p);
    }
    phrase_start(&p, g->markdown);
    if (words_sources(&p, k))
        item(g, &p);
}

/* Where drivers were searched, what was found follows. */
static void tell(struct page *g, const struct tags_entry *x, bool searched)
{
    struct phrase p;
    phrase_start(&p, g->markdown);
    words_reading(&p, x);
    page_heading(g, p.s);
    phrase_start(&p, g->markdown);
    words_owner_or_none(&p, x->owner);
    item(g, &p);
    if (x->known != NULL)
        tell_known(g, x);
    phrase_start(&p, g->markdown);
    if (words_near(&p, x))
        item(g, &p);
    page_gap(g);
    const bool whose = x->pattern == NULL && x->owner.role != ROLE_SYSTEM &&
                       x->owner.role != ROLE_CONTAINER;
    if (!searched && whose &&
        (x->owner.text == NULL || x->owner.unverified || g->o->verbose)) {
        people_find_driver(g, x->tag);
        page_gap(g);
    }
}

static int table(struct page *g, const struct tags_view *v)
{
    static const struct column cols[] = {
        {.title = "Tag"},
        {.title = "Role", .drop = 1},
        {.title = "Owner", .keep = 20},
    };
    const size_t shown = people_rows(g, v->n);
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (size_t i = 0; i < shown; i++) {
        const struct tags_entry *x = &v->v[i];
        if (x->pattern != NULL)
            table_name(&t, x->pattern);
        else
            table_tag(&t, x->tag, STYLE_PLAIN);
        table_cell(&t, role_name(x->owner.role));
        people_owner(&t, x->owner);
    }
    int rc = page_table(g, &t);
    table_free(&t);
    if (shown < v->n) {
        struct phrase p;
        phrase_start(&p, g->markdown);
        say_count(&p, v->n - shown, "other", "others");
        say(&p, " (-n 0 lists all, -v explains each).");
        page_para(g, &p, 2);
    }
    return rc;
}

int people_tags(struct page *g, const struct tags_view *v)
{
    if (v->n > TOLD_IN_FULL && !g->o->verbose)
        TRY(table(g, v));
    else
        for (size_t i = 0; i < v->n; i++)
            tell(g, &v->v[i], v->drivers != NULL);
    return v->drivers != NULL ? people_drivers(g, v->drivers) : 0;
}
