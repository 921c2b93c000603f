/* SPDX-License-Identifier: MIT */
#include "formats/psz/known.h"

#include <stdlib.h>
#include <string.h>

#include "formats/when.h"

static void mix(struct psz_mark *m, uint64_t v)
{
    m->a = (m->a ^ v) * 0x9e3779b97f4a7c15u;
    m->a ^= m->a >> 29;
    m->b = (m->b + v) * 0xc2b2ae3d27d4eb4fu;
    m->b ^= m->b >> 31;
}

static void mix_text(struct psz_mark *m, const char *p)
{
    for (; *p != '\0'; p++)
        mix(m, (uint8_t)*p);
}

static void mix_events(struct psz_mark *m, const struct pool_snapshot *s)
{
    mix(m, s->n_events);
    for (size_t i = 0; i < s->n_events; i++) {
        const struct pool_event *v = &s->events[i];
        mix(m, (uint64_t)v->ms);
        mix(m, v->count);
        mix_text(m, pool_snapshot_str(s, v->code));
        mix_text(m, pool_snapshot_str(s, v->text));
    }
}

struct psz_mark psz_mark_of(const struct pool_snapshot *s)
{
    struct psz_mark m = {1, 2};
    mix_text(&m, pool_snapshot_str(s, s->host));
    mix(&m, (uint64_t)s->scope << 32 | s->session);
    mix(&m, s->time.source != TIME_NONE);
    mix(&m, s->time.source != TIME_NONE ? (uint64_t)when_order_ms(&s->time) : 0);
    mix(&m, s->totals.given);
    for (int i = 0; i < TOTALS; i++)
        mix(&m, s->totals.v[i]);
    mix(&m, s->record);
    mix_events(&m, s);
    mix(&m, s->n_rows);
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i);
        mix(&m, (uint64_t)tag_key(r->tag) << 32 | (uint64_t)r->pool << 16 | r->fields);
        mix(&m, r->allocs);
        mix(&m, r->frees);
        mix(&m, r->live);
        mix(&m, r->bytes);
        mix(&m, r->per_alloc);
        mix(&m, (uint64_t)r->allocs_delta);
        mix(&m, (uint64_t)r->frees_delta);
        mix(&m, (uint64_t)r->bytes_delta);
    }
    return m;
}

static uint64_t hash_of(struct psz_mark m)
{
    return lookup_number(lookup_number(LOOKUP_SEED, m.a), m.b);
}

bool psz_known_has(const struct psz_known *k, struct psz_mark m)
{
    size_t step = 0;
    for (size_t i; lookup_next(&k->by_mark, hash_of(m), &step, &i);)
        if (k->v[i].a == m.a && k->v[i].b == m.b)
            return true;
    return false;
}

int psz_known_add(struct psz_known *k, struct psz_mark m, struct err *e)
{
    void *v = k->v;
    if (psz_known_has(k, m))
        return 0;
    TRY(grow(&v, &k->cap, k->n + 1, sizeof *k->v, e));
    k->v = v;
    k->v[k->n] = m;
    return lookup_add(&k->by_mark, hash_of(m), k->n++, e);
}

void psz_known_free(struct psz_known *k)
{
    free(k->v);
    lookup_free(&k->by_mark);
    *k = (struct psz_known){0};
}
