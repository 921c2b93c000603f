/* SPDX-License-Identifier: MIT */
#include "cli/analyze/events.h"

#include <stdio.h>
#include <string.h>

#include "formats/when.h"

struct pool_time event_time(const struct pool_snapshot *s, const struct pool_event *v)
{
    if (v->ms == INT64_MIN || s->time.source == TIME_NONE || s->time.ambiguous)
        return (struct pool_time){.source = TIME_NONE};
    return (struct pool_time){.source = s->time.source,
                              .ms = v->ms,
                              .zone_known = s->time.zone_known,
                              .zone_min = s->time.zone_min};
}

static struct event_sum *sum_of(struct event_sums *t, const char *code)
{
    for (size_t i = 0; i < t->n; i++)
        if (strncmp(t->v[i].code, code, EVENT_CODE_MAX - 1) == 0)
            return &t->v[i];
    if (t->n == EVENT_CODES_MAX)
        return &t->v[EVENT_CODES_MAX - 1];
    struct event_sum *to = &t->v[t->n++];
    *to = (struct event_sum){.lines = 0};
    (void)snprintf(to->code, sizeof to->code, "%s",
                   t->n == EVENT_CODES_MAX ? "other" : code);
    return to;
}

static void add(struct event_sums *t, const struct event_sum *from)
{
    struct event_sum *to = sum_of(t, from->code);
    t->lines += from->lines;
    to->lines += from->lines;
    if (!add_u64(to->count, from->count, &to->count))
        to->count = UINT64_MAX;
    if (from->first.source == TIME_NONE)
        return;
    if (to->first.source == TIME_NONE ||
        when_order_ms(&from->first) < when_order_ms(&to->first))
        to->first = from->first;
    if (to->last.source == TIME_NONE ||
        when_order_ms(&from->last) > when_order_ms(&to->last))
        to->last = from->last;
}

void event_sums_add(struct event_sums *t, const struct pool_snapshot *s)
{
    for (size_t i = 0; i < s->n_events; i++) {
        const struct pool_event *v = &s->events[i];
        struct event_sum one = {.lines = 1, .count = v->count};
        (void)snprintf(one.code, sizeof one.code, "%s", pool_snapshot_str(s, v->code));
        one.first = one.last = event_time(s, v);
        add(t, &one);
    }
}

void event_sums_merge(struct event_sums *t, const struct event_sums *from)
{
    for (size_t i = 0; i < from->n; i++)
        add(t, &from->v[i]);
}

enum pool_kind event_pool(const char *code)
{
    bool paged = strcmp(code, "event-2020") == 0 || strcmp(code, "event-2018") == 0;
    return paged ? POOL_PAGED : POOL_NONPAGED;
}

/* ---- moments ---- */

bool pool_moment_of(const struct pool_snapshot *s, struct pool_moment *m)
{
    static const enum total_field field[] = {
        [POOL_NONPAGED] = TOTAL_NONPAGED_KIB, [POOL_PAGED] = TOTAL_PAGED_KIB};
    bool any = false;
    *m = (struct pool_moment){.time = s->time};
    if (s->time.source == TIME_NONE || s->time.ambiguous)
        return false;
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        m->known[k] = (s->totals.given & 1u << field[k]) != 0 &&
                      mul_u64(s->totals.v[field[k]], 1024, &m->bytes[k]);
        if (!m->known[k] && s->n_rows > 0 && s->completeness == COMPLETE_WHOLE) {
            m->bytes[k] = pool_snapshot_bytes(s, (enum pool_kind)k);
            m->known[k] = m->bytes[k] > 0;
        }
        any |= m->known[k];
    }
    return any;
}

const struct pool_moment *pool_moment_before(const struct pool_moment *v, size_t n,
                                             const struct pool_time *t, enum pool_kind k)
{
    const struct pool_moment *best = NULL;
    int64_t at = when_order_ms(t);
    for (size_t i = 0; i < n; i++) {
        int64_t ms = when_order_ms(&v[i].time);
        if (v[i].known[k] && v[i].time.zone_known == t->zone_known && ms <= at &&
            (best == NULL || ms >= when_order_ms(&best->time)))
            best = &v[i];
    }
    return best;
}
