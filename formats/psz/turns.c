/* SPDX-License-Identifier: MIT */
/* A turn is a snapshot in which a row appears, changes or is gone.  The archive tells
 * them row by row, a reader wants them snapshot by snapshot. */
#include <stdlib.h>

#include "formats/psz/decoder.h"

/* The 64 flags from number `from` on; those that the row does not have are 0. */
static uint64_t flags_of(const uint8_t *row, size_t stride, size_t from)
{
    const size_t at = from / 8;
    if (at + 8 <= stride)
        return le64(row + at);
    uint64_t v = 0;
    for (size_t i = at; i < stride; i++)
        v |= (uint64_t)row[i] << 8 * (i - at);
    return v;
}

/* Bit k of v[i] becomes bit i of v[k]: halves are exchanged, then quarters ... */
static void turn_square(uint64_t v[64])
{
    uint64_t m = UINT32_MAX;
    for (unsigned j = 32; j != 0; j >>= 1, m ^= m << j)
        for (unsigned k = 0; k < 64; k = ((k | j) + 1) & ~j) {
            uint64_t t = (v[k] >> j ^ v[k | j]) & m;
            v[k] ^= t << j;
            v[k | j] ^= t;
        }
}

static void turn_lane(const struct psz_decoder *dec, const struct psz_lane_rows *lane)
{
    const uint8_t *flags = dec->stream[PSZ_FLAGS] + lane->flags;
    uint64_t *turned = dec->turned + lane->turned;
    for (size_t row = 0; row < lane->n; row += 64)
        for (size_t when = 0; when < lane->snapshots; when += 64) {
            uint64_t v[64];
            for (size_t i = 0; i < 64; i++)
                v[i] = row + i >= lane->n ? 0
                                          : flags_of(flags + (row + i) * lane->stride,
                                                     lane->stride, when);
            turn_square(v);
            for (size_t i = 0; i < 64 && when + i < lane->snapshots; i++)
                turned[(when + i) * lane->words + row / 64] = v[i];
        }
}

int psz_turn_flags(struct psz_decoder *dec, struct err *e)
{
    size_t words = 0;
    for (size_t l = 0; l < dec->n_lanes; l++) {
        struct psz_lane_rows *lane = &dec->lane_rows[l];
        lane->turned = words;
        lane->words = (lane->n + 63) / 64;
        words += lane->words * lane->snapshots;
    }
    TRY(psz_room(&dec->turned, &dec->turned_cap, words + 1, sizeof *dec->turned, e));
    for (size_t l = 0; l < dec->n_lanes; l++)
        turn_lane(dec, &dec->lane_rows[l]);
    return 0;
}
