/* SPDX-License-Identifier: MIT */
/* The pools as a whole: how full, and how they came there. */
#include <math.h>

#include "cli/render/html/html_chart.h"
#include "cli/render/words/words.h"

#define LIMIT_SHOWN 4 /* a limit of more than so many times the pool is not drawn */

/* How far the forecast of a pool goes: no further than the last boot was seen. */
static double forecast(const struct rank_view *v, const struct rank_pool *d)
{
    const struct rank_boot *b = &v->r->boots[v->r->n_boots - 1];
    double seen = b->end_h - b->start_h;
    if (d->limit.bytes == 0 || !isfinite(d->exhausted_in_h) || d->exhausted_in_h <= 0)
        return 0;
    return fmin(seen, 1.1 * d->exhausted_in_h);
}

/* All pools stand on one time line, so that they can be compared. */
static double horizon(const struct rank_view *v)
{
    double most = 0;
    for (int k = 0; k < POOL_KINDS; k++)
        most = fmax(most, forecast(v, &v->r->pools[k]));
    return most;
}

static void levels(struct chart *c, const struct rank_pool *d)
{
    const struct pool_limit *l = &d->limit;
    struct phrase p;
    uint64_t single = l->bytes;
    for (size_t i = 0; i < (single > 0 ? 1 : l->n_candidates); i++) {
        uint64_t limit = single > 0 ? single : l->candidates[i].bytes;
        phrase_start(&p, false);
        say(&p, "limit %s, %s", num_tick_size((double)limit).s,
            single > 0 ? words_limit(l) : "assumed");
        chart_level(c, (double)limit, "limit", &p, false);
        for (size_t k = 0; single > 0 && k < d->n_thresholds; k++) {
            if (d->thresholds[k].free_bytes >= limit)
                continue;
            phrase_start(&p, false);
            say(&p, "%s", d->thresholds[k].name);
            chart_level(c, (double)(limit - d->thresholds[k].free_bytes), "stops", &p,
                        true);
        }
    }
}

/* The greatest limit that is worth its place above the line. */
static double top_of(const struct rank_pool *d, const struct history_line *l)
{
    const struct pool_limit *limit = &d->limit;
    double top = plot_top(l, PLOT_BYTES), most = LIMIT_SHOWN * top;
    double highest = top;
    if ((double)limit->bytes <= most)
        highest = fmax(highest, (double)limit->bytes);
    for (size_t i = 0; limit->bytes == 0 && i < limit->n_candidates; i++)
        if ((double)limit->candidates[i].bytes <= most)
            highest = fmax(highest, (double)limit->candidates[i].bytes);
    return highest;
}

/* Whether an event stands on the series' time line. */
static bool any_event(const struct rank_view *v)
{
    bool any = false;
    for (size_t i = 0; i < v->n_events; i++)
        any |= v->events[i].joined;
    return any;
}

static void key(struct html *h, const struct rank_view *v, bool fan)
{
    html_put(h, "<ul class=\"key\"><li class=\"k-line\">pool</li>%s%s%s%s</ul>\n",
             v->r->n_boots > 1 ? "<li class=\"k-boot\">restart</li>" : "",
             v->history->n_gaps > 0 ? "<li class=\"k-gap\">no captures</li>" : "",
             any_event(v) ? "<li class=\"k-event\">events</li>" : "",
             fan ? "<li class=\"k-fan\">forecast, 90%</li>" : "");
}

static void chart(struct html *h, const struct rank_view *v, enum pool_kind k)
{
    const struct rank_pool *d = &v->r->pools[k];
    const struct history_line *l = &v->history->pools[k];
    struct phrase title, desc;
    double ahead = forecast(v, d);
    phrase_start(&title, false);
    words_chart_pool(&title, v, k);
    phrase_start(&desc, false);
    words_chart_course(&desc, v, l, false, h->o->units);
    struct chart c = chart_of(h, v, top_of(d, l), horizon(v), 220, true);
    html_put(h, "<figure class=\"pool\"><figcaption>");
    html_text(h, title.s);
    html_put(h, "</figcaption>\n<div class=\"plotbox\">");
    chart_begin(&c, &title, &desc);
    chart_marks(&c);
    levels(&c, d);
    plot_band(&c, l);
    if (ahead > 0) {
        double left = (double)d->limit.bytes - (double)d->bytes;
        double slow =
            isfinite(d->exhausted_in_h_high) ? left / d->exhausted_in_h_high : 0;
        plot_fan(&c, (double)d->bytes, ahead, slow, left / d->exhausted_in_h,
                 left / fmax(d->exhausted_in_h_low, 1e-3));
    }
    plot_line(&c, l, PLOT_BYTES, "line");
    plot_tips(&c, l, false);
    chart_end(&c);
    html_put(h, "</div>\n");
    key(h, v, ahead > 0);
    plot_figures(h, v, l, false);
    html_put(h, "</figure>\n");
}

static void events(struct html *h, const struct rank_view *v)
{
    if (v->n_events == 0)
        return;
    html_put(h, "<h%u>Events</h%u>\n<ul>\n", h->level + 1, h->level + 1);
    for (size_t i = 0; i < v->n_events; i++) {
        struct phrase p;
        html_start(&p);
        words_rank_event(&p, v, &v->events[i], h->o->units);
        html_item(h, &p);
    }
    html_put(h, "</ul>\n");
}

void html_pools(struct html *h, const struct rank_view *v)
{
    const struct history *hs = v->history;
    struct phrase p;
    html_section(h, "pools", "The pools");
    html_put(h, "<div class=\"pair\">\n");
    for (int k = 0; k < POOL_KINDS; k++) {
        html_start(&p);
        if (!words_rank_pool(&p, v, (enum pool_kind)k, h->o->units))
            continue;
        html_put(h, "<div class=\"one-pool\">\n");
        html_para(h, "lead", &p);
        html_gauges(h, v, (enum pool_kind)k);
        if (rank_is_series(v->r) && hs != NULL && hs->to > 0 &&
            plot_worth(&hs->pools[k], PLOT_BYTES))
            chart(h, v, (enum pool_kind)k);
        html_put(h, "</div>\n");
    }
    html_put(h, "</div>\n");
    html_start(&p);
    if (words_gauge_ask(&p, v))
        html_para(h, "aside", &p);
    events(h, v);
    html_section_end(h);
}
