/* SPDX-License-Identifier: MIT */
#include "formats/debugger/poolused_line.h"

#include <string.h>

#include "formats/debugger/kd.h"
#include "formats/text/segment.h"

enum { FLAG_SESSION = 8 };

/* ---- one line ---- */

/* The gentlest repair under which the line says something. */
void used_read(const struct repair_style *style, const struct text_line *line,
               const struct used_layout *layout, struct repaired *mended,
               struct used_text *t)
{
    size_t skip = repair_prefix(style, line->p, line->n);
    mended->p = line->p + skip;
    mended->n = line->n - skip;
    mended->done = skip > 0 ? REPAIR_PREFIX : 0;
    if (used_parse(mended->p, mended->n, layout, t) && t->kind != USED_TORN)
        return;
    for (int markup = 0; markup <= 1; markup++) {
        struct repaired harder;
        repair_line(style, line->p, line->n, layout->one_byte, markup != 0, &harder);
        struct used_text again;
        if (harder.done == 0 || !used_parse(harder.p, harder.n, layout, &again) ||
            (again.kind == USED_TORN && t->kind == USED_TORN))
            continue;
        *t = again;
        *mended = harder;
        if (harder.p == harder.store)
            mended->p = mended->store;
        if (t->kind != USED_TORN)
            return;
    }
}

bool used_join(const struct repair_style *style, const struct text_line *rest,
               const struct used_layout *layout, struct repaired *mended,
               struct used_text *t)
{
    struct used_text other;
    struct repaired line;
    used_read(style, rest, layout, &line, &other);
    if (other.kind != USED_NONE || repair_blank(line.p, line.n) ||
        mended->n > REPAIR_LINE_MAX)
        return false;
    for (int blank = 0; blank <= 1; blank++) {
        struct repaired joined = {.n = mended->n, .done = mended->done};
        memcpy(joined.store, mended->p, mended->n);
        joined.p = joined.store;
        if (!repair_join(&joined, line.p, line.n, blank != 0))
            return false;
        if (!used_parse(joined.p, joined.n, layout, &other) ||
            (other.kind != USED_ROW && other.kind != USED_TOTAL))
            continue;
        *t = other;
        *mended = joined;
        mended->p = mended->store;
        return true;
    }
    return false;
}

/* ---- does a block begin here ---- */

/* Nearly all lines of other texts hold none of these words. */
static bool promising(const struct text_line *l)
{
    static const char *const words[] = {
        ['T'] = "Tag ", ['S'] = "Sorting by", ['N'] = "NonPaged", ['P'] = "Pool Used:"};
    for (size_t i = 0; i + 4 <= l->n && l->n < 400; i++) {
        const uint8_t c = (uint8_t)l->p[i];
        const char *word = c < sizeof words / sizeof words[0] ? words[c] : NULL;
        if (word != NULL && strlen(word) <= l->n - i &&
            memcmp(l->p + i, word, strlen(word)) == 0)
            return true;
    }
    return false;
}

void used_learn(const struct used_text *t, struct used_layout *layout)
{
    layout->glued |= t->kind == USED_HEADING;
    if (t->kind != USED_COLUMNS)
        return;
    layout->verbose = t->verbose;
    layout->tag_at = t->tag_at;
}

/* A line that carries nothing, also under the marks of a table or of HTML. */
static bool empty(const struct repair_style *style, const struct text_line *line)
{
    struct repaired r;
    repair_line(style, line->p, line->n, false, true, &r);
    return repair_blank(r.p, r.n) || repair_rule(r.p, r.n) || repair_elision(r.p, r.n);
}

/* The titles down to the columns, then a row, its sum, or nothing at all any more. */
int used_begins(const struct text_line *lines, size_t n)
{
    if (!promising(&lines[0]))
        return CLAIM_NONE;
    struct repair_style style;
    struct used_layout layout = {0};
    bool columns = false, other = false;
    repair_learn(lines, n, &style);
    for (size_t i = 0; i < n; i++) {
        struct repaired mended;
        struct used_text t;
        used_read(&style, &lines[i], &layout, &mended, &t);
        bool title = used_title(&t);
        if (columns && t.kind == USED_TORN && i + 1 < n)
            (void)used_join(&style, &lines[i + 1], &layout, &mended, &t);
        if (columns && (t.kind == USED_ROW || t.kind == USED_TOTAL))
            return CLAIM_SURE;
        if (title && !columns) {
            columns = t.kind == USED_COLUMNS;
            used_learn(&t, &layout);
            continue;
        }
        other |= t.kind != USED_NONE || !empty(&style, &lines[i]);
        if (other && !columns)
            return CLAIM_NONE;
    }
    return columns && !other ? CLAIM_SURE : CLAIM_NONE;
}

/* ---- the command ---- */

/* `/t10 2 "Nt*" ; remark`: options, flags, tag. */
static void read_arguments(const char *p, size_t n, size_t at, struct used_command *c)
{
    *c = (struct used_command){.seen = true};
    for (unsigned words = 0; at < n && words < 3;) {
        while (at < n && (p[at] == ' ' || p[at] == '"'))
            at++;
        size_t begin = at;
        while (at < n && p[at] != ' ' && p[at] != '"')
            at++;
        if (begin == at || p[begin] == ';' || p[begin] == '*' || p[begin] == '$')
            return;
        if (p[begin] == '/' || p[begin] == '-') {
            c->top |= begin + 1 < at && (p[begin + 1] == 't' || p[begin + 1] == 'T');
            continue;
        }
        size_t end = begin;
        uint64_t flags;
        if (words++ > 0)
            c->tagged = true;
        else if (p[begin] == '0' && begin + 2 < at && p[begin + 1] == 'x')
            c->session = p[at - 1] >= '8'; /* 0x8 to 0xf */
        else if (kd_number(p, at, &end, &flags) && end == at)
            c->session = (flags & FLAG_SESSION) != 0;
        else
            c->tagged = true;
    }
}

void used_read_lead(const struct buf *lead, struct used_command *command,
                    struct used_layout *layout, enum used_sort *sort)
{
    const struct repair_style bare = {.n = 0};
    const char *p;
    size_t n, args;
    for (size_t at = 0; kd_line(lead, &at, &p, &n);) {
        struct repaired line;
        struct used_text t;
        repair_line(&bare, p, n, layout->one_byte, true, &line);
        if (kd_command(line.p, line.n, "poolused", &args)) {
            *sort = SORTED_NOT;
            layout->glued = false;
            read_arguments(line.p, line.n, args, command);
        }
        if (used_parse(line.p, line.n, layout, &t) && t.kind == USED_SORT)
            *sort = t.sort;
        layout->glued |= t.kind == USED_HEADING;
    }
}
