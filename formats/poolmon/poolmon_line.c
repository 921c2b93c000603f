/* SPDX-License-Identifier: MIT */
#include "formats/poolmon/poolmon_line.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/text/segment.h"

/* ---- one line ---- */

static void classify_mended(struct line_text *t, bool one_byte)
{
    const char *p = t->mended.p;
    const size_t n = t->mended.n;
    t->kind = LINE_NONE;
    if (repair_blank(p, n) || repair_rule(p, n)) {
        t->kind = LINE_EMPTY;
    } else if (row_is_total(p, n)) {
        t->kind = LINE_TOTAL;
    } else if (head_parse(p, n, &t->head) != HEAD_NONE) {
        t->kind = LINE_HEAD;
    } else {
        t->shape = row_parse(p, n, one_byte, &t->row);
        if (t->shape == ROW_PROVED)
            t->kind = LINE_ROW;
        else if (t->shape != ROW_NONE)
            t->kind = LINE_TORN;
    }
}

void line_copy(struct line_text *to, const struct line_text *from)
{
    *to = *from;
    if (from->mended.p == from->mended.store)
        to->mended.p = to->mended.store;
}

/* A line with a row or a header on it may still carry something before them. */
bool line_bare(const struct line_text *t)
{
    if (t->kind == LINE_ROW)
        return !(t->row.doubts & ROW_LEAD);
    for (size_t i = 0; i < t->head.at; i++)
        if (t->mended.p[i] != ' ')
            return false;
    return true;
}

/* How much of the line is still in doubt; the smallest is the best reading. */
static int doubt(const struct line_text *t)
{
    switch (t->kind) {
    case LINE_NONE:
        return 100;
    case LINE_TORN:
        return 90;
    case LINE_HEAD:
        return t->head.missing + !line_bare(t);
    case LINE_ROW:
        return (t->row.doubts & (ROW_LEAD | ROW_REMARK | ROW_UNGLUED)) != 0;
    default:
        return 0;
    }
}

/* Every figure is there, and the proof is no empty one: no block is smaller than a byte.
 */
static bool proves_itself(const struct row_text *r)
{
    const uint64_t live = r->fig[FIG_LIVE].v, bytes = r->fig[FIG_BYTES].v;
    for (size_t i = 0; i < FIGURES; i++)
        if (r->fig[i].unknown)
            return false;
    return live == 0 ? bytes == 0 : bytes >= live;
}

/* Figures in groups of three, where the row then proves itself: a comma may also stand
 * before decimals. */
static void classify_groups(const struct repair_style *style, const char *p, size_t n,
                            bool one_byte, struct line_text *t)
{
    static const char marks[] = ",.' ";
    for (size_t i = 0; i < 2 * (sizeof marks - 1); i++) {
        struct line_text again;
        if (!repair_groups(style, p, n, marks[i / 2], one_byte, i % 2 != 0,
                           &again.mended))
            continue;
        classify_mended(&again, one_byte);
        if (doubt(&again) > 0 || again.kind != LINE_ROW || !proves_itself(&again.row))
            continue;
        line_copy(t, &again);
        return;
    }
}

/* The gentlest repair under which the line says most. */
void line_classify(const struct repair_style *style, const char *p, size_t n,
                   bool one_byte, struct line_text *t)
{
    repair_line(style, p, n, one_byte, false, &t->mended);
    classify_mended(t, one_byte);
    if (doubt(t) == 0)
        return;
    struct line_text again;
    repair_line(style, p, n, one_byte, true, &again.mended);
    if (again.mended.done & REPAIR_MARKUP) {
        classify_mended(&again, one_byte);
        if (doubt(&again) < doubt(t))
            line_copy(t, &again);
    }
    if (t->kind == LINE_TORN)
        classify_groups(style, p, n, one_byte, t);
}

/* ---- does a block begin here ---- */

static int confidence(const struct line_text *t)
{
    if (t->kind == LINE_HEAD)
        return t->head.kind == HEAD_TITLE ? CLAIM_ROW : CLAIM_SURE;
    return t->kind == LINE_ROW ? CLAIM_ROW : CLAIM_NONE;
}

/* Joins a wrapped line with its rest where that makes it a whole row or header. */
bool line_join(const struct repair_style *style, const struct text_line *rest,
               bool one_byte, struct line_text *t)
{
    struct line_text other;
    repair_line(style, rest->p, rest->n, one_byte, false, &other.mended);
    classify_mended(&other, one_byte);
    if (other.kind != LINE_NONE)
        return false;
    for (int blank = 0; blank <= 1; blank++) {
        struct line_text joined;
        line_copy(&joined, t);
        if (!repair_join(&joined.mended, other.mended.p, other.mended.n, blank != 0))
            return false;
        classify_mended(&joined, one_byte);
        bool whole = t->kind == LINE_HEAD
                         ? joined.kind == LINE_HEAD && joined.head.missing == 0
                         : joined.kind == LINE_ROW && !(joined.row.doubts & ROW_UNGLUED);
        if (!whole)
            continue;
        line_copy(t, &joined);
        return true;
    }
    return false;
}

bool line_wants_rest(const struct line_text *t)
{
    return t->kind == LINE_TORN || (t->kind == LINE_HEAD && t->head.missing > 0) ||
           (t->kind == LINE_ROW && (t->row.doubts & ROW_UNGLUED));
}

/* Cheap test that spares nearly all prose the rest: every line of a capture that could
 * begin it holds one of these words. */
bool line_promising(const struct text_line *l)
{
    static const char *const words[] = {"Page", "Memo", "Comm", "Tag", "pool"};
    static const char *const types[] = {"nonp", "paged"}; /* scripts change their case */
    for (size_t i = 0; i + 3 < l->n; i++) {
        const char c = l->p[i];
        if (c != 'N' && c != 'n' && c != 'P' && c != 'p' && c != 'M' && c != 'C' &&
            c != 'T')
            continue;
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (stands_at(l->p, l->n, i, words[k]))
                return true;
        for (size_t k = 0; k < sizeof types / sizeof *types; k++)
            if (stands_in_any_case(l->p, l->n, i, types[k]))
                return true;
    }
    return false;
}

/* True when a size with its unit stands on the line: `375 KB`, `12.2MiB`, `16K`. */
static bool has_unit(const char *p, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (!ascii_digit(p[i - 1]) || (p[i] != ' ' && !ascii_letter(p[i])))
            continue;
        size_t at = i + (p[i] == ' ');
        if (at == n || memchr("KMGTkmgt", p[at], 8) == NULL)
            continue;
        at++;
        at += at < n && (p[at] == 'i' || p[at] == 'I');
        at += at < n && (p[at] == 'b' || p[at] == 'B');
        if (at == n || !(ascii_letter(p[at]) || ascii_digit(p[at])))
            return true;
    }
    return false;
}

/* Titles up to Bytes, as a script or a person prints them: a rule, bars or units in the
 * cells say that it is no window whose last column was cut off.  No row of it would be
 * read here, for all of them want Per Alloc. */
static bool another_table(const struct repair_style *style, const struct text_line *lines,
                          size_t n, bool one_byte)
{
    size_t bars = 0;
    for (size_t i = 0; i < lines[0].n; i++)
        bars += lines[0].p[i] == '|';
    bool other = bars >= 6;
    for (size_t i = 1; i < n; i++) {
        struct line_text t;
        line_classify(style, lines[i].p, lines[i].n, one_byte, &t);
        if (t.kind == LINE_ROW || t.kind == LINE_HEAD)
            return false;
        other |= i == 1 && repair_rule(t.mended.p, t.mended.n) &&
                 !repair_blank(t.mended.p, t.mended.n);
        other |= t.kind == LINE_TORN && has_unit(t.mended.p, t.mended.n);
    }
    return other;
}

/* Recognises the first line, and the prefix that it shares with the next ones. */
int line_begins(const struct text_line *lines, size_t n, bool one_byte,
                struct repair_style *style)
{
    struct line_text t;
    *style = (struct repair_style){0};
    line_classify(style, lines[0].p, lines[0].n, one_byte, &t);
    bool intact = t.kind == LINE_ROW && t.row.type_at == 6 && lines[0].p[0] == ' ';
    if (!intact) {
        repair_learn(lines, n, style);
        if (style->n > 0 || style->numbered)
            line_classify(style, lines[0].p, lines[0].n, one_byte, &t);
    }
    if (line_wants_rest(&t) && n > 1)
        (void)line_join(style, &lines[1], one_byte, &t);
    if (confidence(&t) == CLAIM_NONE)
        return CLAIM_NONE;
    if (t.kind == LINE_HEAD && t.head.kind == HEAD_COLUMNS && t.head.missing > 0 &&
        another_table(style, lines, n, one_byte))
        return CLAIM_NONE;
    if (line_bare(&t))
        return confidence(&t);
    /* One line alone may carry marks before a key, as in `## Tag Type`. */
    bool numbered;
    const size_t marks =
        t.kind == LINE_HEAD ? repair_prefix_length(t.mended.p, t.mended.n, &numbered) : 0;
    return marks > 0 && repair_blank(t.mended.p + marks, t.head.at - marks)
               ? confidence(&t)
               : CLAIM_NONE;
}

/* ---- lines around a block ---- */

static bool starts(const struct text_line *l, const char *word)
{
    return stands_at(l->p, l->n, skip_blanks(l->p, l->n, 0), word);
}

bool line_remark(const struct text_line *l, struct text_remark *r)
{
    if (l->n > 200)
        return false;
    if (starts(l, "Query pooltags Failed")) {
        r->what = "poolmon's own refusal: pool tagging is off on that machine";
        r->hint = "switch it on with `gflags /r +ptg`, restart, and capture again "
                  "(always on from Windows Server 2003)";
        return true;
    }
    /* `PoolMon: No localtag.txt ...`, or a prompt: `C:\tools>poolmon -b`. */
    return starts(l, "PoolMon: ") || text_holds(l->p, l->n, ">poolmon") ||
           text_holds(l->p, l->n, "> poolmon");
}
