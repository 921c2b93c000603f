/* SPDX-License-Identifier: MIT */
/* A folder of which no more names can be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/load/wildcards.h"

static const char *const names[] = {"README.md", ".hidden", "gone.txt"};
static size_t given;

/* In the place of the system's. */
struct dirent *readdir(DIR *d)
{
    static struct dirent entry;
    (void)d;
    if (given == sizeof names / sizeof *names) {
        errno = EIO;
        return NULL;
    }
    (void)snprintf(entry.d_name, sizeof entry.d_name, "%s", names[given++]);
    return &entry;
}

/* What was named before is kept, and the fault is told. */
static void names_that_end_in_a_fault(void **state)
{
    (void)state;
    static const struct limits limits = LIMITS_DEFAULT;
    struct folder f = {.n = 0};
    struct err e = {0};
    given = 0;
    assert_int_equal(folder_walk(&f, "fixtures", &limits, &e), ERR_IO);
    assert_non_null(strstr(e.text, "cannot read the folder"));
    assert_string_equal(e.place, "fixtures");
    assert_int_equal(f.n, 1);
    assert_string_equal(f.v[0], "fixtures/README.md");
    folder_free(&f);
}

/* Files that match before are there, so are the other operands, and the fault is told. */
static void wildcards_in_such_a_folder(void **state)
{
    (void)state;
    static const struct limits limits = LIMITS_DEFAULT;
    static char wild[] = "fixtures/*.md", plain[] = "README.md",
                *operands[] = {wild, plain};
    struct folder f = {.n = 0};
    struct err e = {0};
    given = 0;
    assert_int_equal(wildcards_expand(&f, operands, 2, &limits, &e), ERR_IO);
    assert_non_null(strstr(e.text, "cannot read the folder"));
    assert_string_equal(e.place, "fixtures/");
    assert_int_equal(f.n, 2);
    assert_string_equal(f.v[0], "fixtures/README.md");
    assert_string_equal(f.v[1], "README.md");
    folder_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_end_in_a_fault),
        cmocka_unit_test(wildcards_in_such_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
