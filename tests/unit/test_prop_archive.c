/* SPDX-License-Identifier: MIT */
/* Properties that cross the readers and the writers: text to snapshots to an archive and
 * back must lose nothing, and a damaged archive must not invent anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/packed.h"
#include "tests/unit/prop.h"

static struct buf written(const struct format_writer *w, const struct pool_snapshot *v,
                          size_t n)
{
    struct buf b = {0};
    struct sink *out;
    struct writer_opts o = {.many = n > 1, .verbatim = true};
    void *ctx = NULL;
    assert_int_equal(sink_memory(&out, &b, NULL), 0);
    assert_int_equal(w->begin(&ctx, out, &o, NULL), 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(w->snapshot(ctx, &v[i], NULL), 0);
    assert_int_equal(w->end(ctx, NULL), 0);
    w->close(ctx);
    assert_int_equal(sink_close(out, NULL), 0);
    return b;
}

static const struct format_writer *text_writer(void)
{
    return format_find("poolmon")->writer;
}

/* ---- nothing is lost ---- */

/* What an archive must keep besides what assert_same_shot looks at. */
static void assert_kept(const char *name, const struct pool_snapshot *a,
                        const struct pool_snapshot *b)
{
    assert_same_shot(name, a, b, true);
    assert_string_equal(pool_snapshot_str(a, a->source), pool_snapshot_str(b, b->source));
    assert_string_equal(pool_snapshot_str(a, a->format), pool_snapshot_str(b, b->format));
    assert_int_equal(a->notes.n, b->notes.n);
    for (size_t i = 0; i < a->notes.n; i++) {
        const struct note *x = &a->notes.v[i], *y = &b->notes.v[i];
        assert_int_equal(x->code, y->code);
        assert_int_equal(x->line, y->line);
        assert_string_equal(note_text(&a->notes, x), note_text(&b->notes, y));
    }
    assert_int_equal(a->dress.verbatim, b->dress.verbatim);
    if (!a->dress.verbatim)
        return;
    struct buf x = written(text_writer(), a, 1), y = written(text_writer(), b, 1);
    assert_int_equal(x.n, y.n);
    assert_memory_equal(x.p, y.p, x.n);
    buf_free(&x);
    buf_free(&y);
}

static struct shots assert_round_trip(const char *name, const struct shots *x)
{
    struct buf psz = written(&psz_writer, x->v, x->n);
    struct buf again = written(&psz_writer, x->v, x->n);
    assert_int_equal(psz.n, again.n);
    assert_memory_equal(psz.p, again.p, psz.n);
    buf_free(&again);
    struct shots back = shots_of(name, psz.p, psz.n, 0);
    if (back.code != 0)
        fail_msg("%s: its archive reads as: %s", name, back.err.text);
    assert_int_equal(back.n, x->n);
    for (size_t i = 0; i < x->n; i++)
        assert_kept(name, &x->v[i], &back.v[i]);
    buf_free(&psz);
    return back;
}

/* A file of one capture that calls itself verbatim is printed again byte for byte. */
static bool assert_same_bytes(const char *name, const struct shots *x,
                              const struct buf *file)
{
    if (x->n != 1 || !x->v[0].dress.verbatim)
        return false;
    struct buf text = written(text_writer(), x->v, 1);
    if (text.n != file->n || memcmp(text.p, file->p, text.n) != 0)
        fail_msg("%s: calls itself verbatim and is not", name);
    buf_free(&text);
    return true;
}

static bool archived_file_is_the_same(const char *name, const struct buf *file)
{
    struct shots x = shots_of(name, file->p, file->n, 0);
    bool verbatim = false;
    if (x.n > 0) {
        struct shots back = assert_round_trip(name, &x);
        verbatim = assert_same_bytes(name, &back, file);
        shots_free(&back);
    }
    shots_free(&x);
    return verbatim;
}

static void fixtures_survive_the_archive(void **state)
{
    (void)state;
    struct fixtures f;
    size_t verbatim = 0;
    fixtures_find(&f);
    for (size_t i = 0; i < f.n; i++) {
        struct buf b = load_file(f.path[i]);
        verbatim += archived_file_is_the_same(f.path[i], &b);
        buf_free(&b);
    }
    fixtures_free(&f);
    assert_true(verbatim >= 3);
}

/* PoolMon text has no room for events and totals. */
static void captures_only(struct shots *x)
{
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++) {
        if (x->v[i].record == RECORD_CAPTURE) {
            struct pool_snapshot s = x->v[n];
            x->v[n++] = x->v[i];
            x->v[i] = s;
        }
    }
    while (x->n > n)
        pool_snapshot_free(&x->v[--x->n]);
}

/* Text that the writer made itself, from whatever was read, keeps every figure. */
static void written_text_reads_the_same(void **state)
{
    (void)state;
    struct fixtures f;
    fixtures_find(&f);
    for (size_t i = 0; i < f.n; i++) {
        struct buf b = load_file(f.path[i]);
        struct shots x = shots_of(f.path[i], b.p, b.n, 0);
        captures_only(&x);
        if (x.n > 0) {
            struct buf text = written(text_writer(), x.v, x.n);
            struct shots back = shots_of(f.path[i], text.p, text.n, 0);
            if (back.n != x.n)
                fail_msg("%s: %zu snapshots, written again %zu", f.path[i], x.n, back.n);
            for (size_t k = 0; k < x.n; k++)
                if (!pool_snapshot_same_figures(&x.v[k], &back.v[k]))
                    fail_msg("%s: snapshot %zu differs when written again", f.path[i],
                             k + 1);
            shots_free(&back);
            buf_free(&text);
        }
        shots_free(&x);
        buf_free(&b);
    }
    fixtures_free(&f);
}

/* Every capture that poolmon itself could have written comes back byte for byte. */
static void series_is_verbatim(void **state)
{
    (void)state;
    struct series *s = series_new(21, 400, 2, false);
    struct buf text = {0};
    for (int i = 0; next_capture(s, &text); i++)
        if (i % 7 == 0 && !archived_file_is_the_same("capture", &text))
            fail_msg("capture %d is not verbatim", i);
    buf_free(&text);
    free(s);
}

/* Snapshots of many captures, one archive. */
static struct shots some_series(uint64_t seed, unsigned tags, unsigned captures)
{
    struct shots all = {0};
    struct series *s = series_new(seed, tags, 1, false);
    struct buf text = {0};
    while (all.n < captures && next_capture(s, &text)) {
        struct shots x = shots_of("capture", text.p, text.n, 0);
        assert_int_equal(x.n, 1);
        x.v[0].time = (struct pool_time){.source = TIME_OPTION,
                                         .ms = SERIES_MONDAY + s->minute * 60000};
        shots_add(&all, &x.v[0]);
        shots_free(&x);
    }
    buf_free(&text);
    free(s);
    assert_int_equal(all.n, captures);
    return all;
}

static void whole_series_survives(void **state)
{
    (void)state;
    struct shots x = some_series(22, 120, 70);
    struct shots back = assert_round_trip("series", &x);
    shots_free(&back);
    shots_free(&x);
}

/* ---- how the archive's bytes arrive, and what damage does ---- */

static void pieces_of_an_archive(void **state)
{
    (void)state;
    static const size_t blocks[] = {1, 7, 4096};
    struct shots x = some_series(23, 60, 20);
    struct buf psz = written(&psz_writer, x.v, x.n);
    struct buf packed = gzipped(psz.p, psz.n);
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        const struct buf *const forms[] = {&psz, &packed};
        for (int k = 0; k < 2; k++) {
            struct shots back = shots_of("psz", forms[k]->p, forms[k]->n, blocks[i]);
            assert_same_shots("archive in pieces", &x, &back, false);
            shots_free(&back);
        }
    }
    buf_free(&packed);
    buf_free(&psz);
    shots_free(&x);
}

/* Every snapshot of `part` is one of `whole`, in the same order. */
static void assert_subset(const struct shots *part, const struct shots *whole)
{
    size_t k = 0;
    for (size_t i = 0; i < part->n; i++, k++) {
        while (k < whole->n && (whole->v[k].time.ms != part->v[i].time.ms ||
                                !pool_snapshot_same_figures(&whole->v[k], &part->v[i])))
            k++;
        if (k == whole->n)
            fail_msg("snapshot %zu of a damaged archive was invented", i + 1);
    }
}

static struct shots salvaged(const struct buf *b)
{
    struct reader_opts o = {.salvage = true, .limits = LIMITS_DEFAULT};
    struct input_raw raw;
    struct input *in = NULL;
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, 0, NULL), 0);
    assert_int_equal(input_open(&in, "damaged", raw, &o.limits, NULL), 0);
    return shots_of_input(in, &o);
}

static void assert_damage_is_told(const struct buf *b, const struct shots *whole,
                                  const char *what, size_t at)
{
    struct shots x = shots_of("damaged", b->p, b->n, 0);
    if (x.code == 0)
        fail_msg("%s at byte %zu went unnoticed", what, at);
    assert_true(x.err.text[0] != '\0');
    assert_subset(&x, whole);
    shots_free(&x);
    x = salvaged(b);
    assert_subset(&x, whole);
    if (x.code == 0) {
        uint64_t losses = x.seen[NOTE_BLOCK_LOST] + x.seen[NOTE_NO_END_MARK] +
                          x.seen[NOTE_TAIL_IGNORED];
        for (size_t i = 0; i < x.n; i++)
            losses += x.v[i].notes.seen[NOTE_BLOCK_LOST];
        assert_true(losses > 0);
    }
    shots_free(&x);
}

static void damage_is_told(void **state)
{
    (void)state;
    struct shots x = some_series(24, 12, 6);
    struct buf psz = written(&psz_writer, x.v, x.n);
    struct rng rng = {24};
    for (size_t at = 0; at < psz.n; at++) {
        uint8_t was = psz.p[at];
        psz.p[at] = (uint8_t)(was ^ (1u << rng_below(&rng, 8)));
        if (at >= 8) /* bytes before are the magic: then it is no archive at all */
            assert_damage_is_told(&psz, &x, "a changed bit", at);
        psz.p[at] = was;
    }
    buf_free(&psz);
    shots_free(&x);
}

static void cut_archive_is_told(void **state)
{
    (void)state;
    struct shots x = some_series(25, 12, 6);
    struct buf psz = written(&psz_writer, x.v, x.n);
    for (size_t cut = 8; cut < psz.n; cut++) {
        struct buf part = {.p = psz.p, .n = cut};
        assert_damage_is_told(&part, &x, "a cut", cut);
    }
    buf_free(&psz);
    shots_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixtures_survive_the_archive),
        cmocka_unit_test(written_text_reads_the_same),
        cmocka_unit_test(series_is_verbatim),
        cmocka_unit_test(whole_series_survives),
        cmocka_unit_test(pieces_of_an_archive),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(cut_archive_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
