/* SPDX-License-Identifier: MIT */
/* Inputs that are read twice, for their captures come in another order than their times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/load/load_parts.h"
#include "cli/term.h"
#include "tests/unit/scratch.h"

enum { FILES_MOST = 100 };

static char folder[256];
static char paths[FILES_MOST][512];
static char *operands[FILES_MOST];

/* File number i, with captures at those hours; a negative one is not told. */
static void put(int i, const int *hours, int n)
{
    (void)snprintf(paths[i], sizeof paths[i], "%s/%03d.txt", folder, i);
    operands[i] = paths[i];
    FILE *f = fopen(paths[i], "wb");
    assert_non_null(f);
    for (int k = 0; k < n; k++) {
        if (hours[k] >= 0)
            (void)fprintf(f, "# poolsift time=2026-11-%02dT%02d:00:00\n",
                          1 + hours[k] / 24, hours[k] % 24);
        const int held = 100 + hours[k];
        (void)fprintf(f,
                      " System pool information\n"
                      " Tag  Type     Allocs            Frees            Diff   Bytes    "
                      "   Per Alloc\n\n"
                      " Leak Nonp %10d %10d %10d %10d %10d\n",
                      held + 10, 10, held, held * 32, 32);
    }
    assert_int_equal(fclose(f), 0);
}

/* What a visitor sees, and what it does when all is to come again. */
struct seen {
    int captures, restarts;
    bool in_order;
    int64_t last_ms;
    bool changes; /* the second file loses its second capture */
};

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct seen *x = ctx;
    (void)e;
    x->in_order = x->in_order && l->s->time.ms > x->last_ms;
    x->last_ms = l->s->time.ms;
    x->captures++;
    return 0;
}

static int on_restart(void *ctx, struct err *e)
{
    struct seen *x = ctx;
    static const int first = 1;
    (void)e;
    x->captures = 0;
    x->restarts++;
    x->in_order = true;
    x->last_ms = INT64_MIN;
    if (x->changes)
        put(1, &first, 1);
    return 0;
}

struct world {
    struct options o;
    struct term t;
    struct load l;
};

static void open_world(struct world *w, int n)
{
    struct err e = {0};
    *w = (struct world){.o = options_default()};
    term_init(&w->t);
    w->t.quiet = true;
    if (load_open(&w->l, &w->o, &w->t, operands, n, &e) < 0)
        fail_msg("%s", e.text);
}

static void close_world(struct world *w)
{
    load_free(&w->l);
    options_free(&w->o);
}

static void assert_changed(const struct err *e)
{
    assert_int_equal(e->code, ERR_IO);
    assert_string_equal(e->text, "it changed while it was read");
    assert_string_equal(e->place, paths[1]);
    assert_string_equal(e->hint, "read a copy of it");
}

static void two_that_stand_in_the_wrong_order(void)
{
    static const int late[] = {5, 6}, early[] = {1, 2};
    put(0, late, 2);
    put(1, early, 2);
}

static void a_file_that_is_shorter_the_second_time(void **state)
{
    (void)state;
    struct world w;
    struct err e = {0};
    struct seen x = {.changes = true};
    const struct load_visitor v = {
        .ctx = &x, .snapshot = on_snapshot, .restart = on_restart};
    two_that_stand_in_the_wrong_order();
    open_world(&w, 2);
    assert_int_equal(load_series(&w.l, &v, &e), ERR_IO);
    assert_changed(&e);
    assert_int_equal(x.restarts, 1);
    assert_int_equal(x.captures, 1);
    close_world(&w);
}

static void a_file_that_is_shorter_when_the_charts_are_drawn(void **state)
{
    (void)state;
    static const int first = 1;
    struct world w;
    struct err e = {0};
    struct seen x = {.changes = false};
    const struct load_visitor v = {
        .ctx = &x, .snapshot = on_snapshot, .restart = on_restart};
    two_that_stand_in_the_wrong_order();
    open_world(&w, 2);
    assert_int_equal(load_series(&w.l, &v, &e), 0);
    assert_int_equal(x.captures, 4);
    put(1, &first, 1);
    assert_int_equal(load_again(&w.l, &v, &e), ERR_IO);
    assert_changed(&e);
    close_world(&w);
}

/* Whoever has opened the pipe finds it gone, and reads what the first file holds. */
static void *write_and_remove(void *ctx)
{
    FILE *from = fopen(paths[0], "rb"), *to = fopen(paths[1], "wb");
    char text[4096];
    (void)ctx;
    (void)unlink(paths[1]);
    const size_t n = from != NULL ? fread(text, 1, sizeof text, from) : 0;
    const bool written = to != NULL && n > 0 && fwrite(text, 1, n, to) == n;
    if (from != NULL)
        (void)fclose(from);
    return to != NULL && fclose(to) == 0 && written ? paths[1] : NULL;
}

static void a_file_that_is_gone_when_it_is_asked_for_its_time(void **state)
{
    (void)state;
    static const int untold = -1;
    struct world w;
    struct err e = {0};
    struct load_walk *walk;
    struct pool_snapshot *s;
    pthread_t writer;
    void *wrote;
    put(0, &untold, 1);
    put(1, &untold, 1);
    open_world(&w, 2);
    w.o.time_from_mtime = true;
    assert_int_equal(unlink(paths[1]), 0);
    assert_int_equal(mkfifo(paths[1], 0600), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_and_remove, NULL), 0);
    assert_int_equal(load_walk_open(&walk, &w.l, 1, &e), 0);
    assert_int_equal(load_walk_next(walk, &s, &e), ERR_IO);
    assert_int_equal(pthread_join(writer, &wrote), 0);
    assert_non_null(wrote);
    assert_non_null(strstr(e.text, "cannot ask for its time"));
    assert_string_equal(e.place, paths[1]);
    load_walk_close(walk);
    close_world(&w);
}

/* More files by turns than may be open at once: all come, in their order. */
static void few_files_may_be_open(void **state)
{
    (void)state;
    struct rlimit was, few;
    struct world w;
    struct err e = {0};
    struct seen x = {.changes = false};
    const struct load_visitor v = {
        .ctx = &x, .snapshot = on_snapshot, .restart = on_restart};
    for (int i = 0; i < FILES_MOST; i++) {
        const int hours[] = {i, 2 * FILES_MOST + i, 4 * FILES_MOST + i};
        put(i, hours, 3);
    }
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
    few = was;
    few.rlim_cur = 40;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    open_world(&w, FILES_MOST);
    const int r = load_series(&w.l, &v, &e);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
    if (r < 0)
        fail_msg("%s: %s", e.place, e.text);
    assert_int_equal(x.restarts, 1);
    assert_int_equal(x.captures, 3 * FILES_MOST);
    assert_true(x.in_order);
    close_world(&w);
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "%s/reread-XXXXXX", scratch_folder());
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < FILES_MOST; i++)
        (void)unlink(paths[i]);
    return rmdir(folder);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_file_that_is_shorter_the_second_time),
        IN_FOLDER(a_file_that_is_shorter_when_the_charts_are_drawn),
        IN_FOLDER(a_file_that_is_gone_when_it_is_asked_for_its_time),
        IN_FOLDER(few_files_may_be_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
