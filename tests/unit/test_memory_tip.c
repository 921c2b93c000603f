/* SPDX-License-Identifier: MIT */
/* What an append does when more is at hand than usual, with memory that runs out at each
 * allocation: last captures at the end of a large archive, names that rows get later,
 * links too many for one block, a tail to be walked over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "formats/psz/file.h"
#include "tests/unit/appending.h"
#include "tests/unit/memory.h"
#include "tests/unit/psz_samples.h"
#include "tests/unit/scratch.h"

enum { MOST = 32, LARGE = 128 << 10, LONG = 100000, USUAL = 40 };

static const struct limits limits = LIMITS_DEFAULT;

struct world {
    char path[256];
    struct pool_snapshot v[MOST];
    struct buf before; /* the archive that is appended to, with v[0] to v[first - 1] */
    unsigned first, n; /* snapshots in it, and of all */
};

/* A text of printable bytes; `dull` ones are all alike but for the first. */
static void long_head(struct pool_snapshot *s, unsigned i, size_t n, bool dull)
{
    struct dice d = {i + 77};
    char *text = malloc(n + 1);
    assert_non_null(text);
    for (size_t k = 0; k < n; k++)
        text[k] = dull ? 'x' : (char)('!' + roll(&d, 90));
    text[0] = (char)('A' + i);
    text[n] = '\0';
    s->dress.head = sample_text(s, text);
    free(text);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    scratch_path(w->path, sizeof w->path, "tip", ".psz");
    for (unsigned i = 0; i < MOST; i++)
        sample_small(&w->v[i], i);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    (void)unlink(w->path);
    free_series(w->v, MOST);
    buf_free(&w->before);
    free(w);
    return 0;
}

/* v[0] as a writer writes it, the others up to `first` appended one by one. */
static void begin(struct world *w, unsigned first, unsigned n)
{
    w->first = first;
    w->n = n;
    write_archive(w->v, 1, &w->before);
    scratch_write(w->path, w->before.p, w->before.n);
    for (unsigned i = 1; i < first; i++)
        assert_int_equal(append_one(w->path, &w->v[i], NULL), 0);
    scratch_read(w->path, &w->before);
}

/* ---- the trials ---- */

static unsigned read_through(const struct world *w)
{
    struct buf b = {0};
    uint64_t seen[NOTE_CODES];
    struct err e = {0};
    unsigned got;
    scratch_read(w->path, &b);
    if (read_archive(b.p, b.n, 0, false, w->v, MOST, &got, seen, &e) != 0)
        fail_msg("%s", e.text);
    buf_free(&b);
    return got;
}

/* How many captures there are, whatever fails now; behind a tail no index tells. */
static uint64_t captures_in(const struct world *w)
{
    const uint64_t fails_at = atomic_exchange(&memory_fails_at, 0);
    struct psz_file *f;
    assert_int_equal(psz_file_open(&f, w->path, &limits, NULL), 0);
    const uint64_t n = f != NULL ? psz_file_count(f) : read_through(w);
    psz_file_close(f);
    atomic_store(&memory_fails_at, fails_at);
    return n;
}

/* All that are new in one go: what was there is still there, whatever comes of it. */
static int append_rest(void *ctx, uint64_t *sum, struct err *e)
{
    const struct world *w = ctx;
    struct psz_appender *a;
    struct psz_append_facts facts;
    scratch_write(w->path, w->before.p, w->before.n);
    int r = psz_append_open(&a, w->path, &facts, e);
    if (r == 0) {
        for (unsigned i = w->first; i < w->n && r == 0; i++)
            r = psz_append_snapshot(a, &w->v[i], e);
        if (r == 0)
            r = psz_append_end(a, e);
        else
            psz_append_abort(a);
    }
    const uint64_t got = captures_in(w);
    assert_in_range(got, w->first, w->n);
    assert_true(r < 0 || got == w->n);
    *sum = got;
    return r;
}

static int look_at_last(void *ctx, uint64_t *sum, struct err *e)
{
    const struct world *w = ctx;
    struct pool_snapshot s = {0};
    struct psz_file *f;
    TRY(psz_file_open(&f, w->path, &limits, e));
    assert_non_null(f);
    const int r = psz_file_at(f, psz_file_count(f), &s, e);
    *sum = r == 0 ? pool_snapshot_digest(&s) : 0;
    pool_snapshot_free(&s);
    psz_file_close(f);
    return r;
}

static void last_captures_of_a_large_archive(void **state)
{
    struct world *w = *state;
    long_head(&w->v[0], 0, 2 * LONG, false);
    w->v[4].rows[1].driver = sample_text(&w->v[4], "abcd.sys"); /* which it had not */
    w->v[4].rows[1].owner = sample_text(&w->v[4], "of this test");
    begin(w, 3, 5);
    assert_true(w->before.n > LARGE);
    scratch_write(w->path, w->before.p, w->before.n);
    assert_true(memory_try("the last one", look_at_last, w, USUAL) > 10);
    assert_true(memory_try("new names", append_rest, w, USUAL) > 50);
}

static void links_too_many_for_a_block(void **state)
{
    struct world *w = *state;
    for (unsigned i = 1; i < MOST; i++)
        long_head(&w->v[i], i, LONG, true);
    begin(w, 13, 13 + 17);
    assert_true(memory_try("too many", append_rest, w, USUAL / 4) > 200);
}

static void a_tail_to_be_walked_over(void **state)
{
    struct world *w = *state;
    begin(w, 3, 4);
    assert_int_equal(buf_byte(&w->before, 'x', NULL), 0);
    assert_true(memory_try("tail", append_rest, w, USUAL) > 50);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(last_captures_of_a_large_archive),
        CASE(links_too_many_for_a_block),
        CASE(a_tail_to_be_walked_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
