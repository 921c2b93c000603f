/* SPDX-License-Identifier: MIT */
/* Where no thread is to be had, inputs are read without one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>

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
    assert_int_equal(refused, 1);
    input_close(in);
    buf_free(&all);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_goes_on_without_a_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
