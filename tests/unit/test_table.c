/* SPDX-License-Identifier: MIT */
/* Tables made by hand: which are read and how, which are refused, and that nobody else's
 * text is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>

#include "formats/table/table.h"
#include "tests/unit/captures.h"

/* ---- whole tables ---- */

struct expected_row {
    const char *file;
    size_t snapshot; /* from 0 */
    const char *tag;
    enum pool_kind pool;
    int64_t allocs, frees, live, bytes, per_alloc; /* -1: not given */
};

static const struct expected_row rows[] = {
    {"two-pools.md", 0, "CM25", POOL_PAGED, -1, -1, 48180, 1263009792, -1},
    {"two-pools.md", 0, "MmSt", POOL_PAGED, -1, -1, 128007, 325268275, -1},
    {"two-pools.md", 0, "Toke", POOL_PAGED, -1, -1, 61440, 96 * 1048576, -1},
    {"two-pools.md", 0, "Gh|5", POOL_PAGED, -1, -1, 3, 524288, -1},
    {"two-pools.md", 0, "QzFC", POOL_NONPAGED, -1, -1, 134217728, 19327352832, -1},
    {"two-pools.md", 0, "Mm  ", POOL_NONPAGED, -1, -1, -1, 3145728, -1},
    {"two-pools.md", 0, "File", POOL_NONPAGED, -1, -1, 5100000, 1610612736, -1},
    {"aligned-arrow.txt", 0, "QzFC", POOL_NONPAGED, -1, -1, 5242880, 21475360768, -1},
    {"aligned-arrow.txt", 0, "QzlD", POOL_NONPAGED, -1, -1, 1200, 63019418, -1},
    {"aligned-arrow.txt", 0, "Dh 1", POOL_NONPAGED, -1, -1, 900, 52638515, -1},
    {"inline-pairs.txt", 0, "QCsc", POOL_UNKNOWN, 900, 0, 900, -1, -1},
    {"inline-pairs.txt", 0, "QCfn", POOL_UNKNOWN, 950, 950, 0, -1, -1},
    {"inline-pairs.txt", 0, "QIoF", POOL_UNKNOWN, 1820, 20, 1800, -1, -1},
    {"unknown-tool.csv", 0, "QzFC", POOL_NONPAGED, 5000, 1000, 4000, 512000, -1},
    {"unknown-tool.csv", 0, "Io  ", POOL_PAGED, 70, 60, 10, 1280, -1},
    {"unknown-tool.csv", 1, "QzFC", POOL_NONPAGED, 6000, 1000, 5000, 640000, -1},
    {"unknown-tool.csv", 1, "Q;x ", POOL_PAGED, 8, 1, 7, 448, -1},
    {"quoted-mail.txt", 0, "QzFC", POOL_NONPAGED, -1, -1, 3858, 1234560, 320},
    {"quoted-mail.txt", 0, "Qx  ", POOL_NONPAGED, -1, -1, 410, 65600, 160},
    {"quoted-mail.txt", 0, "FzQ!", POOL_NONPAGED, -1, -1, 2, 4096, 2048},
    {"box-drawing.txt", 0, "QzFC", POOL_PAGED, -1, -1, -1, 0, -1},
    {"box-drawing.txt", 0, "QzFC", POOL_NONPAGED, -1, -1, -1, 537395200, -1},
    {"box-drawing.txt", 0, "Qbth", POOL_PAGED, -1, -1, -1, 98304, -1},
    {"box-drawing.txt", 0, "Qbth", POOL_NONPAGED, -1, -1, -1, 4096, -1},
    {"markup-rows.txt", 0, "QzFC", POOL_NONPAGED, -1, -1, 4000, 512000, -1},
    {"markup-rows.txt", 0, "Qb<x", POOL_PAGED, -1, -1, -1, 98304, -1},
    {"markup-rows.txt", 0, "Io  ", POOL_NONPAGED, -1, -1, 10, 1280, -1},
    {"markup-rows.txt", 1, "QzFC", POOL_NONPAGED, -1, -1, -1, 640000, -1},
    {"no-pool.md", 0, "QzFC", POOL_UNKNOWN, -1, -1, -1, 21474836480, -1},
    {"no-pool.md", 0, "FxQz", POOL_UNKNOWN, -1, -1, -1, 67633152, -1},
    {"get-pool.txt", 0, "QzFC", POOL_NONPAGED, 126693501, 26693501, 100000000,
     12800000000, 128},
    {"get-pool.txt", 0, "Mm  ", POOL_PAGED, 26, 2, 24, 379880, 15828},
    {"wrong-rows.md", 0, "QzFC", POOL_NONPAGED, 5000, 1000, 4000, 512000, 128},
    {"wrong-rows.md", 0, "Qdif", POOL_NONPAGED, 5000, 1000, -1, 512000, 128},
    {"wrong-rows.md", 0, "Qrnd", POOL_PAGED, 300, 100, 200, 25700, 128},
    {"wrong-rows.md", 0, "Q32b", POOL_PAGED, 100, 4294967196, 200, 6400, 32},
};

static const struct {
    const char *file;
    size_t snapshots, rows; /* rows of the last snapshot */
    int note;
    unsigned times;
} shapes[] = {
    {"two-pools.md", 1, 8, NOTE_POOL_FROM_LINE, 1},
    {"two-pools.md", 1, 8, NOTE_UNITS, 1},
    {"two-pools.md", 1, 8, NOTE_APPROXIMATE, 2},
    {"two-pools.md", 1, 8, NOTE_ROW_DROPPED, 0},
    {"aligned-arrow.txt", 1, 3, NOTE_POOL_FROM_LINE, 0},
    {"aligned-arrow.txt", 1, 3, NOTE_MARKUP, 1},
    {"inline-pairs.txt", 1, 3, NOTE_UNKNOWN_POOL, 1},
    {"unknown-tool.csv", 2, 3, NOTE_UNKNOWN_POOL, 0},
    {"quoted-mail.txt", 1, 3, NOTE_PREFIX, 1},
    {"box-drawing.txt", 1, 6, NOTE_ROW_DROPPED, 0},
    {"markup-rows.txt", 2, 1, NOTE_MARKUP, 1},
    {"no-pool.md", 1, 2, NOTE_UNKNOWN_POOL, 1},
    {"get-pool.txt", 1, 3, NOTE_TAG_PADDED, 2},
    {"wrong-rows.md", 1, 4, NOTE_ROW_DROPPED, 5},
    {"wrong-rows.md", 1, 4, NOTE_ROW_IDENTITY, 1},
};

static struct captures read_table(const char *file)
{
    char name[64];
    (void)snprintf(name, sizeof name, "table/%s", file);
    return captures_fixture(name);
}

static void expect_figure(const struct expected_row *x, const char *what, uint64_t v,
                          bool given, int64_t want)
{
    if (given != (want >= 0) || (given && v != (uint64_t)want))
        fail_msg("%s, %s: %s is %llu%s", x->file, x->tag, what, (unsigned long long)v,
                 given ? "" : " (not given)");
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct expected_row *x = &rows[i];
        struct captures c = read_table(x->file);
        const struct pool_row *r = NULL;
        if (c.n <= x->snapshot)
            fail_msg("%s: %zu snapshots, %s", x->file, c.n, c.e.text);
        const struct pool_snapshot *s = &c.v[x->snapshot];
        struct pool_tag tag = tag_from(x->tag, strlen(x->tag));
        for (size_t k = 0; k < s->n_rows; k++)
            if (tag_equal(s->rows[k].tag, tag) && s->rows[k].pool == x->pool)
                r = &s->rows[k];
        if (r == NULL)
            fail_msg("%s: no row '%s' (%s)", x->file, x->tag, pool_kind_name(x->pool));
        expect_figure(x, "allocs", r->allocs, r->fields & ROW_ALLOCS, x->allocs);
        expect_figure(x, "frees", r->frees, r->fields & ROW_FREES, x->frees);
        expect_figure(x, "live", r->live, r->fields & ROW_LIVE, x->live);
        expect_figure(x, "bytes", r->bytes, r->fields & ROW_BYTES, x->bytes);
        expect_figure(x, "per alloc", r->per_alloc, r->fields & ROW_PER_ALLOC,
                      x->per_alloc);
        captures_free(&c);
    }
}

static void test_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct captures c = read_table(shapes[i].file);
        if (c.n != shapes[i].snapshots || c.e.code != 0)
            fail_msg("%s: %zu snapshots, %s", shapes[i].file, c.n, c.e.text);
        const struct pool_snapshot *s = &c.v[c.n - 1];
        if (s->n_rows != shapes[i].rows)
            fail_msg("%s: %zu rows", shapes[i].file, s->n_rows);
        assert_int_equal(s->completeness, COMPLETE_FILTERED);
        assert_int_equal(s->notes.seen[NOTE_FILTERED], 1);
        if (s->notes.seen[shapes[i].note] != shapes[i].times)
            fail_msg("%s: %s %llu times", shapes[i].file,
                     note_name((enum note_code)shapes[i].note),
                     (unsigned long long)s->notes.seen[shapes[i].note]);
        for (size_t k = 0; k < c.n; k++)
            if (pool_snapshot_valid(&c.v[k]) != NULL)
                fail_msg("%s: %s", shapes[i].file, pool_snapshot_valid(&c.v[k]));
        captures_free(&c);
    }
}

static void test_times_and_owners(void **state)
{
    (void)state;
    struct captures c = read_table("unknown-tool.csv");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[1].time.source, TIME_CAPTURE);
    assert_int_equal(c.v[1].time.ms - c.v[0].time.ms, 3600 * 1000);
    assert_string_equal(pool_snapshot_str(&c.v[1], c.v[1].rows[0].owner), "qzfs.sys");
    assert_string_equal(pool_snapshot_str(&c.v[1], c.v[1].rows[2].owner), "a;b");
    captures_free(&c);
}

/* A row without a time, or with words in its place, is of the moment of those above. */
static void test_rows_without_a_time(void **state)
{
    (void)state;
    struct captures c =
        captures_text("Time,Tag,Pool,Bytes\n2026-11-09 10:00:00,QzFC,Paged,4096\n"
                      ",MmSt,Paged,640\nlater,QzlD,Paged,12\n"
                      "2026-11-09 11:00:00,QzFC,Paged,4097\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].n_rows, 3);
    assert_int_equal(c.v[1].n_rows, 1);
    assert_int_equal(c.v[1].time.ms - c.v[0].time.ms, 3600 * 1000);
    captures_free(&c);
}

/* Tables of the same pool, of pools that nothing names, or behind a date: two snapshots.
 */
static void test_two_tables(void **state)
{
    (void)state;
#define HEAD "| Tag | Bytes | Outstanding |\n|-|-|-|\n"
    static const struct {
        const char *text;
        size_t snapshots;
    } t[] = {
        {"Paged:\n" HEAD "| A111 | 64 | 1 |\n\nNonpaged:\n" HEAD "| B111 | 64 | 1 |\n",
         1},
        {"Paged:\n" HEAD "| A111 | 64 | 1 |\n\nPaged:\n" HEAD "| A111 | 64 | 1 |\n", 2},
        {HEAD "| A111 | 64 | 1 |\n\nlater:\n" HEAD "| A111 | 64 | 1 |\n", 2},
        {"Paged:\n" HEAD "| A111 | 64 | 1 |\n2026-11-22 10:00:00\nNonpaged:\n" HEAD
         "| B111 | 64 | 1 |\n",
         2},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct captures c = captures_text(t[i].text);
        if (c.n != t[i].snapshots)
            fail_msg("%zu: %zu snapshots, %s", i, c.n, c.e.text);
        captures_free(&c);
    }
#undef HEAD
}

/* A rule that drops rows must not depend on what was in sight at the beginning. */
static void test_mixed_paste(void **state)
{
    (void)state;
    struct captures c =
        captures_text("Our top tags, non-paged:\n\nTag    MB    Live\nQzFC   12    100\n"
                      "File   3     40\n\nand poolmon says\n\n"
                      " Tag  Type     Allocs     Frees      Diff   Bytes    Per Alloc\n\n"
                      " Proc Nonp          3         1         2     128         64\n"
                      " Irp  Nonp          3         1         2     128         64\n");
    assert_int_equal(c.n, 2);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format), "table");
    assert_int_equal(c.v[0].n_rows, 2);
    assert_int_equal(c.v[0].rows[0].pool, POOL_NONPAGED);
    assert_string_equal(pool_snapshot_str(&c.v[1], c.v[1].format), "poolmon");
    assert_int_equal(c.v[1].n_rows, 2);
    captures_free(&c);
}

static void test_totals(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        unsigned notes;
    } t[] = {{"| Total | 3 MB |", 0},  {"| **Total** | 64 MB |", 0},
             {"| Sum | 2 MB |", 1},    {"| Total | 1.0 MB |", 1},
             {"| others | 1 MB |", 0}, {"| Total | - |", 0}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[200];
        (void)snprintf(
            text, sizeof text,
            "Paged:\n| Tag | MB |\n|---|---|\n| QzFC | 2 |\n| FxQz | 1 |\n%s\n",
            t[i].row);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].n_rows, 2);
        if (c.v[0].notes.seen[NOTE_TOTAL_DIFFERS] != t[i].notes)
            fail_msg("%s", t[i].row);
        captures_free(&c);
    }
}

/* ---- refusals and innocents ---- */

static void test_refused(void **state)
{
    (void)state;
    static const char *const t[][2] = {
        {"changes-net.md", "a table of changes (a column says Net)"},
        {"changes-plus.md",
         "a table of changes (its figures carry signs, as in `+2,000`)"},
        {"changes-rate.txt",
         "a table of changes (its columns say delta, growth or per hour)"},
        {"changes-above.md", "a table of changes (the line above it says so)"},
        {"two-moments.md", "two columns of one kind"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct captures c = read_table(t[i][0]);
        if (c.n != 0 || c.e.code != ERR_EMPTY || strstr(c.e.text, t[i][1]) == NULL ||
            c.e.hint[0] == '\0')
            fail_msg("%s: %zu snapshots, %s", t[i][0], c.n, c.e.text);
        captures_free(&c);
    }
}

static const char *top(void)
{
    const char *t = getenv("TOP");
    return t != NULL ? t : ".";
}

/* Calls fn for each file of that folder below fixtures/; returns how many. */
static size_t each_fixture(const char *folder, void (*fn)(const char *name))
{
    char path[300], name[300];
    size_t n = 0;
    (void)snprintf(path, sizeof path, "%s/fixtures/%s", top(), folder);
    DIR *d = opendir(path);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.' || strchr(e->d_name, '.') == NULL)
            continue; /* a folder */
        (void)snprintf(name, sizeof name, "%s/%.200s", folder, e->d_name);
        fn(name);
        n++;
    }
    (void)closedir(d);
    return n;
}

static void expect_nothing(const char *name)
{
    struct captures c = captures_fixture(name);
    if (c.n != 0 || c.e.code != ERR_EMPTY || strstr(c.e.text, "table of") != NULL)
        fail_msg("%s: %zu snapshots, %s", name, c.n, c.e.text);
    captures_free(&c);
}

static void test_innocent(void **state)
{
    (void)state;
    assert_true(each_fixture("innocent", expect_nothing) >= 8);
}

/* What the generic reader would claim of other readers' fixtures if it were asked first:
 * it is not, so their own readers have them. */
static const char *const would_claim[] = {
    "broken/bytes-wrapped.txt",
    "broken/markdown-table.txt",
    "broken/protected-tag-", /* one-byte and UTF-8 */
    "broken/tag-torn.txt",
    "poolmon/", /* what `poolmon -n` writes, with its titles */
    "poolmonx/",
    "powershell/",
    "rekall/",
    "volatility/",
};

static bool listed(const char *name)
{
    for (size_t i = 0; i < sizeof would_claim / sizeof would_claim[0]; i++)
        if (strncmp(name, would_claim[i], strlen(would_claim[i])) == 0)
            return true;
    return false;
}

static size_t claimed_files;

static void expect_others(const char *name)
{
    enum { LINES = 4000 };
    static struct text_line lines[LINES];
    const struct buf nothing = {0};
    struct text_remark remark;
    size_t n = 0, k = 0;
    uint8_t *p = fixture(name, &n);
    if (p == NULL)
        return;
    for (size_t from = 0; from < n && k < LINES; k++) {
        size_t end = from;
        while (end < n && p[end] != '\n')
            end++;
        lines[k] =
            (struct text_line){.p = (const char *)p + from,
                               .n = end - from - (end > from && p[end - 1] == '\r'),
                               .number = k + 1,
                               .eol = EOL_LF};
        from = end + 1;
    }
    bool claims = false;
    for (size_t i = 0; i < k; i++)
        claims |= table_text_format.begins_last(&nothing, lines + i,
                                                k - i < 9 ? k - i : 9, &remark) > 0;
    if (claims && !listed(name))
        fail_msg("%s: the generic reader would claim it", name);
    claimed_files += claims;
    struct captures c = captures_read(p, n, 0, NULL);
    for (size_t i = 0; i < c.n; i++)
        if (strcmp(pool_snapshot_str(&c.v[i], c.v[i].format), "table") == 0)
            fail_msg("%s: read as a table made by hand", name);
    captures_free(&c);
    free(p);
}

static void test_others(void **state)
{
    (void)state;
    char path[300];
    (void)snprintf(path, sizeof path, "%s/fixtures", top());
    DIR *d = opendir(path);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        if (strchr(e->d_name, '.') == NULL && strcmp(e->d_name, "table") != 0 &&
            strcmp(e->d_name, "innocent") != 0)
            (void)each_fixture(e->d_name, expect_others);
    (void)closedir(d);
    assert_true(claimed_files >= 1); /* the list is not idle */
}

/* Any cut of any table is read without a fault and gives valid snapshots. */
static void cut_everywhere(const char *name)
{
    size_t n = 0;
    uint8_t *p = fixture(name, &n);
    assert_non_null(p);
    for (size_t cut = 1; cut <= n; cut += 3) {
        struct captures c = captures_read(p, cut, 7, NULL);
        for (size_t i = 0; i < c.n; i++)
            if (pool_snapshot_valid(&c.v[i]) != NULL)
                fail_msg("%s cut at %zu: %s", name, cut, pool_snapshot_valid(&c.v[i]));
        captures_free(&c);
    }
    free(p);
}

static void test_cuts(void **state)
{
    (void)state;
    assert_true(each_fixture("table", cut_everywhere) >= 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_times_and_owners),
        cmocka_unit_test(test_rows_without_a_time),
        cmocka_unit_test(test_two_tables),
        cmocka_unit_test(test_mixed_paste),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_innocent),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
