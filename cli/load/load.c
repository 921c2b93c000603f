/* SPDX-License-Identifier: MIT */
#include "cli/load/load.h"

#include <stdlib.h>
#include <string.h>

#include "cli/load/load_index.h"
#include "cli/redact/redact_snapshot.h"
#include "formats/when.h"

/* ---- one input, walked ---- */

struct load_walk {
    struct load *l;
    size_t input;
    struct input *in;
    struct reader *reader;
    struct pool_snapshot snapshots[2]; /* one is lent, one may be read ahead */
    bool spare;                        /* they are the load's */
    int lent;
    bool ahead;     /* snapshots[!lent] holds the next one */
    int ahead_code; /* what reading gave last */
    struct err ahead_err;
    uint64_t given, captures;
    bool single; /* the one at hand is the only capture, as far as can be seen */
    struct note_list muted; /* the reader's, with --redact */
};

static int read_into(struct load_walk *w, int which)
{
    err_clear(&w->ahead_err);
    w->ahead_code = reader_next(w->reader, &w->snapshots[which], &w->ahead_err);
    return w->ahead_code;
}

static int read_ahead(struct load_walk *w)
{
    w->ahead = read_into(w, !w->lent) == 1;
    return w->ahead_code;
}

/* What the walks before left of storage, so that a chain can go on in it. */
static void borrow_spare(struct load_walk *w)
{
    w->spare = !w->l->spare_lent;
    if (!w->spare)
        return;
    w->l->spare_lent = true;
    memcpy(w->snapshots, w->l->spare, sizeof w->snapshots);
}

static void return_spare(struct load_walk *w)
{
    if (w->spare) {
        memcpy(w->l->spare, w->snapshots, sizeof w->snapshots);
        w->l->spare_lent = false;
        return;
    }
    pool_snapshot_free(&w->snapshots[0]);
    pool_snapshot_free(&w->snapshots[1]);
}

int load_walk_open(struct load_walk **out, struct load *l, size_t input, struct err *e)
{
    struct load_walk *w = calloc(1, sizeof *w);
    if (w == NULL)
        return err_nomem(e);
    w->l = l;
    w->input = input;
    borrow_spare(w);
    struct reader_opts o = {.from = l->o->from,
                            .layout = l->o->layout,
                            .salvage = l->o->salvage,
                            .memory = &l->memory,
                            .follow = l->follow,
                            .any_order = l->any_order,
                            .threads = options_threads(l->o),
                            .wanted = load_window_alone(l) ? load_may_give : NULL,
                            .wanted_ctx = l,
                            .limits = l->limits};
    int r = inputs_open(&l->inputs, input, &l->limits, &w->in, e);
    if (r == 0)
        r = reader_open(&w->reader, w->in, &o, e);
    if (r < 0) {
        err_place(e, l->inputs.v[input].name, 0);
        load_walk_close(w);
        return r;
    }
    (void)read_ahead(w);
    *out = w;
    return 0;
}

void load_walk_close(struct load_walk *w)
{
    if (w == NULL)
        return;
    reader_close(w->reader);
    input_close(w->in);
    return_spare(w);
    note_list_free(&w->muted);
    free(w);
}

/* ---- time and machine of a snapshot ---- */

static const char *base_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash != NULL ? slash + 1 : name;
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
static void time_from_name(struct load_walk *w, struct pool_time *t)
{
    struct pool_time found = {0};
    if (w->single && when_name(base_name(w->l->inputs.v[w->input].real), &found))
        *t = found;
}

static int time_from_mtime(struct load_walk *w, struct pool_time *t, struct err *e)
{
    int64_t ms;
    bool zone_known;
    if (!w->single || !w->l->o->time_from_mtime)
        return 0;
    const int r = inputs_mtime(&w->l->inputs, w->input, &ms, &zone_known, e);
    if (r > 0)
        *t = (struct pool_time){.source = TIME_MTIME, .ms = ms, .zone_known = zone_known};
    return r < 0 ? r : 0;
}

static int resolve_time(struct load_walk *w, struct pool_snapshot *s, struct err *e)
{
    struct pool_time *t = &s->time;
    const struct options *o = w->l->o;
    enum time_source had = t->source;
    if (o->time.source != TIME_NONE && s->record == RECORD_CAPTURE) {
        if (!w->single) {
            int r = err_set(e, ERR_USAGE, "--time is for inputs that hold one snapshot");
            err_place(e, w->l->inputs.v[w->input].name, 0);
            err_hint(e, "--start TIME --every STEP gives times to several");
            return r;
        }
        *t = o->time;
    }
    if (t->source == TIME_NONE)
        time_from_name(w, t);
    if (t->source == TIME_NONE)
        TRY(time_from_mtime(w, t, e));
    if (!settle_order(w->l, s)) {
        TRY(note_add(&s->notes, e, NOTE_TIME_AMBIGUOUS, 0, "%s", ""));
        return 0; /* the caller decides: more inputs may tell */
    }
    load_apply_zone(w->l, t);
    if (t->source != had && t->source == TIME_NAME)
        TRY(note_add(&s->notes, e, NOTE_TIME_FROM_NAME, 0, "%s", ""));
    if (t->source != had && t->source == TIME_MTIME)
        TRY(note_add(&s->notes, e, NOTE_TIME_FROM_MTIME, 0, "%s", ""));
    return 0;
}

/* The machine as --host or --host-from say it, where the capture does not. */
static int resolve_host(struct load_walk *w, struct pool_snapshot *s, struct err *e)
{
    const struct options *o = w->l->o;
    const struct input_item *item = &w->l->inputs.v[w->input];
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

static int resolve(struct load_walk *w, struct pool_snapshot *s, struct err *e)
{
    TRY(resolve_time(w, s, e));
    TRY(resolve_host(w, s, e));
    return redact_snapshot(w->l->o->names, w->l->inputs.v[w->input].name, s, e);
}

int load_resolve(struct load *l, size_t input, struct pool_snapshot *s, struct err *e)
{
    return resolve(&(struct load_walk){.l = l, .input = input}, s, e);
}

/* Only the first capture has to know whether another one follows. */
int load_walk_next(struct load_walk *w, struct pool_snapshot **out, struct err *e)
{
    if (w->ahead)
        w->lent = !w->lent;
    else if (w->ahead_code == 1)
        (void)read_into(w, w->lent);
    if (w->ahead_code <= 0 && !w->ahead) {
        if (w->ahead_code < 0) {
            if (e != NULL && e->code == 0)
                *e = w->ahead_err;
            err_place(e, w->l->inputs.v[w->input].name, 0);
        }
        return w->ahead_code;
    }
    w->ahead = false;
    w->given++;
    struct pool_snapshot *s = &w->snapshots[w->lent];
    w->captures += s->record == RECORD_CAPTURE;
    w->single = s->record == RECORD_CAPTURE && w->captures == 1;
    if (w->single) {
        bool more = read_ahead(w) == 1 && w->snapshots[!w->lent].record == RECORD_CAPTURE;
        w->single = w->ahead_code >= 0 && !more;
    }
    TRY(resolve(w, s, e));
    *out = s;
    return 1;
}

int load_walk_facts(struct load_walk *w, struct load_input_facts *f, struct err *e)
{
    *f = (struct load_input_facts){.format = reader_format(w->reader),
                                   .compressed = input_compression(w->in),
                                   .notes = reader_notes(w->reader),
                                   .snapshots = w->given};
    if (w->l->o->names == NULL)
        return 0;
    note_list_clear(&w->muted);
    const int r = note_list_copy(&w->muted, f->notes, e);
    f->notes = r < 0 ? NULL : &w->muted;
    note_list_mute(&w->muted);
    return r;
}

/* ---- the call ---- */

/* A number above 12 in one file name tells how the others are meant. */
static enum date_order order_of_names(const struct inputs *in)
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

int load_open(struct load *l, const struct options *o, struct term *t, char **operands,
              int n, struct err *e)
{
    *l = (struct load){
        .o = o, .term = t, .limits = LIMITS_DEFAULT, .date_order = o->date_order};
    l->inputs.read_ahead = options_threads(o) > 1;
    for (int i = 0; i < n; i++) {
        struct err mine = {0};
        int r = inputs_add(&l->inputs, operands[i], (size_t)i, &l->limits, &mine);
        if (r == ERR_NOMEM)
            return err_nomem(e);
        if (r < 0)
            term_error(t, &mine);
    }
    TRY(redact_inputs(o->names, &l->inputs, e));
    if (l->date_order == DATE_ORDER_UNKNOWN)
        l->date_order = order_of_names(&l->inputs);
    if (l->inputs.n > 0)
        return 0;
    return err_set(e, ERR_EMPTY, "no input could be read");
}

void load_free(struct load *l)
{
    for (size_t i = 0; i < l->n_groups; i++) {
        free(l->groups[i].host);
        note_list_free(&l->groups[i].notes);
    }
    free(l->groups);
    lookup_free(&l->by_host);
    lookup_free(&l->by_group);
    free(l->entries);
    note_list_free(&l->notes);
    reader_memory_free(&l->memory);
    pool_snapshot_free(&l->spare[0]);
    pool_snapshot_free(&l->spare[1]);
    inputs_free(&l->inputs);
    *l = (struct load){0};
}

int load_input_failed(struct load *l, size_t input, struct err *e)
{
    if (l->fatal || e->code == ERR_NOMEM || e->code == ERR_BUG || e->code == ERR_USAGE)
        return e->code;
    bool foreign = e->code == ERR_EMPTY || e->code == ERR_UNSUPPORTED;
    if (l->inputs.v[input].found && foreign) {
        l->skipped++;
    } else {
        err_place(e, l->inputs.v[input].name, 0);
        term_error(l->term, e);
    }
    err_clear(e);
    return 0;
}

/* ---- input order ---- */

/* --start and --every count the snapshots of a group in the order they arrive. */
static int step_time(struct load *l, size_t group, struct pool_snapshot *s, struct err *e)
{
    const struct options *o = l->o;
    uint64_t k = l->groups[group].seen++;
    if (o->every_ms == 0 || s->record != RECORD_CAPTURE)
        return 0;
    if (k > (uint64_t)((TIME_MS_LAST - o->start.ms) / o->every_ms)) {
        err_hint(e, "an earlier --start, or a shorter step");
        return err_set(e, ERR_USAGE,
                       "--start and --every give snapshot %llu a time behind the year 9999",
                       (unsigned long long)k + 1);
    }
    s->time = o->start;
    s->time.ms += (int64_t)k * o->every_ms;
    load_apply_zone(l, &s->time);
    return 0;
}

int load_give(struct load *l, const struct load_visitor *v, struct loaded *given,
              struct pool_snapshot *s, struct err *e)
{
    given->s = s;
    TRY(load_group_of(l, s, &given->group, e));
    TRY(step_time(l, given->group, s, e));
    if (s->time.ambiguous && !l->keep_doubtful)
        s->time = (struct pool_time){.source = TIME_NONE};
    if (!load_in_window(l, &s->time))
        return 0;
    l->snapshots++;
    int r = v->snapshot(v->ctx, given, e);
    l->fatal = r < 0;
    return r;
}

int load_input(struct load *l, size_t i, const struct load_visitor *v, struct err *e)
{
    uint64_t pick;
    struct load_walk *w = NULL;
    struct pool_snapshot *s;
    struct load_input_facts f = {0};
    uint64_t k = 0;
    int r = load_indexed(l, i, v, e);
    if (r != 0)
        return r < 0 ? r : 0;
    r = load_picked(l, i, &pick, e);
    if (r == 0)
        r = load_walk_open(&w, l, i, e);
    while (r >= 0 && (r = load_walk_next(w, &s, e)) == 1) {
        struct loaded given = {.input = i, .ordinal = ++k};
        load_progress_bytes(l, "Reading", i, w->in, ++l->read);
        if (k == pick || pick == 0)
            r = load_give(l, v, &given, s, e);
    }
    if (w != NULL) {
        const int listed = load_walk_facts(w, &f, r < 0 ? NULL : e);
        r = r < 0 ? r : listed;
    }
    if (f.notes != NULL)
        term_notes(l->term, l->inputs.v[i].name, f.notes);
    f.code = r;
    if (r < 0 && l->o->names != NULL)
        redact_err(l->o->names, e);
    f.err = r < 0 ? e : NULL;
    int told = v->input_end != NULL ? v->input_end(v->ctx, i, &f, r < 0 ? NULL : e) : 0;
    load_walk_close(w);
    return r < 0 ? r : told;
}

int load_each(struct load *l, const struct load_visitor *v, struct err *e)
{
    load_progress_start(l);
    for (size_t i = 0; i < l->inputs.n; i++) {
        if (load_input(l, i, v, e) < 0)
            TRY(load_input_failed(l, i, e));
        load_progress_passed(l, i);
    }
    term_progress_end(l->term);
    return 0;
}

int load_check_any(const struct load *l, struct err *e)
{
    if (l->snapshots > 0)
        return 0;
    if (l->term->failed)
        return ERR_EMPTY; /* why was told input by input */
    int r = err_set(e, ERR_EMPTY, "no pool figures in %zu input%s", l->inputs.n,
                    l->inputs.n == 1 ? "" : "s");
    err_hint(e, "capture with: poolmon -n FILE; poolsift formats lists what can be read");
    return r;
}
