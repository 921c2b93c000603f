/* SPDX-License-Identifier: MIT */
/* Hostile bytes through everything: reader, archive, tally, rank and JSON.  Whatever
 * comes in, snapshots keep their invariants, errors have words, and the JSON parses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/packed.h"
#include "tests/unit/prop_rank.h"

enum { MUTANTS = 2000, MUTANT_BYTES = 12 * 1024, DEPTH = 64 };

/* ---- is this JSON? ---- */

static size_t skip_string(const struct buf *b, size_t i)
{
    for (i++; i < b->n && b->p[i] != '"'; i++) {
        assert_in_range(b->p[i], 0x20, 0xff);
        if (b->p[i] == '\\')
            i++;
    }
    assert_true(i < b->n);
    return i;
}

/* One document: brackets in pairs, strings closed, figures that are figures. */
static void assert_json(const struct buf *b)
{
    static const char words[] = "truefalsn"; /* the letters of true, false and null */
    char open[DEPTH];
    size_t depth = 0;
    assert_true(b->n > 2 && b->p[0] == '{' && b->p[b->n - 1] == '\n');
    for (size_t i = 0; i + 1 < b->n; i++) {
        char c = (char)b->p[i];
        if (c == '"') {
            i = skip_string(b, i);
        } else if (c == '{' || c == '[') {
            assert_in_range(depth, 0, DEPTH - 1);
            open[depth++] = c == '{' ? '}' : ']';
        } else if (c == '}' || c == ']') {
            assert_true(depth > 0 && open[depth - 1] == c);
            depth--;
            assert_true(depth > 0 || i + 2 == b->n);
        } else {
            assert_true(strchr(" ,:\n+-.0123456789eE", c) != NULL ||
                        strchr(words, c) != NULL);
        }
    }
    assert_int_equal(depth, 0);
}

/* ---- mutation ---- */

static void cut_out(struct buf *b, size_t at, size_t n)
{
    memmove(b->p + at, b->p + at + n, b->n - at - n);
    b->n -= n;
}

static void put_in(struct buf *b, size_t at, const void *p, size_t n)
{
    assert_int_equal(buf_reserve(b, n, NULL), 0);
    memmove(b->p + at + n, b->p + at, b->n - at);
    memcpy(b->p + at, p, n);
    b->n += n;
}

static void mutate_once(struct buf *b, const struct buf *other, struct rng *rng)
{
    static const char *const odd[] = {
        "\r\n",
        "\n",
        "\r",
        "\x1a",
        "\0",
        " ",
        "\t",
        "(",
        ")",
        "-",
        "K",
        "Nonp",
        "Paged",
        "4294967295",
        "18446744073709551616",
        "99999999999999999999999",
        "&nbsp;",
        "> ",
        "Memory:",
        "Pool N:",
        "Total Nonp",
        "\xef\xbb\xbf",
        "\xff\xfe",
        "\xc2\xa0",
        "|",
        " Tag  Type     Allocs  Frees  Diff  Bytes  Per Alloc\n",
        "0",
        "...",
        "```",
        "<b>"};
    size_t at = (size_t)rng_below(rng, (uint32_t)b->n + 1);
    size_t n = (size_t)rng_scale(rng, 1, 200);
    if (at < b->n && n > b->n - at)
        n = b->n - at;
    switch (rng_below(rng, 6)) {
    case 0:
        if (at < b->n)
            b->p[at] = (uint8_t)rng_next(rng);
        break;
    case 1:
        if (at < b->n)
            b->p[at] = (uint8_t)('0' + rng_below(rng, 10));
        break;
    case 2:
        if (at < b->n)
            cut_out(b, at, n);
        break;
    case 3: {
        const char *word = odd[rng_below(rng, sizeof odd / sizeof odd[0])];
        put_in(b, at, word, word[0] == '\0' ? 1 : strlen(word));
        break;
    }
    case 4:
        if (other->n > 0) {
            size_t from = (size_t)rng_below(rng, (uint32_t)other->n);
            put_in(b, at, other->p + from, n < other->n - from ? n : other->n - from);
        }
        break;
    default:
        if (at < b->n)
            b->p[at] = (uint8_t)(b->p[at] ^ 1u << rng_below(rng, 8));
        break;
    }
}

static struct buf copied(const struct buf *b)
{
    struct buf copy = {0};
    add(&copy, "", 0);
    add(&copy, b->p, b->n < MUTANT_BYTES ? b->n : MUTANT_BYTES);
    return copy;
}

/* ---- through everything ---- */

static void assert_archived(const struct shots *x)
{
    struct buf psz = {0};
    struct sink *out;
    struct writer_opts o = {.many = true, .verbatim = true};
    void *w = NULL;
    assert_int_equal(sink_memory(&out, &psz, NULL), 0);
    assert_int_equal(psz_writer.begin(&w, out, &o, NULL), 0);
    for (size_t i = 0; i < x->n; i++)
        assert_int_equal(psz_writer.snapshot(w, &x->v[i], NULL), 0);
    assert_int_equal(psz_writer.end(w, NULL), 0);
    psz_writer.close(w);
    assert_int_equal(sink_close(out, NULL), 0);
    struct shots back = shots_of("psz", psz.p, psz.n, 0);
    assert_int_equal(back.code, 0);
    assert_int_equal(back.n, x->n);
    for (size_t i = 0; i < x->n; i++)
        assert_same_shot("mutant", &x->v[i], &back.v[i], true);
    shots_free(&back);
    buf_free(&psz);
}

/* Three times over, so that a mutant of one capture is a series. */
static void assert_ranked(const struct shots *x)
{
    struct shots three = {0};
    for (size_t i = 0; i < 3 * x->n; i++)
        shots_add(&three, &x->v[i % x->n]);
    struct rank_result r = ranked(three.v, three.n);
    struct buf json = rank_json(&r, three.v, three.n);
    assert_json(&json);
    buf_free(&json);
    rank_free(&r);
    shots_free(&three);
}

/* How many snapshots the bytes held. */
static size_t assert_survives(const struct buf *b)
{
    struct shots x = shots_of("mutant", b->p, b->n, 0);
    assert_true(x.code <= 0);
    assert_true(x.code == 0 || x.err.text[0] != '\0');
    assert_true(x.n > 0 || x.code < 0);
    for (size_t i = 0; i < x.n; i++) {
        struct buf json = show_json(&x.v[i]);
        assert_json(&json);
        buf_free(&json);
    }
    if (x.n > 0) {
        assert_archived(&x);
        assert_ranked(&x);
    }
    size_t n = x.n;
    shots_free(&x);
    return n;
}

static void mutants_of_the_fixtures(void **state)
{
    (void)state;
    struct fixtures f;
    struct rng rng = {4242};
    size_t alive = 0;
    fixtures_find(&f);
    for (int i = 0; i < MUTANTS; i++) {
        struct buf file = load_file(f.path[(size_t)i % f.n]);
        struct buf other = load_file(f.path[rng_below(&rng, (uint32_t)f.n)]);
        struct buf b = copied(&file);
        for (uint64_t k = rng_scale(&rng, 1, 24); k > 0; k--)
            mutate_once(&b, &other, &rng);
        alive += assert_survives(&b) > 0;
        buf_free(&b);
        buf_free(&other);
        buf_free(&file);
    }
    fixtures_free(&f);
    assert_true(alive > MUTANTS / 3); /* else the mutants only test the first line */
}

static void mutants_of_a_series(void **state)
{
    (void)state;
    struct buf capture = some_capture(61, 25), text = {0};
    struct rng rng = {61};
    for (int i = 0; i < 4; i++)
        add(&text, capture.p, capture.n);
    for (int i = 0; i < 200; i++) {
        struct buf b = copied(&text);
        for (uint64_t k = rng_scale(&rng, 1, 60); k > 0; k--)
            mutate_once(&b, &capture, &rng);
        (void)assert_survives(&b);
        buf_free(&b);
    }
    buf_free(&text);
    buf_free(&capture);
}

/* Archives whose bytes were changed, also where a checksum does not look. */
static void mutants_of_an_archive(void **state)
{
    (void)state;
    struct series *s = series_new(62, 20, 1, false);
    struct shots x = series_shots(s);
    struct buf psz = {0};
    struct sink *out;
    struct writer_opts o = {.many = true};
    struct rng rng = {62};
    void *w = NULL;
    assert_int_equal(sink_memory(&out, &psz, NULL), 0);
    assert_int_equal(psz_writer.begin(&w, out, &o, NULL), 0);
    for (size_t i = 0; i < 12; i++)
        assert_int_equal(psz_writer.snapshot(w, &x.v[i], NULL), 0);
    assert_int_equal(psz_writer.end(w, NULL), 0);
    psz_writer.close(w);
    assert_int_equal(sink_close(out, NULL), 0);
    for (int i = 0; i < 500; i++) {
        struct buf b = copied(&psz);
        for (uint64_t k = rng_scale(&rng, 1, 8); k > 0; k--)
            mutate_once(&b, &psz, &rng);
        (void)assert_survives(&b);
        buf_free(&b);
    }
    buf_free(&psz);
    shots_free(&x);
    free(s);
}

/* Noise with a beginning that promises something. */
static void noise(void **state)
{
    (void)state;
    static const struct {
        const char *p;
        size_t n;
    } begin[] = {{"", 0},
                 {"\x1f\x8b\x08\0\0\0\0\0\0\3", 10},
                 {"PK\3\4", 4},
                 {"\xff\xfe", 2},
                 {"\xfe\xff", 2},
                 {"\xef\xbb\xbf", 3},
                 {" Memory:", 8},
                 {" Tag  Type     Allocs   Frees  Diff   Bytes  Per Alloc\r\n", 57}};
    struct rng rng = {63};
    for (int i = 0; i < 600; i++) {
        struct buf b = {0};
        bool letters = rng_below(&rng, 2) == 0;
        size_t k = (size_t)i % (sizeof begin / sizeof begin[0]);
        add(&b, begin[k].p, begin[k].n);
        for (uint64_t n = rng_scale(&rng, 1, 3000); n > 0; n--) {
            static const char likely[] = " 0123456789NonpPaged()K:\r\n\n  ";
            uint8_t c = (uint8_t)rng_next(&rng);
            if (letters)
                c = (uint8_t)likely[c % (sizeof likely - 1)];
            add(&b, &c, 1);
        }
        (void)assert_survives(&b);
        buf_free(&b);
    }
}

/* ---- what is no capture ---- */

static void assert_innocent(const char *name, const struct buf *b)
{
    struct shots x = shots_of(name, b->p, b->n, 0);
    if (x.n != 0 || x.code >= 0)
        fail_msg("%s was read as %zu captures", name, x.n);
    assert_true(x.code == ERR_EMPTY || x.code == ERR_UNSUPPORTED);
    assert_true(x.err.text[0] != '\0' && x.err.hint[0] != '\0');
    shots_free(&x);
}

static void innocent_files_hold_no_capture(void **state)
{
    (void)state;
    static const char *const files[] = {
        "LICENSE",         "Makefile",
        "formats/pool.c",  "formats/poolmon/poolmon_head.c",
        "formats/when.c",  "formats/notes.def",
        "cli/load/load.c", "tests/run"};
    static const char *const texts[] = {
        "Date: Mon, 12 Mar 2006 09:00:00 +0000\nSubject: Paged pool is at 80 percent\n\n"
        "Hi, Nonp 4 and Paged 5 look fine to me. The Memory: graph is flat.\n",
        "#Software: Microsoft Internet Information Services 6.0\n#Version: 1.0\n"
        "2006-03-12 09:00:00 W3SVC1 192.0.2.1 GET /Connections_Refused - 80 - - 200\n",
        "time,tag,bytes\r\n2006-03-12,Proc,4096\r\n2006-03-13,Proc,8192\r\n",
        "12:00 Pool Paged Bytes 65536\n12:05 Pool Paged Bytes 69632\n",
        "Nonp Paged Nonp Paged Nonp\n",
        "0\n",
        "\n\n\n",
        " Memory: 16K of my memory\n"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct buf b = load_file(files[i]);
        assert_innocent(files[i], &b);
        buf_free(&b);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct buf b = {0};
        add(&b, texts[i], strlen(texts[i]));
        assert_innocent(texts[i], &b);
        buf_free(&b);
    }
    struct buf blanks = {0};
    assert_int_equal(buf_reserve(&blanks, 1 << 20, NULL), 0);
    memset(blanks.p, ' ', 1 << 20);
    for (blanks.n = 0; blanks.n < 1 << 20; blanks.n += 4096)
        blanks.p[blanks.n + 4095] = '\n';
    assert_innocent("blanks", &blanks);
    buf_free(&blanks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutants_of_the_fixtures),
        cmocka_unit_test(mutants_of_a_series),
        cmocka_unit_test(mutants_of_an_archive),
        cmocka_unit_test(noise),
        cmocka_unit_test(innocent_files_hold_no_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
