/* SPDX-License-Identifier: MIT */
/* A course drawn with block characters: columns of equal time, heights in eighths of a
 * line.  The caller owns the struct chart.
 *
 *      41M ┤                  ▂▄▆█
 *          │         ┊  ▂▄▆██████
 *        0 └──┬──────┴──┬──────·──
 */
#ifndef CLI_RENDER_CHART_H
#define CLI_RENDER_CHART_H

#include "cli/render/people/page.h"

#define CHART_COLUMNS 240
#define CHART_MARGIN  10 /* columns left of the first */

struct chart {
    unsigned columns, rows;
    double v[CHART_COLUMNS];       /* NAN: nothing is known there */
    uint8_t marks[CHART_COLUMNS];  /* enum track_mark */
    bool ticks[CHART_COLUMNS];     /* of the axis below */
    char below[CHART_COLUMNS + 1]; /* and its labels */
    bool bytes;                    /* else objects */
    double base, step;             /* the axis at the left: base, base + step ... */
    unsigned n;
};

/* Chooses the axis at the left for v.  It begins at zero, unless that would hide what
 * moves: then chart.base tells.  False when no figure is known. */
bool chart_scale(struct chart *c);
/* Adds a label under that column, where there is room. */
void chart_label(struct chart *c, unsigned column, const char *text);
struct num chart_tick(const struct chart *c, double v);
/* The lines, and below them the axis with its labels. */
void chart_draw(struct page *g, const struct chart *c);

#endif
