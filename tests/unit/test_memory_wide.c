/* SPDX-License-Identifier: MIT */
/* Every fixture through whole calls of every command, with memory that runs out wherever
 * no call before came by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/every.h"
#include "tests/unit/memory_calls.h"

/* Where the file's name stands, and what is asked of it. */
static const char *const ways_to_ask[] = {
    "show --all --json --redact %s",
    "diff --markdown -s per-alloc,delta %s",
    "rank --json --redact --os 10 --rules @rules.yaml --tags @tags.yaml %s",
    "rank --markdown --suspect ?[a-z]* --suspect it's --baseline @other.txt %s "
    "--start 2026-11-09T00:00 --every 3h",
    "report -o - --suspect M* --limit nonpaged=1G --tags fixtures/tags/pooltag.txt %s",
    "check --redact --max-nonpaged 80% --max-paged 1K --min-free 20M --max-rate 1/h "
    "--baseline @other.txt --junit @out.xml --os 10 %s",
    "check --record --suspect M* --limit paged=1G --rules @rules.yaml %s "
    "-o @folder/case.yaml",
    "convert --to poolmon --verify %s",
    "convert --to psz --redact %s -o @out.psz",
    "info --redact --json %s",
};

static void every_fixture(void **state)
{
    struct every f;
    (void)state;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++)
        for (size_t k = 0; k < sizeof ways_to_ask / sizeof *ways_to_ask; k++) {
            char line[1024];
            const char *mark = strstr(ways_to_ask[k], "%s");
            assert_non_null(mark);
            (void)snprintf(line, sizeof line, "%.*s%s%s", (int)(mark - ways_to_ask[k]),
                           ways_to_ask[k], f.path[i], mark + 2);
            (void)memory_try(line, try_call, line, 0);
        }
    every_free(&f);
}

/* What no fixture has. */
static const char *const made[] = {
    "check @full.yaml @hosts.yaml",
    "check --redact --junit @out.xml @full.yaml @hosts.yaml @refused.yaml",
    "check --markdown --redact @full.yaml @hosts.yaml @refused.yaml",
    "check --record --host-from dir --suspect M* @hosts -o @folder/hosts.yaml",
    "check --record --strict --tags @tags.yaml @hosts/web01/1.txt -o @folder/deep.yaml",
    "check --markdown --host-from dir --no-leak --max-rate 1/h --min-free 1M --max-paged "
    "1K --baseline @hosts/web01 --os xp @hosts",
    "check --record --suspect \xff @other.txt -o @out.yaml",
    "check @hosts",
    "diff @other.txt@1 @other.txt@2 --still fixtures/httperr/cut.log",
    "diff -s per-alloc,live,allocs,frees,bytes,tag,pool,source,delta @other.txt",
    "diff -s tag,tag,tag,tag,tag,tag,tag,tag,tag,tag,tag,tag @other.txt",
    "diff --redact --tags @tags.yaml @hosts/web01 @hosts/web02",
    "diff -s per-alloc,allocs,frees --csv @hosts/web01/1.txt "
    "fixtures/stories/drsd-printer/1.txt",
    "rank -v --redact --os 10 --baseline @hosts/web01 --host-from dir @hosts",
    "rank -v --markdown --os 10 --baseline @hosts/web01 @other.txt",
    "rank --merge --redact @a.json @b.json",
    "rank --merge --redact --json @a.json @b.json",
    "rank --merge --csv @a.json @b.json",
    "rank --suspect \x01'\\\x7f --suspect it's @other.txt @other.txt @other.txt "
    "@other.txt "
    "@other.txt @other.txt @other.txt @other.txt @other.txt",
    "rank --date-order dmy fixtures/series/web01.zip",
    "rank --json --threads 2 fixtures/series/web01.zip",
    "rank @back.txt",
    "rank --os xp @many-boots.txt",
    "report --host-from dir --baseline @hosts/web01 @hosts -o @out.html",
    "report --tags @tags.yaml fixtures/series/web01.zip -o @out.html",
    "show --time 2026-11-09T00:00 @other.txt",
    "show --all fixtures/httperr fixtures/winevents fixtures/perfmon",
    "show --history L* --history M* --markdown fixtures/series/web01.zip",
    "show --redact --json --time-from mtime @drivers.txt fixtures/series/web01.zip",
    "show",
    "show --redact @other.txt@2",
    "show --history L* --history T* -v @other.txt",
    "rank --redact --host=web01 @other.txt",
    "rank -n 3 @many-tags.txt",
    "rank --merge --markdown @a.json",
    "report fixtures/archives/series -o @out.html",
    "tags ?* --tags @tags.yaml",
    "tags M* L* A* --drivers @folder",
    "tags x* --drivers @folder",
    "convert --to poolmon fixtures/poolmon -o @folder/",
    "convert --to csv fixtures/httperr fixtures/winevents -o @events.csv",
    "convert --to psz @events.csv -o @events.psz",
    "convert --to psz --redact @drivers.txt fixtures/series/web01.zip -o @out.psz",
    "convert --append @hosts -o @grow.psz",
    "info --host-from dir @hosts @many-boots.txt",
    NULL,
};

static void made_inputs(void **state)
{
    (void)state;
    assert_true(try_calls(made, 20) > 10000);
}

/* ---- what they read ---- */

static void put(const char *name, const char *text)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void put_folder(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

/* Captures of a small machine, one an hour: what an hour adds may be less than nothing,
 * every so many hours it starts anew, and after half of them time falls. */
static void put_series(const char *name, int n, int step, int boot, bool falls)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    for (int i = 0; i < n; i++) {
        const int hour = falls && i >= n / 2 ? i - n / 4 : i;
        const long held = 1000 + (long)step * (boot > 0 ? i % boot : i);
        (void)fprintf(f,
                      "# poolsift time=2026-11-%02dT%02d:00:00\n"
                      " Memory: 4194304K Avail: 2097152K  PageFlts:     0   InRam Krnl: "
                      "9000K P:90000K\n"
                      " Commit: 900000K Limit:4000000K Peak:1000000K            Pool N: "
                      "9000K P:90000K\n"
                      " System pool information\n"
                      " Tag  Type     Allocs            Frees            Diff   Bytes    "
                      "   Per Alloc\n\n"
                      " Leak Nonp %10ld %10d %10ld %10ld %10d\n"
                      " Same Paged %9d %10d %10d %10d %10d\n"
                      " T%03d Paged %9d %10d %10d %10d %10d\n",
                      1 + hour / 24, hour % 24, held + 100, 100, held, held * 64, 64, 500,
                      100, 400, 12800, 32, i % 7, 50, 10, 40, 1280, 32);
    }
    assert_int_equal(fclose(f), 0);
}

/* Three captures of so many tags. */
static void put_tags(const char *name, int n)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    for (int i = 0; i < 3; i++) {
        (void)fprintf(f,
                      "# poolsift time=2026-11-02T%02d:00:00\n"
                      " System pool information\n"
                      " Tag  Type     Allocs            Frees            Diff   Bytes    "
                      "   Per Alloc\n\n",
                      i);
        for (int k = 0; k < n; k++)
            (void)fprintf(f, " %04x Paged %9d %10d %10d %10d %10d\n", k, k + 20 + i, 10,
                          k + 10 + i, 32 * (k + 10 + i), 32);
    }
    assert_int_equal(fclose(f), 0);
}

static void put_cases(void)
{
    put("full.yaml", "case: 1\n"
                     "name: full\n"
                     "source: https://example.com\n"
                     "figures: replayed\n"
                     "inputs: [other.txt]\n"
                     "options:\n"
                     "  suspect: [\"L*\", \"M*\"]\n"
                     "  limit: {nonpaged: 128M, paged: 1G}\n"
                     "  baseline: other.txt\n"
                     "  tags: tags.yaml\n"
                     "  rules: rules.yaml\n"
                     "  host: web01\n"
                     "  strict: no\n"
                     "expect:\n"
                     "  outcome: [too-few, none]\n"
                     "  pools: {nonpaged: null, paged: {bytes: {min: 1}}}\n"
                     "  tags:\n"
                     "    - {tag: Leak}\n"
                     "    - {tag: Leak, pool: nonpaged, rank: 1, bytes: {min: 1K}}\n"
                     "    - {tag: Gone, rank: 1}\n"
                     "  not_leaking: [\"MmSt\"]\n"
                     "  cohorts: [[ISil, I100]]\n"
                     "  suspects: [{pattern: \"M*\", verdict: acquitted}, [\"L*\"]]\n"
                     "  diagnoses: [few-left]\n");
    put("hosts.yaml", "case: 1\n"
                      "name: hosts\n"
                      "source: a page\n"
                      "figures: published\n"
                      "inputs: [hosts]\n"
                      "options: {host_from: dir, strict: yes}\n"
                      "expect:\n"
                      "  hosts:\n"
                      "    - {host: web01, outcome: none, tags: [{tag: Leak, rank: 1}]}\n"
                      "    - {host: web02, outcome: leak}\n"
                      "    - {host: web09, outcome: leak}\n");
    put("refused.yaml", "case: 1\nname: [refused]\n");
}

static int set_up(void **state)
{
    (void)state;
    calls_begin();
    put_folder("folder");
    put_folder("hosts");
    put_folder("hosts/web01");
    put_folder("hosts/web02");
    put_series("other.txt", 9, 900, 0, false);
    put_series("back.txt", 12, 10, 0, true);
    put_series("many-boots.txt", 700, 50, 2, false);
    put_tags("many-tags.txt", 1500);
    put_series("hosts/web01/1.txt", 8, 5, 0, false);
    put_series("hosts/web02/1.txt", 30, 4000, 0, false);
    put("drivers.txt", " Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc  "
                       "Mapped_Driver\n"
                       " Abcd Nonp        100        10        90    5760         64  "
                       "[abcd][C:\\Windows\\abcd.sys]\n");
    put("tags.yaml", "- tag: \"Leak\"\n"
                     "  owner: leak.sys\n"
                     "- tag: \"M*\"\n"
                     "  owner: m.sys\n");
    put("rules.yaml", "- id: few-left\n"
                      "  when: {pool: [nonpaged, paged], used_above: 1K}\n"
                      "  severity: warning\n"
                      "  text: \"{used} of {pool} pool used, see mail.txt\"\n"
                      "  next: \"ask host web01\"\n"
                      "  source: web01.txt\n");
    calls_prepare("rank -q --rules @rules.yaml --tags @tags.yaml @other.txt");
    calls_prepare(
        "rank -q --json --host web01 --rules @rules.yaml --tags @tags.yaml --os "
        "10 @other.txt -o @a.json");
    calls_prepare(
        "rank -q --json --host web02 --limit nonpaged=20M @hosts/web02/1.txt -o "
        "@b.json");
    put_cases();
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
        cmocka_unit_test(every_fixture),
        cmocka_unit_test(made_inputs),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
