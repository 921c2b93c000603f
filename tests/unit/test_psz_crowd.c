/* SPDX-License-Identifier: MIT */
/* Appending where not all that waits goes into one block: whatever is too much for it,
 * every capture is written, and read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/psz/columns.h"
#include "formats/psz/file.h"
#include "formats/psz/format.h"
#include "psz_samples.h"
#include "tests/unit/scratch.h"

enum { AT_ONCE = 17, OPEN_MOST = 12, N = 1 + OPEN_MOST + AT_ONCE + 2, TEXT = 100000 };

_Static_assert(OPEN_MOST *(size_t)TEXT > PSZ_TEXTS_MAX, "a block with them all");

struct fixture {
    char path[256];
    struct pool_snapshot v[N];
};

/* Each capture but the first has a text of its own, of which some fill a block. */
static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char *text = malloc(TEXT + 1);
    assert_non_null(f);
    assert_non_null(text);
    scratch_path(f->path, sizeof f->path, "psz-crowd", ".psz");
    memset(text, 'x', TEXT);
    text[TEXT] = '\0';
    for (unsigned i = 0; i < N; i++) {
        sample_small(&f->v[i], i);
        text[0] = (char)('A' + i % 26);
        text[1] = (char)('A' + i / 26);
        if (i > 0)
            f->v[i].dress.head = sample_text(&f->v[i], text);
    }
    free(text);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    (void)unlink(f->path);
    free_series(f->v, N);
    free(f);
    return 0;
}

static void append(struct fixture *f, unsigned from, unsigned to)
{
    struct psz_appender *a;
    struct psz_append_facts facts;
    struct err e = {0};
    assert_int_equal(psz_append_open(&a, f->path, &facts, &e), 0);
    assert_int_equal(facts.snapshots_before, from);
    for (unsigned i = from; i < to; i++)
        if (psz_append_snapshot(a, &f->v[i], &e) != 0)
            fail_msg("capture %u behind %u: %s", i, from, e.text);
    assert_int_equal(psz_append_end(a, &e), 0);
}

static void assert_holds(struct fixture *f, unsigned n)
{
    static const struct limits limits = LIMITS_DEFAULT;
    struct pool_snapshot s = {0};
    struct psz_file *file;
    struct buf b = {0};
    struct err e = {0};
    uint64_t seen[NOTE_CODES];
    unsigned got;
    FILE *in = fopen(f->path, "rb");
    assert_non_null(in);
    assert_int_equal(buf_reserve(&b, 1 << 22, NULL), 0);
    b.n = fread(b.p, 1, b.cap, in);
    (void)fclose(in);
    if (read_archive(b.p, b.n, 0, false, f->v, N, &got, seen, &e) != 0)
        fail_msg("%s", e.text);
    assert_int_equal(got, n);
    assert_int_equal(psz_file_open(&file, f->path, &limits, NULL), 0);
    assert_non_null(file);
    assert_int_equal(psz_file_count(file), n);
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(psz_file_at(file, i + 1, &s, NULL), 0);
        same_snapshot(&f->v[i], &s);
    }
    psz_file_close(file);
    pool_snapshot_free(&s);
    buf_free(&b);
}

/* So many links are open when more than links come at once: none; some, which fit a
 * block, though not with all that is new; more than a block takes, which stay links. */
static void many_behind(unsigned links, struct fixture *f)
{
    append(f, 0, 1);
    for (unsigned i = 1; i <= links; i++)
        append(f, i, i + 1);
    append(f, 1 + links, 1 + links + AT_ONCE);
    assert_holds(f, 1 + links + AT_ONCE);
    append(f, 1 + links + AT_ONCE, 1 + links + AT_ONCE + 1);
    assert_holds(f, 1 + links + AT_ONCE + 1);
}

static void behind_a_block(void **state)
{
    many_behind(0, *state);
}

static void behind_links_that_fit_a_block(void **state)
{
    many_behind(OPEN_MOST - 4, *state);
}

static void behind_links_that_do_not(void **state)
{
    many_behind(OPEN_MOST, *state);
}

/* It is full with the first text that is more than a reader takes of one block. */
static void a_block_is_full_of_texts(void **state)
{
    struct fixture *f = *state;
    struct psz_encoder *enc;
    size_t texts = 0;
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    for (unsigned i = 0; i < N && texts * TEXT <= PSZ_TEXTS_MAX; i++) {
        assert_false(psz_encoder_full(enc));
        assert_int_equal(psz_encode(enc, &f->v[i], NULL), 0);
        texts += i > 0;
    }
    assert_true(psz_encoder_full(enc));
    psz_encoder_free(enc);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(behind_a_block),
        CASE(behind_links_that_fit_a_block),
        CASE(behind_links_that_do_not),
        CASE(a_block_is_full_of_texts),
    };
    return cmocka_run_group_tests_name("psz appends of many", tests, NULL, NULL);
}
