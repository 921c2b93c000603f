/* SPDX-License-Identifier: MIT */
/* Texts that no fixture is, with memory that runs out at each of their allocations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/io/output.h"
#include "formats/poolmon/poolmon.h"
#include "tests/unit/memory_reading.h"
#include "tests/unit/odd_texts.h"
#include "tests/unit/readings.h"
#include "tests/unit/scratch.h"

enum { USUAL = 1000 };

static void odd_ones(void **state)
{
    uint64_t tried = 0;
    (void)state;
    for (size_t i = 0; i < ODD_TEXTS; i++) {
        struct buf b = {0};
        assert_int_equal(
            buf_append(&b, odd_texts[i].text, strlen(odd_texts[i].text), NULL), 0);
        struct memory_source from = {
            "odd", &b, {.follow = true, .limits = LIMITS_DEFAULT}};
        tried += memory_try(odd_texts[i].text, memory_read_source, &from, USUAL);
        buf_free(&b);
    }
    assert_true(tried > 500);
}

/* A row that names no pool in the middle of a series: those behind it are known, but
 * do not adjoin those before it. */
static void a_row_without_pool_among_known_ones(void **state)
{
    static const char odd[] =
        " Oops             777       100       677   43328      64\n";
    const struct limits limits = LIMITS_DEFAULT;
    struct buf series = some_series(3, 40, 4), all = {0};
    size_t at = series.n / 8 * 5;
    (void)state;
    while (series.p[at - 1] != '\n')
        at++;
    put(&all, series.p, at);
    put(&all, odd, sizeof odd - 1);
    put(&all, series.p + at, series.n - at);
    for (int follow = 0; follow < 2; follow++) {
        struct memory_source from = {
            "no pool", &all, {.follow = follow == 1, .limits = limits}};
        assert_true(memory_try("no pool", memory_read_source, &from, USUAL) > 100);
    }
    buf_free(&series);
    buf_free(&all);
}

/* ---- printed again ---- */

static int print_twice(void *ctx, uint64_t *sum, struct err *e)
{
    const struct pool_snapshot *s = ctx;
    const struct writer_opts o = {.many = true, .verbatim = true};
    struct buf out = {0};
    struct sink *sink = NULL;
    void *writer = NULL;
    TRY(sink_memory(&sink, &out, e));
    int r = poolmon_writer.begin(&writer, sink, &o, e);
    for (int i = 0; i < 2 && r >= 0; i++)
        r = poolmon_writer.snapshot(writer, s, e);
    if (writer != NULL)
        poolmon_writer.close(writer);
    const int closed = sink_close(sink, e);
    for (size_t i = 0; i < out.n && r >= 0; i++)
        *sum = *sum * 31 + out.p[i];
    buf_free(&out);
    return r < 0 ? r : closed;
}

/* In UTF-16, its last line without an end, above it one beyond the first 65536
 * characters. */
static void a_capture_printed_again(void **state)
{
    static const char text[] =
        " Abcd Nonp       1100        100       1000   64000      64\n"
        " Same Paged       500        100        400   25600      64";
    static const char above[] = "\xf0\x9f\x98\x80\n";
    (void)state;
    struct shots x = shots_of("text", text, sizeof text - 1, 0);
    assert_int_equal(x.n, 1);
    assert_true(x.v[0].dress.verbatim);
    x.v[0].dress.encoding = ENC_UTF16LE;
    assert_int_equal(
        pool_snapshot_intern(&x.v[0], above, sizeof above - 1, &x.v[0].dress.head, NULL),
        0);
    assert_true(memory_try("printed", print_twice, &x.v[0], USUAL) > 10);
    shots_free(&x);
}

/* ---- two threads ---- */

struct shared {
    struct scratch file;
    size_t stretch; /* the second one is so many bytes ahead */
};

static int read_in_two_threads(void *ctx, uint64_t *sum, struct err *e)
{
    const struct shared *x = ctx;
    struct reader_memory memory = {.chains = 0};
    const struct reader_opts o = {.memory = &memory,
                                  .follow = true,
                                  .threads = 2,
                                  .stretch = x->stretch,
                                  .limits = LIMITS_DEFAULT};
    struct input_raw raw;
    struct input *in = NULL;
    struct reader *r = NULL;
    TRY(input_raw_file(&raw, x->file.path, e));
    TRY(input_open(&in, "text", raw, &o.limits, e));
    int code = reader_open(&r, in, &o, e);
    if (code >= 0)
        code = memory_read_all(r, sum, e);
    reader_close(r);
    input_close(in);
    reader_memory_free(&memory);
    return code;
}

/* What fails in the second thread is met again by the first, or is no matter. */
static void two_threads_on_one_file(void **state)
{
    struct buf series = some_series(5, 20, 16);
    struct shared x = {.stretch = series.n / 5};
    (void)state;
    scratch_make(&x.file, &series);
    assert_true(memory_try("two threads", read_in_two_threads, &x, USUAL) > 100);
    scratch_remove(&x.file);
    buf_free(&series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_ones),
        cmocka_unit_test(a_row_without_pool_among_known_ones),
        cmocka_unit_test(a_capture_printed_again),
        cmocka_unit_test(two_threads_on_one_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
