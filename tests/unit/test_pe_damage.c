/* SPDX-License-Identifier: MIT */
/* Drivers made byte by byte, then cut, contradicting themselves or noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/tools/chance.h"
#include "tests/unit/pe_made.h"

static void cuts_are_told(void **state)
{
    (void)state;
    struct buf whole = {0};
    struct made_pe m = {.machine = MADE_X64,
                        .tag = "Kd1x",
                        .put = PUT_CALL | PUT_OVERLAY,
                        .imports = pool,
                        .company = "Example"};
    assert_int_equal(made_pe(&whole, &m), 0);
    static const struct {
        size_t n;
        const char *damage;
        bool sections;
    } table[] = {
        {2, "the file ends before its PE header", false},
        {0x90, "the file ends before its PE header", false},
        {0xa0, "its PE header is cut or damaged", false},
        {0x190, "the file ends inside its section table", false},
        {0x1c0, "the file ends inside its section table", true},
        {0x500, "the file ends inside its section .text", true},
        {0x900, "the file ends inside its section .data", true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct read *x = calloc(1, sizeof *x);
        assert_non_null(x);
        made_bytes(&x->bytes, whole.p, table[i].n);
        open_bytes(x);
        scan(x, "Kd1x");
        assert_non_null(pe_damage(x->f));
        assert_string_equal(pe_damage(x->f), table[i].damage);
        assert_int_equal(pe_has_sections(x->f), table[i].sections);
        done(x);
    }
    buf_free(&whole);
}

static void overlapping_sections_count_once_as_code(void **state)
{
    (void)state;
    struct read *x = calloc(1, sizeof *x);
    assert_non_null(x);
    struct made_pe m = {
        .machine = MADE_X64, .tag = "Kd1x", .put = PUT_STRING, .imports = pool};
    assert_int_equal(made_pe(&x->bytes, &m), 0);
    /* The code section is made to reach over all the others. */
    size_t table = 0x80 + 24 + 240;
    made_patch(&x->bytes, table + 16, (uint32_t)x->bytes.n - 0x400);
    open_bytes(x);
    scan(x, "Kd1x");
    assert_int_equal(x->hits.at[PE_CODE], 1);
    assert_int_equal(total(&x->hits), 1);
    done(x);
}

/* Whatever one byte becomes: everything can still be asked, no hit is counted twice, and
 * nobody crashes (which the sanitizers watch). */
static void every_byte_may_be_wrong(void **state)
{
    (void)state;
    static const uint8_t values[] = {0x00, 0xff, 0x80, 0x01, 0x7f};
    struct buf whole = {0};
    struct made_pe m = {.machine = MADE_X64,
                        .tag = "Kd1x",
                        .put = PUT_CALL | PUT_THUNK | PUT_TABLE | PUT_OVERLAY,
                        .imports = pool,
                        .exports = nothing,
                        .company = "Example",
                        .version = "1"};
    assert_int_equal(made_pe(&whole, &m), 0);
    for (size_t i = 0; i < whole.n * sizeof values; i++) {
        size_t at = i / sizeof values;
        uint8_t was = whole.p[at];
        if (was == 0 && at % 16 != 0 && at > 0x600 && i % sizeof values != 1)
            continue; /* padding: one value will do */
        struct read x = {.bytes = whole};
        x.bytes.p[at] = values[i % sizeof values];
        if (x.bytes.p[0] == 'M' && x.bytes.p[1] == 'Z') {
            open_bytes(&x);
            scan(&x, "Kd1x");
            assert_in_range(total(&x.hits), 3, 4);
            assert_true(x.hits.immediate <= x.hits.at[PE_CODE]);
            assert_true(x.hits.before_call <= x.hits.immediate);
            pe_close(x.f);
            spool_close(x.spool);
        }
        whole.p[at] = was;
    }
    buf_free(&whole);
}

/* Many bytes wrong at once, headers most of all. */
static void noise_is_survived(void **state)
{
    (void)state;
    struct rng r = {20260101};
    struct made_pe m = {.machine = MADE_X86,
                        .tag = "Kd1x",
                        .put = PUT_CALL | PUT_STRING,
                        .imports = pool,
                        .company = "Example"};
    struct buf whole = {0};
    assert_int_equal(made_pe(&whole, &m), 0);
    for (int round = 0; round < 4000; round++) {
        struct read x = {0};
        made_bytes(&x.bytes, whole.p, whole.n - rng_below(&r, 64) * 16);
        for (uint64_t k = rng_below(&r, 12) + 1; k > 0; k--) {
            uint32_t most = rng_below(&r, 2) == 0 ? 0x200 : (uint32_t)x.bytes.n;
            size_t at = 2 + (size_t)rng_below(&r, most - 6);
            if (rng_below(&r, 2) == 0)
                x.bytes.p[at] = (uint8_t)rng_next(&r);
            else
                put_le32(x.bytes.p + at, (uint32_t)rng_next(&r) >> rng_below(&r, 32));
        }
        open_bytes(&x);
        scan(&x, "Kd1x");
        assert_true(total(&x.hits) <= x.bytes.n);
        pe_close(x.f);
        spool_close(x.spool);
        buf_free(&x.bytes);
    }
    buf_free(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_are_told),
        cmocka_unit_test(overlapping_sections_count_once_as_code),
        cmocka_unit_test(every_byte_may_be_wrong),
        cmocka_unit_test(noise_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
