/* SPDX-License-Identifier: MIT */
/* Sources that fail while they are read: every reader ends with the fault of the source,
 * in its words, and what it gave before is what the whole source would have given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/tools/chance.h"
#include "tests/unit/every.h"
#include "tests/unit/failing.h"

/* Where a line begins, or in its middle: a reader that looks ahead meets the fault there.
 */
static size_t some_place(const struct buf *b, struct rng *rng)
{
    size_t at = (size_t)rng_below(rng, (uint32_t)b->n);
    if (rng_below(rng, 4) == 0)
        return at;
    while (at > 0 && b->p[at - 1] != '\n')
        at--;
    return at;
}

/* The last may lack what stood behind the fault and would have been joined to it. */
static void assert_less(const char *path, const struct pool_snapshot *whole,
                        const struct pool_snapshot *part)
{
    if (part->n_rows > whole->n_rows)
        fail_msg("%s: %zu rows of %zu", path, part->n_rows, whole->n_rows);
    for (size_t i = 0; i < part->n_rows; i++) {
        assert_memory_equal(part->rows[i].tag.b, whole->rows[i].tag.b, 4);
        assert_int_equal(part->rows[i].fields, whole->rows[i].fields);
        assert_int_equal(part->rows[i].bytes, whole->rows[i].bytes);
    }
}

static void assert_begins_alike(const char *path, const struct shots *all,
                                const struct shots *x)
{
    if (all->n == 0) /* a reply that fits two layouts may fit one up to there */
        return;
    if (x->n > all->n)
        fail_msg("%s: %zu snapshots of %zu", path, x->n, all->n);
    for (size_t i = 0; i + 1 < x->n; i++)
        assert_same_shot(path, &all->v[i], &x->v[i], false);
    if (x->n > 0)
        assert_less(path, &all->v[x->n - 1], &x->v[x->n - 1]);
}

static void the_fault_is_the_source_s_own(void **state)
{
    (void)state;
    struct every f;
    struct rng rng = {20};
    unsigned failed = 0;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        struct buf b = load_file(f.path[i]);
        struct shots all = every_read(f.path[i]);
        for (int k = 0; k < 40 && b.n > 0; k++) {
            struct failing from = {b.p, some_place(&b, &rng), 0,
                                   1 + rng_below(&rng, 900)};
            struct shots x = read_failing(f.path[i], &from);
            assert_begins_alike(f.path[i], &all, &x);
            /* What is no capture may be known before that. */
            const bool known = all.code < 0 && x.code == all.code;
            if (!known && (x.code != ERR_IO || strstr(x.err.text, GONE) == NULL))
                fail_msg("%s: the fault at byte %zu became: %d %s", f.path[i], from.n,
                         x.code, x.err.text);
            failed += !known;
            shots_free(&x);
        }
        shots_free(&all);
        buf_free(&b);
    }
    every_free(&f);
    assert_true(failed > 5000);
}

/* What is damaged is searched for what is whole: a fault there is no end, either. */
static void damaged_archives_have_faults_too(void **state)
{
    struct every f;
    struct rng rng = {21};
    unsigned gone = 0;
    (void)state;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        const char *suffix = strrchr(f.path[i], '.');
        if (suffix == NULL || strncmp(suffix, ".ps", 3) != 0)
            continue;
        struct buf b = load_file(f.path[i]);
        for (int k = 0; k < 80; k++) {
            const size_t at = (size_t)rng_below(&rng, (uint32_t)b.n);
            const size_t behind = b.n - at < 300 || k % 4 > 1 ? b.n - at : 300;
            struct failing from = {b.p, at + 1 + rng_below(&rng, (uint32_t)behind), 0,
                                   1 + rng_below(&rng, 90)};
            struct reader_opts o = {.salvage = k % 2 == 1, .limits = LIMITS_DEFAULT};
            struct input *in = NULL;
            struct err e = {0};
            b.p[at] ^= 0x55;
            if (input_open(&in, f.path[i], failing_raw(&from), &o.limits, &e) == 0) {
                struct shots x = shots_of_input(in, &o);
                if (x.code >= 0 || x.err.text[0] == '\0')
                    fail_msg("%s: %d %s", f.path[i], x.code, x.err.text);
                gone += x.code == ERR_IO;
                shots_free(&x);
            }
            b.p[at] ^= 0x55;
        }
        buf_free(&b);
    }
    every_free(&f);
    assert_true(gone > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fault_is_the_source_s_own),
        cmocka_unit_test(damaged_archives_have_faults_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
