/* SPDX-License-Identifier: MIT */
/* One line of a poolmon capture, whatever was done to it: what it is, whether a capture
 * begins there, and what its rest is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/poolmon/poolmon_line.h"
#include "formats/text/segment.h"

static const struct repair_style none;

static const char *told(const struct line_text *t, char out[128])
{
    static const char *const kinds[] = {
        [LINE_NONE] = "none", [LINE_HEAD] = "head",   [LINE_ROW] = "row",
        [LINE_TORN] = "torn", [LINE_TOTAL] = "total", [LINE_EMPTY] = "empty"};
    int n = snprintf(out, 128, "%s", kinds[t->kind]);
    if (t->kind == LINE_ROW) {
        const struct figure_text *f = t->row.fig;
        n += snprintf(
            out + n, 128 - (size_t)n, " %.4s %llu-%llu=%llu:%llu/%llu",
            (const char *)t->row.tag.b, (unsigned long long)f[FIG_ALLOCS].v,
            (unsigned long long)f[FIG_FREES].v, (unsigned long long)f[FIG_LIVE].v,
            (unsigned long long)f[FIG_BYTES].v, (unsigned long long)f[FIG_PER_ALLOC].v);
    }
    const struct {
        unsigned kind;
        const char *word;
    } done[] = {{REPAIR_PREFIX, " prefix"}, {REPAIR_ENTITIES, " entities"},
                {REPAIR_BLANKS, " blanks"}, {REPAIR_MARKUP, " markup"},
                {REPAIR_JOINED, " joined"}, {REPAIR_GROUPS, " groups"}};
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        if ((t->mended.done & done[i].kind) != 0)
            n += snprintf(out + n, 128 - (size_t)n, "%s", done[i].word);
    return out;
}

#define MEMORY " Memory:  523572K Avail:  200000K  PageFlts:   10   InRam Krnl: 1K P: 2K"
#define TITLES " Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc"

static void test_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line, *told;
    } t[] = {
        {" Wait Nonp 10 4 6 60 10", "row Wait 10-4=6:60/10"},
        {" Wait Nonp 10 4 6 60 11", "torn"},
        {" Wait Nonp 10 4 6", "torn"},
        {"words", "none"},
        {"", "empty"},
        {" \t ", "empty blanks"},
        {"-----", "empty"},
        {"```", "empty"},
        {"|---|---|", "empty"},
        {" Total Nonp 10 4 6 60 10", "total"},
        {" Total Nonp", "total"},
        {MEMORY, "head"},
        {TITLES, "head"},
        /* what forums make of it */
        {" Wait&nbsp;Nonp 10 4 6 60 10", "row Wait 10-4=6:60/10 entities"},
        {" Wait\tNonp\t10\t4\t6\t60\t10", "row Wait 10-4=6:60/10 blanks"},
        {"| Wait | Nonp | 10 | 4 | 6 | 60 | 10 |", "row Wait 10-4=6:60/10 markup"},
        {"` Wait Nonp 10 4 6 60 10`", "row Wait 10-4=6:60/10 markup"},
        {"<tr><td>Wait</td><td>Nonp</td><td>10<td>4<td>6<td>60<td>10</tr>",
         "row Wait 10-4=6:60/10 markup"},
        {"| words | more |", "none"},
        /* a tag may hold such marks: the gentlest repair that says something is taken */
        {" W`it Nonp 10 4 6 60 10", "row W`it 10-4=6:60/10"},
        {" W|it Nonp 10 4 6 60 10", "row W|it 10-4=6:60/10"},
        /* groups of three, where the figures prove each other */
        {" Wait Nonp 1,000 400 600 6,000 10", "row Wait 1000-400=600:6000/10 groups"},
        {" Wait Nonp 1.000 400 600 6.000 10", "row Wait 1000-400=600:6000/10 groups"},
        {" Wait Nonp 1'000 400 600 6'000 10", "row Wait 1000-400=600:6000/10 groups"},
        {" Wait Nonp 1\xc2\xa0"
         "000 400 600 6\xc2\xa0"
         "000 10",
         "row Wait 1000-400=600:6000/10 groups"},
        {"| Wait | Nonp | 1,000 | 400 | 600 | 6,000 | 10 |",
         "row Wait 1000-400=600:6000/10 markup groups"},
        {" Wait Nonp 1,000 400 600 6,000 11", "torn"},
        {" Wait Nonp 1,000 400 600 6.000 10", "torn"},
        {" Wait Nonp 1,000 1,000 0 0 0", "row Wait 1000-1000=0:0/0 groups"},
        {" Wait Nonp 1,000 1,000 0 6 0", "torn"},
        {" Wait Nonp 1,000 0 1,000 999 0", "torn"},
        {" Wait Nonp 1,000 0 1,000 1,000 1", "row Wait 1000-0=1000:1000/1 groups"},
        {" Wait Nonp 1,000 - 600 6,000 10", "torn"},
        {" Wait Nonp 1,000 400 600 6,000 10 KB", "torn"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct line_text l;
        char out[128];
        line_classify(&none, t[i].line, strlen(t[i].line), false, &l);
        if (strcmp(told(&l, out), t[i].told) != 0)
            fail_msg("'%s': %s", t[i].line, out);
    }
}

static void test_rests(void **state)
{
    (void)state;
    static const struct {
        const char *line, *rest;
        bool wanted;
        const char *told; /* NULL: the next line is no rest */
    } t[] = {
        {" Wait Nonp 10 4 6", " 60 10", true, "row Wait 10-4=6:60/10 joined"},
        {" Wait Nonp 10 4 6", "60 10", true, "row Wait 10-4=6:60/10 joined"},
        {" Wait Nonp 10 4 6 6", "0 10", true, "row Wait 10-4=6:60/10 joined"},
        {" Wait Nonp 10 4 6 60", "10", true, "row Wait 10-4=6:60/10 joined"},
        {" Wait Nonp 10 4 6", "60&nbsp;10", true, "row Wait 10-4=6:60/10 joined"},
        {" Wait Nonp 10 4 6", "60 11", true, NULL},
        {" Wait Nonp 10 4 6", "60", true, NULL},
        {" Wait Nonp 10 4 6", "", true, NULL},
        {" Wait Nonp 10 4 6", "-----", true, NULL},
        {" Wait Nonp 10 4 6", " Proc Nonp 10 4 6 60 10", true, NULL},
        {" Wait Nonp 10 4 6", TITLES, true, NULL},
        {" Wait Nonp 10 4 6 60 10", " 60 10", false, NULL},
        {" Wait Nonp 10 46 60 10", "x", true, NULL},
        {TITLES, "x", false, NULL},
        {" Tag  Type     Allocs     Frees      Diff   Bytes", "  Per Alloc", true,
         "head joined"},
        {"words", "60 10", false, NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct line_text l;
        char out[128];
        const struct text_line rest = {.p = t[i].rest, .n = strlen(t[i].rest)};
        line_classify(&none, t[i].line, strlen(t[i].line), false, &l);
        if (line_wants_rest(&l) != t[i].wanted)
            fail_msg("'%s': %d", t[i].line, line_wants_rest(&l));
        if (!t[i].wanted)
            continue;
        const bool joined = line_join(&none, &rest, false, &l);
        if (joined != (t[i].told != NULL) ||
            (joined && strcmp(told(&l, out), t[i].told) != 0))
            fail_msg("'%s', '%s': %s", t[i].line, t[i].rest, joined ? out : "no rest");
    }
}

#define BYTES " Tag  Type     Allocs     Frees      Diff   Bytes\n"

static void test_beginnings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int claim;
        const char *prefix;
    } t[] = {
        {MEMORY "\n", CLAIM_SURE, ""},
        {TITLES "\n", CLAIM_SURE, ""},
        {" Wait Nonp 10 4 6 60 10\n", CLAIM_ROW, ""},
        {"Wait Nonp 10 4 6 60 10\n", CLAIM_ROW, ""},
        {"words Wait Nonp 10 4 6 60 10\n", CLAIM_NONE, ""},
        {" Wait Nonp 10 4 6 60 11\n", CLAIM_NONE, ""},
        {" Wait Nonp 10 4 6\n60 10\n", CLAIM_ROW, ""},
        {" Total Nonp 10 4 6 60 10\n", CLAIM_NONE, ""},
        {"words\n", CLAIM_NONE, ""},
        {"\n", CLAIM_NONE, ""},
        /* marks before it */
        {"> Wait Nonp 10 4 6 60 10\n> Proc Nonp 10 4 6 60 10\n", CLAIM_ROW, ">"},
        {">  Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc\n> x\n",
         CLAIM_SURE, ">"},
        {"## Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc\n", CLAIM_SURE,
         ""},
        {"xx Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc\n", CLAIM_NONE,
         ""},
        {"# x Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc\n", CLAIM_NONE,
         ""},
        /* titles without the last one: cut off, or of another table */
        {BYTES " Wait Nonp 10 4 6 60 10\n", CLAIM_SURE, ""},
        {BYTES " Wait Nonp 10 4 6 60\n", CLAIM_SURE, ""},
        {BYTES "-----\n Wait Nonp 10 4 6 60\n", CLAIM_NONE, ""},
        {BYTES "\n-----\n Wait Nonp 10 4 6 60\n", CLAIM_SURE, ""},
        {BYTES " Wait Nonp 10 4 6 375 KB\n", CLAIM_NONE, ""},
        {BYTES " Wait Nonp 10 4 6 375K\n", CLAIM_NONE, ""},
        {BYTES " Wait Nonp 10 4 6 12.2MiB\n", CLAIM_NONE, ""},
        {BYTES " Wait Nonp 10 4 6 12 mib\n", CLAIM_NONE, ""},
        {BYTES " Wait Nonp 10 4 6 12 T\n", CLAIM_NONE, ""},
        {BYTES " Wait Nonp 10 4 6 12 Kx\n", CLAIM_SURE, ""},
        {BYTES " Wait Nonp 10 4 6 12 P\n", CLAIM_SURE, ""},
        {BYTES " Wait Nonp 10 4 6 12 K9\n", CLAIM_SURE, ""},
        {BYTES " Wait Nonp 10 4 6 375 KB\n Proc Nonp 10 4 6 60 10\n", CLAIM_SURE, ""},
        {"| Tag | Type | Allocs | Frees | Diff | Bytes |\n", CLAIM_NONE, ""},
        {"| Tag | Type | Allocs | Frees | Diff | Bytes\n", CLAIM_NONE, ""},
        {"Tag | Type | Allocs | Frees | Diff | Bytes\n", CLAIM_SURE, ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct text_line lines[8];
        struct repair_style style;
        size_t n = 0;
        for (const char *p = t[i].text; *p != '\0'; n++) {
            const char *end = strchr(p, '\n');
            lines[n] = (struct text_line){
                .p = p, .n = (size_t)(end - p), .number = n + 1, .eol = EOL_LF};
            p = end + 1;
        }
        const int claim = line_begins(lines, n, false, &style);
        if (claim != t[i].claim)
            fail_msg("%s: %d", t[i].text, claim);
        assert_int_equal(style.n, strlen(t[i].prefix));
        assert_memory_equal(style.prefix, t[i].prefix, style.n);
    }
}

static void test_lines_around(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool promising, remark, refusal;
    } t[] = {
        {" Wait Nonp 1", true, false, false},
        {" Wait nONP 1", true, false, false},
        {" Wait PAGED 1", true, false, false},
        {" Wait paged", true, false, false},
        {"Page", true, false, false},
        {" Memory: 1K", true, false, false},
        {" Commit: 1K", true, false, false},
        {" Tag ", true, false, false},
        {" System pool information", true, false, false},
        {" Wait Non 1", false, false, false},
        {"Pag", false, false, false},
        {"tag", false, false, false},
        {"commit", false, false, false},
        {"", false, false, false},
        {"C:\\tools>poolmon -b", true, true, false},
        {"C:\\> poolmon", true, true, false},
        {"# poolmon", true, false, false},
        {"  PoolMon: No localtag.txt", false, true, false},
        {"the PoolMon: No", false, false, false},
        {" Query pooltags Failed (returned 5)", true, true, true},
        {"a Query pooltags Failed", true, false, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const struct text_line l = {.p = t[i].line, .n = strlen(t[i].line)};
        struct text_remark r = {0};
        if (line_promising(&l) != t[i].promising)
            fail_msg("'%s': promising %d", t[i].line, !t[i].promising);
        if (line_remark(&l, &r) != t[i].remark || (r.what != NULL) != t[i].refusal)
            fail_msg("'%s'", t[i].line);
    }
    char line[202];
    memset(line, ' ', sizeof line);
    memcpy(line + 100, ">poolmon", 8);
    struct text_remark r;
    assert_true(line_remark(&(struct text_line){.p = line, .n = 200}, &r));
    assert_false(line_remark(&(struct text_line){.p = line, .n = 201}, &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_rests),
        cmocka_unit_test(test_beginnings),
        cmocka_unit_test(test_lines_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
