/* SPDX-License-Identifier: MIT */
#include "formats/poolmon/poolmon_head.h"

#include <string.h>

#include "formats/ascii.h"

struct key {
    const char *word;
    uint8_t field;
};

/* The two `P:` differ only by their line. */
static const struct key memory_keys[] = {{"Memory:", TOTAL_MEMORY_KIB},
                                         {"Avail:", TOTAL_AVAIL_KIB},
                                         {"PageFlts:", TOTAL_PAGE_FAULTS},
                                         {"InRam Krnl:", TOTAL_INRAM_KERNEL_KIB},
                                         {"P:", TOTAL_INRAM_PAGED_KIB}};
static const struct key commit_keys[] = {{"Commit:", TOTAL_COMMIT_KIB},
                                         {"Limit:", TOTAL_LIMIT_KIB},
                                         {"Peak:", TOTAL_PEAK_KIB},
                                         {"Pool N:", TOTAL_NONPAGED_KIB},
                                         {"P:", TOTAL_PAGED_KIB}};
enum { KEYS = 5 };

/* The place of the key from `from` on, or n. */
static size_t find_key(const char *p, size_t n, size_t from, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = from; i + len <= n; i++)
        if (p[i] == word[0] && memcmp(p + i, word, len) == 0 &&
            (i == 0 || p[i - 1] == ' ' || p[i - 1] == 'K' || ascii_digit(p[i - 1]) ||
             i == from))
            return i;
    return n;
}

/* Digits, and the K of all but PageFlts. */
static bool read_figure(const char *p, size_t n, size_t at, struct head_figure *f)
{
    f->after_colon = (uint32_t)at;
    at = skip_blanks(p, n, at);
    f->begin = (uint32_t)at;
    f->v = 0;
    f->unknown = at < n && p[at] == '-';
    at += f->unknown;
    while (at < n && !f->unknown && ascii_digit(p[at])) {
        if (f->v > (UINT64_MAX - 9) / 10)
            return false;
        f->v = f->v * 10 + (uint64_t)(p[at++] - '0');
    }
    f->end = (uint32_t)at;
    if (f->end == f->begin)
        return false;
    if (f->field == TOTAL_PAGE_FAULTS)
        return at == n || p[at] == ' ';
    return at < n && p[at] == 'K' && (at + 1 == n || !ascii_digit(p[at + 1]));
}

static void read_keys(const char *p, size_t n, const struct key *keys, size_t at,
                      struct head_text *h)
{
    h->at = (uint32_t)at;
    for (size_t k = 0; k < KEYS; k++) {
        size_t found = find_key(p, n, at, keys[k].word);
        struct head_figure f = {.field = keys[k].field};
        if (found == n) {
            h->missing++;
            continue;
        }
        at = found + strlen(keys[k].word);
        if (read_figure(p, n, at, &f)) {
            h->fig[h->n++] = f;
            at = f.end;
        } else {
            h->missing++;
        }
    }
}

/* Two keys of one kind make a header line; prose that says `Memory: 16K` does not. */
static bool key_line(const char *p, size_t n, struct head_text *h)
{
    size_t at = find_key(p, n, 0, memory_keys[0].word);
    if (at < n) {
        read_keys(p, n, memory_keys, at, h);
        h->kind = HEAD_MEMORY;
        return h->n >= 2;
    }
    at = find_key(p, n, 0, commit_keys[0].word);
    if (at < n) {
        read_keys(p, n, commit_keys, at, h);
        h->kind = HEAD_COMMIT;
        return h->n >= 2;
    }
    return false;
}

static bool title_line(const char *p, size_t n, struct head_text *h)
{
    static const char tail[] = "pool information";
    while (n > 0 && p[n - 1] == ' ')
        n--;
    size_t at = skip_blanks(p, n, 0);
    while (at < n && (p[at] == '#' || p[at] == ' '))
        at++;
    h->at = (uint32_t)at;
    h->session = 0;
    if (stands_at(p, n, at, "System ")) {
        h->scope = SCOPE_SYSTEM;
        at += 7;
    } else if (stands_at(p, n, at, "All sessions ")) {
        h->scope = SCOPE_ALL_SESSIONS;
        at += 13;
    } else if (stands_at(p, n, at, "Session ")) {
        h->scope = SCOPE_SESSION;
        at += 8;
        size_t first = at;
        for (; at < n && ascii_digit(p[at]) && at - first < 9; at++)
            h->session = h->session * 10 + (uint32_t)(p[at] - '0');
        if (at == first || at == n || p[at] != ' ')
            return false;
        at++;
    } else {
        return false;
    }
    h->kind = HEAD_TITLE;
    return stands_at(p, n, at, tail) && n - at == sizeof tail - 1;
}

static bool column_line(const char *p, size_t n, struct head_text *h)
{
    static const char *const words[] = {"Tag",  "Type",  "Allocs", "Frees",
                                        "Diff", "Bytes", "Per",    "Alloc"};
    const size_t needed = 6; /* the last two may be wrapped, or cut off */
    size_t at = skip_blanks(p, n, 0);
    while (at < n && (p[at] == '#' || p[at] == ' '))
        at++;
    h->at = (uint32_t)at;
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        while (at < n && (p[at] == ' ' || p[at] == '(' || p[at] == ')'))
            at++;
        size_t len = strlen(words[w]);
        if (!stands_at(p, n, at, words[w]) || (at + len < n && p[at + len] != ' ')) {
            h->missing = w >= needed;
            if (w < needed)
                return false;
            break;
        }
        at += len;
    }
    h->kind = HEAD_COLUMNS;
    return true;
}

enum head_kind head_parse(const char *p, size_t n, struct head_text *h)
{
    *h = (struct head_text){0};
    if (n > 4096)
        return HEAD_NONE;
    /* Cheap look first: nearly all lines are none. */
    if (memchr(p, ':', n) != NULL && key_line(p, n, h))
        return h->kind;
    *h = (struct head_text){0};
    size_t at = skip_blanks(p, n, 0);
    while (at < n && (p[at] == '#' || p[at] == ' '))
        at++;
    if (at < n && (p[at] == 'S' || p[at] == 'A') && title_line(p, n, h))
        return h->kind;
    *h = (struct head_text){0};
    if (at < n && p[at] == 'T' && column_line(p, n, h))
        return h->kind;
    h->kind = HEAD_NONE;
    return HEAD_NONE;
}
