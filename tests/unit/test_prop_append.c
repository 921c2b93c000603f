/* SPDX-License-Identifier: MIT */
/* Appends of any number of captures, one behind the other, of which some are stopped
 * anywhere between the bytes that they write: what had come to count is read, in order
 * and once, from front to back, salvaging, and by index, and the next append goes on from
 * there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/psz/file.h"
#include "psz_samples.h"
#include "tests/unit/scratch.h"

enum { N = 330, STATES = 40, LONG = 100000 };

static const struct limits limits = LIMITS_DEFAULT;

struct world {
    char path[256];
    struct pool_snapshot v[N];
    struct dice d;
    struct buf now;
};

/* What the file has held since an append began, one after the other. */
static struct buf states[STATES];
static unsigned n_states;

static void keep_state(int fd)
{
    assert_true(n_states < STATES);
    scratch_read_fd(fd, &states[n_states++]);
}

/* In place of the system's: nothing has to be on disk here. */
int fsync(int fd)
{
    keep_state(fd);
    return 0;
}

static void write_at(int fd, const uint8_t *p, size_t n, off_t at)
{
    assert_true(lseek(fd, at, SEEK_SET) == at);
    while (n > 0) {
        const ssize_t some = write(fd, p, n);
        assert_true(some > 0);
        p += some;
        n -= (size_t)some;
    }
}

/* Every write may stop before its first byte, and in its middle. */
ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    static struct dice d = {3};
    const size_t some = roll(&d, n);
    keep_state(fd);
    write_at(fd, p, some, at);
    keep_state(fd);
    write_at(fd, (const uint8_t *)p + some, n - some, at + (off_t)some);
    return (ssize_t)n;
}

static void append(struct world *w, unsigned from, unsigned to)
{
    struct psz_appender *a;
    struct psz_append_facts facts;
    struct err e = {0};
    if (psz_append_open(&a, w->path, &facts, &e) != 0)
        fail_msg("behind %u: %s", from, e.text);
    assert_int_equal(facts.snapshots_before, from);
    for (unsigned i = from; i < to; i++)
        if (psz_append_snapshot(a, &w->v[i], &e) != 0)
            fail_msg("%u behind %u: %s", i, from, e.text);
    if (psz_append_end(a, &e) != 0)
        fail_msg("behind %u: %s", from, e.text);
}

/* How many captures are read; the index, where the file ends in one, knows as many. */
static unsigned count(struct world *w)
{
    struct pool_snapshot s = {0};
    struct psz_file *f;
    struct err e = {0};
    uint64_t seen[NOTE_CODES];
    unsigned got, salvaged;
    scratch_read(w->path, &w->now);
    if (read_archive(w->now.p, w->now.n, 0, false, w->v, N, &got, seen, &e) != 0)
        fail_msg("%s: %s", e.place, e.text);
    if (read_archive(w->now.p, w->now.n, 0, true, w->v, N, &salvaged, seen, &e) != 0)
        fail_msg("salvaging: %s: %s", e.place, e.text);
    if (salvaged < got)
        fail_msg("salvaged %u of %u", salvaged, got);
    assert_int_equal(psz_file_open(&f, w->path, &limits, NULL), 0);
    if (f == NULL)
        return got;
    assert_int_equal(psz_file_count(f), got);
    for (unsigned i = 0; i < 3 && got > 0; i++) {
        const unsigned at = i == 0 ? got - 1 : (unsigned)roll(&w->d, got);
        if (psz_file_at(f, at + 1, &s, &e) != 0)
            fail_msg("capture %u: %s", at, e.text);
        same_snapshot(&w->v[at], &s);
    }
    psz_file_close(f);
    pool_snapshot_free(&s);
    return got;
}

/* `odd` out of 100 captures have what few have, or are of other machines. */
static struct world *make(uint64_t seed, unsigned odd)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->d.state = seed;
    scratch_path(w->path, sizeof w->path, "prop-append", ".psz");
    (void)unlink(w->path);
    for (unsigned i = 0; i < N && odd == 0; i++)
        sample_small(&w->v[i], i);
    if (odd > 0)
        sample_series(&w->d, w->v, N, odd);
    return w;
}

static void unmake(struct world *w)
{
    (void)unlink(w->path);
    free_series(w->v, N);
    buf_free(&w->now);
    free(w);
}

static void any_appends(struct world *w)
{
    static const uint8_t some[] = {1, 1, 1, 2, 3, 7, 16, 17, 30};
    unsigned torn = 0, lost = 0;
    n_states = 0;
    append(w, 0, 1);
    for (unsigned n = 1, step = 0; n < N && step < 500; step++) {
        const unsigned more = some[roll(&w->d, sizeof some)];
        const unsigned end = n + more < N ? n + more : N;
        n_states = 0;
        append(w, n, end);
        if (roll(&w->d, 2) == 0) {
            const struct buf *b = &states[roll(&w->d, n_states)];
            scratch_write(w->path, b->p, b->n);
            torn++;
        }
        const unsigned got = count(w);
        assert_in_range(got, n, end);
        lost += got < end;
        n = got;
    }
    assert_int_equal(count(w), N);
    assert_true(torn > 2 && lost > 0);
}

static void small_captures(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 3; seed++) {
        struct world *w = make(seed, 0);
        any_appends(w);
        unmake(w);
    }
}

static int free_states(void **state)
{
    (void)state;
    for (unsigned i = 0; i < STATES; i++)
        buf_free(&states[i]);
    return 0;
}

static void captures_of_every_kind(void **state)
{
    (void)state;
    for (unsigned seed = 41; seed <= 42; seed++) {
        struct world *w = make(seed, seed == 41 ? 10 : 50);
        any_appends(w);
        unmake(w);
    }
}

/* Now and then one has a text of which a few fill a block. */
static void some_are_large(void **state)
{
    (void)state;
    char *text = malloc(LONG + 1);
    assert_non_null(text);
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    struct world *w = make(21, 0);
    for (unsigned i = 0; i < N; i++) {
        text[0] = (char)('A' + i % 26);
        text[1] = (char)('A' + i / 26);
        if (roll(&w->d, 3) == 0)
            w->v[i].dress.head = sample_text(&w->v[i], text);
    }
    any_appends(w);
    unmake(w);
    free(text);
}

/* Large enough to end with its last captures once more. */
static void behind_last_captures(void **state)
{
    (void)state;
    char *text = malloc(2 * LONG + 1);
    struct dice d = {5};
    assert_non_null(text);
    for (size_t i = 0; i < 2 * LONG; i++)
        text[i] = (char)('!' + roll(&d, 90));
    text[2 * LONG] = '\0';
    struct world *w = make(31, 0);
    w->v[0].dress.head = sample_text(&w->v[0], text);
    any_appends(w);
    unmake(w);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_captures),
        cmocka_unit_test(captures_of_every_kind),
        cmocka_unit_test(some_are_large),
        cmocka_unit_test(behind_last_captures),
    };
    return cmocka_run_group_tests(tests, NULL, free_states);
}
