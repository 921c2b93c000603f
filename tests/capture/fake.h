/* SPDX-License-Identifier: MIT */
/* Test helper: a system that answers NtQuerySystemInformation with made-up figures, as a
 * 32-bit or a 64-bit process sees it; the caller owns the struct fake.
 *
 * Tag 0 is "Leak": nonpaged, 1000 blocks of 256 bytes more each time it is asked.  Tag i
 * is "T" and i in three digits to the base 62: paged, 100 + i modulo 50 allocations, 40
 * frees, 64 bytes a block. */
#ifndef TESTS_CAPTURE_FAKE_H
#define TESTS_CAPTURE_FAKE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "formats/bytes.h"
#include "formats/capture/container.h"
#include "formats/capture/record.h"

/* 2026-11-02T03:04:05Z, and half a day later. */
#define FAKE_BOOT  ((uint64_t)134380622450000000)
#define FAKE_BEGIN (FAKE_BOOT + (uint64_t)43200 * 10000000)

struct fake {
    bool wide; /* a 64-bit process asks */
    bool knows_255;
    uint32_t tags;     /* at least 1 */
    uint32_t refusal;  /* status of class 22, 0 = it answers */
    bool no_length;    /* ReturnLength stays 0 */
    uint32_t asked;    /* how often class 22 was answered */
    uint64_t filetime; /* of now */
};

static inline void fake_tag(uint32_t i, uint8_t tag[4])
{
    static const char digits[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    tag[0] = 'T';
    for (int k = 3; k > 0; k--, i /= 62)
        tag[k] = (uint8_t)digits[i % 62];
}

static inline void fake_put(uint8_t *p, uint64_t v, bool wide)
{
    put_le32(p, (uint32_t)v);
    if (wide)
        put_le32(p + 4, (uint32_t)(v >> 32));
}

static inline void fake_entry(const struct fake *f, uint32_t i, bool wide_counters,
                              uint8_t *p)
{
    uint64_t v[6] = {0}; /* paged allocs, frees, used; nonpaged the same */
    size_t counter = wide_counters ? 8 : 4, size = f->wide ? 8 : 4, at = 4;
    if (i == 0) {
        memcpy(p, "Leak", 4);
        v[3] = 1000 * (uint64_t)(f->asked + 1);
        v[5] = v[3] * 256;
    } else {
        fake_tag(i, p);
        v[0] = 100 + i % 50;
        v[1] = 40;
        v[2] = (v[0] - v[1]) * 64;
    }
    for (int k = 0; k < 6; k++) {
        size_t n = k % 3 == 2 ? size : counter;
        at = (at + n - 1) / n * n;
        fake_put(p + at, v[k], n == 8);
        at += n;
    }
}

static inline uint32_t fake_tags(struct fake *f, bool wide_counters, uint8_t *p,
                                 uint32_t n, uint32_t *returned)
{
    uint32_t head = f->wide ? 8 : 4, stride = !f->wide ? 28 : wide_counters ? 56 : 40;
    uint32_t need = head + f->tags * stride;
    *returned = f->no_length ? 0 : need;
    if (n >= 4)
        put_le32(p, f->tags);
    if (n < need)
        return NT_INFO_LENGTH_MISMATCH;
    for (uint32_t i = 0; i < f->tags; i++)
        fake_entry(f, i, wide_counters, p + head + i * stride);
    f->asked += !wide_counters || !f->wide;
    return 0;
}

static inline uint32_t fake_performance(uint8_t *p, uint32_t n, uint32_t *returned)
{
    enum { BYTES = 344 };
    if (n < BYTES)
        return NT_INFO_LENGTH_MISMATCH;
    memset(p, 0, BYTES);
    put_le32(p + 0x2c, 500000);  /* available */
    put_le32(p + 0x30, 900000);  /* committed */
    put_le32(p + 0x34, 2000000); /* limit */
    put_le32(p + 0x38, 950000);  /* peak */
    put_le32(p + 0x3c, 4711);    /* page faults */
    put_le32(p + 0x70, 60000);   /* paged pool */
    put_le32(p + 0x74, 30000);   /* nonpaged pool */
    put_le32(p + 0xa8, 50000);   /* paged pool in memory */
    *returned = BYTES;
    return 0;
}

/* Takes exactly its own length, as the real one does. */
static inline uint32_t fake_basic(const struct fake *f, uint8_t *p, uint32_t n,
                                  uint32_t *returned)
{
    if (n != (f->wide ? 64u : 44u))
        return NT_INFO_LENGTH_MISMATCH;
    put_le32(p + 8, 4096);
    put_le32(p + 12, 2097152); /* 8 GiB */
    *returned = n;
    return 0;
}

static inline uint32_t fake_query(struct fake *f, uint32_t info_class, uint8_t *p,
                                  uint32_t n, uint32_t *returned)
{
    *returned = 0;
    switch (info_class) {
    case NT_CLASS_BASIC:
        return fake_basic(f, p, n, returned);
    case NT_CLASS_PERFORMANCE:
        return fake_performance(p, n, returned);
    case NT_CLASS_TIME_OF_DAY:
        put_le64(p, FAKE_BOOT);
        put_le64(p + 8, f->filetime);
        *returned = 48;
        return n > 48 ? NT_INFO_LENGTH_MISMATCH : 0;
    case NT_CLASS_POOL_TAGS:
        return f->refusal != 0 ? f->refusal : fake_tags(f, false, p, n, returned);
    case NT_CLASS_POOL_TAGS_64:
        return f->knows_255 ? fake_tags(f, true, p, n, returned) : 0xc0000003;
    default:
        return 0xc0000003;
    }
}

#endif
