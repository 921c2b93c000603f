/* SPDX-License-Identifier: MIT */
/* The line that we write before a capture, read key by key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/text/caption.h"
#include "formats/when.h"

static void told(const struct caption *c, char out[256])
{
    char time[WHEN_TEXT_MAX];
    int n = snprintf(out, 256, "%s %s",
                     c->time.source == TIME_NONE ? "-" : when_text(&c->time, time),
                     time_source_name(c->time.source));
    if (c->time.ambiguous)
        n += snprintf(out + n, 256 - (size_t)n, " or %+lld",
                      (long long)(c->time.other_ms - c->time.ms) / 1000);
    else
        assert_int_equal(c->time.other_ms, 0);
    if (c->uptime_s >= 0)
        n += snprintf(out + n, 256 - (size_t)n, " up %lld", (long long)c->uptime_s);
    if (c->host[0] != '\0')
        n += snprintf(out + n, 256 - (size_t)n, " '%s'", c->host);
    if (c->completeness != COMPLETE_WHOLE)
        (void)snprintf(out + n, 256 - (size_t)n, " %s",
                       completeness_name(c->completeness));
}

#define T "time=2026-11-09T00:05:00"

static void test_keys(void **state)
{
    (void)state;
    static const struct {
        const char *line, *told; /* NULL: no caption */
    } t[] = {
        {"# poolsift ", "- none"},
        {"# poolsift", NULL},
        {"#poolsift " T, NULL},
        {" # poolsift " T, NULL},
        {"# poolsift " T, "2026-11-09T00:05:00 capture"},
        {"# poolsift  " T "  uptime=7 ", "2026-11-09T00:05:00 capture up 7"},
        {"# poolsift " T "+01:00 source=name", "2026-11-09T00:05:00+01:00 name"},
        {"# poolsift source=mtime " T, "2026-11-09T00:05:00 mtime"},
        {"# poolsift " T " source=none", "2026-11-09T00:05:00 capture"},
        {"# poolsift " T " source=x", "2026-11-09T00:05:00 capture"},
        {"# poolsift source=name", "- none"},
        {"# poolsift time=later source=name", "- none"},
        {"# poolsift " T " other=2026-11-09T00:06:00",
         "2026-11-09T00:05:00 capture or +60"},
        {"# poolsift other=2026-11-09T00:06:00 " T, "2026-11-09T00:05:00 capture or +60"},
        {"# poolsift " T " other=later", "2026-11-09T00:05:00 capture"},
        {"# poolsift other=2026-11-09T00:06:00", "- none"},
        {"# poolsift host=WEB01", "- none 'WEB01'"},
        {"# poolsift host=WEB%2001", "- none 'WEB 01'"},
        {"# poolsift completeness=cut", "- none cut"},
        {"# poolsift completeness=filtered", "- none filtered"},
        {"# poolsift completeness=half", "- none"},
        {"# poolsift completeness=screen completeness=whole", "- none"},
        {"# poolsift uptime 7 = =8 uptime", "- none"},
        {"# poolsift Uptime=7 uptimes=8", "- none"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct caption c;
        char out[256];
        if (caption_parse(t[i].line, strlen(t[i].line), &c) != (t[i].told != NULL))
            fail_msg("%s", t[i].line);
        if (t[i].told == NULL)
            continue;
        told(&c, out);
        if (strcmp(out, t[i].told) != 0)
            fail_msg("%s: '%s'", t[i].line, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
