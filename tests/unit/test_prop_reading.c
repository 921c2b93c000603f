/* SPDX-License-Identifier: MIT */
/* Properties of the whole reading stack, from bytes through gzip, encodings and the
 * segmenter to snapshots: how the bytes arrive must not matter, and what is missing must
 * not be invented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/packed.h"
#include "tests/unit/prop.h"

/* ---- how the bytes arrive ---- */

struct pieces {
    const uint8_t *p;
    size_t n;
    struct rng rng;
};

static ptrdiff_t pieces_read(void *ctx, uint8_t *out, size_t n, struct err *e)
{
    struct pieces *x = ctx;
    (void)e;
    size_t piece = (size_t)rng_scale(&x->rng, 1, 700);
    if (piece > n)
        piece = n;
    if (piece > x->n)
        piece = x->n;
    memcpy(out, x->p, piece);
    x->p += piece;
    x->n -= piece;
    return (ptrdiff_t)piece;
}

static void pieces_close(void *ctx)
{
    free(ctx);
}

static struct shots shots_in_pieces(const char *name, const struct buf *b, uint64_t seed)
{
    struct pieces *x = malloc(sizeof *x);
    assert_non_null(x);
    *x = (struct pieces){b->p, b->n, {seed}};
    struct input_raw raw = {.ctx = x, .read = pieces_read, .close = pieces_close};
    return shots_of_raw(raw, name);
}

static void assert_arrives(const char *name, const struct buf *b, uint64_t seed)
{
    static const size_t blocks[] = {1, 7, 4096};
    struct shots whole = shots_of(name, b->p, b->n, 0);
    struct buf packed = gzipped(b->p, b->n);
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        struct shots x = shots_of(name, b->p, b->n, blocks[i]);
        assert_same_shots(name, &whole, &x, true);
        assert_string_equal(whole.err.text, x.err.text);
        shots_free(&x);
        x = shots_of(name, packed.p, packed.n, blocks[i]);
        assert_same_shots(name, &whole, &x, true);
        shots_free(&x);
    }
    for (uint64_t i = 0; i < 3; i++) {
        struct shots x = shots_in_pieces(name, b, seed + i);
        assert_same_shots(name, &whole, &x, true);
        shots_free(&x);
        x = shots_in_pieces(name, &packed, seed + i);
        assert_same_shots(name, &whole, &x, true);
        shots_free(&x);
    }
    buf_free(&packed);
    shots_free(&whole);
}

static void size_of_pieces_does_not_matter(void **state)
{
    (void)state;
    struct fixtures f;
    fixtures_find(&f);
    for (size_t i = 0; i < f.n; i++) {
        struct buf b = load_file(f.path[i]);
        assert_arrives(f.path[i], &b, i);
        buf_free(&b);
    }
    fixtures_free(&f);
    struct buf b = some_capture(11, 300);
    assert_arrives("generated", &b, 11);
    buf_free(&b);
}

/* ---- encodings and line ends ---- */

static void add_ends(struct buf *to, const struct buf *from, const char *end)
{
    for (size_t i = 0; i < from->n; i++) {
        if (from->p[i] == '\n')
            add(to, end, strlen(end));
        else if (from->p[i] != '\r')
            add(to, &from->p[i], 1);
    }
}

static struct buf encoded(const struct buf *ascii, enum pool_encoding enc)
{
    static const char *const marks[] = {
        [ENC_PLAIN] = "",   [ENC_UTF8_MARK] = "\xef\xbb\xbf",
        [ENC_UTF16LE] = "", [ENC_UTF16LE_MARK] = "\xff\xfe",
        [ENC_UTF16BE] = "", [ENC_UTF16BE_MARK] = "\xfe\xff"};
    bool wide = enc >= ENC_UTF16LE, big = enc >= ENC_UTF16BE;
    struct buf b = {0};
    add(&b, marks[enc], strlen(marks[enc]));
    for (size_t i = 0; i < ascii->n; i++) {
        uint8_t unit[2] = {ascii->p[i], 0};
        if (big) {
            unit[1] = unit[0];
            unit[0] = 0;
        }
        add(&b, unit, wide ? 2 : 1);
    }
    return b;
}

/* Plain ASCII with whole lines: then every way of writing it down says the same. */
static bool is_plain(const struct buf *b)
{
    for (size_t i = 0; i < b->n; i++) {
        uint8_t c = b->p[i];
        bool return_alone = c == '\r' && (i + 1 == b->n || b->p[i + 1] != '\n');
        if (c > 0x7e || (c < ' ' && c != '\t' && c != '\n' && c != '\r') || return_alone)
            return false;
    }
    return b->n > 0;
}

static void assert_encodings(const char *name, const struct buf *b)
{
    struct buf lf = {0}, crlf = {0};
    add_ends(&lf, b, "\n");
    add_ends(&crlf, b, "\r\n");
    struct shots first = shots_of(name, lf.p, lf.n, 0);
    for (int enc = ENC_PLAIN; enc <= ENC_UTF16BE_MARK; enc++) {
        const struct buf *const texts[] = {&lf, &crlf};
        for (int k = 0; k < 2; k++) {
            struct buf e = encoded(texts[k], (enum pool_encoding)enc);
            struct shots x = shots_of(name, e.p, e.n, 0);
            assert_same_shots(name, &first, &x, false);
            shots_free(&x);
            buf_free(&e);
        }
    }
    shots_free(&first);
    buf_free(&lf);
    buf_free(&crlf);
}

static void encoding_does_not_matter(void **state)
{
    (void)state;
    struct fixtures f;
    size_t tried = 0;
    fixtures_find(&f);
    for (size_t i = 0; i < f.n; i++) {
        struct buf b = load_file(f.path[i]);
        if (is_plain(&b)) {
            assert_encodings(f.path[i], &b);
            tried++;
        }
        buf_free(&b);
    }
    fixtures_free(&f);
    assert_true(tried >= 5);
}

static void last_line_needs_no_end(void **state)
{
    (void)state;
    struct buf b = some_capture(12, 40);
    struct shots whole = shots_of("whole", b.p, b.n, 0);
    struct shots open = shots_of("open", b.p, b.n - 2, 0);
    assert_int_equal(whole.n, 1);
    assert_same_shots("without its last line end", &whole, &open, true);
    shots_free(&whole);
    shots_free(&open);
    buf_free(&b);
}

/* ---- cut anywhere ---- */

static bool row_equal(const struct pool_row *a, const struct pool_row *b)
{
    return tag_equal(a->tag, b->tag) && a->pool == b->pool && a->fields == b->fields &&
           a->allocs == b->allocs && a->frees == b->frees && a->live == b->live &&
           a->bytes == b->bytes && a->per_alloc == b->per_alloc &&
           a->allocs_delta == b->allocs_delta && a->frees_delta == b->frees_delta &&
           a->bytes_delta == b->bytes_delta;
}

static void assert_prefix(size_t cut, const struct pool_snapshot *part,
                          const struct pool_snapshot *whole)
{
    if (part->n_rows > whole->n_rows)
        fail_msg("cut at %zu: %zu rows out of %zu", cut, part->n_rows, whole->n_rows);
    for (size_t i = 0; i < part->n_rows; i++)
        if (!row_equal(&part->rows[i], &whole->rows[i]))
            fail_msg("cut at %zu: row %zu was invented", cut, i + 1);
    for (int t = 0; t < TOTALS; t++)
        if ((part->totals.given & 1u << t) != 0)
            assert_true(part->totals.v[t] <= whole->totals.v[t]);
}

/* True when the cut leaves a piece of a row behind, and not all of it. */
static bool in_mid_row(const struct buf *b, size_t cut, size_t rows_at)
{
    size_t begin = cut, end = cut;
    while (begin > 0 && b->p[begin - 1] != '\n')
        begin--;
    while (end < b->n && b->p[end] != '\r' && b->p[end] != '\n')
        end++;
    return begin >= rows_at && cut > begin + 1 && cut < end;
}

/* Every snapshot of a cut text must be a prefix of the one that the whole text holds. */
static void assert_cut_anywhere(const struct buf *b, size_t rows_at)
{
    struct shots whole = shots_of("whole", b->p, b->n, 0);
    assert_int_equal(whole.n, 1);
    assert_int_equal(whole.code, 0);
    for (size_t cut = 0; cut < b->n; cut++) {
        struct shots x = shots_of("cut", b->p, cut, 0);
        assert_true(x.n <= 1);
        assert_true(x.n == 1 || (x.code < 0 && x.err.text[0] != '\0'));
        if (x.n == 1)
            assert_prefix(cut, &x.v[0], &whole.v[0]);
        if (in_mid_row(b, cut, rows_at)) {
            assert_int_equal(x.n, 1);
            if (x.v[0].completeness != COMPLETE_CUT)
                fail_msg("cut at %zu of %zu: it calls itself %s", cut, b->n,
                         completeness_name(x.v[0].completeness));
        }
        shots_free(&x);
    }
    shots_free(&whole);
}

static size_t find_text(const struct buf *b, const char *word)
{
    for (size_t i = 0; i + strlen(word) <= b->n; i++)
        if (memcmp(b->p + i, word, strlen(word)) == 0)
            return i;
    fail_msg("no %s in the text", word);
    return 0;
}

static void cut_at_every_byte(void **state)
{
    (void)state;
    struct buf b = some_capture(13, 24);
    assert_cut_anywhere(&b, find_text(&b, "Per Alloc") + 13);
    buf_free(&b);
}

static void screen_cut_at_every_byte(void **state)
{
    (void)state;
    static const char screen[] =
        " Memory: 2096052K Avail: 1387052K  PageFlts:   1220   InRam Krnl: 1780K "
        "P:18684K\n"
        " Commit:  565244K Limit:4039332K Peak: 684108K            Pool N:26456K "
        "P:19044K\n"
        " System pool information\n"
        " Tag  Type     Allocs            Frees            Diff   Bytes       Per Alloc\n"
        "\n"
        " Abcd Nonp    1408366 (  56)   1327427 (  58)    80939 36665367 (  -906)    "
        "453\n"
        " Ef   Paged     74748 (   0)     69830 (   4)     4918  2670474 ( -2172)    "
        "543\n"
        " Gh 1 Nonp        100 (   0)        90 (   0)       10      320 (     0)     "
        "32\n";
    struct buf b = {0};
    add(&b, screen, sizeof screen - 1);
    assert_cut_anywhere(&b, find_text(&b, " Abcd"));
    buf_free(&b);
}

/* Nothing had to be guessed in the whole of it. */
static bool undamaged(const struct shots *x)
{
    for (size_t i = 0; i < x->n; i++)
        for (int c = 0; c < NOTE_CODES; c++)
            if (x->v[i].notes.seen[c] > 0 && c != NOTE_ENCODING &&
                note_severity((enum note_code)c) != NOTE_INFO)
                return false;
    return x->n > 0 && x->code == 0;
}

/* The first snapshots are whole, the last is a prefix; none is there too many. */
static void assert_begins(const char *name, size_t cut, const struct shots *part,
                          const struct shots *whole)
{
    if (part->n > whole->n)
        fail_msg("%s cut at %zu: %zu snapshots out of %zu", name, cut, part->n, whole->n);
    for (size_t i = 0; i + 1 < part->n; i++)
        if (!pool_snapshot_same_figures(&part->v[i], &whole->v[i]))
            fail_msg("%s cut at %zu: snapshot %zu differs", name, cut, i + 1);
    if (part->n > 0)
        assert_prefix(cut, &part->v[part->n - 1], &whole->v[part->n - 1]);
}

static void fixtures_cut_at_every_byte(void **state)
{
    (void)state;
    struct fixtures f;
    size_t tried = 0;
    fixtures_find(&f);
    for (size_t i = 0; i < f.n; i++) {
        struct buf b = load_file(f.path[i]);
        struct shots whole = shots_of(f.path[i], b.p, b.n, 0);
        bool clean = undamaged(&whole);
        for (size_t cut = 0; cut < b.n; cut++) {
            struct shots x = shots_of(f.path[i], b.p, cut, 0);
            assert_true(x.n > 0 || (x.code < 0 && x.err.text[0] != '\0'));
            if (clean)
                assert_begins(f.path[i], cut, &x, &whole);
            shots_free(&x);
        }
        tried += clean;
        shots_free(&whole);
        buf_free(&b);
    }
    fixtures_free(&f);
    assert_true(tried >= 10);
}

/* ---- order of the rows ---- */

struct line_at {
    size_t begin, n;
};

static int compare_rows(const void *a, const void *b)
{
    const struct pool_row *x = a, *y = b;
    int c = tag_compare(x->tag, y->tag);
    return c != 0 ? c : x->pool - y->pool;
}

/* The capture with its rows in another order. */
static struct buf shuffled(const struct buf *b, size_t rows_at, uint64_t seed)
{
    struct line_at line[400];
    struct rng rng = {seed};
    struct buf out = {0};
    uint32_t n = 0;
    for (size_t i = rows_at, begin = rows_at; i < b->n; i++)
        if (b->p[i] == '\n') {
            assert_in_range(n, 0, 399);
            line[n++] = (struct line_at){begin, i + 1 - begin};
            begin = i + 1;
        }
    add(&out, b->p, rows_at);
    for (; n > 0; n--) {
        size_t k = (size_t)rng_below(&rng, n);
        add(&out, b->p + line[k].begin, line[k].n);
        line[k] = line[n - 1];
    }
    assert_int_equal(out.n, b->n);
    return out;
}

static void order_of_rows_does_not_matter(void **state)
{
    (void)state;
    struct buf b = some_capture(14, 300);
    size_t rows_at = find_text(&b, "Per Alloc") + 13;
    struct shots a = shots_of("in order", b.p, b.n, 0);
    assert_int_equal(a.n, 1);
    for (uint64_t seed = 0; seed < 5; seed++) {
        struct buf other = shuffled(&b, rows_at, seed);
        struct shots x = shots_of("shuffled", other.p, other.n, 0);
        assert_int_equal(x.n, 1);
        qsort(x.v[0].rows, x.v[0].n_rows, sizeof x.v[0].rows[0], compare_rows);
        assert_true(pool_snapshot_same_figures(&a.v[0], &x.v[0]));
        assert_int_equal(x.v[0].completeness, COMPLETE_WHOLE);
        assert_memory_equal(x.v[0].notes.seen, a.v[0].notes.seen, sizeof x.seen);
        shots_free(&x);
        buf_free(&other);
    }
    shots_free(&a);
    buf_free(&b);
}

/* Several captures in one text are the captures one by one. */
static void captures_in_a_row_are_captures(void **state)
{
    (void)state;
    struct series *s = series_new(15, 30, 0, false);
    struct buf text = {0}, all = {0};
    struct shots one[6] = {{0}};
    for (size_t i = 0; i < 6; i++) {
        assert_true(next_capture(s, &text));
        one[i] = shots_of("one", text.p, text.n, 0);
        assert_int_equal(one[i].n, 1);
        add(&all, text.p, text.n);
        if (i == 2)
            add(&all, "\r\n", 2);
    }
    struct shots x = shots_of("all", all.p, all.n, 0);
    assert_int_equal(x.n, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_true(pool_snapshot_same_figures(&one[i].v[0], &x.v[i]));
        assert_int_equal(x.v[i].ordinal, i + 1);
        assert_int_equal(x.v[i].completeness, COMPLETE_WHOLE);
        shots_free(&one[i]);
    }
    shots_free(&x);
    buf_free(&all);
    buf_free(&text);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_of_pieces_does_not_matter),
        cmocka_unit_test(encoding_does_not_matter),
        cmocka_unit_test(last_line_needs_no_end),
        cmocka_unit_test(cut_at_every_byte),
        cmocka_unit_test(screen_cut_at_every_byte),
        cmocka_unit_test(fixtures_cut_at_every_byte),
        cmocka_unit_test(order_of_rows_does_not_matter),
        cmocka_unit_test(captures_in_a_row_are_captures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
