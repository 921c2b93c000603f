/* SPDX-License-Identifier: MIT */
/* How full a pool is: one bar for each limit that it has, or could have. */
#include "cli/render/html/html.h"
#include "cli/render/words/words.h"

/* Hatched from where something stops working up to the limit. */
static void danger(struct html *h, const struct rank_pool *d, uint64_t limit)
{
    for (size_t i = 0; i < d->n_thresholds; i++) {
        const struct rank_threshold *t = &d->thresholds[i];
        if (t->free_bytes >= limit || !words_threshold_near(d, t, limit))
            continue;
        double x = 100 * ((double)(limit - t->free_bytes) / (double)limit);
        html_put(h,
                 "<rect class=\"danger\" x=\"%.2f%%\" width=\"%.2f%%\" y=\"1\" "
                 "height=\"22\"/><line class=\"edge\" x1=\"%.2f%%\" x2=\"%.2f%%\" "
                 "y2=\"24\"/>",
                 x, 100 - x, x, x);
    }
}

static void bar(struct html *h, const struct rank_pool *d, uint64_t limit,
                const struct phrase *title, const struct phrase *words)
{
    double used = 100 * ((double)d->bytes / (double)limit);
    unsigned id = ++h->ids;
    html_put(h,
             "<svg role=\"img\" aria-labelledby=\"t%u d%u\" "
             "height=\"24\"><title id=\"t%u\">Limit ",
             id, id, id);
    html_text(h, title->s);
    html_put(h, "</title><desc id=\"d%u\">", id);
    html_text(h, words->s);
    html_put(h,
             "</desc>\n<rect class=\"room\" width=\"100%%\" height=\"22\" y=\"1\"/>"
             "<rect class=\"used%s\" width=\"%.2f%%\" height=\"22\" y=\"1\"/>",
             used > 80 ? " much" : "", used > 100 ? 100 : used);
    danger(h, d, limit);
    for (int i = 1; i < 4; i++)
        html_put(h,
                 "<line class=\"quarter\" x1=\"%d%%\" x2=\"%d%%\" y1=\"1\" y2=\"23\"/>",
                 25 * i, 25 * i);
    html_put(h, "</svg>\n");
}

static void one(struct html *h, const struct rank_pool *d, uint64_t limit,
                const char *basis, const char *source)
{
    struct phrase title, words, shown;
    phrase_start(&title, false);
    words_gauge_limit(&title, basis, limit, source, h->o->units);
    phrase_start(&words, false);
    words_gauge_used(&words, d, limit, h->o->units);
    html_put(h, "<figure class=\"gauge\"><figcaption>Limit ");
    html_start(&shown);
    words_gauge_limit(&shown, basis, limit, source, h->o->units);
    html_phrase(h, &shown);
    html_put(h, "</figcaption>\n");
    bar(h, d, limit, &title, &words);
    html_start(&shown);
    words_gauge_used(&shown, d, limit, h->o->units);
    html_para(h, "used", &shown);
    html_put(h, "</figure>\n");
}

static void thresholds(struct html *h, const struct rank_pool *d)
{
    bool any = false;
    for (size_t i = 0; i < d->n_thresholds; i++) {
        struct phrase p;
        html_start(&p);
        if (!words_rank_threshold(&p, d, i, h->o->units))
            continue;
        html_put(h, any ? "" : "<ul>");
        html_item(h, &p);
        any = true;
    }
    html_put(h, any ? "</ul>\n" : "");
}

void html_gauges(struct html *h, const struct rank_view *v, enum pool_kind k)
{
    const struct rank_pool *d = &v->r->pools[k];
    const struct pool_limit *l = &d->limit;
    if (l->bytes > 0)
        one(h, d, l->bytes, words_limit(l), l->source);
    for (size_t i = 0; l->bytes == 0 && i < l->n_candidates; i++)
        one(h, d, l->candidates[i].bytes, "assumed", l->candidates[i].source);
    thresholds(h, d);
}
