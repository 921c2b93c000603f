/* SPDX-License-Identifier: MIT */
/* Charts along the time of a series, as SVG; a struct chart borrows all it points to.
 *
 * A chart is as wide as its place: figures across are percent, figures down are pixels,
 * so that letters keep their size.  Lines live in a nested drawing of 1000 units across
 * (written in tenths), which alone is stretched. */
#ifndef CLI_RENDER_HTML_CHART_H
#define CLI_RENDER_HTML_CHART_H

#include "cli/render/html/html.h"
#include "cli/render/html/html_scale.h"

struct chart {
    struct html *h;
    const struct rank_view *v;
    struct scale x, y; /* x: series hours, or snapshots; y: down from the top */
    unsigned height;   /* of the plot, pixels */
    struct ticks ticks;
    bool bytes; /* else a count */
    int64_t pen_x, pen_y; /* where the line at hand is, tenths */
};

/* A chart of the whole series and `ahead` more hours, from an honest zero up to at least
 * `top`. */
struct chart chart_of(struct html *h, const struct rank_view *v, double top, double ahead,
                      unsigned height, bool bytes);
/* <svg> with its title and description, and the grid with its labels. */
void chart_begin(struct chart *c, const struct phrase *title, const struct phrase *desc);
void chart_end(struct chart *c);

/* What happened: gaps, restarts, events; each is told in words by its tooltip. */
void chart_marks(struct chart *c);
/* A mark at series time `at` with a word in that row of words from the top; class is one
 * of the style's. */
void chart_moment(struct chart *c, double at, const char *class, const char *word,
                  unsigned row);
/* A level across the plot, with words above or below its right end; nothing above the
 * top. */
void chart_level(struct chart *c, double value, const char *class,
                 const struct phrase *words, bool below);

/* ---- html_plot.c: the lines ---- */

enum plot_value { PLOT_BYTES, PLOT_LIVE };

/* From zero up to the least of every point, and darker from there to the greatest. */
void plot_band(struct chart *c, const struct history_line *l);
void plot_line(struct chart *c, const struct history_line *l, enum plot_value what,
               const char *class);
int plot_floor(struct chart *c, const struct history_line *l) ERR_WARN_UNUSED;
/* From a value now to between low and high `hours` later. */
void plot_fan(struct chart *c, double value, double hours, double low, double mean,
              double high);
/* Stripes that tell the figures under the pointer. */
void plot_tips(struct chart *c, const struct history_line *l, bool live);
/* The same figures as a folded table. */
void plot_figures(struct html *h, const struct rank_view *v, const struct history_line *l,
                  bool live);
/* The greatest of the line's values; 0 when none is known. */
double plot_top(const struct history_line *l, enum plot_value what);
/* Whether two points at least are known. */
bool plot_worth(const struct history_line *l, enum plot_value what);
/* When a point was taken, for people. */
struct num plot_time(const struct rank_view *v, double at);

#endif
