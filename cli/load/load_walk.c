/* SPDX-License-Identifier: MIT */
/* One input, snapshot by snapshot; and many of them, open together. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "cli/load/load_parts.h"

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
    bool alone = s->record == RECORD_CAPTURE && w->captures == 1;
    if (alone) {
        bool more = read_ahead(w) == 1 && w->snapshots[!w->lent].record == RECORD_CAPTURE;
        alone = w->ahead_code >= 0 && !more;
    }
    TRY(load_resolve(w->l, w->input, alone, s, e));
    *out = s;
    return 1;
}

const struct input *load_walk_input(const struct load_walk *w)
{
    return w->in;
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

/* ---- open together ---- */

#define OPEN_WALKS 256 /* logs that interleave stay open together */

struct open_walk {
    struct load_walk *walk;
    size_t input;
    uint64_t next; /* ordinal that load_walk_next gives next */
    uint64_t used; /* for evicting the oldest */
};

/* Half of the files that may be open are left to others. */
static size_t walks_most(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur / 2 >= OPEN_WALKS)
        return OPEN_WALKS;
    return files.rlim_cur < 4 ? 1 : (size_t)files.rlim_cur / 2;
}

int load_walks_open(struct load_walks *ws, struct err *e)
{
    *ws = (struct load_walks){.n = walks_most()};
    ws->v = calloc(ws->n, sizeof *ws->v);
    return ws->v == NULL ? err_nomem(e) : 0;
}

static struct open_walk *slot_for(struct load_walks *ws, size_t input, uint64_t ordinal)
{
    struct open_walk *oldest = &ws->v[0], *nearest = NULL;
    for (size_t i = 0; i < ws->n; i++) {
        struct open_walk *o = &ws->v[i];
        if (o->walk != NULL && o->input == input && o->next <= ordinal &&
            (nearest == NULL || o->next > nearest->next))
            nearest = o;
        if (o->used < oldest->used)
            oldest = o;
    }
    if (nearest != NULL)
        return nearest;
    load_walk_close(oldest->walk);
    *oldest = (struct open_walk){.input = input, .next = 1};
    return oldest;
}

int load_walks_fetch(struct load_walks *ws, struct load *l, size_t input,
                     uint64_t ordinal, struct pool_snapshot **s, struct err *e)
{
    struct open_walk *o = slot_for(ws, input, ordinal);
    o->used = ++ws->clock;
    if (o->walk == NULL)
        TRY(load_walk_open(&o->walk, l, input, e));
    while (o->next <= ordinal) {
        int r = load_walk_next(o->walk, s, e);
        if (r == 0) {
            r = err_set(e, ERR_IO, "it changed while it was read");
            err_place(e, l->inputs.v[input].name, 0);
            err_hint(e, "read a copy of it");
        }
        if (r < 0)
            return r;
        o->next++;
    }
    return 0;
}

void load_walks_close(struct load_walks *ws)
{
    for (size_t i = 0; ws->v != NULL && i < ws->n; i++)
        load_walk_close(ws->v[i].walk);
    free(ws->v);
    *ws = (struct load_walks){.v = NULL};
}
