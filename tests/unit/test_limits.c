/* SPDX-License-Identifier: MIT */
/* How large a pool can become: what is stated, captured, published or assumed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cli/analyze/row.h"
#include "cli/know/limits.h"
#include "formats/size.h"

#define M ((uint64_t)1 << 20)
#define G ((uint64_t)1 << 30)

static void sizes_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes; /* 0 = refused */
    } t[] = {{"1", 1},
             {"128M", 128 * M},
             {"131072k", 128 * M},
             {"16T", 16384 * G},
             {"2g", 2 * G},
             {"0", 0},
             {"", 0},
             {"-1M", 0},
             {"1.5G", 0},
             {"12MB", 0},
             {" 1M", 0},
             {"99999999999T", 0},
             {"18446744073709551616", 0}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        uint64_t bytes = 0;
        assert_int_equal(size_parse(t[i].text, &bytes), t[i].bytes != 0);
        assert_int_equal(bytes, t[i].bytes);
    }
}

static void the_strongest_word_counts(void **state)
{
    (void)state;
    struct limit_facts f = {.memory_kib = 1048016,
                            .commit_kib = 2000000,
                            .bits = 32,
                            .stated = {[POOL_NONPAGED] = 100 * M},
                            .captured = {[POOL_NONPAGED] = 120 * M},
                            .os = limits_find("2003")};
    struct pool_limit l;
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.basis, LIMIT_BY_OPTION);
    assert_int_equal(l.bytes, 100 * M);
    f.stated[POOL_NONPAGED] = 0;
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.basis, LIMIT_BY_CAPTURE);
    assert_int_equal(l.bytes, 120 * M);
    f.captured[POOL_NONPAGED] = 0;
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.basis, LIMIT_BY_OS);
    assert_int_equal(l.bytes, 256 * M);
    assert_string_equal(l.source, "Windows Server 2003, 32 bits");
    limits_of(&l, POOL_PAGED, &f);
    assert_int_equal(l.bytes, 530 * M);
    limits_of(&l, POOL_UNKNOWN, &f);
    assert_int_equal(l.bytes + l.n_candidates, 0);
}

static void shares_of_memory_and_commit(void **state)
{
    (void)state;
    struct limit_facts f = {
        .memory_kib = 4 << 20, .commit_kib = 6 << 20, .os = limits_find("2008R2")};
    struct pool_limit l;
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.bytes, 3 * G);
    limits_of(&l, POOL_PAGED, &f);
    assert_int_equal(l.bytes, 6 * G);
    f.memory_kib = (uint64_t)1 << 30; /* 1 TiB */
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.bytes, 128 * G);
    f.memory_kib = 0;
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.bytes, 0);
    assert_int_equal(l.basis, LIMIT_UNKNOWN);
    f.os = limits_find("vista-x86"); /* no maximum was published */
    limits_of(&l, POOL_PAGED, &f);
    assert_int_equal(l.bytes + l.n_candidates, 0);
    assert_null(limits_find("windows me"));
}

static void candidates_where_nobody_says(void **state)
{
    (void)state;
    struct limit_facts f = {
        .memory_kib = 1048016, .bits = 32, .pool_bytes = {109056 * 1024, 43740 * 1024}};
    struct pool_limit l;
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.bytes, 0);
    assert_int_equal(l.n_candidates, 2);
    assert_int_equal(l.candidates[0].bytes, 128 * M);
    assert_int_equal(l.candidates[1].bytes, 256 * M);
    assert_non_null(strstr(l.candidates[0].source, "/3GB"));
    f.pool_bytes[POOL_NONPAGED] = 130 * M; /* it was not under the lower one */
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.n_candidates, 1);
    assert_int_equal(l.candidates[0].bytes, 256 * M);
    f.bits = 64;
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.n_candidates, 1);
    assert_int_equal(l.candidates[0].bytes, f.memory_kib * 1024);
    f.bits = 0;
    f.memory_kib = 16 << 20; /* more than a 32-bit Windows shows */
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.candidates[0].bytes, 16 * G);
    f.memory_kib = 0;
    limits_of(&l, POOL_NONPAGED, &f);
    assert_int_equal(l.n_candidates, 0);
}

static void every_row_of_the_table_is_sound(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct limit_row *r = limit_table; r->title != NULL; r++, n++) {
        assert_non_null(r->os[0]);
        assert_non_null(r->source);
        for (size_t i = 0; r->os[i] != NULL; i++)
            assert_ptr_equal(limits_find(r->os[i]), r); /* no word twice */
    }
    assert_true(n >= 14);
}

static uint32_t bits_of(const uint64_t *bytes, size_t n)
{
    struct pool_snapshot s = {.uptime_s = -1};
    struct err e = {0};
    for (size_t i = 0; i < n; i++) {
        struct pool_row *r = pool_snapshot_add(&s, &e);
        assert_non_null(r);
        r->fields = ROW_BYTES;
        r->bytes = bytes[i];
    }
    uint32_t bits = capture_pool_bits(&s);
    pool_snapshot_free(&s);
    return bits;
}

static void blocks_tell_the_width(void **state)
{
    (void)state;
    static const uint64_t classic[] = {36678632, 14886928, 12203296, 11717016, 0};
    assert_int_equal(bits_of(classic, 5), 32);
    uint64_t wide[20];
    for (size_t i = 0; i < 20; i++)
        wide[i] = 16 * (i + 1);
    assert_int_equal(bits_of(wide, 20), 64);
    assert_int_equal(bits_of(wide, 15), 0); /* too few to exclude chance */
    wide[3] = 8;
    assert_int_equal(bits_of(wide, 20), 0); /* one alone may be a slip */
    wide[4] = 24;
    assert_int_equal(bits_of(wide, 20), 32);
    wide[5] = 1000001; /* not of whole blocks at all */
    assert_int_equal(bits_of(wide, 20), 0);
    for (size_t i = 0; i < 20; i++)
        wide[i] = 32 * (i + 1); /* as NT 4.0 has them */
    assert_int_equal(bits_of(wide, 20), 0);
}

static void read_limits(const char *text, const char *place, const char *words)
{
    struct yaml *y = NULL;
    struct limit_rows rows = {0};
    struct err e = {0};
    assert_int_equal(yaml_open(&y, "l.yaml", text, strlen(text), NULL, &e), 0);
    int r = limits_read(&rows, y, &e);
    yaml_close(y);
    if (place == NULL) {
        assert_int_equal(r, 0);
    } else {
        assert_true(r < 0);
        assert_string_equal(e.place, place);
        assert_non_null(strstr(e.text, words));
    }
    limits_free(&rows);
}

#define ROW "- {os: [a], title: A, bits: 32, source: s"

static void a_wrong_table_is_refused_with_its_place(void **state)
{
    (void)state;
    read_limits("[]", NULL, NULL);
    read_limits(ROW ", nonpaged: {memory: 75%, at_most: 2G}, paged: {bytes: 1M}}", NULL,
                NULL);
    read_limits(ROW ",\n   nonpaged: {bytes: 12Q}}", "l.yaml:2:22", "'12Q'");
    read_limits(ROW ",\n   nonpaged: {memory: 175%}}", "l.yaml:2:23", "'175%'");
    read_limits(ROW ",\n   nonpaged: {memory: 5%, bytes: 2G}}", "l.yaml:2:14", "alone");
    read_limits(ROW ",\n   paged: {at_most: 2G}}", "l.yaml:2:11", "alone");
    read_limits(ROW ",\n   pagd: {bytes: 2G}}", "l.yaml:2:4", "pagd");
    read_limits("- {os: [a], title: A, bits: 31, source: s}", "l.yaml:1:29", "32 or 64");
    read_limits("- {os: [a], title: A}", "l.yaml:1:3", "bits");
    read_limits("- {os: [a,b,c,d,e,f,g,h], title: A}", "l.yaml:1:23", "at most 7");
    read_limits("os: x", "l.yaml:1:1", "list of systems");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_as_people_write_them),
        cmocka_unit_test(the_strongest_word_counts),
        cmocka_unit_test(shares_of_memory_and_commit),
        cmocka_unit_test(candidates_where_nobody_says),
        cmocka_unit_test(every_row_of_the_table_is_sound),
        cmocka_unit_test(blocks_tell_the_width),
        cmocka_unit_test(a_wrong_table_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
