/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "cli/rank/comparison.h"
#include "cli/rank/hosts.h"
#include "cli/rank/recording.h"
#include "cli/redact/redact_call.h"
#include "cli/render/reproduce.h"

static bool to_stdout(const struct options *o)
{
    return strcmp(o->output, "-") == 0;
}

static int check_output(const struct options *o, struct err *e)
{
    if (o->output != NULL && !(to_stdout(o) && isatty(STDOUT_FILENO) == 1))
        return 0;
    int r = o->output == NULL
                ? err_set(e, ERR_USAGE, "report needs the file to write: -o FILE")
                : err_set(e, ERR_USAGE, "a page of HTML is nothing for a terminal");
    err_hint(e, "-o leak.html, and open that in a browser; poolsift rank prints text");
    return r;
}

/* ---- the command, to type again ---- */

static int command_line(const struct context *c, struct buf *b, struct err *e)
{
    char *const *arguments;
    TRY(redact_arguments(c, &arguments, e));
    TRY(reproduce_word(b, "poolsift", e));
    TRY(reproduce_word(b, "report", e));
    for (int i = 0; i < c->n_arguments; i++)
        TRY(reproduce_word(b, arguments[i], e));
    for (size_t i = 0; i + 1 < b->n; i++)
        if (b->p[i] == '\0')
            b->p[i] = ' ';
    return 0;
}

/* ---- the page ---- */

static int write_page(struct context *c, struct ranking *x, const struct report_about *a,
                      struct err *e)
{
    struct hosts_array views = {.v = x->views, .n = x->n_views};
    const struct hosts_source from = hosts_of_array(&views);
    const struct render_opts ro = {.units = c->o.units,
                                   .verbose = c->o.verbose,
                                   .top = c->o.top_given ? c->o.top : 0,
                                   .about = a};
    struct render render = {.how = &render_html, .o = &ro, .e = e};
    struct hosts hosts = {.o = NULL};
    TRY(command_sink(c, &render.out, e));
    int r = hosts_render(&hosts, &from, &c->o, !c->term.failed, &render, e);
    r = command_render_end(&render, r, e);
    hosts_free(&hosts);
    return r;
}

static int report(struct context *c, struct ranking *x, struct recording *d,
                  struct err *e)
{
    struct buf command = {.p = NULL};
    int r = recording_make(d, x, e);
    if (r == 0)
        r = command_line(c, &command, e);
    if (r == 0) {
        const struct report_about about = {.version = POOLSIFT_VERSION,
                                           .command = (const char *)command.p,
                                           .inputs = d->inputs,
                                           .n_inputs = d->n_inputs,
                                           .notes = d->notes,
                                           .n_notes = d->n_notes,
                                           .more_notes = d->more_notes};
        r = write_page(c, x, &about, e);
    }
    buf_free(&command);
    return r;
}

int cmd_report(struct context *c, struct err *e)
{
    struct ranking x;
    struct comparison compared = {.operand = NULL};
    struct recording drawn = {.x = NULL};
    TRY(check_output(&c->o, e));
    int r = ranking_load(&x, c, e);
    if (r == 0)
        r = ranking_judge(&x, e);
    if (r == 0)
        r = comparison_make(&compared, &x, e);
    if (r == 0)
        r = report(c, &x, &drawn, e);
    recording_free(&drawn);
    comparison_free(&compared);
    ranking_free(&x);
    return r < 0 ? r : EXIT_FINE;
}
