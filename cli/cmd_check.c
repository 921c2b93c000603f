/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/check/cases.h"
#include "cli/check/check_thresholds.h"
#include "cli/check/record.h"
#include "cli/rank/comparison.h"
#include "cli/render/checks/checks.h"

static int hold_thresholds(struct check_list *l, struct context *c, struct err *e)
{
    struct ranking x;
    struct comparison compared = {.operand = NULL};
    int r = ranking_load(&x, c, e);
    if (r == 0)
        r = ranking_judge(&x, e);
    if (r == 0)
        r = comparison_make(&compared, &x, e);
    if (r == 0)
        r = check_thresholds(l, &x, e);
    comparison_free(&compared);
    ranking_free(&x);
    return r;
}

static int print(struct context *c, const struct check_list *l, struct err *e)
{
    struct render render;
    struct render_opts ro;
    TRY(command_render(c, &render, &ro, e));
    int r = c->o.renderer->check(&render, l, !c->term.failed);
    return command_render_end(&render, r, e);
}

static int write_junit(const struct context *c, const struct check_list *l, struct err *e)
{
    struct sink *out;
    if (c->o.junit == NULL)
        return 0;
    TRY(sink_file(&out, c->o.junit, e));
    check_junit(out, l);
    return sink_close(out, e);
}

/* What cannot be decided is neither fine nor found: the person must say more. */
static void tell_undecided(struct context *c, const struct check_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->v[i].state != CHECK_UNDECIDED)
            continue;
        struct err e = {0};
        (void)err_set(&e, ERR_USAGE, "%s: %s", l->v[i].name, l->v[i].message);
        term_error(&c->term, &e);
    }
}

int cmd_check(struct context *c, struct err *e)
{
    struct check_list l = {.n = 0};
    const bool thresholds = thresholds_any(&c->o.check);
    if (c->o.record && thresholds) {
        err_hint(e, "record first, then check the thresholds in a call of their own");
        return err_set(e, ERR_USAGE, "--record writes a case, which holds no thresholds");
    }
    if (c->o.record)
        return record_case(c, e);
    int r = thresholds || c->o.baseline != NULL ? hold_thresholds(&l, c, e)
                                                : cases_check(&l, c, e);
    if (r == 0 && c->o.names != NULL)
        r = check_redact(&l, c->o.names, e);
    if (r == 0)
        r = print(c, &l, e);
    if (r == 0)
        r = write_junit(c, &l, e);
    if (r == 0) {
        tell_undecided(c, &l);
        r = check_count(&l, CHECK_NOT_OK) > 0 ? EXIT_FOUND : EXIT_FINE;
    }
    check_list_free(&l);
    return r;
}
