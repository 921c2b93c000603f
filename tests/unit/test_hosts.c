/* SPDX-License-Identifier: MIT */
/* Hosts that do not all come: whatever renders them ends in that error, at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/render/report.h"
#include "tests/unit/render_output.h"
#include "tests/unit/render_samples.h"

enum { HOSTS = 3 };

/* Hands out its hosts, and fails at one call, counted over all passes. */
struct broken {
    struct rank_view v[HOSTS];
    size_t at;
    unsigned calls, fails_at, behind; /* calls that came behind the failure */
};

static int next(void *ctx, const struct rank_view **v, struct err *e)
{
    struct broken *x = ctx;
    x->calls++;
    x->behind += x->calls > x->fails_at;
    if (x->calls >= x->fails_at)
        return err_set(e, ERR_IO, "a host is gone");
    if (x->at == HOSTS)
        return 0;
    *v = &x->v[x->at++];
    return 1;
}

static void again(void *ctx)
{
    struct broken *x = ctx;
    x->at = 0;
}

/* How many calls were made. */
static unsigned rendered(const struct renderer *how, struct sample *sample,
                         unsigned fails_at)
{
    static const char *const names[HOSTS] = {"web01", "web02", "db01"};
    struct broken x = {.fails_at = fails_at};
    struct hosts hosts = {.o = NULL};
    static const struct report_about about = {.version = "1", .command = "poolsift"};
    struct output out;
    start(&out, "text");
    out.r.how = how;
    out.o.about = &about;
    for (size_t i = 0; i < HOSTS; i++) {
        x.v[i] = sample_rank(sample);
        x.v[i].host = names[i];
    }
    const struct hosts_source from = {&x, next, again};
    const int r = hosts_render(&hosts, &from, NULL, true, &out.r, &out.e);
    if (x.calls < fails_at) {
        assert_int_equal(r, 0);
        assert_int_equal(out.e.code, 0);
    } else {
        assert_int_equal(r, ERR_IO);
        assert_string_equal(out.e.text, "a host is gone");
        assert_int_equal(x.behind, 0);
    }
    hosts_free(&hosts);
    render_close(&out.r);
    sink_abort(out.r.out);
    buf_free(&out.b);
    return x.calls;
}

static void every_renderer_ends(void **state)
{
    static const struct renderer *const all_of_them[] = {
        &render_text, &render_markdown, &render_json, &render_csv, &render_html};
    struct sample x;
    (void)state;
    sample_series(&x);
    for (size_t i = 0; i < sizeof all_of_them / sizeof *all_of_them; i++) {
        const unsigned all = rendered(all_of_them[i], &x, UINT32_MAX);
        assert_true(all > HOSTS);
        for (unsigned k = 1; k <= all; k++)
            assert_int_equal(rendered(all_of_them[i], &x, k), k);
    }
    sample_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_renderer_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
