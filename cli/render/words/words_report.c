/* SPDX-License-Identifier: MIT */
/* Words that only a report has: titles, and charts for who cannot see them. */
#include <math.h>
#include <string.h>

#include "cli/render/html/html_chart.h"
#include "cli/render/number.h"
#include "cli/render/words/words.h"

void words_report_title(struct phrase *p, const struct fleet *f)
{
    say(p, "Pool report");
    if (f->n_series == 0)
        return;
    if (f->n_series > 1) {
        say(p, ": %s series", FIGURE(p, num_count(f->n_series)));
    } else if (f->series[0].host != NULL) {
        say(p, ": ");
        words_host(p, f->series[0].host, f->series[0].scope);
    }
}

const char *words_report_stamp(const struct rank_view *v)
{
    static const char *const words[] = {[OUTCOME_LEAK] = "Leak",
                                        [OUTCOME_SUSPECT] = "Suspect",
                                        [OUTCOME_NONE] = "No leak",
                                        [OUTCOME_TOO_FEW] = "No verdict"};
    if (v->r->snapshots == 1)
        return "Sizes only";
    return v->r->snapshots == 2 ? "Difference only" : words[v->r->outcome];
}

void words_verdict(struct phrase *p, const struct rank_tag *t)
{
    const char *words = verdict_words(t->verdict, t->confidence);
    say(p, "%.*s", (int)strcspn(words, ":"), words);
}

void words_chart_pool(struct phrase *p, const struct rank_view *v, enum pool_kind k)
{
    say(p, "%s pool, %s", words_pool(k),
        v->r->pools[k].from_header ? "as the captures' header counts it"
                                   : "sum of the rows");
}

void words_chart_tag(struct phrase *p, const struct rank_tag *t, bool objects)
{
    say_tag_pool(p, t->tag, t->pool);
    say(p, objects ? ": objects outstanding" : ": bytes held");
}

static void say_value(struct phrase *p, double v, bool objects, enum units u)
{
    if (!isfinite(v))
        say(p, "unknown");
    else if (objects)
        say_count(p, scale_whole(v), "object", "objects");
    else
        say(p, "%s", FIGURE(p, num_size_unit(scale_whole(v), u)));
}

void words_chart_course(struct phrase *p, const struct rank_view *v,
                        const struct history_line *l, bool objects, enum units u)
{
    const struct history_point *first = &l->points[0], *last = &l->points[l->n - 1];
    double least = (double)NAN, most = (double)NAN;
    for (size_t i = 0; i < l->n; i++) {
        least = fmin(least, objects ? l->points[i].live : l->points[i].least);
        most = fmax(most, objects ? l->points[i].live : l->points[i].most);
    }
    say(p, "From ");
    say_value(p, objects ? first->live : first->bytes, objects, u);
    say(p, v->r->has_times ? " at %s to " : " in capture %s to ",
        plot_time(v, first->at).s);
    say_value(p, objects ? last->live : last->bytes, objects, u);
    say(p, v->r->has_times ? " at %s; between " : " in capture %s; between ",
        plot_time(v, last->at).s);
    say_value(p, least, objects, u);
    say(p, " and ");
    say_value(p, most, objects, u);
    if (v->r->n_boots > 1) {
        say(p, "; ");
        say_count(p, v->r->n_boots - 1, "restart", "restarts");
    }
    say(p, ".");
}

void words_gauge_limit(struct phrase *p, const char *basis, uint64_t bytes,
                       const char *source, enum units u)
{
    say(p, "%s, %s", FIGURE(p, num_size_unit(bytes, u)), basis);
    if (source != NULL)
        say(p, ": %s", source);
}

#define NEAR .5 /* of the limit: what stops is told from there on */

bool words_threshold_near(const struct rank_pool *d, const struct rank_threshold *t,
                          uint64_t limit)
{
    return (double)d->bytes + (double)t->free_bytes > NEAR * (double)limit;
}

void words_gauge_used(struct phrase *p, const struct rank_pool *d, uint64_t limit,
                      enum units u)
{
    say(p, "%s used", FIGURE(p, num_percent((double)d->bytes / (double)limit)));
    if (d->bytes > limit) {
        say(p, ": the pool is larger, so this is not its limit");
        return;
    }
    uint64_t left = limit - d->bytes;
    say(p, ", %s left", FIGURE(p, num_size_unit(left, u)));
    for (size_t i = 0; i < d->n_thresholds; i++) {
        const struct rank_threshold *t = &d->thresholds[i];
        if (left <= t->free_bytes)
            say(p, "; %s, for that is less than %s", t->name,
                FIGURE(p, num_size_unit(t->free_bytes, u)));
        else if (words_threshold_near(d, t, limit))
            say(p, "; %s after %s more", t->name,
                FIGURE(p, num_size_unit(left - t->free_bytes, u)));
    }
}

bool words_gauge_ask(struct phrase *p, const struct rank_view *v)
{
    bool candidates = false;
    unsigned known = 0, open = 0;
    enum pool_kind last = POOL_UNKNOWN; /* without a limit */
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        const struct rank_pool *d = &v->r->pools[k];
        known += d->known;
        if (!d->known || d->limit.bytes != 0)
            continue;
        open++;
        last = (enum pool_kind)k;
        candidates |= d->limit.n_candidates > 0;
    }
    if (open == 0)
        return false;
    if (open < known)
        say(p,
            candidates
                ? "The captures do not say which limit of the %s pool is in force: "
                : "No limit of the %s pool is known: ",
            pool_kind_name(last));
    else
        say(p, candidates ? "The captures do not say which limits are in force: "
                          : "No limit of these pools is known: ");
    say_command(p, "--os");
    say(p, " or ");
    say_command(p, "--limit");
    say(p, rank_is_series(v->r) ? " states it, and only then there is a forecast."
                                : " states it.");
    return true;
}
