/* SPDX-License-Identifier: MIT */
/* Snapshots to a ranking and to JSON in memory, for the property tests; results are
 * freed with rank_free, JSON with buf_free. */
#ifndef TESTS_UNIT_PROP_RANK_H
#define TESTS_UNIT_PROP_RANK_H

#include <math.h>

#include "cli/analyze/analyze.h"
#include "cli/rank/hosts.h"
#include "cli/render/render.h"
#include "tests/unit/prop.h"

/* Times are those of the snapshots; without any, NAN as the program does it. */
static inline struct rank_result ranked(const struct pool_snapshot *v, size_t n)
{
    struct tally *t = NULL;
    struct rank_result r = {0};
    const struct rank_opts o = {.role = NULL};
    assert_int_equal(tally_new(&t, NULL), 0);
    for (size_t i = 0; i < n; i++) {
        bool timed = v[i].time.source != TIME_NONE;
        double hours = (double)(v[i].time.ms - v[0].time.ms) / 3600e3;
        assert_int_equal(tally_add(t, &v[i], timed ? hours : (double)NAN, false, NULL),
                         0);
    }
    assert_int_equal(rank_tally(&r, t, &o, NULL), 0);
    tally_free(t);
    return r;
}

/* The document that `rank --json` would print. */
static inline struct buf rank_json(const struct rank_result *r,
                                   const struct pool_snapshot *v, size_t n)
{
    static const struct note_list no_notes;
    struct buf b = {0};
    struct err e = {0};
    struct render_opts o = {.width = 80};
    struct render render = {.how = &render_json, .o = &o, .e = &e};
    uint32_t *order = calloc(r->n_tags + 1, sizeof *order);
    assert_non_null(order);
    for (uint32_t i = 0; i < r->n_tags; i++)
        order[i] = i;
    struct rank_view view = {.r = r,
                             .scope = "system",
                             .from = v[0].time,
                             .to = v[n - 1].time,
                             .origin_ms = v[0].time.ms,
                             .files = n,
                             .order = order,
                             .n_order = r->n_tags,
                             .notes = &no_notes};
    assert_int_equal(sink_memory(&render.out, &b, NULL), 0);
    struct hosts hosts = {.o = NULL};
    struct hosts_array views = {.v = &view, .n = 1};
    const struct hosts_source from = hosts_of_array(&views);
    assert_int_equal(hosts_render(&hosts, &from, NULL, true, &render, &e), 0);
    hosts_free(&hosts);
    render_close(&render);
    assert_int_equal(sink_close(render.out, NULL), 0);
    free(order);
    return b;
}

/* The document that `show --json` would print. */
static inline struct buf show_json(const struct pool_snapshot *s)
{
    struct buf b = {0};
    struct err e = {0};
    struct render_opts o = {.width = 80};
    struct render render = {.how = &render_json, .o = &o, .e = &e};
    uint32_t *order = calloc(s->n_rows + 1, sizeof *order);
    assert_non_null(order);
    sort_rows(s, NULL, 0, order);
    struct show_view view = {
        .s = s, .order = order, .n_order = s->n_rows, .index = 1, .of = 1};
    assert_int_equal(sink_memory(&render.out, &b, NULL), 0);
    assert_int_equal(render_json.show_begin(&render), 0);
    assert_int_equal(render_json.show_one(&render, &view), 0);
    assert_int_equal(render_json.show_end(&render), 0);
    render_close(&render);
    assert_int_equal(sink_close(render.out, NULL), 0);
    free(order);
    return b;
}

/* Captures of a made-up series with their times, read from its text. */
static inline struct shots series_shots(struct series *s)
{
    struct shots all = {0};
    struct buf text = {0};
    while (next_capture(s, &text)) {
        struct shots x = shots_of("capture", text.p, text.n, 0);
        assert_int_equal(x.n, 1);
        x.v[0].time = (struct pool_time){.source = TIME_OPTION,
                                         .ms = SERIES_MONDAY + s->minute * 60000};
        shots_add(&all, &x.v[0]);
        shots_free(&x);
    }
    buf_free(&text);
    return all;
}

#endif
