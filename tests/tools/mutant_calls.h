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
    const char *words; /* @ the mutant, % another seed, O the output */
    enum made made;
    const char *suffix; /* of the output */
    enum also also;
};

static const struct call calls[] = {
    {CAPTURE, "show @", .made = NOTHING},
    {CAPTURE, "show --all --json @ -o O", .made = JSON, .suffix = ".json"},
    {CAPTURE, "show --history * -v @", .made = NOTHING},
    {CAPTURE, "rank -v @", .made = NOTHING},
    {CAPTURE, "rank --json @ % -o O", .made = JSON, .suffix = ".json"},
    {CAPTURE, "rank --markdown --strict --exit-code @ @", .also = ALSO_ONE},
    {CAPTURE, "rank --csv --baseline % @", .made = NOTHING},
    {CAPTURE, "rank --json --start 2026-01-01T00:00 --every 1h @ % -o O", .made = JSON,
     .suffix = ".json"},
    {CAPTURE, "info @", .made = NOTHING},
    {CAPTURE, "info --json @ % -o O", .made = JSON, .suffix = ".json"},
    {CAPTURE, "convert @ -o O", .made = SAME, .suffix = ".psz"},
    {CAPTURE, "convert @ % -o O", .made = READ, .suffix = ".csv"},
    {CAPTURE, "convert @ -o O", .made = READ, .suffix = ".jsonl"},
    {CAPTURE, "convert --to poolmon @ -o O", .made = READ, .suffix = ".txt"},
    {CAPTURE, "convert --redact @ -o O", .made = READ, .suffix = ".psz"},
    {CAPTURE, "convert --append @ -o O", .made = ADDED, .suffix = ".psz"},
    {CAPTURE, "report @ % -o O", .made = PAGE, .suffix = ".html"},
    {CAPTURE, "diff --exit-code @ %", .also = ALSO_ONE},
    {CAPTURE, "diff --json % @ --still @ -o O", .made = JSON, .suffix = ".json"},
    {CAPTURE, "check --no-leak --max-rate 1K/h --max-nonpaged 10M @", .also = ALSO_ONE},
    {CAPTURE, "check --record @ -o O", .made = CHECKED, .suffix = ".yaml"},
    {CAPTURE, "show --redact --markdown @", .made = NOTHING},
    {ARCHIVE, "show --all @", .made = NOTHING},
    {ARCHIVE, "show --history * --json @ -o O", .made = JSON, .suffix = ".json"},
    {ARCHIVE, "rank --json @ -o O", .made = JSON, .suffix = ".json"},
    {ARCHIVE, "rank --salvage --json @ % -o O", .made = JSON, .suffix = ".json"},
    {ARCHIVE, "rank --since 2026-01-01 @", .made = NOTHING},
    {ARCHIVE, "info --json @ -o O", .made = JSON, .suffix = ".json"},
    {ARCHIVE, "convert @ -o O", .made = SAME, .suffix = ".psz"},
    {ARCHIVE, "convert --salvage @ -o O", .made = READ, .suffix = ".csv"},
    {ARCHIVE, "convert --append % -o @", .made = NOTHING},
    {ARCHIVE, "convert --append @ -o O", .made = ADDED, .suffix = ".psz"},
    {ARCHIVE, "diff @", .made = NOTHING},
    {ARCHIVE, "show @@-1", .made = NOTHING},
    {ARCHIVE, "report @ -o O", .made = PAGE, .suffix = ".html"},
    {CASE, "check @", .also = ALSO_ONE},
    {CASE, "check --json @ -o O", .made = JSON, .suffix = ".json", .also = ALSO_ONE},
    {LIST, "tags --tags @ *", .also = ALSO_TWO},
    {LIST, "tags --json --tags @ Abcd Proc -o O", .made = JSON, .suffix = ".json",
     .also = ALSO_TWO},
    {LIST, "rank --rules @ %", .made = NOTHING},
    {LIST, "rank --tags @ %", .made = NOTHING},
    {RANKED, "rank --json --merge @ % -o O", .made = JSON, .suffix = ".json"},
    {RANKED, "rank --merge @ %", .made = NOTHING},
    {DRIVER, "tags ISil Abcd --drivers @", .also = ALSO_TWO},
    {DRIVER, "tags --json * --drivers @ -o O", .made = JSON, .suffix = ".json",
     .also = ALSO_TWO},
};

enum { CALLS = sizeof calls / sizeof calls[0] };

#endif
