/* SPDX-License-Identifier: MIT */
/* memsnap (Resource Kits of Windows 2000 to 2003) appends to its log; Microsoft's page
 * on it shows a process log, of which the head is known:
 *
 *     Process ID         Proc.Name Wrkng.Set PagedPool ...        titles come first
 *     !LogType=memory
 *     !ComputerName=WEB01
 *     !buildnumber=3790
 *     !buildtype=retail
 *     !SystemTime=09\03\2002 15:39:31.0781 (GMT)      month\day\year, milliseconds
 *     !TickCount=86400000                             since boot, modulo 2^32
 *     rows
 *
 * Every run of `!Name=Value` lines, in whatever order, begins a snapshot.  No pool log
 * (/p) is public: rows are read only where they prove themselves as poolmon rows, and
 * the person is asked for a real log otherwise.  Process logs hold no pool tags. */
#include "formats/tools/memsnap.h"

#include <stdlib.h>

#include "formats/ascii.h"
#include "formats/poolmon/poolmon_head.h"
#include "formats/poolmon/poolmon_row.h"
#include "formats/text/gather.h"
#include "formats/when.h"

#define SEND_YOURS "no real /p log has been seen: please send yours"

enum { FACTS_MAX = 32, SAME_RUN_MS = 60000 };

struct memsnap {
    struct gather g;
    bool named; /* a `!` line was seen in this block */
    unsigned facts;
    int64_t ticks; /* TickCount of this snapshot, -1 = none */
    /* The last snapshot that had both, to tell a wrapped TickCount from a reboot. */
    int64_t last_ms, last_up_ms;
    bool last_known;
};

enum key { KEY_OTHER, KEY_LOG_TYPE, KEY_HOST, KEY_BUILD, KEY_KIND, KEY_TIME, KEY_TICKS };

static const struct {
    const char *name, *fact; /* fact: NULL = not one */
} keys[] = {
    [KEY_OTHER] = {"", NULL},
    [KEY_LOG_TYPE] = {"LogType", "log_type"},
    [KEY_HOST] = {"ComputerName", NULL},
    [KEY_BUILD] = {"buildnumber", "build"},
    [KEY_KIND] = {"buildtype", "build_type"},
    [KEY_TIME] = {"SystemTime", NULL},
    [KEY_TICKS] = {"TickCount", "tick_count"},
};

/* ---- lines ---- */

/* `!Name=Value`; false when the line is none. */
static bool read_named(const struct text_line *l, enum key *key, struct cell *name,
                       struct cell *value)
{
    size_t at = 0;
    while (at < l->n && l->p[at] == ' ')
        at++;
    if (at == l->n || l->p[at++] != '!')
        return false;
    const size_t from = at;
    while (at < l->n && ((l->p[at] >= 'a' && l->p[at] <= 'z') ||
                         (l->p[at] >= 'A' && l->p[at] <= 'Z') || l->p[at] == '_' ||
                         (l->p[at] >= '0' && l->p[at] <= '9')))
        at++;
    if (at == from || at - from > 40 || at == l->n || l->p[at] != '=')
        return false;
    *name = (struct cell){.p = l->p + from, .n = at - from};
    *value = cell_trim((struct cell){.p = l->p + at + 1, .n = l->n - at - 1});
    *key = KEY_OTHER;
    for (unsigned k = KEY_LOG_TYPE; k <= KEY_TICKS; k++)
        if (cell_is(name, keys[k].name))
            *key = (enum key)k;
    return true;
}

static bool known_line(const struct text_line *l)
{
    enum key key;
    struct cell name, value;
    return read_named(l, &key, &name, &value) && key != KEY_OTHER;
}

static bool is_process_title(const struct text_line *l)
{
    return l->n < 400 && text_holds(l->p, l->n, "Proc.Name") &&
           text_holds(l->p, l->n, "Wrkng.Set");
}

static bool is_process_type(const struct text_line *l)
{
    enum key key;
    struct cell name, value;
    return read_named(l, &key, &name, &value) && key == KEY_LOG_TYPE &&
           (cell_is(&value, "memory") || cell_is(&value, "process"));
}

static bool is_blank(const struct text_line *l)
{
    const struct cell c = {.p = l->p, .n = l->n};
    return cell_empty(&c);
}

static bool is_row(const struct text_line *l, bool one_byte)
{
    struct row_text r;
    return row_parse(l->p, l->n, one_byte, &r) == ROW_PROVED && r.doubts == 0;
}

static bool is_pool_title(const struct text_line *l)
{
    struct head_text h;
    return head_parse(l->p, l->n, &h) == HEAD_COLUMNS;
}

/* ---- where a snapshot begins ---- */

/* A title line that the `!` lines follow: memsnap's own order. */
static bool titled(const struct text_line *lines, size_t n)
{
    size_t next = 1;
    while (next < n && is_blank(&lines[next]))
        next++;
    return next < n && is_pool_title(&lines[0]) && known_line(&lines[next]);
}

static int begins(const struct text_line *lines, size_t n)
{
    const bool title = titled(lines, n);
    if (!title && !known_line(&lines[0]))
        return CLAIM_NONE;
    const int sure = title ? CLAIM_SURE + CLAIM_NEAR : CLAIM_SURE;
    for (size_t i = 0; i < n; i++) {
        enum key key;
        struct cell name, value;
        if (is_process_type(&lines[i]))
            return CLAIM_NONE;
        if (read_named(&lines[i], &key, &name, &value) || is_blank(&lines[i]) ||
            is_pool_title(&lines[i]))
            continue;
        return title || is_row(&lines[i], false) ? sure : CLAIM_NONE;
    }
    return sure; /* nothing but the head in sight */
}

/* ---- a block ---- */

static int open_reader(void **ctx, struct err *e)
{
    return gather_open_as(ctx, sizeof(struct memsnap), e);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct memsnap *m = ctx;
    (void)e;
    gather_start(&m->g, s, b);
    m->named = false;
    m->facts = 0;
    m->ticks = -1;
    return 0;
}

/* Digits at *p, at most nine, and the sign behind them. */
static bool take_part(const char **p, const char *end, char sign, int *v)
{
    const char *from = *p;
    *v = 0;
    while (*p < end && **p >= '0' && **p <= '9' && *p - from < 9)
        *v = *v * 10 + (*(*p)++ - '0');
    if (*p == from || (sign != '\0' && (*p == end || *(*p)++ != sign)))
        return false;
    return true;
}

/* `09\03\2002 15:39:31.0781 (GMT)`: the fraction is a number of milliseconds. */
static bool read_time(const struct cell *value, struct pool_time *t)
{
    const char *p = value->p, *end = value->p + value->n;
    struct civil c = {0};
    if (!take_part(&p, end, '\\', &c.month) || !take_part(&p, end, '\\', &c.day) ||
        !take_part(&p, end, ' ', &c.year) || !take_part(&p, end, ':', &c.hour) ||
        !take_part(&p, end, ':', &c.minute) || !take_part(&p, end, '\0', &c.second))
        return false;
    if (p < end && *p == '.') {
        p++;
        if (!take_part(&p, end, '\0', &c.ms) || c.ms > 999)
            return false;
    }
    *t = (struct pool_time){.source = TIME_CAPTURE, .zone_known = true};
    return civil_to_ms(&c, &t->ms);
}

static int take_fact(struct memsnap *m, const char *fact, const struct cell *value,
                     struct err *e)
{
    return m->facts++ < FACTS_MAX
               ? pool_snapshot_fact(m->g.s, fact, value->p, value->n, e)
               : 0;
}

static int take_named(struct memsnap *m, const struct text_line *l, enum key key,
                      const struct cell *name, const struct cell *value, struct err *e)
{
    struct pool_snapshot *s = m->g.s;
    char own[48];
    struct pool_time t;
    uint64_t ticks;
    m->named = true;
    m->g.last_line = l->number;
    if (key == KEY_HOST) {
        TRY(pool_snapshot_intern(s, value->p, value->n, &s->host, e));
        return FEED_MINE;
    }
    if (key == KEY_TIME) {
        if (read_time(value, &t))
            s->time = t;
        else
            TRY(note_add(&s->notes, e, NOTE_HEADER_DAMAGED, l->number,
                         "expected month\\day\\year and a time, found something else"));
        return FEED_MINE;
    }
    if (key == KEY_TICKS && cell_u64(value, &ticks) && ticks <= UINT32_MAX)
        m->ticks = (int64_t)ticks;
    own[cell_copy(name, own, sizeof own - 1)] = '\0';
    TRY(take_fact(m, keys[key].fact != NULL ? keys[key].fact : own, value, e));
    return FEED_MINE;
}

static int take_row(struct memsnap *m, const struct text_line *l, struct err *e)
{
    struct row_text r;
    struct pool_row row = {.line = l->number};
    const char *lost;
    enum row_shape shape = row_parse(l->p, l->n, m->g.one_byte, &r);
    if (shape == ROW_NONE || row_is_total(l->p, l->n))
        return FEED_OTHER;
    if (shape == ROW_TORN || !row_figures(&r, &row, &lost) || lost != NULL)
        return gather_drop(
            &m->g, l, "this row does not prove itself as poolmon's do; " SEND_YOURS, e);
    TRY(pool_snapshot_intern(m->g.s, l->p + r.driver_at, r.driver_n, &row.driver, e));
    return gather_row(&m->g, &row, e);
}

static int feed(void *ctx, const struct text_line *l, struct text *ahead, struct err *e)
{
    struct memsnap *m = ctx;
    enum key key;
    struct cell name, value;
    const bool behind_rows = m->g.s->n_rows > 0 || m->g.dropped > 0;
    if (read_named(l, &key, &name, &value)) {
        if (is_process_type(l))
            return FEED_OTHER;
        return behind_rows ? FEED_NEXT : take_named(m, l, key, &name, &value, e);
    }
    if (is_pool_title(l)) {
        if (!behind_rows)
            return FEED_MINE;
        struct text_line lines[1 + TEXT_LOOKAHEAD];
        const int n = text_lines(ahead, l, lines, e);
        if (n < 0)
            return n;
        return titled(lines, (size_t)n) ? FEED_NEXT : FEED_OTHER;
    }
    return take_row(m, l, e);
}

/* TickCount begins again after 49.7 days.  Where the snapshot before this one leads
 * here without a reboot, the times tell how often; else the doubt is said. */
static int set_uptime(struct memsnap *m, struct err *e)
{
    static const int64_t turn = (int64_t)1 << 32;
    struct pool_snapshot *s = m->g.s;
    int64_t up = m->ticks;
    bool sure = false;
    if (m->ticks < 0)
        return 0;
    if (m->last_known && s->time.source == TIME_CAPTURE && s->time.ms >= m->last_ms) {
        int64_t due = m->last_up_ms + (s->time.ms - m->last_ms);
        int64_t turns = (due - m->ticks + turn / 2) / turn;
        int64_t off = due - (m->ticks + turns * turn);
        sure = off > -SAME_RUN_MS && off < SAME_RUN_MS;
        if (sure)
            up += turns * turn;
    }
    s->uptime_s = up / 1000;
    m->last_known = s->time.source == TIME_CAPTURE;
    m->last_ms = s->time.ms;
    m->last_up_ms = up;
    return sure ? 0 : note_add(&s->notes, e, NOTE_UPTIME_WRAPS, s->line, "%s", "");
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct memsnap *m = ctx;
    (void)b;
    if (m->g.s->n_rows == 0) {
        err_hint(e, SEND_YOURS);
        return err_set(e, ERR_UNSUPPORTED,
                       "expected rows that prove themselves as poolmon's do, found a "
                       "memsnap log with other rows");
    }
    TRY(set_uptime(m, e));
    return gather_finish(&m->g, COMPLETE_WHOLE, e);
}

/* ---- lines around a block ---- */

static bool remark(const struct text_line *l, struct text_remark *r)
{
    if (is_process_title(l) || is_process_type(l)) {
        r->what = "a process log of memsnap (/m): working sets, no pool tags";
        r->hint = "send what memsnap /p writes, or `poolmon -n FILE`";
        return true;
    }
    if (!known_line(l))
        return false;
    r->what = "a memsnap log whose rows do not prove themselves as poolmon's do";
    r->hint = SEND_YOURS;
    return true;
}

const struct text_format memsnap_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .remark = remark,
    .close = gather_close,
};
