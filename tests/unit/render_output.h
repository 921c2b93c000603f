/* SPDX-License-Identifier: MIT */
/* What the tests of the renderers share: an output kept in memory, owned by the caller
 * and freed with buf_free(&x->b).  Needs cmocka.h before it. */
#ifndef TESTS_UNIT_RENDER_OUTPUT_H
#define TESTS_UNIT_RENDER_OUTPUT_H

#include "cli/rank/hosts.h"
#include "cli/render/render.h"

struct output {
    struct buf b;
    struct render_opts o;
    struct render r;
    struct err e;
};

static inline void start(struct output *x, const char *name)
{
    *x = (struct output){.o = {.units = UNITS_K, .width = 80, .top = 20}};
    x->r.how = renderer_find(name);
    assert_non_null(x->r.how);
    x->r.o = &x->o;
    x->r.e = &x->e;
    assert_true(sink_memory(&x->r.out, &x->b, &x->e) >= 0);
}

static inline const char *finish(struct output *x)
{
    assert_true(sink_close(x->r.out, &x->e) >= 0);
    assert_true(buf_byte(&x->b, 0, &x->e) >= 0);
    assert_null(x->r.json);
    return (const char *)x->b.p;
}

static inline void show(struct output *x, const struct show_view *v)
{
    assert_int_equal(x->r.how->show_begin(&x->r), 0);
    assert_int_equal(x->r.how->show_one(&x->r, v), 0);
    assert_int_equal(x->r.how->show_end(&x->r), 0);
}

static inline void ranks(struct output *x, const struct rank_view *v, size_t n,
                         bool complete)
{
    struct hosts hosts = {.o = NULL};
    struct hosts_array views = {.v = v, .n = n};
    const struct hosts_source from = hosts_of_array(&views);
    assert_int_equal(hosts_render(&hosts, &from, NULL, complete, &x->r, &x->e), 0);
    hosts_free(&hosts);
}

#endif
