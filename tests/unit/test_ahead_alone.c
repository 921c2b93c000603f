/* SPDX-License-Identifier: MIT */
/* Where no thread is to be had, inputs are read and jobs done without one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>

#include "formats/worker.h"
#include "tests/unit/packed.h"

static unsigned refused;

/* In the place of the system's. */
int pthread_create(pthread_t *thread, const pthread_attr_t *a, void *(*run)(void *),
                   void *arg)
{
    (void)thread, (void)a, (void)run, (void)arg;
    refused++;
    return EAGAIN;
}

static void reading_goes_on_without_a_thread(void **state)
{
    (void)state;
    struct buf b = {0}, all = {0};
    for (uint32_t i = 0; i < 300000; i++)
        add(&b, &i, sizeof i);
    struct input *in = open_bytes(b.p, b.n, 1000, &default_limits);
    input_read_ahead(in, 500000);
    assert_int_equal(input_read_all(in, &all, SIZE_MAX, NULL), 0);
    assert_int_equal(all.n, b.n);
    assert_memory_equal(all.p, b.p, b.n);
    assert_int_equal(input_raw_bytes(in), b.n);
    assert_true(refused > 0);
    input_close(in);
    buf_free(&all);
    buf_free(&b);
}

static int count(void *ctx, struct err *e)
{
    (void)e;
    return ++*(int *)ctx;
}

static void jobs_are_done_without_a_thread(void **state)
{
    (void)state;
    struct worker *w;
    struct err e = {0};
    int n = 0;
    assert_int_equal(worker_new(&w, true, &e), 0);
    worker_do(w, count, &n);
    assert_int_equal(n, 1);
    assert_int_equal(worker_wait(w, &e), 1);
    assert_int_equal(worker_wait(w, &e), 0);
    worker_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_goes_on_without_a_thread),
        cmocka_unit_test(jobs_are_done_without_a_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
