/* SPDX-License-Identifier: MIT */
#include "cli/rank/ranking.h"

#include <stdlib.h>
#include <string.h>

#include "cli/analyze/row.h"
#include "formats/when.h"
#include "formats/worker.h"

#define WORTH_A_THREAD 64 /* snapshots of a series, to judge it */

static void series_free(struct series *s)
{
    tally_free(s->tally);
    owners_forget(&s->owners);
    buf_free(&s->facts);
}

static void forget(struct ranking *x)
{
    for (size_t i = 0; i < x->n_series; i++)
        series_free(&x->series[i]);
    x->n_series = 0;
    beside_free(&x->beside);
}

static int on_restart(void *ctx, struct err *e)
{
    (void)e;
    forget(ctx);
    return 0;
}

static int series_of(struct ranking *x, size_t group, struct series **out, struct err *e)
{
    void *v = x->series;
    TRY(grow(&v, &x->series_cap, group + 1, sizeof *x->series, e));
    x->series = v;
    while (x->n_series <= group)
        x->series[x->n_series++] = (struct series){.owners = owners_fresh(&x->owners)};
    *out = &x->series[group];
    return 0;
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

/* A machine is what its last capture says it is: it may have been updated meanwhile. */
static int keep_facts(struct series *s, const struct pool_snapshot *p, struct err *e)
{
    const char *facts = pool_snapshot_str(p, p->facts);
    if (*facts == '\0')
        return 0;
    s->facts.n = 0;
    return buf_append(&s->facts, facts, strlen(facts) + 1, e);
}

double series_clock_at(struct series_clock *k, const struct pool_time *t)
{
    bool timed = t->source != TIME_NONE;
    int64_t ms = when_order_ms(t);
    if (timed && k->any && ms > k->last_ms)
        k->hours += (double)(ms - k->last_ms) / 3600e3;
    k->last_ms = ms;
    k->any = true;
    return timed ? k->hours : (double)NAN;
}

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct ranking *x = ctx;
    struct series *s;
    TRY(beside_add(&x->beside, l->group, l->s, e));
    TRY(series_of(x, l->group, &s, e));
    limit_facts_add(&s->limits, l->s);
    watch_add(&s->watch, l->s);
    if (l->s->record != RECORD_CAPTURE)
        return 0;
    if (s->tally == NULL)
        TRY(tally_new(&s->tally, e));
    if (s->snapshots == 0) {
        s->from = l->s->time;
        s->origin_ms = l->s->time.ms;
    }
    s->to = l->s->time;
    s->snapshots++;
    watch_memory(s, l->s);
    TRY(owners_learn(&s->owners, l->s, e));
    TRY(keep_facts(s, l->s, e));
    return tally_add(s->tally, l->s, series_clock_at(&s->clock, &l->s->time),
                     l->clock_back, e);
}

static bool any_capture(const struct ranking *x)
{
    for (size_t i = 0; i < x->n_series; i++)
        if (x->series[i].tally != NULL)
            return true;
    return false;
}

static int refuse_mixture(const struct ranking *x, struct err *e)
{
    for (size_t i = 0; i < x->n_series; i++) {
        if (x->series[i].memory_turns == 0 || x->load.groups[i].host[0] != '\0')
            continue;
        int r = err_set(e, ERR_USAGE,
                        "these look like two machines: physical memory is %lluK and "
                        "%lluK by turns",
                        (unsigned long long)x->series[i].memory_kib[0],
                        (unsigned long long)x->series[i].memory_kib[1]);
        err_hint(e, "--host-from dir or --host-from name tells them apart; --host NAME "
                    "says they are one");
        return r;
    }
    return 0;
}

/* One owner a tag of r; the caller frees them. */
static int find_owners(const struct owners *o, const struct rank_result *r,
                       struct owner **out, struct err *e)
{
    struct pool_tag *tags = malloc((r->n_tags > 0 ? r->n_tags : 1) * sizeof *tags);
    if (tags == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < r->n_tags; i++)
        tags[i] = r->tags[i].tag;
    int code = owners_of(o, tags, r->n_tags, out, e);
    free(tags);
    return code;
}

static void judged_free(struct judged *j)
{
    rank_free(&j->result);
    told_free(&j->told);
    free(j->order);
    free(j->owners);
}

/* Half of the rows are judged beside the other half, by threads as they are allowed. */
static int find_worker(struct ranking *x, const struct series *s, struct err *e)
{
    if (x->worker != NULL || s->snapshots < WORTH_A_THREAD ||
        options_threads(&x->c->o) < 2)
        return 0;
    return worker_new(&x->worker, true, e);
}

/* Fills one view from what is put into *j. */
static int judge(struct ranking *x, size_t i, struct rank_view *v, struct judged *j,
                 struct err *e)
{
    const struct context *c = x->c;
    const struct load_group *g = &x->load.groups[i];
    struct rank_result *result = &j->result;
    struct rank_opts ro = {.role = owners_role,
                           .role_ctx = &x->owners,
                           .suspects = x->suspects,
                           .thresholds = know_thresholds,
                           .n_thresholds = know_thresholds_n,
                           .n_suspects = x->n_suspects,
                           .of_rules = x->n_suspects - c->o.suspects.n};
    struct limit_facts facts = x->series[i].limits;
    facts.os = c->o.os;
    memcpy(facts.stated, c->o.limit_bytes, sizeof facts.stated);
    for (int k = 0; k < POOL_KINDS; k++)
        limits_of(&ro.limits[k], (enum pool_kind)k, &facts);
    TRY(find_worker(x, &x->series[i], e));
    ro.worker = x->worker;
    TRY(rank_tally(result, x->series[i].tally, &ro, e));
    TRY(find_owners(&x->series[i].owners, result, &j->owners, e));
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
                            .from = x->series[i].from,
                            .to = x->series[i].to,
                            .origin_ms = x->series[i].origin_ms,
                            .files = g->files,
                            .order = j->order,
                            .n_order = n,
                            .owners = j->owners,
                            .left_out_without_time = g->without_time,
                            .notes = &g->notes,
                            .facts = (const char *)x->series[i].facts.p};
    beside_of(&x->beside, &x->load, i, &j->beside, v);
    TRY(told_make(&j->told, v, &x->rules, &x->series[i].watch, c->o.os, e));
    if (j->beside.apart)
        TRY(note_add(&x->load.groups[i].notes, e, NOTE_EVENTS_APART, 0,
                     "the events are not on the captures' time line: --tz states the "
                     "zone of times that lack one"));
    return 0;
}

int ranking_judge(struct ranking *x, struct err *e)
{
    x->views = calloc(x->n_series + 1, sizeof *x->views);
    x->judged = calloc(x->n_series + 1, sizeof *x->judged);
    if (x->views == NULL || x->judged == NULL)
        return err_nomem(e);
    TRY(rule_book_suspects(&x->rules, &x->c->o.suspects, &x->suspects, &x->n_suspects,
                           e));
    for (size_t i = 0; i < x->n_series; i++) {
        if (x->series[i].tally == NULL)
            continue;
        struct judged *j = &x->judged[x->n_views];
        int r = judge(x, i, &x->views[x->n_views], j, e);
        if (r < 0) {
            judged_free(j);
            return r;
        }
        term_notes(&x->c->term, x->place, &x->load.groups[i].notes);
        term_notes(&x->c->term, x->place, &j->result.notes);
        x->n_views++;
    }
    return 0;
}

/* What is left to do once the load is open. */
static int gather(struct ranking *x, struct err *e)
{
    struct load_visitor v = {.ctx = x, .snapshot = on_snapshot, .restart = on_restart};
    x->load.follow = x->load.any_order = true;
    TRY(load_series(&x->load, &v, e));
    TRY(load_check_any(&x->load, e));
    if (!any_capture(x)) {
        int r = err_set(e, ERR_EMPTY, "only events and totals, no capture to rank");
        err_hint(e, "poolsift show prints them; give captures beside them");
        return r;
    }
    TRY(refuse_mixture(x, e));
    term_notes(&x->c->term, x->place, &x->load.notes);
    return 0;
}

int ranking_load(struct ranking *x, struct context *c, struct err *e)
{
    *x = (struct ranking){.c = c, .place = ""};
    TRY(owners_open(&x->owners, &c->o, e));
    TRY(rule_book_open(&x->rules, &c->o, e));
    TRY(command_load(c, &x->load, e));
    return gather(x, e);
}

int ranking_load_from(struct ranking *x, struct context *c, const struct options *o,
                      char **operand, struct err *e)
{
    *x = (struct ranking){.c = c, .place = *operand};
    TRY(owners_open(&x->owners, o, e));
    TRY(rule_book_open(&x->rules, o, e));
    TRY(load_open(&x->load, o, &c->term, operand, 1, e));
    return gather(x, e);
}

void ranking_free(struct ranking *x)
{
    for (size_t i = 0; i < x->n_views; i++)
        judged_free(&x->judged[i]);
    free(x->judged);
    free(x->views);
    forget(x);
    free(x->series);
    owners_free(&x->owners);
    rule_book_free(&x->rules);
    free(x->suspects);
    worker_free(x->worker);
    load_free(&x->load);
    *x = (struct ranking){0};
}
