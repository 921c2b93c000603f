/* SPDX-License-Identifier: MIT */
/* The walk over lines: blocks among prose, dates and captions before them, and two
 * formats that claim one line.  This program has a format table of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/poolmon/poolmon.h"
#include "formats/text/caption.h"
#include "formats/text/segment.h"
#include "formats/text/segmenter.h"
#include "formats/when.h"
#include "tests/unit/captures.h"

/* ---- two made-up formats: `@one` begins a block of the first, `@both` of either ---- */

static bool line_is(const struct text_line *l, const char *word)
{
    return l->n == strlen(word) && memcmp(l->p, word, l->n) == 0;
}

static int one_begins(const struct text_line *l, size_t n)
{
    (void)n;
    return line_is(l, "@one") ? CLAIM_SURE : line_is(l, "@both") ? CLAIM_ROW : CLAIM_NONE;
}

static int two_begins(const struct text_line *l, size_t n)
{
    (void)n;
    return line_is(l, "@both") ? CLAIM_ROW - CLAIM_NEAR + 1 : CLAIM_NONE;
}

/* `@last` begins a block of the third, which is asked last; prose above it may forbid. */
static int last_begins(const struct buf *above, const struct text_line *l, size_t n,
                       struct text_remark *r)
{
    (void)n;
    if (!line_is(l, "@last") && !line_is(l, "@one"))
        return CLAIM_NONE;
    if (above->n < 3 || memcmp(above->p + above->n - 3, "no\n", 3) != 0)
        return CLAIM_WEAK;
    r->what = "something else";
    r->hint = "send it";
    return CLAIM_NONE;
}

static int toy_open(void **ctx, struct err *e)
{
    *ctx = calloc(1, 1);
    return *ctx == NULL ? err_nomem(e) : 0;
}

static int toy_start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                     struct err *e)
{
    (void)ctx;
    (void)b;
    return pool_snapshot_add(s, e) == NULL ? ERR_NOMEM : 0;
}

static int toy_feed(void *ctx, const struct text_line *l, struct text *ahead,
                    struct err *e)
{
    (void)ctx;
    (void)ahead;
    (void)e;
    return l->n > 0 && l->p[0] == '@' ? FEED_MINE : FEED_OTHER;
}

static int toy_finish(void *ctx, const struct block_end *b, struct err *e)
{
    (void)ctx;
    (void)b;
    (void)e;
    return 0;
}

static const struct text_format toy_one = {.begins = one_begins,
                                           .open = toy_open,
                                           .start = toy_start,
                                           .feed = toy_feed,
                                           .finish = toy_finish,
                                           .close = free};
static const struct text_format toy_two = {.begins = two_begins,
                                           .open = toy_open,
                                           .start = toy_start,
                                           .feed = toy_feed,
                                           .finish = toy_finish,
                                           .close = free};
static const struct text_format toy_last = {.begins_last = last_begins,
                                            .open = toy_open,
                                            .start = toy_start,
                                            .feed = toy_feed,
                                            .finish = toy_finish,
                                            .close = free};

const struct format format_table[] = {
    {.name = "last", .title = "the last toy", .text = &toy_last},
    {.name = "one", .title = "the first toy", .text = &toy_one},
    {.name = "poolmon", .title = "PoolMon text", .text = &poolmon_text_format},
    {.name = "two", .title = "the second toy", .text = &toy_two},
    {.name = NULL},
};

const struct format *format_find(const char *name)
{
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

/* ---- tests ---- */

#define ROW_A " Wait Nonp        100         40        60      6000        100\n"
#define ROW_B " Io   Nonp         12          2        10       640         64\n"
#define ROW_C " File Paged         9          1         8        80         10\n"
#define HEAD                                                                             \
    " Memory:  523572K Avail:   96364K  PageFlts:   219   InRam Krnl: 1916K P:17856K\n"  \
    " Commit: 203500K Limit:1279764K Peak: 260632K            Pool N:    7K P:    1K\n"  \
    " Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\n"

static void test_three_pastes_in_a_mail(void **state)
{
    (void)state;
    struct captures c =
        captures_text("Hello,\nthis is what I saw first:\n\n" HEAD ROW_A ROW_B
                      "\nand an hour later:\n\n" HEAD ROW_A
                      "\nwithout the head:\n" ROW_C ROW_B "That is all.\nBye\n");
    assert_int_equal(c.e.code, 0);
    assert_int_equal(c.n, 2); /* the last rows are of no new capture: no key repeats */
    assert_int_equal(c.v[0].n_rows, 2);
    assert_int_equal(c.v[0].line, 4);
    assert_int_equal(c.v[1].n_rows, 3);
    assert_int_equal(c.v[1].line, 12);
    assert_int_equal(c.notes.seen[NOTE_PROSE], 1);
    captures_free(&c);
}

static void test_suspended_block(void **state)
{
    (void)state;
    struct captures c = captures_text(HEAD ROW_A "see?\n\n(and so on)\n" ROW_B);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 2);
    assert_false(c.v[0].dress.verbatim);
    captures_free(&c);

    /* A gap as long as a page ends the block: the rest is a capture of its own. */
    char text[2000] = HEAD ROW_A;
    for (int i = 0; i < 13; i++)
        strcat(text, "some more words\n");
    strcat(text, ROW_B);
    c = captures_text(text);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[1].n_rows, 1);
    captures_free(&c);
}

static void test_headerless_repeats(void **state)
{
    (void)state;
    struct captures c = captures_text(ROW_A ROW_B ROW_C ROW_A ROW_B ROW_C);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[1].n_rows, 3);
    assert_int_equal(c.v[1].line, 4);
    captures_free(&c);
    c = captures_text(ROW_A ROW_B ROW_B ROW_C);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 4);
    assert_int_equal(c.v[0].notes.seen[NOTE_REPEATED_KEY], 1);
    captures_free(&c);
    /* The first key again, and the second: another capture, whatever follows. */
    c = captures_text(
        ROW_A ROW_B ROW_C ROW_A ROW_B
        " Irp  Paged          9          1         8        80         10\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].n_rows, 3);
    assert_int_equal(c.v[1].n_rows, 3);
    captures_free(&c);
    c = captures_text(ROW_A ROW_A ROW_A);
    assert_int_equal(c.n, 3);
    captures_free(&c);
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        int64_t ms;
        enum time_source source;
    } t[] = {{"# 2026-11-09T00:05:00\n", 1794182700000, TIME_LINE},
             {"2026-11-09 00:05:00\n\n\n\n", 1794182700000, TIME_LINE},
             {"2026-11-09 00:05:00\nC:\\>poolmon -n\n", 1794182700000, TIME_LINE},
             {"2026-11-09 00:05:00\n\n\n\n\n\n\n", 0, TIME_NONE},
             {"2026-11-09 00:05:00\nhe said\n", 0, TIME_NONE}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[2000];
        (void)snprintf(text, sizeof text, "%s%s", t[i].before, HEAD ROW_A);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].time.source, t[i].source);
        assert_int_equal(c.v[0].time.ms, t[i].ms);
        assert_int_equal(c.v[0].notes.seen[NOTE_TIME_FROM_LINE],
                         t[i].source == TIME_LINE);
        captures_free(&c);
    }
    /* Rows below a date are another capture, behind a single one, too. */
    struct captures c = captures_text(ROW_A "2026-11-09 00:05:00\n" ROW_C);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[1].time.source, TIME_LINE);
    captures_free(&c);
}

static void test_caption(void **state)
{
    (void)state;
    struct captures c =
        captures_text("# poolsift time=2026-11-09T00:05:00+01:00 uptime=77 host=WEB%2001 "
                      "who=knows\n" HEAD ROW_A
                      "# poolsift time=2026-11-09T00:10:00 source=name scope=session:4 "
                      "completeness=filtered\n" ROW_A);
    assert_int_equal(c.n, 2);
    const struct pool_snapshot *s = &c.v[0];
    char out[WHEN_TEXT_MAX];
    assert_int_equal(s->time.source, TIME_CAPTURE);
    assert_string_equal(when_text(&s->time, out), "2026-11-09T00:05:00+01:00");
    assert_string_equal(pool_snapshot_str(s, s->host), "WEB 01");
    assert_int_equal(s->uptime_s, 77);
    s = &c.v[1];
    assert_int_equal(s->time.source, TIME_NAME);
    assert_int_equal(s->scope, SCOPE_SESSION);
    assert_int_equal(s->session, 4);
    assert_int_equal(s->completeness, COMPLETE_FILTERED);
    assert_int_equal(s->host, 0);
    assert_int_equal(s->uptime_s, -1);
    captures_free(&c);
}

/* Lines that belong to nothing, found by two who read one text from different places. */
static void test_strays_of_a_later_part(void **state)
{
    (void)state;
    struct strays all = {0};
    strays_join(&all, &(struct strays){.tag_lines = 1}, 5);
    strays_join(&all, &(struct strays){.prose = 2, .first_prose = 3, .tag_lines = 4}, 10);
    assert_int_equal(all.prose, 2);
    assert_int_equal(all.first_prose, 13);
    strays_join(&all, &(struct strays){.prose = 1, .first_prose = 6}, 20);
    assert_int_equal(all.prose, 3);
    assert_int_equal(all.first_prose, 13);
    assert_int_equal(all.tag_lines, 5);
    all = (struct strays){.prose = 1, .first_prose = 2};
    strays_join(&all, &(struct strays){.prose = 1, .first_prose = 6}, 20);
    assert_int_equal(all.first_prose, 2);
}

/* Numbers that fit, and those that only look as if they did. */
static void test_numbers_of_a_caption(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int64_t uptime_s;
        int64_t session; /* -1: it names none */
    } t[] = {
        {"# poolsift uptime=0", 0, -1},
        {"# poolsift uptime=9223372036854775807", INT64_MAX, -1},
        {"# poolsift uptime=9223372036854775808", -1, -1},
        {"# poolsift uptime=18446744073709551617", -1, -1}, /* 2^64 and one */
        {"# poolsift uptime=", -1, -1},
        {"# poolsift uptime=-5", -1, -1},
        {"# poolsift uptime=5s", -1, -1},
        {"# poolsift scope=session:4294967295", -1, UINT32_MAX},
        {"# poolsift scope=session:4294967296", -1, -1},
        {"# poolsift scope=session:", -1, -1},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct caption c;
        assert_true(caption_parse(t[i].line, strlen(t[i].line), &c));
        const bool named = c.scope == SCOPE_SESSION;
        if (c.uptime_s != t[i].uptime_s || named != (t[i].session >= 0) ||
            (named && c.session != (uint32_t)t[i].session))
            fail_msg("%s: %lld, %u", t[i].line, (long long)c.uptime_s,
                     (unsigned)c.session);
    }
}

/* A disk that lost its power leaves NULs where lines were: they are passed over, and
 * said. */
static void test_nuls(void **state)
{
    (void)state;
    static const char text[] = HEAD ROW_A "\0\0\0\0" ROW_B "\0\0";
    struct captures c = captures_read(text, sizeof text - 1, 0, NULL);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 2);
    assert_int_equal(c.notes.seen[NOTE_SLACK], 1);
    captures_free(&c);
    c = captures_text(HEAD ROW_A ROW_B);
    assert_int_equal(c.notes.seen[NOTE_SLACK], 0);
    captures_free(&c);
}

/* What is known and no more; a caption that knows nothing still parts two captures. */
static void test_caption_written(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        enum completeness completeness;
        const char *line;
    } t[] = {{"", COMPLETE_WHOLE, "# poolsift -"},
             {"client", COMPLETE_WHOLE, "# poolsift host=client"},
             {"", COMPLETE_CUT, "# poolsift completeness=cut"},
             {"\xc3\x84rzte", COMPLETE_WHOLE, "# poolsift host=%c3%84rzte"},
             {" %4", COMPLETE_WHOLE, "# poolsift host=%20%254"},
             {"a b", COMPLETE_FILTERED, "# poolsift host=a%20b completeness=filtered"}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct pool_snapshot s = {.uptime_s = -1, .completeness = t[i].completeness};
        struct buf out = {0};
        assert_int_equal(
            pool_snapshot_intern(&s, t[i].host, strlen(t[i].host), &s.host, NULL), 0);
        assert_int_equal(buf_append(&out, "before, t", 9, NULL), 0);
        assert_int_equal(caption_write(&out, &s, NULL), 0);
        assert_int_equal(buf_byte(&out, 0, NULL), 0);
        assert_string_equal((const char *)out.p + 9, t[i].line);
        struct caption back;
        assert_true(caption_parse(t[i].line, strlen(t[i].line), &back));
        assert_string_equal(back.host, t[i].host);
        buf_free(&out);
        pool_snapshot_free(&s);
    }
}

static void test_other_formats(void **state)
{
    (void)state;
    struct captures c = captures_text(HEAD ROW_A "@one\n@more\n" HEAD ROW_B);
    assert_int_equal(c.n, 3);
    assert_string_equal(pool_snapshot_str(&c.v[1], c.v[1].format), "one");
    assert_string_equal(pool_snapshot_str(&c.v[2], c.v[2].format), "poolmon");
    captures_free(&c);

    static const char both[] = "words\n@both\n";
    c = captures_text(both);
    assert_int_equal(c.e.code, ERR_FORMAT);
    assert_string_equal(c.e.place, "t.txt:2");
    assert_non_null(strstr(c.e.text, "the first toy or of the second toy"));
    assert_non_null(strstr(c.e.hint, "--from one or --from two"));
    captures_free(&c);

    c = captures_read(both, sizeof both - 1, 0, "two");
    assert_int_equal(c.n, 1);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format), "two");
    captures_free(&c);
    c = captures_read(both, sizeof both - 1, 0, "poolmon");
    assert_int_equal(c.e.code, ERR_EMPTY);
    captures_free(&c);
    c = captures_read(both, sizeof both - 1, 0, "three");
    assert_int_equal(c.e.code, ERR_USAGE);
    captures_free(&c);
}

static void test_innocent_text(void **state)
{
    (void)state;
    static const char *const t[] = {
        "#include <stdio.h>\nint main(void)\n{\n    return 0; /* Nonp 5 */\n}\n",
        "tag,type,allocs\nZq01,Nonp,10,4,6,60,10\nZq02,Paged,10,4,6,60,10\n",
        "We hold all Nonp 3 times a day.\nThe page pool: Paged 5 4 3 2 1 of them.\n",
        "Memory: 512K\nCommit: 12K\n",
        "apple\npear\nplum\nTag\nType\nAllocs\n",
        "Tag Type Value\nZq01 Nonp 5\n",
        "From: a@b.c\nDate: Mon, 9 Nov 2026 00:05:00 +0100\n\nSee below.\n",
        "\n\n\n",
        "2026-11-09 00:05:00\n"};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct captures c = captures_text(t[i]);
        if (c.n != 0 || c.e.code != ERR_EMPTY)
            fail_msg("'%s': %zu snapshots", t[i], c.n);
        assert_true(c.e.hint[0] != '\0');
        captures_free(&c);
    }
    struct captures c = captures_text("");
    assert_int_equal(c.e.code, ERR_EMPTY);
    assert_non_null(strstr(c.e.text, "empty input"));
    captures_free(&c);
    c = captures_read("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16, 0, NULL);
    assert_int_equal(c.e.code, ERR_UNSUPPORTED);
    captures_free(&c);
}

static void test_asked_last(void **state)
{
    (void)state;
    static const struct {
        const char *text, *format; /* NULL: refused with the last toy's words */
    } t[] = {
        {"@last\n", "last"},
        {"@one\n", "one"},                /* somebody better claims the line */
        {"@last\n@one\n@one\n", "one"},   /* or all of those behind it */
        {"@last\n@one\nprose\n", "last"}, /* but not only some */
        {"@last\n\n@one\n", "last"},      /* or those behind an empty one */
        {"yes\n@last\n", "last"},
        {"no\n@last\n", NULL},
        {"no\nbut\n@last\n", "last"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct captures c = captures_text(t[i].text);
        if (t[i].format == NULL) {
            assert_int_equal(c.e.code, ERR_EMPTY);
            assert_string_equal(c.e.text,
                                "expected a pool capture, found something else");
            assert_string_equal(c.e.hint, "send it");
        } else if (c.n == 0 ||
                   strcmp(pool_snapshot_str(&c.v[0], c.v[0].format), t[i].format) != 0) {
            fail_msg("%zu: %zu snapshots, %s", i, c.n, c.e.text);
        }
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_asked_last),
        cmocka_unit_test(test_three_pastes_in_a_mail),
        cmocka_unit_test(test_suspended_block),
        cmocka_unit_test(test_headerless_repeats),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_caption),
        cmocka_unit_test(test_strays_of_a_later_part),
        cmocka_unit_test(test_numbers_of_a_caption),
        cmocka_unit_test(test_nuls),
        cmocka_unit_test(test_caption_written),
        cmocka_unit_test(test_other_formats),
        cmocka_unit_test(test_innocent_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
