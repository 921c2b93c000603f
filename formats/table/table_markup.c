/* SPDX-License-Identifier: MIT */
#include "formats/table/table_markup.h"

#include <string.h>

#include "formats/ascii.h"

enum { MARK_BYTES = 300 }; /* a longer one is none */

/* Length of the mark `<...>` at i, or 0. */
static size_t mark_length(const struct text_line *l, size_t i)
{
    if (l->p[i] != '<' || i + 1 == l->n)
        return 0;
    const char c = ascii_lower(l->p[i + 1]);
    if (c != '/' && c != '!' && (c < 'a' || c > 'z'))
        return 0;
    for (size_t k = i + 2; k < l->n && k - i < MARK_BYTES; k++)
        if (l->p[k] == '>')
            return k + 1 - i;
    return 0;
}

static bool named(const struct text_line *l, size_t i, const char *name)
{
    const size_t behind = i + strlen(name);
    return stands_in_any_case(l->p, l->n, i, name) && behind < l->n &&
           (l->p[behind] == '>' || l->p[behind] == ' ');
}

static bool spans(const struct text_line *l, size_t i, size_t n)
{
    for (size_t k = i; k < i + n; k++)
        if (stands_in_any_case(l->p, i + n, k, "span="))
            return true;
    return false;
}

void table_mend_markup(const struct text_line *l, bool one_byte, struct repaired *out)
{
    static const struct repair_style none = {0};
    size_t to = 0, len, rows = 0;
    bool spanned = false;
    out->p = l->p;
    out->n = l->n;
    out->done = 0;
    if (l->n > REPAIR_LINE_MAX)
        return;
    for (size_t i = 0; i < l->n; i += len) {
        if ((len = mark_length(l, i)) == 0) {
            if (l->p[i] != MARKUP_CELL)
                out->store[to++] = l->p[i];
            len = 1;
            continue;
        }
        if (named(l, i, "<td") || named(l, i, "<th")) {
            out->store[to++] = MARKUP_CELL;
            spanned |= spans(l, i, len);
        }
        rows += named(l, i, "<tr");
    }
    if (spanned || rows > 1) {
        out->store[0] = MARKUP_CELL;
        to = 1;
    }
    repair_line(&none, out->store, to, one_byte, false, out);
    out->done |= REPAIR_MARKUP;
}

bool table_markup_ends(const struct text_line *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i] == '<' && stands_in_any_case(l->p, l->n, i, "</table"))
            return true;
    return false;
}
