/* SPDX-License-Identifier: MIT */
/* Sentences about events and totals that travel beside captures. */
#include <string.h>

#include "cli/render/number.h"
#include "cli/render/words/words.h"

/* "connections-refused" as people say it. */
void words_event_code(struct phrase *p, const char *code)
{
    static const struct {
        const char *code, *words;
    } table[] = {
        {"connections-refused", "connections refused"},
        {"event-2004", "event 2004 (virtual memory low)"},
        {"event-2017", "event 2017 (nonpaged pool, the server's own limit)"},
        {"event-2018", "event 2018 (paged pool, the server's own limit)"},
        {"event-2019", "event 2019 (nonpaged pool empty)"},
        {"event-2020", "event 2020 (paged pool empty)"},
        {"event-333", "event 333 (the registry could not be written)"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].code, code) == 0) {
            say(p, "%s", table[i].words);
            return;
        }
    if (strncmp(code, "event-", 6) == 0)
        say(p, "event ");
    say_name(p, strncmp(code, "event-", 6) == 0 ? code + 6 : code);
}

/* "2005-09-02 18:45:12 to 18:58:57 UTC": what both share is said once. */
static void say_span(struct phrase *p, const struct pool_time *first,
                     const struct pool_time *last)
{
    struct num a = num_time(first), b = num_time(last);
    const char *zone =
        strchr(b.s, ' ') != NULL ? strchr(strchr(b.s, ' ') + 1, ' ') : NULL;
    size_t day = strcspn(a.s, " ");
    if (strcmp(a.s, b.s) == 0) {
        say(p, "%s", a.s);
        return;
    }
    char *end = zone != NULL ? strstr(a.s, zone) : NULL;
    if (end != NULL)
        *end = '\0';
    bool same_day = strncmp(a.s, b.s, day + 1) == 0;
    say(p, "%s to %s", a.s, same_day ? b.s + day + 1 : b.s);
}

void words_event_sum(struct phrase *p, const struct event_sum *v)
{
    words_event_code(p, v->code);
    if (v->count == 1)
        say(p, " once");
    else
        say(p, " %s times", FIGURE(p, num_count(v->count)));
    if (v->first.source == TIME_NONE) {
        say(p, ", no times");
        return;
    }
    say(p, ", ");
    say_span(p, &v->first, &v->last);
}

static void say_source(struct phrase *p, const struct show_view *v)
{
    say_name(p, pool_snapshot_str(v->s, v->s->source));
    if (v->of != 1)
        say(p, " (record %zu)", v->index);
    say(p, ": ");
}

void words_events_answer(struct phrase *p, const struct show_view *v)
{
    say_source(p, v);
    for (size_t i = 0; i < v->events->n; i++) {
        say(p, i == 0 ? "" : "; ");
        words_event_sum(p, &v->events->v[i]);
    }
    if (v->events->n == 0)
        say(p, "no event that tells of a pool running short");
    say(p, ".");
}

/* The value of a fact, up to its line end; 0 when there is none. */
static size_t fact(const struct pool_snapshot *s, const char *name, const char **value)
{
    const char *p = pool_snapshot_str(s, s->facts);
    size_t n = strlen(name);
    for (; *p != '\0'; p += strcspn(p, "\n"), p += *p == '\n')
        if (strncmp(p, name, n) == 0 && p[n] == '=') {
            *value = p + n + 1;
            return strcspn(*value, "\n");
        }
    return 0;
}

void words_events_what(struct phrase *p, const struct show_view *v)
{
    const struct pool_snapshot *s = v->s;
    const char *others;
    say(p, "%s, ", pool_snapshot_str(s, s->format));
    say_count(p, s->n_events, "event", "events");
    size_t n = fact(s, "other_entries", &others);
    if (n > 0 && n < 24)
        say(p, "; other entries: %.*s", (int)n, others);
    if (s->host != 0) {
        say(p, "; host ");
        say_name(p, pool_snapshot_str(s, s->host));
    }
    if (s->time.source == TIME_NONE || s->time.ambiguous)
        say(p, "; it carries no times that can be placed");
    else
        say(p, s->time.zone_known ? "" : "; times on the machine's own clock");
    if (s->completeness != COMPLETE_WHOLE)
        say(p, "; %s", words_completeness(s->completeness));
    say(p, ".");
}

void words_totals_answer(struct phrase *p, const struct show_view *v, enum units u)
{
    const struct pool_totals *t = &v->s->totals;
    static const enum total_field field[] = {
        [POOL_NONPAGED] = TOTAL_NONPAGED_KIB, [POOL_PAGED] = TOTAL_PAGED_KIB};
    bool any = false;
    say_source(p, v);
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        uint64_t bytes;
        if (!(t->given & 1u << field[k]) || !mul_u64(t->v[field[k]], 1024, &bytes))
            continue;
        say(p, "%s%s pool %s", any ? ", " : "", pool_kind_name((enum pool_kind)k),
            FIGURE(p, num_size_unit(bytes, u)));
        any = true;
    }
    say(p, any ? "; totals without tags." : "totals without the pools' own.");
}

/* ---- beside a ranked series ---- */

void words_rank_event(struct phrase *p, const struct rank_view *v,
                      const struct rank_event *x, enum units u)
{
    words_event_sum(p, x->sum);
    if (x->pool_known) {
        say(p, "; %s pool held %s before, at ", pool_kind_name(x->pool),
            FIGURE(p, num_size_unit(x->bytes, u)));
        say(p, "%s", num_time(&x->pool_time).s);
    }
    if (!x->joined && x->sum->first.source != TIME_NONE && v->from.source != TIME_NONE)
        say(p, x->sum->first.zone_known
                   ? "; the captures' zone is not known: --tz puts both on one time line"
                   : "; its zone is not known: --tz puts both on one time line");
}
