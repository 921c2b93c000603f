/* SPDX-License-Identifier: MIT */
/* What a reader repaired, assumed or could not read, for whoever gets the page alone: the
 * text for a terminal has it on stderr. */
#include <inttypes.h>

#include "cli/render/people/people.h"

void people_notes(struct page *g, const struct note_list *a, const struct note_list *b)
{
    const struct note_list *const lists[] = {a, b != a ? b : NULL};
    struct phrase p;
    size_t told = 0;
    uint64_t seen = 0;
    for (size_t k = 0; g->markdown && k < 2; k++) {
        const struct note_list *l = lists[k];
        for (int c = 0; l != NULL && c < NOTE_CODES; c++)
            seen += l->seen[c];
        for (size_t i = 0; l != NULL && i < l->n; i++) {
            if (told++ == 0)
                page_fold(g, "Notes");
            phrase_start(&p, true);
            if (l->v[i].line > 0)
                say(&p, "line %" PRIu64 ": ", l->v[i].line);
            say_words(&p, note_text(l, &l->v[i]));
            page_item(g, &p, 0);
        }
    }
    if (told == 0)
        return;
    if (seen > told) {
        phrase_start(&p, true);
        say(&p, "%" PRIu64 " more of these kinds", seen - told);
        page_item(g, &p, 0);
    }
    page_unfold(g);
}
