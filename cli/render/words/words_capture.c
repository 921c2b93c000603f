/* SPDX-License-Identifier: MIT */
/* Names of things, and sentences about single captures. */
#include "cli/render/words/words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/render/number.h"

const char *words_pool(enum pool_kind k)
{
    static const char *const names[POOL_KINDS] = {"Nonpaged", "Paged", "Unnamed"};
    return names[k];
}

const char *words_time_source(enum time_source s)
{
    static const char *const words[] = {
        [TIME_NONE] = "no times",
        [TIME_CAPTURE] = "from the capture",
        [TIME_LINE] = "from a line before the capture",
        [TIME_NAME] = "from the file name",
        [TIME_OPTION] = "as stated by option",
        [TIME_MTIME] = "from the file's own time",
    };
    return words[s];
}

const char *words_completeness(enum completeness c)
{
    static const char *const words[] = {
        [COMPLETE_WHOLE] = "whole",
        [COMPLETE_SCREEN] = "a screen (only the rows that fitted)",
        [COMPLETE_FILTERED] = "filtered (only some tags)",
        [COMPLETE_CUT] = "cut (the rest is missing)",
    };
    return words[c];
}

const char *words_size_title(enum units u)
{
    return u == UNITS_K ? "Size K" : u == UNITS_BYTES ? "Bytes" : "Size";
}

const char *words_change_title(enum units u)
{
    return u == UNITS_K ? "Change K" : u == UNITS_BYTES ? "Change B" : "Change";
}

const char *words_grew_title(enum units u)
{
    return u == UNITS_K ? "Grew K" : u == UNITS_BYTES ? "Grew B" : "Grew";
}

const char *words_rate_title(enum units u)
{
    return u == UNITS_K ? "K/h" : u == UNITS_BYTES ? "B/h" : "per hour";
}

/* ---- motion ---- */

void motion_add(struct motion *m, struct pool_tag tag, int64_t by)
{
    m->told++;
    m->grew += by > 0;
    m->shrank += by < 0;
    if (by > m->most_by) {
        m->most_by = by;
        m->most = tag;
    }
    if (m->n < MOTION_LARGEST) {
        m->largest[m->n].tag = tag;
        m->largest[m->n++].by = by;
    }
}

static void say_moved(struct phrase *p, const struct motion *m, int64_t by, bool each)
{
    if (by == 0) {
        say(p, " did not move");
        return;
    }
    uint64_t size = by < 0 ? ~(uint64_t)by + 1 : (uint64_t)by;
    say(p, by < 0 ? " lost " : " gained ");
    say_count(p, size, m->one, m->many);
    if (each)
        say(p, " each");
}

/* "ISil and I100 lost 2 objects each, PcNw and SavE did not move". */
static void say_largest(struct phrase *p, const struct motion *m)
{
    bool done[MOTION_LARGEST] = {false};
    bool first = true;
    for (size_t i = 0; i < m->n; i++) {
        if (done[i])
            continue;
        size_t same = 0, named = 0;
        for (size_t k = i; k < m->n; k++)
            same += m->largest[k].by == m->largest[i].by;
        say(p, first ? "" : ", ");
        first = false;
        for (size_t k = i; k < m->n; k++) {
            if (m->largest[k].by != m->largest[i].by)
                continue;
            say(p, named == 0 ? "" : named + 1 == same ? " and " : ", ");
            say_tag(p, m->largest[k].tag);
            named++;
            done[k] = true;
        }
        say_moved(p, m, m->largest[i].by, same > 1);
    }
}

bool words_motion(struct phrase *p, const struct motion *m)
{
    if (m->told == 0)
        return false;
    say(p, "In the seconds between the last two refreshes ");
    if (m->grew == 0 && m->shrank == 0) {
        say(p, "no tag listed moved.");
        return true;
    }
    if (m->grew == 0) {
        say(p, "no tag grew");
    } else {
        say_count(p, m->grew, "tag", "tags");
        say(p, " grew (most: ");
        say_tag(p, m->most);
        say(p, ", by ");
        say_count(p, (uint64_t)m->most_by, m->one, m->many);
        say(p, ")");
    }
    if (m->shrank > 0)
        say(p, " and %s shrank", FIGURE(p, num_count(m->shrank)));
    if (m->told > 1) {
        say(p, ". Of the largest, ");
        say_largest(p, m);
    }
    say(p, ".");
    return true;
}

/* ---- show ---- */

static const struct pool_row *shown_row(const struct show_view *v, size_t i)
{
    return &v->s->rows[v->order[i]];
}

static void say_source(struct phrase *p, const struct show_view *v)
{
    say_name(p, pool_snapshot_str(v->s, v->s->source));
    if (v->of > 1)
        say(p, " (snapshot %zu of %zu)", v->index, v->of);
    else if (v->of == 0)
        say(p, " (snapshot %zu)", v->index);
}

void words_show_answer(struct phrase *p, const struct show_view *v, enum units u)
{
    const struct pool_snapshot *s = v->s;
    const struct pool_row *best = NULL;
    for (size_t i = 0; i < v->n_order; i++) {
        const struct pool_row *w = shown_row(v, i);
        if (w->fields & ROW_BYTES && (best == NULL || w->bytes > best->bytes))
            best = w;
    }
    say_source(p, v);
    say(p, ": ");
    if (best == NULL) {
        say(p, s->n_rows == 0        ? "a capture without rows."
               : v->filtered_by_user ? "no row is among those asked for."
                                     : "a capture without sizes.");
        return;
    }
    enum pool_kind k = (enum pool_kind)best->pool;
    say_tag(p, best->tag);
    if (k == POOL_UNKNOWN)
        say(p, " holds the most: ");
    else
        say(p, " holds the most %s pool: ", pool_kind_name(k));
    say(p, "%s", num_size_unit(best->bytes, u).s);
    struct pool_sum sum = show_pool_sum(s, k);
    if (sum.total > 0)
        say(p, " (%s of %s%s)", num_percent((double)best->bytes / (double)sum.total).s,
            num_size_unit(sum.total, u).s, sum.from_header ? "" : " listed");
    say(p, ".");
}

struct pool_sum show_pool_sum(const struct pool_snapshot *s, enum pool_kind k)
{
    struct pool_sum sum = {.rows = pool_snapshot_bytes(s, k)};
    enum total_field f = k == POOL_NONPAGED ? TOTAL_NONPAGED_KIB : TOTAL_PAGED_KIB;
    sum.from_header = k != POOL_UNKNOWN && (s->totals.given & 1u << f) != 0 &&
                      s->scope == SCOPE_SYSTEM &&
                      mul_u64(s->totals.v[f], 1024, &sum.total);
    if (!sum.from_header)
        sum.total = sum.rows;
    return sum;
}

void words_show_what(struct phrase *p, const struct show_view *v)
{
    const struct pool_snapshot *s = v->s;
    const char *format = pool_snapshot_str(s, s->format);
    if (*format != '\0') {
        say(p, "%s", format);
        say(p, s->record == RECORD_CAPTURE ? " capture, " : " totals, ");
    }
    say(p, "%s", words_completeness(s->completeness));
    if (s->record == RECORD_CAPTURE) {
        say(p, ", ");
        say_count(p, s->n_rows, "row", "rows");
    }
    if (s->time.source == TIME_NONE)
        say(p, "; it carries no time");
    else
        say(p, "; taken %s (%s)", num_time(&s->time).s,
            words_time_source(s->time.source));
    if (s->host != 0) {
        say(p, "; host ");
        say_name(p, pool_snapshot_str(s, s->host));
    }
    if (s->uptime_s >= 0)
        say(p, "; up %s", num_hours((double)s->uptime_s / 3600).s);
    if (s->scope == SCOPE_SESSION)
        say(p, "; pool of session %u", (unsigned)s->session);
    else if (s->scope == SCOPE_ALL_SESSIONS)
        say(p, "; pools of all sessions");
    say(p, ".");
}

static bool given(const struct pool_snapshot *s, enum total_field f)
{
    return (s->totals.given & 1u << f) != 0;
}

static struct num kib(const struct pool_snapshot *s, enum total_field f, enum units u)
{
    uint64_t bytes;
    if (!mul_u64(s->totals.v[f], 1024, &bytes))
        bytes = UINT64_MAX;
    return num_size_unit(bytes, u);
}

bool words_show_memory(struct phrase *p, const struct show_view *v, enum units u)
{
    const struct pool_snapshot *s = v->s;
    if (!given(s, TOTAL_MEMORY_KIB))
        return false;
    say(p, "Memory: %s", kib(s, TOTAL_MEMORY_KIB, u).s);
    if (given(s, TOTAL_AVAIL_KIB))
        say(p, ", %s available", kib(s, TOTAL_AVAIL_KIB, u).s);
    if (given(s, TOTAL_COMMIT_KIB) && given(s, TOTAL_LIMIT_KIB))
        say(p, "; commit %s of %s", kib(s, TOTAL_COMMIT_KIB, u).s,
            kib(s, TOTAL_LIMIT_KIB, u).s);
    return true;
}

bool words_show_pool(struct phrase *p, const struct show_view *v, enum pool_kind k,
                     enum units u)
{
    struct pool_sum sum = show_pool_sum(v->s, k);
    if (sum.total == 0 && sum.rows == 0)
        return false;
    say(p, "%s pool: %s", words_pool(k), num_size_unit(sum.total, u).s);
    uint64_t limit = v->limits[k].bytes;
    if (limit > 0) {
        say(p, " of the %s limit %s (%s)", words_limit(&v->limits[k]),
            num_size_unit(limit, u).s, num_percent((double)sum.total / (double)limit).s);
        if (limit > sum.total)
            say(p, ", %s left", num_size_unit(limit - sum.total, u).s);
    }
    if (!sum.from_header)
        say(p, " in the rows listed; the capture gives no total");
    else if (v->s->record != RECORD_CAPTURE)
        return true;
    else if (sum.rows == 0)
        say(p, "; none of its rows are listed");
    else if (sum.rows < sum.total)
        say(p, "; the rows listed hold %s (%s)", num_size_unit(sum.rows, u).s,
            num_percent((double)sum.rows / (double)sum.total).s);
    return true;
}

/* a - b, held inside int64_t. */
static int64_t minus(int64_t a, int64_t b)
{
    if (b > 0 && a < INT64_MIN + b)
        return INT64_MIN;
    if (b < 0 && a > INT64_MAX + b)
        return INT64_MAX;
    return a - b;
}

bool words_show_motion(struct phrase *p, const struct show_view *v)
{
    const unsigned need = ROW_ALLOCS_DELTA | ROW_FREES_DELTA;
    struct motion m = {.one = "object", .many = "objects"};
    for (size_t i = 0; i < v->n_order; i++) {
        const struct pool_row *w = shown_row(v, i);
        if ((w->fields & need) == need)
            motion_add(&m, w->tag, minus(w->allocs_delta, w->frees_delta));
    }
    return words_motion(p, &m);
}
