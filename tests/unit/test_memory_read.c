/* SPDX-License-Identifier: MIT */
/* Every reader, with memory that runs out at each of its allocations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/every.h"
#include "tests/unit/memory_reading.h"

static uint64_t try_all(const struct reader_opts *o)
{
    struct every f;
    uint64_t tried = 0;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        struct buf b = load_file(f.path[i]);
        struct memory_source from = {f.path[i], &b, *o};
        tried += memory_try(f.path[i], memory_read_source, &from, 400);
        buf_free(&b);
    }
    every_free(&f);
    return tried;
}

static void readers(void **state)
{
    (void)state;
    const struct reader_opts o = {.limits = LIMITS_DEFAULT};
    assert_true(try_all(&o) > 15000);
}

static void readers_that_remember(void **state)
{
    (void)state;
    const struct reader_opts o = {.follow = true, .limits = LIMITS_DEFAULT};
    assert_true(try_all(&o) > 15000);
}

static void readers_of_damaged_archives(void **state)
{
    (void)state;
    const struct reader_opts o = {.salvage = true, .limits = LIMITS_DEFAULT};
    assert_true(try_all(&o) > 15000);
}

/* Our own tables, of which there are no fixtures. */
static void tidy_tables(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
    } t[] = {{"t.csv",
              "snapshot,record,source,host,completeness,tag_hex,pool,bytes,owner,event,"
              "event_count\n"
              "1,capture,a.txt,WEB01,whole,50726f63,paged,4096,nt!ps,,\n"
              "1,capture,a.txt,WEB01,whole,46696c65,paged,8,,,\n"
              "2,events,b.log,WEB01,whole,,,,,event-2019,1\n"},
             {"t.jsonl",
              "{\"snapshot\":1,\"host\":\"WEB01\",\"completeness\":\"whole\",\"tag_hex\":"
              "\"50726f63\",\"pool\":\"paged\",\"owner\":\"\\u00e9 and \\t more\"}\n"
              "{\"snapshot\":2,\"host\":\"WEB02\",\"completeness\":\"whole\",\"tag_hex\":"
              "\"46696c65\",\"pool\":\"paged\"}\n{\"snapshot\":\n"}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct buf b = {0};
        assert_int_equal(buf_append(&b, t[i].text, strlen(t[i].text), NULL), 0);
        struct memory_source from = {t[i].name, &b, {.limits = LIMITS_DEFAULT}};
        assert_true(memory_try(t[i].name, memory_read_source, &from, 400) > 20);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tidy_tables),
        cmocka_unit_test(readers),
        cmocka_unit_test(readers_that_remember),
        cmocka_unit_test(readers_of_damaged_archives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
