/* SPDX-License-Identifier: MIT */
#include "formats/text/seam.h"

#include <string.h>

enum { HALF_LINES = 8 }; /* behind so many a half is out of date for when_halves */

bool seam_here(const struct segmenter *g, struct seam *s)
{
    *s = (struct seam){.number = g->line.number,
                       .next = g->next_owner,
                       .last = g->last,
                       .apart = g->apart,
                       .lost_bytes = g->lost_bytes,
                       .time = g->time,
                       .time_line = g->time_line,
                       .captioned = g->have_caption,
                       .lead = g->lead,
                       .above = g->above};
    if (g->have_caption) {
        s->caption_eol = g->caption_eol;
        s->caption = g->caption_text;
    }
    if (g->half.n > 0 && g->line.number - g->half.line <= HALF_LINES)
        return false;
    return g->have_line && g->blocks > 0 && text_place(g->text, &g->line, &s->at);
}

static bool same_bytes(const struct buf *a, const struct buf *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

static bool same_time(const struct seam *a, const struct seam *b)
{
    const struct pool_time *x = &a->time, *y = &b->time;
    if (x->source == TIME_NONE || y->source == TIME_NONE)
        return x->source == y->source;
    return x->source == y->source && x->ms == y->ms && x->zone_known == y->zone_known &&
           x->zone_min == y->zone_min && x->order == y->order &&
           x->ambiguous == y->ambiguous && x->other_ms == y->other_ms &&
           a->number - a->time_line == b->number - b->time_line;
}

bool seam_same(const struct seam *a, const struct seam *b)
{
    return a->at == b->at && a->next == b->next && a->last == b->last &&
           a->apart == b->apart && a->lost_bytes == b->lost_bytes && same_time(a, b) &&
           a->captioned == b->captioned && a->caption_eol == b->caption_eol &&
           same_bytes(&a->caption, &b->caption) && same_bytes(&a->lead, &b->lead) &&
           same_bytes(&a->above, &b->above);
}

static int set_bytes(struct buf *to, const struct buf *from, struct err *e)
{
    to->n = 0;
    return buf_append(to, from->p, from->n, e);
}

int seam_set(struct segmenter *g, const struct seam *s, uint64_t lines, struct err *e)
{
    g->next_owner = s->next;
    g->last = s->last;
    g->apart = s->apart;
    g->lost_bytes = s->lost_bytes;
    g->time = s->time;
    g->time_line = s->time_line + lines;
    g->half.n = 0;
    g->caption_eol = s->caption_eol;
    TRY(set_bytes(&g->caption_text, &s->caption, e));
    g->have_caption = s->captioned && caption_parse((const char *)g->caption_text.p,
                                                    g->caption_text.n, &g->caption);
    TRY(set_bytes(&g->lead, &s->lead, e));
    return set_bytes(&g->above, &s->above, e);
}
