/* SPDX-License-Identifier: MIT */
/* The short way through a poolmon capture gives what the careful one gives, to the last
 * note and blank: on every fixture, on series of captures, and on what chance makes of
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/poolmon/poolmon_fast.h"
#include "formats/spread.h"
#include "tests/unit/chains.h"
#include "tests/unit/readings.h"

enum { MUTANTS = 600, REPEATS = 3, TAGS = 40, CAPTURES = 4 };

static struct shots read_text(const struct buf *b, size_t block, bool careful,
                              struct reader_memory *memory)
{
    struct reader_opts o = {
        .careful = careful, .memory = memory, .limits = LIMITS_DEFAULT};
    struct input_raw raw;
    struct input *in = NULL;
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, block, NULL), 0);
    assert_int_equal(input_open(&in, "text", raw, &o.limits, NULL), 0);
    return shots_of_input(in, &o);
}

/* Read carefully; without a memory from before; with one that lives on. */
static void assert_same_ways(const char *name, const struct buf *b, size_t block,
                             struct reader_memory *memory)
{
    struct shots careful = read_text(b, block, true, NULL);
    struct shots alone = read_text(b, block, false, NULL);
    struct shots kept = read_text(b, block, false, memory);
    assert_same_reading(name, &careful, &alone);
    assert_same_reading(name, &careful, &kept);
    shots_free(&careful);
    shots_free(&alone);
    shots_free(&kept);
}

/* ---- the same on fixtures, series and mutants ---- */

static void every_fixture_is_read_the_same(void **state)
{
    (void)state;
    struct fixtures f;
    struct reader_memory memory = {0};
    fixtures_find(&f);
    for (size_t i = 0; i < f.n; i++) {
        struct buf one = load_file(f.path[i]), many = {0};
        for (int k = 0; k < REPEATS; k++)
            put(&many, one.p, one.n);
        assert_same_ways(f.path[i], &one, 0, &memory);
        assert_same_ways(f.path[i], &many, 0, &memory);
        assert_same_ways(f.path[i], &many, 97, &memory);
        buf_free(&one);
        buf_free(&many);
    }
    reader_memory_free(&memory);
    fixtures_free(&f);
}

static void series_are_read_the_same(void **state)
{
    (void)state;
    struct reader_memory memory = {0};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct buf all = some_series(seed, 600, 20);
        assert_same_ways("series", &all, 0, &memory);
        assert_same_ways("series", &all, 4099, &memory);
        buf_free(&all);
    }
    reader_memory_free(&memory);
}

static void mutants_are_read_the_same(void **state)
{
    (void)state;
    struct rng rng = {20261};
    struct reader_memory memory = {0};
    for (int i = 0; i < MUTANTS; i++) {
        struct buf b = some_series(1 + (uint64_t)i % 16, TAGS, CAPTURES);
        for (unsigned k = 1 + (unsigned)rng_below(&rng, 4); k > 0; k--)
            mutate(&b, &rng);
        assert_same_ways("mutant", &b, i % 2 == 0 ? 0 : 251, &memory);
        buf_free(&b);
    }
    reader_memory_free(&memory);
}

/* A row deep inside that no printing with fixed columns gives: whoever skips it when it
 * comes again would take the capture for one that can be printed as it was. */
static void rows_that_spoil_the_columns_spoil_them_again(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int capture = 0; capture < 3; capture++) {
        static const char head[] =
            " Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n";
        put(&b, head, sizeof head - 1);
        for (int i = 0; i < 40; i++) {
            char line[128];
            const int at = i == 30 ? 7 : 9; /* columns of Frees and what follows */
            (void)snprintf(line, sizeof line, " T%03d Nonp %10d %*d %*d %*d %*d\r\n", i,
                           3, at, 1, at, 2, at, 32, at + 1, 16);
            put(&b, line, strlen(line));
        }
    }
    struct reader_memory memory = {0};
    assert_same_ways("uneven", &b, 0, &memory);
    struct shots x = read_text(&b, 0, false, &memory);
    assert_int_equal(x.n, 3);
    for (size_t i = 0; i < x.n; i++) {
        assert_int_equal(x.v[i].n_rows, 40);
        assert_false(x.v[i].dress.verbatim);
    }
    shots_free(&x);
    reader_memory_free(&memory);
    buf_free(&b);
}

/* ---- what it says of single lines ---- */

static const char first[] =
    " Proc Nonp      16972      1136     15836  38328736       2420\r\n";

enum answer { NOT_ME, TAKEN };

static bool learn(struct fast_memory *m, const char *line)
{
    const struct text_line l = {
        .p = line, .n = strlen(line) - 2, .number = 1, .eol = EOL_CRLF};
    struct row_text r;
    struct pool_row row = {.line = 1};
    const char *lost;
    assert_int_equal(row_parse(l.p, l.n, false, &r), ROW_PROVED);
    assert_true(row_figures(&r, &row, &lost));
    bool kept = fast_learn(m, &l, &r, &row, true);
    assert_int_equal(fast_listed(m, r.tag, r.pool), kept);
    return kept;
}

static struct fast_memory *learned(const char *line)
{
    struct fast_memory *m = NULL;
    assert_int_equal(fast_new(&m, NULL), 0);
    fast_start(m);
    assert_true(learn(m, line));
    return m;
}

/* Whether the memory takes the line, and the row as a snapshot gets it. */
static enum answer answer(const char *line, struct pool_row *row)
{
    struct fast_memory *m = learned(first);
    char room[256] = {0};
    size_t bytes;
    memcpy(room, line, strlen(line));
    fast_start(m);
    size_t n = fast_rows(m, room, strlen(line), 5, 1, &bytes);
    assert_int_equal(bytes, n > 0 ? strlen(line) : 0);
    if (n > 0) {
        struct pool_snapshot s = {.n_rows = 1};
        assert_int_equal(n, 1);
        /* A key is listed once. */
        assert_int_equal(fast_rows(m, room, strlen(line), 5, 2, &bytes), 0);
        assert_non_null(fast_next_shape(m));
        assert_null(fast_next_shape(m));
        assert_int_equal(fast_in_columns(m), 1);
        assert_int_equal(fast_waiting(m), 1);
        assert_int_equal(fast_flush(m, &s, NULL), 0);
        assert_int_equal(fast_waiting(m), 0);
        *row = s.rows[0];
        pool_snapshot_free(&s);
    }
    fast_free(m);
    return n > 0 ? TAKEN : NOT_ME;
}

static void a_line_again_and_with_other_figures(void **state)
{
    (void)state;
    struct pool_row row;
    assert_int_equal(answer(first, &row), TAKEN);
    assert_int_equal(row.allocs, 16972);
    assert_int_equal(row.frees, 1136);
    assert_int_equal(row.live, 15836);
    assert_int_equal(row.bytes, 38328736);
    assert_int_equal(row.per_alloc, 2420);
    assert_int_equal(row.width, 32);
    assert_int_equal(row.pool, POOL_NONPAGED);
    assert_memory_equal(row.tag.b, "Proc", 4);
    assert_int_equal(
        answer(" Proc Nonp      16999      1137     15862  38391664       2420\r\n",
               &row),
        TAKEN);
    assert_int_equal(row.allocs, 16999);
    assert_int_equal(row.bytes, 38391664);
    assert_int_equal(
        answer(" Proc Nonp    1000000   1000000         0         0          0\r\n",
               &row),
        TAKEN);
    assert_int_equal(row.live, 0);
    /* Counters that ran over are figures as well. */
    assert_int_equal(
        answer(" Proc Nonp          5         7         0         0          0\r\n",
               &row),
        NOT_ME);
}

static void what_is_not_proved_or_looks_different_is_left(void **state)
{
    (void)state;
    static const char *const lines[] = {
        " Proc Nonp      16973      1136     15836  38328736       2420\r\n",
        " Proc Nonp      16972      1136     15836  38328736       2421\r\n",
        " Proc Nonp      16972      1136     15836  38328736       2420\n",
        " Proc Nonp      16972      1136     15836  38328736       2420 \r\n",
        " Proc Nonp      16972      1136     15836  38328736       2420\r\r\n",
        " Proc Paged     16972      1136     15836  38328736       2420\r\n",
        " Prod Nonp      16972      1136     15836  38328736       2420\r\n",
        " Proc Nonp     016972      1136     15836  38328736       2420\r\n",
        " Proc Nonp      16972     1136      15836  38328736       2420\r\n",
        " Proc Nonp      16972      1136     15836  38328736          -\r\n",
        " Proc Nonp      1697 2     1136     15836  38328736       2420\r\n",
        " Proc Nonp\t     16972      1136     15836  38328736       2420\r\n",
        " Proc Nonp      16972      1136     15836  38328736       2420",
        " Proc Nonp      16972      1136     15836",
        "\r\n",
        ""};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct pool_row row;
        if (answer(lines[i], &row) != NOT_ME)
            fail_msg("taken: %s", lines[i]);
    }
}

/* A line is held against the one before in steps of 16 bytes: one that differs in nothing
 * but a step that moved by one column is another line. */
static void steps_that_moved_are_not_the_same(void **state)
{
    (void)state;
    static const char head[] =
        " Proc Nonp      16972      1136     15836  38322236       2419\r\n";
    for (size_t at = 0; at + 16 < sizeof head - 1; at += 16) {
        struct fast_memory *m = learned(head);
        char line[128] = {0};
        size_t bytes;
        memcpy(line, head, sizeof head);
        memmove(line + at + 1, head + at, 15);
        fast_start(m);
        assert_int_equal(fast_rows(m, line, sizeof head - 1, 5, 1, &bytes), 0);
        fast_free(m);
    }
}

/* Rows that hop: the one before its neighbour does not count twice. */
static void a_row_is_listed_once_in_any_order(void **state)
{
    (void)state;
    static const char *const lines[] = {
        " Proc Nonp          3         1         2        32         16\r\n",
        " Prod Nonp          3         1         2        32         16\r\n",
        " Proe Nonp          3         1         2        32         16\r\n"};
    static const struct {
        int line;
        enum answer a;
    } order[] = {{2, TAKEN},  {1, TAKEN}, {2, NOT_ME},
                 {1, NOT_ME}, {0, TAKEN}, {1, NOT_ME}};
    struct fast_memory *m = learned(lines[0]);
    assert_true(learn(m, lines[1]));
    assert_true(learn(m, lines[2]));
    for (int capture = 0; capture < 2; capture++) {
        fast_start(m);
        for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
            const char *line = lines[order[i].line];
            size_t bytes;
            assert_int_equal(fast_rows(m, line, strlen(line), 1, i, &bytes), order[i].a);
        }
    }
    fast_free(m);
}

/* More tags than are kept: the next capture begins anew, and works. */
static void what_does_not_fit_is_forgotten(void **state)
{
    (void)state;
    struct fast_memory *m = learned(first);
    char line[256] = "";
    size_t bytes;
    unsigned refused = 0;
    for (int i = 0; i < 20000; i++) {
        (void)snprintf(
            line, sizeof line,
            " %c%c%c%c Nonp          3         1         2        32         16\r\n",
            'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26, 'A' + i / 17576);
        refused += !learn(m, line);
    }
    assert_true(refused > 0 && refused < 10000);
    fast_start(m);
    memset(line, 0, sizeof line);
    memcpy(line, first, sizeof first);
    assert_int_equal(fast_rows(m, line, strlen(first), 1, 1, &bytes), 0);
    assert_true(learn(m, first));
    fast_free(m);
}

/* ---- chains ---- */

/* As a caller sees them that keeps a struct pool_snapshot for all captures. */
static void assert_chain(const char *name, const struct buf *b, size_t block,
                         struct reader_memory *memory, unsigned *followed)
{
    const struct reader_opts plain = {.careful = true, .limits = LIMITS_DEFAULT};
    const struct reader_opts chained = {
        .memory = memory, .follow = true, .limits = LIMITS_DEFAULT};
    struct input_raw raw;
    struct input *in = NULL;
    struct reader *r = NULL;
    struct pool_snapshot s = {.uptime_s = -1}, before = {.uptime_s = -1};
    struct shots want;
    struct archive links, whole;
    archive_begin(&links);
    archive_begin(&whole);
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, block, NULL), 0);
    assert_int_equal(input_open(&in, "text", raw, &plain.limits, NULL), 0);
    want = shots_of_input(in, &plain);
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, block, NULL), 0);
    assert_int_equal(input_open(&in, "text", raw, &plain.limits, NULL), 0);
    if (reader_open(&r, in, &chained, NULL) == 0) {
        uint64_t id = 0, step = 0;
        size_t i = 0;
        for (; reader_next(r, &s, NULL) == 1; i++) {
            assert_true(i < want.n);
            if (pool_follows(&s, id, step)) {
                ++*followed;
                assert_news(name, &before, &s);
            }
            id = s.chain.id;
            step = s.chain.step;
            assert_int_equal(psz_writer.snapshot(links.writer, &s, NULL), 0);
            assert_int_equal(psz_writer.snapshot(whole.writer, &want.v[i], NULL), 0);
            assert_null(pool_snapshot_valid(&s));
            assert_true(pool_snapshot_same_figures(&s, &want.v[i]));
            assert_int_equal(pool_snapshot_digest(&s), pool_snapshot_digest(&want.v[i]));
            for (int k = 0; k < POOL_KINDS; k++)
                assert_int_equal(pool_snapshot_bytes(&s, (enum pool_kind)k),
                                 pool_snapshot_bytes(&want.v[i], (enum pool_kind)k));
            assert_int_equal(pool_snapshot_copy(&before, &s, NULL), 0);
            for (size_t k = 0; k < s.n_rows; k++)
                assert_int_equal(before.rows[k].line, want.v[i].rows[k].line);
        }
        assert_int_equal(i, want.n);
        reader_close(r);
    }
    archive_end(&links);
    archive_end(&whole);
    assert_int_equal(links.b.n, whole.b.n);
    assert_memory_equal(links.b.p, whole.b.p, whole.b.n);
    buf_free(&links.b);
    buf_free(&whole.b);
    input_close(in);
    pool_snapshot_free(&s);
    pool_snapshot_free(&before);
    shots_free(&want);
}

/* A capture of tags whose searches in the memory's table begin near each other. */
static void put_meeting(struct buf *b, uint64_t figure, unsigned rows)
{
    static const char head[] =
        " Memory:  524288K Avail:  262144K  PageFlts:     0   InRam Krnl: 1000K P: "
        "1000K\n"
        " Commit: 100000K Limit: 1000000K Peak: 200000K            Pool N: 10000K P: "
        "20000K\n"
        " System pool information\n"
        " Tag  Type     Allocs            Frees            Diff   Bytes       Per "
        "Alloc\n\n";
    put(b, head, sizeof head - 1);
    for (uint32_t tag = 0x21212121; rows > 0; tag++) {
        const size_t home = spread_over(0, (uint64_t)tag << 2, (size_t)1 << 16);
        char t[5] = {(char)(tag >> 24), (char)(tag >> 16), (char)(tag >> 8), (char)tag};
        if (home >= 64 || t[1] < 0x21 || t[2] < 0x21 || t[3] < 0x21 || t[1] > 0x7e ||
            t[2] > 0x7e || t[3] > 0x7e)
            continue;
        assert_int_equal(buf_printf(b, NULL, " %s Nonp %10llu %10u %10llu %10llu %10u\n",
                                    t, (unsigned long long)figure + rows, 1,
                                    (unsigned long long)figure + rows - 1,
                                    (unsigned long long)(figure + rows - 1) * 16, 16),
                         0);
        rows--;
    }
}

static void tags_that_were_chosen_to_meet(void **state)
{
    (void)state;
    struct reader_memory memory = {0};
    struct buf b = {0};
    unsigned followed = 0;
    for (uint64_t i = 0; i < 4; i++)
        put_meeting(&b, 10 + i % 3, 1000);
    assert_same_ways("meeting", &b, 0, &memory);
    assert_chain("meeting", &b, 0, &memory, &followed);
    /* Once they are spread in another way, they are kept. */
    assert_true(POOLSIFT_FAST == 0 || followed > 0);
    reader_memory_free(&memory);
    buf_free(&b);
}

static void chains_say_what_changed(void **state)
{
    (void)state;
    struct rng rng = {20262};
    struct reader_memory memory = {0};
    unsigned followed = 0;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct buf all = some_series(seed, 600, 20);
        assert_chain("series", &all, 0, &memory, &followed);
        buf_free(&all);
    }
    assert_true(POOLSIFT_FAST == 0 || followed > 40);
    for (int i = 0; i < MUTANTS; i++) {
        struct buf b = some_series(1 + (uint64_t)i % 16, TAGS, CAPTURES);
        for (unsigned k = 1 + (unsigned)rng_below(&rng, 4); k > 0; k--)
            mutate(&b, &rng);
        assert_chain("mutant", &b, i % 2 == 0 ? 0 : 251, &memory, &followed);
        buf_free(&b);
    }
    reader_memory_free(&memory);
}

static void fixtures_as_chains(void **state)
{
    (void)state;
    struct fixtures f;
    struct reader_memory memory = {0};
    unsigned followed = 0;
    fixtures_find(&f);
    for (size_t i = 0; i < f.n; i++) {
        struct buf one = load_file(f.path[i]), many = {0};
        for (int k = 0; k < REPEATS; k++)
            put(&many, one.p, one.n);
        assert_chain(f.path[i], &many, 0, &memory, &followed);
        buf_free(&one);
        buf_free(&many);
    }
    assert_true(POOLSIFT_FAST == 0 || followed > 10);
    reader_memory_free(&memory);
    fixtures_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fixture_is_read_the_same),
        cmocka_unit_test(series_are_read_the_same),
        cmocka_unit_test(mutants_are_read_the_same),
        cmocka_unit_test(rows_that_spoil_the_columns_spoil_them_again),
        cmocka_unit_test(a_line_again_and_with_other_figures),
        cmocka_unit_test(what_is_not_proved_or_looks_different_is_left),
        cmocka_unit_test(steps_that_moved_are_not_the_same),
        cmocka_unit_test(a_row_is_listed_once_in_any_order),
        cmocka_unit_test(what_does_not_fit_is_forgotten),
        cmocka_unit_test(tags_that_were_chosen_to_meet),
        cmocka_unit_test(chains_say_what_changed),
        cmocka_unit_test(fixtures_as_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
