/* SPDX-License-Identifier: MIT */
/* HTTPERR, the log of HTTP.SYS: W3C extended text in UTC.
 *
 *     #Software: Microsoft HTTP API 2.0
 *     #Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status
 *              s-siteid s-reason s-queuename              (one line)
 *     2005-09-02 18:49:42 - - - - - - - - - 7_Connections_Refused -
 *
 * The head comes again at each start of the service, and the fields may change there;
 * rows may have fewer fields than the head names; people paste rows without any head,
 * or behind `# `.  HTTP.SYS refuses connections when less than 20 MB of nonpaged pool are
 * left, and logs how many: those rows become events, all others are counted.
 *
 * Sources: Microsoft, "Error logging in HTTP APIs" and KB 820729; David Wang,
 * "Connections_Refused" (2005); logs in the tests of log2timeline/plaso. */
#include "formats/beside/httperr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/text/tokens.h"

enum {
    FIELDS_MAX = 32,
    EVENTS_MAX = 65536, /* of one record; then another begins */
    LEAST = 5,          /* date, time and three more */
    NO_REASON = -1
};

#define CODE_REFUSED "connections-refused"

struct httperr {
    struct pool_snapshot *s; /* filled between start and finish */
    bool going_on;           /* the record before was full */
    size_t n_fields;         /* of the head, 0 = none */
    int reason;              /* place of s-reason among them, or NO_REASON */
    uint32_t code;           /* string offsets of the snapshot */
    uint32_t text;
    uint64_t others;   /* rows of other reasons */
    int64_t first_ms;  /* of any row */
    bool any_row, cut; /* the last line is half a row */
};

/* ---- lines ---- */

enum line_kind { LINE_NONE, LINE_SOFTWARE, LINE_FIELDS, LINE_HEAD, LINE_ENTRY };

struct entry {
    enum line_kind kind;
    struct token v[FIELDS_MAX];
    size_t n;
    int64_t ms;
};

/* What mail and scripts put before a line: `> `, `# `.  The # of a head line stays. */
static struct token without_prefix(const struct text_line *l)
{
    struct token t = token_trim(l->p, l->n);
    while (t.n > 1 && (t.p[0] == '>' || t.p[0] == '|'))
        t = token_trim(t.p + 1, t.n - 1);
    if (t.n > 1 && t.p[0] == '#' && (t.p[1] == ' ' || t.p[1] == '\t')) {
        struct token rest = token_trim(t.p + 1, t.n - 1);
        if (rest.n > 0 && ((rest.p[0] >= '0' && rest.p[0] <= '9') || rest.p[0] == '#'))
            return rest;
        /* `# Fields:`: the # itself serves */
    }
    return t;
}

/* "Fields:" behind the #, with or without a blank. */
static bool head_word(const struct token *t, const char *word)
{
    if (t->n == 0 || t->p[0] != '#')
        return false;
    struct token rest = token_trim(t->p + 1, t->n - 1);
    return token_begins(&rest, word);
}

static void classify(const struct text_line *l, struct entry *x)
{
    struct token t = without_prefix(l);
    *x = (struct entry){.kind = LINE_NONE};
    if (head_word(&t, "Software: Microsoft HTTP API"))
        x->kind = LINE_SOFTWARE;
    else if (head_word(&t, "Fields:") && token_find(&t, " s-reason") != NULL)
        x->kind = LINE_FIELDS;
    else if (head_word(&t, "Version:") || head_word(&t, "Date:"))
        x->kind = LINE_HEAD;
    x->n = tokens_split(t.p, t.n, x->v, FIELDS_MAX);
    if (x->n > FIELDS_MAX)
        x->n = FIELDS_MAX;
    if (x->kind == LINE_NONE && x->n >= LEAST &&
        tokens_iso_time(&x->v[0], &x->v[1], &x->ms))
        x->kind = LINE_ENTRY;
}

/* "Connections_Refused", "27_Connections_Refused". */
static bool refused(const struct token *t, uint64_t *count)
{
    static const char name[] = "Connections_Refused";
    *count = 1;
    if (!token_ends(t, name))
        return false;
    struct token number = {t->p, t->n - (sizeof name - 1)};
    if (number.n == 0)
        return true;
    if (number.p[--number.n] != '_')
        return false;
    return token_u64(&number, count) && *count > 0;
}

/* Where the reason stands: by the head when the counts agree, else by its looks. */
static int refused_at(const struct httperr *h, const struct entry *x, uint64_t *count)
{
    if (h->reason != NO_REASON && x->n == h->n_fields)
        return refused(&x->v[h->reason], count) ? h->reason : NO_REASON;
    for (size_t i = x->n; i-- > 2;)
        if (refused(&x->v[i], count))
            return (int)i;
    return NO_REASON;
}

/* ---- does a log begin here? ---- */

static bool dash(const struct token *t)
{
    return t->n == 1 && t->p[0] == '-';
}

static bool port(const struct token *t)
{
    uint64_t v;
    return dash(t) || (token_u64(t, &v) && v <= 65535);
}

/* Digits, letters to F, and the marks of addresses of both versions; a zone behind %. */
static bool address(const struct token *t)
{
    if (dash(t))
        return true;
    bool marks = false;
    for (size_t i = 0; i < t->n && t->p[i] != '%'; i++) {
        char c = t->p[i];
        bool hex =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        marks |= c == '.' || c == ':';
        if (!hex && c != '.' && c != ':')
            return false;
    }
    return marks;
}

static bool known_reason(const struct token *t)
{
    static const char *const words[] = {"Timer_",
                                        "Connection_",
                                        "Connections_Refused",
                                        "AppOffline",
                                        "AppShutdown",
                                        "AppPoolTimer",
                                        "BadRequest",
                                        "QueueFull",
                                        "Client_Reset",
                                        "ConnLimit",
                                        "LimitExceeded",
                                        "N/A",
                                        "N/I",
                                        "Request_Too_Large",
                                        "RequestLength",
                                        "Version_N/S",
                                        "URL_Length",
                                        "FieldLength",
                                        "Forbidden",
                                        "EntityTooLarge",
                                        "NotFound",
                                        "Hostname",
                                        "Verb",
                                        "Header"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (token_begins(t, words[i]))
            return true;
    return false;
}

static int begins(const struct text_line *lines, size_t n)
{
    struct entry x;
    uint64_t count;
    (void)n;
    classify(&lines[0], &x);
    if (x.kind == LINE_SOFTWARE || x.kind == LINE_FIELDS)
        return CLAIM_SURE;
    if (x.kind != LINE_ENTRY)
        return CLAIM_NONE;
    /* Without a head: both ends of the connection, then a reason near the end. */
    if (x.n < 7 || !address(&x.v[2]) || !port(&x.v[3]) || !address(&x.v[4]) ||
        !port(&x.v[5]))
        return CLAIM_NONE;
    for (size_t i = x.n; i-- > 6;) {
        if (refused(&x.v[i], &count))
            return CLAIM_SURE;
        if (x.n >= 11 && i + 6 >= x.n && known_reason(&x.v[i]))
            return CLAIM_ROW;
    }
    return CLAIM_NONE;
}

/* ---- a block ---- */

static int open_reader(void **ctx, struct err *e)
{
    *ctx = calloc(1, sizeof(struct httperr));
    return *ctx == NULL ? err_nomem(e) : 0;
}

static void close_reader(void *ctx)
{
    free(ctx);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct httperr *h = ctx;
    struct httperr before = *h;
    (void)b;
    *h = (struct httperr){.s = s, .reason = NO_REASON};
    if (before.going_on) {
        h->n_fields = before.n_fields;
        h->reason = before.reason;
    }
    /* A date line before the log says nothing that its rows do not say better. */
    s->record = RECORD_EVENTS;
    s->time = (struct pool_time){.source = TIME_NONE};
    note_list_clear(&s->notes);
    return pool_snapshot_intern(s, CODE_REFUSED, strlen(CODE_REFUSED), &h->code, e);
}

static int take_software(struct httperr *h, const struct entry *x, struct err *e)
{
    if (h->s->facts != 0)
        return 0;
    const struct token *last = &x->v[x->n - 1];
    const char *from = token_find(
        &(struct token){x->v[0].p, (size_t)(last->p - x->v[0].p)}, "Microsoft");
    if (from == NULL)
        return 0;
    return pool_snapshot_fact(h->s, "software", from, (size_t)(last->p + last->n - from),
                              e);
}

static void take_fields(struct httperr *h, const struct entry *x)
{
    /* `#Fields:` is one token, `# Fields:` are two. */
    size_t first = x->v[0].n > 1 ? 1 : 2;
    h->n_fields = x->n - first;
    h->reason = NO_REASON;
    for (size_t i = first; i < x->n; i++)
        if (token_is(&x->v[i], "s-reason"))
            h->reason = (int)(i - first);
}

static int add_event(struct httperr *h, const struct entry *x, const struct token *reason,
                     uint64_t count, uint64_t line, struct err *e)
{
    struct pool_snapshot *s = h->s;
    const char *last = pool_snapshot_str(s, h->text);
    if (strlen(last) != reason->n || memcmp(last, reason->p, reason->n) != 0)
        TRY(pool_snapshot_intern(s, reason->p, reason->n, &h->text, e));
    struct pool_event *v = pool_snapshot_add_event(s, e);
    if (v == NULL)
        return ERR_NOMEM;
    *v = (struct pool_event){
        .ms = x->ms, .count = count, .line = line, .code = h->code, .text = h->text};
    return 0;
}

static int take_entry(struct httperr *h, const struct entry *x, uint64_t line,
                      struct err *e)
{
    uint64_t count;
    int at = refused_at(h, x, &count);
    if (at != NO_REASON && h->s->n_events >= EVENTS_MAX) {
        h->going_on = true;
        return FEED_NEXT;
    }
    if (!h->any_row)
        h->first_ms = x->ms;
    h->any_row = true;
    if (at != NO_REASON)
        TRY(add_event(h, x, &x->v[at], count, line, e));
    else
        h->others++;
    return FEED_MINE;
}

/* Half a row at the very end: it begins with a date, or with the half of one. */
static bool stump(const struct text_line *l)
{
    struct token t = without_prefix(l);
    if (l->eol != EOL_NONE || t.n == 0)
        return false;
    for (size_t i = 0; i < t.n && i < 10; i++) {
        bool number = t.p[i] >= '0' && t.p[i] <= '9';
        if (i == 4 || i == 7 ? t.p[i] != '-' : !number)
            return false;
    }
    return true;
}

static int feed(void *ctx, const struct text_line *line, struct text *ahead,
                struct err *e)
{
    struct httperr *h = ctx;
    struct entry x;
    (void)ahead;
    classify(line, &x);
    if (x.kind == LINE_ENTRY) {
        struct text_line self = *line;
        bool ours = h->n_fields > 0 || begins(&self, 1) > CLAIM_NONE;
        return ours ? take_entry(h, &x, line->number, e) : FEED_OTHER;
    }
    if (x.kind == LINE_NONE) {
        h->cut = stump(line);
        return h->cut ? FEED_MINE : FEED_OTHER;
    }
    if (x.kind == LINE_SOFTWARE)
        TRY(take_software(h, &x, e));
    if (x.kind == LINE_FIELDS)
        take_fields(h, &x);
    return FEED_MINE;
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct httperr *h = ctx;
    struct pool_snapshot *s = h->s;
    (void)b;
    if (h->any_row)
        s->time =
            (struct pool_time){.source = TIME_CAPTURE,
                               .ms = s->n_events > 0 ? s->events[0].ms : h->first_ms,
                               .zone_known = true};
    if (h->others > 0) {
        char n[24];
        (void)snprintf(n, sizeof n, "%llu", (unsigned long long)h->others);
        TRY(pool_snapshot_fact(s, "other_entries", n, strlen(n), e));
    }
    if (h->cut) {
        s->completeness = COMPLETE_CUT;
        TRY(note_add(&s->notes, e, NOTE_CUT, 0, "the log ends in mid-line"));
    }
    h->s = NULL;
    return 0;
}

const struct text_format httperr_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .close = close_reader,
};
