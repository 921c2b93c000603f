/* SPDX-License-Identifier: MIT */
#include "cli/check/machine.h"

#include "cli/render/machine/json.h"

static const struct yaml_limits own_output = {
    .bytes = (size_t)1 << 30, .depth = 32, .scalar = (size_t)1 << 20};

static int parse(struct machine *m, const struct buf *text, struct err *e)
{
    struct yaml *y = NULL;
    TRY(yaml_open(&y, "rank --json", text->p, text->n, &own_output, e));
    int r = tree_read(&m->tree, y, e);
    if (r == 0)
        r = yaml_end(y, e);
    yaml_close(y);
    return r;
}

/* The host itself, or one of its tags where `index` says so. */
static int make(struct machine *m, const struct rank_view *v, const uint32_t *index,
                struct err *e)
{
    struct buf text = {0};
    struct sink *out = NULL;
    struct jsonw *j = NULL;
    *m = (struct machine){.tree = {.root = NULL}};
    int r = sink_memory(&out, &text, e);
    if (r == 0)
        r = jsonw_new(&j, out, e);
    if (r == 0) {
        if (index == NULL)
            json_rank_host(j, v, 0);
        else
            json_rank_tag(j, v, *index);
        jsonw_end(j);
    }
    jsonw_free(j);
    if (r == 0)
        r = sink_close(out, e);
    else
        sink_abort(out);
    if (r == 0)
        r = parse(m, &text, e);
    buf_free(&text);
    return r;
}

int machine_host(struct machine *m, const struct rank_view *v, struct err *e)
{
    return make(m, v, NULL, e);
}

int machine_tag(struct machine *m, const struct rank_view *v, uint32_t index,
                struct err *e)
{
    return make(m, v, &index, e);
}

void machine_free(struct machine *m)
{
    tree_free(&m->tree);
}
