/* SPDX-License-Identifier: MIT */
/* Series order.  Inputs that arrive in order stream straight through.  When one does not
 * (files out of order, a doubtful date, times missing here and there), the rest of the
 * first pass only notes when every snapshot was taken; then the entries are sorted and
 * the inputs are read a second time.
 *
 * Inside one input the order is the input's own: a log grows at its end.  A time that
 * falls there is a clock set back, and stays where it is. */
#include "cli/load/load_parts.h"

#include <stdlib.h>
#include <string.h>

#include "formats/when.h"

/* What the first pass keeps of a snapshot. */
struct load_entry {
    struct pool_time time;
    int64_t key_ms;  /* never falls inside one input and group */
    uint64_t digest; /* of the figures: equal at equal times means a duplicate */
    uint64_t arrival;
    size_t input, group;
    uint64_t ordinal; /* in its input, from 1 */
    bool timed;
    bool told;  /* its notes were printed in the first pass */
    bool given; /* to the visitor */
};

struct series_pass {
    struct load *l;
    const struct load_visitor *v;
    bool streaming; /* still handing out what arrives */
    uint64_t arrivals;
};

/* ---- figures to a digest ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}

static uint64_t digest_of(const struct pool_snapshot *s)
{
    uint64_t h = mix(mix(s->n_rows, s->n_events), s->totals.given);
    for (size_t i = 0; i < s->n_events; i++)
        h = mix(mix(h, (uint64_t)s->events[i].ms), s->events[i].count);
    for (int i = 0; i < TOTALS; i++)
        h = mix(h, s->totals.v[i]);
    h = mix(h, pool_snapshot_digest(s));
    return h;
}

/* ---- doubtful dates ---- */

/* Logs that travel beside the captures stand in an order of their own. */
static bool beside(const struct load *l, const struct load_entry *e)
{
    return l->groups[e->group].record == RECORD_EVENTS;
}

static int64_t reading(const struct load_entry *e, enum date_order order)
{
    return e->time.ambiguous && order == DATE_ORDER_DMY ? e->time.other_ms : e->time.ms;
}

static bool monotone(const struct load *l, enum date_order order)
{
    const struct load_entry *last = NULL;
    for (size_t i = 0; i < l->n_entries; i++) {
        const struct load_entry *e = &l->entries[i];
        if (e->time.source == TIME_NONE || beside(l, e))
            continue;
        if (last != NULL && reading(e, order) < reading(last, order))
            return false;
        last = e;
    }
    return true;
}

/* A number above 12 anywhere decides for all; else the order of arrival does, when only
 * one reading keeps it. */
static enum date_order decide_order(const struct load *l)
{
    if (l->date_order != DATE_ORDER_UNKNOWN)
        return l->date_order;
    bool day = false, month = false, doubt = false;
    for (size_t i = 0; i < l->n_entries; i++) {
        const struct pool_time *t = &l->entries[i].time;
        doubt |= t->ambiguous;
        if (!t->ambiguous) {
            day |= t->order == ORDER_DAY_FIRST;
            month |= t->order == ORDER_MONTH_FIRST;
        }
    }
    if (!doubt)
        return DATE_ORDER_UNKNOWN;
    if (day != month)
        return day ? DATE_ORDER_DMY : DATE_ORDER_MDY;
    bool dmy = monotone(l, DATE_ORDER_DMY), mdy = monotone(l, DATE_ORDER_MDY);
    return dmy == mdy ? DATE_ORDER_UNKNOWN : dmy ? DATE_ORDER_DMY : DATE_ORDER_MDY;
}

/* Doubtful times become certain, or none: then their names were order only. */
static void settle_entry(struct load_entry *e, enum date_order order)
{
    if (!e->time.ambiguous)
        return;
    if (order == DATE_ORDER_UNKNOWN)
        e->time = (struct pool_time){.source = TIME_NONE};
    else
        e->time.ms = reading(e, order);
    e->time.ambiguous = false;
    e->time.other_ms = 0;
    e->timed = e->time.source != TIME_NONE;
}

/* ---- handing out ---- */

/* Decides duplicates and clock-back against the group's last, and gives the snapshot. */
static int hand_out(struct series_pass *p, struct load_entry *en, struct pool_snapshot *s,
                    struct err *e)
{
    struct load *l = p->l;
    struct load_group *g = &l->groups[en->group];
    struct loaded given = {
        .s = s, .input = en->input, .group = en->group, .ordinal = en->ordinal};
    s->time = en->time;
    if (g->any && en->timed && g->last_key_ms == en->key_ms) {
        if (g->last_digest == en->digest)
            return note_add(&g->notes, e, NOTE_DUPLICATE, 0,
                            "%s came twice; one was kept", l->inputs.v[en->input].name);
        TRY(note_add(&g->notes, e, NOTE_SAME_TIME, 0,
                     "%s has the time of another capture", l->inputs.v[en->input].name));
    }
    given.clock_back = g->any && en->timed && when_order_ms(&en->time) < en->key_ms;
    if (given.clock_back)
        TRY(note_add(&g->notes, e, NOTE_CLOCK_BACK, s->line,
                     "the clock was set back in %s", l->inputs.v[en->input].name));
    if (!g->any || g->last_input != en->input)
        g->files++;
    g->any = true;
    g->last_key_ms = en->key_ms;
    g->last_digest = en->digest;
    g->last_input = en->input;
    g->given++;
    l->snapshots++;
    if (!en->told)
        term_notes(l->term, l->inputs.v[en->input].name, &s->notes);
    en->told = true;
    en->given = true;
    int r = p->v->snapshot(p->v->ctx, &given, e);
    l->fatal = r < 0;
    return r;
}

static bool arrives_in_order(struct series_pass *p, const struct load_entry *en)
{
    const struct load_group *g = &p->l->groups[en->group];
    if (en->time.ambiguous)
        return false;
    if (!g->decided)
        return true;
    if (en->timed != g->timed)
        return g->timed && !p->v->keep_untimed; /* a late one without time is left out */
    return !en->timed || en->key_ms >= g->last_key_ms;
}

static int add_entry(struct load *l, const struct load_entry *en, struct err *e)
{
    void *v = l->entries;
    TRY(grow(&v, &l->entries_cap, l->n_entries + 1, sizeof *l->entries, e));
    l->entries = v;
    l->entries[l->n_entries++] = *en;
    return 0;
}

static int first_pass_snapshot(void *ctx, const struct loaded *given, struct err *e)
{
    struct series_pass *p = ctx;
    struct load *l = p->l;
    struct load_group *g = &l->groups[given->group];
    l->snapshots--; /* counted when handed out */
    struct load_entry en = {.time = given->s->time,
                            .key_ms = when_order_ms(&given->s->time),
                            .digest = digest_of(given->s),
                            .arrival = p->arrivals++,
                            .input = given->input,
                            .group = given->group,
                            .ordinal = given->ordinal,
                            .timed = given->s->time.source != TIME_NONE};
    /* Inside one input the key never falls. */
    if (en.timed && g->any && g->last_input == en.input && en.key_ms < g->last_key_ms)
        en.key_ms = g->last_key_ms;
    TRY(add_entry(l, &en, e));
    if (!p->streaming)
        return 0;
    if (!arrives_in_order(p, &en)) {
        p->streaming = false;
        return 0;
    }
    if (!g->decided) {
        g->decided = true;
        g->timed = en.timed;
    }
    if (en.timed != g->timed) {
        g->without_time++;
        return 0;
    }
    struct pool_snapshot copy = *given->s; /* a view whose time may be set */
    return hand_out(p, &l->entries[l->n_entries - 1], &copy, e);
}

static int first_pass_end(void *ctx, size_t input, const struct load_input_facts *f,
                          struct err *e)
{
    struct series_pass *p = ctx;
    return p->v->input_end != NULL ? p->v->input_end(p->v->ctx, input, f, e) : 0;
}

/* ---- the second pass ---- */

static int compare_entries(const void *a, const void *b)
{
    const struct load_entry *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->timed != y->timed)
        return x->timed ? -1 : 1;
    if (x->timed && x->key_ms != y->key_ms)
        return x->key_ms < y->key_ms ? -1 : 1;
    return x->arrival < y->arrival ? -1 : x->arrival > y->arrival;
}

/* Keys follow the settled times again, inside each input without falling. */
static void settle_keys(struct load *l, enum date_order order)
{
    int64_t last = 0;
    size_t input = SIZE_MAX, group = SIZE_MAX;
    for (size_t i = 0; i < l->n_entries; i++) {
        struct load_entry *en = &l->entries[i];
        settle_entry(en, order);
        en->key_ms = when_order_ms(&en->time);
        if (!en->timed)
            continue;
        if (en->input == input && en->group == group && en->key_ms < last)
            en->key_ms = last;
        last = en->key_ms;
        input = en->input;
        group = en->group;
    }
}

/* The entries as they are read: each group's in its order, and along an input as far as
 * what comes next in it is next in its group, too.  So one file of many hosts is read
 * once, not once a host. */
static int plan_reading(struct load *l, struct err *e)
{
    const size_t n = l->n_entries;
    struct load_entry *plan = malloc(n * sizeof *plan);
    size_t *sorted = malloc(n * sizeof *sorted); /* where each arrival stands */
    size_t *next = calloc(l->n_groups, sizeof *next);
    bool *taken = calloc(n, sizeof *taken);
    int r = plan == NULL || sorted == NULL || next == NULL || taken == NULL ? err_nomem(e)
                                                                            : 0;
    for (size_t i = n; i-- > 0 && r == 0;) {
        sorted[l->entries[i].arrival] = i;
        next[l->entries[i].group] = i;
    }
    for (size_t i = 0, k = 0; i < n && r == 0; i++) {
        size_t at = i;
        while (!taken[at] && next[l->entries[at].group] == at) {
            const struct load_entry *en = &l->entries[at];
            taken[at] = true;
            next[en->group]++;
            plan[k++] = *en;
            if (en->arrival + 1 == n)
                break;
            const size_t behind = sorted[en->arrival + 1];
            if (l->entries[behind].input != en->input)
                break;
            at = behind;
        }
    }
    if (r == 0)
        memcpy(l->entries, plan, n * sizeof *plan);
    free(plan);
    free(sorted);
    free(next);
    free(taken);
    return r;
}

static void forget_groups(struct load *l)
{
    for (size_t i = 0; i < l->n_groups; i++) {
        struct load_group *g = &l->groups[i];
        note_list_free(&g->notes);
        *g = (struct load_group){.host = g->host,
                                 .record = g->record,
                                 .scope = g->scope,
                                 .session = g->session,
                                 .machine = g->machine,
                                 .next = g->next,
                                 .last = g->last,
                                 .captures = g->captures};
    }
    for (size_t i = 0; i < l->n_entries; i++)
        l->entries[i].given = false;
    for (size_t i = 0; i < l->n_entries; i++)
        if (l->entries[i].timed)
            l->groups[l->entries[i].group].timed = true;
    l->snapshots = 0;
}

static int second_pass(struct series_pass *p, struct err *e)
{
    struct load *l = p->l;
    struct load_walks ws;
    int r = load_walks_open(&ws, e);
    for (size_t i = 0; i < l->n_entries && r >= 0; i++) {
        struct load_entry *en = &l->entries[i];
        struct load_group *g = &l->groups[en->group];
        struct pool_snapshot *s;
        load_progress_series(l, "Reading again, in order of time", i);
        if (g->timed && !en->timed && !p->v->keep_untimed) {
            g->without_time++;
            continue;
        }
        r = load_walks_fetch(&ws, l, en->input, en->ordinal, &s, e);
        if (r >= 0)
            r = hand_out(p, en, s, e);
    }
    load_walks_close(&ws);
    term_progress_end(l->term);
    return r;
}

int load_again(struct load *l, const struct load_visitor *v, struct err *e)
{
    struct load_walks ws;
    int r = load_walks_open(&ws, e);
    for (size_t i = 0; i < l->n_entries && r >= 0; i++) {
        const struct load_entry *en = &l->entries[i];
        struct pool_snapshot *s;
        load_progress_series(l, "Reading again, for the charts", i);
        if (!en->given)
            continue;
        r = load_walks_fetch(&ws, l, en->input, en->ordinal, &s, e);
        if (r < 0)
            break;
        s->time = en->time;
        const struct loaded given = {
            .s = s, .input = en->input, .group = en->group, .ordinal = en->ordinal};
        r = v->snapshot(v->ctx, &given, e);
    }
    load_walks_close(&ws);
    term_progress_end(l->term);
    return r;
}

static int note_left_out(struct load *l, struct err *e)
{
    for (size_t i = 0; i < l->n_groups; i++) {
        struct load_group *g = &l->groups[i];
        if (g->without_time > 0 && g->record == RECORD_CAPTURE)
            TRY(note_add(&g->notes, e, NOTE_SOME_WITHOUT_TIME, 0,
                         "%llu %s without a time %s left out; --start and "
                         "--every give times",
                         (unsigned long long)g->without_time,
                         g->without_time == 1 ? "snapshot" : "snapshots",
                         g->without_time == 1 ? "was" : "were"));
        if (g->record == RECORD_CAPTURE && !g->timed && g->given > 1)
            TRY(note_add(&g->notes, e, NOTE_NO_TIMES, 0,
                         "the captures carry no times, so there are no rates: --start "
                         "TIME --every STEP gives them"));
    }
    return 0;
}

int load_series(struct load *l, const struct load_visitor *v, struct err *e)
{
    struct series_pass p = {.l = l, .v = v, .streaming = true};
    struct load_visitor first = {
        .ctx = &p, .snapshot = first_pass_snapshot, .input_end = first_pass_end};
    l->keep_doubtful = true;
    TRY(load_each(l, &first, e));
    if (!p.streaming) {
        l->date_order = decide_order(l);
        settle_keys(l, l->date_order);
        if (l->n_entries > 1) {
            qsort(l->entries, l->n_entries, sizeof *l->entries, compare_entries);
            TRY(plan_reading(l, e));
        }
        forget_groups(l);
        TRY(v->restart(v->ctx, e));
        TRY(note_add(&l->notes, e, NOTE_OUT_OF_ORDER, 0, "%s", ""));
        TRY(second_pass(&p, e));
    }
    return note_left_out(l, e);
}
