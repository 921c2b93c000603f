/* SPDX-License-Identifier: MIT */
/* Counter logs that perfmon, logman, relog and typeperf write as text: one column a
 * counter, one line a sample, commas (CSV) or tabs (TSV) between quoted cells.
 *
 *     "(PDH-CSV 4.0) (Eastern Daylight Time)(240)","\\WEB01\Memory\Pool Nonpaged Bytes"
 *     "09/08/2002 12:35:45.166","111673344.000000"
 *
 * The first cell names the time zone, in the machine's language and sometimes cut, and
 * the minutes west of UTC.  Times are MM/DD/YYYY whatever the locale.  A cell of one
 * blank is a sample that is missing; NT's 32-bit counters may have gone below zero.
 * Each sample becomes a record of totals.
 *
 * Sources: Microsoft, documentation of typeperf, relog and the PDH log formats; logs in
 * the tests of public projects. */
#include "formats/beside/perfmon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats/text/tokens.h"
#include "formats/when.h"

enum { COUNTERS_MAX = 16, NUMBER_MAX = 64 };

static const struct counter {
    const char *name; /* behind the machine's */
    enum total_field field;
    double unit; /* bytes */
} known[] = {
    {"\\Memory\\Pool Nonpaged Bytes", TOTAL_NONPAGED_KIB, 1},
    {"\\Memory\\Pool Paged Bytes", TOTAL_PAGED_KIB, 1},
    {"\\Memory\\Pool Paged Resident Bytes", TOTAL_INRAM_PAGED_KIB, 1},
    {"\\Memory\\Available Bytes", TOTAL_AVAIL_KIB, 1},
    {"\\Memory\\Available KBytes", TOTAL_AVAIL_KIB, 1024},
    {"\\Memory\\Available MBytes", TOTAL_AVAIL_KIB, 1048576},
    {"\\Memory\\Committed Bytes", TOTAL_COMMIT_KIB, 1},
    {"\\Memory\\Commit Limit", TOTAL_LIMIT_KIB, 1},
};

struct column {
    size_t at; /* number of the cell, 0 = the time's */
    const struct counter *what;
};

struct perfmon {
    struct pool_snapshot *s; /* filled between start and finish */
    char separator;          /* NUL until a head was read */
    struct column v[COUNTERS_MAX];
    size_t n;
    char host[256];
    bool others; /* counters of other machines were passed over */
    bool zone_known;
    int16_t zone_min;
    bool sampled; /* the record has its sample */
    bool other;   /* another log began, which has no pool counters */
};

/* ---- cells ---- */

struct cells_left {
    const char *p, *end;
    char separator;
};

/* The next cell, quotes and the blanks around it taken off; false behind the last. */
static bool next_cell(struct cells_left *c, struct token *cell)
{
    if (c->p == NULL)
        return false;
    const char *p = c->p;
    bool quoted = false;
    while (p < c->end && (quoted || *p != c->separator)) {
        quoted ^= *p == '"';
        p++;
    }
    *cell = token_trim(c->p, (size_t)(p - c->p));
    c->p = p < c->end ? p + 1 : NULL;
    if (cell->n >= 2 && cell->p[0] == '"' && cell->p[cell->n - 1] == '"')
        *cell = token_trim(cell->p + 1, cell->n - 2);
    return true;
}

/* The separator when this line is the head of such a log, else NUL. */
static char head_separator(const struct text_line *l)
{
    struct token t = token_trim(l->p, l->n);
    if (t.n > 0 && t.p[0] == '"')
        t = token_trim(t.p + 1, t.n - 1);
    if (token_begins(&t, "(PDH-CSV 4.0)"))
        return ',';
    return token_begins(&t, "(PDH-TSV 4.0)") ? '\t' : '\0';
}

/* What a column's head names, or NULL; `\\HOST` in front gives *host. */
static const struct counter *counter_of(const struct token *cell, struct token *host)
{
    struct token path = *cell;
    *host = (struct token){path.p, 0};
    if (path.n > 2 && path.p[0] == '\\' && path.p[1] == '\\') {
        const char *end = memchr(path.p + 2, '\\', path.n - 2);
        if (end == NULL)
            return NULL;
        *host = (struct token){path.p + 2, (size_t)(end - path.p) - 2};
        path = (struct token){end, path.n - (size_t)(end - path.p)};
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (token_is(&path, known[i].name))
            return &known[i];
    return NULL;
}

static bool of_pools(const struct counter *c)
{
    return c != NULL && (c->field == TOTAL_NONPAGED_KIB || c->field == TOTAL_PAGED_KIB);
}

/* The machine of the first pool counter; false when there is no such counter. */
static bool find_host(const struct text_line *l, char separator, struct token *host)
{
    struct cells_left c = {l->p, l->p + l->n, separator};
    struct token cell;
    while (next_cell(&c, &cell))
        if (of_pools(counter_of(&cell, host)))
            return true;
    return false;
}

static int begins(const struct text_line *lines, size_t n)
{
    char separator = head_separator(&lines[0]);
    struct token host;
    (void)n;
    return separator != '\0' && find_host(&lines[0], separator, &host) ? CLAIM_SURE
                                                                       : CLAIM_NONE;
}

static bool remark(const struct text_line *line, struct text_remark *r)
{
    if (head_separator(line) == '\0')
        return false;
    r->what = "a performance log without pool counters";
    r->hint = "log \\Memory\\Pool Nonpaged Bytes and \\Memory\\Pool Paged Bytes, with "
              "their English names";
    return true;
}

/* ---- the head ---- */

/* `(PDH-CSV 4.0) (Eastern Daylight Time)(240)`: the number in the last parentheses. */
static void take_zone(struct perfmon *m, const struct token *cell)
{
    m->zone_known = false;
    if (cell->n < 3 || cell->p[cell->n - 1] != ')')
        return;
    const char *open = cell->p + cell->n - 1;
    while (open > cell->p && *open != '(')
        open--;
    struct token number = {open + 1, (size_t)(cell->p + cell->n - open) - 2};
    bool east = number.n > 0 && number.p[0] == '-';
    if (east)
        number = (struct token){number.p + 1, number.n - 1};
    uint64_t west;
    if (*open != '(' || !token_u64(&number, &west) || west > 15 * 60)
        return;
    m->zone_known = true;
    m->zone_min = (int16_t)(east ? (int)west : -(int)west);
}

static void take_head(struct perfmon *m, const struct text_line *line, char separator)
{
    struct token host, cell, of;
    (void)find_host(line, separator, &host);
    size_t n = host.n < sizeof m->host ? host.n : sizeof m->host - 1;
    memcpy(m->host, host.p, n);
    m->host[n] = '\0';
    m->separator = separator;
    m->n = 0;
    m->others = false;
    struct cells_left c = {line->p, line->p + line->n, separator};
    for (size_t at = 0; next_cell(&c, &cell); at++) {
        if (at == 0)
            take_zone(m, &cell);
        const struct counter *what = at > 0 ? counter_of(&cell, &of) : NULL;
        if (what == NULL)
            continue;
        if (!token_is(&of, m->host))
            m->others = true;
        else if (m->n < COUNTERS_MAX)
            m->v[m->n++] = (struct column){at, what};
    }
}

/* ---- a sample ---- */

/* MM/DD/YYYY HH:MM:SS.mmm */
static bool sample_time(const struct token *cell, int64_t *ms)
{
    struct token v[2];
    char iso[10];
    if (tokens_split(cell->p, cell->n, v, 2) != 2 || v[0].n != 10 || v[0].p[2] != '/' ||
        v[0].p[5] != '/')
        return false;
    memcpy(iso, v[0].p + 6, 4);
    memcpy(iso + 5, v[0].p, 2);
    memcpy(iso + 8, v[0].p + 3, 2);
    iso[4] = iso[7] = '-';
    struct token date = {iso, sizeof iso};
    return tokens_iso_time(&date, &v[1], ms);
}

enum value { VALUE_GOOD, VALUE_MISSING, VALUE_BROKEN };

static enum value take_value(const struct token *cell, double unit, uint64_t *kib)
{
    char text[NUMBER_MAX], *end;
    if (cell->n == 0)
        return VALUE_MISSING;
    if (cell->n >= sizeof text)
        return VALUE_BROKEN;
    for (size_t i = 0; i < cell->n; i++)
        if (cell->p[i] == '\0' || strchr("+-.0123456789eE", cell->p[i]) == NULL)
            return VALUE_BROKEN;
    memcpy(text, cell->p, cell->n);
    text[cell->n] = '\0';
    double v = strtod(text, &end) * unit;
    if (end == text || *end != '\0')
        return VALUE_BROKEN;
    if (v < 0 && v >= -2147483648.0)
        v += 4294967296.0; /* a 32-bit counter, printed as if it had a sign */
    if (!(v >= 0 && v < 9e18))
        return VALUE_BROKEN;
    *kib = (uint64_t)v / 1024;
    return VALUE_GOOD;
}

static int take_sample(struct perfmon *m, const struct text_line *line, int64_t ms,
                       struct err *e)
{
    struct pool_snapshot *s = m->s;
    struct cells_left c = {line->p, line->p + line->n, m->separator};
    struct token cell;
    size_t next = 0;
    s->line = line->number;
    s->time = (struct pool_time){.source = TIME_CAPTURE,
                                 .ms = ms,
                                 .zone_known = m->zone_known,
                                 .zone_min = m->zone_known ? m->zone_min : (int16_t)0};
    for (size_t at = 0; next < m->n && next_cell(&c, &cell); at++) {
        if (at != m->v[next].at)
            continue;
        const struct counter *what = m->v[next++].what;
        uint64_t kib;
        enum value how = take_value(&cell, what->unit, &kib);
        if (how == VALUE_BROKEN)
            TRY(note_add(&s->notes, e, NOTE_HEADER_DAMAGED, line->number,
                         "the value of %s could not be read", what->name));
        if (how != VALUE_GOOD)
            continue;
        s->totals.given |= 1u << what->field;
        s->totals.v[what->field] = kib;
    }
    if (next < m->n && line->eol == EOL_NONE) {
        s->completeness = COMPLETE_CUT;
        TRY(note_add(&s->notes, e, NOTE_CUT, line->number, "the log ends in mid-line"));
    }
    m->sampled = true;
    return pool_snapshot_intern(s, m->host, strlen(m->host), &s->host, e);
}

/* ---- a block ---- */

static int open_reader(void **ctx, struct err *e)
{
    *ctx = calloc(1, sizeof(struct perfmon));
    return *ctx == NULL ? err_nomem(e) : 0;
}

static void close_reader(void *ctx)
{
    free(ctx);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct perfmon *m = ctx;
    (void)b;
    (void)e;
    m->s = s;
    m->sampled = false;
    s->record = RECORD_TOTALS;
    s->time = (struct pool_time){.source = TIME_NONE};
    note_list_clear(&s->notes);
    return 0;
}

static int feed(void *ctx, const struct text_line *line, struct text *ahead,
                struct err *e)
{
    struct perfmon *m = ctx;
    char separator = head_separator(line);
    (void)ahead;
    if (separator != '\0') {
        m->other = begins(line, 1) == CLAIM_NONE;
        if (m->other)
            return FEED_OTHER;
        if (m->sampled)
            return FEED_NEXT;
        take_head(m, line, separator);
        if (m->others)
            TRY(note_add(&m->s->notes, e, NOTE_FILTERED, line->number,
                         "only the counters of %s were read", m->host));
        return FEED_MINE;
    }
    struct cells_left c = {line->p, line->p + line->n, m->separator};
    struct token cell;
    int64_t ms;
    if (m->other || !next_cell(&c, &cell) || !sample_time(&cell, &ms))
        return FEED_OTHER;
    if (m->sampled)
        return FEED_NEXT;
    TRY(take_sample(m, line, ms, e));
    return FEED_MINE;
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct perfmon *m = ctx;
    struct pool_snapshot *s = m->s;
    (void)b;
    m->s = NULL;
    if (m->sampled)
        return 0;
    s->completeness = COMPLETE_CUT;
    return note_add(&s->notes, e, NOTE_CUT, s->line, "the log holds no sample");
}

const struct text_format perfmon_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .remark = remark,
    .close = close_reader,
};
