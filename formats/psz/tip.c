/* SPDX-License-Identifier: MIT */
#include "formats/psz/tip.h"

#include <stdlib.h>

void psz_tip_clear(struct psz_tip *c)
{
    c->n = 0;
}

void psz_tip_free(struct psz_tip *c)
{
    for (size_t i = 0; i < c->cap; i++)
        pool_snapshot_free(&c->v[i]);
    free(c->v);
    pool_snapshot_free(&c->spare);
    psz_link_free(&c->link);
    psz_link_free(&c->whole);
    psz_decoder_free(c->dec);
    *c = (struct psz_tip){0};
}

/* ---- lanes ---- */

static bool same_lane(const struct pool_snapshot *a, const struct pool_snapshot *b)
{
    return a->record == b->record && a->scope == b->scope && a->session == b->session &&
           strcmp(pool_snapshot_str(a, a->host), pool_snapshot_str(b, b->host)) == 0;
}

static size_t lane_of(const struct psz_tip *c, const struct pool_snapshot *s)
{
    size_t i = 0;
    while (i < c->n && !same_lane(&c->v[i], s))
        i++;
    return i;
}

/* The spare capture becomes the last one of that lane. */
static int settle(struct psz_tip *c, size_t lane, struct err *e)
{
    if (lane >= c->cap) {
        size_t before = c->cap;
        void *v = c->v;
        TRY(grow(&v, &c->cap, lane + 1, sizeof *c->v, e));
        c->v = v;
        for (size_t i = before; i < c->cap; i++)
            c->v[i] = (struct pool_snapshot){0};
    }
    struct pool_snapshot last = c->v[lane];
    c->v[lane] = c->spare;
    c->spare = last;
    c->n = lane < c->n ? c->n : lane + 1;
    return 0;
}

int psz_tip_begin(struct psz_tip *c, const uint8_t *p, size_t n, const struct limits *l,
                  struct err *e)
{
    psz_tip_clear(c);
    if (c->dec == NULL)
        TRY(psz_decoder_new(&c->dec, l, e));
    int r = psz_decode_at(c->dec, p, n, PSZ_TO_LAST, e);
    while (r >= 0 && (r = psz_decode_next(c->dec, &c->spare, e)) > 0)
        r = settle(c, lane_of(c, &c->spare), e);
    return r;
}

/* ---- links ---- */

static const struct pool_snapshot *last_of(const struct psz_tip *c, size_t lane)
{
    return lane < c->n ? &c->v[lane] : NULL;
}

int psz_tip_next(struct psz_tip *c, struct psz_stream_in *in, const struct limits *l,
                 const struct pool_snapshot **s, struct err *e)
{
    uint64_t lane = psz_get(in), length = psz_get(in);
    const uint8_t *p = psz_get_bytes(in, length);
    if (p == NULL || lane > c->n || lane >= PSZ_LANES_MAX)
        return psz_broken(e, "links");
    TRY(psz_link_read(&c->link, last_of(c, (size_t)lane), p, (size_t)length, l, &c->spare,
                      e));
    TRY(settle(c, (size_t)lane, e));
    *s = &c->v[lane];
    return 0;
}

/* Appends lane, length and link. */
static int put_link(struct psz_link *l, const struct pool_snapshot *before,
                    const struct pool_snapshot *s, size_t lane, struct buf *out,
                    struct err *e)
{
    struct buf link = {0};
    int r = psz_link_write(l, before, s, &link, e);
    if (r == 0)
        r = buf_varint(out, lane, e);
    if (r == 0)
        r = buf_varint(out, link.n, e);
    if (r == 0)
        r = buf_append(out, link.p, link.n, e);
    buf_free(&link);
    return r;
}

int psz_tip_add(struct psz_tip *c, const struct pool_snapshot *s, struct buf *out,
                struct err *e)
{
    size_t lane = lane_of(c, s);
    TRY(pool_snapshot_copy(&c->spare, s, e)); /* whose rows are plain */
    TRY(put_link(&c->link, last_of(c, lane), &c->spare, lane, out, e));
    return settle(c, lane, e);
}

/* ---- for who appends ---- */

/* It makes a file larger by at most one part in so many, and never takes long. */
#define SHARE      40
#define LANES_MAX  8
#define WORTH_FROM ((uint64_t)128 << 10)

bool psz_tip_worth(uint64_t size)
{
    return size >= WORTH_FROM;
}

static int save(struct psz_tip *c, uint32_t number, struct buf *frame, struct err *e)
{
    uint8_t length[4];
    TRY(psz_zip_quick(&c->whole.zip, e));
    TRY(frame_begin(frame, e));
    TRY(buf_varint(frame, c->n, e));
    for (size_t i = 0; i < c->n; i++)
        TRY(put_link(&c->whole, NULL, &c->v[i], i, frame, e));
    put_le32(length, (uint32_t)(frame->n - FRAME_HEAD + sizeof length));
    TRY(buf_append(frame, length, sizeof length, e));
    return frame_finish(frame, PSZ_FRAME_LAST, number, e);
}

int psz_tip_save(struct psz_tip *c, uint64_t size, uint32_t number, struct buf *frame,
                 struct err *e)
{
    struct err own = {0};
    int r = 0;
    frame->n = 0;
    if (c->n > 0 && c->n <= LANES_MAX && psz_tip_worth(size))
        r = save(c, number, frame, &own);
    if (r < 0 || frame->n > size / SHARE)
        frame->n = 0;
    if (r == 0 || r == ERR_LIMIT) /* it is not needed */
        return 0;
    if (e != NULL && e->code == 0)
        *e = own;
    return r;
}

int psz_tip_load(struct psz_tip *c, const uint8_t *p, size_t n, const struct limits *l,
                 struct err *e)
{
    const struct pool_snapshot *s;
    if (n < 4)
        return psz_broken(e, "links");
    struct psz_stream_in in = {.p = p, .end = p + n - 4};
    psz_tip_clear(c);
    for (uint64_t lanes = psz_get(&in); lanes > 0; lanes--)
        TRY(psz_tip_next(c, &in, l, &s, e));
    return psz_at_end(&in) ? 0 : psz_broken(e, "links");
}
