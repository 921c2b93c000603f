/* SPDX-License-Identifier: MIT */
/* Rows of tables made by hand, each below titles of its own: what is read of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/table/table_row.h"

static void cut(enum table_shape shape, const char *line, struct table_text *t)
{
    static const struct repair_style none;
    const struct text_line l = {.p = line, .n = strlen(line), .number = 1};
    table_mend(&none, shape, &l, false, t);
    if (!table_split(shape, t))
        fail_msg("no cells: %s", line);
}

static void add(char out[256], const char *text, size_t n)
{
    const size_t at = strlen(out);
    assert_true(at + n < 256);
    memcpy(out + at, text, n);
    out[at + n] = '\0';
}

static void add_figures(char out[256], const struct table_row *r)
{
    static const char *const pools[POOL_KINDS] = {
        [POOL_NONPAGED] = " N", [POOL_PAGED] = " P", [POOL_UNKNOWN] = ""};
    static const char *const names[COLUMNS] = {[COLUMN_ALLOCS] = "allocs",
                                               [COLUMN_FREES] = "frees",
                                               [COLUMN_LIVE] = "live",
                                               [COLUMN_BYTES] = "bytes",
                                               [COLUMN_PER_ALLOC] = "each"};
    for (int pool = 0; pool < POOL_KINDS; pool++) {
        const struct table_figures *f = &r->of[pool];
        if (f->given != 0)
            add(out, pools[pool], strlen(pools[pool]));
        for (int c = 0; c < COLUMNS; c++) {
            char figure[64];
            if ((f->given & 1u << c) == 0)
                continue;
            const int n =
                snprintf(figure, sizeof figure, " %s %llu%s", names[c],
                         (unsigned long long)f->v[c], f->rounded & 1u << c ? "~" : "");
            add(out, figure, (size_t)n);
        }
        if (f->grouped > 0)
            add(out, " or thousands", 13);
    }
}

/* What was read, in words. */
static const char *told(enum table_row_kind k, const struct table_row *r, char out[256])
{
    static const char *const kinds[] = {[TABLE_ROW_NONE] = "none",
                                        [TABLE_ROW_TORN] = "torn",
                                        [TABLE_ROW_CHANGE] = "change",
                                        [TABLE_ROW_TOTAL] = "total",
                                        [TABLE_ROW_READ] = ""};
    const struct {
        bool it;
        const char *word;
    } words[] = {{k == TABLE_ROW_TOTAL && r->sum, " sum"},
                 {r->pool == POOL_NONPAGED, " nonpaged"},
                 {r->pool == POOL_PAGED, " paged"},
                 {r->about, " about"},
                 {r->unit_doubt, " MB?"},
                 {r->unit_assumed, " bytes?"},
                 {r->unitless, " unitless"},
                 {r->remark, " remark"},
                 {r->time_n > 0, " at "},
                 {r->owner_n > 0, " of "}};
    out[0] = '\0';
    add(out, kinds[k], strlen(kinds[k]));
    if (k == TABLE_ROW_NONE || k == TABLE_ROW_TORN || k == TABLE_ROW_CHANGE)
        return out;
    if (k == TABLE_ROW_READ)
        add(out, (const char *)r->tag.tag.b, 4);
    add_figures(out, r);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].it)
            add(out, words[i].word, strlen(words[i].word));
        if (words[i].it && strcmp(words[i].word, " at ") == 0)
            add(out, r->time, r->time_n);
        if (words[i].it && strcmp(words[i].word, " of ") == 0)
            add(out, r->owner, r->owner_n);
    }
    return out;
}

struct row_case {
    const char *head, *row, *told;
};

static void check(enum table_shape shape, const struct row_case *t, size_t n)
{
    static struct table_text head, row;
    for (size_t i = 0; i < n; i++) {
        struct table_head h;
        struct table_row r;
        char out[256];
        cut(shape, t[i].head, &head);
        cut(shape, t[i].row, &row);
        if (!table_head_read(&head.cells, &h))
            fail_msg("no titles: %s", t[i].head);
        /* of another table: nobody looks behind the last column */
        for (size_t k = h.n; k < CELLS_MAX; k++)
            h.col[k] = (struct column){
                .kind = COLUMN_BYTES, .pool = POOL_PAGED, .unit_given = true};
        const enum table_row_kind k = table_row_read(&h, shape, &row.cells, false, &r);
        told(k, &r, out);
        if (strcmp(out, t[i].told) != 0)
            fail_msg("%s, %s: '%s'", t[i].head, t[i].row, out);
    }
}

static void test_cells_between_pipes(void **state)
{
    (void)state;
    static const struct row_case t[] = {
        {"|Tag|Allocs|Frees|Live|Bytes|Per Alloc|", "|QzFC|9|4|5|50|10|",
         "QzFC allocs 9 frees 4 live 5 bytes 50 each 10"},
        {"|Bytes|Tag|", "|50|QzFC|", "QzFC bytes 50"},
        {"|Live|Bytes|Tag|", "|5|50|", "none"},
        {"|Tag|Live|Bytes|", "|QzFC|5|", "torn"},
        {"|Tag|Bytes|Driver|", "|QzFC|50|", "QzFC bytes 50"},
        {"|Tag|Bytes|Driver|", "|QzFC|50| a.sys |", "QzFC bytes 50 of a.sys"},
        {"|Tag|Bytes|Driver|", "|QzFC|50|-|", "QzFC bytes 50"},
        {"|Tag|Bytes|Driver|", "|QzFC|50|<none>|", "QzFC bytes 50"},
        {"|Tag|Bytes|Driver|", "|`QzFC` (files)|50|?|", "QzFC bytes 50 of files"},
        {"|Tag|Bytes|Driver|", "|`QzFC` (files)|50|a.sys|", "QzFC bytes 50 of a.sys"},
        {"|Tag|Bytes|Driver|Owner|", "|QzFC|50|a.sys|b|", "QzFC bytes 50 of a.sys"},
        {"|Tag|Bytes|Driver|Owner|", "|QzFC|50||b|", "QzFC bytes 50 of b"},
        {"|Tag|Bytes|Date|Time|", "|QzFC|50|1 May|2:00|", "QzFC bytes 50 at 1 May"},
        {"|Tag|Bytes|", "|QzFC|50|look|", "QzFC bytes 50 remark"},
        {"|Tag|Bytes|", "|QzFC|50| |", "QzFC bytes 50"},
        {"|Tag|Bytes|", "|QzFC|50 or so|", "QzFC bytes 50 remark"},
        {"|Tag|Bytes|", "|too long|50|", "none"},
        {"|Tag|Bytes|", "|QzFC|many|", "torn"},
        {"|Tag|Bytes|", "|QzFC|12%|", "torn"},
        {"|Tag|Bytes|", "|QzFC|12 x 128|", "torn"},
        {"|Tag|Bytes|", "|QzFC|-|", "torn"},
        {"|Tag|Bytes|Live|", "|QzFC|-|4|", "QzFC live 4"},
        {"|Tag|Bytes|Per Alloc|", "|QzFC||10|", "torn"},
        {"|Tag|Bytes|Live|", "|QzFC|many|4|", "torn"},
        {"|Tag|Bytes|Live|", "|QzFC|+5|4|", "change"},
        {"|Tag|Bytes|Live|", "|QzFC|-5|4|", "change"},
        {"|Tag|Bytes|Live|", "|QzFC|+0|4|", "QzFC live 4 bytes 0"},
        {"|Tag|Bytes|Live|", "|QzFC|5/h|4|", "change"},
        {"|Tag|Bytes|Live|", "|QzFC|5 daily|4|", "change"},
        {"|Tag|Bytes|Live|", "|QzFC|+5|many|", "torn"},
        /* pools */
        {"|Tag|Pool|Bytes|", "|QzFC|Nonp|50|", "QzFC bytes 50 nonpaged"},
        {"|Tag|Pool|Bytes|", "|QzFC|Paged|50|", "QzFC bytes 50 paged"},
        {"|Tag|Pool|Bytes|", "|QzFC| p |50|", "QzFC bytes 50 paged"},
        {"|Tag|Pool|Bytes|", "|QzFC|PP|50|", "QzFC bytes 50 paged"},
        {"|Tag|Pool|Bytes|", "|QzFC|N|50|", "QzFC bytes 50 nonpaged"},
        {"|Tag|Pool|Bytes|", "|QzFC|both|50|", "QzFC bytes 50"},
        {"|Tag|Paged Bytes|Nonpaged Bytes|", "|QzFC|50|7|", "QzFC N bytes 7 P bytes 50"},
        /* units */
        {"|Tag|MB|", "|QzFC|1.5|", "QzFC bytes 1572864~ MB?"},
        {"|Tag|MiB|", "|QzFC|2|", "QzFC bytes 2097152~"},
        {"|Tag|MiB|", "|QzFC|2 KB|", "QzFC bytes 2048~ MB?"},
        {"|Tag|KB|", "|QzFC|1.500|", "QzFC bytes 1536~ MB?"},
        {"|Tag|Bytes|", "|QzFC|1.500|", "QzFC bytes 1500"},
        {"|Tag|Size|", "|QzFC|50|", "QzFC bytes 50 bytes?"},
        {"|Tag|Size|", "|QzFC|50 B|", "QzFC bytes 50"},
        {"|Tag|Live|Total|", "|QzFC|5|50|", "QzFC live 5 unitless"},
        {"|Tag|Live|Total|", "|QzFC|5|0|", "QzFC live 5"},
        {"|Tag|Live|Total|", "|QzFC|5|50 B|", "QzFC live 5 bytes 50"},
        {"|Tag|Live|Paged|", "|QzFC|5|50 KiB|", "QzFC P live 5 bytes 51200~"},
        {"|Tag|Live|", "|QzFC|5K|", "QzFC live 5000~ about"},
        {"|Tag|Live|", "|QzFC|1.5M|", "QzFC live 1500000~ about"},
        {"|Tag|Live|", "|QzFC|5 KB|", "torn"},
        {"|Tag|Live|", "|QzFC|~5|", "QzFC live 5~ about"},
        {"|Tag|Live|", "|QzFC|1.5|", "QzFC live 2~"},
        {"|Tag|Bytes|", "|QzFC|99999999999 GB|", "torn"},
        {"|Tag|Live|Per Alloc|", "|QzFC|5|4.608|", "QzFC live 5 each 5~ or thousands"},
        {"|Tag|Live|Per Alloc|", "|QzFC|5|4.60|", "QzFC live 5 each 5~"},
        {"|Tag|Live|KB per alloc|", "|QzFC|5|4.608|", "QzFC live 5 each 4719~ MB?"},
        /* sums */
        {"|Tag|Bytes|", "|Total|50|", "total bytes 50 sum"},
        {"|Tag|Bytes|", "|**Total**|50|", "total bytes 50 sum"},
        {"|Tag|Bytes|", "|Sum|50|", "total bytes 50 sum"},
        {"|Tag|Bytes|", "|\xce\xa3|50|", "total bytes 50 sum"},
        {"|Tag|Bytes|", "|= sum:|50|", "total bytes 50 sum"},
        {"|Tag|Bytes|", "|(others)|50|", "total bytes 50"},
        {"|Tag|Bytes|", "|rest of them|50|", "total bytes 50"},
        {"|Tag|Bytes|", "|top 20|50|", "total bytes 50"},
        {"|Tag|Bytes|Live|", "|All|50|many|", "total bytes 50"},
        {"|Tag|Bytes|", "|all4|50|", "all4 bytes 50"},
        {"|Tag|Bytes|Peak|", "|Total|50|60|9|", "total bytes 50 sum"},
    };
    check(SHAPE_PIPES, t, sizeof t / sizeof *t);
}

/* Tools write separated values: a tag is a tag there, blanks and all. */
static void test_separated_values(void **state)
{
    (void)state;
    static const struct row_case commas[] = {
        {"Tag,Bytes", "rest,50", "rest bytes 50"},
        {"Tag,Bytes", " all,50", " all bytes 50"},
        {"Tag,Bytes", "Total,50", "total bytes 50 sum"},
        {"Tag,Bytes", "\"1,5\",50", "1,5  bytes 50"},
        {"Tag,Bytes", "QzFC,\"1,500\"", "QzFC bytes 1500"},
    };
    static const struct row_case semicolons[] = {
        {"Tag;MB", "QzFC;1,500", "QzFC bytes 1572864~ MB?"},
        {"Tag;MB", "QzFC;1.500", "QzFC bytes 1572864~ MB?"},
        {"Tag;MB", "QzFC;1.234,5", "QzFC bytes 1294467072~ MB?"},
        {"Tag;MB", "QzFC;1,234,567", "QzFC bytes 1294537326592~ MB?"},
        {"Tag;MB", "QzFC;1,,5", "QzFC bytes 1048576~ MB? remark"},
        {"Tag;Bytes", "QzFC;1,5", "QzFC bytes 2~"},
        {"Tag;Live", "QzFC;1,500", "QzFC live 1500"},
    };
    check(SHAPE_COMMAS, commas, sizeof commas / sizeof *commas);
    check(SHAPE_SEMICOLONS, semicolons, sizeof semicolons / sizeof *semicolons);
}

/* Where one blank parts the cells, words behind the figures are no owner's. */
static void test_narrow_cells(void **state)
{
    (void)state;
    static const struct row_case t[] = {
        {"Tag Pool Bytes Driver", "QzFC Nonp 50 a.sys", "QzFC bytes 50 nonpaged"},
        {"Tag Driver Bytes", "QzFC a.sys 50", "QzFC bytes 50 of a.sys"},
        {"Tag Size Bytes", "QzFC - 50", "QzFC bytes 50"},
    };
    check(SHAPE_NARROW, t, sizeof t / sizeof *t);
}

/* ---- a tag ---- */

static void test_letters_of_a_tag(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tag; /* NULL: none */
        const char *is;         /* m(arked), p(added), c(apital), w(ide), (mi)x(ed) */
        const char *rest;
    } t[] = {
        {"AAAA", "AAAA", "cw", ""},
        {"ZZZZ", "ZZZZ", "cw", ""},
        {"@[@[", NULL, "", ""},
        {"Aaaa", "Aaaa", "cwx", ""},
        {"Azzz", "Azzz", "cwx", ""},
        {"A000", "A000", "cw", ""},
        {"abcd", "abcd", "", ""},
        {"0000", "0000", "", ""},
        {"9999", "9999", "", ""},
        {"/:/:", NULL, "", ""},
        {"[{{[", NULL, "", ""},
        {"`--`", "--  ", "mp", ""},
        {"'--'", "--  ", "mp", ""},
        {"`A`", "A   ", "mpc", ""},
        {"``", NULL, "", ""},
        {"\xc3\xa9", "\xe9   ", "p", ""},
        {"Io", "Io  ", "pc", ""},
        {"0x4346744E", "NtFC", "cwx", ""},
        {"0X4346744e", "NtFC", "cwx", ""},
        {"0y4346744e", NULL, "", ""},
        {"a\x7f", NULL, "", ""},
        {"a\x1f", NULL, "", ""},
        {"  Io (files) ", "Io  ", "pc", "files"},
        {" * NtFC - files", "NtFC", "cwx", "files"},
        {"* QzFC *", "QzFC", "cwx", ""},
        {"Io  (files)", "Io  ", "pc", "files"},
        {"Io [files] ** ", "Io  ", "pc", "files"},
        {"Io: files", "Io  ", "pc", "files"},
        {"Io:files", NULL, "", ""},
        {"Io -", "Io -", "cwx", ""},
        {"NtFC -", NULL, "", ""},
        {"NtFC \xe2\x80\x93 x", "NtFC", "cwx", "\xe2\x80\x93 x"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct table_tag tag;
        char is[8] = "";
        if (table_read_tag(t[i].text, strlen(t[i].text), false, &tag) !=
            (t[i].tag != NULL))
            fail_msg("'%s'", t[i].text);
        if (t[i].tag == NULL)
            continue;
        (void)snprintf(is, sizeof is, "%s%s%s%s%s", tag.marked ? "m" : "",
                       tag.padded ? "p" : "", tag.capital ? "c" : "", tag.wide ? "w" : "",
                       tag.mixed ? "x" : "");
        if (memcmp(tag.tag.b, t[i].tag, 4) != 0 || strcmp(is, t[i].is) != 0 ||
            tag.rest_n != strlen(t[i].rest) ||
            memcmp(tag.rest, t[i].rest, tag.rest_n) != 0)
            fail_msg("'%s': '%.4s' %s '%.*s'", t[i].text, (const char *)tag.tag.b, is,
                     (int)tag.rest_n, tag.rest);
    }
}

/* A control character before a sum's name makes it no sum. */
static void test_controls(void **state)
{
    (void)state;
    struct cells titles = {.n = 2}, c = {.n = 2};
    struct table_head h;
    struct table_row r;
    titles.v[0] = (struct cell){.p = "Tag", .n = 3};
    titles.v[1] = (struct cell){.p = "Bytes", .n = 5};
    assert_true(table_head_read(&titles, &h));
    c.v[0] = (struct cell){.p = "\0sum", .n = 4};
    c.v[1] = (struct cell){.p = "50", .n = 2};
    assert_int_equal(table_row_read(&h, SHAPE_PIPES, &c, false, &r), TABLE_ROW_NONE);
    c.v[0] = (struct cell){.p = "=sum", .n = 4};
    assert_int_equal(table_row_read(&h, SHAPE_PIPES, &c, false, &r), TABLE_ROW_TOTAL);
}

/* ---- figures beside words ---- */

static void test_words_behind_figures(void **state)
{
    (void)state;
    static const struct {
        const char *line, *told;
    } t[] = {
        {"QzFC 900 alloc / 0 free / 900 live", "QzFC allocs 900 frees 0 live 900"},
        {"QzFC: 900 allocs, 100 frees, 800 live, 4096 bytes",
         "QzFC allocs 900 frees 100 live 800 bytes 4096"},
        {"QzFC = 900 allocs (100 frees) *800 live", "QzFC allocs 900 frees 100 live 800"},
        {"`QzFC` - 900 allocs 100 frees 800 live 4 KiB",
         "QzFC allocs 900 frees 100 live 800 bytes 4096~"},
        {"`Io` 1,900 allocs 1,000 frees 900 live",
         "Io   allocs 1900 frees 1000 live 900"},
        {"QzFC 9 allocs 4 frees 5 live 6 live", "QzFC allocs 9 frees 4 live 5"},
        {"QzFC 900 allocs 100 frees 801 live", "none"},
        {"QzFC 100 allocs 900 frees 800 live", "none"},
        {"QzFC 900 allocs 900 live", "none"},
        {"QzFC 900 allocs 100 frees", "none"},
        {"QzFC ~900 allocs 0 frees 900 live", "none"},
        {"QzFC 1.5 allocs 0 frees 2 live", "none"},
        {"QzFC x900 allocs 100 frees 800 live", "none"},
        {"QzFC 900 100 frees 800 live", "none"},
        {"all of it 900 allocs 0 frees 900 live", "none"},
        {"QzFC (files) 900 allocs 0 frees 900 live", "none"},
        {"900 allocs 0 frees 900 live", "none"},
        {"9b 9 allocs 4 frees 5 live", "9b   allocs 9 frees 4 live 5"},
        {"9", "none"},
        {"QzFC", "none"},
        {"", "none"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct table_row r;
        char out[256];
        const enum table_row_kind k =
            table_row_inline(t[i].line, strlen(t[i].line), false, &r);
        r.owner_n = 0;
        told(k, &r, out);
        if (strcmp(out, t[i].told) != 0)
            fail_msg("%s: '%s'", t[i].line, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_between_pipes),
        cmocka_unit_test(test_separated_values),
        cmocka_unit_test(test_narrow_cells),
        cmocka_unit_test(test_letters_of_a_tag),
        cmocka_unit_test(test_controls),
        cmocka_unit_test(test_words_behind_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
