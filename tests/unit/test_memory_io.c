/* SPDX-License-Identifier: MIT */
/* Spools, zips, wildcards and the capturer with memory that runs out at each of their
 * allocations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/load/wildcards.h"
#include "formats/io/output.h"
#include "formats/io/spool.h"
#include "tests/capture/fake.h"
#include "tests/unit/memory.h"
#include "tests/unit/prop.h"
#include "tests/unit/scratch.h"

enum { USUAL = 1000, LARGE = 5 << 20 };

static const struct limits limits = LIMITS_DEFAULT;

/* ---- spools ---- */

static int look(const struct spool *s, uint64_t *sum, struct err *e)
{
    uint8_t p[100];
    ptrdiff_t n = spool_read(s, spool_size(s) / 2, p, sizeof p, e);
    for (ptrdiff_t i = 0; i < n; i++)
        *sum = *sum * 31 + p[i];
    return n < 0 ? (int)n : 0;
}

/* What does not fit into memory goes to a file. */
static int spool_input(void *ctx, uint64_t *sum, struct err *e)
{
    const struct buf *b = ctx;
    struct input_raw raw;
    struct input *in;
    struct spool *s = NULL;
    TRY(input_raw_memory(&raw, b->p, b->n, 0, e));
    TRY(input_open(&in, "bytes", raw, &limits, e));
    int r = spool_open(&s, in, LARGE, e);
    if (r >= 0)
        r = look(s, sum, e);
    spool_close(s);
    input_close(in);
    return r;
}

static int spool_bytes(void *ctx, uint64_t *sum, struct err *e)
{
    const struct buf *b = ctx;
    struct spool *s = NULL;
    TRY(spool_open_memory(&s, b->p, b->n, e));
    int r = look(s, sum, e);
    spool_close(s);
    return r;
}

static void spools(void **state)
{
    struct buf b = {0};
    (void)state;
    assert_int_equal(buf_reserve(&b, LARGE, NULL), 0);
    for (b.n = 0; b.n < LARGE; b.n++)
        b.p[b.n] = (uint8_t)(b.n * 7);
    assert_true(memory_try("large", spool_input, &b, 40) > 2);
    b.n = 1000;
    assert_true(memory_try("small", spool_input, &b, USUAL) > 2);
    assert_true(memory_try("bytes", spool_bytes, &b, USUAL) > 0);
    buf_free(&b);
}

/* ---- zips ---- */

static int read_entry(struct zip *z, size_t i, uint64_t *sum, struct err *e)
{
    struct input_raw raw;
    struct input *in;
    struct buf all = {0};
    TRY(zip_entry_raw(&raw, z, i, &limits, e));
    TRY(input_open(&in, "entry", raw, &limits, e));
    int r = input_read_all(in, &all, (size_t)1 << 20, e);
    for (size_t k = 0; k < all.n; k++)
        *sum = *sum * 31 + all.p[k];
    buf_free(&all);
    input_close(in);
    return r;
}

static int read_zip(void *ctx, uint64_t *sum, struct err *e)
{
    const struct buf *b = ctx;
    struct zip *z;
    int r = 0;
    TRY(zip_open_memory(&z, "mail.zip", b->p, b->n, &limits, e));
    for (size_t i = 0; i < 3 && i < zip_count(z) && r >= 0; i++)
        r = read_entry(z, i, sum, e);
    zip_close(z);
    return r;
}

static void zips(void **state)
{
    (void)state;
    struct buf b = load_file("fixtures/series/web01.zip");
    assert_true(memory_try("zip", read_zip, &b, USUAL) > 20);
    buf_free(&b);
}

/* ---- inputs of which much is seen at once, and files that are replaced ---- */

static int peek_much(void *ctx, uint64_t *sum, struct err *e)
{
    const struct buf *b = ctx;
    struct input_raw raw;
    struct input *in;
    const uint8_t *p;
    TRY(input_raw_memory(&raw, b->p, b->n, 4096, e));
    TRY(input_open(&in, "bytes", raw, &limits, e));
    const ptrdiff_t n = input_peek(in, b->n, &p, e);
    for (ptrdiff_t i = 0; i < n; i++)
        *sum = *sum * 31 + p[i];
    input_close(in);
    return n < 0 ? (int)n : 0;
}

static void windows_that_grow(void **state)
{
    struct buf b = {0};
    (void)state;
    assert_int_equal(buf_reserve(&b, LARGE, NULL), 0);
    memset(b.p, 7, LARGE);
    b.n = LARGE;
    assert_true(memory_try("much at once", peek_much, &b, 20) > 2);
    buf_free(&b);
}

/* The link stays one, and what it names is the old file unless all went well. */
static int write_through(void *ctx, uint64_t *sum, struct err *e)
{
    struct sink *s = NULL;
    TRY(sink_file(&s, ctx, e));
    sink_puts(s, "new\n");
    const int r = sink_close(s, e);
    *sum = r == 0;
    return r;
}

static void links(void **state)
{
    struct scratch f;
    char link[300], here[3000], to[4000];
    struct buf old = {0};
    (void)state;
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(buf_append(&old, "old\n", 4, NULL), 0);
    for (int absolute = 0; absolute < 2; absolute++) {
        scratch_make(&f, &old);
        (void)snprintf(to, sizeof to, "%s/%s", f.path[0] == '/' ? "" : here, f.path);
        (void)snprintf(link, sizeof link, "%s.link", f.path);
        assert_int_equal(symlink(absolute ? to : strrchr(f.path, '/') + 1, link), 0);
        assert_true(memory_try("link", write_through, link, USUAL) > 3);
        struct buf now = load_file(f.path);
        assert_int_equal(now.n, 4);
        assert_memory_equal(now.p, "new\n", 4);
        assert_int_equal(unlink(link), 0);
        scratch_remove(&f);
        buf_free(&now);
    }
    buf_free(&old);
}

/* ---- wildcards ---- */

static int expand_all(void *ctx, uint64_t *sum, struct err *e)
{
    char *const *operands = ctx;
    struct folder f = {.n = 0};
    int n = 0;
    while (operands[n] != NULL)
        n++;
    const int r = wildcards_expand(&f, operands, n, &limits, e);
    for (size_t i = 0; i < f.n && r >= 0; i++)
        for (const char *p = f.v[i]; *p != '\0'; p++)
            *sum = *sum * 31 + (uint8_t)*p;
    folder_free(&f);
    return r;
}

static void wildcards(void **state)
{
    static char first[] = "fixtures/poolmon/*.txt", second[] = "fixtures/*/*.psz",
                third[] = "*/no-such-file", *operands[] = {first, second, third, NULL};
    struct limits few = limits;
    struct folder f = {.n = 0};
    struct err e = {0};
    (void)state;
    assert_true(memory_try("wildcards", expand_all, operands, USUAL) > 20);
    few.inputs = 2;
    assert_int_equal(wildcards_expand(&f, operands, 1, &few, &e), ERR_LIMIT);
    assert_non_null(strstr(e.text, "more than 2 inputs"));
    folder_free(&f);
}

/* ---- the capturer ---- */

static uint32_t query(void *ctx, uint32_t info_class, uint8_t *p, uint32_t n,
                      uint32_t *returned)
{
    return fake_query(ctx, info_class, p, n, returned);
}

static uint64_t clock_of(void *ctx)
{
    return ((const struct fake *)ctx)->filetime;
}

static int record(void *ctx, uint64_t *sum, struct err *e)
{
    struct fake fake = *(const struct fake *)ctx; /* it counts how often it is asked */
    const struct capture_system sys = {.ctx = &fake, .query = query, .clock = clock_of};
    const struct capture_machine m = {
        .process = NT_AMD64, .native = NT_AMD64, .host = "WEB01", .program = "test"};
    struct buf frame = {0};
    size_t bytes;
    int r = capture_record(&frame, &sys, &m, 1, &bytes, e);
    for (size_t i = 0; i < frame.n && r >= 0; i++)
        *sum = *sum * 31 + frame.p[i];
    buf_free(&frame);
    return r;
}

static void records(void **state)
{
    struct fake fake = {.wide = true, .tags = 900, .filetime = FAKE_BEGIN};
    (void)state;
    assert_true(memory_try("record", record, &fake, USUAL) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spools),
        cmocka_unit_test(zips),
        cmocka_unit_test(windows_that_grow),
        cmocka_unit_test(links),
        cmocka_unit_test(wildcards),
        cmocka_unit_test(records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
