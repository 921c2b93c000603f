/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/rank/reproducing.h"
#include "cli/tags/owners.h"
#include "formats/when.h"

/* The two ends: OLD's last and NEW's last; of one input, first and last of its last
 * boot. */
struct ends {
    struct context *c;
    struct load *l;
    struct pool_snapshot old, now, before; /* before: the last one seen, for boots */
    uint32_t old_at, now_at, old_of, now_of;
    struct owners owners;
    uint64_t seen;
    bool one_input;
    struct pool_snapshot newer; /* --still: the last of its input */
    uint32_t newer_at;
};

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct ends *x = ctx;
    if (l->s->record != RECORD_CAPTURE)
        return 0;
    bool into_old = !x->one_input && l->input == 0;
    struct pool_snapshot *to = into_old ? &x->old : &x->now;
    x->seen++;
    if (into_old) {
        x->old_at = x->old_of = (uint32_t)l->ordinal;
    } else {
        x->now_at = x->now_of = (uint32_t)l->ordinal;
    }
    if (x->one_input) {
        bool first = x->seen == 1;
        if (!first) {
            bool new_boot;
            TRY(diff_new_boot(&x->now, l->s, &new_boot, e));
            first = new_boot;
        }
        if (first) {
            x->old_at = (uint32_t)l->ordinal;
            TRY(pool_snapshot_copy(&x->old, l->s, e));
        }
        x->old_of = (uint32_t)l->ordinal;
    }
    return pool_snapshot_copy(to, l->s, e);
}

static int find_ends(struct ends *x, struct err *e)
{
    struct load_visitor v = {.ctx = x, .snapshot = on_snapshot};
    TRY(load_each(x->l, &v, e));
    TRY(load_check_any(x->l, e));
    if (x->old_of == 0 || x->now_of == 0 || (x->one_input && x->old_at == x->now_at)) {
        int r = err_set(e, ERR_USAGE, "diff needs two snapshots, found %llu",
                        (unsigned long long)x->seen);
        err_hint(e, "poolsift diff OLD NEW, or one input that holds several");
        return r;
    }
    return 0;
}

static struct diff_end end_of(const struct pool_snapshot *s, uint32_t at, uint32_t of)
{
    return (struct diff_end){.source = pool_snapshot_str(s, s->source),
                             .ordinal = at,
                             .of = of,
                             .time = s->time,
                             .completeness = s->completeness};
}

static int on_newer(void *ctx, const struct loaded *l, struct err *e)
{
    struct ends *x = ctx;
    if (l->s->record != RECORD_CAPTURE)
        return 0;
    x->newer_at = (uint32_t)l->ordinal;
    return pool_snapshot_copy(&x->newer, l->s, e);
}

static int check_newer(const struct ends *x, const struct load *l, struct err *e)
{
    const bool timed =
        x->now.time.source != TIME_NONE && x->newer.time.source != TIME_NONE;
    TRY(load_check_any(l, e));
    if (l->inputs.n != 1)
        return err_set(e, ERR_USAGE, "--still takes one file, not %zu", l->inputs.n);
    if (x->newer_at == 0)
        return err_set(e, ERR_EMPTY, "--still: no capture in it");
    if (timed && when_order_ms(&x->newer.time) < when_order_ms(&x->now.time))
        return err_set(e, ERR_USAGE, "--still expects a capture newer than NEW");
    return 0;
}

static int read_newer(struct ends *x, struct load *l, char **operand, struct err *e)
{
    struct context *c = x->c;
    struct load_visitor v = {.ctx = x, .snapshot = on_newer};
    TRY(load_open(l, &c->o, &c->term, operand, 1, e));
    TRY(load_each(l, &v, e));
    const int r = check_newer(x, l, e);
    if (r < 0) {
        err_place(e, *operand, 0);
        err_hint(e, "poolsift diff OLD NEW --still NEWER");
    }
    return r;
}

static bool same_host(const struct pool_snapshot *a, const struct pool_snapshot *b)
{
    return strcmp(pool_snapshot_str(a, a->host), pool_snapshot_str(b, b->host)) == 0;
}

static void tell_newer(struct ends *x)
{
    struct term *t = &x->c->term;
    const char *source = pool_snapshot_str(&x->newer, x->newer.source);
    term_notes(t, source, &x->newer.notes);
    if (!same_host(&x->now, &x->newer) || !same_host(&x->old, &x->now))
        term_note(t, source, 0, NOTE_OTHER_HOST, note_meaning(NOTE_OTHER_HOST));
}

/* Reads --still's input, and looks again at what grew. */
static int look_again(struct ends *x, struct diff_result *d, struct still_view *still,
                      struct err *e)
{
    struct load l = {0};
    struct diff_result later = {0};
    char *operand = strdup(x->c->o.still);
    int r = operand == NULL ? err_nomem(e) : read_newer(x, &l, &operand, e);
    if (r == 0)
        r = diff_snapshots(&later, &x->now, &x->newer, e);
    if (r == 0)
        r = diff_still(d, &later, e);
    if (r == 0) {
        tell_newer(x);
        *still =
            (struct still_view){.newer_end = end_of(&x->newer, x->newer_at, x->newer_at),
                                .one_boot = d->same_boot && later.same_boot,
                                .hours = later.hours};
    }
    diff_free(&later);
    load_free(&l);
    free(operand);
    return r;
}

static bool changed(const struct diff_result *d, bool still)
{
    for (size_t i = 0; i < d->n_rows; i++) {
        const struct diff_row *r = &d->rows[i];
        if (still && !diff_row_kept(r))
            continue;
        if (r->state != DIFF_BOTH || r->bytes_change != 0 || r->live_change != 0 ||
            r->allocs_change != 0 || r->frees_change != 0)
            return true;
    }
    return false;
}

/* One owner a row of d; the caller frees them. */
static int find_owners(struct ends *x, const struct diff_result *d, struct owner **out,
                       struct err *e)
{
    TRY(owners_learn(&x->owners, &x->now, e));
    TRY(owners_learn(&x->owners, &x->old, e));
    struct pool_tag *tags = malloc((d->n_rows > 0 ? d->n_rows : 1) * sizeof *tags);
    if (tags == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < d->n_rows; i++)
        tags[i] = d->rows[i].tag;
    int r = owners_of(&x->owners, tags, d->n_rows, out, e);
    free(tags);
    return r;
}

static int print(struct ends *x, const struct diff_result *d,
                 const struct still_view *still, struct err *e)
{
    struct context *c = x->c;
    struct render r;
    struct render_opts ro;
    struct owner *owners = NULL;
    TRY(find_owners(x, d, &owners, e));
    uint32_t *order = malloc((d->n_rows > 0 ? d->n_rows : 1) * sizeof *order);
    if (order == NULL) {
        free(owners);
        return err_nomem(e);
    }
    size_t n = 0;
    for (size_t i = 0; i < d->n_rows; i++)
        if (options_select(&c->o, d->rows[i].tag, (enum pool_kind)d->rows[i].pool) &&
            (still == NULL || diff_row_kept(&d->rows[i])))
            order[n++] = (uint32_t)i;
    sort_diff(d, c->o.sort, c->o.n_sort, order, n);
    struct diff_view v = {.still = still,
                          .d = d,
                          .old_end = end_of(&x->old, x->old_at, x->old_of),
                          .new_end = end_of(&x->now, x->now_at, x->now_of),
                          .order = order,
                          .n_order = n,
                          .owners = owners};
    struct reproducing again = {.worker = NULL};
    int code = reproducing_make(&again, c, "diff", &x->l->inputs, NULL, e);
    if (code == 0)
        code = command_render(c, &r, &ro, e);
    if (code == 0) {
        r.reproduce = &again.view;
        code = c->o.renderer->diff(&r, &v);
        code = command_render_end(&r, code, e);
    }
    reproducing_free(&again);
    free(order);
    free(owners);
    return code;
}

int cmd_diff(struct context *c, struct err *e)
{
    struct load l = {0};
    struct ends x = {.c = c,
                     .l = &l,
                     .old = {.uptime_s = -1},
                     .now = {.uptime_s = -1},
                     .newer = {.uptime_s = -1}};
    struct still_view still;
    struct diff_result d = {0};
    if (c->n_operands < 1 || c->n_operands > 2) {
        int r =
            err_set(e, ERR_USAGE, "diff takes OLD and NEW, not %d inputs", c->n_operands);
        err_hint(e, "for more than two: poolsift rank INPUT...");
        return r;
    }
    int r = owners_open(&x.owners, &c->o, e);
    if (r == 0)
        r = command_load(c, &l, e);
    if (r == 0 && l.inputs.n != (size_t)c->n_operands) {
        r = err_set(e, ERR_USAGE, "diff takes two files, not %zu", l.inputs.n);
        err_hint(e, "for a folder or a zip of several: poolsift rank");
    }
    x.one_input = c->n_operands == 1;
    if (r == 0)
        r = find_ends(&x, e);
    if (r == 0) {
        term_notes(&c->term, pool_snapshot_str(&x.old, x.old.source), &x.old.notes);
        term_notes(&c->term, pool_snapshot_str(&x.now, x.now.source), &x.now.notes);
        r = diff_snapshots(&d, &x.old, &x.now, e);
    }
    if (r == 0 && c->o.still != NULL)
        r = look_again(&x, &d, &still, e);
    if (r == 0)
        r = print(&x, &d, c->o.still != NULL ? &still : NULL, e);
    if (r == 0 && c->o.exit_code && changed(&d, c->o.still != NULL))
        r = EXIT_FOUND;
    diff_free(&d);
    owners_free(&x.owners);
    pool_snapshot_free(&x.old);
    pool_snapshot_free(&x.now);
    pool_snapshot_free(&x.newer);
    load_free(&l);
    return r;
}
