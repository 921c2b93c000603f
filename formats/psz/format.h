/* SPDX-License-Identifier: MIT */
/* Numbers of the archive format that its reader, writer and appender share; psz.5 says
 * what they mean.  Pure functions; nobody owns anything here. */
#ifndef FORMATS_PSZ_FORMAT_H
#define FORMATS_PSZ_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/frame.h"
#include "formats/pool.h"

#define PSZ_MAGIC                                                                        \
    {                                                                                    \
        0x89, 'P', 'S', 'Z', '\r', '\n', 0x1a, '\n'                                      \
    }
#define PSZ_MAJOR 1
#define PSZ_MINOR 1

/* Frame types.  Readers pass over types from 128 on that they do not know, and refuse
 * unknown types below. */
enum psz_frame {
    PSZ_FRAME_END = 0,
    PSZ_FRAME_BLOCK = 1,
    PSZ_FRAME_LINKS = 2,  /* captures told by what they change in those before */
    PSZ_FRAME_LAST = 128, /* the last capture of each lane once more, for who appends */
    PSZ_FRAME_OPTIONAL = 128
};

#define PSZ_BLOCK_SNAPSHOTS 256
/* What a reader takes: all streams of a block, or of a link, together and unpacked; and
 * rows of a block beyond those of its largest snapshot.  A writer keeps to both. */
#define PSZ_RAW_MAX   ((uint64_t)128 << 20)
#define PSZ_MORE_ROWS ((size_t)256 << 10)
#define PSZ_LANES_MAX PSZ_BLOCK_SNAPSHOTS
/* A writer ends a block behind so many bytes of texts.  So its captures name no more than
 * these, each once a capture, and what the last one brought: a reader takes that much. */
#define PSZ_TEXTS_MAX ((size_t)1 << 20)
#define PSZ_NAMED_MAX (PSZ_BLOCK_SNAPSHOTS * (uint64_t)PSZ_TEXTS_MAX + PSZ_RAW_MAX)

/* The streams of a block, in the order in which they stand. */
enum psz_stream {
    PSZ_STRINGS, /* texts */
    PSZ_KEYS,    /* lanes, and the tags and pools of their rows */
    PSZ_HEADS,   /* what each snapshot says besides rows and totals */
    PSZ_TOTALS,  /* figures of the header lines */
    PSZ_ORDER,   /* row orders that no rule gives */
    PSZ_RARE,    /* what few rows have */
    PSZ_FLAGS,   /* which rows changed in which snapshot */
    PSZ_FIRST,   /* a row's figures where it is seen first */
    PSZ_LIVE,    /* then their changes */
    PSZ_BYTES,
    PSZ_ALLOCS,
    PSZ_EVENTS, /* of records that hold events */
    PSZ_STREAMS
};
/* Blocks of the first archives had no records but captures, so no events, and fewer
 * totals. */
#define PSZ_STREAMS_EARLY PSZ_EVENTS
#define PSZ_TOTALS_EARLY  TOTAL_NONPAGED_LIMIT_KIB

/* ---- arithmetic modulo 2^64, the same on every machine ---- */

static inline uint64_t psz_zigzag(uint64_t v)
{
    return v << 1 ^ (v >> 63 ? UINT64_MAX : 0);
}

static inline uint64_t psz_unzigzag(uint64_t v)
{
    return v >> 1 ^ (v & 1 ? UINT64_MAX : 0);
}

/* How many bits v needs, 0 to 64.  Rows with frees of one magnitude are equally busy:
 * their changes stand together. */
static inline unsigned psz_magnitude(uint64_t v)
{
    unsigned n = 0;
    for (; v != 0; v >>= 1)
        n++;
    return n;
}

static inline int64_t psz_signed(uint64_t v)
{
    return v <= INT64_MAX ? (int64_t)v : -(int64_t)(UINT64_MAX - v) - 1;
}

/* A moment that there is (pool.h). */
static inline bool psz_moment(uint64_t ms)
{
    return psz_signed(ms) >= TIME_MS_FIRST && psz_signed(ms) <= TIME_MS_LAST;
}

/* now - before; of 32-bit counters the shorter way round. */
static inline uint64_t psz_change(uint64_t now, uint64_t before, bool wide)
{
    uint64_t d = now - before;
    if (wide)
        return d;
    d &= UINT32_MAX;
    return d >> 31 ? d | ~(uint64_t)UINT32_MAX : d;
}

static inline uint64_t psz_changed(uint64_t before, uint64_t change, bool wide)
{
    uint64_t now = before + change;
    return wide ? now : now & UINT32_MAX;
}

/* The change of bytes that a change of live blocks suggests: the mean size times the
 * change, rounded to 16 where the sizes differ.  `size` is bytes / live. */
static inline uint64_t psz_bytes_guess_by(uint64_t size, uint64_t bytes, uint64_t live,
                                          uint64_t change)
{
    bool down = change >> 63;
    uint64_t n = down ? 0 - change : change;
    uint64_t rest = bytes - size * live;
    uint64_t guess = n * size;
    if (rest != 0) {
        if (n <= UINT32_MAX && live <= UINT32_MAX)
            guess += n * rest / live;
        guess = (guess + 8) & ~(uint64_t)15;
    }
    return down ? 0 - guess : guess;
}

static inline uint64_t psz_bytes_guess(uint64_t bytes, uint64_t live, uint64_t change)
{
    if (change == 0 || live == 0)
        return 0;
    return psz_bytes_guess_by(bytes / live, bytes, live, change);
}

/* What the guess missed: even numbers count 16s, odd ones bytes, 1 stands before a
 * residual too large for either. */
#define PSZ_RESIDUAL_RAW 1

static inline uint64_t psz_residual_code(uint64_t residual)
{
    bool down = residual >> 63;
    uint64_t n = down ? 0 - residual : residual;
    if (n % 16 == 0)
        return psz_zigzag(down ? 0 - n / 16 : n / 16) << 1;
    if (n < (uint64_t)1 << 61)
        return psz_zigzag(residual) << 1 | 1;
    return PSZ_RESIDUAL_RAW;
}

static inline uint64_t psz_residual(uint64_t code)
{
    uint64_t v = psz_unzigzag(code >> 1);
    return code & 1 ? v : v * 16;
}

#endif
