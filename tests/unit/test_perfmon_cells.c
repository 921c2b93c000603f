/* SPDX-License-Identifier: MIT */
/* Cells of counter logs, each in many forms: titles, times, values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "captures.h"
#include "formats/beside/perfmon.h"
#include "formats/when.h"

#define ZONE   "\"(PDH-CSV 4.0) (UTC)(0)\""
#define NP     "\\Memory\\Pool Nonpaged Bytes"
#define P      "\\Memory\\Pool Paged Bytes"
#define WHEN   "06/03/2014 01:10:00.007"
#define SAMPLE "\"" WHEN "\""

/* The first record of a text: what it holds of its totals, in KiB, and whose. */
static void told(const struct captures *c, char out[256])
{
    static const struct {
        enum total_field field;
        const char *name;
    } totals[] = {{TOTAL_NONPAGED_KIB, "np"},    {TOTAL_PAGED_KIB, "p"},
                  {TOTAL_INRAM_PAGED_KIB, "in"}, {TOTAL_AVAIL_KIB, "avail"},
                  {TOTAL_COMMIT_KIB, "commit"},  {TOTAL_LIMIT_KIB, "limit"}};
    (void)snprintf(out, 256, "none");
    if (c->n == 0)
        return;
    const struct pool_snapshot *s = &c->v[0];
    int n = snprintf(out, 256, "%s:", pool_snapshot_str(s, s->host));
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++)
        if ((s->totals.given & 1u << totals[i].field) != 0)
            n += snprintf(out + n, 256 - (size_t)n, " %s %llu", totals[i].name,
                          (unsigned long long)s->totals.v[totals[i].field]);
    if (s->notes.seen[NOTE_FILTERED] > 0)
        n += snprintf(out + n, 256 - (size_t)n, " filtered");
    if (s->notes.seen[NOTE_HEADER_DAMAGED] > 0)
        n += snprintf(out + n, 256 - (size_t)n, " damaged");
    if (s->notes.seen[NOTE_CUT] > 0)
        (void)snprintf(out + n, 256 - (size_t)n, " cut");
}

static void check(const char *text, const char *want)
{
    char out[256];
    struct captures c = captures_text(text);
    told(&c, out);
    if (strcmp(out, want) != 0)
        fail_msg("%s: '%s'", text, out);
    captures_free(&c);
}

static void test_titles(void **state)
{
    (void)state;
    static const struct {
        const char *titles, *values, *told;
    } t[] = {
        {",\"" NP "\"", ",\"1024\"", ": np 1"},
        {"," NP, ",1024", ": np 1"},
        {",\"" P "\"", ",\"2048\"", ": p 2"},
        {",\"\\\\WEB01" NP "\",\"\\\\WEB01" P "\"", ",1024,2048", "WEB01: np 1 p 2"},
        {",\"\\\\WEB01\\memory\\pool NONPAGED bytes\"", ",1024", "WEB01: np 1"},
        {", \"\\\\WEB01" NP "\" ", ", \"1024\" ", "WEB01: np 1"},
        {",\"\\\\W,1" NP "\",\"\\\\W,1" P "\"", ",1024,2048", "W,1: np 1 p 2"},
        {",\"\\\\WEB01\\Memory\\Pool Paged Resident Bytes\",\"\\\\WEB01" NP "\"",
         ",3072,1024", "WEB01: np 1 in 3"},
        {"," NP ",\\Memory\\Available Bytes", ",1024,5120", ": np 1 avail 5"},
        {"," NP ",\\Memory\\Available KBytes", ",1024,5120", ": np 1 avail 5120"},
        {"," NP ",\\Memory\\Available MBytes", ",1024,2", ": np 1 avail 2048"},
        {"," NP ",\\Memory\\Committed Bytes,\\Memory\\Commit Limit", ",1024,2048,4096",
         ": np 1 commit 2 limit 4"},
        {"," NP ",\\Memory\\Pages/sec," P, ",1024,17,2048", ": np 1 p 2"},
        /* machines */
        {",\\\\A" NP ",\\\\B" NP ",\\\\a" P, ",1024,2048,3072", "A: np 1 p 3 filtered"},
        {",\\\\A\\Memory\\Commit Limit,\\\\B" NP, ",1024,2048", "B: np 2 filtered"},
        {",\\\\A" NP "," P, ",1024,2048", "A: np 1 filtered"},
        /* none of them */
        {",\\\\A\\Memory\\Commit Limit", ",1024", "none"},
        {",\\\\A" NP "s", ",1024", "none"},
        {",\\A" NP, ",1024", "none"},
        {",\\\\WEB01", ",1024", "none"},
        {",\\\\", ",1024", "none"},
        {"", "", "none"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, ZONE "%s\n" SAMPLE "%s\n", t[i].titles,
                       t[i].values);
        check(text, t[i].told);
    }
    check("\"(PDH-TSV 4.0) (UTC)(0)\"\t\"" NP "\"\n" SAMPLE "\t\"1024\"\n", ": np 1");
    check(" (pdh-csv 4.0)," NP "\n" WHEN ",1024\n", ": np 1");
    check("\"(PDH-CSV 4.0) (a, b)(0)\"," NP "\n" SAMPLE ",1024\n", ": np 1");
    check("\"(PDH-CSV 5.0) (UTC)(0)\"," NP "\n" SAMPLE ",1024\n", "none");
}

static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *value, *told;
    } t[] = {
        {"\"1024.000000\"", ": np 1 p 2"},
        {"\"1.024e3\"", ": np 1 p 2"},
        {"\"+1024\"", ": np 1 p 2"},
        {"\"1023.9\"", ": np 0 p 2"},
        {"\"2047\"", ": np 1 p 2"},
        {"\" 1024 \"", ": np 1 p 2"},
        {"\"0\"", ": np 0 p 2"},
        {"\"-0\"", ": np 0 p 2"},
        {"\" \"", ": p 2"},
        {"\"\"", ": p 2"},
        {"", ": p 2"},
        {"\"-1\"", ": np 4194303 p 2"},
        {"\"-2147483648\"", ": np 2097152 p 2"},
        {"\"-2147483649\"", ": p 2 damaged"},
        {"\"8e18\"", ": np 7812500000000000 p 2"},
        {"\"9e18\"", ": p 2 damaged"},
        {"\"1024 x\"", ": p 2 damaged"},
        {"\"nan\"", ": p 2 damaged"},
        {"\"0x10\"", ": p 2 damaged"},
        {"\"1,024\"", ": p 2 damaged"},
        {"\"e\"", ": p 2 damaged"},
        {"\"000000000000000000000000000000000000000000000000000000000001024\"",
         ": np 1 p 2"},
        {"\"0000000000000000000000000000000000000000000000000000000000001024\"",
         ": p 2 damaged"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, ZONE "," NP "," P "\n" SAMPLE ",%s,\"2048\"\n",
                       t[i].value);
        check(text, t[i].told);
    }
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *time; /* NULL: no sample begins so */
    } t[] = {
        {"06/03/2014 01:10:00.007", "2014-06-03T01:10:00.007Z"},
        {"06/03/2014 01:10:00", "2014-06-03T01:10:00Z"},
        {"12/31/2014  23:59:59.9", "2014-12-31T23:59:59.900Z"},
        {"13/31/2014 23:59:59", NULL},
        {"06/3/2014 01:10:00", NULL},
        {"06/003/2014 01:10:00", NULL},
        {"06-03/2014 01:10:00", NULL},
        {"06/03-2014 01:10:00", NULL},
        {"06/03/2014", NULL},
        {"06/03/2014 01:10:00 x", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512], time[WHEN_TEXT_MAX];
        (void)snprintf(text, sizeof text, ZONE "," NP "\n\"%s\",\"1024\"\n", t[i].cell);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        const struct pool_snapshot *s = &c.v[0];
        if ((s->time.source == TIME_CAPTURE) != (t[i].time != NULL))
            fail_msg("'%s'", t[i].cell);
        assert_int_equal(s->notes.seen[NOTE_CUT], t[i].time == NULL);
        if (t[i].time != NULL)
            assert_string_equal(when_text(&s->time, time), t[i].time);
        captures_free(&c);
    }
}

/* Heads that stand in the middle of a log begin another one where they name pools. */
static void test_heads_among_samples(void **state)
{
    (void)state;
    struct captures c = captures_text(ZONE ",\\\\A" NP "\n" SAMPLE ",1024\n" ZONE "," P
                                           ",\\Memory\\Commit Limit\n" SAMPLE
                                           ",2048,4096\n" SAMPLE ",3072,5120\n");
    assert_int_equal(c.n, 3);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].host), "A");
    assert_int_equal(c.v[1].host, 0);
    assert_int_equal(c.v[1].totals.given, 1u << TOTAL_PAGED_KIB | 1u << TOTAL_LIMIT_KIB);
    assert_int_equal(c.v[1].totals.v[TOTAL_PAGED_KIB], 2);
    assert_int_equal(c.v[2].totals.v[TOTAL_LIMIT_KIB], 5);
    assert_int_equal(c.v[2].line, 5);
    captures_free(&c);
    /* Samples below a head without pools are not those of the head before. */
    c = captures_text(ZONE "," NP "\n" SAMPLE ",1024\n" ZONE
                           ",\\Memory\\Commit Limit\n" SAMPLE ",2048\n" ZONE "," P
                           "\n" SAMPLE ",3072\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 1);
    assert_int_equal(c.v[1].totals.given, 1u << TOTAL_PAGED_KIB);
    assert_int_equal(c.v[1].totals.v[TOTAL_PAGED_KIB], 3);
    captures_free(&c);
}

/* Of a machine's name as much is kept as a name can be long. */
static void test_long_names(void **state)
{
    (void)state;
    char name[301] = "", text[1024];
    for (size_t n = 254; n <= 300; n += n < 257 ? 1 : 43) {
        memset(name, 'x', n);
        name[n] = '\0';
        (void)snprintf(text, sizeof text, ZONE ",\\\\%s" NP "\n" SAMPLE ",1024\n", name);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(strlen(pool_snapshot_str(&c.v[0], c.v[0].host)),
                         n < 255 ? n : 255);
        captures_free(&c);
    }
}

/* More counters than are kept: the last ones are passed over. */
static void test_many_counters(void **state)
{
    (void)state;
    char text[2048];
    size_t n = (size_t)snprintf(text, sizeof text, ZONE "," NP);
    for (int i = 0; i < 14; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, ",\\Memory\\Commit Limit");
    n += (size_t)snprintf(text + n, sizeof text - n,
                          "," P ",\\Memory\\Committed Bytes\n" SAMPLE);
    for (int i = 1; i <= 17; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, ",%d", 1024 * i);
    (void)snprintf(text + n, sizeof text - n, "\n");
    check(text, ": np 1 p 16 limit 15");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_titles),     cmocka_unit_test(test_values),
        cmocka_unit_test(test_times),      cmocka_unit_test(test_heads_among_samples),
        cmocka_unit_test(test_long_names), cmocka_unit_test(test_many_counters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
