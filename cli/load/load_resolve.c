/* SPDX-License-Identifier: MIT */
/* When and where a capture was taken: what the reader found, then what the input's name,
 * its file time and the options say. */
#include <string.h>

#include "cli/load/load_parts.h"
#include "cli/redact/redact_snapshot.h"
#include "formats/when.h"

/* The input whose snapshot is at hand. */
struct origin {
    const struct load *l;
    size_t input;
    bool alone; /* it holds no other capture, as far as can be seen */
};

static const struct input_item *item_of(const struct origin *from)
{
    return &from->l->inputs.v[from->input];
}

static const char *base_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash != NULL ? slash + 1 : name;
}

enum date_order load_order_of_names(const struct inputs *in)
{
    bool day = false, month = false;
    for (size_t i = 0; i < in->n; i++) {
        struct pool_time t = {0};
        if (!when_name(base_name(in->v[i].real), &t) || t.ambiguous)
            continue;
        day |= t.order == ORDER_DAY_FIRST;
        month |= t.order == ORDER_MONTH_FIRST;
    }
    return day == month ? DATE_ORDER_UNKNOWN : day ? DATE_ORDER_DMY : DATE_ORDER_MDY;
}

/* The events of a record read the month first; those whose day could be one change. */
static void exchange_days(struct pool_snapshot *s)
{
    for (size_t i = 0; i < s->n_events; i++) {
        int64_t *ms = &s->events[i].ms;
        struct civil c;
        if (*ms == INT64_MIN)
            continue;
        civil_from_ms(*ms, &c);
        int month = c.month;
        c.month = c.day;
        c.day = month;
        (void)civil_to_ms(&c, ms); /* no such month: it was certain, and stays */
    }
}

/* Doubtful dates once the order is known: month first or day first. */
static bool settle_order(const struct load *l, struct pool_snapshot *s)
{
    struct pool_time *t = &s->time;
    if (!t->ambiguous)
        return true;
    if (l->date_order == DATE_ORDER_UNKNOWN)
        return false;
    if (l->date_order == DATE_ORDER_DMY) {
        t->ms = t->other_ms;
        exchange_days(s);
    }
    t->ambiguous = false;
    t->other_ms = 0;
    return true;
}

/* A file name's time belongs to the one snapshot the file holds, not to a log of many. */
static void time_from_name(const struct origin *from, struct pool_time *t)
{
    struct pool_time found = {0};
    if (from->alone && when_name(base_name(item_of(from)->real), &found))
        *t = found;
}

static int time_from_mtime(const struct origin *from, struct pool_time *t, struct err *e)
{
    int64_t ms;
    bool zone_known;
    if (!from->alone || !from->l->o->time_from_mtime)
        return 0;
    const int r = inputs_mtime(&from->l->inputs, from->input, &ms, &zone_known, e);
    if (r > 0)
        *t = (struct pool_time){.source = TIME_MTIME, .ms = ms, .zone_known = zone_known};
    return r < 0 ? r : 0;
}

static int resolve_time(const struct origin *from, struct pool_snapshot *s, struct err *e)
{
    struct pool_time *t = &s->time;
    const struct options *o = from->l->o;
    enum time_source had = t->source;
    if (o->time.source != TIME_NONE && s->record == RECORD_CAPTURE) {
        if (!from->alone) {
            int r = err_set(e, ERR_USAGE, "--time is for inputs that hold one snapshot");
            err_place(e, item_of(from)->name, 0);
            err_hint(e, "--start TIME --every STEP gives times to several");
            return r;
        }
        *t = o->time;
    }
    if (t->source == TIME_NONE)
        time_from_name(from, t);
    if (t->source == TIME_NONE)
        TRY(time_from_mtime(from, t, e));
    if (!settle_order(from->l, s)) {
        TRY(note_add(&s->notes, e, NOTE_TIME_AMBIGUOUS, 0, "%s", ""));
        return 0; /* the caller decides: more inputs may tell */
    }
    load_apply_zone(from->l, t);
    if (t->source != had && t->source == TIME_NAME)
        TRY(note_add(&s->notes, e, NOTE_TIME_FROM_NAME, 0, "%s", ""));
    if (t->source != had && t->source == TIME_MTIME)
        TRY(note_add(&s->notes, e, NOTE_TIME_FROM_MTIME, 0, "%s", ""));
    return 0;
}

/* The machine as --host or --host-from say it, where the capture does not. */
static int resolve_host(const struct origin *from, struct pool_snapshot *s, struct err *e)
{
    const struct options *o = from->l->o;
    const struct input_item *item = item_of(from);
    if (s->host != 0)
        return 0;
    if (o->host != NULL)
        return pool_snapshot_intern(s, o->host, strlen(o->host), &s->host, e);
    const char *slash = strrchr(item->real, '/');
    if (o->host_from == HOST_FROM_DIR) {
        const char *below = item->real + item->root_len;
        const char *end = item->root_len > 0 ? strchr(below, '/') : NULL;
        if (end == NULL && slash != NULL) { /* no folder below: the one it stands in */
            end = slash;
            below = end;
            while (below > item->real && below[-1] != '/')
                below--;
        }
        return end == NULL
                   ? 0
                   : pool_snapshot_intern(s, below, (size_t)(end - below), &s->host, e);
    }
    if (o->host_from == HOST_FROM_NAME) {
        const char *base = slash != NULL ? slash + 1 : item->real;
        return pool_snapshot_intern(s, base, strcspn(base, "-_."), &s->host, e);
    }
    return 0;
}

int load_resolve(const struct load *l, size_t input, bool alone, struct pool_snapshot *s,
                 struct err *e)
{
    const struct origin from = {.l = l, .input = input, .alone = alone};
    TRY(resolve_time(&from, s, e));
    TRY(resolve_host(&from, s, e));
    return redact_snapshot(l->o->names, item_of(&from)->name, s, e);
}
