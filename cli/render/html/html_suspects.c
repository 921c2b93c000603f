/* SPDX-License-Identifier: MIT */
/* The suspects one by one: how they grew, why that is a leak, whose they are. */
#include <math.h>

#include "cli/render/html/html_chart.h"
#include "cli/render/report.h"
#include "cli/render/words/words.h"

size_t report_suspects(const struct rank_view *v, uint32_t out[REPORT_SUSPECTS])
{
    size_t n = 0;
    if (!rank_is_series(v->r))
        return 0;
    for (size_t i = 0; i < v->n_order && n < REPORT_SUSPECTS; i++) {
        const struct rank_tag *t = &v->r->tags[v->order[i]];
        if ((words_is_suspect(t) || words_has_ended(t)) && !words_told_with(v, i))
            out[n++] = v->order[i];
    }
    return n;
}

/* ---- charts ---- */

/* As long again as a quarter of the last boot, where a limit gives it a meaning.  All
 * suspects stand on one time line, whether they have a forecast or not. */
static double horizon(const struct rank_view *v)
{
    const struct rank_boot *b = &v->r->boots[v->r->n_boots - 1];
    bool known = false;
    for (int k = 0; k < POOL_KINDS; k++)
        known |= v->r->pools[k].limit.bytes > 0;
    return known ? (b->end_h - b->start_h) / 4 : 0;
}

static double forecast(const struct rank_view *v, const struct rank_tag *t)
{
    bool known = v->r->pools[t->pool].limit.bytes > 0 && t->bytes_known &&
                 isfinite(t->bytes_per_hour_low) && isfinite(t->bytes_per_hour_high) &&
                 isfinite(t->bytes_per_hour) && words_is_suspect(t);
    return known ? horizon(v) : 0;
}

static void begin(struct chart *c, const struct rank_tag *t, const struct history_line *l,
                  bool objects)
{
    struct phrase title, desc;
    phrase_start(&title, false);
    words_chart_tag(&title, t, objects);
    phrase_start(&desc, false);
    words_chart_course(&desc, c->v, l, objects, c->h->o->units);
    html_put(c->h, "<p class=\"axis\">%s</p>\n<div class=\"plotbox\">",
             objects ? "Objects outstanding" : "Bytes held");
    chart_begin(c, &title, &desc);
    chart_marks(c);
    if (isfinite(t->started_h) && c->v->r->has_times)
        chart_moment(c, t->started_h, "onset", "begins", 1);
}

static int bytes_chart(struct html *h, const struct rank_view *v,
                       const struct rank_tag *t, const struct history_line *l)
{
    double ahead = forecast(v, t), top = plot_top(l, PLOT_BYTES);
    if (ahead > 0)
        top = fmax(top, (double)t->bytes + ahead * t->bytes_per_hour_high);
    struct chart c = chart_of(h, v, top, horizon(v), 200, true);
    begin(&c, t, l, false);
    plot_band(&c, l);
    if (ahead > 0)
        plot_fan(&c, (double)t->bytes, ahead, t->bytes_per_hour_low, t->bytes_per_hour,
                 t->bytes_per_hour_high);
    TRY(plot_floor(&c, l));
    plot_line(&c, l, PLOT_BYTES, "line");
    plot_tips(&c, l, true);
    chart_end(&c);
    html_put(h,
             "</div>\n<ul class=\"key\"><li class=\"k-line\">held</li>"
             "<li class=\"k-floor\">floor: not given back before the restart</li>%s%s%s"
             "</ul>\n",
             isfinite(t->started_h) ? "<li class=\"k-onset\">growth begins</li>" : "",
             v->r->n_boots > 1 ? "<li class=\"k-boot\">restart</li>" : "",
             ahead > 0 ? "<li class=\"k-fan\">if it goes on, 90%</li>" : "");
    return 0;
}

static void objects_chart(struct html *h, const struct rank_view *v,
                          const struct rank_tag *t, const struct history_line *l)
{
    struct chart c = chart_of(h, v, plot_top(l, PLOT_LIVE), horizon(v), 90, false);
    begin(&c, t, l, true);
    plot_line(&c, l, PLOT_LIVE, "line live");
    plot_tips(&c, l, true);
    chart_end(&c);
    html_put(h, "</div>\n");
}

static int charts(struct html *h, const struct rank_view *v, const struct rank_tag *t)
{
    const struct history_line *l =
        v->history != NULL ? history_tag(v->history, t->tag, t->pool) : NULL;
    if (!plot_worth(l, PLOT_BYTES) || v->history->to <= 0)
        return 0;
    bool live = plot_worth(l, PLOT_LIVE);
    html_put(h, "<figure class=\"course\">\n");
    TRY(bytes_chart(h, v, t, l));
    if (live)
        objects_chart(h, v, t, l);
    plot_figures(h, v, l, live);
    html_put(h, "</figure>\n");
    return 0;
}

/* ---- words ---- */

static void evidence(struct html *h, const struct rank_tag *t)
{
    html_put(h, "<ul class=\"evidence\">\n");
    for (int i = 0; i < t->n_evidence; i++) {
        struct phrase p;
        if (evidence_is_detail(&t->evidence[i]) && !h->o->verbose)
            continue;
        html_start(&p);
        words_evidence(&p, &t->evidence[i]);
        html_item(h, &p);
    }
    html_put(h, "</ul>\n");
}

static void whose(struct html *h, const struct rank_view *v, uint32_t index)
{
    const struct rank_tag *t = &v->r->tags[index];
    const struct owner owner = owner_at(v->owners, index);
    struct phrase p;
    html_start(&p);
    words_owner_or_none(&p, owner);
    html_para(h, "owner", &p);
    html_start(&p);
    if (words_holder(&p, owner, t->role))
        html_para(h, "owner", &p);
    html_start(&p);
    if (words_has_ended(t))
        words_ended(&p, v, t, h->o->units);
    html_para(h, "owner", &p);
    if (t->cohort > 0 && t->cohort <= v->r->n_cohorts) {
        html_start(&p);
        words_cohort(&p, &v->r->cohorts[t->cohort - 1]);
        html_para(h, "company", &p);
    }
    html_start(&p);
    if (words_is_suspect(t))
        words_suspect_next(&p, t);
    html_para(h, "next", &p);
}

static int card(struct html *h, const struct rank_view *v, uint32_t index)
{
    const struct rank_tag *t = &v->r->tags[index];
    struct phrase p;
    html_put(h, "<article class=\"suspect\" id=\"s%u-%u\">\n<h%u>", h->host, index + 1,
             h->level + 1);
    html_tag(h, t->tag);
    html_start(&p);
    words_verdict(&p, t);
    html_put(h, " <span class=\"verdict v-%s\">", verdict_name(t->verdict));
    html_phrase(h, &p);
    html_put(h, "</span></h%u>\n", h->level + 1);
    html_start(&p);
    words_rank_tag(&p, v, t, h->o->units);
    html_para(h, "lead", &p);
    TRY(charts(h, v, t));
    html_put(h, "<div class=\"words\">\n");
    evidence(h, t);
    whose(h, v, index);
    html_put(h, "</div>\n</article>\n");
    return 0;
}

int html_suspects(struct html *h, const struct rank_view *v)
{
    uint32_t drawn[REPORT_SUSPECTS];
    size_t n = report_suspects(v, drawn);
    if (n == 0)
        return 0;
    html_section(h, "suspects", n > 1 ? "The suspects" : "The suspect");
    for (size_t i = 0; i < n; i++)
        TRY(card(h, v, drawn[i]));
    html_section_end(h);
    return 0;
}
