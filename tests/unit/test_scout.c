/* SPDX-License-Identifier: MIT */
/* Two threads on one text give what one gives, to the last note, line number and byte of
 * an archive: wherever the second one begins, and whatever stands there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/poolmon/poolmon_fast.h"
#include "formats/text/seam.h"
#include "tests/tools/place.h"
#include "tests/unit/chains.h"
#include "tests/unit/readings.h"

enum { MUTANTS = 200, LOGS = 40, CAPTURES = 24, TAGS = 40 };

/* ---- a file ---- */

static struct placed file_of(const struct buf *b)
{
    return (struct placed){b->p, b->n, SIZE_MAX};
}

/* ---- a reading ---- */

struct way {
    size_t stretch;   /* 0: one thread */
    bool alternating; /* the caller has two snapshots, by turns */
    size_t most;      /* captures; SIZE_MAX: all */
};

struct reading {
    struct shots shots;
    struct note_list notes;
    uint64_t raw_bytes;
    uint64_t chains; /* a new one begins wherever the other thread's captures are taken */
    struct buf archive;
};

static void take(struct reading *x, struct archive *a, const struct pool_snapshot *s,
                 struct pool_snapshot *before, uint64_t *id, uint64_t *step)
{
    assert_null(pool_snapshot_valid(s));
    if (pool_follows(s, *id, *step)) {
        assert_null(pool_snapshot_still_valid(s));
        assert_news("text", before, s);
    }
    *id = s->chain.id;
    *step = s->chain.step;
    assert_int_equal(psz_writer.snapshot(a->writer, s, NULL), 0);
    assert_int_equal(pool_snapshot_copy(before, s, NULL), 0);
    for (int k = 0; k < POOL_KINDS; k++)
        assert_int_equal(pool_snapshot_bytes(s, (enum pool_kind)k),
                         pool_snapshot_bytes(before, (enum pool_kind)k));
    assert_int_equal(pool_snapshot_digest(s), pool_snapshot_digest(before));
    shots_add(&x->shots, before);
}

static struct reading read_file(const struct placed *f, const struct way *way)
{
    struct reader_memory memory = {0};
    const struct reader_opts o = {.memory = &memory,
                                  .follow = true,
                                  .threads = way->stretch > 0 ? 2 : 1,
                                  .stretch = way->stretch,
                                  .limits = LIMITS_DEFAULT};
    struct reading x = {0};
    struct shots *to = &x.shots;
    struct pool_snapshot s[2] = {{.uptime_s = -1}, {.uptime_s = -1}};
    struct pool_snapshot before = {.uptime_s = -1};
    struct archive a;
    struct reader *r = NULL;
    struct input *in = NULL;
    uint64_t id = 0, step = 0;
    archive_begin(&a);
    assert_int_equal(input_open(&in, "text", place_raw(f), &o.limits, NULL), 0);
    to->code = reader_open(&r, in, &o, &to->err);
    while (to->code >= 0 && to->n < way->most) {
        struct pool_snapshot *now = &s[way->alternating ? to->n % 2 : 0];
        to->code = reader_next(r, now, &to->err);
        if (to->code != 1)
            break;
        take(&x, &a, now, &before, &id, &step);
    }
    x.raw_bytes = input_raw_bytes(in);
    x.chains = memory.chains;
    if (r != NULL)
        assert_int_equal(note_list_copy(&x.notes, reader_notes(r), NULL), 0);
    reader_close(r);
    input_close(in);
    archive_end(&a);
    x.archive = a.b;
    reader_memory_free(&memory);
    pool_snapshot_free(&s[0]);
    pool_snapshot_free(&s[1]);
    pool_snapshot_free(&before);
    return x;
}

static void reading_free(struct reading *x)
{
    shots_free(&x->shots);
    note_list_free(&x->notes);
    buf_free(&x->archive);
}

/* Returns how often captures were taken from the other thread. */
static unsigned assert_same(const char *name, const struct placed *f,
                            const struct way *way)
{
    struct reading one = read_file(f, &(struct way){.most = way->most});
    struct reading two = read_file(f, way);
    assert_same_reading(name, &one.shots, &two.shots);
    assert_same_notes(&one.notes, &two.notes);
    assert_string_equal(one.shots.err.place, two.shots.err.place);
    assert_string_equal(one.shots.err.hint, two.shots.err.hint);
    if (one.shots.code == 0)
        assert_int_equal(one.raw_bytes, two.raw_bytes);
    assert_int_equal(one.archive.n, two.archive.n);
    assert_memory_equal(one.archive.p, two.archive.p, one.archive.n);
    assert_true(two.chains >= one.chains || two.shots.code != 0 || two.shots.n == 0);
    const unsigned taken =
        (unsigned)(two.chains > one.chains ? two.chains - one.chains : 0);
    reading_free(&one);
    reading_free(&two);
    return taken;
}

static struct way some_way(struct rng *rng, size_t n)
{
    return (struct way){.stretch = 1 + (size_t)rng_below(rng, (uint32_t)n / 2),
                        .alternating = rng_below(rng, 6) == 0,
                        .most = rng_below(rng, 8) == 0 ? (size_t)rng_below(rng, CAPTURES)
                                                       : SIZE_MAX};
}

/* ---- what is read ---- */

/* Captures with what people and scripts put between them. */
static struct buf some_log(struct rng *rng, unsigned tags, unsigned captures)
{
    static const char *const between[] = {
        "",
        "",
        "",
        "\r\n",
        "C:\\> poolmon -b\r\n",
        "Ignoring dbghelp.dll\n",
        "see ticket 4711\n\n",
        "Mon 03/09/2026\n12:30\n",
        "2026-03-09\n",
        "# poolsift host=web01 time=2026-01-02T03:04:05Z\n",
        "# poolsift host=db%2d2 scope=session:3 uptime=77\n"};
    struct series *s = series_new(rng_next(rng), tags, 1, false);
    const bool dated = rng_below(rng, 3) > 0;
    const unsigned odd = (unsigned)rng_below(rng, 3) * (unsigned)rng_below(rng, 40);
    struct buf one = {0}, all = {0};
    for (unsigned i = 0; i < captures && next_capture(s, &one); i++) {
        if (rng_below(rng, 100) < odd) {
            const char *line = between[rng_below(rng, sizeof between / sizeof *between)];
            put(&all, line, strlen(line));
        }
        if (dated)
            assert_int_equal(buf_printf(&all, NULL, "# 2026-03-%02uT%02u:00:00\r\n",
                                        1 + i / 24, i % 24),
                             0);
        put(&all, one.p, one.n);
    }
    buf_free(&one);
    free(s);
    return all;
}

static void logs_are_read_the_same(void **state)
{
    (void)state;
    struct rng rng = {20263};
    unsigned taken = 0;
    for (int i = 0; i < LOGS; i++) {
        struct buf all = some_log(&rng, 10 + (unsigned)rng_below(&rng, 150), CAPTURES);
        const struct placed f = file_of(&all);
        const struct way way = some_way(&rng, all.n);
        taken += assert_same("log", &f, &way);
        buf_free(&all);
    }
    assert_true(POOLSIFT_FAST == 0 || taken > LOGS);
}

/* What waits to be taken is more than the scout has room for. */
static void long_stretches_are_read_the_same(void **state)
{
    (void)state;
    struct rng rng = {20264};
    struct buf all = some_log(&rng, 1500, 60);
    const struct placed f = file_of(&all);
    unsigned taken = 0;
    for (size_t stretch = all.n / 64; stretch < all.n; stretch *= 4)
        taken +=
            assert_same("long", &f, &(struct way){.stretch = stretch, .most = SIZE_MAX});
    assert_true(POOLSIFT_FAST == 0 || taken > 2);
    buf_free(&all);
}

static void every_fixture_is_read_the_same(void **state)
{
    (void)state;
    struct rng rng = {20265};
    struct fixtures all;
    fixtures_find(&all);
    for (size_t i = 0; i < all.n; i++) {
        struct buf one = load_file(all.path[i]), many = {0};
        while (many.n < 4 * one.n || (many.n < 20000 && one.n > 0))
            put(&many, one.p, one.n);
        const struct placed f = file_of(&many);
        const struct way way = some_way(&rng, many.n + 2);
        (void)assert_same(all.path[i], &f, &way);
        buf_free(&one);
        buf_free(&many);
    }
    fixtures_free(&all);
}

/* Bytes that stay with a text to its end, at the beginning of some line. */
static void spoil(struct buf *b, struct rng *rng)
{
    static const struct {
        char p[4];
        size_t n;
    } odd[] = {
        {"\0", 1}, {"\xef\xbb\xbf", 3}, {"\xe9", 1}, {"\xc3\xa9", 2}, {"\r\r\r\n", 4}};
    const size_t which = rng_below(rng, sizeof odd / sizeof *odd), n = odd[which].n;
    const size_t from = rng_below(rng, (uint32_t)b->n);
    const uint8_t *end = memchr(b->p + from, '\n', b->n - from);
    const size_t at = end != NULL ? (size_t)(end - b->p) + 1 : 0;
    assert_int_equal(buf_reserve(b, n, NULL), 0);
    memmove(b->p + at + n, b->p + at, b->n - at);
    memcpy(b->p + at, odd[which].p, n);
    b->n += n;
}

/* Cut lines, garbage, other line ends and encodings, doubled stretches, NULs. */
static void mutants_are_read_the_same(void **state)
{
    (void)state;
    struct rng rng = {20266};
    unsigned taken = 0;
    for (int i = 0; i < MUTANTS; i++) {
        struct buf b = some_log(&rng, TAGS, CAPTURES);
        for (unsigned k = 1 + (unsigned)rng_below(&rng, 4); k > 0; k--)
            mutate(&b, &rng);
        if (i % 3 == 0)
            spoil(&b, &rng);
        const struct placed f = file_of(&b);
        const struct way way = some_way(&rng, b.n);
        taken += assert_same("mutant", &f, &way);
        buf_free(&b);
    }
    assert_true(POOLSIFT_FAST == 0 || taken > MUTANTS / 2);
}

/* Fixtures of all kinds between captures. */
static void other_things_between_are_read_the_same(void **state)
{
    (void)state;
    struct rng rng = {20267};
    struct fixtures all;
    fixtures_find(&all);
    for (size_t i = 0; i < all.n; i++) {
        struct buf b = some_log(&rng, TAGS, 8), odd = load_file(all.path[i]);
        put(&b, odd.p, odd.n < 20000 ? odd.n : 20000);
        struct buf more = some_log(&rng, TAGS, 16);
        put(&b, more.p, more.n);
        const struct placed f = file_of(&b);
        const struct way way = some_way(&rng, b.n);
        (void)assert_same(all.path[i], &f, &way);
        buf_free(&b);
        buf_free(&odd);
        buf_free(&more);
    }
    fixtures_free(&all);
}

static void faults_are_met_at_the_same_place(void **state)
{
    (void)state;
    struct rng rng = {20268};
    unsigned faults = 0;
    for (int i = 0; i < LOGS; i++) {
        struct buf all = some_log(&rng, TAGS, CAPTURES);
        const struct placed f = {all.p, all.n, (size_t)rng_below(&rng, (uint32_t)all.n)};
        struct way way = some_way(&rng, all.n);
        way.most = SIZE_MAX;
        (void)assert_same("fault", &f, &way);
        faults++;
        buf_free(&all);
    }
    assert_int_equal(faults, LOGS);
}

/* A file that is cut or overwritten meanwhile: whatever is read, no harm is done. */
static void a_file_that_changes_does_no_harm(void **state)
{
    (void)state;
    struct rng rng = {20269};
    for (int i = 0; i < LOGS; i++) {
        struct buf all = some_log(&rng, TAGS, CAPTURES), other = some_log(&rng, 20, 8);
        const struct placed f = file_of(&all);
        struct reader_memory memory = {0};
        const struct reader_opts o = {.memory = &memory,
                                      .follow = true,
                                      .threads = 2,
                                      .stretch = 1 + all.n / 6,
                                      .limits = LIMITS_DEFAULT};
        struct pool_snapshot s = {.uptime_s = -1};
        struct reader *r = NULL;
        struct input *in = NULL;
        struct place *main_place;
        struct input_raw raw = place_raw(&f);
        main_place = raw.ctx;
        assert_int_equal(input_open(&in, "text", raw, &o.limits, NULL), 0);
        assert_int_equal(reader_open(&r, in, &o, NULL), 0);
        /* The other thread reads `f`; this one, from some capture on, another file. */
        const struct buf changed = i % 2 == 0 ? other : (struct buf){.p = all.p, .n = 0};
        const struct placed g = file_of(&changed);
        const uint64_t when = rng_below(&rng, CAPTURES / 2);
        int code = 1;
        for (uint64_t k = 0; code == 1; k++) {
            if (k == when)
                main_place->of = &g;
            code = reader_next(r, &s, NULL);
            if (code == 1)
                assert_null(pool_snapshot_valid(&s));
        }
        reader_close(r);
        input_close(in);
        pool_snapshot_free(&s);
        reader_memory_free(&memory);
        buf_free(&all);
        buf_free(&other);
    }
}

/* Whatever the next block depends on parts two seams. */
static void seams_differ_in_each_field(void **state)
{
    (void)state;
    static uint8_t a[] = "abc", b[] = "abd";
    const struct format *const other = &format_table[0];
    const struct seam like = {
        .at = 1000,
        .number = 50,
        .time = {.source = TIME_LINE, .ms = 5, .zone_known = true, .zone_min = 60},
        .time_line = 48,
        .caption = {.p = a, .n = 3},
        .lead = {.p = a, .n = 3},
        .above = {.p = a, .n = 3}};
    struct seam x[22];
    for (size_t i = 0; i < sizeof x / sizeof x[0]; i++)
        x[i] = like;
    size_t n = 0;
    x[n++].at++;
    x[n++].number++; /* the time stands another number of lines before it */
    x[n++].time_line++;
    x[n++].next = other;
    x[n++].last = other;
    x[n++].apart = true;
    x[n++].lost_bytes = true;
    x[n++].time.source = TIME_NAME;
    x[n++].time.source = TIME_NONE;
    x[n++].time.ms++;
    x[n++].time.zone_known = false;
    x[n++].time.zone_min++;
    x[n++].time.order = ORDER_DAY_FIRST;
    x[n++].time.ambiguous = true;
    x[n++].time.other_ms++;
    x[n++].captioned = true;
    x[n++].caption_eol = EOL_CRLF;
    x[n++].caption.p = b;
    x[n++].caption.n = 2;
    x[n++].lead.p = b;
    x[n++].above.p = b;
    x[n++].above.n = 0;
    assert_int_equal(n, sizeof x / sizeof x[0]);
    assert_true(seam_same(&like, &like));
    for (size_t i = 0; i < n; i++)
        if (seam_same(&like, &x[i]) || seam_same(&x[i], &like))
            fail_msg("number %zu is not told from the other", i);
    /* Further on in another input, with the time as far above. */
    struct seam moved = like, untimed = like;
    moved.number += 7;
    moved.time_line += 7;
    assert_true(seam_same(&like, &moved));
    /* Without a time nothing of it counts. */
    untimed.time.source = TIME_NONE;
    moved.time.source = TIME_NONE;
    moved.number++;
    moved.time.ms = 99;
    assert_true(seam_same(&untimed, &moved));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_are_read_the_same),
        cmocka_unit_test(long_stretches_are_read_the_same),
        cmocka_unit_test(every_fixture_is_read_the_same),
        cmocka_unit_test(mutants_are_read_the_same),
        cmocka_unit_test(other_things_between_are_read_the_same),
        cmocka_unit_test(faults_are_met_at_the_same_place),
        cmocka_unit_test(a_file_that_changes_does_no_harm),
        cmocka_unit_test(seams_differ_in_each_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
