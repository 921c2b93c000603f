/* SPDX-License-Identifier: MIT */
/* Two threads on one file.  The scout is sent a stretch ahead and walks on from there;
 * meanwhile the segmenter reads that stretch, takes what the scout has found by then and
 * is still finding, and where there is no more sends it ahead again.  So both are at work
 * all the time, and neither waits for the other. */
#include "formats/text/scout.h"

#include <stdlib.h>

enum { LOST_MOST = 4 }; /* walks in a row for nothing, then no more */

#define STRETCH ((uint64_t)8 << 20)

struct scouting {
    struct input *in;
    struct limits limits;
    uint64_t size;    /* of the file */
    uint64_t stretch; /* bytes ahead */
    bool patient;     /* for tests */
    struct scout *scout;
    bool sent;
    uint64_t from; /* where to */
    unsigned lost; /* walks in a row */

    /* While captures are taken from it, the segmenter stands behind this one. */
    const struct parcel *last;
    uint64_t chain; /* theirs, for whoever reads them */
    uint64_t lines; /* before those of the scout */
};

/* Small files are read before it pays. */
static uint64_t stretch_of(const struct reader_opts *o, uint64_t size)
{
    if (o->stretch > 0)
        return o->stretch;
    if (size < INPUT_LARGE)
        return 0;
    return size / 4 < STRETCH ? size / 4 : STRETCH;
}

int scouting_new(struct scouting **out, struct input *in, const struct reader_opts *o,
                 struct err *e)
{
    uint64_t size;
    if (!input_is_seekable(in, &size) || stretch_of(o, size) == 0)
        return 0;
    struct scouting *x = calloc(1, sizeof *x);
    if (x == NULL)
        return err_nomem(e);
    *x = (struct scouting){.in = in,
                           .limits = o->limits,
                           .size = size,
                           .stretch = stretch_of(o, size),
                           .patient = o->stretch > 0};
    *out = x;
    return 0;
}

void scouting_free(struct scouting *x)
{
    if (x == NULL)
        return;
    scout_free(x->scout);
    free(x);
}

/* From here on without. */
static void give_up(struct segmenter *g)
{
    struct input *in = g->scouting->in;
    scouting_free(g->scouting);
    g->scouting = NULL;
    input_read_ahead(in, 0);
}

static void send(struct scouting *x, uint64_t at)
{
    const uint64_t left = x->size > at ? x->size - at : 0;
    const uint64_t ahead = left / 2 < x->stretch ? left / 2 : x->stretch;
    x->from = at + ahead;
    x->sent = ahead > x->stretch / 8;
    if (x->sent)
        scout_send(x->scout, x->from);
}

/* The first time that a capture of a chain was read. */
static void begin(struct segmenter *g, const struct seam *here)
{
    struct scouting *x = g->scouting;
    uint64_t size;
    if (!g->chained)
        return;
    if (!input_is_seekable(x->in, &size) ||
        scout_new(&x->scout, x->in, g->forced, &x->limits, NULL) < 0) {
        scouting_free(x);
        g->scouting = NULL;
        return;
    }
    input_read_ahead(x->in, UINT64_MAX); /* the scout does it better */
    send(x, here->at);
}

static int take(struct segmenter *g, const struct parcel *p, struct pool_snapshot *s,
                struct err *e)
{
    struct scouting *x = g->scouting;
    TRY(parcel_unpack(p, s, x->chain, x->lines, e));
    strays_join(&g->strays, &p->strays, x->lines);
    g->last = p->seam.last;
    g->adjoins = p->adjoins;
    g->blocks++;
    scout_take(x->scout);
    x->last = p;
    return 1;
}

/* The segmenter comes to a seam by itself. */
static int meet(struct segmenter *g, const struct seam *here, struct pool_snapshot *s,
                struct err *e)
{
    struct scouting *x = g->scouting;
    const struct seam *there;
    if (!x->sent || here->at < x->from)
        return 0;
    if (x->patient)
        scout_await(x->scout);
    const enum scout_state state = scout_look(x->scout, &there);
    if (state == SCOUT_WALKS || (state == SCOUT_FOUND && there->at > here->at))
        return 0;
    if (state == SCOUT_FOUND && seam_same(here, there)) {
        x->lost = 0;
        x->chain = ++*g->chains;
        x->lines = here->number - there->number;
        return take(g, scout_next(x->scout), s, e);
    }
    if (++x->lost == LOST_MOST)
        give_up(g);
    else
        send(x, here->at);
    return 0;
}

/* Nothing more is there to be taken: the segmenter reads from here on. */
static int go_on(struct segmenter *g, struct err *e)
{
    struct scouting *x = g->scouting;
    const uint64_t at = x->last->seam.at, number = x->last->seam.number + x->lines;
    TRY(seam_set(g, &x->last->seam, x->lines, e));
    x->last = NULL;
    send(x, at);
    text_seek(g->text, at, number);
    int r = text_next(g->text, &g->line, e);
    g->have_line = r == 1;
    return r < 0 ? r : 0;
}

int scouting_next(struct segmenter *g, struct pool_snapshot *s, struct err *e)
{
    struct scouting *x = g->scouting;
    struct seam here;
    if (x->last != NULL) {
        const struct parcel *p = scout_next(x->scout);
        if (p != NULL && parcel_fits(p, s, x->chain))
            return take(g, p, s, e);
        return go_on(g, e);
    } else if (seam_here(g, &here)) {
        if (x->scout == NULL)
            begin(g, &here);
        else
            return meet(g, &here, s, e);
    }
    return 0;
}
