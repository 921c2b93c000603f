/* SPDX-License-Identifier: MIT */
#include "formats/text/claim.h"

#include "formats/text/repair.h"

static int begins(const struct format *forced, const struct format *f,
                  const struct text_line *lines, size_t n)
{
    return claim_asked(forced, f) && f->text->begins != NULL ? f->text->begins(lines, n)
                                                             : CLAIM_NONE;
}

/* True when all lines behind the first, up to an empty one, are claimed by formats that
 * know them, rules aside; or when one of them has words for the first. */
static bool anothers(const struct format *forced, const struct text_line *lines, size_t n)
{
    size_t rows = 0, others = 0;
    struct text_remark r = {0};
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (claim_asked(forced, f) && f->text->remark != NULL &&
            f->text->remark(&lines[0], &r) && r.what != NULL)
            return true;
    for (size_t i = 1; i < n && !repair_blank(lines[i].p, lines[i].n); i++) {
        bool claimed = false;
        for (const struct format *f = format_table; f->name != NULL && !claimed; f++)
            claimed = begins(forced, f, lines + i, n - i) > CLAIM_NONE;
        others += claimed;
        rows += claimed || !repair_rule(lines[i].p, lines[i].n);
    }
    return others > 0 && others == rows;
}

static void claim_last(const struct format *forced, const struct buf *above,
                       const struct text_line *lines, size_t n, struct claim *c)
{
    for (const struct format *f = format_table; f->name != NULL && c->owner == NULL; f++)
        if (claim_asked(forced, f) && f->text->begins_last != NULL &&
            f->text->begins_last(above, lines, n, &c->remark) > CLAIM_NONE)
            c->owner = f;
    if ((c->owner != NULL || c->remark.what != NULL) && anothers(forced, lines, n))
        *c = (struct claim){0};
}

void claim_lines(const struct format *forced, const struct buf *above,
                 const struct text_line *lines, size_t n, struct claim *c)
{
    int best = CLAIM_NONE, runner_up = CLAIM_NONE;
    *c = (struct claim){0};
    for (const struct format *f = format_table; f->name != NULL; f++) {
        int k = begins(forced, f, lines, n);
        if (k > best) {
            runner_up = best;
            c->rival = c->owner;
            best = k;
            c->owner = f;
        } else if (k > runner_up) {
            runner_up = k;
            c->rival = f;
        }
    }
    if (runner_up == CLAIM_NONE || best - runner_up >= CLAIM_NEAR)
        c->rival = NULL;
    if (c->owner == NULL)
        claim_last(forced, above, lines, n, c);
}
