/* SPDX-License-Identifier: MIT */
/* One turn of one row out of its streams, and bits of flags; pure functions, nobody owns
 * anything here. */
#ifndef FORMATS_PSZ_TURN_H
#define FORMATS_PSZ_TURN_H

#include "formats/psz/decoder.h"

/* How many bits of v are set. */
static inline unsigned psz_bits_of(uint64_t v)
{
    v -= v >> 1 & UINT64_MAX / 3;
    v = (v & UINT64_MAX / 15 * 3) + (v >> 2 & UINT64_MAX / 15 * 3);
    v = (v + (v >> 4)) & UINT64_MAX / 255 * 15;
    return (unsigned)(v * (UINT64_MAX / 255) >> 56);
}

/* v is not 0: its lowest bit, times a number in which each six bits come once
 * (de Bruijn). */
static inline unsigned psz_lowest_bit(uint64_t v)
{
    static const uint8_t place[64] = {0,  1,  2,  53, 3,  7,  54, 27, 4,  38, 41, 8,  34,
                                      55, 48, 28, 62, 5,  39, 46, 44, 42, 22, 9,  24, 35,
                                      59, 56, 49, 18, 29, 11, 63, 52, 6,  26, 37, 40, 33,
                                      47, 61, 45, 43, 21, 23, 58, 17, 10, 51, 25, 36, 32,
                                      60, 20, 57, 16, 50, 31, 19, 15, 30, 14, 13, 12};
    return place[(v & (0 - v)) * UINT64_C(0x022fdd63cc95386d) >> 58];
}

/* Two bytes are read in place; longer numbers are few.  The stream's own address stays
 * here. */
static inline uint64_t psz_take(struct psz_stream_in *s)
{
    const uint8_t *p = s->p;
    if (p != s->end && p[0] < 0x80) {
        s->p = p + 1;
        return p[0];
    }
    if (s->end - p >= 2 && p[1] < 0x80) {
        s->p = p + 2;
        return (uint64_t)(p[0] & 0x7f) | (uint64_t)p[1] << 7;
    }
    struct psz_stream_in rest = *s;
    const uint64_t v = psz_get(&rest);
    *s = rest;
    return v;
}

static inline void psz_begin_course(struct psz_course *c, const struct psz_history *h,
                                    bool wide)
{
    c->now.live = wide ? h->first_live : h->first_live & UINT32_MAX;
    c->now.allocs = psz_changed(h->first_frees, c->now.live, wide);
    c->now.bytes =
        c->now.live == 0 ? h->first_size : c->now.live * h->first_size + h->first_rest;
    c->begun = c->present = true;
}

/* The row, which has begun, changes or goes; false when its changes are used up.  *size
 * is its bytes / live where that is known, or NULL. */
static inline bool psz_take_change(struct psz_course *c, bool wide, const uint64_t *size)
{
    const uint64_t step = c->step + psz_unzigzag(psz_take(&c->allocs));
    const uint64_t live = psz_unzigzag(psz_take(&c->live));
    const uint64_t code = psz_take(&c->bytes);
    const uint64_t rest =
        code == PSZ_RESIDUAL_RAW ? psz_take(&c->bytes) : psz_residual(code);
    if (c->allocs.bad | c->live.bad | c->bytes.bad)
        return false;
    c->step = step;
    if (c->present && step == 0 && live == 0 && rest == 0) {
        c->present = false;
        return true;
    }
    if (size == NULL)
        c->now.bytes += psz_bytes_guess(c->now.bytes, c->now.live, live);
    else if (live != 0 && c->now.live != 0)
        c->now.bytes += psz_bytes_guess_by(*size, c->now.bytes, c->now.live, live);
    c->now.bytes += rest;
    c->now.allocs = psz_changed(c->now.allocs, step, wide);
    c->now.live = psz_changed(c->now.live, live, wide);
    c->present = true;
    return true;
}

#endif
