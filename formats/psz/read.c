/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "formats/psz/psz.h"
#include "formats/psz/tip.h"
#include "formats/psz/walk.h"

/* What one row of output is worth against limits.inflated_bytes. */
#define ROW_TEXT_BYTES 64

struct archive {
    struct limits limits;
    struct psz_walk walk;
    struct psz_block block; /* being decoded */
    struct psz_decoder *dec;
    bool decoding;
    struct buf base; /* payload of the last block that stands alone */
    struct psz_tip tip;
    bool linked, broken; /* the tip is at its end; what it needs is missing */
    struct psz_stream_in links;
    uint64_t left;      /* links to come, ... */
    uint64_t rows_left; /* and their rows, as promised */
    uint64_t rows;      /* promised by the blocks so far */
};

/* A block that is whole but contradicts itself: fine when it may be passed over. */
static int failed_block(struct archive *a, struct err *e)
{
    a->decoding = false;
    a->broken = true; /* links that follow have nothing to add to */
    if (!a->walk.salvage || e == NULL || e->code != ERR_FORMAT) {
        psz_walk_place(&a->walk, a->block.number, a->block.at, e);
        return e != NULL ? e->code : ERR_FORMAT;
    }
    char why[sizeof e->text];
    memcpy(why, e->text, sizeof why);
    err_clear(e);
    return note_add(&a->walk.notes, e, NOTE_BLOCK_LOST, 0, "block %llu at byte %llu: %s",
                    (unsigned long long)a->block.number, (unsigned long long)a->block.at,
                    why);
}

static int promise(struct archive *a, uint64_t rows, struct err *e)
{
    uint64_t most = a->limits.inflated_bytes / ROW_TEXT_BYTES;
    if (!add_u64(a->rows, rows, &a->rows))
        a->rows = UINT64_MAX;
    return a->rows <= most ? 0
                           : err_set(e, ERR_LIMIT, "more than %llu rows in one archive",
                                     (unsigned long long)most);
}

/* Its payload is kept: links may follow, and begin with what it leaves behind. */
static int open_block(struct archive *a, struct err *e)
{
    a->linked = a->broken = false;
    a->base.n = 0;
    TRY(buf_reserve(&a->base, a->block.n + 1, e)); /* there is a place, though empty */
    TRY(buf_append(&a->base, a->block.p, a->block.n, e));
    struct psz_stream_in in = {.p = a->base.p, .end = a->base.p + a->base.n};
    (void)psz_get(&in);
    TRY(promise(a, psz_get(&in), e));
    uint64_t passed = a->block.passed;
    int r = psz_decode_at(
        a->dec, a->base.p, a->base.n,
        passed < PSZ_BLOCK_SNAPSHOTS ? (uint32_t)passed : PSZ_BLOCK_SNAPSHOTS, e);
    a->decoding = r == 0;
    return r;
}

static int open_links(struct archive *a, struct err *e)
{
    a->broken |= a->block.torn;
    if (a->broken)
        return err_set(e, ERR_FORMAT, "the captures before it are missing");
    if (!a->linked && a->base.n > 0)
        TRY(psz_tip_begin(&a->tip, a->base.p, a->base.n, &a->limits, e));
    else if (!a->linked)
        psz_tip_clear(&a->tip);
    a->linked = true;
    a->links = (struct psz_stream_in){.p = a->block.p, .end = a->block.p + a->block.n};
    a->left = psz_get(&a->links);
    a->rows_left = psz_get(&a->links);
    TRY(promise(a, a->rows_left, e));
    a->decoding = true;
    return 0;
}

static int open_any(struct archive *a, struct err *e)
{
    int r = a->block.links ? open_links(a, e) : open_block(a, e);
    return r < 0 ? failed_block(a, e) : 0;
}

static int next_link(struct archive *a, struct pool_snapshot *s, struct err *e)
{
    const struct pool_snapshot *told;
    if (a->left == 0)
        return psz_at_end(&a->links) && a->rows_left == 0 ? 0 : psz_broken(e, "links");
    a->left--;
    TRY(psz_tip_next(&a->tip, &a->links, &a->limits, &told, e));
    if (told->n_rows > a->rows_left)
        return psz_broken(e, "row numbers");
    a->rows_left -= told->n_rows;
    TRY(pool_snapshot_copy(s, told, e));
    return 1;
}

static int archive_open(void **ctx, struct input *in, const struct reader_opts *o,
                        struct err *e)
{
    struct archive *a = calloc(1, sizeof *a);
    *ctx = a;
    if (a == NULL)
        return err_nomem(e);
    a->limits = o->limits;
    TRY(psz_decoder_new(&a->dec, &o->limits, e));
    if (o->follow && o->memory != NULL)
        psz_decoder_follow(a->dec, &o->memory->chains, o->any_order);
    return psz_walk_open(&a->walk, in, o->salvage, e);
}

static int archive_next(void *ctx, struct pool_snapshot *s, struct err *e)
{
    struct archive *a = ctx;
    pool_snapshot_clear(s);
    for (;;) {
        int r = !a->decoding     ? 0
                : a->block.links ? next_link(a, s, e)
                                 : psz_decode_next(a->dec, s, e);
        if (r > 0)
            return 1;
        if (r < 0)
            TRY(failed_block(a, e));
        a->decoding = false;
        r = psz_walk_next(&a->walk, &a->block, e);
        if (r <= 0)
            return r;
        TRY(open_any(a, e));
    }
}

static const struct note_list *archive_notes(void *ctx)
{
    return &((struct archive *)ctx)->walk.notes;
}

static void archive_close(void *ctx)
{
    struct archive *a = ctx;
    if (a == NULL)
        return;
    psz_decoder_free(a->dec);
    psz_tip_free(&a->tip);
    buf_free(&a->base);
    psz_walk_close(&a->walk);
    free(a);
}

const struct binary_format psz_binary_format = {
    .magic = psz_magic,
    .open = archive_open,
    .next = archive_next,
    .notes = archive_notes,
    .close = archive_close,
};
