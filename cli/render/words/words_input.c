/* SPDX-License-Identifier: MIT */
/* Sentences about two captures and about inputs. */
#include "cli/render/words/words.h"

#include <math.h>

#include "cli/render/number.h"
#include "formats/when.h"

static const struct diff_row *row_at(const struct diff_view *v, size_t i)
{
    return &v->d->rows[v->order[i]];
}

static uint64_t size_of(int64_t change)
{
    return change < 0 ? ~(uint64_t)change + 1 : (uint64_t)change;
}

void words_diff_answer(struct phrase *p, const struct diff_view *v, enum units u)
{
    const struct diff_row *best = NULL;
    for (size_t i = 0; i < v->n_order; i++) {
        const struct diff_row *w = row_at(v, i);
        if (w->old_known && w->new_known && w->bytes_change != 0 &&
            (best == NULL || size_of(w->bytes_change) > size_of(best->bytes_change)))
            best = w;
    }
    if (best == NULL) {
        say(p, v->n_order == 0 ? "No tag to compare." : "No tag changed its size.");
        return;
    }
    say_tag_pool(p, best->tag, best->pool);
    say(p, " changed most, %s", num_change_unit(best->bytes_change, u).s);
    if (isfinite(v->d->hours))
        say(p, " in %s", num_hours(v->d->hours).s);
    if (isfinite(best->bytes_per_hour))
        say(p, " (%s)", num_rate_unit(best->bytes_per_hour, u).s);
    say(p, ".");
}

void words_diff_end(struct phrase *p, const struct diff_end *d)
{
    say_name(p, d->source);
    if (d->of > 1)
        say(p, " (snapshot %u of %u)", (unsigned)d->ordinal, (unsigned)d->of);
    if (d->time.source == TIME_NONE)
        say(p, ", no time");
    else
        say(p, ", %s (%s)", num_time(&d->time).s, words_time_source(d->time.source));
    if (d->completeness != COMPLETE_WHOLE)
        say(p, ", %s", words_completeness(d->completeness));
}

void words_diff_same(struct phrase *p, const struct diff_view *v)
{
    size_t n[3] = {0};
    for (size_t i = 0; i < v->n_order; i++)
        n[row_at(v, i)->state]++;
    if (!v->d->boot_decided)
        say(p, "Too few rows in both to tell whether it is the same boot");
    else if (v->d->same_boot)
        say(p, "Same boot");
    else
        say(p, "The machine was restarted between the two: counts of allocations and "
               "rates are not comparable");
    say(p, "; ");
    say_count(p, n[DIFF_BOTH], "row", "rows");
    say(p, " in both, %zu new, %zu gone.", n[DIFF_NEW], n[DIFF_GONE]);
}

bool words_diff_pool(struct phrase *p, const struct diff_view *v, enum pool_kind k,
                     enum units u)
{
    const struct diff_total *t = &v->d->totals[k];
    if (t->basis == TOTAL_FROM_NOTHING)
        return false;
    say(p, "%s pool: %s to %s, %s", words_pool(k), num_size_unit(t->old_bytes, u).s,
        num_size_unit(t->new_bytes, u).s, num_change_unit(t->change_bytes, u).s);
    if (t->old_bytes > 0)
        say(p, " (%s)", num_percent_change(t->change_bytes, t->old_bytes).s);
    if (t->basis == TOTAL_FROM_ROWS)
        say(p, ", in the rows listed");
    return true;
}

/* ---- inputs ---- */

void words_left_out(struct phrase *p, size_t n, const char *one, const char *many)
{
    say_count(p, n, one, many);
    say(p, " (-n 0 lists all).");
}

void words_incomplete(struct phrase *p)
{
    say(p, "some inputs could not be read to the end; this is what the others say");
}

static uint64_t captures_of(const struct info_input *v)
{
    return v->snapshots - v->records[RECORD_TOTALS] - v->records[RECORD_EVENTS];
}

void words_info_answer(struct phrase *p, const struct info_input *v, size_t n)
{
    uint64_t snapshots = 0, rows = 0, totals = 0, events = 0;
    size_t unread = 0, partial = 0;
    const struct info_input *first = NULL, *last = NULL;
    for (size_t i = 0; i < n; i++) {
        snapshots += captures_of(&v[i]);
        totals += v[i].records[RECORD_TOTALS];
        events += v[i].events != NULL ? v[i].events->lines : 0;
        rows += v[i].rows;
        unread += v[i].error != NULL;
        partial += v[i].snapshots > 0 && v[i].completeness != COMPLETE_WHOLE;
        if (v[i].first_time.source == TIME_NONE)
            continue;
        if (first == NULL ||
            when_order_ms(&v[i].first_time) < when_order_ms(&first->first_time))
            first = &v[i];
        if (last == NULL ||
            when_order_ms(&v[i].last_time) > when_order_ms(&last->last_time))
            last = &v[i];
    }
    say_count(p, n, "input", "inputs");
    say(p, ", ");
    say_count(p, snapshots, "snapshot", "snapshots");
    say(p, ", ");
    say_count(p, rows, "row", "rows");
    if (totals > 0) {
        say(p, ", ");
        say_count(p, totals, "record of totals", "records of totals");
    }
    if (events > 0) {
        say(p, ", ");
        say_count(p, events, "event", "events");
    }
    if (first == NULL)
        say(p, "; no times");
    else if (when_order_ms(&first->first_time) == when_order_ms(&last->last_time))
        say(p, "; %s", num_time(&first->first_time).s);
    else
        say(p, "; %s to %s", num_time(&first->first_time).s,
            num_time(&last->last_time).s);
    if (partial > 0)
        say(p, "; %zu not whole", partial);
    if (unread > 0)
        say(p, "; %zu could not be read to the end", unread);
    say(p, ".");
}

void words_info_what(struct phrase *p, const struct info_input *v)
{
    if (v->format_title != NULL)
        say(p, "%s", v->format_title);
    else
        say(p, "unknown format");
    if (v->compressed != NULL)
        say(p, " (%s)", v->compressed);
    say(p, "; ");
    say_count(p, v->bytes, "byte", "bytes");
    say(p, "; ");
    uint64_t captures = captures_of(v);
    if (captures > 0 || v->snapshots == 0) {
        say_count(p, captures, "snapshot", "snapshots");
        say(p, ", ");
        say_count(p, v->rows, "row", "rows");
        say(p, v->snapshots > captures ? ", " : "");
    }
    if (v->records[RECORD_TOTALS] > 0)
        say_count(p, v->records[RECORD_TOTALS], "record of totals", "records of totals");
    if (v->records[RECORD_TOTALS] > 0 && v->records[RECORD_EVENTS] > 0)
        say(p, ", ");
    if (v->records[RECORD_EVENTS] > 0)
        say_count(p, v->records[RECORD_EVENTS], "record of events", "records of events");
    if (v->snapshots > 0)
        say(p, "; %s", words_completeness(v->completeness));
}

void words_info_when(struct phrase *p, const struct info_input *v)
{
    if (v->first_time.source == TIME_NONE) {
        say(p, "no times");
    } else {
        say(p, "%s", num_time(&v->first_time).s);
        if (v->snapshots > 1)
            say(p, " to %s", num_time(&v->last_time).s);
        say(p, " (%s)", words_time_source(v->first_time.source));
    }
    if (captures_of(v) > 1) {
        say(p, "; ");
        say_count(p, v->boots, "boot", "boots");
    }
    bool named = v->n_hosts > 1 || (v->n_hosts == 1 && v->hosts[0][0] != '\0');
    for (size_t i = 0; named && i < v->n_hosts; i++) {
        say(p, i == 0 ? "; host " : ", ");
        if (v->hosts[i][0] == '\0')
            say(p, "without a name");
        else
            say_name(p, v->hosts[i]);
    }
    uint64_t notes = 0;
    for (int c = 0; v->notes != NULL && c < NOTE_CODES; c++)
        notes += v->notes->seen[c];
    if (notes > 0) {
        say(p, "; ");
        say_count(p, notes, "note", "notes");
    }
}
