/* SPDX-License-Identifier: MIT */
/* Descriptors that would not wait for what comes later: it is waited for all the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "formats/io/input.h"

enum { PIECES = 5, PIECE = 3000 };

static void fill(uint8_t *p, size_t piece)
{
    for (size_t i = 0; i < PIECE; i++)
        p[i] = (uint8_t)(piece * 7 + i);
}

/* Somebody who writes now and then. */
static void write_slowly(int fd)
{
    uint8_t p[PIECE];
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    for (size_t k = 0; k < PIECES; k++) {
        (void)nanosleep(&pause, NULL);
        fill(p, k);
        if (write(fd, p, sizeof p) != (ssize_t)sizeof p)
            _exit(1);
    }
    _exit(0);
}

static void a_pipe_that_would_not_wait(void **state)
{
    static const struct limits limits = LIMITS_DEFAULT;
    struct input_raw raw;
    struct input *in = NULL;
    struct buf all = {0};
    struct err e = {0};
    uint8_t want[PIECE];
    int p[2], status = -1;
    (void)state;
    assert_int_equal(pipe(p), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        write_slowly(p[1]);
    assert_int_equal(close(p[1]), 0);
    assert_int_equal(fcntl(p[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(input_raw_fd(&raw, p[0], &e), 0);
    assert_int_equal(input_open(&in, "pipe", raw, &limits, &e), 0);
    assert_int_equal(input_read_all(in, &all, SIZE_MAX, &e), 0);
    assert_int_equal(all.n, PIECES * PIECE);
    for (size_t k = 0; k < PIECES; k++) {
        fill(want, k);
        assert_memory_equal(all.p + k * PIECE, want, PIECE);
    }
    input_close(in);
    buf_free(&all);
    assert_int_equal(close(p[0]), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_that_would_not_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
