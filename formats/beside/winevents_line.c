/* SPDX-License-Identifier: MIT */
#include "formats/beside/winevents_line.h"

#include <string.h>

/* Who writes such events, and how their words begin in English. */
static const struct author {
    const char *source[3]; /* Srv is misspelt in places */
    const char *words[2];
} authors[] = {
    {{"Srv", "Svr", "Server"},
     {"The server was unable to", "The server's call to a system service"}},
    {{"Microsoft-Windows-Resource-Exhaustion-Detector", "Resource-Exhaustion-Detector"},
     {"Windows successfully diagnosed a low virtual memory"}},
    {{"Application Popup"}, {"An I/O operation initiated by the Registry"}},
};

enum { BY_SRV, BY_EXHAUSTION, BY_POPUP, AUTHORS };

/* Events that tell of pools or memory running short. */
static const struct event_known {
    uint64_t id;
    unsigned author;
} known[] = {
    {333, BY_POPUP}, {2000, BY_SRV}, {2001, BY_SRV}, {2004, BY_EXHAUSTION},
    {2016, BY_SRV},  {2017, BY_SRV}, {2018, BY_SRV}, {2019, BY_SRV},
    {2020, BY_SRV},  {2021, BY_SRV}, {2022, BY_SRV},
};

static const struct event_known *find_known(uint64_t id)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].id == id)
            return &known[i];
    return NULL;
}

/* Set of 1 << author. */
static unsigned by_source(const struct token *source)
{
    unsigned set = 0;
    for (unsigned a = 0; a < AUTHORS; a++)
        for (size_t i = 0; i < 3 && authors[a].source[i] != NULL; i++)
            set |= token_is(source, authors[a].source[i]) ? 1u << a : 0;
    return set;
}

static unsigned by_words(const struct token *text)
{
    unsigned set = 0;
    for (unsigned a = 0; a < AUTHORS; a++)
        for (size_t i = 0; i < 2 && authors[a].words[i] != NULL; i++)
            set |= token_begins(text, authors[a].words[i]) ? 1u << a : 0;
    return set;
}

/* ---- one line ---- */

/* Names in front of a colon. */
static const struct {
    const char *name;
    enum event_field field;
} keys[] = {
    {"Event Source", EVENT_SOURCE},
    {"Source", EVENT_SOURCE},
    {"SourceName", EVENT_SOURCE},
    {"ProviderName", EVENT_SOURCE},
    {"Provider Name", EVENT_SOURCE},
    {"Id", EVENT_ID},
    {"Date", EVENT_DATE},
    {"Date and Time", EVENT_DATE},
    {"TimeCreated", EVENT_DATE},
    {"TimeGenerated", EVENT_DATE},
    {"Logged", EVENT_DATE},
    {"Time", EVENT_TIME},
    {"Computer", EVENT_HOST},
    {"MachineName", EVENT_HOST},
    {"Computer Name", EVENT_HOST},
    {"Description", EVENT_TEXT},
    {"Event Description", EVENT_TEXT},
    {"Message", EVENT_TEXT},
    {"Text", EVENT_TEXT},
    {"Event Type", EVENT_KIND},
    {"Type", EVENT_KIND},
    {"EntryType", EVENT_KIND},
    {"Event Category", EVENT_KIND},
    {"Category", EVENT_KIND},
    {"Task Category", EVENT_KIND},
    {"Task", EVENT_KIND},
    {"Level", EVENT_KIND},
    {"LevelDisplayName", EVENT_KIND},
    {"Log Name", EVENT_KIND},
    {"LogName", EVENT_KIND},
    {"Opcode", EVENT_KIND},
    {"Keywords", EVENT_KIND},
    {"Keyword", EVENT_KIND},
    {"User", EVENT_KIND},
    {"User Name", EVENT_KIND},
    {"UserName", EVENT_KIND},
    {"Index", EVENT_KIND},
    {"InstanceId", EVENT_KIND},
    {"RecordNumber", EVENT_KIND},
    {"Data", EVENT_MORE},
};

static struct token behind(const struct token *t, size_t n)
{
    return token_trim(t->p + n, t->n - n);
}

/* Takes a run of digits off the front; false when there is none. */
static bool take_number(struct token *t, uint64_t *v)
{
    size_t n = 0;
    while (n < t->n && t->p[n] >= '0' && t->p[n] <= '9')
        n++;
    if (!token_u64(&(struct token){t->p, n}, v))
        return false;
    *t = (struct token){t->p + n, t->n - n};
    return true;
}

/* What may follow the number on its line: nothing, Source: NAME, or the event's words;
 * perhaps with a mark between. */
static bool take_rest(struct token t, struct event_line *x)
{
    t = token_trim(t.p, t.n);
    if (t.n == 0)
        return true;
    if (memchr("-,;:", t.p[0], 4) != NULL)
        t = behind(&t, 1);
    if (by_words(&t) != 0) {
        x->value = t;
        return true;
    }
    if (!token_begins(&t, "Source"))
        return false;
    t = behind(&t, 6);
    if (t.n == 0 || t.p[0] != ':')
        return false;
    x->source = behind(&t, 1);
    return true;
}

/* `Event ID: 2019`, `EventID 2019`, `EVENT: 2020 SOURCE:SRV`, `Event ID 2019: The ...`.
 */
static bool event_number(const struct token *line, struct event_line *x)
{
    if (!token_begins(line, "Event"))
        return false;
    struct token t = behind(line, 5);
    if (token_begins(&t, "ID"))
        t = behind(&t, 2);
    if (t.n > 0 && t.p[0] == ':')
        t = behind(&t, 1);
    x->field = EVENT_ID;
    x->value = (struct token){t.p, 0};
    return take_number(&t, &x->id) && take_rest(t, x);
}

/* `2019: The server was unable to ...` */
static bool number_and_words(const struct token *line, struct event_line *x)
{
    struct token t = *line;
    if (!take_number(&t, &x->id) || t.n < 2 || t.p[0] != ':')
        return false;
    x->field = EVENT_ID;
    x->value = behind(&t, 1);
    return by_words(&x->value) != 0;
}

static bool key_and_value(const struct token *line, struct event_line *x)
{
    size_t n = 0;
    while (n < line->n && n < 20 && line->p[n] != ':')
        n++;
    if (n == line->n || line->p[n] != ':')
        return false;
    struct token key = token_trim(line->p, n), rest = behind(line, n + 1);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!token_is(&key, keys[i].name))
            continue;
        x->field = keys[i].field;
        x->value = rest;
        if (x->field != EVENT_ID)
            return true;
        x->value.n = 0;
        return take_number(&rest, &x->id) && rest.n == 0;
    }
    return false;
}

/* Four hex digits and a colon: the event's data. */
static bool data_line(const struct token *t)
{
    for (size_t i = 0; i < 4; i++) {
        if (i >= t->n)
            return false;
        char c = t->p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
            return false;
    }
    return t->n > 8 && t->p[4] == ':' && t->p[5] == ' ' && t->n < 100;
}

/* The line without blanks around it, and without the marks of a mail or a list. */
static struct token bare(const char *p, size_t n)
{
    struct token t = token_trim(p, n);
    while (t.n > 1 && (t.p[0] == '>' || t.p[0] == '|' ||
                       ((t.p[0] == '*' || t.p[0] == '-') && t.p[1] == ' ')))
        t = behind(&t, 1);
    return t;
}

void event_line_read(const char *p, size_t n, struct event_line *x)
{
    struct token line = bare(p, n);
    *x = (struct event_line){.value = {p, 0}, .source = {p, 0}};
    if (event_number(&line, x) || number_and_words(&line, x) || key_and_value(&line, x))
        return;
    *x = (struct event_line){.value = line, .source = {p, 0}};
    if (data_line(&line))
        x->field = EVENT_MORE;
}

/* ---- the lines of an event ---- */

bool event_begins_next(const struct event_draft *d, const struct event_line *x)
{
    if (d->seen == 0 || x->field == EVENT_NOTHING || x->field == EVENT_MORE)
        return false;
    if (x->field == EVENT_KIND)
        return (d->in_text || d->past_text) && (d->seen & 1u << EVENT_ID) != 0;
    return d->in_text || d->past_text || (d->seen & 1u << x->field) != 0;
}

bool event_take(struct event_draft *d, const struct event_line *x, const char *p,
                size_t n)
{
    struct token line = bare(p, n);
    if (line.n == 0 || (line.n == 1 && line.p[0] == '>')) {
        d->past_text |= d->in_text && (d->seen & 1u << EVENT_TEXT) != 0;
        d->in_text &= !d->past_text;
        return false;
    }
    if (x->field == EVENT_NOTHING) {
        unsigned words = by_words(&line);
        bool here = d->seen != 0 && !d->past_text && words != 0;
        if (!d->in_text && !here)
            return false;
        if ((d->seen & 1u << EVENT_TEXT) == 0)
            d->authors |= words;
        d->in_text = true;
        d->seen |= 1u << EVENT_TEXT;
        return true;
    }
    if (x->field == EVENT_MORE) {
        d->past_text = d->seen != 0;
        d->in_text = false;
        return d->seen != 0;
    }
    d->seen |= 1u << x->field;
    if (x->field == EVENT_ID)
        d->id = x->id;
    d->authors |= by_source(x->field == EVENT_SOURCE ? &x->value : &x->source);
    if (x->field == EVENT_TEXT || (x->field == EVENT_ID && x->value.n > 0)) {
        d->in_text = true;
        if (x->value.n == 0)
            d->seen &= ~(1u << EVENT_TEXT); /* it stands on the next lines */
        else
            d->seen |= 1u << EVENT_TEXT;
        d->authors |= by_words(&x->value);
    }
    return true;
}

bool event_matters(const struct event_draft *d)
{
    const struct event_known *k = find_known(d->id);
    return (d->seen & 1u << EVENT_ID) != 0 && k != NULL &&
           (d->authors & 1u << k->author) != 0;
}
