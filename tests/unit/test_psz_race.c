/* SPDX-License-Identifier: MIT */
/* Two who append to a new archive at once: between one's making the file and its lock the
 * other does its whole work.  The lock is ours here, so that this happens every time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "psz_samples.h"
#include "tests/unit/scratch.h"

enum { N = 2 };

struct race {
    char path[256];
    struct pool_snapshot v[N];
    struct psz_appender *other;
    bool ends; /* before the first asks for the lock */
};

/* What the lock does before it is taken, and who holds it. */
static struct race *racing;
static bool held;

static void end_other(struct race *w)
{
    assert_int_equal(psz_append_snapshot(w->other, &w->v[0], NULL), 0);
    assert_int_equal(psz_append_end(w->other, NULL), 0);
    held = false;
}

/* In the place of the system's: the archive's only lock. */
int flock(int fd, int how_to)
{
    struct race *w = racing;
    struct psz_append_facts facts;
    (void)fd;
    assert_int_equal(how_to, LOCK_EX | LOCK_NB);
    racing = NULL;
    if (w != NULL) {
        assert_int_equal(psz_append_open(&w->other, w->path, &facts, NULL), 0);
        assert_int_equal(facts.snapshots_before, 0);
        if (w->ends)
            end_other(w);
    }
    if (held) {
        errno = EWOULDBLOCK;
        return -1;
    }
    held = true;
    return 0;
}

static int set_up(void **state)
{
    struct race *w = calloc(1, sizeof *w);
    struct dice d = {5};
    assert_non_null(w);
    scratch_path(w->path, sizeof w->path, "psz-race", ".psz");
    (void)unlink(w->path);
    sample_series(&d, w->v, N, 3);
    racing = w;
    held = false;
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct race *w = *state;
    (void)unlink(w->path);
    free_series(w->v, N);
    free(w);
    return 0;
}

static uint64_t snapshots_there(struct race *w)
{
    struct psz_appender *a;
    struct psz_append_facts facts;
    held = false;
    assert_int_equal(psz_append_open(&a, w->path, &facts, NULL), 0);
    psz_append_abort(a);
    return facts.snapshots_before;
}

/* It may not take away what it made: that is the other's archive by now. */
static void refused_leaves_the_others(void **state)
{
    struct race *w = *state;
    struct psz_appender *a;
    struct psz_append_facts facts;
    assert_int_equal(psz_append_open(&a, w->path, &facts, NULL), ERR_IO);
    end_other(w);
    assert_int_equal(snapshots_there(w), 1);
}

static void late_goes_on_from_the_others(void **state)
{
    struct race *w = *state;
    struct psz_appender *a;
    struct psz_append_facts facts;
    w->ends = true;
    assert_int_equal(psz_append_open(&a, w->path, &facts, NULL), 0);
    assert_int_equal(facts.snapshots_before, 1);
    psz_append_abort(a);
    assert_int_equal(snapshots_there(w), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refused_leaves_the_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(late_goes_on_from_the_others, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
