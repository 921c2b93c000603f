/* SPDX-License-Identifier: MIT */
/* The texts of rules, with figures where their placeholders stand. */
#include <math.h>
#include <string.h>

#include "cli/render/number.h"
#include "cli/render/words/words.h"
#include "formats/size.h"

enum rule_word {
#define RULE_WORD(id, name, sized, words) RULE_WORD_##id,
#include "cli/analyze/rule_words.def"
#undef RULE_WORD
    RULE_WORDS_ALL
};

static const char *const names[RULE_WORDS_ALL] = {
#define RULE_WORD(id, name, sized, words) name,
#include "cli/analyze/rule_words.def"
#undef RULE_WORD
};

/* A limit this much above what is certain still agrees with it: people round. */
#define NEARLY 50 /* one part in */

/* What a placeholder is filled from. */
struct filling {
    struct phrase *p;
    const struct diagnosis *d;
    const struct rank_view *v;
    uint64_t size; /* {word:20M}, bytes */
};

static void say_kib(struct phrase *p, uint64_t bytes)
{
    say(p, "%s", FIGURE(p, num_size_unit(bytes, UNITS_K)));
}

static const struct rank_pool *pool_of(const struct filling *f)
{
    return f->d->pool < POOL_KINDS ? &f->v->r->pools[f->d->pool] : NULL;
}

static void say_limit(const struct filling *f)
{
    const struct rank_pool *pool = pool_of(f);
    if (pool == NULL || f->d->limit_bytes == 0) {
        say(f->p, "an unknown limit");
        return;
    }
    say_kib(f->p, f->d->limit_bytes);
    if (f->d->limit_assumed)
        say(f->p, " (%s, assumed)", f->d->limit_source);
    else if (pool->limit.source != NULL)
        say(f->p, " (%s)", pool->limit.source);
    else
        say(f->p, " (%s)", words_limit(&pool->limit));
}

static void say_excluded(const struct filling *f, const struct rank_pool *pool)
{
    uint64_t ceiling = pool->bytes + f->size;
    for (size_t i = pool->limit.n_candidates; i-- > 0;) {
        const struct limit_candidate *c = &pool->limit.candidates[i];
        uint64_t over = c->bytes > ceiling ? c->bytes - ceiling : 0;
        say(f->p, "%s", i + 1 == pool->limit.n_candidates ? ": " : ", ");
        say_kib(f->p, c->bytes);
        say(f->p, " (%s) ", c->source);
        if (over > c->bytes / NEARLY)
            say(f->p, "is excluded");
        else if (over > 0)
            say(f->p, "would fit within %s", FIGURE(f->p, num_size_unit(over, UNITS_K)));
        else
            say(f->p, "would fit");
    }
}

static void say_of_pool(const struct filling *f, enum rule_word w)
{
    const struct rank_pool *pool = pool_of(f);
    if (pool == NULL || !pool->known) {
        say(f->p, "an unknown part");
        return;
    }
    uint64_t limit = f->d->limit_bytes;
    switch (w) {
    case RULE_WORD_POOL:
        say(f->p, "%s", pool_kind_name(f->d->pool));
        break;
    case RULE_WORD_USED:
        say_kib(f->p, pool->bytes);
        break;
    case RULE_WORD_PERCENT:
        say(f->p, "%s", FIGURE(f->p, num_percent((double)pool->bytes / (double)limit)));
        break;
    case RULE_WORD_FREE:
        say_kib(f->p, limit > pool->bytes ? limit - pool->bytes : 0);
        break;
    case RULE_WORD_CEILING:
        say_kib(f->p, pool->bytes + f->size);
        say(f->p, " (");
        say_kib(f->p, pool->bytes);
        say(f->p, " and ");
        say_kib(f->p, f->size);
        say(f->p, ")");
        break;
    default:
        say_excluded(f, pool);
        break;
    }
}

static void say_tags(const struct filling *f)
{
    const struct diagnosis *d = f->d;
    for (size_t i = 0; i < d->n_tags; i++) {
        const struct rank_tag *t = &f->v->r->tags[d->tags[i]];
        bool last = i + 1 == d->tags_in_all;
        say(f->p, "%s", i == 0 ? "" : last ? " and " : ", ");
        say_tag(f->p, t->tag);
        say(f->p, " (%s)", pool_kind_name((enum pool_kind)t->pool));
    }
    if (d->tags_in_all > d->n_tags)
        say(f->p, " and %zu more", d->tags_in_all - d->n_tags);
}

/* The tag that moves with t and is none of Windows' own: its driver is the one to ask. */
static const struct rank_tag *holder_of(const struct rank_result *r,
                                        const struct rank_tag *t)
{
    for (size_t k = 0; k < r->n_cohorts; k++) {
        const struct rank_cohort *c = &r->cohorts[k];
        bool own = c->root_role == ROLE_PRIVATE || c->root_role == ROLE_UNKNOWN;
        if (t->cohort == 0 || c->id != t->cohort || !own || c->root_rank == 0 ||
            c->root_rank > r->n_tags || t == &r->tags[c->root_rank - 1])
            continue;
        return &r->tags[c->root_rank - 1];
    }
    return NULL;
}

static void say_holders(const struct filling *f)
{
    const struct rank_result *r = f->v->r;
    size_t named = 0;
    for (size_t i = 0; i < f->d->n_tags; i++) {
        const struct rank_tag *t = &r->tags[f->d->tags[i]], *holder = holder_of(r, t);
        if (holder == NULL)
            continue;
        say(f->p, "%s", named++ == 0 ? "" : ", ");
        say_tag(f->p, holder->tag);
        say(f->p, named == 1 ? " moves with " : " with ");
        say_tag(f->p, t->tag);
    }
    if (named == 0)
        say(f->p, "who holds them is not known");
    else if (named < f->d->tags_in_all)
        say(f->p, "; who holds the others is not known");
    else
        say(f->p, " and names the holder");
}

static void say_of_tag(const struct filling *f, enum rule_word w)
{
    const struct rank_tag *t = f->d->n_tags > 0 ? &f->v->r->tags[f->d->tags[0]] : NULL;
    if (w == RULE_WORD_TAGS)
        say_tags(f);
    else if (w == RULE_WORD_HOLDER)
        say_holders(f);
    else if (t == NULL)
        say(f->p, "an unknown tag");
    else if (w == RULE_WORD_SHARE)
        say(f->p, "%s", FIGURE(f->p, num_percent(t->share_of_pool)));
    else if (w == RULE_WORD_RATE)
        say(f->p, "%s", FIGURE(f->p, num_rate_unit(t->bytes_per_hour, UNITS_K)));
    else
        say(f->p, "%s",
            t->live_known ? FIGURE(f->p, num_count(t->live)) : "an unknown number");
}

static void say_of_event(const struct filling *f, enum rule_word w)
{
    const struct event_sum *x = f->d->event;
    if (x == NULL)
        say(f->p, "an event");
    else if (w == RULE_WORD_EVENT)
        say(f->p, "%s", x->code);
    else if (w == RULE_WORD_COUNT)
        say(f->p, "%s", FIGURE(f->p, num_count(x->count)));
    else if (x->first.source == TIME_NONE)
        say(f->p, "at an unknown time");
    else
        say(f->p, "%s", num_time(w == RULE_WORD_FIRST ? &x->first : &x->last).s);
}

static void fill(const struct filling *f, enum rule_word w)
{
    switch (w) {
    case RULE_WORD_LIMIT:
        say_limit(f);
        break;
    case RULE_WORD_TAGS:
    case RULE_WORD_HOLDER:
    case RULE_WORD_SHARE:
    case RULE_WORD_RATE:
    case RULE_WORD_LIVE:
        say_of_tag(f, w);
        break;
    case RULE_WORD_EVENT:
    case RULE_WORD_COUNT:
    case RULE_WORD_FIRST:
    case RULE_WORD_LAST:
        say_of_event(f, w);
        break;
    case RULE_WORD_GAP:
        say(f->p, "%s", FIGURE(f->p, num_percent(f->d->gap)));
        break;
    case RULE_WORD_SNAPSHOTS:
        say(f->p, "%s", FIGURE(f->p, num_count(f->v->r->snapshots)));
        break;
    case RULE_WORD_SPAN:
        say(f->p, "%s", FIGURE(f->p, num_hours(f->v->r->span_h)));
        break;
    case RULE_WORD_SUSPECT:
        if (f->d->suspect != NULL)
            words_suspect(f->p, f->d->suspect, UNITS_K);
        break;
    default:
        say_of_pool(f, w);
        break;
    }
}

/* The loader has checked every placeholder of the text. */
static const char *say_placeholder(struct filling *f, const char *p)
{
    size_t n = strcspn(p, "}"), word = strcspn(p, ":}");
    char size[24] = "";
    if (n > word && n - word - 1 < sizeof size)
        memcpy(size, p + word + 1, n - word - 1);
    f->size = 0;
    (void)size_parse(size, &f->size);
    for (int w = 0; w < RULE_WORDS_ALL; w++)
        if (strlen(names[w]) == word && strncmp(names[w], p, word) == 0)
            fill(f, (enum rule_word)w);
    return p + n + (p[n] == '}');
}

void words_rule(struct phrase *p, const char *text, const struct diagnosis *d,
                const struct rank_view *v)
{
    struct filling f = {.p = p, .d = d, .v = v};
    while (*text != '\0') {
        size_t n = strcspn(text, "{");
        say(p, "%.*s", (int)n, text);
        text += n;
        if (*text == '{')
            text = say_placeholder(&f, text + 1);
    }
}
