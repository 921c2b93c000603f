/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "formats/psz/format.h"
#include "formats/psz/index.h"
#include "formats/psz/psz.h"
#include "formats/psz/tip.h"
#include "formats/worker.h"

/* While one encoder is filled the block of the other may be packed: until that is waited
 * for, index and frame are the worker's. */
struct archive {
    struct sink *out;
    struct worker *worker;
    struct psz_encoder *enc;    /* the one that is filled */
    struct psz_encoder *other;  /* filled next, or NULL: there is only one */
    struct psz_encoder *packed; /* whose block is being packed, or NULL */
    struct psz_index index;
    struct buf frame;
    uint64_t offset; /* bytes written; a sink may have begun before us */
    uint32_t number; /* of the next frame */
};

static void archive_close(void *ctx)
{
    struct archive *a = ctx;
    if (a == NULL)
        return;
    worker_free(a->worker);
    psz_encoder_free(a->enc);
    psz_encoder_free(a->other);
    psz_index_free(&a->index);
    buf_free(&a->frame);
    free(a);
}

static void write_frame(struct archive *a)
{
    sink_write(a->out, a->frame.p, a->frame.n);
    a->offset += a->frame.n;
}

static int archive_begin(void **ctx, struct sink *out, const struct writer_opts *o,
                         struct err *e)
{
    static const uint8_t magic[FRAME_MAGIC] = PSZ_MAGIC;
    struct archive *a = calloc(1, sizeof *a);
    *ctx = a;
    if (a == NULL)
        return err_nomem(e);
    a->out = out;
    TRY(worker_new(&a->worker, o->threads > 1, e));
    TRY(psz_encoder_new(&a->enc, e));
    if (o->threads > 1)
        TRY(psz_encoder_new(&a->other, e));
    TRY(frame_put_file_head(&a->frame, magic, PSZ_MAJOR, PSZ_MINOR, e));
    write_frame(a);
    return 0;
}

static int pack_block(void *ctx, struct err *e)
{
    struct archive *a = ctx;
    return psz_frame_block(a->packed, &a->index, a->offset, a->number, &a->frame, e);
}

/* Writes the block that is being packed, if any. */
static int write_packed(struct archive *a, struct err *e)
{
    TRY(worker_wait(a->worker, e));
    if (a->packed == NULL)
        return 0;
    if (a->packed != a->enc)
        psz_encoder_pass_on(a->packed, a->enc);
    a->packed = NULL;
    a->number++;
    write_frame(a);
    return 0;
}

static int write_block(struct archive *a, struct err *e)
{
    TRY(write_packed(a, e));
    if (psz_encoder_empty(a->enc))
        return 0;
    a->packed = a->enc;
    worker_do(a->worker, pack_block, a);
    if (a->other == NULL)
        return write_packed(a, e);
    a->enc = a->other;
    a->other = a->packed;
    return 0;
}

static int archive_snapshot(void *ctx, const struct pool_snapshot *s, struct err *e)
{
    struct archive *a = ctx;
    if (psz_encoder_full(a->enc))
        TRY(write_block(a, e));
    return psz_encode(a->enc, s, e);
}

/* The last captures once more, so that the next one can be appended at once.  Behind
 * write_packed: the frame still holds the last block. */
static int keep_last(struct archive *a, struct psz_tip *c, struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    if (a->number == 0 || !psz_tip_worth(a->offset))
        return 0;
    return psz_tip_begin(c, a->frame.p + FRAME_HEAD, a->frame.n - FRAME_HEAD - FRAME_TAIL,
                         &limits, e);
}

static int archive_end(void *ctx, struct err *e)
{
    struct archive *a = ctx;
    struct psz_tip c = {0};
    TRY(write_block(a, e));
    TRY(write_packed(a, e));
    int r = keep_last(a, &c, e);
    if (r == 0)
        r = psz_frame_end(&a->index, a->number++, &a->frame, e);
    if (r == 0) {
        write_frame(a);
        r = psz_tip_save(&c, a->offset, a->number++, &a->frame, e);
    }
    if (r == 0)
        write_frame(a);
    psz_tip_free(&c);
    return r;
}

const struct format_writer psz_writer = {
    .keeps_all = true,
    .follows = true,
    .begin = archive_begin,
    .snapshot = archive_snapshot,
    .end = archive_end,
    .close = archive_close,
};
