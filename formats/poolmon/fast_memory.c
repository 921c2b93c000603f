/* SPDX-License-Identifier: MIT */
#include "formats/poolmon/fast_memory.h"

#include <stdlib.h>
#include <string.h>

/* Sums of rows below this cannot pass 2^64. */
#define HUGE_BYTES ((uint64_t)1 << 48)

static const uint8_t places[PLAIN_FIGURES] = {FIG_ALLOCS, FIG_FREES, FIG_LIVE, FIG_BYTES,
                                              FIG_PER_ALLOC};

void fast_free(struct fast_memory *m)
{
    if (m == NULL)
        return;
    free(m->rows);
    free(m->lines);
    free(m->figures);
    free(m->digests);
    free(m->table);
    free(m->order[0]);
    free(m->order[1]);
    free(m->fresh);
    free(m->changed);
    free(m->shapes);
    free(m);
}

static bool room(struct fast_memory *m)
{
    const size_t n = ROWS_MAX;
    return (m->rows = malloc(n * sizeof *m->rows)) != NULL &&
           (m->lines = aligned_alloc(CACHE_LINE, n * sizeof *m->lines)) != NULL &&
           (m->figures = malloc(n * sizeof *m->figures)) != NULL &&
           (m->digests = malloc(n * sizeof *m->digests)) != NULL &&
           (m->table = calloc(TABLE_SIZE, sizeof *m->table)) != NULL &&
           (m->order[0] = malloc(n * sizeof *m->order[0])) != NULL &&
           (m->order[1] = malloc(n * sizeof *m->order[1])) != NULL &&
           (m->fresh = malloc(n * sizeof *m->fresh)) != NULL &&
           (m->changed = malloc(n * sizeof *m->changed)) != NULL &&
           (m->shapes = malloc(FAST_SHAPES * sizeof *m->shapes)) != NULL;
}

int fast_new(struct fast_memory **out, struct err *e)
{
    struct fast_memory *m = calloc(1, sizeof *m);
    if (m == NULL)
        return err_nomem(e);
    if (!room(m)) {
        fast_free(m);
        return err_nomem(e);
    }
    *out = m;
    return 0;
}

static void forget_sums(struct fast_memory *m)
{
    memset(m->listed, 0, sizeof m->listed);
    memset(m->bytes, 0, sizeof m->bytes);
    m->huge = 0;
    m->digest = 0;
}

void fast_start(struct fast_memory *m)
{
    m->continues = m->capture > 0 && !m->apart && !m->full && m->chain != 0;
    if (m->full) {
        memset(m->table, 0, TABLE_SIZE * sizeof *m->table);
        m->n_rows = m->n_order[0] = m->n_order[1] = 0;
        m->n_shapes = 0;
        m->full = false;
        m->spread += m->met;
        m->met = false;
        m->chain = 0;
    }
    if (!m->continues)
        forget_sums(m);
    m->now = !m->now;
    m->n_order[m->now] = 0;
    m->guess = m->passed = 0;
    m->capture++;
    m->waiting = 0;
    m->apart = true; /* until it ends otherwise */
    m->n_fresh = m->n_changed = 0;
    m->in_columns = 0;
    memset(m->seen, 0, sizeof m->seen);
    memset(m->taught, 0, sizeof m->taught);
}

/* ---- rows by key ---- */

/* Tags may be chosen so that they meet: once they have, another capture spreads them in
 * another way. */
static size_t start_of(const struct fast_memory *m, uint32_t tag, uint8_t pool)
{
    static const uint64_t spreads[] = {
        UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xc2b2ae3d27d4eb4f),
        UINT64_C(0xd6e8feb86659fd93), UINT64_C(0xff51afd7ed558ccd)};
    const size_t way = m->spread % (sizeof spreads / sizeof *spreads);
    return (size_t)(((uint64_t)tag << 2 | pool) * spreads[way] >> 40) & (TABLE_SIZE - 1);
}

static uint32_t *place_of(const struct fast_memory *m, uint32_t tag, uint8_t pool)
{
    for (size_t i = start_of(m, tag, pool);; i++) {
        uint32_t *place = &m->table[i & (TABLE_SIZE - 1)];
        if (*place == 0 ||
            (m->rows[*place - 1].tag == tag && m->rows[*place - 1].pool == pool))
            return place;
    }
}

/* How far a search for the key goes until it ends there. */
static size_t probes(const struct fast_memory *m, uint32_t tag, uint8_t pool,
                     const uint32_t *place)
{
    return ((size_t)(place - m->table) - start_of(m, tag, pool)) & (TABLE_SIZE - 1);
}

struct kept_row *fast_find(const struct fast_memory *m, uint32_t tag, uint8_t pool)
{
    uint32_t at = *place_of(m, tag, pool);
    return at == 0 ? NULL : &m->rows[at - 1];
}

bool fast_listed(const struct fast_memory *m, struct pool_tag tag, uint8_t pool)
{
    const struct kept_row *k = fast_find(m, tag_key(tag), pool);
    return k != NULL && k->listed == m->capture;
}

void fast_bar(struct fast_memory *m, struct pool_tag tag, uint8_t pool)
{
    struct kept_row *k = fast_find(m, tag_key(tag), pool);
    if (k != NULL)
        k->listed = m->capture;
}

/* ---- sums ---- */

static void add_sums(struct fast_memory *m, uint32_t id)
{
    const struct pool_row *r = &m->figures[id];
    m->listed[r->pool]++;
    m->bytes[r->pool] += r->bytes;
    m->huge += r->bytes >= HUGE_BYTES;
    m->digest += m->digests[id];
}

static void take_sums(struct fast_memory *m, uint32_t id)
{
    const struct pool_row *r = &m->figures[id];
    m->listed[r->pool]--;
    m->bytes[r->pool] -= r->bytes;
    m->huge -= r->bytes >= HUGE_BYTES;
    m->digest -= m->digests[id];
}

void fast_appear(struct fast_memory *m, uint32_t id)
{
    m->fresh[m->n_fresh++] = id;
    add_sums(m, id);
}

void fast_change(struct fast_memory *m, uint32_t id, const struct pool_row *row)
{
    const bool counted = m->continues && m->rows[id].listed + 1 == m->capture;
    if (counted) { /* else it is about to appear */
        take_sums(m, id);
        m->changed[m->n_changed++] = id;
    }
    m->figures[id] = *row;
    m->digests[id] = pool_row_digest(row);
    if (counted)
        add_sums(m, id);
}

/* ---- shapes ---- */

/* Blanks before each figure of a line with these ends, 2 = two or more. */
static void spare_blanks(const char *p, const uint8_t end[PLAIN_FIGURES],
                         uint8_t spare[PLAIN_FIGURES])
{
    unsigned at = KEY_BYTES;
    for (size_t i = 0; i < PLAIN_FIGURES; i++) {
        spare[i] = (uint8_t)(p[at] != ' ' ? 0 : p[at + 1] != ' ' ? 1 : 2);
        at = end[i];
    }
}

static bool same_shape(const struct fast_shape *a, uint8_t n, uint8_t eol,
                       const uint8_t end[PLAIN_FIGURES],
                       const uint8_t spare[PLAIN_FIGURES])
{
    return a->n == n && a->eol == eol && memcmp(a->end, end, PLAIN_FIGURES) == 0 &&
           memcmp(a->spare, spare, PLAIN_FIGURES) == 0;
}

/* The number of that shape, or n_shapes. */
static size_t find_shape(const struct fast_memory *m, uint8_t n, uint8_t eol,
                         const uint8_t end[PLAIN_FIGURES],
                         const uint8_t spare[PLAIN_FIGURES])
{
    size_t i = 0;
    while (i < m->n_shapes && !same_shape(&m->shapes[i], n, eol, end, spare))
        i++;
    return i;
}

bool fast_same_spare(struct fast_memory *m, struct kept_row *k, const char *p)
{
    const struct fast_shape *shape = &m->shapes[k->shape];
    uint8_t spare[PLAIN_FIGURES];
    spare_blanks(p, shape->end, spare);
    if (memcmp(spare, shape->spare, sizeof spare) == 0)
        return true;
    size_t other = find_shape(m, shape->n, shape->eol, shape->end, spare);
    if (other == m->n_shapes)
        return false;
    k->shape = (uint8_t)other;
    return true;
}

const struct fast_shape *fast_next_shape(struct fast_memory *m)
{
    for (size_t i = 0; i < FAST_SHAPES / 64; i++) {
        uint64_t open = m->seen[i] & ~m->taught[i];
        for (size_t bit = 0; open != 0; bit++)
            if (open >> bit & 1) {
                m->taught[i] |= (uint64_t)1 << bit;
                return &m->shapes[i * 64 + bit];
            }
    }
    return NULL;
}

size_t fast_in_columns(const struct fast_memory *m)
{
    return m->in_columns;
}

/* ---- learning ---- */

/* A line of nothing but ASCII whose key stands in the columns that poolmon gives it. */
static bool keepable(const struct text_line *l, const struct row_text *r)
{
    if (l->n + 2 > FAST_LINE || l->n < 24 || (l->eol != EOL_LF && l->eol != EOL_CRLF))
        return false;
    if (r->tag_at != 1 || r->type_at != 6 || r->deltas || r->doubts != 0 ||
        r->driver_n != 0 || r->pool > POOL_PAGED)
        return false;
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i] < 0x20 || l->p[i] > 0x7e)
            return false;
    for (size_t i = 0; i < PLAIN_FIGURES; i++)
        if (r->fig[places[i]].unknown)
            return false;
    return memcmp(l->p + 1, r->tag.b, sizeof r->tag.b) == 0 &&
           memcmp(l->p + 5, r->pool == POOL_NONPAGED ? " Nonp " : " Paged", 6) == 0;
}

static void put_line(char to[FAST_LINE], const struct text_line *l)
{
    memset(to, 0, FAST_LINE);
    memcpy(to, l->p, l->n);
    memcpy(to + l->n, l->eol == EOL_CRLF ? "\r\n" : "\n", l->eol == EOL_CRLF ? 2 : 1);
}

/* The shape of this line, made when it is new; false when there is no room. */
static bool shape_of(struct fast_memory *m, const struct text_line *l,
                     const struct row_text *r, bool known_layout, uint8_t *shape)
{
    uint8_t end[PLAIN_FIGURES], spare[PLAIN_FIGURES];
    for (size_t i = 0; i < PLAIN_FIGURES; i++)
        end[i] = (uint8_t)r->fig[places[i]].end;
    spare_blanks(l->p, end, spare);
    const uint8_t n = (uint8_t)(l->n + (l->eol == EOL_CRLF ? 2 : 1));
    size_t at = find_shape(m, n, l->eol, end, spare);
    *shape = (uint8_t)at;
    if (at < m->n_shapes)
        return true;
    if (at == FAST_SHAPES)
        return false;
    struct fast_shape *s = &m->shapes[m->n_shapes++];
    *s = (struct fast_shape){.row = *r,
                             .n = n,
                             .eol = l->eol,
                             .columns = end[0] >= 16,
                             .known_layout = known_layout};
    m->known_layout[at] = known_layout;
    put_line(s->line, l);
    memcpy(s->end, end, sizeof end);
    memcpy(s->spare, spare, sizeof spare);
    return true;
}

bool fast_learn(struct fast_memory *m, const struct text_line *l,
                const struct row_text *r, const struct pool_row *row, bool known_layout)
{
    uint8_t shape;
    if (!keepable(l, r))
        return false;
    if (!shape_of(m, l, r, known_layout, &shape)) {
        m->full = true;
        return false;
    }
    const uint32_t tag = tag_key(r->tag);
    uint32_t *place = place_of(m, tag, r->pool);
    if (*place == 0) {
        const bool far = probes(m, tag, r->pool, place) > PROBES_MAX;
        if (far || m->n_rows == ROWS_MAX) {
            m->full = true;
            m->met |= far;
            return false;
        }
        m->rows[m->n_rows] = (struct kept_row){.tag = tag, .pool = r->pool};
        *place = ++m->n_rows;
    }
    const uint32_t id = *place - 1;
    struct kept_row *k = &m->rows[id];
    put_line(m->lines[id].p, l);
    k->n = m->shapes[shape].n;
    k->shape = shape;
    struct pool_row figures = *row;
    figures.line = 0;
    fast_change(m, id, &figures);
    if (m->waiting == 0)
        m->first_line = l->number;
    fast_list(m, k);
    return true;
}

/* ---- rows into a snapshot ---- */

size_t fast_waiting(const struct fast_memory *m)
{
    return m->waiting;
}

bool fast_adjoins(const struct fast_memory *m, uint64_t line)
{
    return m->waiting == 0 || line == m->first_line + m->waiting;
}

int fast_flush(struct fast_memory *m, struct pool_snapshot *s, struct err *e)
{
    const uint32_t *order = m->order[m->now] + m->n_order[m->now] - m->waiting;
    TRY(pool_snapshot_reserve(s, 1, e));
    struct pool_row *to = s->rows + s->n_rows - m->waiting;
    for (size_t i = 0; i < m->waiting; i++) {
        to[i] = m->figures[order[i]];
        to[i].line = m->first_line + i;
    }
    s->chain.held_id = 0;
    m->waiting = 0;
    return 0;
}

static int put_list(uint32_t **to, size_t *cap, const uint32_t *a, size_t n_a,
                    const uint32_t *b, size_t n_b, struct err *e)
{
    void *v = *to;
    TRY(grow(&v, cap, n_a + n_b, sizeof **to, e));
    *to = v;
    if (n_a > 0)
        memcpy(*to, a, n_a * sizeof *a);
    if (n_b > 0)
        memcpy(*to + n_a, b, n_b * sizeof *b);
    return 0;
}

/* What the capture before listed and this one does not. */
static int put_gone(struct fast_memory *m, struct pool_chain *c, struct err *e)
{
    const uint32_t *before = m->order[!m->now];
    const size_t n = m->continues ? m->n_order[!m->now] : 0;
    const size_t met = m->n_order[m->now] - m->n_fresh;
    c->n_gone = 0;
    void *v = c->gone;
    TRY(grow(&v, &c->gone_cap, n - met, sizeof *c->gone, e));
    c->gone = v;
    for (size_t i = 0; i < n && c->n_gone < n - met; i++)
        if (m->rows[before[i]].listed != m->capture) {
            c->gone[c->n_gone++] = before[i];
            take_sums(m, before[i]);
        }
    return 0;
}

static int put_rows(const struct fast_memory *m, struct pool_snapshot *s, struct err *e)
{
    struct pool_chain *c = &s->chain;
    bool held = m->continues && c->held_id == c->id && c->held_step + 1 == c->step;
    c->held_id = 0;
    void *v = s->rows;
    TRY(grow(&v, &s->rows_cap, m->n_rows, sizeof *s->rows, e));
    s->rows = v;
    if (held)
        for (size_t i = 0; i < c->n_changed; i++)
            s->rows[c->changed[i]] = m->figures[c->changed[i]];
    else if (m->n_rows > 0)
        memcpy(s->rows, m->figures, m->n_rows * sizeof *s->rows);
    c->held_id = c->id;
    c->held_step = c->step;
    return 0;
}

static uint64_t clamped_bytes(const struct fast_memory *m, int pool)
{
    uint64_t sum = 0;
    if (m->huge == 0)
        return m->bytes[pool];
    for (uint32_t i = 0; i < m->n_order[m->now]; i++) {
        const struct pool_row *r = &m->figures[m->order[m->now][i]];
        if (r->pool == pool && !add_u64(sum, r->bytes, &sum))
            return UINT64_MAX;
    }
    return sum;
}

int fast_follow(struct fast_memory *m, struct pool_snapshot *s, uint64_t *chains,
                struct err *e)
{
    struct pool_chain *c = &s->chain;
    if (m->chain == 0)
        m->chain = ++*chains;
    TRY(put_gone(m, c, e));
    TRY(put_list(&c->order, &c->order_cap, m->order[m->now], m->n_order[m->now], NULL, 0,
                 e));
    TRY(put_list(&c->changed, &c->changed_cap, m->fresh, m->n_fresh, m->changed,
                 m->n_changed, e));
    c->n_changed = m->n_fresh + m->n_changed;
    c->n_fresh = m->n_fresh;
    c->id = m->chain;
    c->step = m->capture;
    c->first_line = m->first_line;
    for (int i = 0; i < POOL_KINDS; i++) {
        c->bytes[i] = clamped_bytes(m, i);
        c->listed[i] = m->listed[i];
    }
    c->digest = m->digest;
    TRY(put_rows(m, s, e));
    m->waiting = 0;
    m->apart = false;
    return 0;
}
