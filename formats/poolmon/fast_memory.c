/* SPDX-License-Identifier: MIT */
#include "formats/poolmon/fast_memory.h"

#include <stdlib.h>
#include <string.h>

#include "formats/aligned.h"
#include "formats/spread.h"

/* Sums of rows below this cannot pass 2^64. */
#define HUGE_BYTES ((uint64_t)1 << 48)

#define PLAIN_FIELDS (ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC)

static const uint8_t places[PLAIN_FIGURES] = {FIG_ALLOCS, FIG_FREES, FIG_LIVE, FIG_BYTES,
                                              FIG_PER_ALLOC};

void fast_free(struct fast_memory *m)
{
    if (m == NULL)
        return;
    free(m->rows);
    aligned_free(m->heads);
    free(m->tails);
    aligned_free(m->figures);
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
           (m->heads = aligned_take(HEAD_BYTES, n * sizeof *m->heads)) != NULL &&
           (m->tails = malloc(n * sizeof *m->tails)) != NULL &&
           (m->figures = aligned_take(_Alignof(struct kept_figures),
                                      n * sizeof *m->figures)) != NULL &&
           (m->table = calloc(TABLE_LEAST, sizeof *m->table)) != NULL &&
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
    m->table_n = TABLE_LEAST;
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
    m->full |= m->capture == UINT32_MAX;
    m->continues = m->capture > 0 && !m->apart && !m->full && m->chain != 0;
    if (m->full) {
        memset(m->table, 0, m->table_n * sizeof *m->table);
        m->n_rows = m->n_order[0] = m->n_order[1] = 0;
        m->capture = 0;
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
    return spread_over(m->spread % SPREADS, (uint64_t)tag << 2 | pool, m->table_n);
}

static uint16_t *place_of(const struct fast_memory *m, uint32_t tag, uint8_t pool)
{
    for (size_t i = start_of(m, tag, pool);; i++) {
        uint16_t *place = &m->table[i & (m->table_n - 1)];
        if (*place == 0 ||
            (m->rows[*place - 1].tag == tag && m->rows[*place - 1].pool == pool))
            return place;
    }
}

/* How far a search for the key goes until it ends there. */
static size_t probes(const struct fast_memory *m, uint32_t tag, uint8_t pool,
                     const uint16_t *place)
{
    return ((size_t)(place - m->table) - start_of(m, tag, pool)) & (m->table_n - 1);
}

/* Makes room for one more: a quarter of the table is used at most.  False when there is
 * no memory. */
static bool table_room(struct fast_memory *m)
{
    const size_t n = 2 * m->table_n;
    if (4 * ((size_t)m->n_rows + 1) <= m->table_n)
        return true;
    uint16_t *table = calloc(n, sizeof *table);
    if (table == NULL)
        return false;
    free(m->table);
    m->table = table;
    m->table_n = n;
    for (uint32_t i = 0; i < m->n_rows; i++)
        *place_of(m, m->rows[i].tag, m->rows[i].pool) = (uint16_t)(i + 1);
    return true;
}

struct kept_row *fast_find(const struct fast_memory *m, uint32_t tag, uint8_t pool)
{
    uint16_t at = *place_of(m, tag, pool);
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

/* ---- rows as others have them ---- */

static void put_figures(struct pool_row *to, const struct kept_figures *f)
{
    to->width = f->width;
    to->allocs = f->allocs;
    to->frees = f->frees;
    to->live = f->live;
    to->bytes = f->bytes;
    to->per_alloc = f->per_alloc;
}

static struct pool_row row_of(const struct kept_figures *f)
{
    struct pool_row row = {.tag = f->tag, .pool = f->pool, .fields = PLAIN_FIELDS};
    put_figures(&row, f);
    return row;
}

/* ---- sums ---- */

static void add_sums(struct fast_memory *m, uint32_t id)
{
    const struct kept_figures *r = &m->figures[id];
    m->listed[r->pool]++;
    m->bytes[r->pool] += r->bytes;
    m->huge += r->bytes >= HUGE_BYTES;
    m->digest += r->digest;
}

static void take_sums(struct fast_memory *m, uint32_t id)
{
    const struct kept_figures *r = &m->figures[id];
    m->listed[r->pool]--;
    m->bytes[r->pool] -= r->bytes;
    m->huge -= r->bytes >= HUGE_BYTES;
    m->digest -= r->digest;
}

void fast_appear(struct fast_memory *m, uint32_t id)
{
    m->fresh[m->n_fresh++] = id;
    add_sums(m, id);
}

void fast_change(struct fast_memory *m, uint32_t id, const uint64_t v[PLAIN_FIGURES],
                 uint8_t width)
{
    struct kept_figures *r = &m->figures[id];
    const uint64_t bytes = r->bytes, digest = r->digest;
    r->width = width;
    r->allocs = v[0];
    r->frees = v[1];
    r->live = v[2];
    r->bytes = v[3];
    r->per_alloc = v[4];
    r->digest = pool_row_digest(&(struct pool_row){.tag = r->tag,
                                                   .pool = r->pool,
                                                   .fields = PLAIN_FIELDS,
                                                   .allocs = v[0],
                                                   .frees = v[1],
                                                   .live = v[2],
                                                   .bytes = v[3]});
    if (!m->continues || m->rows[id].listed + 1 != m->capture)
        return; /* it is about to appear */
    m->changed[m->n_changed++] = id;
    m->bytes[r->pool] += r->bytes - bytes;
    m->huge += (size_t)(r->bytes >= HUGE_BYTES) - (size_t)(bytes >= HUGE_BYTES);
    m->digest += r->digest - digest;
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

bool fast_learn(struct fast_memory *m, const struct text_line *l,
                const struct row_text *r, const struct pool_row *row, bool known_layout)
{
    uint8_t shape;
    if (!keepable(l, r))
        return false;
    if (!fast_shape_of(m, l, r, known_layout, &shape) || !table_room(m)) {
        m->full = true;
        return false;
    }
    const uint32_t tag = tag_key(r->tag);
    uint16_t *place = place_of(m, tag, r->pool);
    if (*place == 0) {
        const bool far = probes(m, tag, r->pool, place) > PROBES_MAX;
        if (far || m->n_rows == ROWS_MAX) {
            m->full = true;
            m->met |= far;
            return false;
        }
        m->rows[m->n_rows] = (struct kept_row){.tag = tag, .pool = r->pool};
        m->figures[m->n_rows] = (struct kept_figures){.tag = r->tag, .pool = r->pool};
        *place = (uint16_t)++m->n_rows;
    }
    const uint32_t id = *place - 1u;
    struct kept_row *k = &m->rows[id];
    char line[FAST_LINE];
    fast_put_line(line, l);
    k->n = m->shapes[shape].n;
    k->shape = shape;
    fast_keep_line(m, id, line);
    const uint64_t v[PLAIN_FIGURES] = {row->allocs, row->frees, row->live, row->bytes,
                                       row->per_alloc};
    fast_change(m, id, v, row->width);
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
        to[i] = row_of(&m->figures[order[i]]);
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
    for (size_t i = 0; held && i < c->n_fresh; i++)
        s->rows[c->changed[i]] = row_of(&m->figures[c->changed[i]]);
    for (size_t i = c->n_fresh; held && i < c->n_changed; i++)
        put_figures(&s->rows[c->changed[i]], &m->figures[c->changed[i]]);
    for (size_t i = 0; !held && i < m->n_rows; i++)
        s->rows[i] = row_of(&m->figures[i]);
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
        const struct kept_figures *r = &m->figures[m->order[m->now][i]];
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
