/* SPDX-License-Identifier: MIT */
/* Who allocates under a tag, as people and machines are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/render/drivers.h"
#include "tests/unit/driver_folder.h"
#include "tests/unit/render_output.h"

/* ---- telling ---- */

static void people_are_told_why(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    struct output x;
    fill(f);
    must_scan(&d, "Kd1x", f->path);
    start(&x, "text");
    struct page g = page_of(&x.r);
    assert_int_equal(people_drivers(&g, &d), 0);
    const char *s = finish(&x);
    assert_non_null(strstr(s, "Kd1x: z-right.sys (Right Corp), h-number.sys and"));
    assert_non_null(
        strstr(s, "its code (.text) uses the tag as a number once, once right"));
    assert_non_null(strstr(s, "imports NdisAllocateMemoryWithTag"));
    assert_non_null(strstr(s, "the driver framework"));
    assert_non_null(strstr(s, "Searched 21 drivers and programs; 1 other file is none."));
    assert_null(strstr(s, "findstr"));
    for (const char *line = s; *line != '\0'; line += strcspn(line, "\n") + 1)
        assert_in_range(strcspn(line, "\n"), 0, 80);
    buf_free(&x.b);
    drivers_free(&d);

    must_scan(&d, "Zz9!", f->path);
    start(&x, "text");
    g = page_of(&x.r);
    assert_int_equal(people_drivers(&g, &d), 0);
    s = finish(&x);
    assert_non_null(strstr(s, "Zz9!: none of 21 files holds these four bytes"));
    assert_non_null(strstr(s, "findstr /m /l /c:\"Zz9!\" %SystemRoot%"));
    buf_free(&x.b);
    drivers_free(&d);
}

/* Every reason, in its place and number. */
static void reasons_say_what_was_seen(void **state)
{
    (void)state;
    static const struct {
        struct driver d;
        const char *words; /* all reasons, one a line */
    } table[] = {
        {{.sections_known = true,
          .hits = {.at = {[PE_CODE] = 5, [PE_DATA] = 2},
                   .immediate = 3,
                   .before_call = 2,
                   .n_sections = 2,
                   .sections = {{"PAGE", PE_CODE, 5}, {".data", PE_DATA, 2}}},
          .imports = {.read = true, .framework = true}},
         "its code (PAGE) uses the tag as a number 3 times, twice right before a call of "
         "an "
         "allocator; elsewhere in code twice\n"
         "besides in data (.data) twice\n"
         "imports no allocator, but the driver framework, which allocates for it\n"},
        {{.sections_known = true,
          .hits = {.at = {[PE_CODE] = 1, [PE_OVERLAY] = 3}, .text = {[PE_OVERLAY] = 1}},
          .imports = {.read = true, .provides = true}},
         "the four bytes occur in code once, not as the number of an instruction\n"
         "besides behind the last section (overlay) 3 times\n"
         "of these 1 stands inside longer text, where words hold four letters by chance\n"
         "is the kernel: it provides the allocators\n"},
        {{.sections_known = true,
          .hits = {.at = {[PE_RESOURCES] = 1, [PE_HEADERS] = 1},
                   .text = {[PE_RESOURCES] = 1, [PE_HEADERS] = 1}},
          .imports = {.read = true, .resolves = true}},
         "the four bytes are only in resources once, in the headers once\n"
         "they stand inside longer text, where words hold four letters by chance\n"
         "imports no allocator, but looks functions up while it runs\n"},
        {{.hits = {.at = {[PE_OVERLAY] = 1}, .text = {[PE_OVERLAY] = 1}},
          .damage = "it has no sections"},
         "the four bytes are only somewhere in the file once\n"
         "it stands inside longer text, where words hold four letters by chance\n"
         "what it imports cannot be read\n"
         "it is damaged: it has no sections\n"},
        {{.tag = {{'T', 'a', 'g', '1'}},
          .sections_known = true,
          .reversed = {.at = {[PE_CODE] = 2}, .immediate = 2},
          .imports = {.read = true,
                      .n_allocators = 5,
                      .allocators = {"A", "B", "C", "D", "E"}}},
         "the tag read backwards: twice, in code as a number twice; if the tag was typed "
         "as "
         "C source spells it, poolmon shows 1gaT\n"
         "imports A, B, C and 2 more allocators\n"},
        {{.sections_known = true,
          .reversed = {.at = {[PE_DATA] = 1}},
          .imports = {.read = true}},
         "the tag read backwards: once\n"
         "imports no allocator: unlikely\n"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct buf all = {0};
        struct phrase p;
        phrase_start(&p, false);
        for (size_t k = 0; words_driver_reason(&p, &table[i].d, k); k++) {
            assert_int_equal(buf_printf(&all, NULL, "%s\n", p.s), 0);
            phrase_start(&p, false);
        }
        assert_string_equal((const char *)all.p, table[i].words);
        buf_free(&all);
    }
}

static void what_to_run_is_for_machines_too(void **state)
{
    (void)state;
    static const struct {
        const char *tag, *json;
    } table[] = {
        {"Irp ", "\"findstr\": \"findstr /m /l /c:\\\"Irp \\\" %SystemRoot%\\\\System32"},
        {"a\"bc", "\"findstr\": null, \"powershell\": \"Get-ChildItem "},
    };
    for (size_t i = 0; i < 2; i++) {
        struct output x;
        start(&x, "json");
        assert_int_equal(json_begin(&x.r, "tags"), 0);
        json_find_driver(x.r.json, tag_from(table[i].tag, 4));
        json_end(&x.r);
        const char *s = finish(&x);
        if (strstr(s, table[i].json) == NULL)
            fail_msg("%s", s);
        buf_free(&x.b);
    }
}

/* A file says of itself what it likes: no terminal and no page obeys it. */
static void names_are_inert(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    struct output x;
    static const char *const renderers[] = {"text", "markdown", "csv", "json"};
    static const char *const names[] = {"ExAllocatePool\x1b[2JX", NULL};
    add_pe(f, "evil.sys",
           (struct made_pe){.imports = names,
                            .put = PUT_CALL,
                            .company = "=cmd\x1b[31m|</script>`\n",
                            .product = "\xe2\x80\xae",
                            .description = "`x`",
                            .version = "\x07"});
    must_scan(&d, "Kd1x", f->path);
    assert_int_equal(d.v[0].score, DRIVER_VERY_LIKELY);
    for (int i = 0; i < 4; i++) {
        start(&x, renderers[i]);
        if (i == 2) {
            csv_drivers(&x.r, &d);
        } else if (i == 3) {
            assert_int_equal(json_begin(&x.r, "tags"), 0);
            json_drivers(x.r.json, &d, 0);
            json_end(&x.r);
        } else {
            struct page g = page_of(&x.r);
            assert_int_equal(people_drivers(&g, &d), 0);
        }
        const char *s = finish(&x);
        assert_null(strchr(s, '\x1b'));
        assert_null(strchr(s, '\x07'));
        if (i != 3)
            assert_null(strstr(s, "\xe2\x80\xae"));
        if (i == 2)
            assert_null(strstr(s, ",=cmd"));
        buf_free(&x.b);
    }
    drivers_free(&d);
}

static void machines_get_every_figure(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    struct output x;
    add_pe(f, "one.sys",
           (struct made_pe){.machine = MADE_X64,
                            .imports = pool,
                            .put = PUT_CALL | PUT_TEXT | PUT_OVERLAY,
                            .company = "Example, Inc.",
                            .product = "P",
                            .description = "D",
                            .version = "1.0"});
    must_scan(&d, "Kd1x", f->path);
    start(&x, "json");
    assert_int_equal(json_begin(&x.r, "tags"), 0);
    json_drivers(x.r.json, &d, 0);
    json_end(&x.r);
    const char *s = finish(&x);
    static const char *const parts[] = {
        "\"drivers\":",
        "\"score\": \"very-likely\"",
        "\"machine\": \"x64\"",
        "\"code\": 1",
        "\"data\": 1",
        "\"overlay\": 1",
        "\"code_immediate\": 1",
        "\"before_call\": 1",
        "\"in_text\": 1",
        "\"allocates\": true",
        "\"company\": \"Example, Inc.\"",
        "\"version\": \"1.0\"",
        "\"drivers_read\":",
        "\"files\": 1",
        "\"damage\": null",
        "\"ExAllocatePoolWithTag\"",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(s, parts[i]) == NULL)
            fail_msg("%s is not in %s", parts[i], s);
    buf_free(&x.b);
    start(&x, "csv");
    csv_drivers(&x.r, &d);
    s = finish(&x);
    assert_non_null(strstr(s, "one.sys,very-likely,x64,1,1,0,0,1,1,1,1,0,true,"
                              "ExAllocatePoolWithTag,\"Example, Inc.\",P,D,1.0,,\r\n"));
    buf_free(&x.b);
    drivers_free(&d);
}

/* ---- on the machine itself ---- */

static void lines_are_quoted_for_their_shells(void **state)
{
    (void)state;
    static const struct {
        const char *tag, *findstr, *powershell;
    } table[] = {
        {"ISil", "findstr /m /l ISil %SystemRoot%\\System32\\drivers\\*.sys", "'ISil')"},
        {"Irp ", "findstr /m /l /c:\"Irp \" %SystemRoot%\\System32\\drivers\\*.sys",
         "'Irp ')"},
        {"a b ", "findstr /m /l /c:\"a b \" %SystemRoot%\\System32\\drivers\\*.sys",
         "'a b ')"},
        {"/abc", "findstr /m /l /c:\"/abc\" %SystemRoot%\\System32\\drivers\\*.sys",
         "'/abc')"},
        {"a&|>", "findstr /m /l /c:\"a&|>\" %SystemRoot%\\System32\\drivers\\*.sys",
         "'a&|>')"},
        {"abc\\", "findstr /m /l /c:\"abc\\\\\" %SystemRoot%\\System32\\drivers\\*.sys",
         "'abc\\')"},
        {"it's", "findstr /m /l /c:\"it's\" %SystemRoot%\\System32\\drivers\\*.sys",
         "'it''s')"},
        {"$x`y", "findstr /m /l /c:\"$x`y\" %SystemRoot%\\System32\\drivers\\*.sys",
         "'$x`y')"},
        {"a\"&b", NULL, "'a\"&b')"},
        {"%ab%", NULL, "'%ab%')"},
        {"50% ", NULL, "'50% ')"},
        {"ab\0\0", NULL, "(-join [char[]](97,98,0,0)))"},
        {"ab\xe9\x80", NULL, "(-join [char[]](97,98,233,128)))"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char line[FIND_MAX], parts[FIND_PARTS][FIND_MAX];
        struct pool_tag t = tag_from(table[i].tag, 4);
        assert_int_equal(find_by_findstr(t, line), table[i].findstr != NULL);
        if (table[i].findstr != NULL)
            assert_string_equal(line, table[i].findstr);
        assert_int_equal(find_by_powershell(t, parts), FIND_PARTS);
        if (strncmp(parts[3], table[i].powershell, strlen(table[i].powershell)) != 0)
            fail_msg("%s", parts[3]);
        for (size_t k = 0; k < FIND_PARTS; k++)
            assert_in_range(strlen(parts[k]), 1, 76);
        for (size_t k = 0; k + 1 < FIND_PARTS; k++) /* PowerShell waits for more */
            assert_non_null(strchr("|(,", parts[k][strlen(parts[k]) - 1]));
    }
}

static void markdown_fences_the_lines(void **state)
{
    (void)state;
    struct output x;
    start(&x, "markdown");
    struct page g = page_of(&x.r);
    people_find_driver(&g, tag_from("```x", 4));
    const char *s = finish(&x);
    assert_non_null(strstr(s, "\n```\nfindstr /m /l /c:\"```x\" %SystemRoot%"));
    assert_non_null(strstr(s, "\n```\nGet-ChildItem "));
    assert_non_null(strstr(s, "CompanyName}}\n```\n"));
    buf_free(&x.b);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(people_are_told_why),
        cmocka_unit_test(reasons_say_what_was_seen),
        cmocka_unit_test(what_to_run_is_for_machines_too),
        TEST(names_are_inert),
        TEST(machines_get_every_figure),
        cmocka_unit_test(lines_are_quoted_for_their_shells),
        cmocka_unit_test(markdown_fences_the_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
