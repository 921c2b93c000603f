/* SPDX-License-Identifier: MIT */
/* End marks under right check sums that list other blocks than those that are there: no
 * reader takes them at their word, neither from the front nor by the index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/frame.h"
#include "formats/psz/tail.h"
#include "psz_samples.h"
#include "tests/unit/scratch.h"

enum { N = 3, TWICE = 2 };

/* An archive whose blocks have an end mark each, behind the last of which nothing is. */
struct archive {
    char path[256];
    struct pool_snapshot v[N];
    struct buf b;
    struct psz_tail t;
};

static int find_tail(const char *path, struct psz_tail *t)
{
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    const int r = psz_tail_quick(t, fd, NULL);
    assert_int_equal(close(fd), 0);
    return r;
}

static int set_up(void **state)
{
    struct archive *a = calloc(1, sizeof *a);
    struct dice d = {5};
    assert_non_null(a);
    scratch_path(a->path, sizeof a->path, "psz-listed", ".psz");
    sample_series(&d, a->v, N, 0);
    write_archive(a->v, N, &a->b);
    scratch_write(a->path, a->b.p, a->b.n);
    assert_int_equal(find_tail(a->path, &a->t), 0);
    assert_int_equal(a->t.all.n, 1);
    assert_int_equal(a->t.behind_end, a->b.n);
    *state = a;
    return 0;
}

static int tear_down(void **state)
{
    struct archive *a = *state;
    (void)unlink(a->path);
    psz_tail_free(&a->t);
    free_series(a->v, N);
    buf_free(&a->b);
    free(a);
    return 0;
}

/* The archive's bytes up to `n`, and an end mark behind them. */
static struct buf ends_in(const struct archive *a, size_t n, const struct psz_index *ix,
                          uint32_t number)
{
    struct buf all = {0}, frame = {0};
    assert_int_equal(buf_append(&all, a->b.p, n, NULL), 0);
    assert_int_equal(psz_frame_end(ix, number, &frame, NULL), 0);
    assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
    buf_free(&frame);
    return all;
}

/* One block of the archive as another index lists it. */
static void list(struct psz_index *ix, uint64_t offset, const struct psz_block_facts *f)
{
    assert_int_equal(psz_index_add(ix, offset, f, NULL), 0);
    assert_int_equal(psz_index_add_host(ix, "", NULL), 0);
}

static void each_figure_of_the_list(void **state)
{
    const struct archive *a = *state;
    const struct psz_index_block *is = &a->t.all.blocks[0];
    for (int wrong = 0; wrong < 7; wrong++) {
        struct psz_index ix = {.snapshots = a->t.snapshots};
        struct psz_block_facts facts = is->facts;
        uint64_t seen[NOTE_CODES], offset = is->offset;
        unsigned got;
        struct err e = {0};
        ix.snapshots += wrong == 1;
        ix.before = wrong == 2 ? 1 : 0;
        facts.snapshots += wrong == 3;
        facts.rows += wrong == 4;
        facts.links ^= wrong == 5;
        if (wrong != 6)
            list(&ix, offset, &facts);
        struct buf b = ends_in(a, (size_t)a->t.last_end, &ix, 1);
        const int r = read_archive(b.p, b.n, 0, false, a->v, N, &got, seen, &e);
        if ((r == 0) != (wrong == 0))
            fail_msg("%d: %d, %s", wrong, r, e.text);
        psz_index_free(&ix);
        buf_free(&b);
    }
}

/* A second end mark lists what the first one has listed. */
static void blocks_that_share_bytes(void **state)
{
    const struct archive *a = *state;
    const struct psz_index_block *is = &a->t.all.blocks[0];
    static const int moved[] = {0, 1, FRAME_HEAD + FRAME_TAIL - 1};
    for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++) {
        struct psz_index ix = {.snapshots = TWICE * a->t.snapshots,
                               .before = a->t.last_end};
        struct psz_tail t = {0};
        list(&ix, is->offset + (uint64_t)moved[i], &is->facts);
        struct buf b = ends_in(a, a->b.n, &ix, 2);
        scratch_write(a->path, b.p, b.n);
        assert_int_equal(find_tail(a->path, &t), ERR_FORMAT);
        psz_tail_free(&t);
        psz_index_free(&ix);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_figure_of_the_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(blocks_that_share_bytes, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("psz lists", tests, NULL, NULL);
}
