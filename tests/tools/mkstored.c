/* SPDX-License-Identifier: MIT */
/* The same archive with its streams as they are, not deflated: what a fuzzer changes in
 * it are figures, not bits of a Huffman table.
 *
 *     mkstored IN.psz OUT.psz */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/frame.h"
#include "formats/io/input.h"
#include "formats/psz/format.h"
#include "formats/psz/index.h"
#include "formats/psz/stream.h"

enum { HEAD_VARINTS = 5, LINK_MOST = 1 << 24 };

static struct psz_zip *zip;

static bool copy_varint(struct psz_stream_in *in, struct buf *out, uint64_t *v)
{
    *v = psz_get(in);
    return !in->bad && buf_varint(out, *v, NULL) == 0;
}

static bool put_unpacked(const uint8_t *p, uint64_t packed, uint64_t raw, struct buf *out)
{
    if (p == NULL || raw > LINK_MOST || buf_reserve(out, (size_t)raw + 1, NULL) < 0 ||
        psz_inflate(&zip, p, (size_t)packed, out->p + out->n, (size_t)raw, NULL) < 0)
        return false;
    out->n += (size_t)raw;
    return true;
}

static bool store_block(struct psz_stream_in in, struct buf *out)
{
    uint64_t v, streams = 0, raw[64], packed[64];
    bool ok = true;
    for (int i = 0; i < HEAD_VARINTS; i++)
        ok = ok && copy_varint(&in, out, &v);
    ok = ok && copy_varint(&in, out, &streams) && streams <= 64;
    for (uint64_t i = 0; i < streams && ok; i++) {
        raw[i] = psz_get(&in);
        packed[i] = psz_get(&in);
        ok = buf_varint(out, raw[i], NULL) == 0 && buf_varint(out, raw[i], NULL) == 0;
    }
    for (uint64_t i = 0; i < streams && ok; i++)
        ok = put_unpacked(psz_get_bytes(&in, packed[i]), packed[i], raw[i], out);
    return ok;
}

/* One link: its length, then how long it is unpacked, then its bytes. */
static bool store_link(struct psz_stream_in *in, struct buf *out)
{
    uint64_t lane;
    struct buf link = {0};
    if (!copy_varint(in, out, &lane))
        return false;
    uint64_t n = psz_get(in);
    const uint8_t *p = psz_get_bytes(in, n);
    struct psz_stream_in one = {.p = p, .end = p == NULL ? NULL : p + n};
    uint64_t raw;
    bool ok = p != NULL && copy_varint(&one, &link, &raw) &&
              put_unpacked(one.p, (uint64_t)(one.end - one.p), raw, &link) &&
              buf_varint(out, link.n, NULL) == 0 &&
              buf_append(out, link.p, link.n, NULL) == 0;
    buf_free(&link);
    return ok;
}

static bool store_links(struct psz_stream_in in, struct buf *out)
{
    uint64_t n, rows;
    bool ok = copy_varint(&in, out, &n) && copy_varint(&in, out, &rows);
    while (ok && in.p < in.end)
        ok = store_link(&in, out);
    return ok;
}

static bool store_last(struct psz_stream_in in, struct buf *out)
{
    uint64_t n;
    uint8_t length[4];
    in.end -= sizeof length;
    bool ok = copy_varint(&in, out, &n);
    while (ok && in.p < in.end)
        ok = store_link(&in, out);
    put_le32(length, (uint32_t)(out->n - FRAME_HEAD + sizeof length));
    return ok && buf_append(out, length, sizeof length, NULL) == 0;
}

static bool list_block(struct psz_index *ix, struct psz_stream_in in, uint64_t at,
                       bool links)
{
    struct psz_block_facts facts = {
        .links = links, .timed = true, .first_time = INT64_MIN, .last_time = INT64_MAX};
    facts.snapshots = psz_get(&in);
    facts.rows = psz_get(&in);
    ix->snapshots += facts.snapshots;
    return psz_index_add(ix, at, &facts, NULL) == 0 &&
           psz_index_add_host(ix, "", NULL) == 0;
}

static bool store_frame(const struct frame *f, struct psz_index *ix, struct buf *frame,
                        struct buf *out)
{
    const struct psz_stream_in in = {.p = f->p, .end = f->p + f->n};
    const bool links = f->type == PSZ_FRAME_LINKS;
    bool ok = frame_begin(frame, NULL) == 0;
    if (f->type == PSZ_FRAME_END) {
        ok = ok && psz_frame_end(ix, f->number, frame, NULL) == 0;
        const uint64_t all = ix->snapshots;
        psz_index_clear(ix);
        ix->snapshots = all;
        ix->before = out->n;
    } else {
        ok = ok && (links                       ? store_links(in, frame)
                    : f->type == PSZ_FRAME_LAST ? store_last(in, frame)
                                                : store_block(in, frame));
        ok = ok && frame_finish(frame, f->type, f->number, NULL) == 0;
        if (f->type == PSZ_FRAME_BLOCK || links)
            ok = ok && list_block(ix, in, out->n, links);
    }
    return ok && buf_append(out, frame->p, frame->n, NULL) == 0;
}

static bool store(struct input *in, struct buf *out)
{
    struct frame_reader r = {.in = in};
    struct psz_index ix = {0};
    struct buf frame = {0};
    struct frame f;
    const uint8_t *p;
    bool ok = input_peek(in, FRAME_FILE_HEAD, &p, NULL) >= FRAME_FILE_HEAD &&
              buf_append(out, p, FRAME_FILE_HEAD, NULL) == 0;
    input_consume(in, FRAME_FILE_HEAD);
    int state = FRAME_WHOLE;
    while (ok && (state = frame_next(&r, &f, NULL)) == FRAME_WHOLE)
        ok = store_frame(&f, &ix, &frame, out);
    psz_index_free(&ix);
    buf_free(&frame);
    return ok && state == FRAME_NONE;
}

int main(int argc, char **argv)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct input_raw raw;
    struct input *in = NULL;
    struct buf out = {0};
    if (argc != 3) {
        (void)fputs("usage: mkstored IN.psz OUT.psz\n", stderr);
        return 2;
    }
    bool ok = input_raw_file(&raw, argv[1], NULL) == 0 &&
              input_open(&in, argv[1], raw, &limits, NULL) == 0 && store(in, &out);
    FILE *to = ok ? fopen(argv[2], "wb") : NULL;
    ok = to != NULL && fwrite(out.p, 1, out.n, to) == out.n;
    if (to != NULL)
        ok = fclose(to) == 0 && ok;
    if (!ok)
        (void)fprintf(stderr, "mkstored: %s cannot be stored as %s\n", argv[1], argv[2]);
    input_close(in);
    buf_free(&out);
    psz_zip_free(zip);
    return ok ? 0 : 1;
}
