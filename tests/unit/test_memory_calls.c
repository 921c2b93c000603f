/* SPDX-License-Identifier: MIT */
/* Whole calls with memory that runs out at any of their allocations: they end in words,
 * or with the answer that they give else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/redact/redact_call.h"
#include "tests/unit/memory.h"

enum { WORDS = 24, USUAL = 150 };

#define LOG     "fixtures/poolmon/dated-series.txt"
#define SERIES  "fixtures/archives/series"
#define PSZ     "fixtures/archives/1.1.psz"
#define REFUSED "fixtures/stories/connections-refused"

/* Cut at blanks; a word that begins with @ is a file in the folder of this test. */
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
};

static int out_fd, err_fd;
static char folder[256];

static void empty(int fd)
{
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
}

static uint64_t sum_of_file(int fd)
{
    uint8_t part[4096];
    uint64_t sum = 0;
    ptrdiff_t n;
    for (off_t at = 0; (n = pread(fd, part, sizeof part, at)) > 0; at += n)
        for (ptrdiff_t i = 0; i < n; i++)
            sum = sum * 31 + part[i];
    return sum;
}

/* As main does it. */
static int call(int n, char **words, struct err *e)
{
    struct context c = {.n_operands = 0};
    struct redact names = {.n = 0};
    const struct command *command = command_find(words[0]);
    assert_non_null(command);
    term_init(&c.term);
    int r = options_parse(&c.o, command->bit, n, words, &c.operands, &c.n_operands, e);
    if (r == 0) {
        c.arguments = words + 1;
        c.n_arguments = n - 1;
        term_configure(&c.term, &c.o);
        c.term.names = c.o.names = c.o.redact ? &names : NULL;
        r = command->run(&c, e);
    }
    term_finish(&c.term);
    const bool told = c.term.failed;
    redact_free(&names);
    options_free(&c.o);
    struct stat said;
    assert_int_equal(fstat(err_fd, &said), 0);
    if (told && r >= 0) /* and the words stand on standard error */
        r = said.st_size > 0 ? err_nomem(e) : ERR_BUG;
    return r;
}

static int try_call(void *ctx, uint64_t *sum, struct err *e)
{
    char line[1024], paths[WORDS][512], *words[WORDS + 1];
    int n = 0;
    (void)snprintf(line, sizeof line, "%s", (const char *)ctx);
    for (char *at = line; n < WORDS && *at != '\0'; n++) {
        words[n] = at;
        at += strcspn(at, " ");
        if (*at != '\0')
            *at++ = '\0';
        if (words[n][0] == '@') {
            (void)snprintf(paths[n], sizeof paths[n], "%s/%s", folder, words[n] + 1);
            words[n] = paths[n];
        }
    }
    words[n] = NULL;
    empty(out_fd);
    empty(err_fd);
    (void)fflush(stdout);
    const int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    assert_true(dup2(out_fd, STDOUT_FILENO) >= 0 && dup2(err_fd, STDERR_FILENO) >= 0);
    int r = call(n, words, e);
    assert_true(dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0);
    (void)close(out);
    (void)close(err);
    *sum = r < 0 ? 0 : sum_of_file(out_fd);
    return r;
}

static void whole_calls(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char line[1024];
        (void)snprintf(line, sizeof line, "%s", calls[i]);
        assert_true(memory_try(line, try_call, line, USUAL) > 0);
    }
}

/* Inputs that only poolsift writes. */
static int set_up(void **state)
{
    static const char *const made[] = {
        "rank -q --json --host web01 " PSZ " -o @a.json",
        "rank -q --json --host web02 " PSZ " -o @b.json",
        "check --record -q --host web03 " PSZ " -o @case.yaml",
    };
    const char *within = getenv("TMPDIR");
    (void)state;
    (void)snprintf(folder, sizeof folder, "%s/memory-%ld",
                   within != NULL ? within : "build", (long)getpid());
    assert_int_equal(mkdir(folder, 0700), 0);
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        char line[1024];
        uint64_t sum = 0;
        struct err e = {0};
        (void)snprintf(line, sizeof line, "%s", made[i]);
        if (try_call(line, &sum, &e) < 0)
            fail_msg("%s: %s", line, e.text);
    }
    return 0;
}

static void remove_all(const char *path)
{
    DIR *d = opendir(path);
    for (const struct dirent *x; d != NULL && (x = readdir(d)) != NULL;) {
        char below[1024];
        (void)snprintf(below, sizeof below, "%s/%s", path, x->d_name);
        if (strcmp(x->d_name, ".") != 0 && strcmp(x->d_name, "..") != 0 &&
            unlink(below) != 0)
            remove_all(below);
    }
    if (d != NULL)
        (void)closedir(d);
    assert_int_equal(rmdir(path), 0);
}

static int tear_down(void **state)
{
    (void)state;
    remove_all(folder);
    return 0;
}

static int open_unnamed(void)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    return fileno(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_calls),
    };
    out_fd = open_unnamed();
    err_fd = open_unnamed();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
