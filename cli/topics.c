/* SPDX-License-Identifier: MIT */
#include "cli/topics.h"

#include <stdio.h>
#include <string.h>

#include "cli/know/rules.h"
#include "cli/options.h"
#include "formats/bytes.h"

#define COLUMN 24

void help_wrapped(struct sink *out, const char *words, int column)
{
    int at = column;
    for (const char *p = words; *p != '\0';) {
        int n = (int)strcspn(p, " ");
        if (at > column && at + 1 + n > HELP_WIDTH) {
            sink_printf(out, "\n%*s", column, "");
            at = column;
        } else if (at > column) {
            sink_puts(out, " ");
            at++;
        }
        sink_write(out, p, (size_t)n);
        at += n;
        p += n;
        p += strspn(p, " ");
    }
    sink_puts(out, "\n");
}

/* ---- rules ---- */

static const char *const rule_values[] = {
    [RULE_WORDS] = "",        [RULE_SIZE] = " 20M",   [RULE_PERCENT] = " 80%",
    [RULE_PATTERNS] = " PAT", [RULE_TEXTS] = " NAME", [RULE_COUNT] = " N",
    [RULE_HOURS] = " 24h",    [RULE_YES] = " yes",
};

static void rule_line(struct sink *out, const char *name, const char *value,
                      const char *words)
{
    int n = 2 + (int)strlen(name) + (int)strlen(value);
    sink_printf(out, "  %s%s", name, value);
    sink_printf(out, "%*s", n < COLUMN ? COLUMN - n : 1, "");
    help_wrapped(out, words, COLUMN);
}

/* The words that it takes, where they are a closed list. */
static void key_words(struct sink *out, enum rule_key k)
{
    const char *const *words = rule_key_words(k);
    char line[256] = "";
    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        size_t n = strlen(line);
        (void)snprintf(line + n, sizeof line - n, "%s%s", n == 0 ? "" : " ", words[i]);
    }
    if (line[0] == '\0')
        return;
    sink_printf(out, "%*s", COLUMN, "");
    help_wrapped(out, line, COLUMN);
}

static void rules_page(struct sink *out)
{
    sink_puts(out,
              "What figures mean is said by rules, in `rank` under \"What it means\".\n"
              "Rules of your own: --rules FILE, or rules.yaml in ~/.config/poolsift; "
              "one\nthat has the id of a built-in rule replaces it.\n\n"
              "    - id: too-much-paged\n"
              "      when: {pool: paged, used_above: 400M}\n"
              "      severity: warning          # or info, error\n"
              "      text: \"{used} of paged pool on a machine that should need 300M\"\n"
              "      next: ask the team that owns the image    # may be left out\n"
              "      source: our runbook, page 3               # may be left out\n\n"
              "All conditions of `when` must hold; a list means any of its values:\n\n");
#define RULE_KEY(id, name, kind, words)                                                  \
    rule_line(out, name, rule_values[RULE_##kind], words);                               \
    key_words(out, RULE_KEY_##id);
#include "cli/analyze/rule_keys.def"
#undef RULE_KEY
    sink_puts(out, "\nPlaceholders of text and next, printed with their units:\n\n");
#define RULE_WORD(id, name, sized, words)                                                \
    rule_line(out, "{" name, sized ? ":20M}" : "}", words);
#include "cli/analyze/rule_words.def"
#undef RULE_WORD
    sink_puts(out, "\n`suspects: PAT` beside `text` names tags that are judged with the "
                   "rule.\nBuilt in:\n\n");
    for (size_t i = 0; i < rules_builtin.n; i++)
        sink_printf(out, "  %s\n", rules_builtin.v[i].id);
}

/* ---- cases ---- */

/* What options a case takes are those whose row says so. */
static void case_options(struct sink *out)
{
    struct err e = {0};
    struct buf names = {0};
    int r = 0;
    for (const struct option_row *o = option_table; o->name != NULL && r == 0; o++)
        if (o->commands & C_CASE)
            r = buf_printf(&names, &e, "%s%s", names.n > 0 ? " " : "", o->name);
    sink_puts(out, "    ");
    help_wrapped(out, r == 0 && names.n > 0 ? (const char *)names.p : "", 4);
    buf_free(&names);
}

static void cases_page(struct sink *out)
{
    sink_puts(
        out,
        "A case is captures and what `rank` shall find in them: a YAML file for\n"
        "`poolsift check CASE.yaml`, or a folder of them.  All of it: man "
        "poolsift-case.\n\n"
        "    case: 1                        # the first key\n"
        "    name: print-server\n"
        "    source: https://...            # who published the figures\n"
        "    figures: published             # or replayed: made after them\n"
        "    inputs: [1.txt, 2.txt]         # beside this file\n"
        "    options: {start: 2006-03-12T09:00, every: 1h, limit: {nonpaged: 128M}}\n"
        "    expect:                        # keys of rank --json\n"
        "      outcome: too-few\n"
        "      tags:\n"
        "        - {tag: Abcd, pool: paged, rank: 1, bytes: 22464,\n"
        "           bytes_per_hour: {near: 4992, within: 5%}}\n"
        "      not_leaking: [\"U[Ll]*\"]      # match, and none of them leaks\n"
        "      absent: [Zzzz]               # nothing matches\n"
        "      cohorts: [[Abcd, Efgh]]      # one holds both\n"
        "      suspects: [{pattern: \"U[Ll]*\", verdict: acquitted}]\n"
        "      diagnoses: [short-span]\n"
        "      pools: {nonpaged: {limit_bytes: 128M}}\n\n"
        "A value is exact, or one of [a, b], {min: 1, max: 9}, {near: 5, within: 10%},\n"
        "{contains: text}, {not: value}.  Of a list, each item given must be there; a\n"
        "number says how many there are, [] that there is none.  Of several hosts:\n\n"
        "    expect: {hosts: [{host: WEB01, scope: system, outcome: leak}]}\n\n"
        "Options of a case:\n\n");
    case_options(out);
    sink_puts(out, "\nWrite one from what is found today, and edit it:\n\n"
                   "    poolsift check --record captures/ -o case.yaml\n");
}

const struct topic topic_table[] = {
    {"cases", "captures and what rank shall find in them", cases_page},
    {"rules", "what figures mean, and rules of your own", rules_page},
    {NULL, NULL, NULL},
};

const struct topic *topic_find(const char *name)
{
    for (const struct topic *t = topic_table; t->name != NULL; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}
