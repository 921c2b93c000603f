/* SPDX-License-Identifier: MIT */
/* Names that are replaced: one number each, in words and places, and what is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cli/redact/redact_snapshot.h"

static const char *name_of(struct redact *r, enum redact_kind kind, const char *s)
{
    struct err e = {0};
    const char *name;
    assert_int_equal(redact_name(r, kind, s, &name, &e), 0);
    return name;
}

static void one_name_one_number(void **state)
{
    (void)state;
    struct redact r = {.n = 0};
    char text[32], name[32];
    assert_string_equal(name_of(&r, REDACT_FILE, "a/b.txt"), "file-001");
    assert_string_equal(name_of(&r, REDACT_HOST, "a/b.txt"), "host-1");
    assert_string_equal(name_of(&r, REDACT_FILE, "a/c.txt"), "file-002");
    assert_string_equal(name_of(&r, REDACT_FILE, "a/b.txt"), "file-001");
    assert_string_equal(name_of(&r, REDACT_FOLDER, "a"), "folder-1");
    for (int i = 3; i <= 1200; i++) {
        (void)snprintf(text, sizeof text, "d/%d", i);
        (void)snprintf(name, sizeof name, "file-%03d", i);
        assert_string_equal(name_of(&r, REDACT_FILE, text), name);
    }
    assert_string_equal(name_of(&r, REDACT_FILE, "a/c.txt"), "file-002");
    assert_int_equal(r.n, 1202);
    redact_free(&r);
}

static void nothing_and_standard_input_stay(void **state)
{
    (void)state;
    struct redact r = {.n = 0};
    assert_string_equal(name_of(&r, REDACT_HOST, ""), "");
    assert_string_equal(name_of(&r, REDACT_FILE, "-"), "-");
    assert_string_equal(name_of(NULL, REDACT_FILE, "web01.txt"), "web01.txt");
    assert_int_equal(r.n, 0);
    redact_free(&r);
}

static void a_picked_snapshot_keeps_its_number(void **state)
{
    (void)state;
    struct redact r = {.n = 0};
    struct err e = {0};
    const char *name;
    assert_int_equal(redact_path(&r, "no/such.psz@-1", &name, &e), 0);
    assert_string_equal(name, "file-001@-1");
    assert_int_equal(redact_path(&r, "no/such@home", &name, &e), 0);
    assert_string_equal(name, "file-002");
    redact_free(&r);
}

static void words(void **state)
{
    (void)state;
    static const char *const t[][2] = {
        {"Bravo came twice", "host-1 came twice"},
        {"on bravo, not on bravos or abravo", "on host-1, not on bravos or abravo"},
        {"x-bravo.example", "x-host-1.example"},
        {"mail.zip:day1/a b.txt:17", "file-001:17"},
        {"'day1/a b.txt' and a b.txt", "'file-001' and file-001"},
        {"captures/never/seen.txt: cannot open", "folder-1 cannot open"},
        {"in captures/", "in folder-1"},
        {"no captures here", "no captures here"},
        {"no pool of 2 captures", "no pool of 2 captures"},
        {"pool: cannot open 'POOL'", "file-002: cannot open 'file-002'"},
        {"pool", "file-002"},
        {"the pool: full", "the pool: full"},
        {"a", "a"},
        {"a leak on srv01, the Big one", "a leak on file-004, the file-005 one"},
        {"of zeta, not of 'zeta'", "of host-2, not of 'host-2'"},
        {"\xc3\xa4"
         "bravo",
         "\xc3\xa4"
         "bravo"},
        {"", ""},
    };
    struct redact r = {.n = 0};
    (void)name_of(&r, REDACT_HOST, "BRAVO");
    (void)name_of(&r, REDACT_FILE, "mail.zip:day1/a b.txt");
    (void)name_of(&r, REDACT_FOLDER, "./captures/");
    (void)name_of(&r, REDACT_FILE, "x/pool");
    (void)name_of(&r, REDACT_FILE, "x/zeta");
    (void)name_of(&r, REDACT_HOST, "ZETA");
    (void)name_of(&r, REDACT_FILE, "x/SRV01");
    (void)name_of(&r, REDACT_FILE, "x/Big");
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[80];
        (void)snprintf(text, sizeof text, "%s", t[i][0]);
        redact_words_in(&r, text, sizeof text);
        assert_string_equal(text, t[i][1]);
    }
    char small[9] = "bravo  x";
    redact_words_in(&r, small, sizeof small);
    assert_string_equal(small, "host-1  ");
    redact_free(&r);
}

static void places(void **state)
{
    (void)state;
    static const char *const t[][2] = {
        {"web01.txt", "file-001"},
        {"file-001:17", "file-001:17"},
        {"web01.txt:17", "file-001:17"},
        {"case.yaml:3:14", "file-002:3:14"},
        {"-:3", "-:3"},
        {"standard output", "standard output"},
        {"file-0011", "file-003"},
        {":5", "file-004"},
        {"", ""},
    };
    struct redact r = {.n = 0};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char place[40];
        (void)snprintf(place, sizeof place, "%s", t[i][0]);
        redact_place(&r, place, sizeof place);
        assert_string_equal(place, t[i][1]);
    }
    redact_free(&r);
}

static void an_error_quotes_nothing(void **state)
{
    (void)state;
    struct redact r = {.n = 0};
    struct err e = {0};
    (void)err_set(&e, ERR_FORMAT, "the pool's key is 'C:\\it's mine', not 'x'");
    err_place(&e, "mine.yaml", 4);
    err_hint(&e, "see mine.yaml");
    redact_err(&r, &e);
    assert_string_equal(e.place, "file-001:4");
    assert_string_equal(e.text, "the pool's key is '...'");
    assert_string_equal(e.hint, "see file-001");
    err_clear(&e);
    (void)err_set(&e, ERR_FORMAT, "found 'ab'");
    err_place(&e, "mine.yaml", 0);
    redact_err(&r, &e);
    assert_string_equal(e.text, "found '..'");
    err_clear(&e);
    (void)err_set(&e, ERR_IO, "%383s", "long name mine.yam");
    redact_err(&r, &e);
    assert_null(strstr(e.text, "mine"));
    redact_free(&r);
}

static void drivers(void **state)
{
    (void)state;
    static const char *const t[][2] = {
        {"leaky.sys", "leaky.sys"},
        {"[C:\\Users\\Bob B\\x\\leaky.sys]", "[leaky.sys]"},
        {"[\\\\srv\\share\\leaky.sys - its pool]", "[leaky.sys - its pool]"},
        {"C:/Users/bob/leaky.sys", "leaky.sys"},
        {"from /home/bob/x/leaky.sys", "from leaky.sys"},
        {"~/x.sys", "x.sys"},
        {"nt!io - reads/writes of I/O", "nt!io - reads/writes of I/O"},
        {"reads/writes by C:\\a\\b.sys", "reads/writes by b.sys"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct buf out = {0};
        struct err e = {0};
        assert_int_equal(redact_driver(t[i][0], &out, &e), 0);
        assert_int_equal(buf_byte(&out, 0, &e), 0);
        assert_string_equal(out.p, t[i][1]);
        buf_free(&out);
    }
}

static void facts(void **state)
{
    (void)state;
    struct buf out = {0};
    struct err e = {0};
    assert_int_equal(redact_facts("build=3790\nOwner=bob\nnonsense\ndriver_version=7\n"
                                  "processors=4\nlayout=C:\\bob\nbuilder=bob",
                                  &out, &e),
                     0);
    assert_int_equal(buf_byte(&out, 0, &e), 0);
    assert_string_equal(out.p, "build=3790\ndriver_version=7\nprocessors=4\n");
    buf_free(&out);
}

static uint32_t intern(struct pool_snapshot *s, const char *text)
{
    uint32_t at;
    assert_int_equal(pool_snapshot_intern(s, text, strlen(text), &at, NULL), 0);
    return at;
}

static void a_snapshot(void **state)
{
    (void)state;
    struct redact r = {.n = 0};
    struct pool_snapshot s = {.uptime_s = -1};
    struct err e = {0};
    s.host = intern(&s, "WEB01");
    s.source = intern(&s, "day1/web01.txt");
    s.format = intern(&s, "poolmon");
    s.dress.head = intern(&s, "C:\\Users\\bob>");
    s.dress.verbatim = true;
    assert_int_equal(note_add(&s.notes, &e, NOTE_PROSE, 3, "passed over: bob"), 0);
    assert_int_equal(redact_snapshot(NULL, "x.psz", &s, &e), 0);
    assert_string_equal(pool_snapshot_str(&s, s.host), "WEB01");
    assert_int_equal(redact_snapshot(&r, "file-007", &s, &e), 0);
    assert_string_equal(pool_snapshot_str(&s, s.host), "host-1");
    assert_string_equal(pool_snapshot_str(&s, s.source), "file-001");
    assert_string_equal(pool_snapshot_str(&s, s.format), "poolmon");
    assert_int_equal(s.dress.head, 0);
    assert_false(s.dress.verbatim);
    assert_string_equal(note_text(&s.notes, &s.notes.v[0]), note_meaning(NOTE_PROSE));
    assert_int_equal(s.notes.v[0].line, 3);
    assert_null(pool_snapshot_valid(&s));
    /* of its own input the name is given already */
    s.source = intern(&s, "file-007");
    assert_int_equal(redact_snapshot(&r, "file-007", &s, &e), 0);
    assert_string_equal(pool_snapshot_str(&s, s.source), "file-007");
    pool_snapshot_free(&s);
    redact_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_name_one_number),
        cmocka_unit_test(nothing_and_standard_input_stay),
        cmocka_unit_test(a_picked_snapshot_keeps_its_number),
        cmocka_unit_test(words),
        cmocka_unit_test(places),
        cmocka_unit_test(an_error_quotes_nothing),
        cmocka_unit_test(drivers),
        cmocka_unit_test(facts),
        cmocka_unit_test(a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
