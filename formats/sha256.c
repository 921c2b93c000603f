/* SPDX-License-Identifier: MIT */
#include "formats/sha256.h"

#include <string.h>

#define BLOCK ((size_t)64)

/* The fractional parts of the cube roots of the first 64 primes. */
static const uint32_t k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

static uint32_t turn(uint32_t v, unsigned n)
{
    return v >> n | v << (32 - n);
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The next word of the schedule takes the place of the one that is 16 words old. */
static inline uint32_t next_word(uint32_t w[16], int i)
{
    const uint32_t a = w[(i + 1) & 15], b = w[(i + 14) & 15];
    const uint32_t low = turn(turn(a, 11) ^ a, 7) ^ a >> 3;
    const uint32_t high = turn(turn(b, 2) ^ b, 17) ^ b >> 10;
    return w[i & 15] += w[(i + 9) & 15] + low + high;
}

/* One of 64 rounds: the eight words change their places instead of being moved, and the
 * three turns of a word are made of each other.  `same` is b ^ c, the a ^ b of the round
 * before. */
#define ROUND(a, b, c, d, e, f, g, h, word, i)                                           \
    do {                                                                                 \
        const uint32_t t = h + turn(turn(turn(e, 14) ^ e, 5) ^ e, 6) +                   \
                           (g ^ (e & (f ^ g))) + k[i] + (word);                          \
        const uint32_t unlike = a ^ b;                                                   \
        d += t;                                                                          \
        h = t + turn(turn(turn(a, 9) ^ a, 11) ^ a, 2) + (b ^ (same & unlike));           \
        same = unlike;                                                                   \
    } while (0)

#define EIGHT_ROUNDS(word, i)                                                            \
    do {                                                                                 \
        ROUND(v0, v1, v2, v3, v4, v5, v6, v7, word(i), i);                               \
        ROUND(v7, v0, v1, v2, v3, v4, v5, v6, word(i + 1), i + 1);                       \
        ROUND(v6, v7, v0, v1, v2, v3, v4, v5, word(i + 2), i + 2);                       \
        ROUND(v5, v6, v7, v0, v1, v2, v3, v4, word(i + 3), i + 3);                       \
        ROUND(v4, v5, v6, v7, v0, v1, v2, v3, word(i + 4), i + 4);                       \
        ROUND(v3, v4, v5, v6, v7, v0, v1, v2, word(i + 5), i + 5);                       \
        ROUND(v2, v3, v4, v5, v6, v7, v0, v1, word(i + 6), i + 6);                       \
        ROUND(v1, v2, v3, v4, v5, v6, v7, v0, word(i + 7), i + 7);                       \
    } while (0)

#define GIVEN_WORD(i) (w[i] = be32(p + 4 * (i)))
#define NEXT_WORD(i)  next_word(w, i)

static void take_block(struct sha256 *s, const uint8_t *p)
{
    uint32_t w[16];
    uint32_t v0 = s->h[0], v1 = s->h[1], v2 = s->h[2], v3 = s->h[3];
    uint32_t v4 = s->h[4], v5 = s->h[5], v6 = s->h[6], v7 = s->h[7];
    uint32_t same = v1 ^ v2;
    EIGHT_ROUNDS(GIVEN_WORD, 0);
    EIGHT_ROUNDS(GIVEN_WORD, 8);
    for (int i = 16; i < 64; i += 16) {
        EIGHT_ROUNDS(NEXT_WORD, i);
        EIGHT_ROUNDS(NEXT_WORD, i + 8);
    }
    s->h[0] += v0, s->h[1] += v1, s->h[2] += v2, s->h[3] += v3;
    s->h[4] += v4, s->h[5] += v5, s->h[6] += v6, s->h[7] += v7;
}

void sha256_start(struct sha256 *s)
{
    /* The fractional parts of the square roots of the first eight primes. */
    *s = (struct sha256){.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                               0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void sha256_add(struct sha256 *s, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    size_t held = (size_t)(s->bytes % BLOCK);
    s->bytes += n;
    while (n > 0) {
        if (held == 0 && n >= BLOCK) {
            take_block(s, p);
            p += BLOCK;
            n -= BLOCK;
            continue;
        }
        const size_t part = n < BLOCK - held ? n : BLOCK - held;
        memcpy(s->block + held, p, part);
        held += part;
        p += part;
        n -= part;
        if (held == BLOCK) {
            take_block(s, s->block);
            held = 0;
        }
    }
}

void sha256_hex(struct sha256 *s, char out[SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    static const uint8_t end[BLOCK] = {0x80};
    const uint64_t bits = s->bytes * 8;
    const size_t held = (size_t)(s->bytes % BLOCK);
    uint8_t length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha256_add(s, end, (held < BLOCK - 8 ? BLOCK : 2 * BLOCK) - 8 - held);
    sha256_add(s, length, sizeof length);
    for (int i = 0; i < 64; i++)
        out[i] = digits[s->h[i / 8] >> (28 - 4 * (i % 8)) & 15];
    out[64] = '\0';
}
