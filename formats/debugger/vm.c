/* SPDX-License-Identifier: MIT */
/* `!vm` of the kernel debugger, of two generations:
 *
 *     *** Virtual Memory Usage ***                        no such line since Windows 8
 *             Physical Memory:     16270   (   65080 Kb)
 *             Page File: \??\C:\pagefile.sys
 *                Current:     98304Kb Free Space:     61044Kb
 *             NonPagedPool Usage:    877   (    3508 Kb)
 *
 *     Physical Memory:           524157 (    2096628 Kb)
 *     NonPagedPool Usage:             0 (          0 Kb)
 *     NonPagedPoolNx Usage:       14108 (      56432 Kb)  the larger part since Windows 8
 *     PagedPool Commit:  18446735300397918280 (18446708980463018272 Kb)
 *
 * Pages times the page size give the Kb: that is the check digit.  Figures near 2^64 are
 * negative ones.  Beside a `!poolused` table the totals belong to that capture; alone
 * they are a record of totals.  Known from Microsoft's pages on !vm
 * (MicrosoftDocs/windows-driver-docs) and published debugger logs. */
#include "formats/debugger/vm.h"

#include <stdlib.h>
#include <string.h>

#include "formats/ascii.h"
#include "formats/debugger/kd.h"
#include "formats/text/repair.h"

enum { LABEL_MAX = 40, LINE_MAX_BYTES = 400 };

/* Lines that become totals; two of them make one. */
static const struct {
    const char *label;
    uint8_t field;
    bool pool; /* proof enough on one line */
} kept[] = {
    {"Physical Memory", TOTAL_MEMORY_KIB, false},
    {"Available Pages", TOTAL_AVAIL_KIB, false},
    {"Committed pages", TOTAL_COMMIT_KIB, false},
    {"Commit limit", TOTAL_LIMIT_KIB, false},
    {"NonPagedPool Usage", TOTAL_NONPAGED_KIB, true},
    {"NonPagedPoolNx Usage", TOTAL_NONPAGED_KIB, true},
    {"NonPagedPool Max", TOTAL_NONPAGED_LIMIT_KIB, true},
    {"PagedPool Usage", TOTAL_PAGED_KIB, true},
    {"PagedPool Maximum", TOTAL_PAGED_LIMIT_KIB, true},
};
enum { KEPT = sizeof kept / sizeof kept[0], KEPT_USAGE = 4, KEPT_NX = 5 };

enum vm_kind { VM_NONE, VM_BANNER, VM_FIGURE, VM_OTHER };

struct vm_text {
    enum vm_kind kind;
    const char *label;
    int label_n;
    int which; /* in kept, or -1 */
    uint64_t pages, kib;
};

struct vm {
    struct pool_snapshot *s;
    struct repair_style style;
    bool one_byte;
    unsigned noted;
    unsigned seen, good; /* bits 1 << index in kept */
    uint64_t page_kib;   /* 0 = no line has told it yet */
    uint64_t v[KEPT];
    uint64_t last_line;
};

/* ---- one line ---- */

/* `( n Kb)` at `at`, and nothing behind it. */
static bool kib_group(const char *p, size_t n, size_t at, uint64_t *kib)
{
    if (at == n || p[at] != '(')
        return false;
    at = skip_blanks(p, n, at + 1);
    if (!kd_number(p, n, &at, kib))
        return false;
    at = skip_blanks(p, n, at);
    return n - at >= 3 && memcmp(p + at, "Kb)", 3) == 0 && skip_blanks(p, n, at + 3) == n;
}

static bool figure_line(const char *p, size_t n, struct vm_text *t)
{
    const size_t begin = skip_blanks(p, n, 0);
    size_t colon = begin;
    while (colon < n && colon - begin < LABEL_MAX && p[colon] != ':' && p[colon] != '(')
        colon++;
    if (colon == n || p[colon] != ':' || !ascii_letter(p[begin]))
        return false;
    size_t at = skip_blanks(p, n, colon + 1);
    if (!kd_number(p, n, &at, &t->pages) ||
        !kib_group(p, n, skip_blanks(p, n, at), &t->kib))
        return false;
    t->label = p + begin;
    t->label_n = (int)(colon - begin);
    t->which = -1;
    for (int i = 0; i < KEPT; i++)
        if (strlen(kept[i].label) == colon - begin &&
            memcmp(kept[i].label, t->label, colon - begin) == 0)
            t->which = i;
    return true;
}

/* Page files, warnings, percentages, processes: `0b24 svchost.exe  1234 ( 4936 Kb)`. */
static bool other_line(const char *p, size_t n)
{
    static const char *const signs[] = {"Page File: ", "No Name for Paging File",
                                        "Pool Usage :", "Syspart SharedCommit ",
                                        "Pool Usage *****"};
    uint64_t kib;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (text_holds(p, n, signs[i]))
            return true;
    size_t at = skip_blanks(p, n, 0);
    if (n - at >= 8 &&
        (memcmp(p + at, "Current:", 8) == 0 || memcmp(p + at, "Minimum:", 8) == 0))
        return text_holds(p, n, "Kb");
    if (n - at >= 6 && memcmp(p + at, "******", 6) == 0)
        return true;
    const char *group = memchr(p, '(', n);
    return group != NULL && kib_group(p, n, (size_t)(group - p), &kib);
}

static enum vm_kind parse(const char *p, size_t n, struct vm_text *t)
{
    static const char *const banner[] = {"***",   "Virtual", "Memory",
                                         "Usage", "***",     NULL};
    static const char *const bare[] = {"Virtual", "Memory", "Usage", NULL};
    *t = (struct vm_text){.kind = VM_NONE};
    if (n > LINE_MAX_BYTES)
        return VM_NONE;
    if (figure_line(p, n, t))
        t->kind = VM_FIGURE;
    else if (kd_words(p, n, banner) || kd_words(p, n, bare))
        t->kind = VM_BANNER;
    else if (other_line(p, n))
        t->kind = VM_OTHER;
    return t->kind;
}

static void read_line(const struct repair_style *style, const struct text_line *line,
                      bool one_byte, struct repaired *mended, struct vm_text *t)
{
    /* The old generation indents with a tab. */
    size_t skip = repair_prefix(style, line->p, line->n);
    mended->p = line->p + skip;
    mended->n = line->n - skip;
    mended->done = skip > 0 ? REPAIR_PREFIX : 0;
    while (mended->n > 0 && (*mended->p == ' ' || *mended->p == '\t')) {
        mended->p++;
        mended->n--;
    }
    if (parse(mended->p, mended->n, t) != VM_NONE)
        return;
    for (int markup = 0; markup <= 1; markup++) {
        repair_line(style, line->p, line->n, one_byte, markup != 0, mended);
        if (parse(mended->p, mended->n, t) != VM_NONE)
            return;
    }
}

/* Pages are of 4 KiB, on Itanium of 8; 0 when the line does not prove itself. */
static uint64_t page_kib(const struct vm_text *t)
{
    uint64_t kib;
    for (uint64_t size = 4; size <= 8; size *= 2)
        if (t->pages > 0 && mul_u64(t->pages, size, &kib) && kib == t->kib)
            return size;
    return 0;
}

/* ---- does a block begin here ---- */

/* A line of a pool that proves itself, or another one beside a line of this kind. */
static int begins(const struct text_line *lines, size_t n)
{
    const struct text_line *l = &lines[0];
    if (!text_holds(l->p, l->n < LINE_MAX_BYTES ? l->n : 0, "Kb)") &&
        !text_holds(l->p, l->n < LINE_MAX_BYTES ? l->n : 0, "Virtual Memory Usage"))
        return CLAIM_NONE;
    struct repair_style style;
    repair_learn(lines, n, &style);
    unsigned proofs = 0, figures = 0;
    for (size_t i = 0; i < n; i++) {
        struct repaired mended;
        struct vm_text t;
        read_line(&style, &lines[i], false, &mended, &t);
        const bool known = t.kind == VM_FIGURE && t.which >= 0;
        if (i == 0 && !known && t.kind != VM_BANNER)
            return CLAIM_NONE;
        const bool proved = t.kind == VM_FIGURE && page_kib(&t) != 0;
        figures += proved;
        if (t.kind != VM_FIGURE)
            proofs += t.kind != VM_NONE;
        else if (proved)
            proofs += known && kept[t.which].pool ? 2 : 1;
        if (proofs >= 2 && figures >= 1)
            return CLAIM_SURE;
    }
    return CLAIM_NONE;
}

/* ---- a block ---- */

static int open_reader(void **ctx, struct err *e)
{
    struct vm *m = calloc(1, sizeof *m);
    if (m == NULL)
        return err_nomem(e);
    *ctx = m;
    return 0;
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct vm *m = ctx;
    *m = (struct vm){.s = s, .one_byte = b->text.one_byte, .last_line = s->line};
    s->record = RECORD_TOTALS;
    return kd_clock(b->lead, s, e);
}

static int take_figure(struct vm *m, const struct vm_text *t, uint64_t line,
                       struct err *e)
{
    if (kd_negative(t->pages) || kd_negative(t->kib))
        return note_add(&m->s->notes, e, NOTE_NEGATIVE_FIGURE, line,
                        "%.*s is below zero and was dropped", t->label_n, t->label);
    const uint64_t size = page_kib(t);
    if (m->page_kib == 0)
        m->page_kib = size;
    if (t->which < 0)
        return 0;
    m->seen |= 1u << t->which;
    if (t->pages == 0 ? t->kib != 0 : size == 0 || size != m->page_kib)
        return note_add(&m->s->notes, e, NOTE_HEADER_DAMAGED, line,
                        "%.*s: pages times page size do not give the Kb", t->label_n,
                        t->label);
    m->good |= 1u << t->which;
    m->v[t->which] = t->kib;
    return 0;
}

static int feed(void *ctx, const struct text_line *line, struct text *ahead,
                struct err *e)
{
    struct vm *m = ctx;
    struct repaired mended;
    struct vm_text t;
    if (line->number == m->s->line) {
        struct text_line lines[1 + TEXT_LOOKAHEAD];
        const int n = text_lines(ahead, line, lines, e);
        if (n < 0)
            return n;
        repair_learn(lines, (size_t)n, &m->style);
    }
    read_line(&m->style, line, m->one_byte, &mended, &t);
    if (t.kind == VM_NONE)
        return FEED_OTHER;
    if (t.kind == VM_BANNER && m->seen != 0)
        return FEED_NEXT;
    if (t.kind == VM_FIGURE && t.which >= 0 && (m->seen & 1u << t.which))
        return FEED_NEXT;
    if (t.kind == VM_FIGURE)
        TRY(take_figure(m, &t, line->number, e));
    m->last_line = line->number;
    TRY(repair_note(&m->s->notes, mended.done, &m->noted, line->number, e));
    return FEED_MINE;
}

/* NonPagedPoolNx adds to NonPagedPool; where its line was damaged the sum is unknown. */
static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct vm *m = ctx;
    struct pool_totals *to = &m->s->totals;
    (void)b;
    for (int i = 0; i < KEPT; i++) {
        const bool part = i == KEPT_USAGE && (m->seen & ~m->good & 1u << KEPT_NX);
        if (i == KEPT_NX || !(m->good & 1u << i) || part)
            continue;
        to->given |= 1u << kept[i].field;
        to->v[kept[i].field] = m->v[i];
    }
    if (m->good & 1u << KEPT_NX && to->given & 1u << TOTAL_NONPAGED_KIB)
        to->v[TOTAL_NONPAGED_KIB] += m->v[KEPT_NX]; /* both below 2^63 */
    const uint32_t both = 1u << TOTAL_NONPAGED_KIB | 1u << TOTAL_PAGED_KIB;
    if ((to->given & both) != both) {
        m->s->completeness = COMPLETE_CUT;
        TRY(note_add(&m->s->notes, e, NOTE_CUT, m->last_line,
                     "the totals of one pool or of both are missing"));
    }
    m->s = NULL;
    return 0;
}

static bool remark(const struct text_line *l, struct text_remark *r)
{
    struct vm_text t;
    size_t at = skip_blanks(l->p, l->n, 0);
    if (l->n > LINE_MAX_BYTES || parse(l->p, l->n, &t) == VM_NONE)
        return false;
    (void)r;
    return t.kind == VM_BANNER || (t.kind == VM_OTHER && l->p[at] != '*');
}

const struct text_format vm_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .remark = remark,
    .close = free,
    .supplements = "poolused",
};
