/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/nearest.h"

static const char *const show_examples[] = {
    "poolsift show web01.txt                the last snapshot, biggest rows first",
    "poolsift show -p paged -n 5 x.psz      five rows of the paged pool",
    "poolsift show --history Abcd mail.zip  one tag over all captures, drawn",
    "poolsift show --json - <paste.txt      from standard input, for machines",
    NULL,
};
static const char *const diff_examples[] = {
    "poolsift diff monday.txt friday.txt      what changed in between",
    "poolsift diff week.psz@1 week.psz@-1     first and last of an archive",
    "poolsift diff --exit-code a.txt b.txt    exit 1 when anything changed",
    "poolsift diff a.txt b.txt --still c.txt  what grew and was not given back",
    NULL,
};
static const char *const rank_examples[] = {
    "poolsift rank captures/                      who leaks, over a folder",
    "poolsift rank --start 2006-03-12T09:00 --every 1h log.txt",
    "poolsift rank --exit-code week.psz           exit 1 when a tag leaks",
    "poolsift rank --merge web01.json web02.json  hosts ranked one by one",
    "poolsift rank --suspect 'Abc*' week.psz      is it one of these, by numbers?",
    "poolsift rank --baseline may.psz june.psz    what leaks that did not before",
    NULL,
};
static const char *const report_examples[] = {
    "poolsift report captures/ -o leak.html    one page to read, print and send",
    "poolsift report --suspect 'Abc*' week.psz -o leak.html",
    "poolsift report --os 10 mail.zip -o -     to standard output",
    NULL,
};
static const char *const check_examples[] = {
    "poolsift check cases/                            every case file below it",
    "poolsift check --record captures/ -o case.yaml   a case of what rank finds",
    "poolsift check --no-leak captures/               exit 1 when a tag leaks",
    "poolsift check --max-rate 100K/h --junit out.xml week.psz",
    "poolsift check --baseline healthy.psz today.psz  exit 1 when it leaks more",
    "poolsift check --max-nonpaged 80% --limit nonpaged=128M now.txt",
    NULL,
};
static const char *const convert_examples[] = {
    "poolsift convert captures/ -o week.psz    a folder to one small archive",
    "poolsift convert week.psz -o text/        back to one file a snapshot",
    "poolsift convert --append now.txt -o week.psz",
    "poolsift convert week.psz -o week.csv     one line a snapshot, tag and pool",
    NULL,
};
static const char *const info_examples[] = {
    "poolsift info mail.zip                    what is in it, is it whole",
    NULL,
};
static const char *const tags_examples[] = {
    "poolsift tags Proc                  whose it is, and whether that tells",
    "poolsift tags 'Ul*' 50726f63 corP   a pattern, hexadecimal, backwards",
    "poolsift tags Abcd --drivers sys/   which of these files allocates it",
    NULL,
};
static const char *const formats_examples[] = {
    "poolsift formats --markdown         the table, to paste somewhere",
    NULL,
};
static const char *const help_examples[] = {
    "poolsift help rank                  the options of a command",
    "poolsift help rules                 a topic",
    NULL,
};
static const char *const version_examples[] = {
    "poolsift version                    for a report of a fault, with -v",
    NULL,
};

const struct command command_table[] = {
    {"show", "[INPUT...]", "the snapshots themselves, biggest first", C_SHOW, cmd_show,
     show_examples},
    {"diff", "OLD NEW", "what changed between two snapshots", C_DIFF, cmd_diff,
     diff_examples},
    {"rank", "INPUT...", "who leaks, over a series", C_RANK, cmd_rank, rank_examples},
    {"report", "INPUT... -o FILE", "one self-contained HTML page", C_REPORT, cmd_report,
     report_examples},
    {"check", "CASE...|INPUT...", "cases or thresholds; exit 1 when one fails", C_CHECK,
     cmd_check, check_examples},
    {"convert", "INPUT... -o FILE", "any format to .psz, csv, jsonl, poolmon text",
     C_CONVERT, cmd_convert, convert_examples},
    {"info", "INPUT...", "what a file is, is it whole, what it spans", C_INFO, cmd_info,
     info_examples},
    {"tags", "PATTERN...", "who owns a tag, and what is known about it", C_TAGS, cmd_tags,
     tags_examples},
    {"formats", "", "what can be read and written", C_FORMATS, cmd_formats,
     formats_examples},
    {"help", "[COMMAND]", "this, or a command's page", C_HELP, cmd_help, help_examples},
    {"version", "", "the version; -v: how it was built", C_VERSION, cmd_version,
     version_examples},
    {NULL, NULL, NULL, C_ANY, NULL, NULL},
};

const struct command *command_find(const char *name)
{
    for (const struct command *c = command_table; c->name != NULL; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

const char *command_nearest(const char *word)
{
    struct nearest n;
    nearest_start(&n, word, SIZE_MAX);
    for (const struct command *c = command_table; c->name != NULL; c++)
        nearest_try(&n, c->name);
    return n.best;
}

int command_sink(const struct context *c, struct sink **out, struct err *e)
{
    if (c->o.output != NULL && strcmp(c->o.output, "-") != 0)
        return sink_file(out, c->o.output, e);
    if (c->o.merge) /* a later input may be refused when the first are told */
        return sink_held(out, STDOUT_FILENO, "standard output", e);
    return sink_fd(out, STDOUT_FILENO, "standard output", e);
}

int command_render(const struct context *c, struct render *r, struct render_opts *ro,
                   struct err *e)
{
    *ro = (struct render_opts){.units = c->o.units,
                               .color = term_color(&c->o),
                               .ascii = term_ascii(&c->o),
                               .verbose = c->o.verbose,
                               .width = c->o.output != NULL ? 80 : term_width(),
                               .top = options_top(&c->o)};
    *r = (struct render){.how = c->o.renderer, .o = ro, .e = e};
    return command_sink(c, &r->out, e);
}

int command_render_end(struct render *r, int code, struct err *e)
{
    render_close(r);
    if (code < 0) {
        sink_abort(r->out);
        return code;
    }
    int closed = sink_close(r->out, e);
    return closed < 0 ? closed : code;
}

int command_load(struct context *c, struct load *l, struct err *e)
{
    static char dash[] = "-";
    char *only_stdin[] = {dash};
    if (c->n_operands > 0)
        return load_open(l, &c->o, &c->term, c->operands, c->n_operands, e);
    if (isatty(STDIN_FILENO) == 1) {
        int r = err_set(e, ERR_USAGE, "no input was named");
        err_hint(e, "name a file or folder, or paste with: poolsift show - and Ctrl-D");
        return r;
    }
    return load_open(l, &c->o, &c->term, only_stdin, 1, e);
}

int command_order(const struct context *c, const struct pool_snapshot *s,
                  uint32_t **order, size_t *n, struct err *e)
{
    uint32_t *v = malloc((s->n_rows > 0 ? s->n_rows : 1) * sizeof *v);
    if (v == NULL)
        return err_nomem(e);
    sort_rows(s, c->o.sort, c->o.n_sort, v);
    size_t kept = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = &s->rows[v[i]];
        if (options_select(&c->o, r->tag, (enum pool_kind)r->pool))
            v[kept++] = v[i];
    }
    *order = v;
    *n = kept;
    return 0;
}

void command_hint_patterns(struct context *c, const struct pattern_list *l,
                           const struct pool_tag *tags, size_t n)
{
    for (size_t i = 0; i < l->n; i++) {
        const char *pattern = l->v[i];
        bool hit = false;
        const struct pool_tag *near = NULL;
        for (size_t k = 0; k < n && !hit; k++) {
            hit = tag_match(pattern, tags[k]);
            if (near == NULL && tag_match_nearly(pattern, tags[k]))
                near = &tags[k];
        }
        if (hit)
            continue;
        struct err e = {0};
        char text[TAG_TEXT_MAX];
        (void)err_set(&e, ERR_EMPTY, "no tag matches '%s'", pattern);
        if (near != NULL) {
            (void)tag_text(*near, text);
            err_hint(&e, "tags are case-sensitive; there is '%s'", text);
        }
        bool failed = c->term.failed;
        term_error(&c->term, &e);
        c->term.failed = failed; /* an empty table is an answer, too */
    }
}
