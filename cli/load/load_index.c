/* SPDX-License-Identifier: MIT */
#include "cli/load/load_index.h"

#include <string.h>

#include "cli/load/load_parts.h"
#include "cli/redact/redact_snapshot.h"
#include "formats/psz/file.h"
#include "formats/when.h"

/* FILE@-N wants to know how many there are. */
static int count_snapshots(struct load *l, size_t input, uint64_t *n, struct err *e)
{
    struct load_walk *w;
    struct pool_snapshot *s;
    TRY(load_walk_open(&w, l, input, e));
    int r;
    while ((r = load_walk_next(w, &s, e)) == 1)
        ++*n;
    load_walk_close(w);
    return r;
}

int load_picked(struct load *l, size_t input, uint64_t *ordinal, struct err *e)
{
    const struct input_item *item = &l->inputs.v[input];
    *ordinal = 0;
    if (item->pick == 0)
        return 0;
    uint64_t n = 0;
    TRY(count_snapshots(l, input, &n, e));
    uint64_t k = item->pick > 0 ? (uint64_t)item->pick : n + 1 - (uint64_t)(-item->pick);
    if (k < 1 || k > n) {
        int r = err_set(e, ERR_USAGE, "@%lld: there %s %llu snapshot%s",
                        (long long)item->pick, n == 1 ? "is" : "are",
                        (unsigned long long)n, n == 1 ? "" : "s");
        err_hint(e, "@1 is the first, @-1 the last");
        err_place(e, item->name, 0);
        return r;
    }
    *ordinal = k;
    return 0;
}

/* An archive in a file of its own, read as what it says it is. */
static bool is_plain(const struct load *l, const struct input_item *item)
{
    const struct options *o = l->o;
    return item->kind == INPUT_FILE && item->document == NULL && !o->salvage &&
           (o->from == NULL || strcmp(o->from, "psz") == 0);
}

/* The times in the index are the ones that count. */
static bool times_as_stored(const struct options *o)
{
    return o->time.source == TIME_NONE && o->every_ms == 0 && !o->tz_given &&
           o->since.source == TIME_NONE && o->until.source == TIME_NONE;
}

static int choose(const struct load *l, const struct input_item *item, struct psz_file *f,
                  uint64_t *number, struct err *e)
{
    const struct options *o = l->o;
    uint64_t n = psz_file_count(f), back;
    *number = 0;
    if (item->pick > 0)
        *number = (uint64_t)item->pick <= n ? (uint64_t)item->pick : 0;
    back = 0 - (uint64_t)item->pick;
    if (item->pick < 0)
        *number = back <= n ? n + 1 - back : 0;
    if (item->pick != 0 || !l->latest || !times_as_stored(o))
        return 0;
    int64_t at = o->at.source == TIME_NONE ? INT64_MAX : when_order_ms(&o->at);
    return psz_file_latest(f, at, number, e);
}

/* 1: *s is that capture, *number which it is and *count how many there are. */
static int find(const struct load *l, const struct input_item *item,
                struct pool_snapshot *s, uint64_t *number, uint64_t *count, struct err *e)
{
    struct psz_file *f;
    struct err own = {0};
    TRY(psz_file_open(&f, item->path, &l->limits, e));
    if (f == NULL)
        return 0;
    *count = psz_file_count(f);
    int r = choose(l, item, f, number, &own);
    if (r == 0 && *number > 0)
        r = psz_file_at(f, *number, s, &own) == 0 ? 1 : own.code;
    psz_file_close(f);
    if (r == ERR_NOMEM)
        return err_nomem(e);
    /* What is damaged, or was archived without its name or time, is the plain reader's.
     */
    return r == 1 && *count > 1 && s->source != 0 && s->ordinal != 0 && s->format != 0 &&
           s->time.source != TIME_NONE && l->o->time.source == TIME_NONE;
}

int load_indexed(struct load *l, size_t input, const struct load_visitor *v,
                 struct err *e)
{
    const struct input_item *item = &l->inputs.v[input];
    struct pool_snapshot s = {0};
    uint64_t number = 0, count = 0;
    if ((item->pick == 0 && !l->latest) || !is_plain(l, item) || v->input_end != NULL)
        return 0;
    int r = find(l, item, &s, &number, &count, e);
    if (r == 1) {
        struct loaded given = {.input = input, .ordinal = number};
        if (item->pick == 0) {
            given.passed_before = number - 1;
            given.passed_behind = count - number;
        }
        r = load_resolve(l, input, false, &s, e);
        if (r == 0)
            r = load_give(l, v, &given, &s, e);
        if (r < 0 && l->o->names != NULL)
            redact_err(l->o->names, e);
        r = r < 0 ? r : 1;
    }
    pool_snapshot_free(&s);
    return r;
}
