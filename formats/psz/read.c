/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "formats/psz/follow.h"
#include "formats/psz/psz.h"
#include "formats/psz/tip.h"
#include "formats/psz/walk.h"
#include "formats/worker.h"

/* What one row of output is worth against limits.inflated_bytes. */
#define ROW_TEXT_BYTES 64

/* The block behind the one that is decoded, found and perhaps unpacked beside that. */
struct ahead {
    bool there;
    int found; /* as psz_walk_next said */
    struct err e;
    struct psz_block block;
    bool unpacked; /* by the worker, which must be waited for, for the other decoder */
    bool heads;    /* and only its heads are wanted */
};

struct archive {
    struct limits limits;
    struct psz_walk walk;
    struct psz_block block;     /* being decoded */
    struct psz_decoder *dec[2]; /* by turns, where blocks are read ahead */
    struct buf base[2];         /* payload of the last block of each, that stands alone */
    unsigned at;                /* which is at work */
    bool decoding, heads;       /* only heads of this block */
    bool (*wanted)(const void *ctx, const struct pool_time *t);
    const void *wanted_ctx;
    struct psz_follows follows;
    bool follow;
    size_t threads;
    struct worker *unpacker, *unroller;
    struct ahead ahead;
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

/* ---- the block behind it ---- */

/* Its payload is kept: links may follow, and begin with what it leaves behind. */
static int keep_payload(struct buf *base, const struct psz_block *b, struct err *e)
{
    base->n = 0;
    TRY(buf_reserve(base, b->n + 1, e)); /* there is a place, though empty */
    return buf_append(base, b->p, b->n, e);
}

/* 1 when no capture of the block is wanted: their heads are to come. */
static int only_heads(const struct archive *a, struct psz_decoder *dec,
                      const struct buf *base, struct err *e)
{
    return a->wanted == NULL
               ? 0
               : psz_heads_open(dec, base->p, base->n, a->wanted, a->wanted_ctx, e);
}

static int unpack_ahead(void *ctx, struct err *e)
{
    struct archive *a = ctx;
    const struct buf *base = &a->base[!a->at];
    const int r = only_heads(a, a->dec[!a->at], base, e);
    a->ahead.heads = r == 1;
    return r != 0 ? r : psz_decode_unpack(a->dec[!a->at], base->p, base->n, e);
}

/* Threads are for archives of more than one block. */
static int hire(struct archive *a, struct err *e)
{
    if (a->unpacker != NULL)
        return 0;
    if (a->dec[!a->at] == NULL)
        TRY(psz_decoder_new(&a->dec[!a->at], &a->limits, e));
    TRY(worker_new(&a->unpacker, true, e));
    if (!a->follow)
        return 0;
    TRY(worker_new(&a->unroller, true, e));
    psz_decoder_follow(a->dec[a->at], &a->follows, a->unroller);
    psz_decoder_follow(a->dec[!a->at], &a->follows, a->unroller);
    return 0;
}

/* Where blocks may be lost every one of them waits for its turn, as notes do. */
static int look_ahead(struct archive *a, struct err *e)
{
    struct ahead *next = &a->ahead;
    if (a->threads < 2 || a->walk.salvage)
        return 0;
    *next = (struct ahead){.there = true};
    next->found = psz_walk_next(&a->walk, &next->block, &next->e);
    if (next->found != 1 || next->block.links || next->block.passed > 0)
        return 0;
    TRY(hire(a, e));
    TRY(keep_payload(&a->base[!a->at], &next->block, e));
    next->unpacked = true;
    worker_do(a->unpacker, unpack_ahead, a);
    return 0;
}

/* Sets a->block; as psz_walk_next. */
static int next_block(struct archive *a, struct err *e)
{
    struct ahead *next = &a->ahead;
    if (!next->there)
        return psz_walk_next(&a->walk, &a->block, e);
    next->there = false;
    a->block = next->block;
    if (next->found < 0 && e != NULL && e->code == 0)
        *e = next->e;
    return next->found;
}

/* ---- blocks and links ---- */

/* What was unpacked ahead. */
static int open_unpacked(struct archive *a, struct err *e)
{
    struct err own = {0};
    const int r = worker_wait(a->unpacker, &own);
    a->ahead.unpacked = false;
    a->at = !a->at;
    const struct buf *base = &a->base[a->at];
    struct psz_stream_in in = {.p = base->p, .end = base->p + base->n};
    (void)psz_get(&in);
    TRY(promise(a, psz_get(&in), e));
    if (r < 0 && e != NULL && e->code == 0)
        *e = own;
    a->heads = a->ahead.heads;
    return r < 0 ? r : a->heads ? 0 : psz_decode_begin(a->dec[a->at], e);
}

static int open_here(struct archive *a, struct err *e)
{
    struct buf *base = &a->base[a->at];
    const uint64_t passed = a->block.passed;
    TRY(keep_payload(base, &a->block, e));
    struct psz_stream_in in = {.p = base->p, .end = base->p + base->n};
    (void)psz_get(&in);
    TRY(promise(a, psz_get(&in), e));
    const int r = passed == 0 ? only_heads(a, a->dec[a->at], base, e) : 0;
    a->heads = r == 1;
    if (r != 0)
        return r < 0 ? r : 0;
    return psz_decode_at(
        a->dec[a->at], base->p, base->n,
        passed < PSZ_BLOCK_SNAPSHOTS ? (uint32_t)passed : PSZ_BLOCK_SNAPSHOTS, e);
}

static int open_block(struct archive *a, struct err *e)
{
    a->linked = a->broken = false;
    const int r = a->ahead.unpacked ? open_unpacked(a, e) : open_here(a, e);
    a->decoding = r == 0;
    return r < 0 ? r : look_ahead(a, e);
}

static int open_links(struct archive *a, struct err *e)
{
    a->broken |= a->block.torn;
    if (a->broken)
        return err_set(e, ERR_FORMAT, "the captures before it are missing");
    const struct buf *base = &a->base[a->at];
    if (!a->linked && base->n > 0)
        TRY(psz_tip_begin(&a->tip, base->p, base->n, &a->limits, e));
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
    a->threads = o->threads;
    a->wanted = o->wanted;
    a->wanted_ctx = o->wanted_ctx;
    a->follow = o->follow && o->memory != NULL;
    TRY(psz_decoder_new(&a->dec[0], &o->limits, e));
    if (a->follow) {
        a->follows =
            (struct psz_follows){.chains = &o->memory->chains, .any_order = o->any_order};
        psz_decoder_follow(a->dec[0], &a->follows, NULL);
    }
    return psz_walk_open(&a->walk, in, o->salvage, e);
}

static int archive_next(void *ctx, struct pool_snapshot *s, struct err *e)
{
    struct archive *a = ctx;
    pool_snapshot_clear(s);
    for (;;) {
        int r = !a->decoding     ? 0
                : a->block.links ? next_link(a, s, e)
                : a->heads       ? psz_heads_next(a->dec[a->at], s, e)
                                 : psz_decode_next(a->dec[a->at], s, e);
        if (r > 0)
            return 1;
        if (r < 0)
            TRY(failed_block(a, e));
        a->decoding = false;
        r = next_block(a, e);
        if (r <= 0)
            return r;
        TRY(open_any(a, e));
    }
}

/* Reading may end before what the walk has noted ahead. */
static const struct note_list *archive_notes(void *ctx)
{
    const struct archive *a = ctx;
    return a->ahead.there ? NULL : &a->walk.notes;
}

static void archive_close(void *ctx)
{
    struct archive *a = ctx;
    if (a == NULL)
        return;
    worker_free(a->unpacker);
    psz_decoder_free(a->dec[0]);
    psz_decoder_free(a->dec[1]);
    psz_follows_free(&a->follows);
    worker_free(a->unroller);
    psz_tip_free(&a->tip);
    buf_free(&a->base[0]);
    buf_free(&a->base[1]);
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
