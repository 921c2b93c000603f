/* SPDX-License-Identifier: MIT */
/* Four bytes, wherever they are in the file: one pass in windows, so that memory does not
 * depend on the file. */
#include "formats/pe/image.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_BYTES ((size_t)256 * 1024)
#define JUDGED_MOST  200000 /* hits of a needle that are looked at closely */
#define LOOKUPS_MOST 4096   /* reads elsewhere in the file */
#define TEXT_LEAST   7      /* printable bytes in a row, the four among them */

struct scan {
    const struct pe_file *f;
    struct pe_stretch stretches[PE_STRETCHES];
    size_t n_stretches;
    const struct pool_tag *needles;
    struct pe_hits *hits;
    uint64_t *counts; /* by needle, then section */
    uint64_t *judged; /* by needle */
    unsigned lookups;
};

static bool printable(uint8_t c)
{
    return c >= 0x20 && c <= 0x7e;
}

/* Words hold four letters by chance; a tag stands alone, or in a table of nothing but
 * tags, which then begins, ends and counts in fours. */
static bool inside_text(const struct pe_window *w, size_t i)
{
    size_t from = i, to = i;
    size_t least = i > PE_BEFORE ? i - PE_BEFORE : 0;
    size_t most = w->n - i > PE_BEFORE ? i + PE_BEFORE : w->n;
    while (to < most && printable(w->p[to]))
        to++;
    if (to < i + 4)
        return false; /* no text itself */
    while (from > least && printable(w->p[from - 1]))
        from--;
    bool in_fours =
        (w->at + from) % 4 == 0 && (w->at + i) % 4 == 0 && (to - from) % 4 == 0;
    return to - from >= TEXT_LEAST && !in_fours;
}

/* Files made of nothing but hits are counted, but no longer judged. */
static void count_hit(struct scan *s, size_t needle, const struct pe_stretch *where,
                      const struct pe_window *w, size_t i)
{
    struct pe_hits *h = &s->hits[needle];
    h->at[where->place]++;
    if (where->section < PE_SECTIONS)
        s->counts[needle * PE_SECTIONS + where->section]++;
    if (s->judged[needle]++ >= JUDGED_MOST)
        return;
    bool x86 = s->f->machine == PE_X86 || s->f->machine == PE_X64;
    if (where->place == PE_CODE && x86 && code_is_immediate(w, i)) {
        h->immediate++;
        h->before_call += code_calls_allocator(s->f, &s->f->sections[where->section], w,
                                               i, &s->lookups);
    } else {
        h->text[where->place] += inside_text(w, i);
    }
}

/* ---- windows ---- */

/* Steps to the stretch that holds this offset. */
static const struct pe_stretch *stretch_of(const struct scan *s, size_t *k, uint64_t at)
{
    while (*k + 1 < s->n_stretches && s->stretches[*k].end <= at)
        (*k)++;
    return &s->stretches[*k];
}

static void scan_bytes(struct scan *s, size_t needle, size_t stretch,
                       const struct pe_window *w, size_t from, size_t to)
{
    uint32_t wanted = le32(s->needles[needle].b);
    for (size_t i = from; i < to && i + 4 <= w->n; i++)
        if (le32(w->p + i) == wanted)
            count_hit(s, needle, stretch_of(s, &stretch, w->at + i), w, i);
}

static void scan_arm64(struct scan *s, size_t needle, size_t stretch,
                       const struct pe_window *w, size_t from, size_t to)
{
    uint32_t wanted = le32(s->needles[needle].b);
    size_t skew = (size_t)((w->at + from) % 4);
    for (size_t i = from + (4 - skew) % 4; i < to; i += 4) {
        if (!code_is_arm64_pair(w, i, wanted))
            continue;
        const struct pe_stretch *where = stretch_of(s, &stretch, w->at + i);
        if (where->place != PE_CODE)
            continue;
        s->hits[needle].at[PE_CODE]++;
        s->hits[needle].immediate++;
        s->counts[needle * PE_SECTIONS + where->section]++;
    }
}

/* Hits that begin in [at, at + WINDOW_BYTES). */
static int scan_window(struct scan *s, size_t n, uint64_t at, uint8_t *bytes,
                       struct err *e)
{
    size_t before = at < PE_BEFORE ? (size_t)at : PE_BEFORE;
    ptrdiff_t got =
        spool_read(s->f->bytes, at - before, bytes, before + WINDOW_BYTES + PE_AFTER, e);
    if (got < 0)
        return (int)got;
    struct pe_window w = {.p = bytes, .n = (size_t)got, .at = at - before};
    size_t to = before + WINDOW_BYTES < w.n ? before + WINDOW_BYTES : w.n;
    size_t stretch = 0;
    (void)stretch_of(s, &stretch, at);
    for (size_t k = 0; k < n && to > before; k++) {
        scan_bytes(s, k, stretch, &w, before, to);
        if (s->f->machine == PE_ARM64)
            scan_arm64(s, k, stretch, &w, before, to);
    }
    return 0;
}

/* The first sections that hold any. */
static void tell_sections(const struct scan *s, size_t needle)
{
    struct pe_hits *h = &s->hits[needle];
    for (size_t i = 0; i < s->n_stretches; i++) {
        size_t k = s->stretches[i].section;
        if (k == PE_SECTIONS || h->n_sections == PE_TOLD)
            continue;
        uint64_t *count = &s->counts[needle * PE_SECTIONS + k];
        if (*count == 0)
            continue;
        struct pe_section_hits *told = &h->sections[h->n_sections++];
        memcpy(told->name, s->f->sections[k].name, sizeof told->name);
        told->place = s->stretches[i].place;
        told->count = *count;
        *count = 0; /* a section cut in two is told once */
    }
}

int pe_scan(const struct pe_file *f, const struct pool_tag *needles, size_t n,
            struct pe_hits *hits, struct err *e)
{
    struct scan s = {.f = f, .needles = needles, .hits = hits, .lookups = LOOKUPS_MOST};
    s.counts = calloc(n > 0 ? n : 1, (PE_SECTIONS + 1) * sizeof *s.counts);
    const size_t window = f->size < WINDOW_BYTES ? (size_t)f->size : WINDOW_BYTES;
    uint8_t *bytes = malloc(PE_BEFORE + window + PE_AFTER);
    int r = s.counts == NULL || bytes == NULL ? err_nomem(e) : 0;
    if (r == 0) {
        s.judged = s.counts + n * PE_SECTIONS;
        s.n_stretches = pe_stretches(f, s.stretches);
        memset(hits, 0, n * sizeof *hits);
    }
    for (uint64_t at = 0; r == 0 && at < f->size; at += WINDOW_BYTES)
        r = scan_window(&s, n, at, bytes, e);
    for (size_t i = 0; r == 0 && i < n; i++)
        tell_sections(&s, i);
    free(s.counts);
    free(bytes);
    return r < 0 ? r : pe_fault(f, e);
}
