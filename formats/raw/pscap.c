/* SPDX-License-Identifier: MIT */
/* Capture files of poolcap, drawn in formats/capture/container.h.
 *
 * Records stand alone, so damage costs no more than the record that it hits: what is not
 * whole is passed over with a note, always.  A customer's only capture is not refused
 * for its last, torn record. */
#include "formats/raw/pscap.h"

#include <stdlib.h>
#include <string.h>

#include "formats/capture/container.h"
#include "formats/frame.h"
#include "formats/raw/pscap_record.h"
#include "formats/raw/rawtags.h"

static const uint8_t magic[FRAME_MAGIC] = PSCAP_MAGIC;

struct capture_reader {
    struct input *in; /* borrowed */
    struct limits limits;
    struct frame_reader frames;
    struct note_list notes;
    uint64_t records;
    bool ended;
};

static bool pscap_magic(const uint8_t *p, size_t n)
{
    unsigned same = 0;
    for (size_t i = 0; i < FRAME_MAGIC && i < n; i++)
        same += p[i] == magic[i];
    return same >= FRAME_MAGIC - 1; /* one damaged byte should still be called damage */
}

/* ---- what is not whole ---- */

static int lost(struct capture_reader *c, uint64_t at, const char *what, struct err *e)
{
    return note_add(&c->notes, e, NOTE_BLOCK_LOST, 0,
                    "behind record %llu, at byte %llu: %s",
                    (unsigned long long)c->records, (unsigned long long)at, what);
}

/* On to the next record that is sound. */
static int pass_over(struct capture_reader *c, uint64_t at, struct err *e)
{
    uint64_t skipped;
    int r = frame_resync(&c->frames, &skipped, e);
    if (r < 0)
        return r;
    if (r == 1)
        return lost(c, at, "a record was cut or damaged and is passed over", e);
    return note_add(&c->notes, e, NOTE_TAIL_IGNORED, 0,
                    "the file ends inside a record: record %llu is the last whole one, "
                    "the %llu bytes from byte %llu on are passed over",
                    (unsigned long long)c->records, (unsigned long long)skipped,
                    (unsigned long long)at);
}

static int read_head(struct capture_reader *c, struct err *e)
{
    const uint8_t *p;
    uint16_t major, minor;
    ptrdiff_t n = input_peek(c->in, FRAME_FILE_HEAD, &p, e);
    if (n < 0)
        return (int)n;
    if (n < FRAME_FILE_HEAD)
        return 0;
    if (!frame_file_head(p, magic, &major, &minor)) {
        TRY(lost(c, 0, "the file's head is damaged", e));
    } else if (major != PSCAP_MAJOR) {
        err_hint(e, "read it with the newer poolsift that belongs to that poolcap");
        return err_set(e, ERR_UNSUPPORTED,
                       "expected a capture file of version %d, found version %u",
                       PSCAP_MAJOR, (unsigned)major);
    }
    input_consume(c->in, FRAME_FILE_HEAD);
    return 0;
}

/* ---- records ---- */

/* The width of the process that asked is known, except from a machine yet to come. */
static bool layout_of(const struct pscap_record *r, bool counters_64,
                      enum tag_layout *layout)
{
    const struct pscap_bytes *reply = counters_64 ? &r->tags_64 : &r->tags;
    enum tag_layout best[2];
    struct tag_vote votes[2];
    if (r->process == NT_I386 || r->process == NT_ARM)
        *layout = TAGS_22_X86;
    else if (r->process == NT_AMD64 || r->process == NT_ARM64)
        *layout = counters_64 ? TAGS_255_X64 : TAGS_22_X64;
    else if (tag_layout_choose(reply->p, reply->n, best, votes) == 1)
        *layout = best[0];
    else
        return false;
    return true;
}

/* The reply whose counters do not wrap is the better one where it is what it should be;
 * class 255 is too young to be sure of. */
static bool choose_reply(const struct pscap_record *r, struct pscap_bytes *reply,
                         enum tag_layout *layout)
{
    if (r->tags_64.n > 0 && layout_of(r, true, layout)) {
        struct tag_vote v = tag_layout_vote(*layout, r->tags_64.p, r->tags_64.n);
        *reply = r->tags_64;
        if (tag_vote_passes(&v))
            return true;
    }
    *reply = r->tags;
    return layout_of(r, false, layout);
}

static bool is_64_bit(uint16_t machine)
{
    return machine == NT_AMD64 || machine == NT_ARM64;
}

static int read_rows(const struct capture_reader *c, const struct pscap_record *r,
                     struct pool_snapshot *s, struct err *e)
{
    enum tag_layout layout;
    struct pscap_bytes reply;
    struct tag_block block;
    if (r->tags.n == 0 && r->tags_64.n == 0) {
        s->record = RECORD_TOTALS;
        return 0;
    }
    if (!choose_reply(r, &reply, &layout) ||
        !tag_block_at(layout, reply.p, reply.n, 0, &block))
        return err_set(e, ERR_FORMAT, "the reply with the pool tags cannot be read");
    TRY(rawtags_fill(layout, reply.p, &block, &c->limits, s, e));
    if (is_64_bit(r->native) && !is_64_bit(r->process) &&
        s->notes.seen[NOTE_NARROW_BYTES] == 0)
        return note_add(&s->notes, e, NOTE_NARROW_BYTES, 0, "%s", "");
    return 0;
}

static int read_record(const struct capture_reader *c, const struct frame *f,
                       struct pool_snapshot *s, struct err *e)
{
    struct pscap_record r;
    pool_snapshot_clear(s);
    TRY(pscap_record_parse(&r, f->p, f->n, e));
    TRY(pscap_record_head(&r, s, e));
    return read_rows(c, &r, s, e);
}

/* Returns 1 when *s is a record. */
static int take_frame(struct capture_reader *c, const struct frame *f,
                      struct pool_snapshot *s, struct err *e)
{
    struct err fault = {0};
    if (f->type != PSCAP_FRAME_RECORD)
        return 0;
    int r = read_record(c, f, s, &fault);
    if (r == ERR_FORMAT)
        return lost(c, f->offset, fault.text, e);
    if (r < 0)
        return err_set(e, r, "%s", fault.text);
    c->records++;
    return 1;
}

static int end_of_file(struct capture_reader *c, struct err *e)
{
    c->ended = true;
    if (c->records > 0)
        return 0;
    err_hint(e, "was it stopped before the first record was written? run it again");
    return err_set(e, ERR_EMPTY, "the capture file holds no whole record");
}

static int pscap_open(void **ctx, struct input *in, const struct reader_opts *o,
                      struct err *e)
{
    struct capture_reader *c = calloc(1, sizeof *c);
    *ctx = c;
    if (c == NULL)
        return err_nomem(e);
    c->in = in;
    c->limits = o->limits;
    c->frames = (struct frame_reader){.in = in};
    return read_head(c, e);
}

static int pscap_next(void *ctx, struct pool_snapshot *s, struct err *e)
{
    struct capture_reader *c = ctx;
    int r = 0;
    while (r == 0 && !c->ended) {
        struct frame f;
        int state = frame_next(&c->frames, &f, e);
        if (state < 0)
            return state;
        if (state == FRAME_NONE)
            r = end_of_file(c, e);
        else if (state == FRAME_WHOLE)
            r = take_frame(c, &f, s, e);
        else
            r = pass_over(c, f.offset, e);
    }
    return r;
}

static const struct note_list *pscap_notes(void *ctx)
{
    return &((struct capture_reader *)ctx)->notes;
}

static void pscap_close(void *ctx)
{
    struct capture_reader *c = ctx;
    if (c == NULL)
        return;
    note_list_free(&c->notes);
    free(c);
}

const struct binary_format pscap_binary_format = {
    .magic = pscap_magic,
    .open = pscap_open,
    .next = pscap_next,
    .notes = pscap_notes,
    .close = pscap_close,
};
