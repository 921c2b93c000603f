/* SPDX-License-Identifier: MIT */
/* poolcap where its file cannot be read or written, and what it calls machines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/frame.h"
#include "tests/unit/capturing.h"

#define GONE "the medium is gone"

/* A file of the world whose first so many bytes can be read. */
struct half_file {
    struct world *w;
    uint64_t whole;
};

static int read_half(void *ctx, uint64_t at, uint8_t *p, uint32_t n, struct err *e)
{
    const struct half_file *h = ctx;
    return at + n > h->whole ? err_set(e, ERR_IO, GONE) : w_read_at(h->w, at, p, n, e);
}

static void what_cannot_be_read_is_not_added_to(void **state)
{
    struct world w = {.fake = {.wide = true, .tags = 3}};
    struct capture_done done;
    static const uint64_t readable[] = {0, FRAME_FILE_HEAD};
    (void)state;
    assert_int_equal(run(&w, 0, 0, &done, NULL), 0);
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        struct half_file h = {&w, readable[i]};
        struct capture_file f = {.ctx = &h, .size = w.file.n, .read_at = read_half};
        struct capture_end end;
        struct err e = {0};
        assert_int_equal(capture_find_end(&end, &f, &e), ERR_IO);
        assert_string_equal(e.text, GONE);
    }
    buf_free(&w.file);
}

static int refuse(void *ctx, const uint8_t *p, size_t n, struct err *e)
{
    (void)ctx;
    (void)p;
    (void)n;
    return err_set(e, ERR_IO, GONE);
}

static void what_cannot_be_written_is_told(void **state)
{
    struct world w = {.fake = {.wide = true, .tags = 3}};
    struct capture_system sys = system_of(&w);
    const struct capture_machine m = machine_of(&w);
    const struct capture_plan plan = {.most_bytes = (uint64_t)1 << 30};
    const struct capture_end end = {0};
    struct capture_done done;
    struct err e = {0};
    (void)state;
    sys.write = refuse;
    assert_int_equal(capture_run(&sys, &m, &plan, &end, &done, &e), ERR_IO);
    assert_string_equal(e.text, GONE);
    assert_int_equal(done.records, 0);
}

static void machines_are_named(void **state)
{
    static const struct {
        uint16_t machine;
        bool wide;
        const char *fact;
    } known[] = {{NT_I386, false, "architecture=x86\n"},
                 {NT_AMD64, true, "architecture=x64\n"},
                 {NT_ARM, false, "architecture=arm\n"},
                 {NT_ARM64, true, "architecture=arm64\n"}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct world w = {.fake = {.wide = known[i].wide, .tags = 3}};
        struct capture_system sys = system_of(&w);
        struct capture_machine m = machine_of(&w);
        const struct capture_plan plan = {.most_bytes = (uint64_t)1 << 30};
        const struct capture_end end = {0};
        struct capture_done done;
        m.process = m.native = known[i].machine;
        assert_int_equal(capture_run(&sys, &m, &plan, &end, &done, NULL), 0);
        struct captures c = read_back(&w);
        assert_int_equal(c.n, 1);
        has_fact(&c.v[0], known[i].fact);
        captures_free(&c);
        buf_free(&w.file);
    }
}

static uint32_t query_without_boot(void *ctx, uint32_t info_class, uint8_t *p, uint32_t n,
                                   uint32_t *returned)
{
    if (info_class == NT_CLASS_TIME_OF_DAY)
        return 0xc0000003;
    return w_query(ctx, info_class, p, n, returned);
}

/* When a machine was booted is told by nobody else. */
static void nobody_says_when_it_was_booted(void **state)
{
    struct world w = {.fake = {.wide = true, .tags = 3}};
    struct capture_system sys = system_of(&w);
    const struct capture_machine m = machine_of(&w);
    const struct capture_plan plan = {.most_bytes = (uint64_t)1 << 30};
    const struct capture_end end = {0};
    struct capture_done done;
    (void)state;
    sys.query = query_without_boot;
    assert_int_equal(capture_run(&sys, &m, &plan, &end, &done, NULL), 0);
    struct captures c = read_back(&w);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].time.source, TIME_CAPTURE);
    assert_int_equal(c.v[0].uptime_s, -1);
    assert_null(strstr(pool_snapshot_str(&c.v[0], c.v[0].facts), "boot_time="));
    captures_free(&c);
    buf_free(&w.file);
}

static void a_file_has_a_name(void **state)
{
    char program[] = "poolcap", option[] = "-o", none[] = "";
    char *const argv[] = {program, option, none, NULL};
    struct capture_plan p;
    struct err e = {0};
    (void)state;
    assert_int_equal(capture_plan_parse(&p, 3, argv, &e), ERR_USAGE);
    assert_string_equal(e.text, "expected a file after -o");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_read_is_not_added_to),
        cmocka_unit_test(what_cannot_be_written_is_told),
        cmocka_unit_test(machines_are_named),
        cmocka_unit_test(nobody_says_when_it_was_booted),
        cmocka_unit_test(a_file_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
