/* SPDX-License-Identifier: MIT */
/* Whole calls with memory that runs out at any of their allocations: they end in words,
 * or with the answer that they give else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/memory_calls.h"

enum { USUAL = 150 };

#define LOG     "fixtures/poolmon/dated-series.txt"
#define SERIES  "fixtures/archives/series"
#define PSZ     "fixtures/archives/1.1.psz"
#define REFUSED "fixtures/stories/connections-refused"

static const char *const calls[] = {
    "show " LOG,
    "show --all --csv fixtures/poolused fixtures/vm fixtures/rawtags fixtures/pscap",
    "show --json --at 2026-11-09T00:00 " PSZ,
    "show --markdown -s tag -p paged " PSZ "@2",
    "show --history Leak " PSZ,
    "show --history L* --json " LOG,
    "show -i Leak --tags fixtures/tags/pooltag.txt --units human " LOG,
    "diff " PSZ,
    "diff --csv " LOG "@1 " LOG "@2 --still " LOG "@3",
    "diff --markdown " LOG,
    "rank " SERIES " --start 2026-11-09T00:00 --every 8h",
    "rank --json " PSZ,
    "rank --csv --suspect L* --limit nonpaged=128M " PSZ,
    "rank --markdown --baseline " LOG " " PSZ,
    "rank --host-from name --threads 2 --redact " SERIES " " LOG,
    "rank --json " REFUSED " fixtures/httperr fixtures/winevents fixtures/perfmon",
    "rank --rules cli/know/rules.yaml --os 10 " PSZ,
    "rank --merge @a.json @b.json",
    "rank --merge --json @a.json @b.json",
    "report --os 10 -o - " PSZ,
    "report --redact --limit nonpaged=128M -o - " REFUSED " " LOG,
    "check @case.yaml",
    "check --json @case.yaml",
    "check fixtures/stories/published",
    "check --json --no-leak --max-rate 100K/h --min-free nonpaged=1M --limit "
    "nonpaged=1G " PSZ,
    "check --baseline " LOG " " PSZ,
    "check --record " SERIES " --start 2026-11-09T00:00 --every 8h",
    "convert --to csv " PSZ " fixtures/httperr",
    "convert --to jsonl --redact " PSZ " fixtures/winevents",
    "convert --to poolmon " PSZ " fixtures/poolused",
    "convert --to psz --verify " SERIES " " LOG " -o @out.psz",
    "convert --to psz --threads 2 " PSZ " " LOG " -o @out.psz",
    "convert " PSZ " -o @folder/",
    "convert --salvage fixtures/broken -o @out.psz",
    "info " PSZ " fixtures/series/web01.zip " LOG,
    "info --json fixtures/poolmon fixtures/table fixtures/xray",
    "tags Proc U* --tags fixtures/tags/pooltag.txt",
    "tags --json Proc Mm?? --drivers fixtures/innocent",
    "formats",
    "formats --json",
    "formats --markdown",
    "help rank",
    "help rules",
    "version --verbose",
    "show fixtures/innocent fixtures/none.txt",
    NULL,
};

static void whole_calls(void **state)
{
    (void)state;
    assert_true(try_calls(calls, USUAL) > 10000);
}

/* Inputs that only poolsift writes. */
static int set_up(void **state)
{
    (void)state;
    calls_begin();
    calls_prepare("rank -q --json --host web01 " PSZ " -o @a.json");
    calls_prepare("rank -q --json --host web02 " PSZ " -o @b.json");
    calls_prepare("check --record -q --host web03 " PSZ " -o @case.yaml");
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
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
