/* SPDX-License-Identifier: MIT */
/* A full chain is folded behind the links and then moved over them.  Wherever that stops,
 * the archive reads the same, and the next append goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/frame.h"
#include "psz_samples.h"
#include "tests/unit/scratch.h"

enum { FIRST = 3, FOLDED = 256, N = FIRST + FOLDED + 4, STATES = 8 };

struct fixture {
    char path[256];
    struct pool_snapshot *v;
};

/* What the file held whenever it was put on disk. */
static struct buf states[STATES];
static unsigned n_states;
static bool recording;

/* In place of the system's: nothing has to be on disk here. */
int fsync(int fd)
{
    if (recording) {
        assert_true(n_states < STATES);
        scratch_read_fd(fd, &states[n_states++]);
    }
    return 0;
}

static void append(struct fixture *f, unsigned from, unsigned to, uint64_t there)
{
    struct psz_appender *a;
    struct psz_append_facts facts;
    struct err e = {0};
    if (psz_append_open(&a, f->path, &facts, &e) != 0)
        fail_msg("%s", e.text);
    assert_int_equal(facts.snapshots_before, there);
    for (unsigned i = from; i < to; i++)
        assert_int_equal(psz_append_snapshot(a, &f->v[i], &e), 0);
    assert_int_equal(psz_append_end(a, &e), 0);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->v = calloc(N, sizeof *f->v);
    assert_non_null(f->v);
    scratch_path(f->path, sizeof f->path, "psz-fold", ".psz");
    (void)unlink(f->path);
    for (unsigned i = 0; i < N; i++)
        sample_small(&f->v[i], i);
    append(f, 0, FIRST, 0);
    for (unsigned i = FIRST; i < FIRST + FOLDED - 1; i++)
        append(f, i, i + 1, i);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    (void)unlink(f->path);
    free_series(f->v, N);
    free(f->v);
    free(f);
    for (unsigned i = 0; i < STATES; i++)
        buf_free(&states[i]);
    n_states = 0;
    return 0;
}

/* How many of v the bytes hold, in order from the first; every error is one of the
 * test. */
static unsigned count(struct fixture *f, const struct buf *b, const char *what, size_t at)
{
    uint64_t seen[NOTE_CODES];
    unsigned got;
    struct err e = {0};
    if (read_archive(b->p, b->n, 0, false, f->v, N, &got, seen, &e) != 0)
        fail_msg("%s at %zu: %s", what, at, e.text);
    return got;
}

/* The archive is complete and can be appended to. */
static void goes_on(struct fixture *f, const struct buf *b, const char *what, size_t at)
{
    const unsigned whole = FIRST + FOLDED;
    struct buf after = {0};
    assert_int_equal(count(f, b, what, at), whole);
    scratch_write(f->path, b->p, b->n);
    append(f, whole, whole + 1, whole);
    FILE *in = fopen(f->path, "rb");
    assert_non_null(in);
    scratch_read_fd(fileno(in), &after);
    (void)fclose(in);
    assert_int_equal(count(f, &after, what, at), whole + 1);
    assert_true(after.n < states[0].n); /* without the links */
    buf_free(&after);
}

/* To so many captures the others can be appended. */
static void is_appended(struct fixture *f, const struct buf *b, unsigned there)
{
    struct buf after = {0};
    scratch_write(f->path, b->p, b->n);
    append(f, there, N, there);
    FILE *in = fopen(f->path, "rb");
    assert_non_null(in);
    scratch_read_fd(fileno(in), &after);
    (void)fclose(in);
    assert_int_equal(count(f, &after, "appended to", b->n), N);
    buf_free(&after);
}

static void stopped_anywhere(void **state)
{
    struct fixture *f = *state;
    const unsigned before = FIRST + FOLDED - 1, whole = before + 1;
    struct stat st;
    assert_int_equal(stat(f->path, &st), 0);
    size_t size = (size_t)st.st_size;
    recording = true;
    append(f, before, whole, before);
    recording = false;
    /* The block; before it is moved; moved; the last one, at the end. */
    assert_int_equal(n_states, 4);
    const struct buf *back = &states[1], *moved = &states[2];
    assert_int_equal(back->n, moved->n);
    assert_true(states[3].n < size);
    assert_int_equal(count(f, &states[0], "block", 0), before);
    for (size_t n = size; n <= back->n; n++) { /* being written behind the links */
        struct buf part = {.p = back->p, .n = n};
        assert_int_equal(count(f, &part, "cut", n), n == back->n ? whole : before);
        if (n % 7 == 0 || n == states[0].n)
            is_appended(f, &part, n == back->n ? whole : before);
    }
    struct buf torn = {0};
    assert_int_equal(buf_append(&torn, back->p, back->n, NULL), 0);
    goes_on(f, &torn, "not moved", 0);
    for (size_t n = 0; n < back->n; n++) { /* being moved, from the front */
        torn.p[n] = moved->p[n];
        if (n + 1 < back->n && back->p[n + 1] == moved->p[n + 1])
            continue;
        assert_int_equal(count(f, &torn, "torn", n), whole);
        if (n % 7 == 0)
            goes_on(f, &torn, "torn", n);
    }
    struct dice d = {17};
    for (unsigned i = 0; i < 200; i++) { /* or in pieces of any order */
        memcpy(torn.p, back->p, back->n);
        for (size_t at = 0; at < back->n; at += 64)
            if (roll(&d, 2) == 0)
                memcpy(torn.p + at, moved->p + at, back->n - at < 64 ? back->n - at : 64);
        assert_int_equal(count(f, &torn, "pieces", i), whole);
        if (i % 10 == 0)
            goes_on(f, &torn, "pieces", i);
    }
    goes_on(f, moved, "moved", 0);
    goes_on(f, &states[3], "done", 0);
    buf_free(&torn);
}

/* Whether a frame ends there. */
static bool ends_a_frame(const struct buf *b, size_t end)
{
    size_t at = FRAME_FILE_HEAD;
    struct frame f;
    while (at < end && frame_head(b->p + at, &f))
        at += FRAME_HEAD + f.n + FRAME_TAIL;
    return at == end;
}

/* The block was moved, its end mark was not, and it ends where a frame of a link ended:
 * what follows is whole, and of another number. */
static void stopped_between_frames(void **state)
{
    struct fixture *f = *state;
    const unsigned before = FIRST + FOLDED - 1;
    struct buf old = {0}, torn = {0};
    struct dice d = {3};
    char text[200] = "";
    unsigned met = 0;
    FILE *in = fopen(f->path, "rb");
    assert_non_null(in);
    scratch_read_fd(fileno(in), &old);
    (void)fclose(in);
    for (size_t n = 1; n < sizeof text && met < 2; n++) { /* makes the block longer */
        text[n - 1] = (char)('!' + roll(&d, 90));
        f->v[before].source = sample_text(&f->v[before], text);
        scratch_write(f->path, old.p, old.n);
        n_states = 0;
        recording = true;
        append(f, before, before + 1, before);
        recording = false;
        const struct buf *back = &states[1], *moved = &states[2];
        size_t same = 0; /* the links begin where both are no longer the same */
        struct frame fold;
        while (back->p[same] == moved->p[same])
            same++;
        size_t start = FRAME_FILE_HEAD;
        for (size_t end = start; end <= same; end += FRAME_HEAD + fold.n + FRAME_TAIL) {
            start = end;
            assert_true(frame_head(moved->p + start, &fold));
        }
        const size_t size = FRAME_HEAD + fold.n + FRAME_TAIL;
        if (!ends_a_frame(back, start + size))
            continue;
        met++;
        torn.n = 0;
        assert_int_equal(buf_append(&torn, back->p, back->n, NULL), 0);
        memcpy(torn.p + start, moved->p + start, size);
        assert_int_equal(count(f, &torn, "between frames", n), before + 1);
        goes_on(f, &torn, "between frames", n);
    }
    assert_true(met > 0);
    buf_free(&old);
    buf_free(&torn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stopped_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stopped_between_frames, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("psz folds", tests, NULL, NULL);
}
