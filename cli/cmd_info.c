/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "formats/when.h"

/* What is gathered of one input while its snapshots pass. */
struct gathered {
    struct info_input row;
    char **hosts;
    size_t n_hosts, hosts_cap;
    char *error;
    struct note_list notes;
    struct pool_snapshot last; /* of this input, for boots */
    bool any;
    struct event_sums events;
};

struct info {
    struct context *c;
    struct load *l;
    struct gathered *v; /* one an input */
};

static int add_host(struct gathered *g, const char *host, struct err *e)
{
    for (size_t i = 0; i < g->n_hosts; i++)
        if (strcmp(g->hosts[i], host) == 0)
            return 0;
    void *v = g->hosts;
    TRY(grow(&v, &g->hosts_cap, g->n_hosts + 1, sizeof(char *), e));
    g->hosts = v;
    char *copy = strdup(host);
    if (copy == NULL)
        return err_nomem(e);
    g->hosts[g->n_hosts++] = copy;
    return 0;
}

static int add_notes(struct gathered *g, const struct note_list *l, struct err *e)
{
    for (size_t i = 0; i < l->n; i++)
        TRY(note_add(&g->notes, e, l->v[i].code, l->v[i].line, "%s",
                     note_text(l, &l->v[i])));
    return 0;
}

static void span(struct pool_time *first, struct pool_time *last,
                 const struct pool_time *from, const struct pool_time *to)
{
    if (from->source == TIME_NONE)
        return;
    if (first->source == TIME_NONE || when_order_ms(from) < when_order_ms(first))
        *first = *from;
    if (last->source == TIME_NONE || when_order_ms(to) > when_order_ms(last))
        *last = *to;
}

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct info *x = ctx;
    struct gathered *g = &x->v[l->input];
    struct info_input *row = &g->row;
    const struct pool_snapshot *s = l->s;
    row->snapshots++;
    row->records[s->record]++;
    row->rows += s->n_rows;
    if (s->completeness > row->completeness)
        row->completeness = s->completeness;
    TRY(add_host(g, pool_snapshot_str(s, s->host), e));
    TRY(add_notes(g, &s->notes, e));
    event_sums_add(&g->events, s);
    if (s->record != RECORD_EVENTS)
        span(&row->first_time, &row->last_time, &s->time, &s->time);
    if (s->record != RECORD_CAPTURE)
        return 0;
    bool new_boot = !g->any;
    if (g->any)
        TRY(diff_new_boot(&g->last, s, &new_boot, e));
    row->boots += new_boot;
    g->any = true;
    return pool_snapshot_copy(&g->last, s, e);
}

static int on_input_end(void *ctx, size_t input, const struct load_input_facts *f,
                        struct err *e)
{
    struct info *x = ctx;
    struct gathered *g = &x->v[input];
    if (f->format != NULL) {
        g->row.format = f->format->name;
        g->row.format_title = f->format->title;
    }
    g->row.compressed = f->compressed;
    if (f->notes != NULL)
        TRY(add_notes(g, f->notes, e));
    if (f->err != NULL && f->err->code != 0) {
        g->error = strdup(f->err->text);
        if (g->error == NULL)
            return err_nomem(e);
        g->row.error = g->error;
    }
    pool_snapshot_free(&g->last);
    g->any = false;
    return 0;
}

static void free_gathered(struct gathered *g)
{
    for (size_t i = 0; i < g->n_hosts; i++)
        free(g->hosts[i]);
    free(g->hosts);
    free(g->error);
    note_list_free(&g->notes);
    pool_snapshot_free(&g->last);
}

static int print(struct info *x, struct err *e)
{
    size_t n = x->l->inputs.n;
    struct render r;
    struct render_opts ro;
    struct info_input *rows = calloc(n, sizeof *rows);
    if (rows == NULL)
        return err_nomem(e);
    size_t kept = 0;
    int code = 0;
    for (size_t i = 0; i < n && code == 0; i++) {
        struct gathered *g = &x->v[i];
        if (g->row.snapshots == 0 && x->l->inputs.v[i].found)
            continue; /* skipped and counted */
        g->row.events = &g->events;
        /* An input of events alone spans its events. */
        bool alone = g->row.snapshots == g->row.records[RECORD_EVENTS];
        for (size_t k = 0; alone && k < g->events.n; k++)
            span(&g->row.first_time, &g->row.last_time, &g->events.v[k].first,
                 &g->events.v[k].last);
        g->row.source = x->l->inputs.v[i].name;
        code = inputs_size(&x->l->inputs, i, &g->row.bytes, e);
        g->row.notes = &g->notes;
        g->row.hosts = (const char *const *)g->hosts;
        g->row.n_hosts = g->n_hosts;
        rows[kept++] = g->row;
    }
    if (code == 0)
        code = command_render(x->c, &r, &ro, e);
    if (code == 0) {
        code = x->c->o.renderer->info(&r, rows, kept);
        code = command_render_end(&r, code, e);
    }
    free(rows);
    return code == 0 && kept == 0 ? load_check_any(x->l, e) : code;
}

int cmd_info(struct context *c, struct err *e)
{
    struct load l = {0};
    struct info x = {.c = c, .l = &l};
    struct load_visitor v = {
        .ctx = &x, .snapshot = on_snapshot, .input_end = on_input_end};
    int r = command_load(c, &l, e);
    if (r == 0) {
        x.v = calloc(l.inputs.n, sizeof *x.v);
        r = x.v == NULL ? err_nomem(e) : load_each(&l, &v, e);
    }
    if (r == 0)
        r = print(&x, e);
    for (size_t i = 0; x.v != NULL && i < l.inputs.n; i++)
        free_gathered(&x.v[i]);
    free(x.v);
    load_free(&l);
    return r;
}
