/* SPDX-License-Identifier: MIT */
/* The vote on raw replies: every layout known by its bytes alone, with slack and cut
 * anywhere; none seen where there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "formats/raw/rawtags.h"
#include "tests/tools/rawtags.h"
#include "tests/unit/captures.h"
#include "tests/unit/reply.h"

/* So many entries leave no doubt, odd ones among them. */
enum { CERTAIN = 24, CAPTURES = 10000 };

/* ---- figures ---- */

static void assert_row(const struct pool_row *row, struct pool_tag tag, enum pool_kind k,
                       const struct tag_figures *f, unsigned width)
{
    assert_true(tag_equal(row->tag, tag));
    assert_int_equal(row->pool, k);
    assert_int_equal(row->width, width);
    assert_int_equal(row->allocs, f->allocs);
    assert_int_equal(row->frees, f->frees);
    assert_int_equal(row->bytes, f->used);
    assert_int_equal(row->live, row_live(f->allocs, f->frees, width));
}

/* The rows of the first `entries` entries of that block, in order. */
static void assert_rows(const struct pool_snapshot *s, const struct raw_opts *o,
                        uint32_t session, size_t entries)
{
    struct rng r = {o->seed + session};
    unsigned width = raw_shapes[o->layout].counter * 8u;
    size_t at = 0;
    for (size_t i = 0; i < entries; i++) {
        struct tag_entry t = raw_entry(&r, o);
        for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
            const struct tag_figures *f = &t.pool[k];
            if ((f->allocs | f->frees | f->used) == 0)
                continue;
            assert_true(at < s->n_rows);
            assert_row(&s->rows[at++], t.tag, (enum pool_kind)k, f, width);
        }
    }
    assert_int_equal(at, s->n_rows);
    assert_null(pool_snapshot_valid(s));
}

/* ---- ten thousand of them ---- */

struct draw {
    struct raw_opts o;
    uint32_t sessions;
    struct buf bytes;
    size_t kept; /* of the bytes */
};

static struct draw draw_capture(struct rng *r)
{
    struct draw d = {.o = {.layout = (enum tag_layout)rng_below(r, TAG_LAYOUTS),
                           .filler = (enum slack_kind)rng_below(r, SLACK_KINDS),
                           .seed = rng_next(r),
                           .from_64 = rng_below(r, 4) == 0},
                     .sessions = 1};
    d.o.count = (uint32_t)rng_scale(r, 1, 2000);
    if (d.o.layout == TAGS_67_X86 || d.o.layout == TAGS_67_X64)
        d.sessions = 1 + (uint32_t)rng_below(r, 3);
    if (rng_below(r, 2) == 0)
        d.o.slack = rng_scale(r, 1, 16384);
    assert_int_equal(raw_reply(&d.bytes, &d.o, d.sessions), 0);
    d.kept = d.bytes.n;
    if (rng_below(r, 3) == 0)
        d.kept = rng_below(r, (uint32_t)d.bytes.n + 1);
    return d;
}

/* Whole entries that are left of block i. */
static size_t entries_left(const struct draw *d, uint32_t i)
{
    const struct raw_shape *s = &raw_shapes[d->o.layout];
    size_t whole = s->head + (size_t)d->o.count * s->stride;
    size_t first = i * whole + s->head;
    if (d->kept < first)
        return 0;
    size_t n = (d->kept - first) / s->stride;
    return n < d->o.count ? n : d->o.count;
}

static void read_capture(const struct draw *d, size_t number, unsigned known[TAG_LAYOUTS])
{
    struct err e = {0};
    struct reader *r;
    struct input *in;
    uint8_t *p = malloc(d->kept > 0 ? d->kept : 1); /* nothing readable behind it */
    assert_non_null(p);
    memcpy(p, d->bytes.p, d->kept);
    int opened = open_reply(&r, &in, p, d->kept, NULL, &e);
    bool ours =
        opened == 0 &&
        strcmp(reader_format(r) != NULL ? reader_format(r)->name : "", "rawtags") == 0;
    size_t first = entries_left(d, 0);
    if (!ours && (first >= CERTAIN || (opened < 0 && e.code == ERR_NOMEM)))
        fail_msg("capture %zu: %s, %zu entries: not known: %s", number,
                 tag_layout_table[d->o.layout].name, first, e.text);
    struct pool_snapshot s = {.uptime_s = -1};
    for (uint32_t i = 0; ours && i < d->sessions && entries_left(d, i) > 0; i++) {
        size_t left = entries_left(d, i);
        assert_int_equal(reader_next(r, &s, &e), 1);
        char layout[64];
        (void)snprintf(layout, sizeof layout, "layout=%s\n",
                       tag_layout_table[d->o.layout].name);
        if (strcmp(pool_snapshot_str(&s, s.facts), layout) != 0)
            fail_msg("capture %zu: %s read as %s", number, layout,
                     pool_snapshot_str(&s, s.facts));
        assert_rows(&s, &d->o, i, left);
        assert_int_equal(s.completeness == COMPLETE_CUT, left < d->o.count);
    }
    known[d->o.layout] += ours;
    pool_snapshot_free(&s);
    reader_close(r);
    input_close(in);
    free(p);
}

static void ten_thousand_captures(void **state)
{
    (void)state;
    struct rng r = {2022};
    unsigned known[TAG_LAYOUTS] = {0};
    for (size_t i = 0; i < CAPTURES; i++) {
        struct draw d = draw_capture(&r);
        read_capture(&d, i, known);
        buf_free(&d.bytes);
    }
    for (int k = 0; k < TAG_LAYOUTS; k++) /* few are too short to be known */
        assert_true(known[k] > CAPTURES / TAG_LAYOUTS * 7 / 10);
}

/* Blocks of one byte, a fault behind the bytes: the same vote. */
static void layouts_by_name(void **state)
{
    (void)state;
    char names[TAG_LAYOUT_NAMES];
    tag_layout_names(names);
    assert_string_equal(names, "class22-x86, class22-x64, class255-x64, class67-x86, "
                               "class67-x64");
    for (int k = 0; k < TAG_LAYOUTS; k++)
        assert_int_equal(tag_layout_find(tag_layout_table[k].name), k);
    assert_int_equal(tag_layout_find("class22"), -1);
}

/* ---- innocent bytes ---- */

static void assert_innocent(const uint8_t *p, size_t n, const char *what)
{
    enum tag_layout best[2];
    struct tag_vote votes[2];
    if (tag_layout_choose(p, n, best, votes) > 0)
        fail_msg("%s, %zu bytes: taken for %s", what, n, tag_layout_table[best[0]].name);
}

static void chance_is_no_reply(void **state)
{
    (void)state;
    struct rng r = {1};
    static uint8_t p[8192];
    for (int i = 0; i < 4000; i++) {
        size_t n = 1 + rng_below(&r, sizeof p);
        for (size_t k = 0; k < n; k++)
            p[k] = (uint8_t)rng_next(&r);
        if (i % 2 == 0) /* a Count, and where class 67 has its own */
            for (size_t k = 0; k < n && k < 16; k++)
                p[k] = k % 4 == 0 ? (uint8_t)(1 + rng_below(&r, 40)) : 0;
        if (i % 4 == 0) /* letters all over */
            for (size_t k = 16; k < n; k++)
                p[k] = (uint8_t)('a' + p[k] % 26);
        assert_innocent(p, n, "chance");
    }
}

static void zeros_and_small_numbers_are_no_reply(void **state)
{
    (void)state;
    static uint8_t p[65536];
    assert_innocent(p, sizeof p, "zeros");
    for (uint32_t v = 1; v < 4; v++) {
        for (size_t i = 0; i < sizeof p; i += 4)
            put_le32(p + i, v == 3 ? (uint32_t)i / 4 : v);
        assert_innocent(p, sizeof p, "small numbers");
    }
    memset(p, ' ', sizeof p);
    put_le32(p, 50);
    assert_innocent(p, sizeof p, "blanks");
    memset(p, 0xff, sizeof p);
    put_le32(p, 50);
    assert_innocent(p, sizeof p, "ones");
}

/* The test's own program, cut out anywhere, with a Count put before it. */
static void programs_are_no_reply(void **state)
{
    (void)state;
    FILE *f = fopen("/proc/self/exe", "rb");
    if (f == NULL)
        skip();
    static uint8_t p[1 << 20];
    size_t n = fread(p, 1, sizeof p, f);
    (void)fclose(f);
    struct rng r = {3};
    for (int i = 0; i < 3000; i++) {
        uint8_t piece[4096];
        size_t at = rng_below(&r, (uint32_t)(n - sizeof piece));
        memcpy(piece, p + at, sizeof piece);
        if (i % 2 == 0)
            put_le32(piece, 1 + (uint32_t)rng_below(&r, 60));
        assert_innocent(piece, sizeof piece, "a program");
    }
}

/* UTF-16 without a mark is full of NULs: it is asked about, and stays a text. */
static void wide_text_stays_text(void **state)
{
    (void)state;
    size_t n = 0;
    uint8_t *p = fixture("poolmon/n32.txt", &n);
    assert_non_null(p);
    for (int big = 0; big < 2; big++) {
        uint8_t *wide = calloc(n + 2, 2);
        assert_non_null(wide);
        memcpy(wide, big ? "\0\r\0\n" : "\r\0\n\0", 4);
        for (size_t i = 0; i < n; i++)
            wide[4 + 2 * i + (size_t)big] = p[i];
        assert_innocent(wide, 2 * n + 4, "UTF-16");
        struct captures a = captures_read(wide, 2 * n + 4, 0, NULL);
        struct captures b = captures_read(p, n, 0, NULL);
        assert_int_equal(a.n, 1);
        assert_true(pool_snapshot_same_figures(&a.v[0], &b.v[0]));
        captures_free(&a);
        captures_free(&b);
        free(wide);
    }
    free(p);
}

/* A picture's head before all kinds of bytes, and an icon, which has no mark. */
static void pictures_are_no_reply(void **state)
{
    (void)state;
    uint8_t p[2048] = {0, 0, 1, 0, 2, 0, 32, 32, 0, 0, 1, 0, 32};
    for (size_t i = 22; i < sizeof p; i++)
        p[i] = (uint8_t)(i * 37 >> 3);
    assert_innocent(p, sizeof p, "an icon");
    memcpy(p, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
    struct captures c = captures_read(p, sizeof p, 0, NULL);
    assert_int_equal(c.e.code, ERR_UNSUPPORTED);
    captures_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_by_name),
        cmocka_unit_test(ten_thousand_captures),
        cmocka_unit_test(chance_is_no_reply),
        cmocka_unit_test(zeros_and_small_numbers_are_no_reply),
        cmocka_unit_test(programs_are_no_reply),
        cmocka_unit_test(wide_text_stays_text),
        cmocka_unit_test(pictures_are_no_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
