/* SPDX-License-Identifier: MIT */
/* Results as the XML that JUnit's readers take: what is not ok is a failure, what the
 * input does not tell an error. */
#include <inttypes.h>
#include <math.h>

#include "cli/render/checks/checks.h"
#include "cli/render/inert.h"

/* Text of an attribute or element; what XML cannot hold becomes \xhh. */
static void put(struct sink *out, const char *s)
{
    static const char *const entities[][2] = {
        {"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"\n", "&#10;"}};
    for (size_t n = strlen(s); n > 0;) {
        const char *entity = NULL;
        for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
            if (*s == entities[i][0][0])
                entity = entities[i][1];
        char shown[INERT_MAX];
        size_t written = 0, step = 1;
        if (entity != NULL) {
            sink_puts(out, entity);
        } else {
            step = inert_step(s, n, shown, &written);
            sink_write(out, shown, written);
        }
        s += step;
        n -= step;
    }
}

/* What the result belongs to: a machine, a case. */
static const char *class_of(const struct check_result *r)
{
    for (size_t i = 0; i < r->n_facts; i++)
        if ((strcmp(r->facts[i].key, "host") == 0 ||
             strcmp(r->facts[i].key, "case") == 0) &&
            r->facts[i].text != NULL)
            return r->facts[i].text;
    return "poolsift.check";
}

static void put_fact(struct sink *out, const struct check_fact *f)
{
    sink_printf(out, "%s: ", f->key);
    if (f->kind == FACT_WHOLE)
        sink_printf(out, "%" PRIu64, f->whole);
    else if (f->kind == FACT_REAL && isfinite(f->real))
        sink_printf(out, "%.17g", f->real);
    else if (f->kind != FACT_REAL && f->text != NULL)
        put(out, f->text);
    else
        sink_puts(out, "-");
    sink_puts(out, "\n");
}

static void put_result(struct sink *out, const struct check_result *r)
{
    const char *element = r->state == CHECK_NOT_OK ? "failure" : "error";
    sink_puts(out, "  <testcase classname=\"");
    put(out, class_of(r));
    sink_puts(out, "\" name=\"");
    put(out, r->name);
    if (r->state == CHECK_OK) {
        sink_puts(out, "\"/>\n");
        return;
    }
    sink_printf(out, "\">\n    <%s type=\"%s\" message=\"", element,
                check_state_name(r->state));
    put(out, r->message);
    sink_puts(out, "\">");
    for (size_t i = 0; i < r->n_facts; i++)
        put_fact(out, &r->facts[i]);
    sink_printf(out, "</%s>\n  </testcase>\n", element);
}

void check_junit(struct sink *out, const struct check_list *l)
{
    sink_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    sink_printf(out,
                "<testsuites>\n <testsuite name=\"poolsift check\" tests=\"%zu\" "
                "failures=\"%zu\" errors=\"%zu\">\n",
                l->n, check_count(l, CHECK_NOT_OK),
                check_count(l, CHECK_UNDECIDED) + check_count(l, CHECK_BROKEN));
    for (size_t i = 0; i < l->n; i++)
        put_result(out, &l->v[i]);
    sink_puts(out, " </testsuite>\n</testsuites>\n");
}
