/* SPDX-License-Identifier: MIT */
#include "cli/render/machine/csv_line.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/render/inert.h"
#include "formats/io/real.h"
#include "formats/when.h"

static void lead(struct csv_line *l)
{
    if (l->filled)
        sink_write(l->out, ",", 1);
    l->filled = true;
}

void csv_end(struct csv_line *l)
{
    sink_puts(l->out, CSV_LINE_END);
    l->filled = false;
}

void csv_none(struct csv_line *l)
{
    lead(l);
}

void csv_text(struct csv_line *l, const char *s)
{
    lead(l);
    if (s == NULL || *s == '\0')
        return;
    bool formula = strchr("=+-@\t\r", *s) != NULL;
    bool quote = strpbrk(s, ",\"\r\n") != NULL || *s == ' ' || s[strlen(s) - 1] == ' ';
    if (quote)
        sink_write(l->out, "\"", 1);
    if (formula)
        sink_write(l->out, "'", 1);
    for (size_t n = strlen(s); n > 0;) {
        char shown[INERT_MAX];
        size_t written, step = inert_step(s, n, shown, &written);
        if (*s == '"')
            sink_write(l->out, "\"", 1);
        sink_write(l->out, shown, written);
        s += step;
        n -= step;
    }
    if (quote)
        sink_write(l->out, "\"", 1);
}

void csv_word(struct csv_line *l, const char *s)
{
    lead(l);
    sink_puts(l->out, s);
}

void csv_u64(struct csv_line *l, bool known, uint64_t v)
{
    lead(l);
    if (known)
        sink_printf(l->out, "%" PRIu64, v);
}

void csv_i64(struct csv_line *l, bool known, int64_t v)
{
    lead(l);
    if (known)
        sink_printf(l->out, "%" PRId64, v);
}

void csv_real(struct csv_line *l, double v)
{
    lead(l);
    if (!isfinite(v))
        return;
    char s[REAL_TEXT];
    real_text(s, v);
    sink_puts(l->out, s);
}

void csv_time(struct csv_line *l, const struct pool_time *t)
{
    char iso[WHEN_TEXT_MAX];
    csv_word(l, t->source == TIME_NONE ? "" : when_text(t, iso));
}

void csv_tag(struct csv_line *l, struct pool_tag t)
{
    char tag[TAG_TEXT_MAX], hex[TAG_HEX_MAX];
    (void)tag_text(t, tag);
    tag_hex(t, hex);
    csv_text(l, tag);
    csv_word(l, hex);
}

void csv_header(struct render *r, const char *names)
{
    sink_puts(r->out, names);
    sink_puts(r->out, CSV_LINE_END);
}
