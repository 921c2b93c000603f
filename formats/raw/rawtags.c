/* SPDX-License-Identifier: MIT */
/* A file of one raw reply.  It has no magic: what it is and which layout it has is put to
 * the vote of all its entries (rawtags_layout.h), and --layout overrules the vote.
 *
 *   +------------------------------+-------------------------------------+
 *   | the reply                    | slack: the rest of the capturer's   |
 *   |                              | buffer, whatever it held            |
 *   +------------------------------+-------------------------------------+
 *
 * A capturer that took too small a buffer and never looked at the status leaves a reply
 * whose Count promises more than is there; a file cut anywhere looks the same. */
#include "formats/raw/rawtags.h"

#include <stdlib.h>
#include <string.h>

/* All that a largest reply can fill, and slack. */
#define REPLY_MOST ((size_t)64 << 20)

struct reply {
    const uint8_t *p; /* what the input shows, valid as long as nobody peeks again */
    size_t n;
    struct err fault; /* of the input, behind those bytes */
    enum tag_layout layout;
    size_t at; /* of the next block */
    bool ended;
    struct limits limits;
    struct note_list notes;
};

static bool reply_vote(const uint8_t *p, size_t n, const struct reader_opts *o)
{
    enum tag_layout best[2];
    struct tag_vote votes[2];
    return o->layout != NULL || tag_layout_choose(p, n, best, votes) > 0;
}

/* ---- which layout ---- */

static int unknown_layout(const char *name, struct err *e)
{
    char names[TAG_LAYOUT_NAMES];
    tag_layout_names(names);
    err_hint(e, "the layouts are %s", names);
    return err_set(e, ERR_USAGE, "no layout is called '%s'", name);
}

static int forced_layout(struct reply *r, const char *name, struct err *e)
{
    int k = tag_layout_find(name);
    if (k < 0)
        return unknown_layout(name, e);
    struct tag_block b;
    r->layout = (enum tag_layout)k;
    if (!tag_block_at(r->layout, r->p, r->n, 0, &b) || b.entries == 0) {
        err_hint(e, "leave --layout out: then the bytes decide");
        return err_set(e, ERR_FORMAT,
                       "expected a reply of layout %s, found none of its entries", name);
    }
    struct tag_vote v = tag_layout_vote(r->layout, r->p, r->n);
    if (tag_vote_passes(&v))
        return 0;
    return note_add(&r->notes, e, NOTE_LAYOUT_DOUBTFUL, 0,
                    "only %llu of %llu entries look like pool tags in layout %s",
                    (unsigned long long)v.good, (unsigned long long)v.entries, name);
}

static int elect_layout(struct reply *r, struct err *e)
{
    enum tag_layout best[2];
    struct tag_vote v[2];
    int passed = tag_layout_choose(r->p, r->n, best, v);
    if (passed == 1) {
        r->layout = best[0];
        return 0;
    }
    char names[TAG_LAYOUT_NAMES];
    if (passed == 0) {
        tag_layout_names(names);
        err_hint(e, "--layout says which it is: %s", names);
        return err_set(e, ERR_FORMAT,
                       "expected a raw pool tag reply, found bytes that fit no layout");
    }
    const char *a = tag_layout_table[best[0]].name, *b = tag_layout_table[best[1]].name;
    err_hint(e, "say which with --layout %s or --layout %s", a, b);
    return err_set(e, ERR_FORMAT,
                   "expected one layout of pool tags, found two that fit: %s (%llu of "
                   "%llu entries) and %s (%llu of %llu)",
                   a, (unsigned long long)v[0].good, (unsigned long long)v[0].entries, b,
                   (unsigned long long)v[1].good, (unsigned long long)v[1].entries);
}

/* ---- the reader ---- */

static int reply_open(void **ctx, struct input *in, const struct reader_opts *o,
                      struct err *e)
{
    struct reply *r = calloc(1, sizeof *r);
    *ctx = r;
    if (r == NULL)
        return err_nomem(e);
    r->limits = o->limits;
    ptrdiff_t n = input_peek(in, REPLY_MOST, &r->p, &r->fault);
    if (n < 0)
        n = input_peek(in, 0, &r->p, NULL); /* what came before the fault */
    r->n = (size_t)n;
    return o->layout != NULL ? forced_layout(r, o->layout, e) : elect_layout(r, e);
}

/* Behind the last block. */
static int reply_end(struct reply *r, const struct tag_block *b, struct err *e)
{
    r->ended = true;
    if (b->entries < b->count || b->end >= r->n)
        return 0;
    return note_add(&r->notes, e, NOTE_SLACK, 0,
                    "%zu bytes behind the last entry were passed over", r->n - b->end);
}

static int reply_next(void *ctx, struct pool_snapshot *s, struct err *e)
{
    struct reply *r = ctx;
    struct tag_block b;
    pool_snapshot_clear(s);
    if (!r->ended && !tag_block_at(r->layout, r->p, r->n, r->at, &b)) {
        r->ended = true;
        TRY(note_add(&r->notes, e, NOTE_TAIL_IGNORED, 0,
                     "the chain of sessions breaks off"));
    }
    if (r->ended) {
        if (r->fault.code != 0 && e != NULL && e->code == 0)
            *e = r->fault;
        return r->fault.code;
    }
    TRY(rawtags_fill(r->layout, r->p, &b, &r->limits, s, e));
    if (s->n_rows == 0)
        TRY(note_add(&s->notes, e, NOTE_EMPTY_CAPTURE, 0, "the reply lists no tags"));
    r->at = b.next;
    if (b.next == 0)
        TRY(reply_end(r, &b, e));
    return 1;
}

static const struct note_list *reply_notes(void *ctx)
{
    return &((struct reply *)ctx)->notes;
}

static void reply_close(void *ctx)
{
    struct reply *r = ctx;
    if (r == NULL)
        return;
    note_list_free(&r->notes);
    free(r);
}

const struct binary_format rawtags_binary_format = {
    .vote = reply_vote,
    .vote_bytes = REPLY_MOST,
    .open = reply_open,
    .next = reply_next,
    .notes = reply_notes,
    .close = reply_close,
};
