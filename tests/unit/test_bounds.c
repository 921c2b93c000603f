/* SPDX-License-Identifier: MIT */
/* What struct limits bounds is an error with the bound in words, whichever reader meets
 * it; what is just within it is read as ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/every.h"

static struct shots bytes_within(const char *name, const struct buf *b, size_t rows)
{
    struct reader_opts o = {.limits = LIMITS_DEFAULT};
    struct input_raw raw;
    struct input *in = NULL;
    o.limits.snapshot_rows = rows;
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, 0, NULL), 0);
    struct shots x = {0};
    x.code = input_open(&in, name, raw, &o.limits, &x.err);
    if (x.code >= 0)
        x = shots_of_input(in, &o);
    return x;
}

static struct shots read_within(const char *path, size_t rows)
{
    struct buf b = load_file(path);
    struct shots x = bytes_within(path, &b, rows);
    buf_free(&b);
    return x;
}

static size_t most_rows(const struct shots *x)
{
    size_t most = 0;
    for (size_t i = 0; i < x->n; i++)
        most = x->v[i].n_rows > most ? x->v[i].n_rows : most;
    return most;
}

/* A reader may refuse two rows early: an entry of the kernel's reply is two. */
static void rows_of_one_capture(void **state)
{
    (void)state;
    struct every f;
    unsigned refused = 0;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        struct shots all = every_read(f.path[i]);
        const size_t most = most_rows(&all);
        struct shots same = read_within(f.path[i], most + 2);
        assert_same_shots(f.path[i], &all, &same, true);
        shots_free(&same);
        if (most > 2) {
            struct shots less = read_within(f.path[i], most - 1);
            if (less.code != ERR_LIMIT || strstr(less.err.text, "rows") == NULL)
                fail_msg("%s: %zu rows where %zu are allowed: %d, %s", f.path[i], most,
                         most - 1, less.code, less.err.text);
            assert_true(most_rows(&less) < most);
            refused++;
            shots_free(&less);
        }
        shots_free(&all);
    }
    every_free(&f);
    assert_true(refused > 100);
}

/* What we write ourselves is read within bounds, too. */
static void rows_of_tidy_tables(void **state)
{
    static const char *const suffixes[] = {"csv", "jsonl"};
    (void)state;
    struct shots all = every_read("fixtures/poolmon/xp-screen.txt");
    const size_t rows = most_rows(&all);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const struct format *f = format_find(suffixes[i]);
        struct buf b = written_by(f->writer, all.v, all.n);
        struct shots same = bytes_within(suffixes[i], &b, rows);
        assert_int_equal(same.code, 0);
        assert_int_equal(most_rows(&same), rows);
        struct shots less = bytes_within(suffixes[i], &b, rows - 1);
        assert_int_equal(less.code, ERR_LIMIT);
        assert_non_null(strstr(less.err.text, "rows"));
        shots_free(&same);
        shots_free(&less);
        buf_free(&b);
    }
    shots_free(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_one_capture),
        cmocka_unit_test(rows_of_tidy_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
