/* SPDX-License-Identifier: MIT */
#include "cli/rank/recording.h"

#include <stdlib.h>
#include <string.h>

#include "cli/rank/digests.h"
#include "formats/when.h"

/* ---- whom to follow ---- */

static void follow(struct history *h, const struct rank_view *v)
{
    uint32_t drawn[REPORT_SUSPECTS];
    size_t n = report_suspects(v, drawn);
    history_start(h, v->r);
    for (size_t i = 0; i < n; i++)
        history_follow(h, v->r->tags[drawn[i]].tag, v->r->tags[drawn[i]].pool);
}

static int prepare(struct recording *d, struct err *e)
{
    struct ranking *x = d->x;
    d->v = calloc(x->n_views + 1, sizeof *d->v);
    d->of_group = calloc(x->load.n_groups + 1, sizeof *d->of_group);
    d->inputs = calloc(x->load.inputs.n + 1, sizeof *d->inputs);
    d->notes = calloc(RECORDING_NOTES, sizeof *d->notes);
    if (d->v == NULL || d->of_group == NULL || d->inputs == NULL || d->notes == NULL)
        return err_nomem(e);
    size_t view = 0;
    for (size_t i = 0; i < x->n_series; i++) {
        if (x->series[i].tally == NULL)
            continue;
        d->of_group[i] = &d->v[view];
        follow(&d->v[view].history, &x->views[view]);
        x->views[view].history = &d->v[view].history;
        view++;
    }
    return 0;
}

/* ---- notes ---- */

static int add_note(struct recording *d, const char *source, const struct note_list *l,
                    const struct note *n, struct err *e)
{
    if (d->n_notes == RECORDING_NOTES) {
        d->more_notes++;
        return 0;
    }
    const char *words = note_text(l, n);
    d->notes[d->n_notes++] =
        (struct report_note){.source = source, .line = n->line, .code = n->code};
    return buf_append(&d->text, words, strlen(words) + 1, e);
}

static int add_notes(struct recording *d, const char *source, const struct note_list *l,
                     struct err *e)
{
    for (size_t i = 0; i < l->n; i++)
        TRY(add_note(d, source, l, &l->v[i], e));
    return 0;
}

/* The texts lie one behind the other and do not move any more. */
static void settle_notes(struct recording *d)
{
    const char *p = (const char *)d->text.p;
    for (size_t i = 0; i < d->n_notes; i++) {
        d->notes[i].text = p;
        p += strlen(p) + 1;
    }
}

/* ---- snapshots ---- */

static void count(struct report_input *in, const struct pool_time *t)
{
    in->snapshots++;
    if (t->source == TIME_NONE)
        return;
    if (in->first.source == TIME_NONE || when_order_ms(t) < when_order_ms(&in->first))
        in->first = *t;
    if (in->last.source == TIME_NONE || when_order_ms(t) > when_order_ms(&in->last))
        in->last = *t;
}

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct recording *d = ctx;
    struct recorded *v = d->of_group[l->group];
    count(&d->inputs[l->input], &l->s->time);
    TRY(add_notes(d, d->x->load.inputs.v[l->input].name, &l->s->notes, e));
    if (v == NULL)
        return 0;
    return history_add(&v->history, l->s, series_clock_at(&v->clock, &l->s->time), e);
}

/* ---- inputs ---- */

/* As rank does: above that, hashing would be most of the work of the call. */
static bool hashes(const struct inputs *in)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < in->n && bytes <= DIGESTS_MOST; i++)
        bytes += inputs_bytes(in, i);
    return bytes <= DIGESTS_MOST;
}

/* An input that ends in damage was told already, and gets no digest. */
static int digest(struct recording *d, size_t i, struct report_input *to, struct err *e)
{
    struct err damage = {0};
    struct load *l = &d->x->load;
    struct input *in;
    struct sha256 sum;
    const uint8_t *p;
    ptrdiff_t n;
    sha256_start(&sum);
    to->hashed = true;
    TRY(inputs_open(&l->inputs, i, &l->limits, &in, e));
    while ((n = input_peek(in, 1, &p, &damage)) > 0) {
        sha256_add(&sum, p, (size_t)n);
        to->bytes += (uint64_t)n;
        load_progress_bytes(l, "Digests", i, in, 0);
        input_consume(in, (size_t)n);
    }
    input_close(in);
    if (n == 0)
        sha256_hex(&sum, to->sha256);
    if (n == ERR_IO && l->term != NULL)
        term_error(l->term, &damage);
    return n == ERR_NOMEM ? err_nomem(e) : 0;
}

/* Inputs that gave nothing are left out. */
static int finish_inputs(struct recording *d, struct err *e)
{
    const struct inputs *in = &d->x->load.inputs;
    const bool hash = hashes(in);
    load_progress_start(&d->x->load);
    for (size_t i = 0; i < in->n; i++) {
        struct report_input v = d->inputs[i];
        if (v.snapshots > 0) {
            v.name = in->v[i].name;
            v.bytes = inputs_bytes(in, i);
            if (hash) {
                v.bytes = 0;
                TRY(digest(d, i, &v, e));
            }
            d->inputs[d->n_inputs++] = v;
        }
        load_progress_passed(&d->x->load, i);
    }
    term_progress_end(d->x->load.term);
    return 0;
}

int recording_make(struct recording *d, struct ranking *x, struct err *e)
{
    const struct load_visitor visitor = {.ctx = d, .snapshot = on_snapshot};
    *d = (struct recording){.x = x};
    TRY(prepare(d, e));
    TRY(add_notes(d, "", &x->load.notes, e));
    for (size_t i = 0; i < x->n_views; i++) {
        TRY(add_notes(d, "", x->views[i].notes, e));
        TRY(add_notes(d, "", &x->views[i].r->notes, e));
    }
    TRY(load_again(&x->load, &visitor, e));
    TRY(finish_inputs(d, e));
    settle_notes(d);
    return 0;
}

void recording_free(struct recording *d)
{
    for (size_t i = 0; d->v != NULL && i < d->x->n_views; i++)
        history_free(&d->v[i].history);
    free(d->v);
    free(d->of_group);
    free(d->inputs);
    free(d->notes);
    buf_free(&d->text);
    *d = (struct recording){.x = NULL};
}
