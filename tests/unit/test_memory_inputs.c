/* SPDX-License-Identifier: MIT */
/* What operands stand for: how many they may be, and memory that runs out while folders,
 * zips and standard input are looked into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "cli/load/folder.h"
#include "cli/load/inputs.h"
#include "tests/unit/memory.h"

#define ZIP "fixtures/series/web01.zip"

enum { USUAL = 300 };

static void stdin_from(const char *path)
{
    const int fd = open(path, O_RDONLY);
    assert_true(fd >= 0 && dup2(fd, STDIN_FILENO) >= 0);
    (void)close(fd);
}

static void assert_refused(const char *operand, const struct limits *l, const char *words)
{
    struct inputs in = {.n = 0};
    struct err e = {0};
    int r = 0;
    for (int i = 0; i < 2 && r >= 0; i++)
        r = inputs_add(&in, operand, 0, l, &e);
    assert_int_equal(r, ERR_LIMIT);
    if (strstr(e.text, words) == NULL)
        fail_msg("%s: %s", operand, e.text);
    inputs_free(&in);
}

static void bounds(void **state)
{
    struct limits few = LIMITS_DEFAULT, small = LIMITS_DEFAULT;
    (void)state;
    few.inputs = 1;
    assert_refused("fixtures/poolmon/dated-series.txt", &few, "more than 1 inputs");
    assert_refused("fixtures/poolmon", &few, "more than 1 files");
    small.memory_input_bytes = 1000;
    stdin_from(ZIP);
    assert_refused("-", &small, "standard input exceeds 1000 bytes");
}

static int add_one(void *ctx, uint64_t *sum, struct err *e)
{
    static const struct limits limits = LIMITS_DEFAULT;
    struct inputs in = {.n = 0};
    if (lseek(STDIN_FILENO, 0, SEEK_SET) < 0)
        return ERR_BUG;
    int r = inputs_add(&in, ctx, 0, &limits, e);
    for (size_t i = 0; i < in.n && r >= 0; i++) {
        int64_t ms = 0;
        bool known;
        r = inputs_mtime(&in, i, &ms, &known, e);
        for (const char *p = in.v[i].name; *p != '\0'; p++)
            *sum = *sum * 31 + (uint8_t)*p;
    }
    inputs_free(&in);
    return r < 0 ? r : 0;
}

static void operands(void **state)
{
    static char folder[] = "fixtures/archives", zip[] = ZIP, dash[] = "-",
                pick[] = "fixtures/archives/1.1.psz@2";
    (void)state;
    stdin_from(ZIP);
    assert_true(memory_try("folder", add_one, folder, USUAL) > 10);
    assert_true(memory_try("zip", add_one, zip, USUAL) > 10);
    assert_true(memory_try("pick", add_one, pick, USUAL) > 0);
    assert_true(memory_try("standard input", add_one, dash, USUAL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds),
        cmocka_unit_test(operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
