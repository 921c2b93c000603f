/* SPDX-License-Identifier: MIT */
#include "formats/tools/powershell_columns.h"

#include <string.h>

#include "formats/pool.h"

static const struct {
    const char *name;
    uint8_t column;
} names[] = {
    {"DateTime", PS_TIME}, {"DateTimeUTC", PS_TIME_UTC},    {"Tag", PS_TAG},
    {"Binary", PS_BINARY}, {"Description", PS_DESCRIPTION},
};

static const char *const pools[] = {
    [POOL_NONPAGED] = "NonPaged", [POOL_PAGED] = "Paged", [POOL_UNKNOWN] = "Total"};

static const struct {
    const char *name;
    uint8_t figure;
} figures[] = {{"Allocs", PS_ALLOCS},   {"Frees", PS_FREES}, {"Diff", PS_DIFF},
               {"UsedBytes", PS_BYTES}, {"Used", PS_BYTES},  {"Bytes", PS_BYTES}};

/* The column of that title, or PS_COLUMNS. */
static unsigned find(const struct cell *given)
{
    const struct cell c = cell_trim(*given);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (cell_is(&c, names[i].name))
            return names[i].column;
    for (unsigned k = 0; k < POOL_KINDS; k++) {
        const size_t len = strlen(pools[k]);
        const struct cell head = {.p = c.p, .n = c.n < len ? c.n : len};
        const struct cell rest = {.p = c.p + head.n, .n = c.n - head.n};
        if (!cell_is(&head, pools[k]))
            continue;
        for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
            if (cell_is(&rest, figures[i].name))
                return ps_figure(k, figures[i].figure);
    }
    return PS_COLUMNS;
}

/* Places the titles; true when a tag and something of a pool are among them. */
static bool place(const struct cells *titles, struct ps_columns *c)
{
    bool pool = false;
    memset(c->at, 0, sizeof c->at);
    c->n = titles->n;
    for (size_t i = 0; i < titles->n; i++) {
        unsigned column = find(&titles->v[i]);
        if (column == PS_COLUMNS)
            continue;
        if (c->at[column] != 0)
            return false;
        c->at[column] = (uint8_t)(i + 1);
        pool |= column >= PS_FIGURES;
    }
    return pool && c->at[PS_TAG] != 0;
}

bool ps_columns_parse(const char *p, size_t n, struct ps_columns *c)
{
    static const char separators[] = ",;\t";
    struct cells titles;
    if (n > 4096)
        return false;
    for (const char *s = separators; *s != '\0'; s++) {
        c->separator = *s;
        if (memchr(p, *s, n) != NULL && cells_split(p, n, *s, &titles) == CELLS_WHOLE &&
            place(&titles, c))
            return true;
    }
    return false;
}

void ps_columns_usual(size_t n, struct ps_columns *c)
{
    static const uint8_t pool_order[] = {POOL_PAGED, POOL_NONPAGED};
    *c = (struct ps_columns){.n = n, .separator = ','};
    uint8_t at = 1;
    c->at[PS_TIME] = at++;
    c->at[PS_TIME_UTC] = at++;
    c->at[PS_TAG] = at++;
    for (size_t k = 0; k < 2; k++)
        for (unsigned f = 0; f < PS_KINDS; f++)
            c->at[ps_figure(pool_order[k], f)] = at++;
    c->at[ps_figure(POOL_UNKNOWN, PS_BYTES)] = at++;
    if (n >= 14) {
        c->at[PS_BINARY] = at++;
        c->at[PS_DESCRIPTION] = at;
    }
}

const struct cell *ps_cell(const struct ps_columns *c, const struct cells *line,
                           unsigned column)
{
    const size_t at = c->at[column];
    return at == 0 || at > line->n ? NULL : &line->v[at - 1];
}

/* ---- Format-Table ---- */

/* Words of a line with their edges; false when there are too many. */
static bool take_words(const char *p, size_t n, struct cells *words, struct ps_columns *c)
{
    words->n = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t from = i;
        while (i < n && p[i] != ' ')
            i++;
        if (i == from)
            continue;
        if (words->n == CELLS_MAX)
            return false;
        c->begin[words->n] = (uint16_t)from;
        c->end[words->n] = (uint16_t)i;
        words->v[words->n++] = (struct cell){.p = p + from, .n = i - from};
    }
    return true;
}

bool ps_view_parse(const char *p, size_t n, struct ps_columns *c)
{
    struct cells words;
    c->separator = '\0';
    return n <= 1024 && memchr(p, ',', n) == NULL && memchr(p, '"', n) == NULL &&
           take_words(p, n, &words, c) && words.n >= 2 && place(&words, c);
}

/* True when dots stand at the end, for what was cut off. */
static bool is_cut(const struct cell *c)
{
    const char *tail = c->n >= 3 ? c->p + c->n - 3 : "   ";
    return memcmp(tail, "...", 3) == 0 || memcmp(tail, "\xe2\x80\xa6", 3) == 0;
}

bool ps_view_whole(const char *p, size_t n)
{
    struct cells words;
    struct ps_columns edges;
    if (!take_words(p, n, &words, &edges))
        return false;
    for (size_t i = 0; i < words.n; i++)
        if (is_cut(&words.v[i]))
            return false;
    return true;
}

bool ps_view_rule(const struct ps_columns *c, const char *p, size_t n)
{
    struct cells dashes;
    struct ps_columns edges;
    if (n > 1024 || !take_words(p, n, &dashes, &edges) || dashes.n != c->n)
        return false;
    for (size_t i = 0; i < dashes.n; i++) {
        if (edges.begin[i] != c->begin[i] || edges.end[i] != c->end[i])
            return false;
        for (size_t k = 0; k < dashes.v[i].n; k++)
            if (dashes.v[i].p[k] != '-')
                return false;
    }
    return true;
}

/* Where character number `column` begins, or n. */
static size_t offset(const char *p, size_t n, bool one_byte, size_t column)
{
    size_t at = 0;
    while (at < n && column-- > 0) {
        at++;
        while (!one_byte && at < n && ((uint8_t)p[at] & 0xc0) == 0x80)
            at++;
    }
    return at;
}

static bool is_number(const char *p, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if ((p[i] < '0' || p[i] > '9') && !(i == from && p[i] == '-'))
            return false;
    return to > from;
}

/* The word that touches the edges of a number's title. */
static struct cell number_at(const char *p, size_t n, size_t begin, size_t end)
{
    size_t from = end, to = end;
    if (end > n || end == 0 || p[end - 1] == ' ' || (end < n && p[end] != ' '))
        from = to = begin < n ? begin : n; /* a number on the left */
    while (from > 0 && p[from - 1] != ' ')
        from--;
    while (to < n && p[to] != ' ')
        to++;
    return (struct cell){.p = p + from, .n = to - from};
}

bool ps_view_split(const struct ps_columns *c, const char *p, size_t n, bool one_byte,
                   struct cells *out, bool *cut)
{
    bool figure[CELLS_MAX] = {false}, good = true;
    *cut = false;
    out->n = c->n;
    for (unsigned f = PS_FIGURES; f < PS_COLUMNS; f++)
        if (c->at[f] != 0)
            figure[c->at[f] - 1] = true;
    for (size_t i = 0; i < c->n; i++) {
        const size_t begin = offset(p, n, one_byte, c->begin[i]);
        struct cell *cell = &out->v[i];
        if (figure[i]) {
            *cell = number_at(p, n, begin, offset(p, n, one_byte, c->end[i]));
            good = good && is_number(cell->p, 0, cell->n);
            *cut |= is_cut(cell);
            continue;
        }
        size_t column = i + 1 < c->n ? c->begin[i + 1] : SIZE_MAX;
        if (i + 1u == c->at[PS_TAG])
            column = c->begin[i] + 4u;
        const size_t end = offset(p, n, one_byte, column);
        *cell = (struct cell){.p = p + begin, .n = end > begin ? end - begin : 0};
    }
    return good && !cell_empty(&out->v[c->at[PS_TAG] - 1]);
}
