/* SPDX-License-Identifier: MIT */
/* One host and scope: what a reader wants first stands first. */
#include <math.h>

#include "cli/render/html/html.h"
#include "cli/render/words/words.h"

/* ---- figures at a glance ---- */

static void fact(struct html *h, const char *name, const char *value, const char *more)
{
    html_put(h, "<div><dt>%s</dt><dd>%s", name, value);
    if (*more != '\0')
        html_put(h, "<small>%s</small>", more);
    html_put(h, "</dd></div>\n");
}

/* What stopping the first suspect alone would stop. */
static void first_suspect(struct html *h, const struct rank_view *v)
{
    const struct rank_tag *t = v->n_order > 0 ? &v->r->tags[v->order[0]] : NULL;
    if (t == NULL || v->r->snapshots < 3 || !words_is_suspect(t) ||
        !isfinite(t->share_of_growth))
        return;
    html_put(h, "<div><dt>First suspect</dt><dd>");
    html_tag(h, t->tag);
    html_put(h, "<small>%s of its pool's growth</small></dd></div>\n",
             num_percent(t->share_of_growth).s);
}

static void full(struct html *h, const struct rank_pool *d, const char *name)
{
    struct phrase p;
    phrase_start(&p, false);
    say(&p, "%s to %s", num_hours(d->exhausted_in_h_low).s,
        isfinite(d->exhausted_in_h_high) ? num_hours(d->exhausted_in_h_high).s : "never");
    fact(h, name, num_hours(d->exhausted_in_h).s, p.s);
}

static void facts(struct html *h, const struct rank_view *v)
{
    const struct rank_result *r = v->r;
    struct phrase p;
    html_put(h, "<dl class=\"facts\">\n");
    for (int k = 0; k < POOL_KINDS; k++) {
        const struct rank_pool *d = &r->pools[k];
        if (!d->known)
            continue;
        phrase_start(&p, false);
        say(&p, "%s pool", words_pool((enum pool_kind)k));
        fact(h, p.s, num_size_unit(d->bytes, UNITS_HUMAN).s,
             isfinite(d->bytes_per_hour) ? num_rate_unit(d->bytes_per_hour, UNITS_HUMAN).s
                                         : "");
        if (isfinite(d->exhausted_in_h)) {
            phrase_start(&p, false);
            say(&p, "%s pool full in", words_pool((enum pool_kind)k));
            full(h, d, p.s);
        }
    }
    phrase_start(&p, false);
    say_count(&p, r->snapshots, "capture", "captures");
    if (r->n_boots > 1)
        say(&p, ", %zu boots", r->n_boots);
    if (r->has_times && r->snapshots > 1)
        fact(h, "Watched for", num_hours(r->span_h).s, p.s);
    else
        fact(h, "Captures", num_count(r->snapshots).s, "");
    first_suspect(h, v);
    fact(h, "Tags listed", num_count(r->n_tags).s, "");
    html_put(h, "</dl>\n");
}

/* ---- the answer ---- */

static void answer(struct html *h, const struct rank_view *v)
{
    struct phrase p;
    html_put(h, "<div class=\"answer o-%s\">\n<p class=\"stamp\">%s</p>\n",
             outcome_name(v->r->outcome), words_report_stamp(v));
    phrase_start(&p, true);
    words_rank_answer(&p, v, h->o->units);
    html_para(h, "verdict", &p);
    phrase_start(&p, true);
    words_rank_next(&p, v);
    html_para(h, "next", &p);
    html_put(h, "</div>\n");
}

/* What can be said of few captures, or of growth that no grade backs. */
static void remarks(struct html *h, const struct rank_view *v)
{
    struct phrase p;
    phrase_start(&p, true);
    if (v->r->snapshots == 1 && words_rank_large(&p, v))
        html_para(h, "remark", &p);
    phrase_start(&p, true);
    if (v->r->snapshots == 1 && words_rank_motion(&p, v))
        html_para(h, "remark", &p);
    phrase_start(&p, true);
    if (v->r->snapshots > 2 && words_rank_unproven(&p, v, h->o->units))
        html_para(h, "remark", &p);
}

int html_host(struct html *h, const struct rank_view *v)
{
    struct phrase p;
    if (h->level > 2) {
        phrase_start(&p, true);
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
    phrase_start(&p, true);
    words_rank_read(&p, v);
    html_para(h, "aside", &p);
    html_meaning(h, v);
    TRY(html_pools(h, v));
    TRY(html_suspects(h, v));
    if (v->n_order > 0 && v->r->snapshots > 2)
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
