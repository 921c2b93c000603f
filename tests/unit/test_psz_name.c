/* SPDX-License-Identifier: MIT */
/* Names of sources that say their snapshot's time: which bytes of them an archive keeps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/psz/name.h"

/* 2026-11-09T00:05:07.000Z, and an hour later. */
static const struct pool_time then = {.source = TIME_LINE, .ms = 1794182707000},
                              later = {.source = TIME_LINE, .ms = 1794186307000};

static void lane_free(struct psz_lane *lane)
{
    buf_free(&lane->name);
    buf_free(&lane->name_now);
}

static void expect_template(const char *name, const struct pool_time *t, const char *made,
                            size_t n, const char *an_hour_later)
{
    struct psz_lane lane = {0};
    struct buf b = {0};
    assert_int_equal(psz_name_write(&b, &lane, t, name, NULL), 0);
    if (lane.name.n != n || memcmp(lane.name.p, made, n) != 0)
        fail_msg("%s: a template of %zu bytes", name, lane.name.n);
    assert_true(psz_name_same(&lane, name));
    assert_int_equal(psz_name_expand(&lane, &later, NULL), 0);
    assert_true(psz_name_same(&lane, an_hour_later));
    assert_false(psz_name_same(&lane, ""));
    lane_free(&lane);
    buf_free(&b);
}

static void the_fields_of_the_time_are_codes(void **state)
{
    (void)state;
    static const struct pool_time none = {.source = TIME_NONE, .ms = 1794182707000};
    expect_template("20261109000507.txt", &then, "\1\2\3\4\5\6.txt", 10,
                    "20261109010507.txt");
    expect_template("w-2026-11-09_0005.txt", &then, "w-\1-\2-\3_\4\5.txt", 14,
                    "w-2026-11-09_0105.txt");
    /* Two bytes between fields end it, whatever they are. */
    expect_template("2026-11--09", &then, "\1-\2--09", 7, "2026-11--09");
    expect_template("2026--11", &then, "\1--11", 5, "2026--11");
    /* Before the year there may be anything. */
    expect_template("logs/of/2026", &then, "logs/of/\1", 9, "logs/of/2026");
    expect_template("202", &then, "202", 3, "202");
    expect_template("2026-11", &none, "2026-11", 7, "2026-11");
    /* A byte that would be a code, and the first that would not. */
    expect_template("a\1\7\10", &then, "a\7\1\7\7\10", 6, "a\1\7\10");
}

/* What two names share is not written again. */
static void only_the_rest_is_written(void **state)
{
    (void)state;
    struct psz_lane to = {0}, from = {0};
    struct buf b = {0};
    static const char *const names[] = {"web-2026.txt", "web-2026.log", "web-2026.log",
                                        "w", ""};
    static const size_t bytes[] = {2 + 9, 2 + 3, 2, 2, 2};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        b.n = 0;
        assert_int_equal(psz_name_write(&b, &to, &then, names[i], NULL), 0);
        assert_int_equal(b.n, bytes[i]);
        struct psz_stream_in in = {.p = b.p, .end = b.p + b.n};
        assert_int_equal(psz_name_read(&in, &from, NULL), 0);
        assert_true(psz_at_end(&in));
        assert_int_equal(psz_name_expand(&from, &then, NULL), 0);
        assert_true(psz_name_same(&from, names[i]));
    }
    lane_free(&to);
    lane_free(&from);
    buf_free(&b);
}

static void more_than_there_is(void **state)
{
    (void)state;
    struct psz_lane lane = {0};
    const uint8_t shares[] = {1, 0}, longer[] = {0, 2, 'a'};
    struct psz_stream_in in = {.p = shares, .end = shares + sizeof shares};
    assert_int_equal(psz_name_read(&in, &lane, NULL), ERR_FORMAT);
    in = (struct psz_stream_in){.p = longer, .end = longer + sizeof longer};
    assert_int_equal(psz_name_read(&in, &lane, NULL), ERR_FORMAT);
    lane_free(&lane);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fields_of_the_time_are_codes),
        cmocka_unit_test(only_the_rest_is_written),
        cmocka_unit_test(more_than_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
