/* SPDX-License-Identifier: MIT */
/* Cells back to the model.  What our writers never write is not guessed at. */
#include <string.h>

#include "formats/ascii.h"
#include "formats/tidy/tidy.h"

static bool is_word(const struct tidy_cell *c, const char *word)
{
    return text_is(c->p, c->n, word);
}

/* Sets *v and *given; false when the cell is neither empty nor a number. */
static bool take_count(const struct tidy_cell *c, uint64_t *v, bool *given)
{
    uint64_t x = 0;
    *given = c->n > 0;
    for (size_t i = 0; i < c->n; i++) {
        const unsigned digit = (unsigned)(uint8_t)c->p[i] - '0';
        if (digit > 9 || !mul_u64(x, 10, &x) || !add_u64(x, digit, &x))
            return false;
    }
    *v = x;
    return true;
}

static bool take_delta(const struct tidy_cell *c, int64_t *v, bool *given)
{
    const bool minus = c->n > 1 && c->p[0] == '-';
    struct tidy_cell digits = *c;
    if (minus)
        digits = (struct tidy_cell){c->p + 1, c->n - 1};
    uint64_t x;
    if (!take_count(&digits, &x, given) || x > (uint64_t)INT64_MAX + minus)
        return false;
    *v = !minus ? (int64_t)x : x == 0 ? 0 : -(int64_t)(x - 1) - 1;
    return true;
}

static int take_text(struct pool_snapshot *s, const struct tidy_cell *c, uint32_t *offset,
                     struct err *e)
{
    struct buf text = {0};
    int r = tidy_unescape(&text, c->p, c->n, e);
    if (r == 0)
        r = pool_snapshot_intern(s, (const char *)text.p, text.n, offset, e);
    buf_free(&text);
    return r;
}

/* ---- a snapshot ---- */

static bool take_moment(const struct tidy_cell *c, struct pool_time *t)
{
    char text[WHEN_TEXT_MAX + 1];
    if (c->n >= sizeof text)
        return false;
    memcpy(text, c->p, c->n);
    text[c->n] = '\0';
    return when_option(text, t);
}

static bool take_time(struct pool_time *t, const struct tidy_line *l)
{
    const struct tidy_cell *order = &l->v[TIDY_TIME_ORDER];
    struct pool_time other;
    *t = (struct pool_time){.source = TIME_NONE};
    if (l->v[TIDY_TIME].n == 0)
        return true;
    if (!take_moment(&l->v[TIDY_TIME], t)) {
        *t = (struct pool_time){.source = TIME_NONE};
        return false;
    }
    t->source = TIME_CAPTURE;
    for (enum time_source k = TIME_CAPTURE; k <= TIME_MTIME; k++)
        if (is_word(&l->v[TIDY_TIME_SOURCE], time_source_name(k)))
            t->source = k;
    t->order = is_word(order, "dmy")   ? ORDER_DAY_FIRST
               : is_word(order, "mdy") ? ORDER_MONTH_FIRST
                                       : ORDER_PLAIN;
    if (l->v[TIDY_TIME_OTHER].n == 0)
        return true;
    if (!take_moment(&l->v[TIDY_TIME_OTHER], &other))
        return false;
    t->ambiguous = true;
    t->other_ms = other.ms;
    return true;
}

static bool take_scope(struct pool_snapshot *s, const struct tidy_line *l)
{
    static const char one[] = "session:";
    const struct tidy_cell *c = &l->v[TIDY_SCOPE];
    uint64_t session = 0;
    bool given = false;
    if (c->n > sizeof one - 1 && memcmp(c->p, one, sizeof one - 1) == 0) {
        struct tidy_cell number = {c->p + sizeof one - 1, c->n - (sizeof one - 1)};
        if (!take_count(&number, &session, &given) || session > UINT32_MAX)
            return false;
    }
    s->scope = given                        ? SCOPE_SESSION
               : is_word(c, "all-sessions") ? SCOPE_ALL_SESSIONS
                                            : SCOPE_SYSTEM;
    s->session = (uint32_t)session;
    return s->scope != SCOPE_SYSTEM || c->n == 0 || is_word(c, "system");
}

/* Figures and words; the texts from outside come after them. */
static const char *take_facts(struct pool_snapshot *s, const struct tidy_line *l)
{
    const char *broken = NULL;
    uint64_t v;
    bool given;
    for (enum pool_record k = RECORD_CAPTURE; k <= RECORD_EVENTS; k++)
        if (is_word(&l->v[TIDY_RECORD], pool_record_name(k)))
            s->record = k;
    for (enum completeness k = COMPLETE_WHOLE; k <= COMPLETE_CUT; k++)
        if (is_word(&l->v[TIDY_COMPLETENESS], completeness_name(k)))
            s->completeness = k;
    for (int c = TIDY_MEMORY; c <= TIDY_PAGED_LIMIT; c++) {
        if (!take_count(&l->v[c], &v, &given)) {
            broken = tidy_name((enum tidy_column)c);
        } else if (given) {
            s->totals.given |= 1u << (c - TIDY_MEMORY);
            s->totals.v[c - TIDY_MEMORY] = v;
        }
    }
    if (!take_count(&l->v[TIDY_CAPTURE_LINE], &v, &given))
        broken = tidy_name(TIDY_CAPTURE_LINE);
    else if (l->given >> TIDY_CAPTURE_LINE & 1)
        s->line = v;
    if (!take_count(&l->v[TIDY_ORDINAL], &v, &given) || v > UINT32_MAX)
        broken = tidy_name(TIDY_ORDINAL);
    else
        s->ordinal = (uint32_t)v;
    if (!take_delta(&l->v[TIDY_UPTIME], &s->uptime_s, &given) || s->uptime_s < 0) {
        s->uptime_s = -1;
        broken = tidy_name(TIDY_UPTIME);
    } else if (!given) {
        s->uptime_s = -1;
    }
    if (!take_scope(s, l))
        broken = tidy_name(TIDY_SCOPE);
    if (!take_time(&s->time, l))
        broken = tidy_name(TIDY_TIME);
    return broken;
}

int tidy_take_snapshot(struct pool_snapshot *s, const struct tidy_line *l,
                       const char **broken, struct err *e)
{
    *broken = take_facts(s, l);
    TRY(take_text(s, &l->v[TIDY_SOURCE], &s->source, e));
    TRY(take_text(s, &l->v[TIDY_FORMAT], &s->format, e));
    TRY(take_text(s, &l->v[TIDY_HOST], &s->host, e));
    return take_text(s, &l->v[TIDY_FACTS], &s->facts, e);
}

/* ---- a row ---- */

static bool take_tag(struct pool_row *r, const struct tidy_cell *hex)
{
    if (hex->n != 8)
        return false;
    for (size_t i = 0; i < 4; i++) {
        int high = ascii_own_hex(hex->p[2 * i]), low = ascii_own_hex(hex->p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        r->tag.b[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool take_pool(struct pool_row *r, const struct tidy_cell *c)
{
    for (int k = 0; k < POOL_KINDS; k++) {
        if (is_word(c, pool_kind_name((enum pool_kind)k))) {
            r->pool = (uint8_t)k;
            return true;
        }
    }
    return false;
}

/* NULL, or the name of the column that is no number. */
static const char *take_figures(struct pool_row *r, const struct tidy_line *l)
{
    const struct {
        enum tidy_column column;
        unsigned field;
        uint64_t *u;
        int64_t *i;
    } figures[] = {
        {TIDY_ALLOCS, ROW_ALLOCS, &r->allocs, NULL},
        {TIDY_FREES, ROW_FREES, &r->frees, NULL},
        {TIDY_LIVE, ROW_LIVE, &r->live, NULL},
        {TIDY_BYTES, ROW_BYTES, &r->bytes, NULL},
        {TIDY_PER_ALLOC, ROW_PER_ALLOC, &r->per_alloc, NULL},
        {TIDY_ALLOCS_DELTA, ROW_ALLOCS_DELTA, NULL, &r->allocs_delta},
        {TIDY_FREES_DELTA, ROW_FREES_DELTA, NULL, &r->frees_delta},
        {TIDY_BYTES_DELTA, ROW_BYTES_DELTA, NULL, &r->bytes_delta},
    };
    for (size_t k = 0; k < sizeof figures / sizeof figures[0]; k++) {
        const struct tidy_cell *c = &l->v[figures[k].column];
        bool given;
        if (figures[k].u != NULL ? !take_count(c, figures[k].u, &given)
                                 : !take_delta(c, figures[k].i, &given))
            return tidy_name(figures[k].column);
        if (given)
            r->fields |= (uint16_t)figures[k].field;
    }
    uint64_t width;
    bool given;
    if (!take_count(&l->v[TIDY_WIDTH], &width, &given) ||
        (given && width != 32 && width != 64))
        return tidy_name(TIDY_WIDTH);
    const bool wide =
        r->allocs > UINT32_MAX || r->frees > UINT32_MAX || r->live > UINT32_MAX;
    r->width = given ? (uint8_t)width : wide ? 64 : 32;
    return NULL;
}

/* NULL, or the figure that the others contradict. */
static const char *contradicted(const struct pool_row *r)
{
    const unsigned counts = ROW_ALLOCS | ROW_FREES | ROW_LIVE;
    const unsigned sizes = ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC;
    if ((r->fields & counts) == counts &&
        r->live != row_live(r->allocs, r->frees, r->width))
        return tidy_name(TIDY_LIVE);
    if ((r->fields & sizes) == sizes &&
        r->per_alloc != (r->live == 0 ? 0 : r->bytes / r->live))
        return tidy_name(TIDY_PER_ALLOC);
    return NULL;
}

int tidy_take_row(struct pool_snapshot *s, const struct tidy_line *l, uint64_t line,
                  const char **broken, struct err *e)
{
    struct pool_row r = {.line = line};
    bool given;
    *broken = !take_tag(&r, &l->v[TIDY_TAG_HEX]) ? tidy_name(TIDY_TAG_HEX)
              : !take_pool(&r, &l->v[TIDY_POOL]) ? tidy_name(TIDY_POOL)
                                                 : take_figures(&r, l);
    if (*broken == NULL)
        *broken = contradicted(&r);
    if (*broken == NULL && (l->given >> TIDY_LINE & 1) &&
        !take_count(&l->v[TIDY_LINE], &r.line, &given))
        *broken = tidy_name(TIDY_LINE);
    if (*broken != NULL)
        return 0;
    TRY(take_text(s, &l->v[TIDY_MAPPED_DRIVER], &r.driver, e));
    TRY(take_text(s, &l->v[TIDY_OWNER], &r.owner, e));
    struct pool_row *row = pool_snapshot_add(s, e);
    if (row == NULL)
        return ERR_NOMEM;
    *row = r;
    return 0;
}

/* ---- an event ---- */

int tidy_take_event(struct pool_snapshot *s, const struct tidy_line *l, uint64_t line,
                    const char **broken, struct err *e)
{
    struct pool_event v = {.ms = INT64_MIN, .count = 1, .line = line};
    struct pool_time t = {.ms = INT64_MIN};
    bool given;
    *broken = NULL;
    if (!take_count(&l->v[TIDY_EVENT_COUNT], &v.count, &given) || v.count == 0)
        *broken = tidy_name(TIDY_EVENT_COUNT);
    else if ((l->given >> TIDY_LINE & 1) &&
             !take_count(&l->v[TIDY_LINE], &v.line, &given))
        *broken = tidy_name(TIDY_LINE);
    else if (l->v[TIDY_EVENT_TIME].n > 0 && !take_moment(&l->v[TIDY_EVENT_TIME], &t))
        *broken = tidy_name(TIDY_EVENT_TIME);
    if (*broken != NULL)
        return 0;
    if (l->v[TIDY_EVENT_TIME].n > 0)
        v.ms = t.ms;
    TRY(take_text(s, &l->v[TIDY_EVENT], &v.code, e));
    TRY(take_text(s, &l->v[TIDY_EVENT_TEXT], &v.text, e));
    struct pool_event *event = pool_snapshot_add_event(s, e);
    if (event == NULL)
        return ERR_NOMEM;
    *event = v;
    return 0;
}
