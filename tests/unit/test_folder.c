/* SPDX-License-Identifier: MIT */
/* Files and folders that cannot be looked at, or are others when they are asked again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/check/relative.h"
#include "cli/load/folder.h"
#include "cli/load/inputs.h"
#include "cli/rank/digests.h"
#include "tests/unit/scratch.h"

static const struct limits limits = LIMITS_DEFAULT;

static char folder[256];

static const char *in_folder(const char *name)
{
    static char paths[4][512];
    static unsigned n;
    char *path = paths[n++ % 4];
    (void)snprintf(path, sizeof *paths, "%s/%s", folder, name);
    return path;
}

static void put(const char *name)
{
    FILE *f = fopen(in_folder(name), "wb");
    assert_non_null(f);
    assert_true(fputs("text\n", f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* A link to itself: it is there, and nobody can open or ask it. */
static void make_ring(const char *name)
{
    (void)unlink(in_folder(name));
    assert_int_equal(symlink(name, in_folder(name)), 0);
}

static void assert_told(struct err *e, const char *words, const char *place)
{
    assert_int_equal(e->code, ERR_IO);
    if (strstr(e->text, words) == NULL || strcmp(e->place, place) != 0)
        fail_msg("%s: %s", e->place, e->text);
    err_clear(e);
}

/* ---- folders ---- */

static void a_folder_that_is_gone(void **state)
{
    (void)state;
    struct folder f = {.n = 0};
    struct err e = {0};
    assert_int_equal(folder_walk(&f, in_folder("none"), &limits, &e), ERR_IO);
    assert_told(&e, "cannot look at the folder", in_folder("none"));
    assert_int_equal(f.n, 0);
    folder_free(&f);
}

/* The others are found, and the fault is told. */
static void a_file_that_cannot_be_asked(void **state)
{
    (void)state;
    char too_long[300];
    struct folder f = {.n = 0};
    struct err e = {0};
    memset(too_long, 'x', sizeof too_long - 1);
    too_long[sizeof too_long - 1] = '\0';
    put("a.txt");
    put("c.txt");
    assert_int_equal(symlink(too_long, in_folder("b.txt")), 0);
    assert_int_equal(folder_walk(&f, folder, &limits, &e), ERR_IO);
    assert_told(&e, "cannot look at the file", in_folder("b.txt"));
    assert_int_equal(f.n, 2);
    assert_string_equal(f.v[1], in_folder("c.txt"));
    folder_free(&f);
}

static void links_that_lead_nowhere_are_passed_over(void **state)
{
    (void)state;
    struct folder f = {.n = 0};
    struct err e = {0};
    put("a.txt");
    make_ring("b.txt");
    assert_int_equal(symlink("none", in_folder("c.txt")), 0);
    assert_int_equal(symlink("a.txt/below", in_folder("d.txt")), 0);
    if (folder_walk(&f, folder, &limits, &e) != 0)
        fail_msg("%s: %s", e.place, e.text);
    assert_int_equal(f.n, 1);
    assert_string_equal(f.v[0], in_folder("a.txt"));
    folder_free(&f);
}

static void a_working_folder_that_is_gone(void **state)
{
    (void)state;
    struct err e = {0};
    char here[4096];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(mkdir(in_folder("a.txt"), 0700), 0);
    assert_int_equal(chdir(in_folder("a.txt")), 0);
    const int gone = rmdir("../a.txt");
    char *path = gone == 0 ? path_relative("in/x.yaml", "b.txt", &e) : NULL;
    assert_int_equal(chdir(here), 0);
    if (gone != 0) {
        (void)rmdir(in_folder("a.txt"));
        skip(); /* not every system lets it go */
    }
    assert_null(path);
    assert_int_equal(e.code, ERR_IO);
    assert_non_null(strstr(e.text, "cannot tell the working folder"));
}

/* ---- inputs that are asked later ---- */

static void an_input_that_is_gone(void **state)
{
    (void)state;
    struct inputs in = {.n = 0};
    struct err e = {0};
    int64_t ms;
    uint64_t bytes = 7;
    bool known;
    put("a.txt");
    assert_int_equal(inputs_add(&in, in_folder("a.txt"), 0, &limits, &e), 0);
    assert_int_equal(inputs_mtime(&in, 0, &ms, &known, &e), 1);
    assert_int_equal(inputs_size(&in, 0, &bytes, &e), 0);
    assert_int_equal(bytes, 5);
    assert_int_equal(unlink(in_folder("a.txt")), 0);
    assert_int_equal(inputs_mtime(&in, 0, &ms, &known, &e), ERR_IO);
    assert_told(&e, "cannot ask for its time", in_folder("a.txt"));
    assert_int_equal(inputs_size(&in, 0, &bytes, &e), 0);
    assert_int_equal(bytes, 0);
    inputs_free(&in);
}

static void an_input_that_cannot_be_asked(void **state)
{
    (void)state;
    struct inputs in = {.n = 0};
    struct digests d = {.n = 0};
    struct err e = {0};
    uint64_t bytes = 7;
    put("a.txt");
    assert_int_equal(inputs_add(&in, in_folder("a.txt"), 0, &limits, &e), 0);
    make_ring("a.txt");
    assert_int_equal(inputs_size(&in, 0, &bytes, &e), ERR_IO);
    assert_told(&e, "cannot look at it", in_folder("a.txt"));
    assert_int_equal(bytes, 0);
    assert_int_equal(digests_add(&d, &in, &e), ERR_IO);
    assert_told(&e, "cannot look at it again", in_folder("a.txt"));
    assert_int_equal(d.n, 0);
    digests_free(&d);
    inputs_free(&in);
}

/* What can be read has a digest all the same; of what cannot, the first is told. */
static void an_input_that_cannot_be_read_again(void **state)
{
    (void)state;
    struct digests d = {.n = 0};
    struct err e = {0};
    put("a.txt");
    put("b.txt");
    put("c.txt");
    assert_int_equal(digests_file(&d, in_folder("a.txt"), &e), 0);
    assert_int_equal(digests_file(&d, in_folder("b.txt"), &e), 0);
    assert_int_equal(digests_file(&d, in_folder("c.txt"), &e), 0);
    make_ring("a.txt");
    assert_int_equal(unlink(in_folder("b.txt")), 0);
    assert_int_equal(digests_make(&d, DIGESTS_MOST, &e), ERR_IO);
    assert_told(&e, "cannot be read again for its digest", in_folder("a.txt"));
    assert_false(d.v[0].hashed);
    assert_false(d.v[1].hashed);
    assert_true(d.v[2].hashed);
    digests_free(&d);
}

/* ---- the folder of a test ---- */

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "%s/folder-XXXXXX", scratch_folder());
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"a.txt", "b.txt", "c.txt", "d.txt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)unlink(in_folder(names[i]));
    return rmdir(folder);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_folder_that_is_gone),
        IN_FOLDER(a_file_that_cannot_be_asked),
        IN_FOLDER(links_that_lead_nowhere_are_passed_over),
        IN_FOLDER(a_working_folder_that_is_gone),
        IN_FOLDER(an_input_that_is_gone),
        IN_FOLDER(an_input_that_cannot_be_asked),
        IN_FOLDER(an_input_that_cannot_be_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
