/* SPDX-License-Identifier: MIT */
/* Sentences about tags in company: cohorts, and suspects accused or acquitted. */
#include <math.h>
#include <string.h>

#include "cli/render/number.h"
#include "cli/render/words/words.h"

#define NAMED 6 /* of the members of a cohort, or of a family */

static const char *separator(size_t i, size_t n, bool more)
{
    return i == 0 ? "" : i + 1 < n || more ? ", " : " and ";
}

/* ---- cohorts ---- */

static bool one_pool(const struct rank_cohort *c)
{
    for (size_t i = 1; i < c->n_members; i++)
        if (c->members[i].pool != c->members[0].pool)
            return false;
    return true;
}

static void say_members(struct phrase *p, const struct rank_cohort *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        say(p, "%s", separator(i, n, c->size > n));
        say_tag(p, c->members[i].tag);
        if (!one_pool(c))
            say(p, " (%s)", pool_kind_name((enum pool_kind)c->members[i].pool));
    }
    if (c->size > n)
        say(p, " and %s more", FIGURE(p, num_count(c->size - n)));
}

static void say_objects(struct phrase *p, const struct rank_cohort *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t objects = c->members[i].objects;
        struct num held = num_count(objects > 0 ? (uint64_t)objects : 0);
        say(p, "%s%s", separator(i, n, c->size > n),
            c->basis == COHORT_STATIC ? FIGURE(p, held) : FIGURE(p, num_signed(objects)));
    }
    if (c->size > n)
        say(p, " ...");
}

static const struct cohort_member *root_of(const struct rank_cohort *c)
{
    for (size_t i = 0; i < c->n_members; i++)
        if (c->members[i].rank == c->root_rank)
            return &c->members[i];
    return NULL;
}

static void say_root(struct phrase *p, const struct rank_cohort *c)
{
    const struct cohort_member *root = root_of(c);
    if (root == NULL) {
        say(p, "; all are tags of Windows itself, so the holder is another driver");
    } else if (c->root_role == ROLE_PRIVATE) {
        say(p, "; begin with ");
        say_tag(p, root->tag);
        say(p, ", a driver's own tag");
    }
}

void words_cohort(struct phrase *p, const struct rank_cohort *c)
{
    size_t n = c->n_members < NAMED ? c->n_members : NAMED;
    say_members(p, c, n);
    if (c->basis == COHORT_STATIC) {
        say(p, " hold nearly the same number of objects (");
        say_objects(p, c, n);
        say(p, "): a hint, no proof, that one driver makes these allocations");
    } else {
        bool equal = true;
        for (size_t i = 0; i < n; i++)
            equal = equal && fabs(c->members[i].ratio - 1) < .01;
        say(p, equal ? " grow by the same number of objects ("
                     : " grow in step, in whole numbers of objects (");
        say_objects(p, c, n);
        say(p, "): one suspect, %s allocations", FIGURE(p, num_count(c->size)));
    }
    say_root(p, c);
}

bool words_told_with(const struct rank_view *v, size_t i)
{
    uint32_t id = v->r->tags[v->order[i]].cohort;
    for (size_t j = 0; id > 0 && j < i; j++)
        if (v->r->tags[v->order[j]].cohort == id)
            return true;
    return false;
}

void words_with(struct phrase *p, const struct rank_view *v, const struct rank_tag *t)
{
    if (t->cohort == 0 || t->cohort > v->r->n_cohorts)
        return;
    const struct rank_cohort *c = &v->r->cohorts[t->cohort - 1];
    if (c->basis != COHORT_GROWTH || c->n_members < 2)
        return;
    const struct cohort_member *first = &c->members[0];
    bool is_first = tag_equal(first->tag, t->tag) && first->pool == t->pool;
    say(p, "; ");
    say_tag(p, is_first ? c->members[1].tag : first->tag);
    if (c->size > 2)
        say(p, " and %s more grow", FIGURE(p, num_count(c->size - 2)));
    else
        say(p, " grows");
    say(p, " with it, object by object");
}

/* ---- suspects ---- */

static void say_family(struct phrase *p, const struct rank_suspect *s)
{
    size_t n = s->n_tags < NAMED ? s->n_tags : NAMED;
    char first[TAG_TEXT_MAX];
    say_name(p, s->pattern);
    if (n == 0) /* a saved ranking may say that there are some, and name none */
        return;
    (void)tag_text(s->tags[0].tag, first);
    if (s->size == 1 && strcmp(first, s->pattern) == 0)
        return;
    say(p, " (");
    for (size_t i = 0; i < n; i++) {
        say(p, "%s", separator(i, n, s->size > n));
        say_tag(p, s->tags[i].tag);
    }
    if (s->size > n)
        say(p, " and %s more", FIGURE(p, num_count(s->size - n)));
    say(p, ")");
}

/* "less than a third of ISil (35819K)" */
static void say_part(struct phrase *p, const struct rank_suspect *s, enum units u)
{
    static const struct {
        double below;
        const char *words;
    } parts[] = {{.1, "a tenth of "},
                 {.25, "a quarter of "},
                 {1. / 3, "a third of "},
                 {.5, "half of "},
                 {1, ""}};
    double part =
        ((double)s->bytes + (double)s->unseen_bytes) / (double)s->rival[0].bytes;
    size_t i = 0;
    while (i + 1 < sizeof parts / sizeof *parts && part >= parts[i].below)
        i++;
    say(p, "less than %s", parts[i].words);
    say_tag(p, s->rival[0].tag);
    say(p, " (%s)", FIGURE(p, num_size_unit(s->rival[0].bytes, u)));
}

static void say_share(struct phrase *p, const struct rank_suspect *s, enum units u)
{
    say(p, ": %s", FIGURE(p, num_size_unit(s->bytes, u)));
    if (isnan(s->share_of_pool))
        return;
    say(p, ", %s of ", FIGURE(p, num_percent(s->share_of_pool)));
    if (s->both_pools)
        say(p, "both pools");
    else
        say(p, "the %s pool", pool_kind_name(s->pool));
}

static void say_nothing_seen(struct phrase *p, const struct rank_suspect *s)
{
    say(p, ": no tag matches");
    for (size_t i = 0; i < s->n_near; i++) {
        say(p, "%s", i == 0 ? " (there is " : separator(i, s->n_near, false));
        say_tag(p, s->near[i].tag);
    }
    say(p, s->n_near > 0 ? ")" : "");
    say(p, s->verdict == SUSPECT_ACQUITTED
               ? ", and the captures leave nothing out: not the cause"
               : ", but the captures leave rows out: unclear");
}

static void say_by_size(struct phrase *p, const struct rank_suspect *s, enum units u)
{
    bool rest = s->unseen_known && s->unseen_bytes > 0;
    if (rest)
        say(p, "; what is in no row holds at most %s",
            FIGURE(p, num_at_most_unit(s->unseen_bytes, u)));
    if (s->verdict == SUSPECT_ACQUITTED) {
        say(p, rest ? "; even with all of that it is " : "; ");
        say_part(p, s, u);
        say(p, ": not the cause");
    } else if (!s->unseen_known) {
        say(p, "; rows are left out and no total tells how much they hold: unclear");
    } else if (s->n_rivals == 0 || s->bytes >= s->rival[0].bytes) {
        say(p,
            "; no other tag there holds more: unclear, since fewer than three captures "
            "show no growth");
    } else {
        say(p, ", with which it could hold more than ");
        say_tag(p, s->rival[0].tag);
        say(p, " (%s): unclear", FIGURE(p, num_size_unit(s->rival[0].bytes, u)));
    }
}

static void say_by_rate(struct phrase *p, const struct rank_suspect *s, enum units u)
{
    bool bounds = isfinite(s->bytes_per_hour_low) && isfinite(s->bytes_per_hour_high);
    if (isfinite(s->bytes_per_hour))
        say(p, ", %s", FIGURE(p, num_rate_unit(s->bytes_per_hour, u)));
    if (bounds)
        say(p, " (%s to %s)", FIGURE(p, num_rate_unit(s->bytes_per_hour_low, u)),
            FIGURE(p, num_rate_unit(s->bytes_per_hour_high, u)));
    if (s->verdict == SUSPECT_ACCUSED) {
        say(p, ": accused (%s)", verdict_words(s->worst, s->worst_confidence));
        return;
    }
    if (isfinite(s->pool_bytes_per_hour))
        say(p, " of the %s by which all tags there grew",
            FIGURE(p, num_rate_unit(s->pool_bytes_per_hour, u)));
    if (s->verdict == SUSPECT_ACQUITTED)
        say(p, ": not the cause%s",
            s->share_of_pool > .5 ? " of this growth, though it holds most of the pool"
                                  : "");
    else if (bounds)
        say(p, ": unclear, that may be more than a twentieth of it");
    else
        say(p, ": unclear, too few captures with times in one boot for an interval");
}

void words_suspect(struct phrase *p, const struct rank_suspect *s, enum units u)
{
    say_family(p, s);
    if (s->size == 0) {
        say_nothing_seen(p, s);
        return;
    }
    say_share(p, s, u);
    if (s->basis == SUSPECT_BY_SIZE)
        say_by_size(p, s, u);
    else
        say_by_rate(p, s, u);
}
