/* SPDX-License-Identifier: MIT */
#include "formats/sha256_machine.h"

#if defined(__x86_64__) && defined(__GNUC__) &&                                          \
    (!defined(POOLSIFT_FAST) || POOLSIFT_FAST > 1)

#include <cpuid.h>
#include <immintrin.h>

bool sha256_machine(void)
{
    const unsigned ssse3 = 1u << 9, sse41 = 1u << 19, sha = 1u << 29;
    unsigned a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & ssse3) == 0 || (c & sse41) == 0)
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & sha) != 0;
}

static __m128i load(const void *p)
{
    return _mm_loadu_si128(p);
}

/* Four rounds with the words w: each instruction makes two, of the lower half. */
#define FOUR(w, i)                                                                       \
    do {                                                                                 \
        const __m128i sum = _mm_add_epi32(w, load(k + (i)));                             \
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);                                   \
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));          \
    } while (0)

/* The four words that follow a, b, c, d take the place of a. */
#define NEXT(a, b, c, d)                                                                 \
    a = _mm_sha256msg2_epu32(                                                            \
        _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4)), d)

__attribute__((target("sha,sse4.1"))) void
sha256_machine_blocks(uint32_t h[8], const uint32_t k[64], const uint8_t *p, size_t n)
{
    const __m128i order =
        _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    /* the instructions want the eight words of the state in this order */
    const __m128i badc = _mm_shuffle_epi32(load(h), 0xb1);
    const __m128i hgfe = _mm_shuffle_epi32(load(h + 4), 0x1b);
    __m128i abef = _mm_alignr_epi8(badc, hgfe, 8);
    __m128i cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
    for (; n > 0; n--, p += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w0 = _mm_shuffle_epi8(load(p), order);
        __m128i w1 = _mm_shuffle_epi8(load(p + 16), order);
        __m128i w2 = _mm_shuffle_epi8(load(p + 32), order);
        __m128i w3 = _mm_shuffle_epi8(load(p + 48), order);
        FOUR(w0, 0);
        FOUR(w1, 4);
        FOUR(w2, 8);
        FOUR(w3, 12);
        for (unsigned i = 16; i < 64; i += 16) {
            NEXT(w0, w1, w2, w3);
            FOUR(w0, i);
            NEXT(w1, w2, w3, w0);
            FOUR(w1, i + 4);
            NEXT(w2, w3, w0, w1);
            FOUR(w2, i + 8);
            NEXT(w3, w0, w1, w2);
            FOUR(w3, i + 12);
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((void *)h, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((void *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool sha256_machine(void)
{
    return false;
}

void sha256_machine_blocks(uint32_t h[8], const uint32_t k[64], const uint8_t *p,
                           size_t n)
{
    (void)h;
    (void)k;
    (void)p;
    (void)n;
}

#endif
