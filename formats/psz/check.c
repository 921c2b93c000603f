/* SPDX-License-Identifier: MIT */
#include "formats/psz/check.h"

#include "formats/psz/format.h"
#include "formats/psz/stream.h"

void psz_check_free(struct psz_check *c)
{
    psz_index_free(&c->seen);
    psz_index_free(&c->told);
}

static bool lists_agree(const struct psz_check *c)
{
    const struct psz_index *seen = &c->seen, *told = &c->told;
    if (told->n != seen->n || told->before != c->now.last_end ||
        told->snapshots != c->now.snapshots)
        return false;
    for (size_t i = 0; i < seen->n; i++)
        if (told->blocks[i].offset != seen->blocks[i].offset ||
            told->blocks[i].facts.snapshots != seen->blocks[i].facts.snapshots ||
            told->blocks[i].facts.rows != seen->blocks[i].facts.rows ||
            told->blocks[i].facts.links != seen->blocks[i].facts.links)
            return false;
    return true;
}

bool psz_check_is_fold(const struct psz_check *c, const struct frame *f)
{
    return c->may_fold && f->type == PSZ_FRAME_BLOCK && f->number != c->now.frames &&
           f->number == c->fold.frames;
}

/* The first links behind an end mark, and every block there, can be folded over. */
static void mark_fold(struct psz_check *c, bool links)
{
    if (c->now.last_end != 0 && !(links && c->linked)) {
        c->fold = c->now;
        c->may_fold = true;
    }
    c->linked = links;
}

static int check_block(struct psz_check *c, const struct frame *f, struct err *e)
{
    struct psz_stream_in in = {.p = f->p, .end = f->p + f->n};
    struct psz_block_facts facts = {.links = f->type == PSZ_FRAME_LINKS};
    facts.snapshots = psz_get(&in);
    facts.rows = psz_get(&in);
    c->now.blocks++;
    c->last_block = f->offset;
    c->now.snapshots += facts.snapshots;
    return psz_index_add(&c->seen, f->offset, &facts, e);
}

static int check_end(struct psz_check *c, const struct frame *f, const char **wrong,
                     struct err *e)
{
    struct err own = {0};
    int r = psz_index_read(&c->told, f->p, f->n, f->offset, &own);
    if (r == ERR_NOMEM)
        return err_nomem(e);
    if (r < 0 || !lists_agree(c))
        *wrong = "the end mark does not list the blocks that are there";
    c->now.last_end = c->end_at = f->offset;
    c->behind_end = f->offset + FRAME_HEAD + f->n + FRAME_TAIL;
    c->open = false;
    psz_index_clear(&c->seen);
    return 0;
}

int psz_check_frame(struct psz_check *c, const struct frame *f, const char **wrong,
                    struct err *e)
{
    *wrong = NULL;
    if (psz_check_is_fold(c, f)) {
        c->now = c->fold;
        psz_index_clear(&c->seen);
    }
    if (f->number != (uint32_t)c->now.frames)
        *wrong = "blocks before it are missing";
    c->now.frames = f->number;
    bool block = f->type == PSZ_FRAME_BLOCK || f->type == PSZ_FRAME_LINKS;
    if (block)
        mark_fold(c, f->type == PSZ_FRAME_LINKS);
    c->now.frames = (uint64_t)f->number + 1;
    c->open |= f->type < PSZ_FRAME_OPTIONAL;
    if (block)
        return check_block(c, f, e);
    if (f->type == PSZ_FRAME_END)
        return check_end(c, f, wrong, e);
    if (f->type >= PSZ_FRAME_OPTIONAL)
        return 0;
    err_hint(e, "read it with the newer poolsift that wrote it");
    return err_set(e, ERR_UNSUPPORTED, "the archive has blocks of an unknown kind (%u)",
                   (unsigned)f->type);
}
