/* SPDX-License-Identifier: MIT */
/* Figures as a spreadsheet or a script prints them: `1,234,567`, `1.234.567`. */
#include <string.h>

#include "formats/ascii.h"
#include "formats/text/repair.h"

/* Length of the separator at i, or 0.  A blank of the thin kind or one that does not
 * break: the plain one parts figures. */
static size_t separator(const char *p, size_t n, size_t i, char mark, bool one_byte)
{
    static const char *const blanks[] = {"\xc2\xa0", "\xe2\x80\x87", "\xe2\x80\x89",
                                         "\xe2\x80\xaf"};
    if (mark != ' ')
        return i < n && p[i] == mark ? 1 : 0;
    if (one_byte)
        return i < n && (uint8_t)p[i] == 0xa0 ? 1 : 0;
    for (size_t k = 0; k < sizeof blanks / sizeof *blanks; k++)
        if (stands_at(p, n, i, blanks[k]))
            return strlen(blanks[k]);
    return 0;
}

static size_t digits_at(const char *p, size_t n, size_t i)
{
    size_t k = 0;
    while (i + k < n && ascii_digit(p[i + k]))
        k++;
    return k;
}

/* Length of the figure in groups of three that begins at i, or 0. */
static size_t grouped(const char *p, size_t n, size_t i, char mark, bool one_byte)
{
    size_t k = digits_at(p, n, i), end = i + k, len;
    if (k == 0 || k > 3 || p[i] == '0')
        return 0;
    while ((len = separator(p, n, end, mark, one_byte)) > 0 &&
           (k = digits_at(p, n, end + len)) > 0) {
        if (k != 3)
            return 0;
        end += len + 3;
    }
    return end > i + 3 ? end - i : 0;
}

bool repair_groups(const struct repair_style *style, const char *p, size_t n, char mark,
                   bool one_byte, bool markup, struct repaired *out)
{
    static const struct repair_style none = {0};
    if (n > REPAIR_LINE_MAX)
        return false;
    const size_t from = repair_prefix(style, p, n);
    char *to = out->store;
    size_t k = 0;
    bool any = false, owner = false;
    for (size_t i = from; i < n;) {
        owner |= p[i] == '['; /* what stands there is text */
        const bool inside =
            i > from && (ascii_digit(p[i - 1]) || (mark != ' ' && p[i - 1] == mark));
        size_t len = owner || inside ? 0 : grouped(p, n, i, mark, one_byte);
        any |= len > 0;
        if (len == 0)
            to[k++] = p[i++];
        for (; len > 0; len--, i++)
            if (ascii_digit(p[i]))
                to[k++] = p[i];
    }
    if (!any)
        return false;
    repair_line(&none, to, k, one_byte, markup, out);
    out->done |= REPAIR_GROUPS | (from > 0 ? REPAIR_PREFIX : 0u);
    return true;
}
