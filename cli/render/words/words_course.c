/* SPDX-License-Identifier: MIT */
/* Sentences about the course of a tag over a series. */
#include "cli/render/words/words.h"

#include <math.h>

#include "cli/render/number.h"

#define BREAKS_TOLD 4

void words_course_none(struct phrase *p)
{
    say(p, "No tag to follow.");
}

void words_course_chart(struct phrase *p, bool bytes, const char *base)
{
    say(p, bytes ? "Bytes held" : "Objects outstanding");
    if (base != NULL)
        say(p, " (the axis begins at %s)", base);
}

static void say_more_times(struct phrase *p, size_t n)
{
    if (n == 1)
        say(p, " and once more");
    else
        say(p, " and %zu times more", n);
}

bool words_course_legend(struct phrase *p, const struct course_view *v, size_t row)
{
    const struct tracks *t = v->tracks;
    bool boots = false, unknown = false;
    for (size_t i = 0; i < t->n; i++) {
        boots |= t->moments[i].new_boot;
        unknown |= !isnan(t->moments[i].gap_h) || !(t->rows[row].v[i].known & ROW_BYTES);
    }
    if (boots)
        say(p, "\u250a restart");
    if (unknown)
        say(p, "%s\u00b7 nothing is known there", boots ? "; " : "");
    if (t->n > BREAKS_TOLD)
        say(p, "%seach column shows the greatest of its time", p->n > 0 ? "; " : "");
    if (p->n > 0)
        say(p, ".");
    return p->n > 0;
}

void words_course_before(struct phrase *p, const struct track_moment *m)
{
    if (m->new_boot)
        say(p, "restart");
    if (!isnan(m->gap_h))
        say(p, "%sgap of %s", p->n > 0 ? ", " : "", num_hours(m->gap_h).s);
}

static struct num when(const struct track_moment *m, size_t number)
{
    return m->time.source != TIME_NONE ? num_time(&m->time) : num_count(number + 1);
}

/* "Restarts before A, B and 3 more." */
bool words_course_breaks(struct phrase *p, const struct course_view *v)
{
    const struct tracks *t = v->tracks;
    const char *number = v->v->from.source == TIME_NONE ? "snapshot " : "";
    size_t boots = 0, gaps = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (!t->moments[i].new_boot)
            continue;
        if (boots++ < BREAKS_TOLD)
            say(p, "%s%s%s", boots == 1 ? "Restarted before " : ", ", number,
                when(&t->moments[i], i).s);
    }
    if (boots > BREAKS_TOLD)
        say_more_times(p, boots - BREAKS_TOLD);
    if (boots > 0)
        say(p, ".");
    for (size_t i = 0; i < t->n; i++) {
        if (isnan(t->moments[i].gap_h))
            continue;
        if (gaps++ == 0)
            say(p, "%sNo captures for ", boots > 0 ? " " : "");
        if (gaps <= BREAKS_TOLD)
            say(p, "%s%s before %s%s", gaps > 1 ? ", " : "",
                num_hours(t->moments[i].gap_h).s, number, when(&t->moments[i], i).s);
    }
    if (gaps > BREAKS_TOLD)
        say_more_times(p, gaps - BREAKS_TOLD);
    if (gaps > 0)
        say(p, ".");
    return p->n > 0;
}

void words_course_more(struct phrase *p, const struct course_view *v)
{
    say_count(p, v->matched - v->tracks->n_rows, "more tag matches", "more tags match");
    say(p, " (-n 0 follows all).");
}
