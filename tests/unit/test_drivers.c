/* SPDX-License-Identifier: MIT */
/* Which of many made-up drivers allocates under a tag, and how that is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/render/drivers.h"
#include "tests/tools/pe.h"
#include "tests/tools/zipout.h"
#include "tests/unit/render_output.h"

static const char *const pool[] = {"ExAllocatePoolWithTag", "ExFreePoolWithTag", NULL};
static const char *const pool2[] = {"ExAllocatePool2", NULL};
static const char *const ndis[] = {"NdisAllocateMemoryWithTag", NULL};
static const char *const framework[] = {"WdfVersionBind", NULL};
static const char *const resolver[] = {"MmGetSystemRoutineAddress", NULL};
static const char *const nothing[] = {"IoCreateDevice", NULL};

/* Files in one folder, which the teardown removes. */
struct folder_of {
    char path[64];
    char *files[40];
    size_t n;
};

static char *joined(const char *folder, const char *name)
{
    size_t n = strlen(folder) + strlen(name) + 2;
    char *path = malloc(n);
    assert_non_null(path);
    (void)snprintf(path, n, "%s/%s", folder, name);
    return path;
}

static void add_bytes(struct folder_of *f, const char *name, const void *p, size_t n)
{
    char *path = joined(f->path, name);
    f->files[f->n++] = path;
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(p, 1, n, out), n);
    assert_int_equal(fclose(out), 0);
}

static void add_pe(struct folder_of *f, const char *name, struct made_pe m)
{
    struct buf b = {0};
    if (m.tag == NULL)
        m.tag = "Kd1x";
    if (m.machine == 0)
        m.machine = f->n % 2 ? MADE_X86 : MADE_X64;
    assert_int_equal(made_pe(&b, &m), 0);
    add_bytes(f, name, b.p, b.n);
    buf_free(&b);
}

static int setup(void **state)
{
    struct folder_of *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    (void)snprintf(f->path, sizeof f->path, "build/drivers-XXXXXX");
    *state = f;
    return mkdtemp(f->path) != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    struct folder_of *f = *state;
    for (size_t i = 0; i < f->n; i++) {
        (void)remove(f->files[i]);
        free(f->files[i]);
    }
    (void)rmdir(f->path);
    free(f);
    return 0;
}

static int scan(struct drivers *d, const char *const *tags, size_t n, const char *where,
                struct term *t, struct err *e)
{
    struct pool_tag v[DRIVER_TAGS];
    for (size_t i = 0; i < n && i < DRIVER_TAGS; i++)
        v[i] = tag_from(tags[i], 4);
    return drivers_scan(d, v, n, &where, 1, t, e);
}

static void must_scan(struct drivers *d, const char *tag, const char *where)
{
    struct term t = {.quiet = true};
    struct err e = {0};
    assert_int_equal(scan(d, &tag, 1, where, &t, &e), 0);
    assert_false(t.failed);
}

static const char *base(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash != NULL ? slash + 1 : file;
}

/* ---- ranking ---- */

static void fill(struct folder_of *f)
{
    static const char *const innocent[] = {"acpi",     "disk",  "fastfat", "hidusb",
                                           "kbdclass", "mouse", "ntfs",    "pci",
                                           "serial",   "usbhub"};
    for (size_t i = 0; i < 10; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s.sys", innocent[i]);
        add_pe(f, name,
               (struct made_pe){.imports = i % 3 ? pool : pool2, .company = "Inn"});
    }
    add_pe(f, "a-text.sys", (struct made_pe){.imports = pool, .put = PUT_TEXT});
    add_pe(f, "b-overlay.sys", (struct made_pe){.imports = pool, .put = PUT_OVERLAY});
    add_pe(f, "c-string.sys", (struct made_pe){.imports = pool, .put = PUT_STRING});
    add_pe(f, "d-table.sys", (struct made_pe){.imports = pool, .put = PUT_TABLE});
    add_pe(f, "e-stray.sys", (struct made_pe){.imports = pool, .put = PUT_STRAY});
    add_pe(f, "f-noalloc.exe", (struct made_pe){.imports = nothing, .put = PUT_NUMBER});
    add_pe(f, "g-resolver.sys", (struct made_pe){.imports = resolver, .put = PUT_NUMBER});
    add_pe(f, "h-number.sys", (struct made_pe){.imports = pool, .put = PUT_NUMBER});
    add_pe(f, "i-wdf.sys", (struct made_pe){.imports = framework, .put = PUT_NUMBER});
    add_pe(f, "k-backwards.sys", (struct made_pe){.imports = pool, .put = PUT_BACKWARDS});
    add_pe(f, "z-right.sys",
           (struct made_pe){.imports = ndis, .put = PUT_CALL, .company = "Right Corp"});
    add_bytes(f, "readme.txt", "no driver, Kd1x\n", 16);
}

static void the_right_file_is_first(void **state)
{
    static const struct {
        const char *file;
        enum driver_score score;
    } wanted[] = {
        {"z-right.sys", DRIVER_VERY_LIKELY}, {"h-number.sys", DRIVER_VERY_LIKELY},
        {"i-wdf.sys", DRIVER_VERY_LIKELY},   {"e-stray.sys", DRIVER_LIKELY},
        {"g-resolver.sys", DRIVER_POSSIBLE}, {"c-string.sys", DRIVER_POSSIBLE},
        {"d-table.sys", DRIVER_POSSIBLE},    {"k-backwards.sys", DRIVER_POSSIBLE},
        {"f-noalloc.exe", DRIVER_UNLIKELY},  {"a-text.sys", DRIVER_UNLIKELY},
        {"b-overlay.sys", DRIVER_UNLIKELY},
    };
    struct folder_of *f = *state;
    struct drivers d;
    fill(f);
    must_scan(&d, "Kd1x", f->path);
    assert_int_equal(d.files, 21);
    assert_int_equal(d.others, 1);
    assert_int_equal(d.failed, 0);
    assert_int_equal(d.n, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < d.n; i++) {
        assert_string_equal(base(d.v[i].file), wanted[i].file);
        assert_int_equal(d.v[i].score, wanted[i].score);
    }
    assert_string_equal(d.v[0].version.company, "Right Corp");
    assert_true(driver_is_reversed(&d.v[7]));
    drivers_free(&d);
}

static void absent_is_no_answer(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    fill(f);
    must_scan(&d, "Zz9!", f->path);
    assert_int_equal(d.n, 0);
    assert_int_equal(d.files, 21);
    drivers_free(&d);
}

static void the_protected_bit_is_looked_through(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    add_pe(f, "old.sys",
           (struct made_pe){.tag = "Kd1\xf8", .imports = pool, .put = PUT_CALL});
    must_scan(&d, "Kd1x", f->path);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.v[0].score, DRIVER_VERY_LIKELY);
    drivers_free(&d);
}

static void a_palindrome_is_counted_once(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    add_pe(f, "x.sys", (struct made_pe){.tag = "KddK", .imports = pool, .put = PUT_CALL});
    must_scan(&d, "KddK", f->path);
    assert_int_equal(d.n, 1);
    assert_int_equal(driver_total(&d.v[0].hits), 1);
    assert_int_equal(driver_total(&d.v[0].reversed), 0);
    drivers_free(&d);
}

static void several_tags_are_one_pass(void **state)
{
    static const char *const tags[] = {"Aaa1", "Bbb2", "Ccc3"};
    struct folder_of *f = *state;
    struct drivers d;
    struct term t = {.quiet = true};
    struct err e = {0};
    add_pe(f, "a.sys", (struct made_pe){.tag = "Bbb2", .imports = pool, .put = PUT_CALL});
    add_pe(f, "b.sys",
           (struct made_pe){.tag = "Aaa1", .imports = pool, .put = PUT_TABLE});
    assert_int_equal(scan(&d, tags, 3, f->path, &t, &e), 0);
    assert_int_equal(d.n, 2);
    assert_string_equal(base(d.v[0].file), "b.sys");
    assert_int_equal(d.v[0].which, 0);
    assert_string_equal(base(d.v[1].file), "a.sys");
    assert_int_equal(d.v[1].which, 1);
    drivers_free(&d);
    const char *many[DRIVER_TAGS + 1] = {NULL};
    for (size_t i = 0; i <= DRIVER_TAGS; i++)
        many[i] = tags[0];
    assert_int_equal(scan(&d, many, DRIVER_TAGS + 1, f->path, &t, &e), ERR_USAGE);
    assert_int_equal(scan(&d, tags, 0, f->path, &t, &e), ERR_USAGE);
}

/* ---- where the files are ---- */

static void damaged_files_are_searched_all_the_same(void **state)
{
    struct folder_of *f = *state;
    struct buf b = {0};
    struct drivers d;
    struct made_pe m = {.machine = MADE_X64,
                        .tag = "Kd1x",
                        .imports = pool,
                        .put = PUT_CALL | PUT_STRING};
    assert_int_equal(made_pe(&b, &m), 0);
    add_bytes(f, "cut.sys", b.p, 0x600); /* behind the code, before the imports */
    b.p[0x80] = 'N';
    add_bytes(f, "nohead.sys", b.p, b.n);
    add_bytes(f, "mz.sys", b.p, 2);
    add_bytes(f, "empty.sys", b.p, 0);
    must_scan(&d, "Kd1x", f->path);
    assert_int_equal(d.files, 3);
    assert_int_equal(d.others, 1);
    assert_int_equal(d.n, 2);
    assert_string_equal(base(d.v[0].file), "cut.sys");
    assert_int_equal(d.v[0].score, DRIVER_POSSIBLE);
    assert_int_equal(d.v[0].hits.immediate, 1);
    assert_false(d.v[0].imports.read);
    assert_string_equal(d.v[0].damage, "the file ends inside its section .rdata");
    assert_string_equal(base(d.v[1].file), "nohead.sys");
    assert_int_equal(d.v[1].score, DRIVER_POSSIBLE);
    assert_int_equal(d.v[1].hits.at[PE_OVERLAY], 2);
    assert_string_equal(d.v[1].damage, "it has no PE header");
    drivers_free(&d);
    buf_free(&b);
}

static void a_zip_is_a_folder(void **state)
{
    struct folder_of *f = *state;
    struct buf pe = {0}, big = {0};
    struct drivers d;
    struct zip_out z = {0};
    struct err e = {0};
    const struct civil when = {.year = 2024, .month = 3, .day = 1};
    struct made_pe m = {
        .machine = MADE_X64, .tag = "Kd1x", .imports = pool, .put = PUT_CALL};
    assert_int_equal(made_pe(&pe, &m), 0);
    made_bytes(&big, pe.p, pe.n);
    made_fill(&big, 0, (size_t)5 << 20); /* more than is held in memory */
    made_bytes(&big, "Kd1x", 4);
    assert_int_equal(zip_out_add(&z, "drivers/small.sys", &when, pe.p, pe.n, &e), 0);
    assert_int_equal(zip_out_add(&z, "drivers/big.sys", &when, big.p, big.n, &e), 0);
    assert_int_equal(zip_out_add(&z, "notes.txt", &when, (const uint8_t *)"text", 4, &e),
                     0);
    assert_int_equal(zip_out_end(&z, &e), 0);
    add_bytes(f, "mail.zip", z.bytes.p, z.bytes.n);
    zip_out_free(&z);
    must_scan(&d, "Kd1x", f->files[0]);
    assert_int_equal(d.files, 2);
    assert_int_equal(d.others, 1);
    assert_int_equal(d.n, 2);
    assert_string_equal(base(d.v[0].file), "big.sys");
    assert_int_equal(d.v[0].hits.at[PE_OVERLAY], 1);
    assert_int_equal(d.v[0].hits.before_call, 1);
    assert_string_equal(base(d.v[1].file), "small.sys");
    drivers_free(&d);
    buf_free(&pe);
    buf_free(&big);
}

static void what_is_no_driver_is_said(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    struct term t = {.quiet = true};
    struct err e = {0};
    const char *tag = "Kd1x";
    add_bytes(f, "x.txt", "text", 4);
    assert_int_equal(scan(&d, &tag, 1, f->path, &t, &e), ERR_EMPTY);
    assert_non_null(strstr(e.hint, ".sys"));
    assert_false(t.failed);
}

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
            assert_int_equal(csv_drivers(&x.r, &d), 0);
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
    assert_int_equal(csv_drivers(&x.r, &d), 0);
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
        TEST(the_right_file_is_first),
        TEST(absent_is_no_answer),
        TEST(the_protected_bit_is_looked_through),
        TEST(a_palindrome_is_counted_once),
        TEST(several_tags_are_one_pass),
        TEST(damaged_files_are_searched_all_the_same),
        TEST(a_zip_is_a_folder),
        TEST(what_is_no_driver_is_said),
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
