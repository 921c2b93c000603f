/* SPDX-License-Identifier: MIT */
/* Shapes of lines: where figures end, what stands before them, which columns are whose.
 */
#include <string.h>

#include "formats/poolmon/fast_memory.h"

static const uint8_t places[PLAIN_FIGURES] = {FIG_ALLOCS, FIG_FREES, FIG_LIVE, FIG_BYTES,
                                              FIG_PER_ALLOC};

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
    for (size_t i = 0; i < m->n_shapes; i++)
        if (m->seen[i] && !m->taught[i]) {
            m->taught[i] = true;
            return &m->shapes[i];
        }
    return NULL;
}

size_t fast_in_columns(const struct fast_memory *m)
{
    return m->in_columns;
}

void fast_put_line(char to[FAST_LINE], const struct text_line *l)
{
    memset(to, 0, FAST_LINE);
    memcpy(to, l->p, l->n);
    memcpy(to + l->n, l->eol == EOL_CRLF ? "\r\n" : "\n", l->eol == EOL_CRLF ? 2 : 1);
}

/* Those of the columns from..end-1 that stand in a head, as bits. */
static uint64_t columns(unsigned from, unsigned end)
{
    const uint64_t before = from < HEAD_BYTES ? (UINT64_C(1) << from) - 1 : UINT64_MAX;
    const uint64_t to = end < HEAD_BYTES ? (UINT64_C(1) << end) - 1 : UINT64_MAX;
    return to & ~before;
}

/* The same, and the last bit for what stands behind the head. */
static uint64_t all_columns(unsigned from, unsigned end)
{
    const uint64_t behind = end > HEAD_BYTES ? UINT64_C(1) << (HEAD_BYTES - 1) : 0;
    return columns(from, end) | behind;
}

static void set_columns(struct fast_shape *s)
{
    unsigned at = KEY_BYTES;
    for (size_t i = 0; i < PLAIN_FIGURES; i++) {
        s->own[i] = all_columns(at, s->end[i]);
        s->blanks |= all_columns(at, at + 2);
        at = s->end[i];
    }
    s->fixed = s->end[0] < 16 ? UINT64_MAX : columns(0, KEY_BYTES) | columns(at, s->n);
}

bool fast_shape_of(struct fast_memory *m, const struct text_line *l,
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
    *s = (struct fast_shape){
        .row = *r, .n = n, .eol = l->eol, .known_layout = known_layout};
    m->known_layout[at] = known_layout;
    fast_put_line(s->line, l);
    memcpy(s->end, end, sizeof end);
    memcpy(s->spare, spare, sizeof spare);
    set_columns(s);
    return true;
}
