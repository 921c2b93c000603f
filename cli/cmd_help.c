/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/nearest.h"
#include "cli/topics.h"

#define HELP_COLUMN     28
#define OVERVIEW_COLUMN 36 /* of the summaries, two blanks in */

static void option_line(struct sink *out, const struct option_row *o)
{
    char left[64];
    char letter[6] = "    ";
    if (o->letter != 0)
        (void)snprintf(letter, sizeof letter, "-%c, ", o->letter);
    int n = snprintf(left, sizeof left, "  %s--%s%s%s", letter, o->name,
                     o->arg != NULL ? " " : "", o->arg != NULL ? o->arg : "");
    if (n >= HELP_COLUMN - 1)
        sink_printf(out, "%s\n%*s", left, HELP_COLUMN, "");
    else
        sink_printf(out, "%-*s", HELP_COLUMN, left);
    help_wrapped(out, o->help, HELP_COLUMN);
}

void command_page(struct sink *out, const struct command *c)
{
    sink_printf(out, "poolsift %s [OPTION...]%s%s\n", c->name,
                *c->args != '\0' ? " " : "", c->args);
    sink_printf(out, "    %s\n\n", c->summary);
    for (const char *const *x = c->examples; *x != NULL; x++)
        sink_printf(out, "    %s\n", *x);
    if (*c->examples != NULL)
        sink_puts(out, "\n");
    for (const struct option_row *o = option_table; o->name != NULL; o++)
        if (o->commands & (unsigned)c->bit)
            option_line(out, o);
}

void command_overview(struct sink *out)
{
    sink_puts(out,
              "poolsift - read, diff and rank Windows kernel pool captures, offline\n\n");
    for (const struct command *c = command_table; c->name != NULL; c++) {
        sink_printf(out, "  poolsift %-7s %-16s ", c->name, c->args);
        help_wrapped(out, c->summary, OVERVIEW_COLUMN);
    }
    sink_puts(out,
              "\nAn INPUT is a file, a folder, a zip, or - for standard input; gzip is "
              "fine.\n\n"
              "    poolsift web01.txt         what one capture shows\n"
              "    poolsift rank captures/    which tag leaks, how fast, how sure\n"
              "    poolsift help rank         every option of a command\n");
    for (const struct topic *t = topic_table; t->name != NULL; t++)
        sink_printf(out, "    poolsift help %-12s %s\n", t->name, t->summary);
}

static int no_such_page(const char *word, struct err *e)
{
    struct nearest near;
    int r = err_set(e, ERR_USAGE, "there is no command or topic '%s'", word);
    nearest_start(&near, word, SIZE_MAX);
    for (const struct command *c = command_table; c->name != NULL; c++)
        nearest_try(&near, c->name);
    for (const struct topic *t = topic_table; t->name != NULL; t++)
        nearest_try(&near, t->name);
    if (near.best != NULL)
        err_hint(e, "did you mean '%s'?", near.best);
    else
        err_hint(e, "poolsift help lists the commands");
    return r;
}

int cmd_help(struct context *c, struct err *e)
{
    const struct command *page = NULL;
    const struct topic *topic = c->n_operands > 0 ? topic_find(c->operands[0]) : NULL;
    if (c->n_operands > 0 && topic == NULL) {
        page = command_find(c->operands[0]);
        if (page == NULL)
            return no_such_page(c->operands[0], e);
    }
    struct sink *out;
    TRY(sink_fd(&out, STDOUT_FILENO, "standard output", e));
    if (topic != NULL)
        topic->page(out);
    else if (page != NULL)
        command_page(out, page);
    else
        command_overview(out);
    return sink_close(out, e);
}
