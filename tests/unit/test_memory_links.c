/* SPDX-License-Identifier: MIT */
/* Appending to an archive and looking into it, with memory that runs out at each
 * allocation: captures that bring names of their own, and an archive that is large enough
 * to end with its last captures whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "formats/psz/file.h"
#include "tests/unit/appending.h"
#include "tests/unit/memory.h"
#include "tests/unit/psz_samples.h"
#include "tests/unit/scratch.h"

enum { FIRST = 420, MOST = FIRST + 12, LARGE = 128 << 10, USUAL = 60 };

struct world {
    char path[256];
    struct pool_snapshot v[MOST];
    struct buf before; /* the archive that is appended to */
    int first, n;      /* snapshots in it, and of all */
};

/* ---- names of their own ---- */

static uint32_t named(struct pool_snapshot *s, const char *what, int i, size_t k)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%s-%d-%zu", what, i, k);
    return sample_text(s, text);
}

static void name_rows(struct pool_snapshot *s, int i)
{
    if (i % 3 == 1)
        s->host = named(s, "host", i, 0);
    for (size_t k = 0; k < s->n_rows; k += 1 + (size_t)i % 4) {
        s->rows[k].driver = named(s, "driver", i, k);
        s->rows[k].owner = named(s, "owner", i, k);
    }
    if (s->record != RECORD_EVENTS)
        return;
    for (size_t k = 0; k < 3; k++) {
        const uint32_t code = named(s, "code", i, k), text = named(s, "text", i, k);
        struct pool_event *v = pool_snapshot_add_event(s, NULL);
        assert_non_null(v);
        *v = (struct pool_event){
            .ms = s->time.ms, .count = 1, .line = k, .code = code, .text = text};
    }
}

/* ---- the trials ---- */

static int append_all(void *ctx, uint64_t *sum, struct err *e)
{
    const struct world *w = ctx;
    int r = 0;
    scratch_write(w->path, w->before.p, w->before.n);
    for (int i = w->first; i < w->n && r >= 0; i++)
        r = append_one(w->path, &w->v[i], e);
    *sum = r < 0 ? 0 : (uint64_t)w->n;
    return r;
}

static int at_end(struct psz_file *f, const struct world *w, uint64_t *sum, struct err *e)
{
    struct pool_snapshot s = {.uptime_s = -1};
    const uint64_t n = psz_file_count(f);
    uint64_t number;
    int r = psz_file_latest(f, w->v[w->n - 1].time.ms, &number, e);
    for (uint64_t i = n; i > 0 && i + 3 > n && r >= 0; i--) {
        r = psz_file_at(f, i, &s, e);
        *sum = pool_digest_mix(*sum, r >= 0 ? pool_snapshot_digest(&s) : 0);
    }
    pool_snapshot_free(&s);
    return r;
}

static int point(void *ctx, const struct psz_point *p, struct err *e)
{
    uint64_t *sum = ctx;
    (void)e;
    *sum = pool_digest_mix(*sum, p->row != NULL ? p->row->bytes : p->number);
    return 0;
}

static int look_at_end(void *ctx, uint64_t *sum, struct err *e)
{
    static const struct limits limits = LIMITS_DEFAULT;
    const struct world *w = ctx;
    struct psz_want want = {.tag = w->v[0].rows[0].tag,
                            .pool = (enum pool_kind)w->v[0].rows[0].pool};
    struct psz_file *f;
    TRY(psz_file_open(&f, w->path, &limits, e));
    assert_non_null(f);
    int r = at_end(f, w, sum, e);
    if (r >= 0)
        r = psz_history(f, &want, point, sum, e);
    psz_file_close(f);
    return r;
}

static void try_world(struct world *w)
{
    struct err e = {0};
    uint64_t sum;
    write_archive(w->v, (unsigned)w->first, &w->before);
    assert_true(memory_try("appending", append_all, w, USUAL) > 100);
    if (append_all(w, &sum, &e) != 0)
        fail_msg("%s", e.text);
    assert_true(memory_try("looking", look_at_end, w, USUAL) > 10);
}

static void names_of_their_own(void **state)
{
    struct world *w = *state;
    struct dice d = {21};
    w->first = 4;
    w->n = 12;
    sample_series(&d, w->v, 12, 60);
    for (int i = 0; i < w->n; i++)
        name_rows(&w->v[i], i);
    try_world(w);
}

static void a_large_archive(void **state)
{
    struct world *w = *state;
    struct dice d = {22};
    w->first = FIRST;
    w->n = FIRST + 3;
    sample_series(&d, w->v, (unsigned)w->n, 60);
    for (int i = 0; i < w->n; i++) { /* of one machine: few have to be kept whole */
        w->v[i].host = w->v[i].session = 0;
        w->v[i].scope = SCOPE_SYSTEM;
    }
    try_world(w);
    assert_true(w->before.n > LARGE);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    scratch_path(w->path, sizeof w->path, "links", ".psz");
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    (void)unlink(w->path);
    free_series(w->v, MOST);
    buf_free(&w->before);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_large_archive, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
