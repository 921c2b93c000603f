/* SPDX-License-Identifier: MIT */
/* The line that stands on a terminal while work goes on. */
#include "cli/render/words/words_progress.h"

#include "cli/render/number.h"

#define BAR_MOST  30
#define BAR_LEAST 8

static double part_of(const struct progress *v)
{
    uint64_t done = v->of_bytes > 0 ? v->bytes : v->done;
    uint64_t of = v->of_bytes > 0 ? v->of_bytes : v->of;
    return of == 0 ? -1 : done >= of ? 1 : (double)done / (double)of;
}

static void figures(struct phrase *p, const struct progress *v)
{
    if (v->of_bytes > 0)
        say(p, "  %s of %s", num_size_unit(v->bytes, UNITS_HUMAN).s,
            num_size_unit(v->of_bytes, UNITS_HUMAN).s);
    else if (v->bytes > 0)
        say(p, "  %s", num_size_unit(v->bytes, UNITS_HUMAN).s);
    if (v->of > 0)
        say(p, "  %s of %s %s%s", num_count(v->done).s, num_count(v->of).s, v->unit,
            v->of == 1 ? "" : "s");
    else if (v->unit != NULL)
        say(p, "  %s %s%s", num_count(v->done).s, v->unit, v->done == 1 ? "" : "s");
}

static void bar(struct phrase *p, double part, unsigned columns)
{
    int filled = (int)(part * columns);
    say(p, "  [");
    for (int i = 0; i < (int)columns; i++)
        say(p, "%c", i < filled ? '=' : i == filled ? '>' : ' ');
    say(p, "] %3d%%", (int)(part * 100));
}

void words_progress(struct phrase *p, const struct progress *v, unsigned columns)
{
    struct phrase tail;
    double part = part_of(v);
    phrase_start(&tail, false);
    figures(&tail, v);
    say(p, "%s", v->what);
    /* "  [" and "] 100%" stand around the bar. */
    const size_t around = p->n + 3 + 6 + tail.n;
    if (part >= 0 && around + BAR_LEAST <= columns) {
        size_t room = columns - around;
        bar(p, part, room < BAR_MOST ? (unsigned)room : BAR_MOST);
    }
    if (p->n + tail.n <= columns)
        say(p, "%s", tail.s);
}
