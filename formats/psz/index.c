/* SPDX-License-Identifier: MIT */
#include "formats/psz/index.h"

#include <stdlib.h>
#include <string.h>

#include "formats/frame.h"
#include "formats/psz/format.h"
#include "formats/psz/stream.h"

enum { HAS_TIMED = 1, HAS_UNTIMED = 2, HAS_LINKS = 4, HAS_ODD = 8 };

void psz_index_clear(struct psz_index *ix)
{
    ix->n = 0;
    ix->n_host_of = 0;
    ix->snapshots = ix->before = 0;
    psz_texts_clear(&ix->hosts);
}

void psz_index_free(struct psz_index *ix)
{
    free(ix->blocks);
    free(ix->host_of);
    psz_texts_free(&ix->hosts);
    *ix = (struct psz_index){0};
}

int psz_index_add(struct psz_index *ix, uint64_t offset,
                  const struct psz_block_facts *facts, struct err *e)
{
    void *v = ix->blocks;
    TRY(grow(&v, &ix->cap, ix->n + 1, sizeof *ix->blocks, e));
    ix->blocks = v;
    ix->blocks[ix->n++] = (struct psz_index_block){.offset = offset,
                                                   .facts = *facts,
                                                   .first_host = ix->n_host_of,
                                                   .behind = ix->before};
    return 0;
}

static int add_host_number(struct psz_index *ix, uint32_t number, struct err *e)
{
    struct psz_index_block *b = &ix->blocks[ix->n - 1];
    for (size_t i = 0; i < b->n_hosts; i++)
        if (ix->host_of[b->first_host + i] == number)
            return 0;
    void *v = ix->host_of;
    TRY(grow(&v, &ix->host_of_cap, ix->n_host_of + 1, sizeof *ix->host_of, e));
    ix->host_of = v;
    ix->host_of[ix->n_host_of++] = number;
    b->n_hosts++;
    return 0;
}

int psz_index_add_host(struct psz_index *ix, const char *host, struct err *e)
{
    uint32_t number;
    TRY(psz_texts_put(&ix->hosts, host, &number, e));
    return add_host_number(ix, number, e);
}

static int write_block(const struct psz_index *ix, const struct psz_index_block *b,
                       uint64_t before, struct buf *out, struct err *e)
{
    const struct psz_block_facts *f = &b->facts;
    TRY(buf_varint(out, b->offset - before, e));
    TRY(buf_varint(out, f->snapshots, e));
    TRY(buf_varint(out, f->rows, e));
    unsigned has = (f->timed ? HAS_TIMED : 0) | (f->untimed ? HAS_UNTIMED : 0) |
                   (f->links ? HAS_LINKS : 0) | (f->odd ? HAS_ODD : 0);
    TRY(buf_byte(out, (uint8_t)has, e));
    if (f->timed) {
        TRY(buf_varint(out, zigzag(f->first_time), e));
        TRY(buf_varint(out, (uint64_t)f->last_time - (uint64_t)f->first_time, e));
    }
    TRY(buf_varint(out, b->n_hosts, e));
    for (size_t i = 0; i < b->n_hosts; i++)
        TRY(buf_varint(out, ix->host_of[b->first_host + i], e));
    return 0;
}

int psz_index_write(const struct psz_index *ix, struct buf *out, struct err *e)
{
    size_t start = out->n;
    TRY(buf_varint(out, ix->snapshots, e));
    TRY(buf_varint(out, ix->before, e));
    TRY(psz_texts_write(&ix->hosts, out, e));
    TRY(buf_varint(out, ix->n, e));
    uint64_t before = ix->before;
    for (size_t i = 0; i < ix->n; i++) {
        TRY(write_block(ix, &ix->blocks[i], before, out, e));
        before = ix->blocks[i].offset;
    }
    uint8_t length[4];
    put_le32(length, (uint32_t)(out->n - start + sizeof length));
    return buf_append(out, length, sizeof length, e);
}

static int read_block(struct psz_index *ix, struct psz_stream_in *in, uint64_t *at,
                      struct err *e)
{
    struct psz_block_facts f = {0};
    uint64_t distance = psz_get(in);
    f.snapshots = psz_get(in);
    f.rows = psz_get(in);
    uint64_t has = psz_get(in);
    f.timed = has & HAS_TIMED;
    f.untimed = has & HAS_UNTIMED;
    f.links = has & HAS_LINKS;
    f.odd = has & HAS_ODD;
    if (f.timed) {
        f.first_time = unzigzag(psz_get(in));
        f.last_time = psz_signed((uint64_t)f.first_time + psz_get(in));
    }
    uint64_t hosts = psz_get(in);
    if (in->bad || has > (HAS_TIMED | HAS_UNTIMED | HAS_LINKS | HAS_ODD) ||
        hosts > PSZ_LANES_MAX + 1 || f.last_time < f.first_time || distance == 0 ||
        !add_u64(*at, distance, at))
        return psz_broken(e, "index");
    TRY(psz_index_add(ix, *at, &f, e));
    for (uint64_t i = 0; i < hosts; i++) {
        uint64_t number = psz_get(in);
        if (in->bad || (number != 0 && number >= ix->hosts.n))
            return psz_broken(e, "index");
        TRY(add_host_number(ix, (uint32_t)number, e));
    }
    return 0;
}

int psz_index_read(struct psz_index *ix, const uint8_t *p, size_t n, uint64_t own,
                   struct err *e)
{
    if (n < 4 || le32(p + n - 4) != n)
        return psz_broken(e, "index");
    struct psz_stream_in in = {.p = p, .end = p + n - 4};
    psz_index_clear(ix);
    ix->snapshots = psz_get(&in);
    ix->before = psz_get(&in);
    TRY(psz_texts_read(&ix->hosts, &in, e));
    uint64_t blocks = psz_get(&in), at = ix->before;
    for (uint64_t i = 0; i < blocks; i++)
        TRY(read_block(ix, &in, &at, e));
    if (!psz_at_end(&in) || ix->before >= own || (ix->n > 0 && at >= own))
        return psz_broken(e, "index");
    return 0;
}

int psz_frame_block(struct psz_encoder *enc, struct psz_index *ix, uint64_t offset,
                    uint32_t number, struct buf *frame, struct err *e)
{
    struct psz_block_facts facts = psz_encoder_facts(enc);
    TRY(psz_index_add(ix, offset, &facts, e));
    const char *host;
    for (size_t i = 0; (host = psz_encoder_host(enc, i)) != NULL; i++)
        TRY(psz_index_add_host(ix, host, e));
    TRY(frame_begin(frame, e));
    TRY(psz_encode_finish(enc, frame, e));
    TRY(frame_finish(frame, PSZ_FRAME_BLOCK, number, e));
    ix->snapshots += facts.snapshots;
    return 0;
}

int psz_frame_end(const struct psz_index *ix, uint32_t number, struct buf *frame,
                  struct err *e)
{
    TRY(frame_begin(frame, e));
    TRY(psz_index_write(ix, frame, e));
    return frame_finish(frame, PSZ_FRAME_END, number, e);
}
