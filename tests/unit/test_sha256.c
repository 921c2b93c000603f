/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/sha256.h"

static void assert_digest(const char *text, size_t n, const char *hex)
{
    struct sha256 s;
    char out[SHA256_HEX];
    sha256_start(&s);
    sha256_add(&s, text, n);
    sha256_hex(&s, out);
    assert_string_equal(out, hex);
}

/* The examples of FIPS 180-4 and of NIST's "Secure Hashing" pages. */
static void published_vectors(void **state)
{
    (void)state;
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    static const char two_long[] =
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopq"
        "klmnopqrlmnopqrsmnopqrstnopqrstu";
    assert_digest("", 0,
                  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_digest("abc", 3,
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_digest(two, strlen(two),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_digest(two_long, strlen(two_long),
                  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

/* A million times "a", in pieces of every length that matters to blocks of 64. */
static void a_million_bytes_in_pieces(void **state)
{
    (void)state;
    char piece[200];
    memset(piece, 'a', sizeof piece);
    for (size_t step = 1; step < sizeof piece; step += 21) {
        struct sha256 s;
        char out[SHA256_HEX];
        size_t left = 1000000;
        sha256_start(&s);
        while (left > 0) {
            size_t n = left < step ? left : step;
            sha256_add(&s, piece, n);
            left -= n;
        }
        sha256_hex(&s, out);
        assert_string_equal(
            out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}

/* Where the padding needs another block: 55, 56, 63 and 64 bytes of zeros. */
static void lengths_around_a_block(void **state)
{
    (void)state;
    static const char zeros[64];
    assert_digest(zeros, 55,
                  "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7");
    assert_digest(zeros, 56,
                  "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb");
    assert_digest(zeros, 63,
                  "c7723fa1e0127975e49e62e753db53924c1bd84b8ac1ac08df78d09270f3d971");
    assert_digest(zeros, 64,
                  "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors),
        cmocka_unit_test(a_million_bytes_in_pieces),
        cmocka_unit_test(lengths_around_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
