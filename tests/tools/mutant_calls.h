/* SPDX-License-Identifier: MIT */
/* The calls that tests/mutants makes with damaged files, by turns: one list.  Nobody owns
 * anything here. */
#ifndef TESTS_TOOLS_MUTANT_CALLS_H
#define TESTS_TOOLS_MUTANT_CALLS_H

enum kind { CAPTURE, ARCHIVE, CASE, LIST, RANKED, DRIVER, KINDS };

static const char *const folders[KINDS] = {"captures", "archives", "cases",
                                           "lists",    "ranked",   "drivers"};

/* What must hold of the file that a call made. */
enum made {
    NOTHING, /* there is none */
    READ,    /* poolsift reads it without damage */
    SAME,    /* so it does, and its table is that of what was read */
    CHECKED, /* a case that holds */
    JSON,    /* one document */
    PAGE,    /* ends as a page does */
    ADDED    /* the archive that was there, still whole */
};

/* What a call may end in beside 0, and 2 with words. */
enum also { ALSO_NONE, ALSO_ONE, ALSO_TWO /* without words: of tags, "not known" */ };

struct call {
    enum kind kind;
    enum made made;
    enum also also;
    const char *words; /* @ the mutant, % another seed, O the output */
    const char *suffix;
};

static const struct call calls[] = {
    {CAPTURE, NOTHING, ALSO_NONE, "show @", ""},
    {CAPTURE, JSON, ALSO_NONE, "show --all --json @ -o O", ".json"},
    {CAPTURE, NOTHING, ALSO_NONE, "show --history * -v @", ""},
    {CAPTURE, NOTHING, ALSO_NONE, "rank -v @", ""},
    {CAPTURE, JSON, ALSO_NONE, "rank --json @ % -o O", ".json"},
    {CAPTURE, NOTHING, ALSO_ONE, "rank --markdown --strict --exit-code @ @", ""},
    {CAPTURE, NOTHING, ALSO_NONE, "rank --csv --baseline % @", ""},
    {CAPTURE, JSON, ALSO_NONE, "rank --json --start 2026-01-01T00:00 --every 1h @ % -o O",
     ".json"},
    {CAPTURE, NOTHING, ALSO_NONE, "info @", ""},
    {CAPTURE, JSON, ALSO_NONE, "info --json @ % -o O", ".json"},
    {CAPTURE, SAME, ALSO_NONE, "convert @ -o O", ".psz"},
    {CAPTURE, READ, ALSO_NONE, "convert @ % -o O", ".csv"},
    {CAPTURE, READ, ALSO_NONE, "convert @ -o O", ".jsonl"},
    {CAPTURE, READ, ALSO_NONE, "convert --to poolmon @ -o O", ".txt"},
    {CAPTURE, READ, ALSO_NONE, "convert --redact @ -o O", ".psz"},
    {CAPTURE, ADDED, ALSO_NONE, "convert --append @ -o O", ".psz"},
    {CAPTURE, PAGE, ALSO_NONE, "report @ % -o O", ".html"},
    {CAPTURE, NOTHING, ALSO_ONE, "diff --exit-code @ %", ""},
    {CAPTURE, JSON, ALSO_NONE, "diff --json % @ --still @ -o O", ".json"},
    {CAPTURE, NOTHING, ALSO_ONE, "check --no-leak --max-rate 1K/h --max-nonpaged 10M @",
     ""},
    {CAPTURE, CHECKED, ALSO_NONE, "check --record @ -o O", ".yaml"},
    {CAPTURE, NOTHING, ALSO_NONE, "show --redact --markdown @", ""},
    {ARCHIVE, NOTHING, ALSO_NONE, "show --all @", ""},
    {ARCHIVE, JSON, ALSO_NONE, "show --history * --json @ -o O", ".json"},
    {ARCHIVE, JSON, ALSO_NONE, "rank --json @ -o O", ".json"},
    {ARCHIVE, JSON, ALSO_NONE, "rank --salvage --json @ % -o O", ".json"},
    {ARCHIVE, NOTHING, ALSO_NONE, "rank --since 2026-01-01 @", ""},
    {ARCHIVE, JSON, ALSO_NONE, "info --json @ -o O", ".json"},
    {ARCHIVE, SAME, ALSO_NONE, "convert @ -o O", ".psz"},
    {ARCHIVE, READ, ALSO_NONE, "convert --salvage @ -o O", ".csv"},
    {ARCHIVE, NOTHING, ALSO_NONE, "convert --append % -o @", ""},
    {ARCHIVE, ADDED, ALSO_NONE, "convert --append @ -o O", ".psz"},
    {ARCHIVE, NOTHING, ALSO_NONE, "diff @", ""},
    {ARCHIVE, NOTHING, ALSO_NONE, "show @@-1", ""},
    {ARCHIVE, PAGE, ALSO_NONE, "report @ -o O", ".html"},
    {CASE, NOTHING, ALSO_ONE, "check @", ""},
    {CASE, JSON, ALSO_ONE, "check --json @ -o O", ".json"},
    {LIST, NOTHING, ALSO_TWO, "tags --tags @ *", ""},
    {LIST, JSON, ALSO_TWO, "tags --json --tags @ Abcd Proc -o O", ".json"},
    {LIST, NOTHING, ALSO_NONE, "rank --rules @ %", ""},
    {LIST, NOTHING, ALSO_NONE, "rank --tags @ %", ""},
    {RANKED, JSON, ALSO_NONE, "rank --json --merge @ % -o O", ".json"},
    {RANKED, NOTHING, ALSO_NONE, "rank --merge @ %", ""},
    {DRIVER, NOTHING, ALSO_TWO, "tags ISil Abcd --drivers @", ""},
    {DRIVER, JSON, ALSO_TWO, "tags --json * --drivers @ -o O", ".json"},
};

enum { CALLS = sizeof calls / sizeof calls[0] };

#endif
