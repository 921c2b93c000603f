/* SPDX-License-Identifier: MIT */
/* Sentences about a ranked series.  Only a verdict of `leak` is ever called one. */
#include "cli/render/words/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/number.h"

#define ENDED_NAMED         3           /* rows of the list */
#define GROWTH_WORTH_SAYING (64 * 1024) /* bytes; the grades' own threshold */

static const struct rank_tag *tag_at(const struct rank_view *v, size_t i)
{
    return &v->r->tags[v->order[i]];
}

bool words_is_suspect(const struct rank_tag *t)
{
    return t->verdict == VERDICT_LEAK ||
           (t->verdict == VERDICT_GROWING && (t->confidence == CONFIDENCE_PROBABLE ||
                                              t->confidence == CONFIDENCE_POSSIBLE));
}

/* Whole bytes, as machine output has them: what it says must be enough for these words.
 */
static double grown(const struct rank_tag *t)
{
    return round(t->growth_bytes);
}

/* Its pace, or how much it grew where there is no pace; and since when. */
static void say_growth(struct phrase *p, const struct rank_view *v,
                       const struct rank_tag *t, enum units u)
{
    if (isfinite(t->bytes_per_hour))
        say(p, "%s", FIGURE(p, num_rate_unit(t->bytes_per_hour, u)));
    else
        say(p, "%s in all", FIGURE(p, num_change_unit((int64_t)grown(t), u)));
    struct num since = num_series_time(&v->from, v->origin_ms, t->started_h);
    if (since.s[0] != '\0')
        say(p, " since %s", since.s);
}

static void say_series(struct phrase *p, const struct rank_view *v)
{
    say_count(p, v->r->snapshots, "snapshot", "snapshots");
    if (v->r->has_times)
        say(p, " over %s", FIGURE(p, num_hours(v->r->span_h)));
}

static size_t count_verdict(const struct rank_view *v, enum verdict verdict)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n_order; i++)
        n += tag_at(v, i)->verdict == verdict;
    return n;
}

static void answer_leak(struct phrase *p, const struct rank_view *v, enum units u)
{
    size_t leaks = 0, named = 0;
    for (size_t i = 0; i < v->n_order; i++)
        leaks += tag_at(v, i)->verdict == VERDICT_LEAK && !words_told_with(v, i);
    for (size_t i = 0; i < v->n_order && named < 4; i++) {
        const struct rank_tag *t = tag_at(v, i);
        if (t->verdict != VERDICT_LEAK || words_told_with(v, i))
            continue;
        if (named++ == 0) {
            say_tag_pool(p, t->tag, t->pool);
            say(p, " leaks ");
            say_growth(p, v, t, u);
            say(p, ": strong evidence");
            if (isfinite(t->share_of_growth))
                say(p, ", %s of the growth", FIGURE(p, num_percent(t->share_of_growth)));
            words_with(p, v, t);
        } else {
            say(p, named == 2 ? "; also leaking: " : ", ");
            say_tag(p, t->tag);
        }
    }
    if (leaks > named)
        say(p, " and %s more", FIGURE(p, num_count(leaks - named)));
    say(p, ".");
}

static void answer_suspect(struct phrase *p, const struct rank_view *v,
                           const struct rank_tag *t, enum units u)
{
    say(p, "Nothing is proven; ");
    say_tag_pool(p, t->tag, t->pool);
    say(p, " is a %s, ", verdict_words(t->verdict, t->confidence));
    say_growth(p, v, t, u);
    size_t suspects = 0;
    for (size_t i = 0; i < v->n_order; i++)
        suspects += words_is_suspect(tag_at(v, i)) && !words_told_with(v, i);
    if (suspects > 1) {
        say(p, "; ");
        say_count(p, suspects - 1, "more is suspect", "more are suspect");
    }
    say(p, ".");
}

static const struct rank_tag *largest(const struct rank_view *v)
{
    const struct rank_tag *best = NULL;
    for (size_t i = 0; i < v->n_order; i++) {
        const struct rank_tag *t = tag_at(v, i);
        if (t->bytes_known && (best == NULL || t->bytes > best->bytes))
            best = t;
    }
    return best;
}

static void answer_one(struct phrase *p, const struct rank_view *v, enum units u)
{
    const struct rank_tag *t = largest(v);
    say(p, "One capture shows size, not growth");
    if (t != NULL) {
        say(p, ": ");
        say_tag_pool(p, t->tag, t->pool);
        say(p, " holds the most, %s", FIGURE(p, num_size_unit(t->bytes, u)));
        if (isfinite(t->share_of_pool))
            say(p, " (%s)", FIGURE(p, num_percent(t->share_of_pool)));
        say(p, ", but nothing says that it grows");
    }
    say(p, ".");
}

static uint64_t change_size(const struct rank_tag *t)
{
    uint64_t change = (uint64_t)t->bytes_change;
    return t->bytes_change < 0 ? 0 - change : change;
}

/* Of the rows asked for, of which there is one at least. */
static const struct rank_tag *most_changed(const struct rank_view *v)
{
    const struct rank_tag *most = tag_at(v, 0);
    for (size_t i = 1; i < v->n_order; i++)
        if (change_size(tag_at(v, i)) > change_size(most))
            most = tag_at(v, i);
    return most;
}

static void answer_two(struct phrase *p, const struct rank_view *v, enum units u)
{
    const struct rank_tag *t = most_changed(v), *first = tag_at(v, 0);
    say(p, "Two captures are a difference, not a leak");
    if (t->bytes_change != 0) {
        say(p, ": ");
        say_tag_pool(p, t->tag, t->pool);
        say(p, " changed most, %s", FIGURE(p, num_change_unit(t->bytes_change, u)));
        if (isfinite(t->bytes_per_hour))
            say(p, " (%s)", FIGURE(p, num_rate_unit(t->bytes_per_hour, u)));
    }
    if (first != t && first->bytes_change > 0) {
        say(p, "; against what was held before, ");
        say_tag_pool(p, first->tag, first->pool);
        say(p, " did, %s", FIGURE(p, num_change_unit(first->bytes_change, u)));
    }
    say(p, ".");
}

/* The captures are too few or the time too short to clear anybody. */
static void answer_too_few(struct phrase *p, const struct rank_view *v)
{
    say(p, "No verdict: ");
    say_series(p, v);
    if (!v->r->has_times)
        say(p, " without times");
    say(p, " are too few to tell; take 6 or more, over 24 h or longer.");
}

/* What stands high in the list, and is no suspect any more. */
static void add_ended(struct phrase *p, const struct rank_view *v, enum units u)
{
    const struct rank_tag *t = words_first_ended(v, ENDED_NAMED);
    if (t == NULL)
        return;
    say(p, " ");
    words_ended(p, v, t, u);
}

void words_rank_answer(struct phrase *p, const struct rank_view *v, enum units u)
{
    const struct rank_result *r = v->r;
    if (r->n_tags == 0) {
        say(p, "No tag was seen in ");
        say_series(p, v);
        say(p, ".");
        return;
    }
    if (v->n_order == 0) {
        say(p, "None of the ");
        say_count(p, r->n_tags, "tag", "tags");
        say(p, " seen is among those asked for.");
        return;
    }
    if (r->snapshots == 1) {
        answer_one(p, v, u);
        return;
    }
    if (r->snapshots == 2) {
        answer_two(p, v, u);
        return;
    }
    if (count_verdict(v, VERDICT_LEAK) > 0) {
        answer_leak(p, v, u);
        add_ended(p, v, u);
        return;
    }
    for (size_t i = 0; i < v->n_order; i++)
        if (words_is_suspect(tag_at(v, i))) {
            answer_suspect(p, v, tag_at(v, i), u);
            add_ended(p, v, u);
            return;
        }
    if (r->outcome == OUTCOME_TOO_FEW) {
        answer_too_few(p, v);
        return;
    }
    say(p, "No tag leaks: in ");
    say_series(p, v);
    if (v->n_order == 1)
        say(p, r->n_tags > 1 ? " the tag asked for does not grow steadily."
                             : " the only tag does not grow steadily.");
    else
        say(p,
            v->n_order < r->n_tags ? " none of the %s tags asked for grows steadily."
                                   : " none of %s tags grows steadily.",
            FIGURE(p, num_count(v->n_order)));
    add_ended(p, v, u);
}

void words_rank_host(struct phrase *p, const struct rank_view *v)
{
    say(p, "Series: ");
    words_host(p, v->host, v->scope);
}

void words_rank_read(struct phrase *p, const struct rank_view *v)
{
    const struct rank_result *r = v->r;
    say(p, "Read: ");
    say_count(p, r->snapshots, "snapshot", "snapshots");
    if (v->files > 0) {
        say(p, " from ");
        say_count(p, v->files, "input", "inputs");
    }
    if (v->from.source != TIME_NONE) {
        say(p, ", %s", num_time(&v->from).s);
        if (r->snapshots > 1)
            say(p, " to %s (%s)", num_time(&v->to).s, FIGURE(p, num_hours(r->span_h)));
    }
    if (r->snapshots > 1 && r->n_boots > 0) {
        say(p, ", ");
        say_count(p, r->n_boots, "boot", "boots");
    }
    say(p, v->from.source != TIME_NONE ? "; times %s" : "; %s",
        words_time_source(v->from.source));
    if (v->left_out_without_time > 0) {
        say(p, "; left out for want of a time: ");
        say_count(p, v->left_out_without_time, "snapshot", "snapshots");
    }
    say(p, ".");
    if (r->top_n)
        say(p, r->snapshots == 1 ? " It lists only the largest rows."
                                 : " They list only the largest rows.");
    else if (r->censored)
        say(p, r->snapshots == 1
                   ? " It is partial: what it does not list is unknown."
                   : " Some are partial: what those do not list is unknown.");
}

static void say_refusal(struct phrase *p, const char *code)
{
    static const struct {
        const char *code, *words;
    } table[] = {
        {REFUSED_NOT_GROWING, "not growing, so no forecast"},
        {REFUSED_FEW_RATES, "too few intervals in this boot for a forecast"},
        {REFUSED_SHORT_SPAN, "less than 24 h in this boot, too short for a forecast"},
        {REFUSED_UNCERTAIN, "too uneven for a forecast"},
        {REFUSED_FAR_AWAY, "in more than ten times the time seen"},
        {REFUSED_NO_TIMES, "no times, so no forecast"},
        {REFUSED_CUT_SERIES, "no totals, so no forecast"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].code, code) == 0)
            say(p, "%s", table[i].words);
}

/* How long from the last capture; without a latest hour it may never come to it. */
static void say_when(struct phrase *p, double in_h, double low_h, double high_h)
{
    if (in_h == 0 && high_h == 0)
        say(p, "now");
    else if (isfinite(high_h))
        say(p, "in about %s (%s to %s)", FIGURE(p, num_hours(in_h)),
            FIGURE(p, num_hours(low_h)), FIGURE(p, num_hours(high_h)));
    else
        say(p, "in about %s (not before %s, perhaps never)", FIGURE(p, num_hours(in_h)),
            FIGURE(p, num_hours(low_h)));
}

bool words_rank_pool(struct phrase *p, const struct rank_view *v, enum pool_kind k,
                     enum units u)
{
    const struct rank_pool *d = &v->r->pools[k];
    if (!d->known)
        return false;
    say(p, "%s pool: %s%s", words_pool(k), FIGURE(p, num_size_unit(d->bytes, u)),
        d->from_header ? "" : " in the rows");
    if (isfinite(d->bytes_per_hour))
        say(p, ", %s", FIGURE(p, num_rate_unit(d->bytes_per_hour, u)));
    if (d->limit.bytes == 0)
        return true;
    say(p, "; %s of the %s limit %s",
        FIGURE(p, num_percent((double)d->bytes / (double)d->limit.bytes)),
        words_limit(&d->limit), FIGURE(p, num_size_unit(d->limit.bytes, u)));
    const char *code = d->forecast_refused;
    say(p, code != NULL && strcmp(code, REFUSED_FAR_AWAY) != 0 ? "; " : "; full ");
    if (code != NULL)
        say_refusal(p, code);
    else
        say_when(p, d->exhausted_in_h, d->exhausted_in_h_low, d->exhausted_in_h_high);
    if (d->bytes < d->limit.bytes && d->most_bytes > d->limit.bytes)
        say(p, "; but it held %s before: then this limit was not in force",
            FIGURE(p, num_size_unit(d->most_bytes, u)));
    return true;
}

bool words_rank_threshold(struct phrase *p, const struct rank_pool *d, size_t i,
                          enum units u)
{
    const struct rank_threshold *t = &d->thresholds[i];
    if (!d->known || d->limit.bytes == 0)
        return false;
    say(p, "%s below %s free: ", t->name, FIGURE(p, num_size_unit(t->free_bytes, u)));
    if (t->refused != NULL)
        say_refusal(p, t->refused);
    else
        say_when(p, t->reached_in_h, t->reached_in_h_low, t->reached_in_h_high);
    return true;
}

void words_rank_others(struct phrase *p, const struct rank_view *v, size_t shown)
{
    size_t counts[VERDICTS][CONFIDENCE_UNPROVEN + 1] = {{0}};
    for (size_t i = shown; i < v->n_order; i++)
        counts[tag_at(v, i)->verdict][tag_at(v, i)->confidence]++;
    say_count(p, v->n_order - shown, "other", "others");
    const char *separator = ": ";
    for (int a = 0; a < VERDICTS; a++)
        for (int c = 0; c <= CONFIDENCE_UNPROVEN; c++) {
            if (counts[a][c] == 0 || a == VERDICT_TOO_FEW)
                continue;
            const char *words = verdict_words((enum verdict)a, (enum confidence)c);
            say(p, "%s%s %.*s", separator, FIGURE(p, num_count(counts[a][c])),
                (int)strcspn(words, ":"), words);
            separator = "; ";
        }
    say(p, " (-n 0 lists all).");
}

void words_rank_tag(struct phrase *p, const struct rank_view *v, const struct rank_tag *t,
                    enum units u)
{
    say_tag_pool(p, t->tag, t->pool);
    say(p, ": %s", verdict_words(t->verdict, t->confidence));
    /* what rises and falls, or rose once and stays, has no pace worth a figure */
    if (isfinite(t->bytes_per_hour) && t->verdict != VERDICT_CYCLIC &&
        !words_has_ended(t)) {
        say(p, ", %s", FIGURE(p, num_rate_unit(t->bytes_per_hour, u)));
        if (isfinite(t->bytes_per_hour_low) && isfinite(t->bytes_per_hour_high))
            say(p, " (%s to %s)", FIGURE(p, num_rate_unit(t->bytes_per_hour_low, u)),
                FIGURE(p, num_rate_unit(t->bytes_per_hour_high, u)));
    }
    if (grown(t) > 0)
        say(p, ", %s", FIGURE(p, num_change_unit((int64_t)grown(t), u)));
    if (grown(t) > 0 && v->r->n_boots > 1)
        say(p, " over %s boots", FIGURE(p, num_count(v->r->n_boots)));
    else if (grown(t) > 0)
        say(p, " in all");
    struct num since = num_series_time(&v->from, v->origin_ms, t->started_h);
    if (since.s[0] != '\0')
        say(p, ", since %s", since.s);
}

bool words_rank_motion(struct phrase *p, const struct rank_view *v)
{
    struct motion m = {.one = "byte", .many = "bytes"};
    for (size_t i = 0; i < v->n_order; i++)
        if (tag_at(v, i)->has_bytes_delta)
            motion_add(&m, tag_at(v, i)->tag, tag_at(v, i)->bytes_delta);
    return words_motion(p, &m);
}

bool words_rank_unproven(struct phrase *p, const struct rank_view *v, enum units u)
{
    const struct rank_tag *best = NULL;
    for (size_t i = 0; i < v->n_order; i++) {
        const struct rank_tag *t = tag_at(v, i);
        if (!words_is_suspect(t) && !words_has_ended(t) &&
            grown(t) >= GROWTH_WORTH_SAYING && (best == NULL || grown(t) > grown(best)))
            best = t;
    }
    if (best == NULL)
        return false;
    say(p, "Largest growth not proven: ");
    say_tag_pool(p, best->tag, best->pool);
    say(p, " %s: %s.", FIGURE(p, num_change_unit((int64_t)grown(best), u)),
        verdict_words(best->verdict, best->confidence));
    return true;
}
