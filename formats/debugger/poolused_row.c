/* SPDX-License-Identifier: MIT */
#include "formats/debugger/poolused_row.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/debugger/kd.h"

enum { LINE_MAX_BYTES = 4096, TAG_CHARS = 4 };

/* Widths of the last field, and of the first one's narrowest. */
enum { FIRST_DIGITS = 10, LAST_OLD = 9, LAST_NEW = 13 };

/* True when figure i ends where its field, which begins at column `from`, does, or is too
 * wide for it.  The fields of the old verbose layout are not known. */
static bool keeps_column(const struct used_layout *l, unsigned i, size_t from,
                         size_t begin, size_t end)
{
    static const uint8_t old_widths[] = {9, 10, LAST_OLD};
    static const uint8_t new_widths[] = {13, 11, LAST_NEW};
    static const uint8_t verbose_widths[] = {12, 10, 13, 13, 12, 10, LAST_NEW};
    if (i == 0)
        return true;
    if (l->verbose && l->glued)
        return false;
    const uint8_t *widths = l->verbose ? verbose_widths
                            : l->glued ? old_widths
                                       : new_widths;
    const size_t width = end - from;
    return width == widths[i - 1] || (width > widths[i - 1] && begin == from + 1);
}

/* ---- titles ---- */

static bool sort_line(const char *p, size_t n, struct used_text *t)
{
    static const char *const by_tag[] = {"Sorting", "by", "Tag", NULL};
    static const char *const by_nonpaged[] = {"Sorting", "by",       "NonPaged",
                                              "Pool",    "Consumed", NULL};
    static const char *const by_paged[] = {"Sorting", "by",       "Paged",
                                           "Pool",    "Consumed", NULL};
    t->sort = kd_words(p, n, by_tag)        ? SORTED_TAG
              : kd_words(p, n, by_nonpaged) ? SORTED_NONPAGED
              : kd_words(p, n, by_paged)    ? SORTED_PAGED
                                            : SORTED_NOT;
    return t->sort != SORTED_NOT;
}

static enum used_kind title_kind(const char *p, size_t n, struct used_text *t)
{
    static const char *const heading[] = {"Pool", "Used:", NULL};
    static const char *const pools[] = {"NonPaged", "Paged", NULL};
    static const char *const columns_short[] = {"Tag",    "Allocs", "Used",
                                                "Allocs", "Used",   NULL};
    static const char *const columns_verbose[] = {"Tag",  "Allocs", "Frees", "Diff",
                                                  "Used", "Allocs", "Frees", "Diff",
                                                  "Used", NULL};
    /* as a window of 80 columns breaks them */
    static const char *const columns_broken[] = {"Tag",  "Allocs", "Frees", "Diff",
                                                 "Used", "Allocs", "Frees", NULL};
    size_t at = skip_blanks(p, n, 0);
    if (at == n || memchr("SPNT", p[at], 4) == NULL)
        return USED_NONE;
    if (sort_line(p, n, t))
        return USED_SORT;
    if (kd_words(p, n, heading))
        return USED_HEADING;
    if (kd_words(p, n, pools))
        return USED_POOLS;
    t->tag_at = (uint32_t)at;
    t->verbose = kd_words(p, n, columns_verbose) || kd_words(p, n, columns_broken);
    return t->verbose || kd_words(p, n, columns_short) ? USED_COLUMNS : USED_NONE;
}

/* ---- figures ---- */

/* The last figure, which stood behind column `from`: text may be glued to it. */
static bool last_figure(const char *p, size_t n, size_t from, bool in_columns,
                        const struct used_layout *l, size_t *at, uint64_t *v)
{
    const size_t edge = from + (l->glued ? LAST_OLD : LAST_NEW);
    const size_t begin = skip_blanks(p, n, from);
    size_t end = begin;
    while (end < n && ascii_digit(p[end]))
        end++;
    *at = begin;
    if (begin == from || begin == end)
        return false;
    const bool spaced = end < n && p[end] == ' ';
    const bool separated = end == n || p[end] == '\t';
    const bool overflows = begin == from + 1; /* wider than its field */
    size_t cut = end;
    if (p[begin] == '0' && end > begin + 1)
        cut = begin + 1; /* no figure begins with a zero */
    else if (in_columns && begin < edge && end > edge && !separated &&
             (!overflows || (spaced && l->glued)))
        cut = edge;
    else if (spaced && l->glued && !in_columns && end > begin + 1 &&
             skip_blanks(p, n, end) < n)
        return false; /* are these digits the figure, or the text's first word? */
    return kd_number(p, cut, at, v);
}

/* The place behind `1,234,567` at `at`, or 0.  No debugger prints marks between digits;
 * where somebody put them in, the digits before the first are no figure. */
static size_t past_groups(const char *p, size_t n, size_t at)
{
    const size_t first = at;
    size_t groups = 0;
    while (at < n && ascii_digit(p[at]))
        at++;
    if (at == first || at - first > 3)
        return 0;
    while (n - at > 3 && (p[at] == ',' || p[at] == '.' || p[at] == '\'') &&
           ascii_digit(p[at + 1]) && ascii_digit(p[at + 2]) && ascii_digit(p[at + 3])) {
        at += 4;
        groups++;
    }
    return groups > 0 && (at == n || p[at] == ' ' || p[at] == '\t') ? at : 0;
}

/* Reads all figures behind the tag; the count of those that could be read. */
static unsigned read_figures(const char *p, size_t n, size_t at,
                             const struct used_layout *l, struct used_text *t,
                             size_t *behind)
{
    const unsigned all = used_figures(l);
    bool in_columns = true, grouped = false;
    for (unsigned i = 0; i < all; i++) {
        const size_t from = at;
        const size_t past = past_groups(p, n, skip_blanks(p, n, from));
        if (past > 0) {
            grouped = true;
            at = past;
            continue;
        }
        if (i + 1 == all) {
            if (!last_figure(p, n, from, in_columns, l, &at, &t->fig[i]))
                return i;
            break;
        }
        at = skip_blanks(p, n, from);
        const size_t begin = at;
        if (!kd_number(p, n, &at, &t->fig[i]) || (p[begin] == '0' && at > begin + 1) ||
            (at < n && p[at] != ' '))
            return i;
        /* Only one that fills its field may touch the tag. */
        if (begin == from && (i > 0 || at - begin < FIRST_DIGITS))
            return i;
        in_columns &= keeps_column(l, i, from, begin, at);
    }
    *behind = at;
    return grouped ? all - 1 : all;
}

static void find_text(const char *p, size_t n, size_t at, struct used_text *t)
{
    while (at < n && (p[at] == ' ' || p[at] == '\t'))
        at++;
    while (n > at && (p[n - 1] == ' ' || p[n - 1] == '\t'))
        n--;
    t->text_at = (uint32_t)at;
    t->text_n = (uint32_t)(n - at);
}

/* ---- tag ---- */

/* Takes up to four characters at `at` as the tag and returns the place behind them, or 0.
 * Each character is one byte of the tag. */
static size_t take_tag(const char *p, size_t n, size_t at, size_t chars, bool one_byte,
                       struct used_text *t)
{
    uint8_t b[TAG_CHARS] = {' ', ' ', ' ', ' '};
    bool solid = false;
    t->uncertain = false;
    for (size_t k = 0; k < chars; k++) {
        if (at >= n)
            return 0;
        uint8_t c = (uint8_t)p[at++];
        if (c < 0x20 || c == 0x7f)
            return 0;
        if (c >= 0x80 && !one_byte) {
            /* U+0080..U+00FF stand for the bytes 80..ff, others for nothing. */
            if ((c & 0xfe) != 0xc2 || at >= n)
                return 0;
            c = (uint8_t)((c & 3) << 6 | ((uint8_t)p[at++] & 0x3f));
        }
        b[k] = c;
        solid |= c != ' ';
        t->uncertain |= c == '.';
    }
    if (!solid)
        return 0;
    memcpy(t->tag.b, b, sizeof b);
    return at;
}

/* A row whose tag field begins at column `at`, or whose tag is the word there; the count
 * of figures read, -1 when there is no tag. */
static int row_at(const char *p, size_t n, size_t at, bool word,
                  const struct used_layout *l, struct used_text *t)
{
    size_t chars = TAG_CHARS, behind = 0;
    if (word)
        for (chars = 0; chars < TAG_CHARS && at + chars < n && p[at + chars] != ' ';)
            chars++;
    size_t end = take_tag(p, n, at, chars, l->one_byte, t);
    if (end == 0 || end >= n || (p[end] != ' ' && !ascii_digit(p[end])))
        return -1;
    t->padded = word && chars < TAG_CHARS;
    unsigned figures = read_figures(p, n, end, l, t, &behind);
    if (figures == used_figures(l))
        find_text(p, n, behind, t);
    return (int)figures;
}

/* The tag stands below the word `Tag`, else in columns 1 to 4, or at the start where the
 * lead blank was lost; where runs of blanks were lost it is the first word. */
static enum used_kind row_kind(const char *p, size_t n, const struct used_layout *l,
                               struct used_text *t)
{
    const size_t first = skip_blanks(p, n, 0), usual = first > 0 ? 1 : 0;
    const struct {
        size_t at;
        bool word;
    } ways[] = {{l->tag_at > 1 ? l->tag_at : usual, false},
                {usual, false},
                {first, false},
                {first, true}};
    int most = 0;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (ways[i].at > first)
            continue;
        int figures = row_at(p, n, ways[i].at, ways[i].word, l, t);
        if (figures == (int)used_figures(l))
            return USED_ROW;
        most = figures > most ? figures : most;
    }
    return most >= 2 ? USED_TORN : USED_NONE;
}

static enum used_kind total_kind(const char *p, size_t n, const struct used_layout *l,
                                 struct used_text *t)
{
    size_t at = skip_blanks(p, n, 0), behind = 0;
    if (n - at < 6 || memcmp(p + at, "TOTAL ", 6) != 0)
        return USED_NONE;
    unsigned figures = read_figures(p, n, at + 5, l, t, &behind);
    if (figures < used_figures(l))
        return figures >= 2 ? USED_TORN : USED_NONE;
    return skip_blanks(p, n, behind) == n ? USED_TOTAL : USED_NONE;
}

bool used_parse(const char *p, size_t n, const struct used_layout *layout,
                struct used_text *t)
{
    *t = (struct used_text){.kind = USED_NONE};
    if (n == 0 || n > LINE_MAX_BYTES)
        return false;
    t->kind = title_kind(p, n, t);
    if (t->kind == USED_NONE)
        t->kind = total_kind(p, n, layout, t);
    if (t->kind == USED_NONE)
        t->kind = row_kind(p, n, layout, t);
    return t->kind != USED_NONE;
}

/* ---- tables that no debugger prints ---- */

/* A figure in decimal or hexadecimal digits. */
static bool figure_word(const char *p, size_t n, bool *hex)
{
    const bool marked = n > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
    *hex = marked;
    for (size_t i = marked ? 2 : 0; i < n; i++) {
        char c = p[i];
        bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!ascii_digit(c) && !(marked && letter) && c != '`')
            return false;
    }
    return n > 0;
}

bool used_invented(const char *p, size_t n)
{
    if (n > 200)
        return false;
    bool tag = false, paged = false, nonpaged = false, count = false;
    size_t words = 0, first = 0, figures = 0, hex = 0;
    for (size_t at = skip_blanks(p, n, 0); at < n; at = skip_blanks(p, n, at), words++) {
        size_t begin = at;
        while (at < n && p[at] != ' ' && p[at] != '\t')
            at++;
        const char *w = p + begin;
        const size_t len = at - begin;
        at += at < n && p[at] == '\t';
        tag |= words == 0 && text_is(w, len, "Tag");
        paged |= text_is(w, len, "Paged");
        nonpaged |= text_is(w, len, "NonPaged") || text_is(w, len, "Nonpaged");
        count |= text_is(w, len, "#Allocs") || text_is(w, len, "Allocs") ||
                 text_is(w, len, "Type");
        first = words == 0 ? len : first;
        bool is_hex = false;
        if (words > 0 && figures == words - 1 && figure_word(w, len, &is_hex))
            figures++;
        hex += is_hex;
    }
    return (tag && paged && nonpaged && count) ||
           (first <= TAG_CHARS && figures >= USED_SHORT_FIGURES && hex >= 2);
}
