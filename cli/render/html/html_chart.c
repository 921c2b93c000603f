/* SPDX-License-Identifier: MIT */
#include "cli/render/html/html_chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/words/words.h"
#include "formats/when.h"

#define ACROSS      1000 /* units of the nested drawing */
#define WORDS_LEAST 4.0  /* percent between two words at the top */
#define MARKS       48   /* restarts that are drawn one by one */
#define EVENT_ROWS  4    /* of words, by turns */

struct chart chart_of(struct html *h, const struct rank_view *v, double top, double ahead,
                      unsigned height, bool bytes)
{
    const struct history *hs = v->history;
    struct chart c = {.h = h, .v = v, .height = height, .bytes = bytes};
    unsigned most = height > 120 ? 5 : 2;
    c.ticks = bytes ? ticks_of_bytes(top, most) : ticks_of_count(top, most);
    double highest = c.ticks.step * c.ticks.n;
    c.x = (struct scale){0, hs->to + ahead, ACROSS};
    c.y = (struct scale){highest, 0, height};
    return c;
}

static double percent(const struct chart *c, double at)
{
    return scale_at(&c->x, at) / (ACROSS / 100);
}

/* ---- axes ---- */

static void grid_across(struct chart *c)
{
    for (unsigned i = 0; i <= c->ticks.n; i++) {
        double v = c->ticks.step * i, y = scale_at(&c->y, v);
        struct num n = c->bytes ? num_tick_size(v) : num_tick_count(v);
        html_put(c->h,
                 "<line class=\"%s\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>"
                 "<text class=\"y\" x=\"-8\" y=\"%.1f\">%s</text>\n",
                 i == 0 ? "zero" : "grid", y, y, y + 4, i == 0 ? "0" : n.s);
    }
}

/* `extra` labels make room on a telephone. */
static void label(struct chart *c, double at, const char *text, bool extra)
{
    double x = percent(c, at);
    const char *side = x < 4 ? " l" : x > 96 ? " r" : "";
    html_put(c->h,
             "<line class=\"tick\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%u\" y2=\"%u\"/>"
             "<text class=\"x%s%s\" x=\"%.2f%%\" y=\"%u\">%s</text>\n",
             x, x, c->height, c->height + 5, side, extra ? " odd" : "", x, c->height + 19,
             text);
}

static void labels_of_time(struct chart *c)
{
    const struct rank_view *v = c->v;
    int64_t span = (int64_t)(c->x.to * 3600e3), step = ticks_of_time(span, 9);
    unsigned nth = 0;
    /* where days begin twice, the hours between them can be done without */
    bool days = span >= 2 * MS_PER_DAY && step < MS_PER_DAY;
    for (int64_t ms = tick_after(v->origin_ms, step); ms <= v->origin_ms + span;
         ms += step, nth++)
        label(c, (double)(ms - v->origin_ms) / 3600e3, num_tick_time(ms, step).s,
              days ? ms % MS_PER_DAY != 0 : nth % 2 == 1);
}

static void labels_of_order(struct chart *c)
{
    struct ticks t = ticks_of_count(c->x.to, 8);
    for (unsigned i = 0; t.step * i <= c->x.to; i++)
        label(c, t.step * i, num_count(scale_whole(t.step * i) + 1).s, i % 2 == 1);
}

void chart_begin(struct chart *c, const struct phrase *title, const struct phrase *desc)
{
    unsigned id = ++c->h->ids;
    html_put(c->h,
             "<svg class=\"chart\" role=\"img\" aria-labelledby=\"t%u d%u\" "
             "height=\"%u\">\n<title id=\"t%u\">",
             id, id, c->height + 24, id);
    html_text(c->h, title->s);
    html_put(c->h, "</title>\n<desc id=\"d%u\">", id);
    html_text(c->h, desc->s);
    html_put(c->h, "</desc>\n");
    grid_across(c);
    if (c->v->r->has_times)
        labels_of_time(c);
    else
        labels_of_order(c);
}

void chart_end(struct chart *c)
{
    html_put(c->h, "</svg>\n");
}

/* ---- marks ---- */

static void stretch(struct chart *c, double from, double to, const char *class,
                    const struct phrase *words)
{
    double x = percent(c, from), w = fmax(percent(c, to) - x, .2);
    html_put(c->h,
             "<rect class=\"%s\" x=\"%.2f%%\" width=\"%.2f%%\" height=\"%u\"><title>",
             class, x, w, c->height);
    html_text(c->h, words->s);
    html_put(c->h, "</title></rect>\n");
}

void chart_moment(struct chart *c, double at, const char *class, const char *word,
                  unsigned row)
{
    double x = percent(c, at);
    const char *side = x > 88 ? " r" : "";
    html_put(c->h,
             "<line class=\"%s\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%u\" y2=\"%u\"/>"
             "<text class=\"mark %s%s\" x=\"%.2f%%\" dx=\"%d\" y=\"%u\">",
             class, x, x, 13 * row, c->height, class, side, x, *side != '\0' ? -4 : 4,
             11 + 13 * row);
    html_text(c->h, word);
    html_put(c->h, "</text>\n");
}

static void mark_boots(struct chart *c)
{
    const struct rank_result *r = c->v->r;
    double worded = -100;
    for (size_t i = 1; i < r->n_boots && i <= MARKS; i++) {
        double at = r->has_times ? r->boots[i].start_h : (double)r->boots[i].first;
        double x = percent(c, at);
        bool room = x - worded >= 3 * WORDS_LEAST;
        chart_moment(c, at, "boot", room ? "restart" : "", 0);
        worded = room ? x : worded;
    }
}

static void mark_gaps(struct chart *c)
{
    const struct history *hs = c->v->history;
    for (size_t i = 0; i < hs->n_gaps; i++) {
        struct phrase p;
        phrase_start(&p, false);
        say(&p, "no captures from %s to %s", plot_time(c->v, hs->gaps[i].from).s,
            plot_time(c->v, hs->gaps[i].to).s);
        stretch(c, hs->gaps[i].from, hs->gaps[i].to, "gap", &p);
    }
}

static double hours_of(const struct rank_view *v, const struct pool_time *t)
{
    return (double)(when_order_ms(t) - when_order_ms(&v->from)) / 3600e3;
}

/* Events outside of the series are told in words only. */
static void mark_events(struct chart *c)
{
    for (size_t i = 0; i < c->v->n_events; i++) {
        const struct rank_event *x = &c->v->events[i];
        if (!x->joined || !c->v->r->has_times)
            continue;
        double from = fmax(hours_of(c->v, &x->sum->first), c->x.from);
        double to = fmin(hours_of(c->v, &x->sum->last), c->x.to);
        if (from > to)
            continue;
        struct phrase p;
        phrase_start(&p, false);
        words_rank_event(&p, c->v, x, c->h->o->units);
        stretch(c, from, to, "event", &p);
        phrase_start(&p, false);
        words_event_code(&p, x->sum->code);
        p.s[strcspn(p.s, "(")] = '\0';
        double px = percent(c, from);
        html_put(c->h, "<text class=\"mark event%s\" x=\"%.2f%%\" y=\"%zu\">",
                 px > 80 ? " r" : "", px, 37 + 13 * (i % EVENT_ROWS));
        html_text(c->h, p.s);
        html_put(c->h, "</text>\n");
    }
}

void chart_marks(struct chart *c)
{
    mark_gaps(c);
    mark_boots(c);
    mark_events(c);
}

void chart_level(struct chart *c, double value, const char *class,
                 const struct phrase *words, bool below)
{
    if (value > c->y.from)
        return;
    double y = scale_at(&c->y, value);
    html_put(c->h,
             "<line class=\"level %s\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>"
             "<text class=\"mark r %s\" x=\"100%%\" dx=\"-4\" y=\"%.1f\">",
             class, y, y, class, below || y < 14 ? y + 13 : y - 4);
    html_text(c->h, words->s);
    html_put(c->h, "</text>\n");
}
