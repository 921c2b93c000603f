/* SPDX-License-Identifier: MIT */
/* What is asked and how is from phnt's ntexapi.h and Geoff Chappell's pages on
 * NtQuerySystemInformation. */
#include "formats/capture/record.h"

#include <stdlib.h>
#include <string.h>

#include "formats/capture/container.h"
#include "formats/frame.h"

/* ---- items ---- */

static int put_item(struct buf *out, uint32_t type, const uint8_t *head, size_t n_head,
                    const uint8_t *p, size_t n, struct err *e)
{
    static const uint8_t zeros[PSCAP_ITEM_ALIGN] = {0};
    uint8_t item[PSCAP_ITEM_HEAD];
    put_le32(item, type);
    put_le32(item + 4, (uint32_t)(n_head + n));
    TRY(buf_append(out, item, sizeof item, e));
    TRY(buf_append(out, head, n_head, e));
    TRY(buf_append(out, p, n, e));
    size_t over = (n_head + n) % PSCAP_ITEM_ALIGN;
    return buf_append(out, zeros, over == 0 ? 0 : PSCAP_ITEM_ALIGN - over, e);
}

static int put_text(struct buf *out, uint32_t type, const char *text, struct err *e)
{
    if (text[0] == '\0')
        return 0;
    return put_item(out, type, (const uint8_t *)text, strlen(text), NULL, 0, e);
}

static int put_machine(struct buf *out, const struct capture_machine *m, struct err *e)
{
    uint8_t p[PSCAP_MACHINE_BYTES];
    put_le32(p, m->process | (uint32_t)m->native << 16);
    put_le32(p + 4, m->major);
    put_le32(p + 8, m->minor);
    put_le32(p + 12, m->build);
    put_le32(p + 16, m->revision);
    put_le32(p + 20, m->processors);
    TRY(put_item(out, PSCAP_MACHINE, p, sizeof p, NULL, 0, e));
    TRY(put_text(out, PSCAP_HOST, m->host, e));
    return put_text(out, PSCAP_PROGRAM, m->program, e);
}

static int put_times(struct buf *out, uint64_t begun, uint64_t done, struct err *e)
{
    uint8_t p[PSCAP_TIMES_BYTES];
    put_le64(p, begun);
    put_le64(p + 8, done);
    return put_item(out, PSCAP_TIMES, p, sizeof p, NULL, 0, e);
}

struct reply {
    uint32_t info_class, status, returned;
    uint8_t *p;
    uint32_t n; /* bytes of p that are the answer */
};

static int put_reply(struct buf *out, const struct reply *r, struct err *e)
{
    uint8_t head[PSCAP_REPLY_HEAD] = {0};
    put_le32(head, r->info_class);
    put_le32(head + 4, r->status);
    put_le32(head + 8, r->returned);
    return put_item(out, PSCAP_REPLY, head, sizeof head, r->p, r->n, e);
}

/* ---- questions ---- */

static bool refused(uint32_t status)
{
    return status >> 31 != 0; /* warnings and errors, as NT_SUCCESS has it */
}

/* A question whose answer has a size known before: some classes take no other. */
static int ask_fixed(struct buf *out, const struct capture_system *sys,
                     uint32_t info_class, uint32_t size, struct err *e)
{
    uint8_t answer[1024] = {0};
    struct reply r = {.info_class = info_class, .p = answer};
    if (size > sizeof answer)
        size = sizeof answer;
    r.status = sys->query(sys->ctx, info_class, answer, size, &r.returned);
    if (!refused(r.status))
        r.n = r.returned > 0 && r.returned < size ? r.returned : size;
    return put_reply(out, &r, e);
}

/* How much of a pool tag reply counts when the system does not say. */
static uint32_t pool_reply_bytes(const struct reply *r, uint32_t cap, bool wide)
{
    if (r->returned > 0 && r->returned <= cap)
        return r->returned;
    uint64_t stride = !wide ? 28 : r->info_class == NT_CLASS_POOL_TAGS ? 40 : 56;
    uint64_t n = (wide ? 8 : 4) + le32(r->p) * stride;
    return n < cap ? (uint32_t)n : cap;
}

/* Asks with more and more room: tags may appear between two questions.  Fills *r, whose
 * p the caller frees; a refusal is in r->status. */
static int ask_pool_tags(const struct capture_system *sys, struct reply *r, bool wide,
                         struct err *e)
{
    enum { TRIES = 12 };
    const uint32_t most = 24u << 20; /* two replies fit into one frame */
    uint32_t cap = 256u << 10;
    for (int i = 0; i < TRIES; i++) {
        free(r->p);
        /* Zeros, so that what the system leaves alone is the same every time. */
        r->p = calloc(1, cap);
        if (r->p == NULL)
            return err_nomem(e);
        r->returned = 0;
        r->status = sys->query(sys->ctx, r->info_class, r->p, cap, &r->returned);
        if (!refused(r->status))
            r->n = pool_reply_bytes(r, cap, wide);
        if (r->status != NT_INFO_LENGTH_MISMATCH || cap == most)
            return 0;
        uint64_t next = r->returned > 2 * (uint64_t)cap ? r->returned : 2 * (uint64_t)cap;
        next += 16u << 10;
        cap = next < most ? (uint32_t)next : most;
    }
    return 0;
}

static int put_pool_tags(struct buf *out, const struct capture_system *sys, bool wide,
                         size_t *pool_bytes, struct err *e)
{
    struct reply r = {.info_class = NT_CLASS_POOL_TAGS};
    int result = ask_pool_tags(sys, &r, wide, e);
    if (result == 0 && refused(r.status))
        result = err_set(e, ERR_UNSUPPORTED,
                         "the system does not give its pool tags: class 22 answered "
                         "status 0x%08x",
                         (unsigned)r.status);
    if (result == 0)
        result = put_reply(out, &r, e);
    *pool_bytes = r.n;
    free(r.p);
    TRY(result);

    /* Most systems do not know this one: then there is nothing to keep. */
    r = (struct reply){.info_class = NT_CLASS_POOL_TAGS_64};
    result = ask_pool_tags(sys, &r, wide, e);
    if (result == 0 && !refused(r.status) && r.n > 0)
        result = put_reply(out, &r, e);
    free(r.p);
    return result;
}

int capture_record(struct buf *out, const struct capture_system *sys,
                   const struct capture_machine *m, uint32_t number, size_t *pool_bytes,
                   struct err *e)
{
    bool wide = m->process == NT_AMD64 || m->process == NT_ARM64;
    uint64_t begun = sys->clock(sys->ctx);
    *pool_bytes = 0;
    TRY(frame_begin(out, e));
    TRY(put_machine(out, m, e));
    TRY(ask_fixed(out, sys, NT_CLASS_TIME_OF_DAY, 48, e));
    TRY(ask_fixed(out, sys, NT_CLASS_PERFORMANCE, 1024, e));
    TRY(ask_fixed(out, sys, NT_CLASS_BASIC, wide ? 64 : 44, e));
    TRY(put_pool_tags(out, sys, wide, pool_bytes, e));
    TRY(ask_fixed(out, sys, NT_CLASS_TIME_OF_DAY, 48, e));
    TRY(put_times(out, begun, sys->clock(sys->ctx), e));
    return frame_finish(out, PSCAP_FRAME_RECORD, number, e);
}
