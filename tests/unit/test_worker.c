/* SPDX-License-Identifier: MIT */
/* Jobs beside the caller give what they give at once; archives written with one thread
 * and with two are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "formats/worker.h"
#include "tests/unit/prop.h"
#include "tests/unit/psz_samples.h"

struct job {
    int n, result;
    pthread_t by;
};

static int add_one(void *ctx, struct err *e)
{
    struct job *j = ctx;
    j->n++;
    j->by = pthread_self();
    return j->result < 0 ? err_set(e, j->result, "job %d", j->n) : j->result;
}

static void jobs_are_done_once_and_in_order(void **state)
{
    (void)state;
    for (int threaded = 0; threaded < 2; threaded++) {
        struct worker *w;
        struct err e = {0};
        struct job j = {.result = 3};
        assert_int_equal(worker_new(&w, threaded > 0, &e), 0);
        assert_int_equal(worker_wait(w, &e), 0);
        for (int i = 1; i <= 200; i++) {
            worker_do(w, add_one, &j);
            assert_int_equal(worker_wait(w, &e), 3);
            assert_int_equal(j.n, i);
            assert_int_equal(worker_wait(w, &e), 0);
        }
        assert_int_equal(!pthread_equal(j.by, pthread_self()), threaded);
        worker_free(w);
    }
}

static void faults_are_told_to_who_waits(void **state)
{
    (void)state;
    for (int threaded = 0; threaded < 2; threaded++) {
        struct worker *w;
        struct err e = {0};
        struct job j = {.result = ERR_LIMIT};
        assert_int_equal(worker_new(&w, threaded > 0, &e), 0);
        worker_do(w, add_one, &j);
        assert_int_equal(worker_wait(w, &e), ERR_LIMIT);
        assert_string_equal(e.text, "job 1");
        err_clear(&e);
        j.result = 0;
        worker_do(w, add_one, &j);
        assert_int_equal(worker_wait(w, &e), 0);
        assert_int_equal(e.code, 0);
        worker_do(w, add_one, &j); /* nobody waits */
        worker_free(w);
        assert_int_equal(j.n, 3);
    }
}

static struct buf archive_of(const struct pool_snapshot *v, unsigned n, size_t threads)
{
    const struct writer_opts o = {.many = true, .threads = threads};
    struct buf out = {0};
    struct sink *sink;
    void *ctx;
    struct err e = {0};
    assert_int_equal(sink_memory(&sink, &out, &e), 0);
    assert_int_equal(psz_writer.begin(&ctx, sink, &o, &e), 0);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(psz_writer.snapshot(ctx, &v[i % 40], &e), 0);
    assert_int_equal(psz_writer.end(ctx, &e), 0);
    psz_writer.close(ctx);
    assert_int_equal(sink_close(sink, &e), 0);
    return out;
}

static void archives_are_the_same(void **state)
{
    (void)state;
    static struct pool_snapshot v[40];
    struct dice d = {.state = 7};
    for (unsigned round = 0; round < 4; round++) {
        sample_series(&d, v, 40, round * 8);
        for (unsigned n = 0; n <= 1100; n = n * 3 + 30) {
            struct buf one = archive_of(v, n, 1), two = archive_of(v, n, 2);
            assert_int_equal(one.n, two.n);
            assert_memory_equal(one.p, two.p, one.n);
            buf_free(&one);
            buf_free(&two);
        }
        free_series(v, 40);
    }
}

/* An archive that is given up may have a block at work. */
static void an_archive_may_be_given_up(void **state)
{
    (void)state;
    static struct pool_snapshot v[40];
    struct dice d = {.state = 8};
    const struct writer_opts o = {.many = true, .threads = 2};
    sample_series(&d, v, 40, 5);
    for (unsigned n = 255; n < 260; n++) {
        struct buf out = {0};
        struct sink *sink;
        void *ctx;
        assert_int_equal(sink_memory(&sink, &out, NULL), 0);
        assert_int_equal(psz_writer.begin(&ctx, sink, &o, NULL), 0);
        for (unsigned i = 0; i < n; i++)
            assert_int_equal(psz_writer.snapshot(ctx, &v[i % 40], NULL), 0);
        psz_writer.close(ctx);
        sink_abort(sink);
        buf_free(&out);
    }
    free_series(v, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_are_done_once_and_in_order),
        cmocka_unit_test(faults_are_told_to_who_waits),
        cmocka_unit_test(archives_are_the_same),
        cmocka_unit_test(an_archive_may_be_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
