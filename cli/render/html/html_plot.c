/* SPDX-License-Identifier: MIT */
/* The lines of a chart. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "cli/render/html/html_chart.h"
#include "cli/render/words/words.h"

#define TIPS    64 /* stripes of a chart */
#define FIGURES 24 /* rows of its table */

static double value_of(const struct history_point *p, enum plot_value what)
{
    return what == PLOT_BYTES ? p->bytes : p->live;
}

double plot_top(const struct history_line *l, enum plot_value what)
{
    double top = 0;
    for (size_t i = 0; i < l->n; i++)
        top = fmax(top, what == PLOT_BYTES ? l->points[i].most : l->points[i].live);
    return top;
}

bool plot_worth(const struct history_line *l, enum plot_value what)
{
    size_t known = 0;
    for (size_t i = 0; l != NULL && i < l->n; i++)
        known += isfinite(value_of(&l->points[i], what)) ? 1 : 0;
    return known > 1;
}

struct num plot_time(const struct rank_view *v, double at)
{
    struct num n = num_series_time(&v->from, v->origin_ms, at);
    if (n.s[0] != '\0')
        return n;
    n = num_count(scale_whole(at) + 1);
    return n;
}

/* ---- paths ---- */

static void drawing(struct chart *c)
{
    html_put(c->h,
             "<svg class=\"plot\" viewBox=\"0 0 10000 %u\" preserveAspectRatio=\"none\" "
             "width=\"100%%\" height=\"%u\">",
             10 * c->height, c->height);
}

/* A line is not drawn through what is unknown, nor through a restart or a gap. */
static bool joined(const struct chart *c, const struct history_line *l, size_t i)
{
    const struct history *hs = c->v->history;
    if (i == 0 || l->points[i].boot != l->points[i - 1].boot)
        return false;
    for (size_t k = 0; k < hs->n_gaps; k++)
        if (l->points[i].at >= hs->gaps[k].to && l->points[i - 1].at <= hs->gaps[k].from)
            return false;
    return true;
}

static int64_t tenths(double v)
{
    return llround(10 * fmin(fmax(v, -1e6), 1e6));
}

/* From where the line is, in tenths: a page may hold thousands of points. */
static void point(struct chart *c, char letter, double at, double v)
{
    int64_t x = tenths(scale_at(&c->x, at)), y = tenths(scale_at(&c->y, v));
    int64_t dx = x - c->pen_x, dy = y - c->pen_y;
    if (letter == 'M')
        html_put(c->h, "M%" PRId64 " %" PRId64, x, y);
    else if (dy == 0)
        html_put(c->h, "h%" PRId64, dx);
    else
        html_put(c->h, dy < 0 ? "l%" PRId64 "%" PRId64 : "l%" PRId64 " %" PRId64, dx, dy);
    c->pen_x = x;
    c->pen_y = y;
}

void plot_line(struct chart *c, const struct history_line *l, enum plot_value what,
               const char *class)
{
    bool pen = false;
    drawing(c);
    html_put(c->h, "<path class=\"%s\" d=\"", class);
    for (size_t i = 0; i < l->n; i++) {
        double v = value_of(&l->points[i], what);
        if (!isfinite(v)) {
            pen = false;
            continue;
        }
        pen = pen && joined(c, l, i);
        /* a point that stands alone is a dot */
        point(c, pen ? 'L' : 'M', l->points[i].at, v);
        if (!pen)
            html_put(c->h, "h0");
        pen = true;
    }
    html_put(c->h, "\"/></svg>\n");
}

/* Along the upper edge of these points, and back along the lower one. */
static void outline(struct chart *c, const struct history_line *l, size_t from, size_t to,
                    bool zero)
{
    for (size_t i = from; i < to; i++)
        point(c, i == from ? 'M' : 'L', l->points[i].at,
              zero ? l->points[i].least : l->points[i].most);
    if (zero) {
        point(c, 'L', l->points[to - 1].at, 0);
        point(c, 'L', l->points[from].at, 0);
    }
    for (size_t i = to; !zero && i-- > from;)
        point(c, 'L', l->points[i].at, l->points[i].least);
    html_put(c->h, "Z");
}

static void fill(struct chart *c, const struct history_line *l, bool zero)
{
    size_t from = 0;
    html_put(c->h, "<path class=\"%s\" d=\"", zero ? "area" : "band");
    while (from < l->n) {
        size_t to = from + 1;
        if (!isfinite(l->points[from].most)) {
            from = to;
            continue;
        }
        while (to < l->n && joined(c, l, to) && isfinite(l->points[to].most))
            to++;
        if (to - from > 1)
            outline(c, l, from, to, zero);
        from = to;
    }
    html_put(c->h, "\"/>");
}

void plot_band(struct chart *c, const struct history_line *l)
{
    bool wide = false;
    for (size_t i = 0; i < l->n; i++)
        wide |= l->points[i].most > l->points[i].least;
    drawing(c);
    fill(c, l, true);
    if (wide)
        fill(c, l, false);
    html_put(c->h, "</svg>\n");
}

int plot_floor(struct chart *c, const struct history_line *l)
{
    double *least = malloc((l->n > 0 ? l->n : 1) * sizeof *least);
    if (least == NULL)
        return err_nomem(c->h->e);
    history_floor(l, least);
    drawing(c);
    html_put(c->h, "<path class=\"floor\" d=\"");
    bool pen = false;
    for (size_t i = 0; i < l->n; i++) {
        bool known = isfinite(l->points[i].least);
        pen = pen && known && joined(c, l, i);
        if (known)
            point(c, pen ? 'L' : 'M', l->points[i].at, least[i]);
        pen = known;
    }
    html_put(c->h, "\"/></svg>\n");
    free(least);
    return 0;
}

static double level_then(const struct chart *c, double value, double hours, double pace)
{
    return fmin(fmax(value + pace * hours, 0), c->y.from);
}

/* Straight on for so long, or to where the chart ends. */
static void ahead(struct chart *c, double value, double hours, double pace)
{
    double end = pace > 0 ? (c->y.from - value) / pace : pace < 0 ? value / -pace : hours;
    hours = fmax(fmin(hours, end), 0);
    point(c, 'L', c->v->history->to + hours, level_then(c, value, hours, pace));
}

void plot_fan(struct chart *c, double value, double hours, double low, double mean,
              double high)
{
    double at = c->v->history->to;
    drawing(c);
    html_put(c->h, "<path class=\"fan\" d=\"");
    point(c, 'M', at, value);
    ahead(c, value, hours, low);
    point(c, 'L', at + hours, level_then(c, value, hours, low));
    point(c, 'L', at + hours, level_then(c, value, hours, high));
    ahead(c, value, hours, high);
    html_put(c->h, "Z\"/><path class=\"ahead\" d=\"");
    point(c, 'M', at, value);
    ahead(c, value, hours, mean);
    html_put(c->h, "\"/></svg>\n");
}

/* ---- figures ---- */

static void tip(struct chart *c, const struct history_line *l, size_t i, double from,
                double to, bool live)
{
    const struct history_point *p = &l->points[i];
    html_put(c->h, "<rect x=\"%.2f%%\" width=\"%.2f%%\" height=\"%u\"><title>%s",
             from / 10, (to - from) / 10, c->height, plot_time(c->v, p->at).s);
    if (isfinite(p->bytes) && c->bytes)
        html_put(c->h, ": %s", num_size_unit(scale_whole(p->bytes), c->h->o->units).s);
    if (isfinite(p->live) && live)
        html_put(c->h, "%s %s %s", c->bytes ? "," : ":",
                 num_count(scale_whole(p->live)).s,
                 scale_whole(p->live) == 1 ? "object" : "objects");
    html_put(c->h, "</title></rect>");
}

void plot_tips(struct chart *c, const struct history_line *l, bool live)
{
    size_t every = (l->n + TIPS - 1) / TIPS;
    double from = 0;
    html_put(c->h, "<g class=\"tips\">");
    for (size_t i = 0; i < l->n; i += every) {
        size_t next = i + every < l->n ? i + every : i;
        double to =
            (scale_at(&c->x, l->points[i].at) + scale_at(&c->x, l->points[next].at)) / 2;
        tip(c, l, i, from, to, live);
        from = to;
    }
    html_put(c->h, "</g>\n");
}

void plot_figures(struct html *h, const struct rank_view *v, const struct history_line *l,
                  bool live)
{
    size_t every = (l->n + FIGURES - 1) / FIGURES;
    html_put(
        h,
        "<details><summary>The figures of this chart</summary>\n"
        "<table class=\"figures\"><caption>%s</caption>\n"
        "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>%s</tr></thead>"
        "<tbody>\n",
        every > 1 ? "A selection, evenly spread" : "Every point",
        v->r->has_times ? "Time" : "Capture", words_size_title(h->o->units),
        live ? "<th scope=\"col\">Objects</th>" : "");
    for (size_t i = 0; i < l->n; i += every) {
        const struct history_point *p = &l->points[i];
        html_put(h, "<tr><th scope=\"row\">%s</th>", plot_time(v, p->at).s);
        if (isfinite(p->bytes))
            html_put(h, "<td data-v=\"%.0f\">%s</td>", p->bytes,
                     num_size(scale_whole(p->bytes), h->o->units).s);
        else
            html_put(h, "<td>-</td>");
        if (live && isfinite(p->live))
            html_put(h, "<td data-v=\"%.0f\">%s</td>", p->live,
                     num_count(scale_whole(p->live)).s);
        else if (live)
            html_put(h, "<td>-</td>");
        html_put(h, "</tr>\n");
        if (i + 1 < l->n && i + every >= l->n)
            i = l->n - 1 - every; /* the last one, too */
    }
    html_put(h, "</tbody></table></details>\n");
}
