/* SPDX-License-Identifier: MIT */
#include "cli/render/people/chart.h"

#include <math.h>
#include <string.h>

#include "cli/render/html/html_scale.h"
#include "cli/render/number.h"

#define EIGHTHS   8
#define VISIBLE   .02 /* what moves by less of its size is level */
#define ZOOM_FROM .5  /* what always stands above that part has its axis cut */

/* ---- the axis at the left ---- */

/* Marks must fall on the edges of lines. */
static bool scale_by(struct chart *c, double least, double most, unsigned marks)
{
    struct ticks t = c->bytes ? ticks_of_bytes(most - least, marks)
                              : ticks_of_count(most - least, marks);
    c->step = t.step;
    c->base = floor(least / t.step) * t.step;
    c->n = (unsigned)fmax(ceil((most - c->base) / t.step), 1);
    return c->n <= c->rows && c->rows % c->n == 0;
}

bool chart_scale(struct chart *c)
{
    double least = (double)NAN, most = (double)NAN;
    for (unsigned i = 0; i < c->columns; i++) {
        least = fmin(least, c->v[i]);
        most = fmax(most, c->v[i]);
    }
    if (!isfinite(most))
        return false;
    if (least < ZOOM_FROM * most || most - least < VISIBLE * most)
        least = 0;
    unsigned marks = c->rows / 2;
    while (marks > 1 && !scale_by(c, least, most, marks))
        marks--;
    /* One mark, or two where the base fell below the least. */
    if (marks <= 1)
        (void)scale_by(c, least, most, 1);
    return true;
}

struct num chart_tick(const struct chart *c, double v)
{
    return c->bytes ? num_tick_size(v) : num_tick_count(v);
}

/* ---- the axis below ---- */

void chart_label(struct chart *c, unsigned column, const char *text)
{
    unsigned n = (unsigned)strlen(text);
    unsigned at = column > n / 2 ? column - n / 2 : 0;
    if (c->below[0] == '\0')
        memset(c->below, ' ', c->columns);
    if (n > c->columns)
        return;
    if (at + n > c->columns)
        at = c->columns - n;
    /* A blank beside its neighbours, at least. */
    for (unsigned i = at > 0 ? at - 1 : 0; i < at + n + 1 && i < c->columns; i++)
        if (c->below[i] != ' ')
            return;
    memcpy(c->below + at, text, n);
    c->ticks[column] = true;
}

/* ---- lines ---- */

/* Eighths of lines that the column is high; what is there at all is seen. */
static unsigned height(const struct chart *c, unsigned column)
{
    double v = c->v[column];
    double top = c->step * c->n;
    if (isnan(v) || v <= 0)
        return 0;
    double h = floor((v - c->base) / top * c->rows * EIGHTHS);
    return h < 1 ? 1 : h > c->rows * EIGHTHS ? c->rows * EIGHTHS : (unsigned)h;
}

static void say_line(struct phrase *p, const struct chart *c, unsigned line)
{
    unsigned below = (c->rows - 1 - line) * EIGHTHS;
    for (unsigned i = 0; i < c->columns; i++) {
        unsigned h = height(c, i);
        unsigned eighths = h <= below ? 0 : h - below > EIGHTHS ? EIGHTHS : h - below;
        if (eighths > 0) /* U+2581 is one of them */
            say(p, "\xe2\x96%c", (char)(0x80 + eighths));
        else
            say(p, c->marks[i] & TRACK_BOOT ? "\u250a" : " ");
    }
}

static void say_axis(struct phrase *p, const struct chart *c)
{
    for (unsigned i = 0; i < c->columns; i++) {
        if (c->marks[i] & TRACK_BOOT)
            say(p, "\u2534");
        else if (isnan(c->v[i]))
            say(p, "\u00b7");
        else
            say(p, c->ticks[i] ? "\u252c" : "\u2500");
    }
}

void chart_draw(struct page *g, const struct chart *c)
{
    struct phrase p;
    const unsigned apart = c->rows / c->n; /* lines between marks */
    for (unsigned line = 0; line < c->rows; line++) {
        bool mark = line % apart == 0;
        phrase_start(&p, false);
        if (mark)
            say(&p, "%8s \u2524",
                chart_tick(c, c->base + c->step * (c->n - line / apart)).s);
        else
            say(&p, "%8s \u2502", "");
        say_line(&p, c, line);
        page_line(g, &p);
    }
    phrase_start(&p, false);
    say(&p, "%8s \u2514", chart_tick(c, c->base).s);
    say_axis(&p, c);
    page_line(g, &p);
    if (c->below[0] == '\0')
        return;
    phrase_start(&p, false);
    say(&p, "%10s%.*s", "", (int)c->columns, c->below);
    page_line(g, &p);
}
