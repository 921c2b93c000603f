/* SPDX-License-Identifier: MIT */
#include "cli/load/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/load/load_index.h"
#include "cli/load/load_parts.h"
#include "cli/redact/redact_snapshot.h"
#include "formats/when.h"

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
        l->date_order = load_order_of_names(&l->inputs);
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

/* Told and counted, or quietly skipped when it was only found. */
static int input_failed(struct load *l, size_t input, struct err *e)
{
    if (l->fatal || e->code == ERR_NOMEM || e->code == ERR_BUG || e->code == ERR_USAGE)
        return e->code;
    bool foreign = e->code == ERR_EMPTY || e->code == ERR_UNSUPPORTED;
    err_place(e, l->inputs.v[input].name, 0);
    if (!l->inputs.v[input].found || !foreign) {
        term_error(l->term, e);
    } else {
        if (l->skipped++ == 0)
            l->first_skipped = input;
        if (l->refused.code == 0 && e->code == ERR_UNSUPPORTED)
            l->refused = *e;
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
        return err_set(
            e, ERR_USAGE,
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

/* The snapshots of one input. */
static int each_of(struct load *l, size_t i, const struct load_visitor *v, struct err *e)
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
        load_progress_bytes(l, "Reading", i, load_walk_input(w), ++l->read);
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

/* Where nothing was read, load_check_any says why. */
static void tell_skipped(const struct load *l)
{
    char words[4096];
    if (l->skipped == 0 || l->snapshots == 0)
        return;
    const char *first = l->inputs.v[l->first_skipped].name;
    if (l->skipped == 1)
        (void)snprintf(words, sizeof words, "1 file without pool figures was skipped: %s",
                       first);
    else
        (void)snprintf(words, sizeof words,
                       "%llu files without pool figures were skipped, %s the first",
                       (unsigned long long)l->skipped, first);
    term_note(l->term, "", 0, NOTE_SKIPPED, words);
}

int load_each(struct load *l, const struct load_visitor *v, struct err *e)
{
    load_progress_start(l);
    for (size_t i = 0; i < l->inputs.n; i++) {
        if (each_of(l, i, v, e) < 0)
            TRY(input_failed(l, i, e));
        load_progress_passed(l, i);
    }
    term_progress_end(l->term);
    tell_skipped(l);
    return 0;
}

int load_check_any(const struct load *l, struct err *e)
{
    if (l->snapshots > 0)
        return 0;
    if (l->term->failed)
        return ERR_EMPTY; /* why was told input by input */
    const char *many = l->inputs.n == 1 ? "" : "s";
    if (l->refused.code != 0) {
        err_hint(e, "%s", l->refused.hint);
        return err_set(e, ERR_EMPTY, "no pool figures in %zu input%s; %s: %s",
                       l->inputs.n, many, l->refused.place, l->refused.text);
    }
    err_hint(e, "capture with: poolmon -n FILE; poolsift formats lists what can be read");
    return err_set(e, ERR_EMPTY, "no pool figures in %zu input%s", l->inputs.n, many);
}
