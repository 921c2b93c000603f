/* SPDX-License-Identifier: MIT */
/* The copy of the last captures at an archive's end: when it is worth its bytes, and that
 * what is read of it is what was kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "formats/frame.h"
#include "formats/psz/tip.h"
#include "psz_samples.h"

enum { MOST = 9, LARGE = 1 << 20, SMALL = 100 << 10 };

static const struct limits limits = LIMITS_DEFAULT;

/* The last captures of that many machines. */
static void keep(struct psz_tip *c, struct pool_snapshot *v, unsigned machines)
{
    struct buf links = {0};
    for (unsigned i = 0; i < machines; i++) {
        char host[16];
        (void)snprintf(host, sizeof host, "web%02u", i);
        sample_small(&v[i], i);
        v[i].host = sample_text(&v[i], host);
        assert_int_equal(psz_tip_add(c, &v[i], &links, NULL), 0);
    }
    assert_int_equal(c->n, machines);
    buf_free(&links);
}

static void kept_where_it_is_worth_it(void **state)
{
    (void)state;
    static const struct {
        unsigned machines;
        uint64_t size;
        bool kept;
    } t[] = {{0, LARGE, false}, {1, LARGE, true},  {8, LARGE, true},
             {9, LARGE, false}, {1, SMALL, false}, {8, SMALL, false}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct pool_snapshot v[MOST] = {0};
        struct psz_tip c = {0}, again = {0};
        struct buf frame = {0};
        struct err e = {0};
        keep(&c, v, t[i].machines);
        assert_int_equal(psz_tip_save(&c, t[i].size, 7, &frame, &e), 0);
        if ((frame.n > 0) != t[i].kept)
            fail_msg("%u machines, %llu bytes: a frame of %zu", t[i].machines,
                     (unsigned long long)t[i].size, frame.n);
        if (t[i].kept) {
            const size_t n = frame.n - FRAME_HEAD - FRAME_TAIL;
            assert_int_equal(psz_tip_load(&again, frame.p + FRAME_HEAD, n, &limits, &e),
                             0);
            assert_int_equal(again.n, t[i].machines);
            for (unsigned k = 0; k < t[i].machines; k++)
                same_snapshot(&v[k], &again.v[k]);
            assert_int_equal(psz_tip_load(&again, frame.p + FRAME_HEAD, 3, &limits, NULL),
                             ERR_FORMAT);
        }
        psz_tip_free(&c);
        psz_tip_free(&again);
        free_series(v, MOST);
        buf_free(&frame);
    }
}

/* Behind a block it is the last capture of each machine, wherever in the block that is.
 */
static void begins_behind_a_block(void **state)
{
    (void)state;
    enum { CAPTURES = 7 };
    static const unsigned machine[CAPTURES] = {0, 1, 1, 2, 0, 1, 1}, last[] = {4, 6, 3};
    struct pool_snapshot v[CAPTURES] = {0};
    struct buf archive = {0};
    struct psz_tip c = {0};
    struct frame f;
    for (unsigned i = 0; i < CAPTURES; i++) {
        char host[16];
        (void)snprintf(host, sizeof host, "web%02u", machine[i]);
        sample_small(&v[i], i);
        v[i].host = sample_text(&v[i], host);
    }
    write_archive(v, CAPTURES, &archive);
    assert_true(frame_head(archive.p + FRAME_FILE_HEAD, &f));
    for (int again = 0; again < 2; again++) { /* nothing of the first one is left */
        const uint8_t *payload = archive.p + FRAME_FILE_HEAD + FRAME_HEAD;
        assert_int_equal(psz_tip_begin(&c, payload, f.n, &limits, NULL), 0);
        assert_int_equal(c.n, 3);
        for (size_t i = 0; i < c.n; i++)
            same_snapshot(&c.v[i], &v[last[i]]);
    }
    psz_tip_free(&c);
    free_series(v, CAPTURES);
    buf_free(&archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_where_it_is_worth_it),
        cmocka_unit_test(begins_behind_a_block),
    };
    return cmocka_run_group_tests_name("psz tips", tests, NULL, NULL);
}
