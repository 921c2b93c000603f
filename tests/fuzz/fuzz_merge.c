/* SPDX-License-Identifier: MIT */
/* Bytes as the document of `rank --json -n 0`: refused with a place, or rendered in every
 * form; and what is rendered as JSON is read again and rendered as the same. */

#include "cli/rank/hosts.h"
#include "cli/rank/rank_read.h"
#include "cli/render/report.h"
#include "tests/fuzz/fuzz.h"

enum { TAGS = 4096 };

/* The document as a source of hosts. */
struct document {
    const uint8_t *p;
    size_t n;
    struct rank_read *r;
    struct rank_view view;
    uint32_t order[TAGS];
};

static int open_document(struct document *d, struct err *e)
{
    struct input_raw raw;
    struct input *in = NULL;
    TRY(input_raw_memory(&raw, d->p, d->n, 0, e));
    TRY(input_open(&in, "fuzz", raw, &fuzz_limits, e));
    return rank_read_open(&d->r, in, e);
}

static int next(void *ctx, const struct rank_view **v, struct err *e)
{
    struct document *d = ctx;
    if (d->r == NULL)
        TRY(open_document(d, e));
    const int more = rank_read_next(d->r, &d->view, e);
    if (more <= 0)
        return more;
    d->view.order = d->order;
    d->view.n_order = 0;
    for (size_t i = 0; i < d->view.r->n_tags && i < TAGS; i++)
        d->order[d->view.n_order++] = (uint32_t)i;
    *v = &d->view;
    return 1;
}

static void rewind_(void *ctx)
{
    struct document *d = ctx;
    rank_read_close(d->r);
    d->r = NULL;
}

/* What that renderer makes of the document; the code of the error otherwise. */
static int render(const struct renderer *how, const uint8_t *p, size_t n, struct buf *out)
{
    static struct document d;
    static const struct report_about about = {.version = "0", .command = "fuzz"};
    struct err e = {0};
    struct hosts hosts = {.o = NULL};
    const struct render_opts ro = {.width = 80,
                                   .units = UNITS_K,
                                   .verbose = n % 2 == 1,
                                   .about = how == &render_html ? &about : NULL};
    struct render to = {.how = how, .o = &ro, .e = &e};
    d = (struct document){.p = p, .n = n};
    const struct hosts_source from = {&d, next, rewind_};
    assert(sink_memory(&to.out, out, &e) == 0);
    int r = hosts_render(&hosts, &from, NULL, true, &to, &e);
    assert(r >= 0 || (e.code == r && e.text[0] != '\0'));
    render_close(&to);
    const int closed = sink_close(to.out, NULL);
    assert(closed == 0);
    hosts_free(&hosts);
    rank_read_close(d.r);
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf json = {0}, again = {0}, other = {0};
    const int r = render(&render_json, data, size, &json);
    if (r >= 0) {
        const int same = render(&render_json, json.p, json.n, &again);
        assert(same >= 0);
        assert(again.n == json.n && memcmp(again.p, json.p, json.n) == 0);
    }
    for (size_t i = 0; r >= 0 && render_table[i] != NULL; i++) {
        other.n = 0;
        const int told = render(render_table[i], data, size, &other);
        assert(told >= 0);
    }
    other.n = 0;
    if (r >= 0)
        assert(render(&render_html, data, size, &other) >= 0);
    buf_free(&json);
    buf_free(&again);
    buf_free(&other);
    return 0;
}
