/* SPDX-License-Identifier: MIT */
/* Drivers made byte by byte: what is read of them, and where four bytes are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/pe_made.h"

/* ---- places ---- */

static void each_place_is_told(void **state)
{
    (void)state;
    static const struct {
        unsigned put;
        enum pe_place place;
        uint64_t hits, number, call, text;
        const char *section;
    } table[] = {
        {PUT_CALL, PE_CODE, 1, 1, 1, 0, ".text"},
        {PUT_THUNK, PE_CODE, 1, 1, 1, 0, ".text"},
        {PUT_NUMBER, PE_CODE, 1, 1, 0, 0, ".text"},
        {PUT_STRAY, PE_CODE, 1, 0, 0, 0, ".text"},
        {PUT_STRING, PE_DATA, 1, 0, 0, 0, ".data"},
        {PUT_TEXT, PE_DATA, 1, 0, 0, 1, ".data"},
        {PUT_TABLE, PE_DATA, 1, 0, 0, 0, ".data"},
        {PUT_RESOURCE, PE_RESOURCES, 1, 0, 0, 0, ".rsrc"},
        {PUT_OVERLAY, PE_OVERLAY, 1, 0, 0, 0, NULL},
        {PUT_CALL | PUT_THUNK | PUT_NUMBER | PUT_STRAY, PE_CODE, 4, 3, 2, 0, ".text"},
    };
    static const enum made_machine machines[] = {MADE_X86, MADE_X64};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        for (int k = 0; k < 2; k++) {
            struct read *x = made(&(struct made_pe){.machine = machines[k],
                                                    .tag = "Kd1x",
                                                    .put = table[i].put,
                                                    .imports = pool,
                                                    .company = "Example"});
            assert_null(pe_damage(x->f));
            assert_int_equal(pe_machine(x->f), k == 0 ? PE_X86 : PE_X64);
            assert_int_equal(x->hits.at[table[i].place], table[i].hits);
            assert_int_equal(total(&x->hits), table[i].hits);
            assert_int_equal(x->hits.immediate, table[i].number);
            assert_int_equal(x->hits.before_call, table[i].call);
            assert_int_equal(x->hits.text[table[i].place], table[i].text);
            assert_int_equal(x->hits.n_sections, table[i].section != NULL);
            if (table[i].section != NULL) {
                assert_string_equal(x->hits.sections[0].name, table[i].section);
                assert_int_equal(x->hits.sections[0].count, table[i].hits);
                assert_int_equal(x->hits.sections[0].place, table[i].place);
            }
            done(x);
        }
    }
}

static void absent_is_absent(void **state)
{
    (void)state;
    struct read *x = made(&(struct made_pe){
        .machine = MADE_X64, .tag = "Kd1x", .put = PUT_BACKWARDS, .imports = pool});
    assert_int_equal(total(&x->hits), 0);
    scan(x, "x1dK");
    assert_int_equal(x->hits.immediate, 1);
    assert_int_equal(x->hits.before_call, 1);
    done(x);
}

static void arm64_halves_are_joined(void **state)
{
    (void)state;
    struct read *x = made(&(struct made_pe){
        .machine = MADE_ARM64, .tag = "Kd1x", .put = PUT_NUMBER, .imports = pool});
    assert_int_equal(pe_machine(x->f), PE_ARM64);
    assert_int_equal(x->hits.at[PE_CODE], 1);
    assert_int_equal(x->hits.immediate, 1);
    scan(x, "Kd2x"); /* one half alone */
    assert_int_equal(total(&x->hits), 0);
    done(x);
}

/* The ways in which x86 code names a number, and what merely looks like it. */
static void operands_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        uint64_t number;
    } table[] = {
        {"\xb8", 1, 1},
        {"\x41\xb8", 2, 1},
        {"\xbf", 1, 1},
        {"\x68", 1, 1},
        {"\xc7\xc0", 2, 1},
        {"\xc7\x01", 2, 1},
        {"\xc7\x45\xf8", 3, 1},
        {"\xc7\x04\x24", 3, 1},
        {"\xc7\x44\x24\x20", 4, 1},
        {"\xc7\x05\1\2\3\4", 6, 1},
        {"\xc7\x80\1\2\3\4", 6, 1},
        {"\xc7\x84\x24\1\2\3\4", 7, 1},
        {"\x3d", 1, 0},
        {"\xc7\xc8", 2, 0},
        {"\xc7\x45", 2, 0},
        {"\xe8", 1, 0},
        {"\x90", 1, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct read *x = calloc(1, sizeof *x);
        assert_non_null(x);
        struct made_pe m = {
            .machine = MADE_X64, .tag = "Kd1x", .put = PUT_STRAY, .imports = pool};
        assert_int_equal(made_pe(&x->bytes, &m), 0);
        size_t at = 0;
        while (memcmp(x->bytes.p + at, "Kd1x", 4) != 0)
            at++;
        memcpy(x->bytes.p + at - table[i].n, table[i].bytes, table[i].n);
        open_bytes(x);
        scan(x, "Kd1x");
        assert_int_equal(x->hits.at[PE_CODE], 1);
        if (x->hits.immediate != table[i].number)
            fail_msg("row %zu", i);
        done(x);
    }
}

/* Bytes that nobody prints are never called text. */
static void what_is_no_text_stays_none(void **state)
{
    (void)state;
    struct read *x = made(&(struct made_pe){.machine = MADE_X64,
                                            .tag = "K\1\2x",
                                            .put = PUT_TEXT | PUT_OVERLAY,
                                            .imports = pool});
    assert_int_equal(x->hits.at[PE_DATA], 1);
    assert_int_equal(x->hits.text[PE_DATA], 0);
    assert_int_equal(x->hits.at[PE_OVERLAY], 1);
    done(x);
}

static void hits_on_a_window_edge_are_one(void **state)
{
    (void)state;
    struct made_pe m = {.machine = MADE_X64, .tag = "Kd1x", .imports = pool};
    for (int shift = -4; shift <= 1; shift++) {
        struct read *x = calloc(1, sizeof *x);
        assert_non_null(x);
        assert_int_equal(made_pe(&x->bytes, &m), 0);
        size_t edge = (size_t)256 * 1024 + (size_t)(ptrdiff_t)shift;
        made_fill(&x->bytes, 1, edge - x->bytes.n);
        made_bytes(&x->bytes, "Kd1x", 4);
        made_fill(&x->bytes, 1, 300 * 1024);
        made_bytes(&x->bytes, "Kd1x", 4);
        open_bytes(x);
        scan(x, "Kd1x");
        assert_int_equal(x->hits.at[PE_OVERLAY], 2);
        assert_int_equal(total(&x->hits), 2);
        done(x);
    }
}

static void a_flood_of_hits_is_counted(void **state)
{
    (void)state;
    struct made_pe m = {.machine = MADE_X64, .tag = "AAAA", .imports = pool};
    struct read *x = calloc(1, sizeof *x);
    assert_non_null(x);
    assert_int_equal(made_pe(&x->bytes, &m), 0);
    made_fill(&x->bytes, 'A', 1000003);
    open_bytes(x);
    scan(x, "AAAA");
    assert_int_equal(x->hits.at[PE_OVERLAY], 1000000);
    assert_true(x->hits.text[PE_OVERLAY] > 100000);
    done(x);
}

/* ---- imports ---- */

static void allocators_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool allocates, framework, resolves;
    } table[] = {
        {"ExAllocatePool", true, false, false},
        {"ExAllocatePoolWithTag", true, false, false},
        {"ExAllocatePoolWithQuotaTag", true, false, false},
        {"ExAllocatePoolWithTagPriority", true, false, false},
        {"ExAllocatePool2", true, false, false},
        {"ExAllocatePool3", true, false, false},
        {"NdisAllocateMemoryWithTag", true, false, false},
        {"NdisAllocateMemoryWithTagPriority", true, false, false},
        {"FltAllocatePoolAlignedWithTag", true, false, false},
        {"StorPortAllocatePool", true, false, false},
        {"ExInitializeNPagedLookasideList", true, false, false},
        {"ExInitializeLookasideListEx", true, false, false},
        {"EngAllocMem", true, false, false},
        {"ExFreePoolWithTag", false, false, false},
        {"ObReferenceObjectWithTag", false, false, false},
        {"WdfVersionBind", false, true, false},
        {"MmGetSystemRoutineAddress", false, false, true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *const names[] = {"IoCreateDevice", table[i].name, NULL};
        struct read *x = made(&(struct made_pe){
            .machine = i % 2 ? MADE_X86 : MADE_X64, .tag = "Kd1x", .imports = names});
        const struct pe_imports *m = pe_imports(x->f);
        assert_true(m->read);
        assert_int_equal(m->total, 2);
        assert_int_equal(m->n_allocators, table[i].allocates);
        if (table[i].allocates)
            assert_string_equal(m->allocators[0], table[i].name);
        assert_int_equal(m->framework, table[i].framework);
        assert_int_equal(m->resolves, table[i].resolves);
        assert_false(m->provides);
        done(x);
    }
}

/* An array without an end is followed to the section's end, and no further. */
static void endless_imports_are_damage(void **state)
{
    (void)state;
    struct made_pe m = {.machine = MADE_X86, .tag = "Kd1x", .imports = pool};
    struct read *x = calloc(1, sizeof *x);
    assert_non_null(x);
    assert_int_equal(made_pe(&x->bytes, &m), 0);
    size_t names = 0x600 + 40; /* behind the descriptors of .rdata */
    assert_true(le32(x->bytes.p + names) > MADE_RDATA);
    for (size_t i = names; i < 0x800; i += 4)
        put_le32(x->bytes.p + i, MADE_RDATA + 0x80);
    open_bytes(x);
    assert_false(pe_imports(x->f)->read);
    assert_in_range(pe_imports(x->f)->total, 1, 0x200 / 4);
    done(x);
}

static void the_kernel_provides(void **state)
{
    (void)state;
    static const char *const kernel[] = {
        "CcCopyRead", "ExAllocatePool2", "ExAllocatePoolWithTag",
        "ExFreePool", "ZwClose",         NULL};
    static const char *const other[] = {"DllInitialize", "DllUnload", "Zzz", NULL};
    struct read *x =
        made(&(struct made_pe){.machine = MADE_X64, .tag = "Kd1x", .exports = kernel});
    assert_true(pe_imports(x->f)->provides);
    assert_true(pe_imports(x->f)->read);
    done(x);
    x = made(&(struct made_pe){
        .machine = MADE_X64, .tag = "Kd1x", .exports = other, .imports = nothing});
    assert_false(pe_imports(x->f)->provides);
    assert_int_equal(pe_imports(x->f)->n_allocators, 0);
    assert_int_equal(pe_imports(x->f)->total, 2);
    done(x);
}

/* ---- version ---- */

static void the_version_resource_is_read(void **state)
{
    (void)state;
    static const char *const languages[] = {"040904b0", "040704E4", "000004b0"};
    for (int i = 0; i < 3; i++) {
        struct read *x = made(&(struct made_pe){.machine = i ? MADE_X64 : MADE_X86,
                                                .tag = "Kd1x",
                                                .imports = pool,
                                                .company = "Beispiel M\xc3\xbcller AG",
                                                .product = "\xf0\x9f\x90\x98 Filter",
                                                .description = "Sessions ",
                                                .version = "1.2 (built by hand)",
                                                .language = languages[i]});
        assert_int_equal(x->has_version, 1);
        assert_string_equal(x->version.company, "Beispiel M\xc3\xbcller AG");
        assert_string_equal(x->version.product, "\xf0\x9f\x90\x98 Filter");
        assert_string_equal(x->version.description, "Sessions");
        assert_string_equal(x->version.version, "1.2 (built by hand)");
        assert_string_equal(x->version.original, "");
        done(x);
    }
}

static void numbers_stand_in_for_a_missing_version(void **state)
{
    (void)state;
    struct read *x = made(&(struct made_pe){
        .machine = MADE_X64, .tag = "Kd1x", .imports = pool, .company = "Example"});
    assert_string_equal(x->version.version, "3.7.1200.9");
    done(x);
    x = made(&(struct made_pe){.machine = MADE_X64, .tag = "Kd1x", .imports = pool});
    assert_int_equal(x->has_version, 0);
    assert_string_equal(x->version.company, "");
    done(x);
}

static void long_names_are_cut_at_a_character(void **state)
{
    (void)state;
    char name[3 * PE_TEXT_MAX + 1];
    for (size_t i = 0; i + 2 < sizeof name; i += 3)
        memcpy(name + i, "\xe2\x82\xac", 4);
    struct read *x = made(&(struct made_pe){
        .machine = MADE_X64, .tag = "Kd1x", .imports = pool, .company = name});
    assert_int_equal(strlen(x->version.company), (PE_TEXT_MAX - 1) / 3 * 3);
    done(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_place_is_told),
        cmocka_unit_test(absent_is_absent),
        cmocka_unit_test(arm64_halves_are_joined),
        cmocka_unit_test(operands_are_known),
        cmocka_unit_test(what_is_no_text_stays_none),
        cmocka_unit_test(hits_on_a_window_edge_are_one),
        cmocka_unit_test(a_flood_of_hits_is_counted),
        cmocka_unit_test(allocators_are_known),
        cmocka_unit_test(endless_imports_are_damage),
        cmocka_unit_test(the_kernel_provides),
        cmocka_unit_test(the_version_resource_is_read),
        cmocka_unit_test(numbers_stand_in_for_a_missing_version),
        cmocka_unit_test(long_names_are_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
