/* SPDX-License-Identifier: MIT */
/* Texts that are odd in one way each: what was odd is noted, and a source that fails
 * anywhere in them is told in its own words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/failing.h"
#include "tests/unit/odd_texts.h"
#include "tests/unit/packed.h"

static bool noted(const struct shots *x, enum note_code code, const char *words)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < x->v[i].notes.n; k++) {
            const struct note *n = &x->v[i].notes.v[k];
            if (n->code == code &&
                (words == NULL || strcmp(note_text(&x->v[i].notes, n), words) == 0))
                return true;
        }
    return words == NULL && x->seen[code] > 0;
}

static void what_is_odd_is_noted(void **state)
{
    (void)state;
    for (size_t i = 0; i < ODD_TEXTS; i++) {
        const struct odd_text *t = &odd_texts[i];
        struct shots x = shots_of("odd", t->text, strlen(t->text), 0);
        if (x.code != 0 || x.n == 0)
            fail_msg("%zu captures, %s: %s", x.n, x.err.text, t->text);
        if (!noted(&x, t->code, t->words))
            fail_msg("no note %s: %s", note_name(t->code), t->text);
        for (size_t k = 0; k < x.n; k++)
            assert_string_equal(pool_snapshot_str(&x.v[k], x.v[k].format), t->format);
        shots_free(&x);
    }
}

/* Two members and padding between them: there, too. */
static void a_source_that_fails_in_gzip(void **state)
{
    static const char text[] = "Tag,Allocs,Frees,Diff,Bytes\nQzFC,15,5,10,640\n";
    struct buf b = {0};
    (void)state;
    add_deflated(&b, text, 28, 31);
    add(&b, "\0\0\0\0\0\0\0\0", 8);
    add_deflated(&b, text + 28, sizeof text - 1 - 28, 31);
    struct shots all = shots_of("log.gz", b.p, b.n, 0);
    assert_int_equal(all.code, 0);
    assert_int_equal(all.n, 1);
    for (size_t at = 0; at <= b.n; at++)
        for (size_t block = 1; block <= b.n; block += 7) {
            struct failing from = {b.p, at, 0, block};
            struct shots x = read_failing("log.gz", &from);
            if (x.code != ERR_IO || strstr(x.err.text, GONE) == NULL)
                fail_msg("the fault at byte %zu became: %d %s", at, x.code, x.err.text);
            shots_free(&x);
        }
    shots_free(&all);
    buf_free(&b);
}

/* At any byte, whatever the reader looks at there. */
static void sources_that_fail_in_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < ODD_TEXTS; i++) {
        const char *text = odd_texts[i].text;
        const size_t n = strlen(text);
        struct shots all = shots_of("odd", text, n, 0);
        for (size_t at = 0; at < n; at++) {
            struct failing from = {(const uint8_t *)text, at, 0, 64};
            struct shots x = read_failing("odd", &from);
            if (x.code != ERR_IO || strstr(x.err.text, GONE) == NULL)
                fail_msg("the fault at byte %zu became: %d %s: %s", at, x.code,
                         x.err.text, text);
            if (x.n > all.n)
                fail_msg("%zu captures of %zu at byte %zu: %s", x.n, all.n, at, text);
            shots_free(&x);
        }
        shots_free(&all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_odd_is_noted),
        cmocka_unit_test(sources_that_fail_in_them),
        cmocka_unit_test(a_source_that_fails_in_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
