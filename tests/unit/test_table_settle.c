/* SPDX-License-Identifier: MIT */
/* Figures of a row made by hand that contradict each other: which of them goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/table/table_row.h"

static const struct {
    char letter;
    enum table_column kind;
    uint16_t field;
} kinds[] = {{'a', COLUMN_ALLOCS, ROW_ALLOCS},
             {'f', COLUMN_FREES, ROW_FREES},
             {'d', COLUMN_LIVE, ROW_LIVE},
             {'b', COLUMN_BYTES, ROW_BYTES},
             {'p', COLUMN_PER_ALLOC, ROW_PER_ALLOC}};

/* `a9 f4 d5 b50~ p10`; `~` is rounded, `/4608` another reading of a mean. */
static struct table_figures figures(const char *text)
{
    struct table_figures f = {.given = 0};
    for (const char *p = text; *p != '\0';) {
        size_t k = 0;
        while (kinds[k].letter != *p)
            k++;
        char *end;
        f.v[kinds[k].kind] = strtoull(p + 1, &end, 10);
        f.given |= 1u << kinds[k].kind;
        if (*end == '~') {
            f.rounded |= 1u << kinds[k].kind;
            end++;
        }
        if (*end == '/')
            f.grouped = strtoull(end + 1, &end, 10);
        p = end + (*end == ' ');
    }
    return f;
}

/* What is left, in the same words. */
static void told(const struct pool_row *r, char out[128])
{
    const uint64_t v[] = {r->allocs, r->frees, r->live, r->bytes, r->per_alloc};
    size_t n = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if ((r->fields & kinds[k].field) == 0)
            assert_int_equal(v[k], 0);
        else
            n += (size_t)snprintf(out + n, 128 - n, "%s%c%llu", n > 0 ? " " : "",
                                  kinds[k].letter, (unsigned long long)v[k]);
    }
    out[n] = '\0';
}

static void test_contradictions(void **state)
{
    (void)state;
    enum { NOTHING, ROUGH, WRONG };
    static const struct {
        const char *figures, *left; /* NULL: the row cannot be saved */
        unsigned loss;
        uint8_t width;
    } t[] = {
        {"a9 f4 d5 b50 p10", "a9 f4 d5 b50 p10", NOTHING, 64},
        {"a9 f4 d5 b59 p11", "a9 f4 d5 b59 p11", NOTHING, 64},
        {"b50", "b50", NOTHING, 64},
        {"d5", "d5", NOTHING, 64},
        {"a9 d5", "a9 d5", NOTHING, 64},
        {"f4 d5", "f4 d5", NOTHING, 64},
        {"a9 f9 d0 b0 p0", "a9 f9 d0 b0 p0", NOTHING, 64},
        /* counters that ran over */
        {"a4 f9 d4294967291", "a4 f9 d4294967291", NOTHING, 32},
        {"a4 f9", "a4 f9", NOTHING, 32},
        {"a4294967295 f4294967295 d0", "a4294967295 f4294967295 d0", NOTHING, 64},
        {"a4294967296 f0 d4294967296", "a4294967296 f0 d4294967296", NOTHING, 64},
        {"a0 f4294967296", "a0 f4294967296", NOTHING, 64},
        {"a0 f4294967295 d1", "a0 f4294967295 d1", NOTHING, 32},
        {"a4 f9 d5", NULL, NOTHING, 0},
        /* a count */
        {"a9 f4 d6", NULL, NOTHING, 0},
        {"a9 f4 d6~", "a9 f4", ROUGH, 64},
        {"a9~ f4 d6", "f4 d6", ROUGH, 64},
        {"a9 f4~ d6", "f4 d6", ROUGH, 64},
        {"a9~ f4 d5", "a9 f4 d5", NOTHING, 64},
        {"a9 f4 d6 b50 p10", "a9 f4 b50 p10", WRONG, 64},
        {"a9 f4 d6 b50 p11", NULL, NOTHING, 0},
        {"a9 f4 d6 b50", NULL, NOTHING, 0},
        {"a9 f9 d6 b0 p0", "a9 f9 b0 p0", WRONG, 64},
        {"a9 f9 d6 b50 p10", NULL, NOTHING, 0},
        /* a mean: cut off, to the nearest, with thousands parted by a point */
        {"d5 b59 p12", "d5 b59 p11", NOTHING, 64},
        {"d5 b58 p12", "d5 b58 p11", NOTHING, 64},
        {"d5 b57 p12", NULL, NOTHING, 64},
        {"d4 b46 p12", "d4 b46 p11", NOTHING, 64},
        {"d4 b45 p12", NULL, NOTHING, 64},
        {"d5 b50 p11", NULL, NOTHING, 0},
        {"d5 b50 p9", NULL, NOTHING, 0},
        {"d5 b23040 p5~/4608", "d5 b23040 p4608", NOTHING, 64},
        {"d5 b23044 p5~/4608", "d5 b23044 p4608", NOTHING, 64},
        {"d5 b23045 p5~/4608", "d5 b23045", ROUGH, 64},
        {"d5 b23045 p5/4608", NULL, NOTHING, 0},
        {"d5~ b100 p10", "d5 b100", ROUGH, 64},
        {"d5 b100~ p10", "d5 b100", ROUGH, 64},
        {"d5 b100 p10~", "d5 b100", ROUGH, 64},
        {"a10 f5 d5 b100 p10", "a10 f5 d5 b100", ROUGH, 64},
        {"a10 f5 d5 b100 p11", NULL, NOTHING, 0},
        {"d0 b0 p64", "d0 b0", ROUGH, 64},
        {"d0 b64 p64", "d0 b64", ROUGH, 64},
        {"a9 f9 d0 b0 p64", NULL, NOTHING, 0},
        {"a0 f0 d0 b0 p64", NULL, NOTHING, 0},
        {"a9 f4 d6~ b50 p11", "a9 f4 b50 p11", ROUGH, 64},
        /* allocations that are meant as the live ones */
        {"a5 b50 p10", "d5 b50 p10", NOTHING, 64},
        {"a5 b54 p10", "d5 b54 p10", NOTHING, 64},
        {"a5 b55 p10", "a5 b55 p10", NOTHING, 64},
        {"a0 b0 p0", "a0 b0 p0", NOTHING, 64},
        {"a5 b50", "a5 b50", NOTHING, 64},
        {"a5 p10", "a5 p10", NOTHING, 64},
        {"a5 f0 b50 p10", "a5 f0 b50 p10", NOTHING, 64},
        {"a5 d4 b40 p10", "a5 d4 b40 p10", NOTHING, 64},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const struct table_figures f = figures(t[i].figures);
        struct pool_row row = {.allocs = 7, .frees = 7, .fields = ROW_ALLOCS_DELTA};
        struct table_loss loss = {.wrong = "before", .rough = true};
        char left[128] = "";
        const bool saved = table_settle(&f, &row, &loss);
        if (saved != (t[i].left != NULL))
            fail_msg("%s: %d", t[i].figures, saved);
        if (!saved)
            continue;
        told(&row, left);
        if (strcmp(left, t[i].left) != 0)
            fail_msg("%s: %s", t[i].figures, left);
        assert_int_equal((loss.wrong != NULL ? WRONG : 0) + (loss.rough ? ROUGH : 0),
                         t[i].loss);
        assert_int_equal(row.width, t[i].width);
        assert_int_equal(row.fields & ROW_ALLOCS_DELTA, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contradictions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
