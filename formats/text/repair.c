/* SPDX-License-Identifier: MIT */
#include "formats/text/repair.h"

#include <string.h>

#include "formats/ascii.h"

/* ---- characters ---- */

/* Length in bytes of the odd blank at i, or 0; *width tells how many blanks it is. */
static size_t odd_blank(const char *p, size_t n, size_t i, bool one_byte, size_t *width)
{
    const uint8_t *u = (const uint8_t *)p + i;
    *width = 1;
    if (u[0] == '\t' || u[0] == '\v' || u[0] == '\f')
        return 1;
    if (one_byte)
        return u[0] == 0xa0 ? 1 : 0;
    if (n - i >= 2 && u[0] == 0xc2 && u[1] == 0xa0)
        return 2;
    if (n - i < 3)
        return 0;
    unsigned c = (u[0] & 0x0fu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu);
    if ((u[0] & 0xf0) != 0xe0)
        return 0;
    if ((c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000)
        return 3;
    *width = 0;
    return c == 0x200b || c == 0x200e || c == 0x200f || c == 0xfeff || c == 0x2060 ? 3
                                                                                   : 0;
}

static size_t mend_blanks(char *p, size_t n, bool one_byte, unsigned *done)
{
    size_t to = 0;
    for (size_t i = 0; i < n;) {
        size_t width, len = 0;
        if ((uint8_t)p[i] >= 0x80 || (uint8_t)p[i] < 0x20)
            len = odd_blank(p, n, i, one_byte, &width);
        if (len == 0) {
            p[to++] = p[i++];
            continue;
        }
        if (width > 0)
            p[to++] = ' ';
        i += len;
        *done |= REPAIR_BLANKS;
    }
    return to;
}

/* Value of the entity `&...;` in [i, n), 0 when it is none; *len its length. */
static unsigned entity_value(const char *p, size_t n, size_t i, size_t *len)
{
    static const struct {
        const char *name;
        unsigned value;
    } names[] = {{"nbsp", ' '}, {"lt", '<'},   {"gt", '>'},
                 {"amp", '&'},  {"quot", '"'}, {"apos", '\''},
                 {"ensp", ' '}, {"emsp", ' '}, {"thinsp", ' '}};
    size_t end = i + 1;
    while (end < n && end - i <= 8 && p[end] != ';')
        end++;
    if (end == n || p[end] != ';')
        return 0;
    *len = end + 1 - i;
    const char *word = p + i + 1;
    size_t word_n = end - i - 1;
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        if (text_is(word, word_n, names[k].name))
            return names[k].value;
    if (word_n < 2 || word[0] != '#')
        return 0;
    bool hex = ascii_lower(word[1]) == 'x';
    unsigned v = 0;
    for (size_t k = hex ? 2 : 1; k < word_n; k++) {
        char c = ascii_lower(word[k]);
        if (!ascii_digit(c) && !(hex && c >= 'a' && c <= 'f'))
            return 0;
        v = v * (hex ? 16 : 10) + (unsigned)(ascii_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return v;
}

static size_t mend_entities(char *p, size_t n, bool one_byte, unsigned *done)
{
    size_t to = 0;
    for (size_t i = 0; i < n;) {
        size_t len = 0;
        unsigned v = p[i] == '&' ? entity_value(p, n, i, &len) : 0;
        if (v == 0xa0 || (v >= 0x2000 && v <= 0x200a))
            v = ' ';
        if (v < 0x20 || v > 0xff) {
            p[to++] = p[i++];
            continue;
        }
        if (v < 0x80 || one_byte) {
            p[to++] = (char)v;
        } else {
            p[to++] = (char)(0xc0 | v >> 6);
            p[to++] = (char)(0x80 | (v & 0x3f));
        }
        i += len;
        *done |= REPAIR_ENTITIES;
    }
    return to;
}

/* ---- markup ---- */

/* Length of an HTML tag at i (`<br>`, `</pre>`, `<p class="x">`), or 0. */
static size_t html_tag(const char *p, size_t n, size_t i)
{
    static const char *const names[] = {"br",         "pre",  "p",    "div",   "span",
                                        "code",       "tt",   "td",   "tr",    "th",
                                        "b",          "i",    "li",   "table", "tbody",
                                        "blockquote", "samp", "font", "html",  "body"};
    size_t at = i + 1;
    if (at < n && p[at] == '/')
        at++;
    char name[12];
    size_t k = 0;
    while (at < n && k < sizeof name && ascii_lower(p[at]) >= 'a' &&
           ascii_lower(p[at]) <= 'z')
        name[k++] = ascii_lower(p[at++]);
    bool known = false;
    for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
        known |= text_is(name, k, names[j]);
    if (!known)
        return 0;
    while (at < n && at - i < 200 && p[at] != '>')
        at++;
    return at < n && p[at] == '>' ? at + 1 - i : 0;
}

static size_t mend_html(char *p, size_t n, unsigned *done)
{
    size_t to = 0;
    for (size_t i = 0; i < n;) {
        size_t len = p[i] == '<' ? html_tag(p, n, i) : 0;
        if (len == 0) {
            p[to++] = p[i++];
            continue;
        }
        /* A table cell parts two figures. */
        if (len >= 4 && ascii_lower(p[i + 1]) == 't' && ascii_lower(p[i + 2]) == 'd')
            p[to++] = ' ';
        i += len;
        *done |= REPAIR_MARKUP;
    }
    return to;
}

static size_t mend_marks(char *p, size_t n, unsigned *done)
{
    size_t to = 0, i = 0;
    while (i < n && p[i] == ' ')
        i++;
    bool heading = i < n && p[i] == '#';
    for (i = 0; i < n; i++) {
        if (p[i] == '`' || (p[i] == '*' && i + 1 < n && p[i + 1] == '*') ||
            (p[i] == '*' && i > 0 && p[i - 1] == '*')) {
            *done |= REPAIR_MARKUP;
            continue;
        }
        bool mark = p[i] == '|' || (heading && p[i] == '#');
        heading = heading && (p[i] == '#' || p[i] == ' ');
        if (mark)
            *done |= REPAIR_MARKUP;
        p[to++] = mark ? ' ' : p[i];
    }
    return to;
}

/* ---- lines ---- */

static bool looks_odd(const char *p, size_t n, bool markup)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)p[i];
        if (c >= 0x80 || c < 0x20 || c == '&')
            return true;
        if (markup && (c == '<' || c == '|' || c == '`' || c == '*' || c == '#'))
            return true;
    }
    return false;
}

void repair_line(const struct repair_style *style, const char *p, size_t n, bool one_byte,
                 bool markup, struct repaired *out)
{
    out->p = p;
    out->n = n;
    out->done = 0;
    if (n > REPAIR_LINE_MAX)
        return;
    size_t skip = repair_prefix(style, p, n);
    if (skip > 0) {
        out->p += skip;
        out->n -= skip;
        out->done |= REPAIR_PREFIX;
    }
    if (!looks_odd(out->p, out->n, markup))
        return;
    char *s = out->store;
    memmove(s, out->p, out->n);
    size_t k = out->n;
    k = mend_entities(s, k, one_byte, &out->done);
    k = mend_blanks(s, k, one_byte, &out->done);
    if (markup) {
        k = mend_html(s, k, &out->done);
        k = mend_marks(s, k, &out->done);
    }
    if ((skip = repair_prefix(style, s, k)) > 0 && !(out->done & REPAIR_PREFIX)) {
        memmove(s, s + skip, k - skip); /* `&gt; ` */
        k -= skip;
        out->done |= REPAIR_PREFIX;
    }
    out->p = s;
    out->n = k;
}

bool repair_join(struct repaired *out, const char *rest, size_t n, bool blank)
{
    if (out->n + n + 1 > REPAIR_LINE_MAX)
        return false;
    memmove(out->store, out->p, out->n);
    if (blank)
        out->store[out->n++] = ' ';
    memcpy(out->store + out->n, rest, n);
    out->n += n;
    out->p = out->store;
    out->done |= REPAIR_JOINED;
    return true;
}

/* ---- lines that carry nothing ---- */

bool repair_blank(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != ' ' && p[i] != '\t')
            return false;
    return true;
}

bool repair_elision(const char *p, size_t n)
{
    static const char *const words[] = {"snip", "snipped", "cut",       "more",
                                        "etc",  "omitted", "truncated", "continued"};
    char word[16];
    size_t letters = 0, dots = 0;
    for (size_t i = 0; i < n; i++) {
        char c = ascii_lower(p[i]);
        if (c >= 'a' && c <= 'z') {
            if (letters == sizeof word)
                return false;
            word[letters++] = c;
        } else if (c == '.') {
            dots++;
        } else if (n - i >= 3 && memcmp(p + i, "\xe2\x80\xa6", 3) == 0) {
            dots += 3;
            i += 2;
        } else if (memchr(" \t[](){}<>-=~*", c, 14) == NULL) {
            return false;
        }
    }
    if (letters == 0)
        return dots >= 2;
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
        if (text_is(word, letters, words[k]))
            return true;
    return false;
}

bool repair_rule(const char *p, size_t n)
{
    size_t marks = 0;
    while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
        n--;
    size_t i = 0;
    while (i < n && p[i] == ' ')
        i++;
    if (n - i >= 3 && (memcmp(p + i, "```", 3) == 0 || memcmp(p + i, "~~~", 3) == 0))
        return true;
    for (; i < n; i++) {
        if (memchr("-=_+|: ", p[i], 7) == NULL)
            return false;
        marks += p[i] == '-' || p[i] == '=' || p[i] == '_';
    }
    return marks >= 3;
}

int repair_note(struct note_list *notes, unsigned done, unsigned *noted, uint64_t line,
                struct err *e)
{
    static const struct {
        unsigned kind;
        enum note_code code;
    } table[] = {{REPAIR_PREFIX, NOTE_PREFIX},
                 {REPAIR_ENTITIES, NOTE_ENTITIES},
                 {REPAIR_BLANKS, NOTE_BLANKS},
                 {REPAIR_MARKUP, NOTE_MARKUP},
                 {REPAIR_GROUPS, NOTE_SEPARATORS}};
    unsigned fresh = done & ~*noted;
    *noted |= done;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (fresh & table[i].kind)
            TRY(note_add(notes, e, table[i].code, line, "%s", ""));
    return 0;
}
