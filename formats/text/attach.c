/* SPDX-License-Identifier: MIT */
#include "formats/text/attach.h"

#include <stdlib.h>
#include <string.h>

struct block {
    struct pool_snapshot s;
    const struct format *format;
};

struct attach {
    struct segmenter *g;
    const struct format *given;
    struct block held, fresh;
    bool holding;
    struct block totals; /* of the last supplement ... */
    bool in_force;       /* ... which the next capture beside it gets, too */
    int end;             /* what the segmenter said at its end, 1 = not there yet */
    struct err fault;    /* with a negative `end` */
};

int attach_open(struct attach **out, struct input *in, const struct format *forced,
                const struct reader_opts *o, struct err *e)
{
    struct attach *a = calloc(1, sizeof *a);
    if (a == NULL)
        return err_nomem(e);
    a->end = 1;
    int r = segmenter_open(&a->g, in, forced, o, e);
    if (r < 0) {
        attach_close(a);
        return r;
    }
    *out = a;
    return 0;
}

void attach_close(struct attach *a)
{
    if (a == NULL)
        return;
    segmenter_close(a->g);
    pool_snapshot_free(&a->held.s);
    pool_snapshot_free(&a->fresh.s);
    pool_snapshot_free(&a->totals.s);
    free(a);
}

const struct note_list *attach_notes(const struct attach *a)
{
    return segmenter_notes(a->g);
}

const struct format *attach_format(const struct attach *a)
{
    return a->given != NULL ? a->given : segmenter_format(a->g);
}

/* ---- pairs ---- */

static bool supplements(const struct format *f, const struct format *capture)
{
    return f->text->supplements != NULL &&
           strcmp(f->text->supplements, capture->name) == 0;
}

/* Two blocks whose times differ are of two moments. */
static bool fits(const struct block *totals, const struct block *capture)
{
    const struct pool_time *a = &totals->s.time, *b = &capture->s.time;
    return supplements(totals->format, capture->format) &&
           (a->source == TIME_NONE || b->source == TIME_NONE || a->ms == b->ms);
}

/* True when blocks of this format may have to wait for the next one. */
static bool takes_part(const struct format *f)
{
    if (f->text->supplements != NULL)
        return true;
    for (const struct format *other = format_table; other->name != NULL; other++)
        if (other->text != NULL && supplements(other, f))
            return true;
    return false;
}

/* Lays totals, time and notes of `from` into the capture; what that has stays. */
static int fill(struct pool_snapshot *to, const struct pool_snapshot *from, struct err *e)
{
    if (to->time.source == TIME_NONE)
        to->time = from->time;
    if (to->uptime_s < 0)
        to->uptime_s = from->uptime_s;
    for (int i = 0; i < TOTALS; i++) {
        const uint32_t bit = 1u << i;
        if (!(from->totals.given & bit) || (to->totals.given & bit))
            continue;
        to->totals.given |= bit;
        to->totals.v[i] = from->totals.v[i];
    }
    for (size_t i = 0; i < from->notes.n; i++) {
        const struct note *n = &from->notes.v[i];
        if (n->code != NOTE_CUT)
            TRY(note_add(&to->notes, e, n->code, n->line, "%s",
                         note_text(&from->notes, n)));
    }
    return note_add(&to->notes, e, NOTE_SUPPLEMENT, from->line, "%s", "");
}

/* ---- the walk ---- */

static void exchange(struct block *a, struct block *b)
{
    struct block c = *a;
    *a = *b;
    *b = c;
}

static int give(struct attach *a, struct pool_snapshot *s)
{
    struct pool_snapshot c = *s;
    *s = a->held.s;
    a->held.s = c;
    a->given = a->held.format;
    a->holding = false;
    return 1;
}

/* Reads a block into *s; 0 at the end, also at one with a fault. */
static int read_block(struct attach *a, struct pool_snapshot *s)
{
    int r = segmenter_next(a->g, s, &a->fault);
    if (r <= 0) {
        a->end = r;
        return 0;
    }
    a->in_force = a->in_force && segmenter_adjoins(a->g);
    return 1;
}

static int pull(struct attach *a)
{
    if (!read_block(a, &a->fresh.s))
        return 0;
    a->fresh.format = segmenter_format(a->g);
    return 1;
}

/* The held block and the fresh one stand side by side: 1 when they became one, which is
 * held now, 0 when they are no pair. */
static int pair(struct attach *a, struct err *e)
{
    if (fits(&a->held, &a->fresh))
        exchange(&a->held, &a->fresh);
    else if (!fits(&a->fresh, &a->held))
        return 0;
    exchange(&a->totals, &a->fresh);
    a->in_force = true;
    TRY(fill(&a->held.s, &a->totals.s, e));
    return 1;
}

static int at_end(struct attach *a, struct err *e)
{
    if (a->end < 0 && e != NULL && e->code == 0)
        *e = a->fault;
    return a->end;
}

int attach_next(struct attach *a, struct pool_snapshot *s, struct err *e)
{
    if (!a->holding) {
        /* Most blocks wait for nobody, and stay in the storage of the ones before. */
        if (a->end <= 0 || !read_block(a, s))
            return at_end(a, e);
        a->given = segmenter_format(a->g);
        if (!takes_part(a->given))
            return 1;
        struct pool_snapshot c = a->held.s;
        a->held = (struct block){.s = *s, .format = a->given};
        *s = c;
        a->holding = true;
    }
    if (!takes_part(a->held.format))
        return give(a, s);
    if (a->in_force && fits(&a->totals, &a->held)) {
        TRY(fill(&a->held.s, &a->totals.s, e));
        return give(a, s);
    }
    if (a->end <= 0 || !pull(a))
        return give(a, s);
    if (segmenter_adjoins(a->g)) {
        int r = pair(a, e);
        if (r != 0)
            return r < 0 ? r : give(a, s);
    }
    give(a, s);
    exchange(&a->held, &a->fresh);
    a->holding = true;
    return 1;
}
