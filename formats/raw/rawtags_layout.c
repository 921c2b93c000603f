/* SPDX-License-Identifier: MIT */
#include "formats/raw/rawtags_layout.h"

#include <stdio.h>
#include <string.h>

#include "formats/bytes.h"

const struct tag_layout_row tag_layout_table[TAG_LAYOUTS] = {
    [TAGS_22_X86] = {"class22-x86", 4, 28, 4, 4, 0, false},
    [TAGS_22_X64] = {"class22-x64", 8, 40, 8, 4, 0, false},
    [TAGS_255_X64] = {"class255-x64", 8, 56, 8, 8, 0, false},
    [TAGS_67_X86] = {"class67-x86", 12, 28, 4, 4, 8, true},
    [TAGS_67_X64] = {"class67-x64", 16, 40, 8, 4, 12, true},
};

int tag_layout_find(const char *name)
{
    for (int k = 0; k < TAG_LAYOUTS; k++)
        if (strcmp(tag_layout_table[k].name, name) == 0)
            return k;
    return -1;
}

void tag_layout_names(char out[TAG_LAYOUT_NAMES])
{
    size_t n = 0;
    out[0] = '\0';
    for (int k = 0; k < TAG_LAYOUTS && n < TAG_LAYOUT_NAMES; k++) {
        int r = snprintf(out + n, TAG_LAYOUT_NAMES - n, "%s%s", k > 0 ? ", " : "",
                         tag_layout_table[k].name);
        n += r > 0 ? (size_t)r : 0;
    }
}

/* ---- entries and blocks ---- */

static uint64_t load(const uint8_t *p, size_t bytes)
{
    return bytes == 8 ? le64(p) : le32(p);
}

/* Offset of a field of `bytes` bytes behind `*at`, which moves behind it. */
static uint64_t take(const uint8_t *p, size_t *at, size_t bytes)
{
    size_t start = (*at + bytes - 1) / bytes * bytes;
    *at = start + bytes;
    return load(p + start, bytes);
}

struct tag_entry tag_entry_at(enum tag_layout k, const uint8_t *p)
{
    static const enum pool_kind order[] = {POOL_PAGED, POOL_NONPAGED};
    const struct tag_layout_row *l = &tag_layout_table[k];
    struct tag_entry t = {.tag = {{p[0], p[1], p[2], p[3]}}};
    size_t at = sizeof t.tag.b;
    for (int i = 0; i < 2; i++) {
        struct tag_figures *f = &t.pool[order[i]];
        f->allocs = take(p, &at, l->counter);
        f->frees = take(p, &at, l->counter);
        f->used = take(p, &at, l->size);
    }
    return t;
}

bool tag_block_at(enum tag_layout k, const uint8_t *p, size_t n, size_t at,
                  struct tag_block *b)
{
    const struct tag_layout_row *l = &tag_layout_table[k];
    if (at > n || n - at < l->head)
        return false;
    const uint8_t *head = p + at;
    *b = (struct tag_block){.first = at + l->head, .count = le32(head + l->count_at)};
    if (b->count > TAGS_MOST)
        return false;
    size_t there = (n - b->first) / l->stride;
    b->entries = b->count < there ? b->count : (uint32_t)there;
    b->end = b->first + (size_t)b->entries * l->stride;
    if (!l->sessions)
        return b->count > 0;
    b->session = le32(head + l->size);
    uint64_t next = load(head, l->size);
    uint64_t whole = l->head + (uint64_t)b->count * l->stride;
    if (next != 0 && (next < whole || next > SIZE_MAX - at))
        return false;
    b->next = next == 0 ? 0 : at + (size_t)next;
    return true;
}

/* ---- the vote ---- */

enum {
    VOTE_ODD = 2,       /* odd entries beside every tenth */
    VOTE_FRONT = 3,     /* odd entries that may stand first */
    VOTE_GOOD = 4,      /* fewer prove nothing unless the size or a chain does */
    SMALLEST_BLOCK = 8, /* bytes: no allocation is charged with less */
    SESSIONS_MOST = 65536
};

#define USED_MOST    (UINT64_C(1) << 44)
#define COUNTER_MOST (UINT64_C(1) << 48)

/* Printable characters, then NULs where it is shorter; the last may be protected. */
static bool tag_possible(struct pool_tag t)
{
    t.b[3] &= 0x7f;
    size_t n = 0;
    while (n < 4 && t.b[n] >= 0x20 && t.b[n] < 0x7f)
        n++;
    bool some = n > 0;
    while (n < 4 && t.b[n] == 0)
        n++;
    return some && n == 4;
}

/* Counters may have wrapped and a figure may be off by what was in flight, so this is a
 * vote on many entries, never a reason to drop one. */
static bool figures_possible(const struct tag_layout_row *l, const struct tag_figures *f)
{
    if (f->used >= USED_MOST)
        return false;
    if (l->counter == 8 && (f->allocs >= COUNTER_MOST || f->frees > f->allocs))
        return false;
    uint64_t live = row_live(f->allocs, f->frees, l->counter * 8u);
    return live == 0 ? f->used == 0 : f->used / SMALLEST_BLOCK >= live;
}

static bool entry_possible(enum tag_layout k, const uint8_t *p)
{
    const struct tag_layout_row *l = &tag_layout_table[k];
    const struct tag_entry t = tag_entry_at(k, p);
    uint64_t any = 0;
    for (int i = 0; i < 2; i++) {
        if (!figures_possible(l, &t.pool[i]))
            return false;
        any |= t.pool[i].allocs | t.pool[i].frees;
    }
    return any != 0 && tag_possible(t.tag);
}

struct tag_vote tag_layout_vote(enum tag_layout k, const uint8_t *p, size_t n)
{
    const struct tag_layout_row *l = &tag_layout_table[k];
    struct tag_vote v = {0};
    struct tag_block b = {0};
    size_t at = 0;
    do {
        if (!tag_block_at(k, p, n, at, &b) || b.session >= SESSIONS_MOST) {
            /* A chain may be cut in the head of a block, never contradict itself. */
            bool cut = at > 0 && (at > n || n - at < l->head);
            v.good = cut ? v.good : 0;
            v.exact = false;
            return v;
        }
        for (size_t i = 0; i < b.entries; i++, v.entries++) {
            bool good = entry_possible(k, p + b.first + i * l->stride);
            if (good && v.good++ == 0)
                v.front = v.entries;
        }
        v.blocks++;
        v.exact = b.entries == b.count && b.end == n;
        at = b.next;
    } while (at != 0);
    return v;
}

/* Wrong layouts get less than a fifth; in a right one, odd entries are rare, yet may meet
 * in a short one.  Slack may hold whole entries of an earlier reply that stand right by
 * accident, so the good ones must begin at the front. */
bool tag_vote_passes(const struct tag_vote *v)
{
    const bool few = v->exact || v->blocks > 1;
    const uint64_t odd = v->entries - v->good;
    return v->good >= (few ? 1 : VOTE_GOOD) && odd <= v->entries / 4 &&
           odd <= VOTE_ODD + v->entries / 10 && v->front < VOTE_FRONT;
}

/* True when a is better beyond doubt: its entries end where the bytes end. */
static bool outvotes(const struct tag_vote *a, const struct tag_vote *b)
{
    return a->exact && !b->exact;
}

int tag_layout_choose(const uint8_t *p, size_t n, enum tag_layout best[2],
                      struct tag_vote votes[2])
{
    int passed = 0;
    for (int k = 0; k < TAG_LAYOUTS; k++) {
        struct tag_vote v = tag_layout_vote((enum tag_layout)k, p, n);
        if (!tag_vote_passes(&v) || (passed > 0 && outvotes(&votes[0], &v)))
            continue;
        if (passed > 0 && outvotes(&v, &votes[0]))
            passed = 0;
        if (passed < 2) {
            best[passed] = (enum tag_layout)k;
            votes[passed++] = v;
        }
    }
    return passed;
}
