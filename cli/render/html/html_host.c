/* SPDX-License-Identifier: MIT */
/* One host and scope: what a reader wants first stands first. */
#include <math.h>

#include "cli/render/html/html.h"
#include "cli/render/words/words.h"

/* ---- figures at a glance ---- */

static void fact(struct html *h, const char *name, struct num value,
                 const struct phrase *more)
{
    html_put(h, "<div><dt>%s</dt><dd>", name);
    html_figure(h, value);
    if (more != NULL && more->n > 0) {
        html_put(h, "<small>");
        html_phrase(h, more);
        html_put(h, "</small>");
    }
    html_put(h, "</dd></div>\n");
}

/* What stopping the first suspect alone would stop. */
static void first_suspect(struct html *h, const struct rank_view *v)
{
    const struct rank_tag *t = v->n_order > 0 ? &v->r->tags[v->order[0]] : NULL;
    if (t == NULL || !rank_is_series(v->r) || !words_is_suspect(t) ||
        !isfinite(t->share_of_growth))
        return;
    html_put(h, "<div><dt>First suspect</dt><dd>");
    html_tag(h, t->tag);
    html_put(h, "<small>");
    html_figure(h, num_percent(t->share_of_growth));
    html_put(h, " of its pool's growth</small></dd></div>\n");
}

static void full(struct html *h, const struct rank_pool *d, enum pool_kind k)
{
    struct phrase name, p;
    phrase_start(&name, false);
    say(&name, "%s pool full in", words_pool(k));
    html_start(&p);
    say(&p, "%s to ", FIGURE(&p, num_hours(d->exhausted_in_h_low)));
    if (isfinite(d->exhausted_in_h_high))
        say(&p, "%s", FIGURE(&p, num_hours(d->exhausted_in_h_high)));
    else
        say(&p, "never");
    fact(h, name.s, num_hours(d->exhausted_in_h), &p);
}

static void pool_facts(struct html *h, const struct rank_pool *d, enum pool_kind k)
{
    struct phrase name, p;
    if (!d->known)
        return;
    phrase_start(&name, false);
    say(&name, "%s pool", words_pool(k));
    html_start(&p);
    if (isfinite(d->bytes_per_hour))
        say(&p, "%s", FIGURE(&p, num_rate_unit(d->bytes_per_hour, UNITS_HUMAN)));
    fact(h, name.s, num_size_unit(d->bytes, UNITS_HUMAN), &p);
    if (isfinite(d->exhausted_in_h))
        full(h, d, k);
}

static void facts(struct html *h, const struct rank_view *v)
{
    const struct rank_result *r = v->r;
    struct phrase p;
    html_put(h, "<dl class=\"facts\">\n");
    for (int k = 0; k < POOL_KINDS; k++)
        pool_facts(h, &r->pools[k], (enum pool_kind)k);
    html_start(&p);
    say_count(&p, r->snapshots, "capture", "captures");
    if (r->n_boots > 1)
        say(&p, ", %s boots", FIGURE(&p, num_count(r->n_boots)));
    if (r->has_times && r->snapshots > 1)
        fact(h, "Watched for", num_hours(r->span_h), &p);
    else
        fact(h, "Captures", num_count(r->snapshots), NULL);
    first_suspect(h, v);
    fact(h, "Tags listed", num_count(r->n_tags), NULL);
    html_put(h, "</dl>\n");
}

/* ---- the answer ---- */

static void answer(struct html *h, const struct rank_view *v)
{
    struct phrase p;
    html_put(h, "<div class=\"answer o-%s\">\n<p class=\"stamp\">%s</p>\n",
             outcome_name(v->r->outcome), words_report_stamp(v));
    html_start(&p);
    words_rank_answer(&p, v, h->o->units);
    html_para(h, "verdict", &p);
    html_start(&p);
    words_rank_next(&p, v);
    html_para(h, "next", &p);
    html_put(h, "</div>\n");
}

/* What can be said of few captures, or of growth that no grade backs. */
static void remarks(struct html *h, const struct rank_view *v)
{
    struct phrase p;
    html_start(&p);
    if (v->r->snapshots == 1 && words_rank_large(&p, v))
        html_para(h, "remark", &p);
    html_start(&p);
    if (v->r->snapshots == 1 && words_rank_motion(&p, v))
        html_para(h, "remark", &p);
    html_start(&p);
    if (rank_is_series(v->r) && words_rank_unproven(&p, v, h->o->units))
        html_para(h, "remark", &p);
}

int html_host(struct html *h, const struct rank_view *v)
{
    struct phrase p;
    if (h->level > 2) {
        html_start(&p);
        words_rank_host(&p, v);
        html_put(h,
                 "<section class=\"host\" id=\"host%u\" aria-labelledby=\"host%u-h\">\n"
                 "<h2 id=\"host%u-h\">",
                 h->host, h->host, h->host);
        html_phrase(h, &p);
        html_put(h, "</h2>\n");
    }
    answer(h, v);
    facts(h, v);
    html_start(&p);
    words_rank_read(&p, v);
    html_para(h, "aside", &p);
    html_meaning(h, v);
    html_pools(h, v);
    TRY(html_suspects(h, v));
    if (v->n_order > 0 && rank_is_series(v->r))
        html_ranked(h, v);
    else if (v->n_order > 0)
        html_sizes(h, v);
    remarks(h, v);
    html_company(h, v);
    html_baseline(h, v);
    if (h->level > 2)
        html_put(h, "</section>\n");
    return 0;
}
