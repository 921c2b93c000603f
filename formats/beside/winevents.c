/* SPDX-License-Identifier: MIT */
/* Events about pools, as people copy them out of the event log:
 *
 *     Event Type:     Error               EVENT: 2020 SOURCE:SRV
 *     Event Source:   Srv                 TEXT: The server was unable to allocate from
 *     Event ID:       2019                the system paged pool because the pool was
 *     Date:           11/20/2009          empty.
 *     Time:           03:12:44
 *     Computer:       WEB01               2019: The server was unable to allocate from
 *     Description:                        the system nonpaged pool because the pool was
 *     The server was unable to ...        empty.
 *
 * 2019 is nonpaged, 2020 paged pool that could not be had; 2000, 2001, 2016, 2017, 2018,
 * 2021 and 2022 are the server's other complaints, 2004 and 333 those of others.  Fields
 * come in any order; dates are the machine's own, in its locale and without a zone, and
 * may be missing.  Other events of the same log are counted.
 *
 * Sources: Microsoft's knowledge base (Q131679, Q133384, Q196745, Q226513, Q298511) and
 * the ntdebugging articles on events 2019 and 2020. */
#include "formats/beside/winevents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/text/tokens.h"
#include "formats/when.h"
#include "formats/beside/winevents_line.h"

enum {
    EVENTS_MAX = 65536, /* of one record; then another begins */
    TEXT_MAX = 500,     /* of an event's words that are kept */
    WHEN_MAX = 80
};

struct winevents {
    struct pool_snapshot *s; /* filled between start and finish */
    struct event_draft draft;
    uint64_t line; /* of the draft's beginning */
    char date[WHEN_MAX / 2], time[WHEN_MAX / 2];
    struct buf text;  /* words of the draft */
    struct buf doubt; /* one byte an event: its date has two readings */
    bool day_first, month_first;
    bool zone_set; /* s->time holds the zone of the events */
    uint64_t others;
};

/* ---- does an event begin here? ---- */

static int begins(const struct text_line *lines, size_t n)
{
    struct event_draft d = {0};
    for (size_t i = 0; i < n; i++) {
        struct event_line x;
        event_line_read(lines[i].p, lines[i].n, &x);
        if (event_begins_next(&d, &x))
            break;
        bool taken = event_take(&d, &x, lines[i].p, lines[i].n);
        bool blank = token_trim(lines[i].p, lines[i].n).n == 0;
        if (!taken && (i == 0 || !blank))
            break;
        if (event_matters(&d))
            return CLAIM_SURE;
    }
    return CLAIM_NONE;
}

/* ---- an event is complete ---- */

static void draft_clear(struct winevents *w)
{
    w->draft = (struct event_draft){0};
    w->date[0] = w->time[0] = '\0';
    w->text.n = 0;
}

static int64_t other_reading(int64_t ms)
{
    struct civil c;
    civil_from_ms(ms, &c);
    int month = c.month;
    c.month = c.day;
    c.day = month;
    return civil_to_ms(&c, &ms) ? ms : INT64_MIN;
}

/* The draft's time on the clock of the record; INT64_MIN when it has none. */
static int64_t draft_time(struct winevents *w, bool *doubt)
{
    struct pool_snapshot *s = w->s;
    char both[WHEN_MAX + 2];
    struct pool_time t = {0};
    int n = snprintf(both, sizeof both, "%s%s%s", w->date, w->time[0] != '\0' ? " " : "",
                     w->time);
    *doubt = false;
    if (n <= 0 || !when_line(both, (size_t)n, &t))
        return INT64_MIN;
    if (w->zone_set &&
        (t.zone_known != s->time.zone_known || t.zone_min != s->time.zone_min))
        return INT64_MIN;
    s->time.zone_known = t.zone_known;
    s->time.zone_min = t.zone_min;
    w->zone_set = true;
    w->day_first |= !t.ambiguous && t.order == ORDER_DAY_FIRST;
    w->month_first |= !t.ambiguous && t.order == ORDER_MONTH_FIRST;
    *doubt = t.ambiguous;
    return t.ms;
}

static int commit(struct winevents *w, struct err *e)
{
    struct pool_snapshot *s = w->s;
    if ((w->draft.seen & 1u << EVENT_ID) == 0 || !event_matters(&w->draft)) {
        w->others += (w->draft.seen & 1u << EVENT_ID) != 0;
        draft_clear(w);
        return 0;
    }
    char code[32];
    struct pool_event v = {.count = 1, .line = w->line};
    bool doubt;
    v.ms = draft_time(w, &doubt);
    int n = snprintf(code, sizeof code, "event-%llu", (unsigned long long)w->draft.id);
    TRY(pool_snapshot_intern(s, code, (size_t)n, &v.code, e));
    TRY(pool_snapshot_intern(s, (const char *)w->text.p, w->text.n, &v.text, e));
    struct pool_event *to = pool_snapshot_add_event(s, e);
    if (to == NULL)
        return ERR_NOMEM;
    *to = v;
    draft_clear(w);
    return buf_byte(&w->doubt, doubt, e);
}

/* ---- a block ---- */

static int open_reader(void **ctx, struct err *e)
{
    *ctx = calloc(1, sizeof(struct winevents));
    return *ctx == NULL ? err_nomem(e) : 0;
}

static void close_reader(void *ctx)
{
    struct winevents *w = ctx;
    buf_free(&w->text);
    buf_free(&w->doubt);
    free(w);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct winevents *w = ctx;
    (void)b;
    (void)e;
    draft_clear(w);
    w->doubt.n = 0;
    w->s = s;
    w->day_first = w->month_first = w->zone_set = false;
    w->others = 0;
    s->record = RECORD_EVENTS;
    s->time = (struct pool_time){.source = TIME_NONE};
    note_list_clear(&s->notes);
    return 0;
}

static void keep(char *to, const struct token *t)
{
    size_t n = t->n < WHEN_MAX / 2 ? t->n : 0;
    memcpy(to, t->p, n);
    to[n] = '\0';
}

/* Wrapped words are joined with a blank. */
static int keep_text(struct winevents *w, const struct token *t, struct err *e)
{
    size_t room = w->text.n < TEXT_MAX ? TEXT_MAX - w->text.n : 0;
    if (t->n == 0 || room == 0)
        return 0;
    if (w->text.n > 0)
        TRY(buf_byte(&w->text, ' ', e));
    return buf_append(&w->text, t->p, t->n < room ? t->n : room, e);
}

/* The machine that the event on these lines names, or an empty token. */
static int find_host(const struct text_line *line, struct text *ahead, struct token *host,
                     struct err *e)
{
    const struct text_line *more;
    struct event_draft d = {0};
    int n = text_peek(ahead, &more, TEXT_LOOKAHEAD, e);
    *host = (struct token){line->p, 0};
    for (int i = -1; i < n; i++) {
        const struct text_line *l = i < 0 ? line : &more[i];
        struct event_line x;
        event_line_read(l->p, l->n, &x);
        if (event_begins_next(&d, &x))
            break;
        (void)event_take(&d, &x, l->p, l->n);
        if (x.field == EVENT_HOST) {
            *host = x.value;
            break;
        }
    }
    return n < 0 ? n : 0;
}

/* An event begins with this line: in this record, or in one of another machine? */
static int next_event(struct winevents *w, const struct text_line *line,
                      struct text *ahead, struct err *e)
{
    struct pool_snapshot *s = w->s;
    struct token host;
    TRY(commit(w, e));
    TRY(find_host(line, ahead, &host, e));
    bool other =
        s->host != 0 && host.n > 0 && !token_is(&host, pool_snapshot_str(s, s->host));
    if (s->n_events >= EVENTS_MAX || (other && s->n_events > 0))
        return FEED_NEXT;
    if (host.n > 0 && (s->host == 0 || other))
        TRY(pool_snapshot_intern(s, host.p, host.n, &s->host, e));
    w->line = line->number;
    return 0;
}

static int feed(void *ctx, const struct text_line *line, struct text *ahead,
                struct err *e)
{
    struct winevents *w = ctx;
    struct event_line x;
    event_line_read(line->p, line->n, &x);
    bool fresh = w->draft.seen == 0 && x.field != EVENT_NOTHING && x.field != EVENT_MORE;
    if (fresh || event_begins_next(&w->draft, &x)) {
        int r = next_event(w, line, ahead, e);
        if (r != 0)
            return r;
    }
    if (!event_take(&w->draft, &x, line->p, line->n))
        return FEED_OTHER;
    if (x.field == EVENT_DATE)
        keep(w->date, &x.value);
    else if (x.field == EVENT_TIME)
        keep(w->time, &x.value);
    else if (x.field == EVENT_NOTHING || x.field == EVENT_TEXT || x.field == EVENT_ID)
        TRY(keep_text(w, &x.value, e));
    return FEED_MINE;
}

/* One date that can be read in one way only tells how all the others are meant. */
static bool settle_dates(struct winevents *w)
{
    struct pool_snapshot *s = w->s;
    bool settled = w->day_first != w->month_first, open = false;
    for (size_t i = 0; i < s->n_events; i++) {
        if (!w->doubt.p[i])
            continue;
        open |= !settled;
        if (settled && w->day_first)
            s->events[i].ms = other_reading(s->events[i].ms);
    }
    return open;
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct winevents *w = ctx;
    struct pool_snapshot *s = w->s;
    (void)b;
    TRY(commit(w, e));
    bool open = settle_dates(w);
    for (size_t i = 0; i < s->n_events; i++) {
        if (s->events[i].ms == INT64_MIN ||
            (s->time.source != TIME_NONE && s->time.ms <= s->events[i].ms))
            continue;
        s->time.source = TIME_CAPTURE;
        s->time.ms = s->events[i].ms; /* the earliest */
        s->time.ambiguous = open && w->doubt.p[i];
    }
    if (s->time.ambiguous)
        s->time.other_ms = other_reading(s->time.ms);
    s->time.order = w->day_first == w->month_first ? ORDER_PLAIN
                    : w->day_first                 ? ORDER_DAY_FIRST
                                                   : ORDER_MONTH_FIRST;
    if (w->others > 0) {
        char n[24];
        (void)snprintf(n, sizeof n, "%llu", (unsigned long long)w->others);
        TRY(pool_snapshot_fact(s, "other_entries", n, strlen(n), e));
    }
    w->s = NULL;
    return 0;
}

const struct text_format winevents_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .close = close_reader,
};
