/* SPDX-License-Identifier: MIT */
#include "cli/redact/redact_snapshot.h"

#include <string.h>

#include "formats/reader.h"

int redact_inputs(struct redact *r, struct inputs *in, struct err *e)
{
    for (size_t i = 0; r != NULL && i < in->n; i++) {
        struct input_item *item = &in->v[i];
        const char *name;
        if (item->name != item->real)
            continue;
        TRY(redact_name(r, REDACT_FILE, item->real, &name, e));
        char *copy = strdup(name);
        if (copy == NULL)
            return err_nomem(e);
        item->name = copy;
    }
    return 0;
}

static int rename_text(struct redact *r, enum redact_kind kind, struct pool_snapshot *s,
                       uint32_t *at, struct err *e)
{
    const char *name;
    TRY(redact_name(r, kind, pool_snapshot_str(s, *at), &name, e));
    return pool_snapshot_intern(s, name, strlen(name), at, e);
}

/* Most drivers are names alone, and stay where they are. */
static int cut_path(struct pool_snapshot *s, uint32_t *at, struct err *e)
{
    struct buf out = {0};
    const char *text = pool_snapshot_str(s, *at);
    if (text[strcspn(text, "/\\")] == '\0')
        return 0;
    int code = redact_driver(text, &out, e);
    if (code == 0)
        code = pool_snapshot_intern(s, (const char *)out.p, out.n, at, e);
    buf_free(&out);
    return code;
}

static int cut_facts(struct pool_snapshot *s, struct err *e)
{
    struct buf out = {0};
    int code = redact_facts(pool_snapshot_str(s, s->facts), &out, e);
    if (code == 0)
        code = pool_snapshot_intern(s, (const char *)out.p, out.n, &s->facts, e);
    buf_free(&out);
    return code;
}

int redact_snapshot(struct redact *r, const char *input, struct pool_snapshot *s,
                    struct err *e)
{
    if (r == NULL)
        return 0;
    TRY(rename_text(r, REDACT_HOST, s, &s->host, e));
    if (strcmp(pool_snapshot_str(s, s->source), input) != 0)
        TRY(rename_text(r, REDACT_FILE, s, &s->source, e));
    if (format_find(pool_snapshot_str(s, s->format)) == NULL)
        s->format = 0;
    TRY(cut_facts(s, e));
    /* Rows of a chain have no texts. */
    for (size_t i = 0; i < s->n_rows && s->chain.id == 0; i++) {
        TRY(cut_path(s, &s->rows[i].driver, e));
        TRY(cut_path(s, &s->rows[i].owner, e));
    }
    for (size_t i = 0; i < s->n_events; i++)
        s->events[i].text = 0;
    s->dress = (struct pool_dress){.verbatim = false};
    note_list_mute(&s->notes);
    return 0;
}
