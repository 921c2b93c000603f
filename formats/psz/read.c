/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "formats/psz/columns.h"
#include "formats/psz/psz.h"
#include "formats/psz/walk.h"

/* What one row of output is worth against limits.inflated_bytes. */
#define ROW_TEXT_BYTES 64

struct archive {
    struct limits limits;
    struct psz_walk walk;
    struct psz_block block; /* being decoded */
    struct psz_decoder *dec;
    bool decoding;
    uint64_t rows; /* promised by the blocks so far */
};

/* A block that is whole but contradicts itself: fine when it may be passed over. */
static int failed_block(struct archive *a, struct err *e)
{
    a->decoding = false;
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

static int open_block(struct archive *a, struct err *e)
{
    int r = psz_decode_open(a->dec, a->block.p, a->block.n, e);
    uint64_t most = a->limits.inflated_bytes / ROW_TEXT_BYTES;
    if (r == 0 && !add_u64(a->rows, psz_decoder_rows(a->dec), &a->rows))
        a->rows = UINT64_MAX;
    if (r == 0 && a->rows > most)
        r = err_set(e, ERR_LIMIT, "more than %llu rows in one archive",
                    (unsigned long long)most);
    a->decoding = r == 0;
    return r < 0 ? failed_block(a, e) : 0;
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
    return psz_walk_open(&a->walk, in, o->salvage, e);
}

static int archive_next(void *ctx, struct pool_snapshot *s, struct err *e)
{
    struct archive *a = ctx;
    pool_snapshot_clear(s);
    for (;;) {
        int r = a->decoding ? psz_decode_next(a->dec, s, e) : 0;
        if (r > 0)
            return 1;
        if (r < 0)
            TRY(failed_block(a, e));
        a->decoding = false;
        r = psz_walk_next(&a->walk, &a->block, e);
        if (r <= 0)
            return r;
        TRY(open_block(a, e));
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
