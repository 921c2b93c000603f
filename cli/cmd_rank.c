/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/analyze/row.h"
#include "cli/beside.h"
#include "cli/command.h"
#include "cli/owners.h"
#include "formats/when.h"

/* One host and scope while its snapshots stream in. */
struct series {
    struct tally *tally;
    struct pool_time from, to;
    int64_t origin_ms; /* series hour 0 on the captures' own clock */
    double hours;      /* of the last snapshot, since the origin */
    int64_t last_ms;   /* its time, one clock */
    uint64_t snapshots;
    uint64_t memory_kib[2];           /* physical memory, the last two different values */
    unsigned memory_turns;            /* how often it went back to the value before */
    uint64_t limit_bytes[POOL_KINDS]; /* the last that a capture stated, 0 = none */
};

struct rank {
    struct context *c;
    struct load *l;
    struct owners owners;
    struct beside beside;
    struct series *v;
    size_t n, cap;
};

static void forget(struct rank *x)
{
    for (size_t i = 0; i < x->n; i++)
        tally_free(x->v[i].tally);
    x->n = 0;
    beside_free(&x->beside);
}

static int on_restart(void *ctx, struct err *e)
{
    (void)e;
    forget(ctx);
    return 0;
}

static int series_of(struct rank *x, size_t group, struct series **out, struct err *e)
{
    void *v = x->v;
    TRY(grow(&v, &x->cap, group + 1, sizeof *x->v, e));
    x->v = v;
    while (x->n <= group)
        x->v[x->n++] = (struct series){.tally = NULL};
    *out = &x->v[group];
    return 0;
}

static void watch_limits(struct series *s, const struct pool_snapshot *p)
{
    for (int k = 0; k < POOL_KINDS; k++) {
        uint64_t bytes = capture_limit(p, (enum pool_kind)k);
        if (bytes > 0)
            s->limit_bytes[k] = bytes;
    }
}

/* Physical memory is the one machine constant in poolmon text: two values by turns in
 * captures without a machine's name are two machines. */
static void watch_memory(struct series *s, const struct pool_snapshot *p)
{
    if (!(p->totals.given & 1u << TOTAL_MEMORY_KIB))
        return;
    uint64_t kib = p->totals.v[TOTAL_MEMORY_KIB];
    if (kib == s->memory_kib[0])
        return;
    s->memory_turns += kib == s->memory_kib[1];
    s->memory_kib[1] = s->memory_kib[0];
    s->memory_kib[0] = kib;
}

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct rank *x = ctx;
    struct series *s;
    TRY(beside_add(&x->beside, l->group, l->s, e));
    TRY(series_of(x, l->group, &s, e));
    watch_limits(s, l->s);
    if (l->s->record != RECORD_CAPTURE)
        return 0;
    if (s->tally == NULL)
        TRY(tally_new(&s->tally, e));
    bool timed = l->s->time.source != TIME_NONE;
    int64_t ms = when_order_ms(&l->s->time);
    if (s->snapshots == 0) {
        s->from = l->s->time;
        s->origin_ms = l->s->time.ms;
    } else if (timed && ms > s->last_ms) {
        s->hours += (double)(ms - s->last_ms) / 3600e3;
    }
    s->last_ms = ms;
    s->to = l->s->time;
    s->snapshots++;
    watch_memory(s, l->s);
    TRY(owners_learn(&x->owners, l->s, e));
    return tally_add(s->tally, l->s, timed ? s->hours : (double)NAN, l->clock_back, e);
}

static bool any_capture(const struct rank *x)
{
    for (size_t i = 0; i < x->n; i++)
        if (x->v[i].tally != NULL)
            return true;
    return false;
}

static int refuse_mixture(const struct rank *x, struct err *e)
{
    for (size_t i = 0; i < x->n; i++) {
        if (x->v[i].memory_turns == 0 || x->l->groups[i].host[0] != '\0')
            continue;
        int r = err_set(e, ERR_USAGE,
                        "these look like two machines: physical memory is %lluK and "
                        "%lluK by turns",
                        (unsigned long long)x->v[i].memory_kib[0],
                        (unsigned long long)x->v[i].memory_kib[1]);
        err_hint(e, "--host-from dir or --host-from name tells them apart; --host NAME "
                    "says they are one");
        return r;
    }
    return 0;
}

/* One owner a tag of r; the caller frees them. */
static int find_owners(struct rank *x, const struct rank_result *r, struct owner **out,
                       struct err *e)
{
    struct pool_tag *tags = malloc((r->n_tags > 0 ? r->n_tags : 1) * sizeof *tags);
    if (tags == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < r->n_tags; i++)
        tags[i] = r->tags[i].tag;
    int code = owners_of(&x->owners, tags, r->n_tags, out, e);
    free(tags);
    return code;
}

/* What a view points to. */
struct judged {
    struct rank_result result;
    uint32_t *order;
    struct owner *owners;
    struct beside_view beside;
    char scope[24];
};

static void judged_free(struct judged *j, size_t n)
{
    for (size_t i = 0; j != NULL && i < n; i++) {
        rank_free(&j[i].result);
        free(j[i].order);
        free(j[i].owners);
    }
    free(j);
}

/* Fills one view from what is put into *j. */
static int judge(struct rank *x, size_t i, struct rank_view *v, struct judged *j,
                 struct err *e)
{
    const struct context *c = x->c;
    const struct load_group *g = &x->l->groups[i];
    struct rank_result *result = &j->result;
    struct rank_opts ro = {.limit_bytes = {0}};
    for (int k = 0; k < POOL_KINDS; k++) {
        ro.limit_of_capture[k] = c->o.limit_bytes[k] == 0;
        ro.limit_bytes[k] =
            ro.limit_of_capture[k] ? x->v[i].limit_bytes[k] : c->o.limit_bytes[k];
    }
    TRY(rank_tally(result, x->v[i].tally, &ro, e));
    TRY(find_owners(x, result, &j->owners, e));
    j->order = malloc((result->n_tags > 0 ? result->n_tags : 1) * sizeof *j->order);
    if (j->order == NULL)
        return err_nomem(e);
    size_t n = 0;
    for (size_t k = 0; k < result->n_tags; k++)
        if (options_select(&c->o, result->tags[k].tag,
                           (enum pool_kind)result->tags[k].pool))
            j->order[n++] = (uint32_t)k;
    pool_scope_text(g->scope, g->session, j->scope);
    *v = (struct rank_view){.r = result,
                            .host = g->host[0] != '\0' ? g->host : NULL,
                            .scope = j->scope,
                            .from = x->v[i].from,
                            .to = x->v[i].to,
                            .origin_ms = x->v[i].origin_ms,
                            .files = g->files,
                            .order = j->order,
                            .n_order = n,
                            .owners = j->owners,
                            .left_out_without_time = g->without_time,
                            .notes = &g->notes};
    beside_of(&x->beside, x->l, i, &j->beside, v);
    if (j->beside.apart)
        TRY(note_add(&x->l->groups[i].notes, e, NOTE_EVENTS_APART, 0,
                     "the events are not on the captures' time line: --tz states the "
                     "zone of times that lack one"));
    return 0;
}

static bool any_leak(const struct rank_view *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].r->outcome == OUTCOME_LEAK)
            return true;
    return false;
}

static void hint_patterns(struct rank *x, const struct rank_result *r)
{
    struct pool_tag *tags = malloc((r->n_tags > 0 ? r->n_tags : 1) * sizeof *tags);
    if (tags == NULL)
        return; /* a hint is not worth an error */
    for (size_t i = 0; i < r->n_tags; i++)
        tags[i] = r->tags[i].tag;
    command_hint_patterns(x->c, tags, r->n_tags);
    free(tags);
}

static int print(struct rank *x, struct err *e)
{
    struct context *c = x->c;
    size_t n = 0;
    bool leak = false;
    struct rank_view *views = calloc(x->n, sizeof *views);
    struct judged *judged = calloc(x->n, sizeof *judged);
    int r = views != NULL && judged != NULL ? 0 : err_nomem(e);
    for (size_t i = 0; i < x->n && r == 0; i++) {
        if (x->v[i].tally == NULL)
            continue;
        r = judge(x, i, &views[n], &judged[n], e);
        if (r == 0) {
            term_notes(&c->term, "", &x->l->groups[i].notes);
            term_notes(&c->term, "", &judged[n].result.notes);
            n++;
        }
    }
    struct render render;
    struct render_opts ro;
    if (r == 0)
        r = command_render(c, &render, &ro, e);
    if (r == 0) {
        r = c->o.renderer->rank(&render, views, n, !c->term.failed);
        r = command_render_end(&render, r, e);
    }
    if (r == 0 && n == 1 && views[0].n_order == 0)
        hint_patterns(x, views[0].r);
    if (r == 0)
        leak = any_leak(views, n);
    judged_free(judged, x->n);
    free(views);
    return r < 0 ? r : c->o.exit_code && leak ? EXIT_FOUND : EXIT_FINE;
}

int cmd_rank(struct context *c, struct err *e)
{
    struct load l = {0};
    struct rank x = {.c = c, .l = &l};
    struct load_visitor v = {.ctx = &x, .snapshot = on_snapshot, .restart = on_restart};
    int r = owners_open(&x.owners, &c->o, e);
    if (r == 0)
        r = command_load(c, &l, e);
    if (r == 0)
        r = load_series(&l, &v, e);
    if (r == 0)
        r = load_check_any(&l, e);
    if (r == 0 && !any_capture(&x)) {
        r = err_set(e, ERR_EMPTY, "only events and totals, no capture to rank");
        err_hint(e, "poolsift show prints them; give captures beside them");
    }
    if (r == 0)
        r = refuse_mixture(&x, e);
    if (r == 0) {
        term_notes(&c->term, "", &l.notes);
        if (l.skipped > 0)
            term_note(&c->term, "", 0, NOTE_SKIPPED, note_meaning(NOTE_SKIPPED));
        r = print(&x, e);
    }
    forget(&x);
    owners_free(&x.owners);
    free(x.v);
    load_free(&l);
    return r;
}
