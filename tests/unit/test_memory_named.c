/* SPDX-License-Identifier: MIT */
/* Names that others gave (files, machines, owners, keys of a case, lists of tags) and
 * what is made of them, with memory that runs out at each of those steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/check/expect_keys.h"
#include "cli/rank/rank_read.h"
#include "tests/unit/memory_calls.h"
#include "tests/unit/render_output.h"
#include "tests/unit/render_samples.h"

enum { USUAL = 20 };

static const char *const calls[] = {
    "check --redact @named.yaml",
    "diff --redact @log.txt@1 @log.txt@2",
    "rank --redact --baseline @log.txt@2 @log.txt",
    "rank --redact @zips",
    "rank --suspect a\x01z' @log.txt",
    "show --redact --json @owned.csv",
    "tags ?* --tags @patterns.yaml",
    "tags A* --tags fixtures/tags/pooltag.txt",
    "tags Proc --tags cli/know/tags.yaml",
    "tags Proc --tags @labels.yaml",
    "tags Proc --tags @sources.yaml",
    NULL,
};

static void whole_calls(void **state)
{
    (void)state;
    assert_true(try_calls(calls, USUAL) > 1000);
}

/* ---- a key of a case that there is not ---- */

static int open_case(void *ctx, uint64_t *sum, struct err *e)
{
    char path[512];
    struct case_file c;
    (void)sum;
    (void)snprintf(path, sizeof path, "%s/%s", folder, (const char *)ctx);
    int r = case_open(&c, path, e);
    if (r == 0)
        r = expect_check_keys(&c, e);
    case_free(&c);
    return r;
}

static void keys_of_a_case(void **state)
{
    static char host[] = "host-key.yaml", tag[] = "tag-key.yaml",
                pool[] = "pool-key.yaml";
    (void)state;
    assert_true(memory_try(host, open_case, host, USUAL) > 20);
    assert_true(memory_try(tag, open_case, tag, USUAL) > 20);
    assert_true(memory_try(pool, open_case, pool, USUAL) > 20);
}

/* ---- a ranking of many boots ---- */

static int read_ranking(void *ctx, uint64_t *sum, struct err *e)
{
    static const struct limits limits = LIMITS_DEFAULT;
    const struct buf *b = ctx;
    struct input_raw raw;
    struct input *in;
    struct rank_read *r;
    struct rank_view v;
    int more;
    TRY(input_raw_memory(&raw, b->p, b->n, 0, e));
    TRY(input_open(&in, "x.json", raw, &limits, e));
    TRY(rank_read_open(&r, in, e));
    while ((more = rank_read_next(r, &v, e)) > 0)
        *sum += v.r->n_boots + v.r->n_tags;
    rank_read_close(r);
    return more;
}

static void a_ranking_of_many_boots(void **state)
{
    enum { BOOTS = 1000 };
    static struct rank_boot boots[BOOTS];
    struct sample x;
    struct output out;
    (void)state;
    sample_series(&x);
    for (int i = 0; i < BOOTS; i++)
        boots[i] =
            (struct rank_boot){.start_h = i, .end_h = i + .5, .first = 0, .last = 1};
    x.rank.boots = boots;
    x.rank.n_boots = BOOTS;
    const struct rank_view v = sample_rank(&x);
    start(&out, "json");
    ranks(&out, &v, 1, true);
    (void)finish(&out);
    out.b.n--;
    assert_true(memory_try("many boots", read_ranking, &out.b, USUAL) > 15);
    buf_free(&out.b);
    sample_free(&x);
}

/* ---- what they read ---- */

static void put_bytes(const char *name, const void *p, size_t n)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void put(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}

static void put_copy(const char *name, const char *of)
{
    static uint8_t bytes[1 << 20];
    FILE *f = fopen(of, "rb");
    assert_non_null(f);
    const size_t n = fread(bytes, 1, sizeof bytes, f);
    assert_true(n > 0 && n < sizeof bytes);
    assert_int_equal(fclose(f), 0);
    put_bytes(name, bytes, n);
}

static void put_log(const char *name)
{
    char text[4096];
    int n = 0;
    for (int i = 0; i < 4; i++)
        n += snprintf(text + n, sizeof text - (size_t)n,
                      "# poolsift time=2026-11-02T%02d:00:00 host=web05\n"
                      " System pool information\n"
                      " Tag  Type     Allocs            Frees            Diff   Bytes    "
                      "   Per Alloc\n\n"
                      " Leak Nonp %10d %10d %10d %10d %10d\n"
                      " az   Nonp %10d %10d %10d %10d %10d\n",
                      i, 110 + i, 10, 100 + i, 3200 + 32 * i, 32, 20, 10, 10, 320, 32);
    assert_true(n > 0 && (size_t)n < sizeof text);
    put(name, text);
}

/* A row whose texts are paths. */
static void put_owned(const char *name)
{
    put(name, "snapshot,tag,pool,allocs,frees,live,bytes,mapped_driver,owner\r\n"
              "1,Abcd,nonpaged,100,10,90,5760,C:\\a\\abcd.sys,C:\\b\\abcd.sys\r\n");
}

/* A list of tags of so many sources each, and of such a length of words. */
static void put_list(const char *name, int sources, int length)
{
    static char text[1 << 20], words[512];
    size_t n = 0;
    memset(words, 'w', sizeof words);
    for (int i = 0; i < 300; i++) {
        n += (size_t)sprintf(text + n,
                             "- tag: %04x\n  owner: x.sys\n  holds: %.*s\n  source: [",
                             (unsigned)i, length, words);
        for (int k = 0; k < sources; k++)
            n += (size_t)sprintf(text + n, "%c,", 'a' + k);
        n += (size_t)sprintf(text + n, "]\n");
    }
    put(name, text);
}

#define HEAD "case: 1\nname: n\nsource: s\nfigures: published\ninputs: [log.txt]\n"

static int set_up(void **state)
{
    char path[512];
    (void)state;
    calls_begin();
    put_log("log.txt");
    (void)snprintf(path, sizeof path, "%s/zips", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    put_copy("zips/mail.zip", "fixtures/series/web01.zip");
    put("named.yaml", HEAD "options: {host: web06}\nexpect: {outcome: too-few}\n");
    put("host-key.yaml", HEAD "expect: {verdict: leak}\n");
    put("tag-key.yaml", HEAD "expect: {tags: [{tag: Leak, rnk: 1}]}\n");
    put("pool-key.yaml", HEAD "expect: {pools: {paged: {size: 1}}}\n");
    put("patterns.yaml", "- pattern: 'M*'\n  owner: m.sys\n"
                         "- pattern: 'A?'\n  owner: a.sys\n");
    put_owned("owned.csv");
    put_list("labels.yaml", 1, 300);
    put_list("sources.yaml", 16, 3);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    calls_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_calls),
        cmocka_unit_test(keys_of_a_case),
        cmocka_unit_test(a_ranking_of_many_boots),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
