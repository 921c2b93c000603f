/* SPDX-License-Identifier: MIT */
/* Properties of diff and rank on the made-up series, read from its text: what is planted
 * is found, what is not is not, and what should not matter does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/prop_rank.h"

/* ---- diff ---- */

static struct diff_result difference(const struct pool_snapshot *a,
                                     const struct pool_snapshot *b)
{
    struct diff_result d = {0};
    assert_int_equal(diff_snapshots(&d, a, b, NULL), 0);
    return d;
}

static const struct diff_row *row_of(const struct diff_result *d,
                                     const struct diff_row *like)
{
    for (size_t i = 0; i < d->n_rows; i++)
        if (tag_equal(d->rows[i].tag, like->tag) && d->rows[i].pool == like->pool)
            return &d->rows[i];
    return NULL;
}

static void difference_with_itself_is_nothing(void **state)
{
    (void)state;
    struct series *s = series_new(31, 200, 1, false);
    struct shots x = series_shots(s);
    assert_true(x.n > 50);
    for (size_t i = 0; i < x.n; i += 9) {
        struct diff_result d = difference(&x.v[i], &x.v[i]);
        assert_true(d.same_boot);
        assert_true(d.n_rows == x.v[i].n_rows);
        for (size_t k = 0; k < d.n_rows; k++) {
            assert_int_equal(d.rows[k].state, DIFF_BOTH);
            assert_true(d.rows[k].bytes_change == 0 && d.rows[k].live_change == 0);
            assert_true(d.rows[k].allocs_change == 0 && d.rows[k].frees_change == 0);
        }
        diff_free(&d);
    }
    shots_free(&x);
    free(s);
}

static void backwards_turns_the_signs(void **state)
{
    (void)state;
    static const uint8_t turned[] = {
        [DIFF_BOTH] = DIFF_BOTH, [DIFF_NEW] = DIFF_GONE, [DIFF_GONE] = DIFF_NEW};
    struct series *s = series_new(32, 200, 1, false);
    struct shots x = series_shots(s);
    for (size_t i = 0; i + 30 < x.n; i += 7) {
        struct diff_result d = difference(&x.v[i], &x.v[i + 30]);
        struct diff_result r = difference(&x.v[i + 30], &x.v[i]);
        assert_true(d.n_rows == r.n_rows);
        for (size_t k = 0; k < d.n_rows; k++) {
            const struct diff_row *back = row_of(&r, &d.rows[k]);
            assert_non_null(back);
            assert_int_equal(back->state, turned[d.rows[k].state]);
            assert_true(back->bytes_change == -d.rows[k].bytes_change);
            assert_true(back->live_change == -d.rows[k].live_change);
            assert_true(back->old_bytes == d.rows[k].new_bytes);
        }
        for (int p = 0; p < POOL_KINDS; p++)
            assert_true(d.totals[p].change_bytes == -r.totals[p].change_bytes);
        diff_free(&d);
        diff_free(&r);
    }
    shots_free(&x);
    free(s);
}

/* Changes of a row that is in neither of two captures: none. */
static void add_changes(const struct diff_result *d, const struct diff_row *like,
                        int64_t sum[4])
{
    const struct diff_row *r = row_of(d, like);
    if (r == NULL)
        return;
    sum[0] += r->bytes_change;
    sum[1] += r->live_change;
    sum[2] += r->allocs_change;
    sum[3] += r->frees_change;
}

static void differences_add_up(void **state)
{
    (void)state;
    struct series *s = series_new(33, 200, 0, false);
    struct shots x = series_shots(s);
    uint64_t wraps = 0;
    for (size_t i = 0; i + 8 < x.n; i += 3) {
        const struct pool_snapshot *a = &x.v[i], *b = &x.v[i + 3], *c = &x.v[i + 8];
        struct diff_result ac = difference(a, c);
        struct diff_result ab = difference(a, b), bc = difference(b, c);
        assert_true(ac.same_boot && ab.same_boot && bc.same_boot);
        assert_true(fabs(ac.hours - ab.hours - bc.hours) < 1e-9);
        for (size_t k = 0; k < ac.n_rows; k++) {
            const struct diff_row *r = &ac.rows[k];
            int64_t sum[4] = {0};
            add_changes(&ab, r, sum);
            add_changes(&bc, r, sum);
            assert_true(r->bytes_change == sum[0] && r->live_change == sum[1]);
            assert_true(!r->has_allocs || r->allocs_change == sum[2]);
            assert_true(!r->has_frees || r->frees_change == sum[3]);
            if (r->has_allocs)
                assert_true(r->allocs_change - r->frees_change == r->live_change);
            wraps += tag_equal(r->tag, tag_from("NDnd", 4)) && r->has_allocs;
        }
        diff_free(&ac);
        diff_free(&ab);
        diff_free(&bc);
    }
    assert_true(wraps > 0);
    shots_free(&x);
    free(s);
}

/* ---- boots and wraps ---- */

static void boots_are_those_of_the_machine(void **state)
{
    (void)state;
    for (uint64_t seed = 41; seed < 49; seed++) {
        struct series *s = series_new(seed, 120, (unsigned)(seed % 4), false);
        struct shots x = series_shots(s);
        struct rank_result r = ranked(x.v, x.n);
        assert_int_equal(r.n_boots, s->n_boots);
        for (size_t i = 0; i < r.n_boots; i++) {
            assert_int_equal(r.boots[i].last - r.boots[i].first + 1,
                             s->boots[i].captures);
            assert_true(fabs(r.boots[i].start_h * 60 -
                             (double)(s->boots[i].first - s->boots[0].first)) < 1e-6);
        }
        rank_free(&r);
        shots_free(&x);
        free(s);
    }
}

static const struct pool_row *row_in(const struct pool_snapshot *s, struct pool_tag tag,
                                     uint8_t pool)
{
    for (size_t i = 0; i < s->n_rows; i++)
        if (tag_equal(s->rows[i].tag, tag) && s->rows[i].pool == pool)
            return &s->rows[i];
    return NULL;
}

/* Every counter moved on, as if the boot were older, so that it passes 2^32 at a capture
 * of its own. */
static void age_counters(struct shots *x)
{
    struct pool_snapshot last = {0};
    assert_int_equal(pool_snapshot_copy(&last, &x->v[x->n - 1], NULL), 0);
    for (size_t i = 0; i < last.n_rows; i++) {
        const struct pool_row *r = &last.rows[i];
        const struct pool_row *then = row_in(&x->v[1 + i % (x->n - 2)], r->tag, r->pool);
        uint32_t back = then != NULL ? (uint32_t)then->allocs : 1;
        for (size_t k = 0; k < x->n; k++)
            for (size_t j = 0; j < x->v[k].n_rows; j++) {
                struct pool_row *c = &x->v[k].rows[j];
                if (!tag_equal(c->tag, r->tag) || c->pool != r->pool)
                    continue;
                assert_int_equal(c->width, 32);
                c->allocs = (uint32_t)(c->allocs - back);
                c->frees = (uint32_t)(c->frees - back);
            }
    }
    pool_snapshot_free(&last);
}

static const struct rank_tag *tag_of(const struct rank_result *r, struct pool_tag tag,
                                     uint8_t pool)
{
    for (size_t i = 0; i < r->n_tags; i++)
        if (tag_equal(r->tags[i].tag, tag) && r->tags[i].pool == pool)
            return &r->tags[i];
    fail_msg("a tag is missing from the ranking");
    return NULL;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void wraps_change_nothing(void **state)
{
    (void)state;
    struct series *s = series_new(34, 200, 0, false);
    struct shots x = series_shots(s);
    struct rank_result plain = ranked(x.v, x.n);
    age_counters(&x);
    struct rank_result old = ranked(x.v, x.n);
    size_t wrapped = 0, there = 0;
    assert_int_equal(old.n_boots, 1);
    for (size_t i = 0; i < plain.n_tags; i++) {
        const struct rank_tag *a = &plain.tags[i], *b = tag_of(&old, a->tag, a->pool);
        wrapped += b->wrapped;
        assert_true(same_number(a->growth_bytes, b->growth_bytes));
        /* A driver that came later counts from zero, which ageing took from it. */
        if (row_in(&x.v[0], a->tag, a->pool) != NULL) {
            assert_true(same_number(a->freed, b->freed));
            there++;
        }
        assert_true(a->bytes_change == b->bytes_change);
        assert_true(a->live_change == b->live_change);
        assert_int_equal(a->steps_rising, b->steps_rising);
    }
    assert_true(wrapped >= 100 && there >= 150);
    rank_free(&plain);
    rank_free(&old);
    shots_free(&x);
    free(s);
}

/* ---- what is planted is found ---- */

static bool planted(const struct series *s, const struct rank_tag *t)
{
    for (size_t i = 0; i < s->o.tags; i++)
        if (tag_equal(s->tags[i].tag, t->tag) && s->tags[i].pool == t->pool)
            return s->tags[i].behaviour >= STEADY_LEAK;
    return false;
}

static void leaks_come_first(void **state)
{
    (void)state;
    for (uint64_t seed = 51; seed < 57; seed++) {
        struct series *s = series_new(seed, 250, seed % 2 ? 2 : 0, false);
        struct shots x = series_shots(s);
        struct rank_result r = ranked(x.v, x.n);
        assert_int_equal(r.outcome, OUTCOME_LEAK);
        for (size_t i = 0; i < r.n_tags; i++) {
            if (planted(s, &r.tags[i]) != (i < SERIES_LEAKS))
                fail_msg("seed %d: rank %zu is %.4s", (int)seed, i + 1,
                         (const char *)r.tags[i].tag.b);
            if (i < SERIES_LEAKS)
                assert_true(r.tags[i].grade >= 2);
            else
                assert_int_not_equal(r.tags[i].verdict, VERDICT_LEAK);
        }
        rank_free(&r);
        shots_free(&x);
        free(s);
    }
}

static void no_leak_without_one(void **state)
{
    (void)state;
    for (uint64_t seed = 51; seed < 57; seed++) {
        struct series *s = series_new(seed, 250, seed % 2 ? 2 : 0, true);
        struct shots x = series_shots(s);
        struct rank_result r = ranked(x.v, x.n);
        assert_int_not_equal(r.outcome, OUTCOME_LEAK);
        assert_true(r.n_tags > 0);
        for (size_t i = 0; i < r.n_tags; i++)
            assert_int_not_equal(r.tags[i].verdict, VERDICT_LEAK);
        rank_free(&r);
        shots_free(&x);
        free(s);
    }
}

static void missing_captures_do_not_hide_leaks(void **state)
{
    (void)state;
    struct series *s = series_new(35, 200, 2, false);
    struct shots x = series_shots(s);
    struct rng rng = {35};
    size_t kept = 0;
    for (size_t i = 0; i < x.n; i++)
        if (i == 0 || i + 1 == x.n || rng_below(&rng, 3) != 0) {
            struct pool_snapshot other = x.v[kept];
            x.v[kept++] = x.v[i];
            x.v[i] = other;
        }
    assert_true(kept < x.n - 10);
    struct rank_result r = ranked(x.v, kept);
    assert_int_equal(r.n_boots, 3);
    for (size_t i = 0; i < SERIES_LEAKS; i++)
        assert_true(planted(s, &r.tags[i]));
    rank_free(&r);
    shots_free(&x);
    free(s);
}

/* ---- what should not matter ---- */

static void assert_same_json(const char *what, const struct buf *a, const struct buf *b)
{
    if (a->n != b->n || memcmp(a->p, b->p, a->n) != 0)
        fail_msg("%s changed the ranking", what);
}

static struct buf json_of(const struct shots *x)
{
    struct rank_result r = ranked(x->v, x->n);
    struct buf b = rank_json(&r, x->v, x->n);
    rank_free(&r);
    return b;
}

static void order_of_rows_and_the_archive(void **state)
{
    (void)state;
    struct series *s = series_new(36, 200, 1, false);
    struct shots x = series_shots(s);
    struct buf first = json_of(&x), psz = {0};
    struct sink *out;
    struct writer_opts o = {.many = true, .verbatim = true};
    void *w = NULL;
    assert_int_equal(sink_memory(&out, &psz, NULL), 0);
    assert_int_equal(psz_writer.begin(&w, out, &o, NULL), 0);
    for (size_t i = 0; i < x.n; i++)
        assert_int_equal(psz_writer.snapshot(w, &x.v[i], NULL), 0);
    assert_int_equal(psz_writer.end(w, NULL), 0);
    psz_writer.close(w);
    assert_int_equal(sink_close(out, NULL), 0);

    struct shots archived = shots_of("psz", psz.p, psz.n, 0);
    assert_int_equal(archived.n, x.n);
    struct buf again = json_of(&archived);
    assert_same_json("the archive", &first, &again);
    buf_free(&again);

    for (size_t i = 0; i < x.n; i++)
        for (size_t k = x.v[i].n_rows / 2; k > 0; k--) {
            struct pool_row *a = &x.v[i].rows[k], *b = &x.v[i].rows[x.v[i].n_rows - k];
            struct pool_row r = *a;
            *a = *b;
            *b = r;
        }
    again = json_of(&x);
    assert_same_json("the order of the rows", &first, &again);
    buf_free(&again);
    buf_free(&psz);
    buf_free(&first);
    shots_free(&archived);
    shots_free(&x);
    free(s);
}

/* The rows of that tag, changed by hand in every capture. */
static void change_rows(struct shots *x, const char *tag, const char *name,
                        uint64_t times)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < x->v[i].n_rows; k++) {
            struct pool_row *r = &x->v[i].rows[k];
            if (!tag_equal(r->tag, tag_from(tag, 4)))
                continue;
            r->tag = tag_from(name, 4);
            r->bytes *= times;
            r->per_alloc *= times;
        }
}

static void names_and_units_do_not_matter(void **state)
{
    (void)state;
    struct series *s = series_new(37, 150, 1, false);
    struct shots x = series_shots(s);
    struct rank_result before = ranked(x.v, x.n);
    change_rows(&x, "SgRq", "\xffz 1", 1);
    change_rows(&x, "AuEv", "AuEv", 4);
    struct rank_result after = ranked(x.v, x.n);
    const struct rank_tag *a = tag_of(&before, tag_from("SgRq", 4), POOL_NONPAGED);
    const struct rank_tag *b = tag_of(&after, tag_from("\xffz 1", 4), POOL_NONPAGED);
    assert_true(a->score == b->score && a->quality == b->quality);
    assert_true(a->growth_bytes == b->growth_bytes && a->verdict == b->verdict);
    a = tag_of(&before, tag_from("AuEv", 4), POOL_NONPAGED);
    b = tag_of(&after, tag_from("AuEv", 4), POOL_NONPAGED);
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->grade, b->grade);
    assert_true(fabs(a->bytes_per_hour * 4 - b->bytes_per_hour) <
                1e-9 * fabs(b->bytes_per_hour));
    assert_true(fabs(a->growth_bytes * 4 - b->growth_bytes) < 1e-9 * b->growth_bytes);
    rank_free(&before);
    rank_free(&after);
    shots_free(&x);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(difference_with_itself_is_nothing),
        cmocka_unit_test(backwards_turns_the_signs),
        cmocka_unit_test(differences_add_up),
        cmocka_unit_test(boots_are_those_of_the_machine),
        cmocka_unit_test(wraps_change_nothing),
        cmocka_unit_test(leaks_come_first),
        cmocka_unit_test(no_leak_without_one),
        cmocka_unit_test(missing_captures_do_not_hide_leaks),
        cmocka_unit_test(order_of_rows_and_the_archive),
        cmocka_unit_test(names_and_units_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
