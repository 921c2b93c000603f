/* SPDX-License-Identifier: MIT */
/* Streams packed and unpacked one after the other with one state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/psz/stream.h"

enum { N = 600 };

static void fill(uint8_t *p, size_t n, bool noise)
{
    uint32_t state = 7;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525 + 1013904223;
        p[i] = noise ? (uint8_t)(state >> 24) : (uint8_t)(i % 3);
    }
}

/* Noise is stored as it is, behind what is there already; what is told is packed, quickly
 * or well; nothing takes no bytes. */
static void there_and_back(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        bool noise;
    } streams[] = {{N, false}, {N, true}, {0, false}, {1, true}, {N, false}};
    for (int quick = 0; quick < 2; quick++) {
        struct psz_zip *pack = NULL, *unpack = NULL;
        struct buf b = {0};
        if (quick == 1)
            assert_int_equal(psz_zip_quick(&pack, NULL), 0);
        for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
            const size_t n = streams[i].n, from = b.n;
            uint8_t p[N], got[N + 1];
            fill(p, n, streams[i].noise);
            memset(got, 0x5a, sizeof got);
            assert_int_equal(psz_deflate(&pack, p, n, &b, NULL), 0);
            const size_t packed = b.n - from;
            assert_true(streams[i].noise || n == 0 ? packed == n : packed < n / 10);
            assert_int_equal(psz_inflate(&unpack, b.p + from, packed, got, n, NULL), 0);
            assert_memory_equal(got, p, n);
            assert_int_equal(got[n], 0x5a);
        }
        psz_zip_free(pack);
        psz_zip_free(unpack);
        buf_free(&b);
    }
}

/* A byte too few, one behind, and a length that is not the stream's. */
static void not_what_was_packed(void **state)
{
    (void)state;
    struct psz_zip *zip = NULL;
    struct buf b = {0};
    uint8_t p[N], got[N + 1];
    fill(p, N, false);
    assert_int_equal(psz_deflate(&zip, p, N, &b, NULL), 0);
    assert_int_equal(buf_byte(&b, 0, NULL), 0);
    const size_t n = b.n - 1;
    assert_int_equal(psz_inflate(&zip, b.p, n, got, N, NULL), 0);
    assert_int_equal(psz_inflate(&zip, b.p, n - 1, got, N, NULL), ERR_FORMAT);
    assert_int_equal(psz_inflate(&zip, b.p, n + 1, got, N, NULL), ERR_FORMAT);
    assert_int_equal(psz_inflate(&zip, b.p, n, got, N - 1, NULL), ERR_FORMAT);
    assert_int_equal(psz_inflate(&zip, b.p, n, got, N + 1, NULL), ERR_FORMAT);
    assert_int_equal(psz_inflate(&zip, b.p, n, got, N, NULL), 0);
    psz_zip_free(zip);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(not_what_was_packed),
    };
    return cmocka_run_group_tests_name("streams, packed", tests, NULL, NULL);
}
