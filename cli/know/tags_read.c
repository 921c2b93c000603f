/* SPDX-License-Identifier: MIT */
/* A list of tags as YAML:
 *
 *   - tag: Proc                 one tag, blanks in quotes: 'Irp '; others bytes as \xhh
 *     owner: nt!ps              or null
 *     component: process manager
 *     vendor: Microsoft
 *     holds: process objects
 *     role: container           private, container, system or unknown
 *     pins: a driver that keeps a reference
 *     usual: follows the number of processes
 *     leaks:
 *       - {what: ..., fixed: version 2, source: https://...}
 *     source: [one, another]    or a single one
 *     verified: yes
 *   - pattern: Nb??             `*`, `?` and [set] as in every pattern of this program
 *     ... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/know/tags.h"

enum {
    ENTRIES_MOST = 1 << 13,
    LIST_MOST = 16, /* leaks, or sources, of one entry */
    BLOCK = 16384   /* bytes of memory taken at once */
};

/* ---- memory of a list: never moved, freed at once ---- */

struct know_block {
    struct know_block *next;
    size_t used, size;
    _Alignas(max_align_t) unsigned char p[];
};

static void *take(struct know_list *l, size_t n, struct err *e)
{
    const size_t step = _Alignof(max_align_t);
    n = (n + step - 1) / step * step;
    if (l->blocks == NULL || l->blocks->size - l->blocks->used < n) {
        const size_t size = n > BLOCK ? n : BLOCK;
        struct know_block *b = malloc(sizeof *b + size);
        if (b == NULL) {
            (void)err_nomem(e);
            return NULL;
        }
        *b = (struct know_block){.next = l->blocks, .size = size};
        l->blocks = b;
    }
    void *p = l->blocks->p + l->blocks->used;
    l->blocks->used += n;
    return p;
}

void know_list_free(struct know_list *l)
{
    while (l->blocks != NULL) {
        struct know_block *next = l->blocks->next;
        free(l->blocks);
        l->blocks = next;
    }
    *l = (struct know_list){.blocks = NULL};
}

/* ---- an entry ---- */

enum key {
    TAG,
    PATTERN,
    OWNER,
    COMPONENT,
    VENDOR,
    HOLDS,
    ROLE,
    PINS,
    USUAL,
    LEAKS,
    SOURCE,
    VERIFIED,
    KEYS
};

static const char *const keys[KEYS] = {"tag",    "pattern", "owner",  "component",
                                       "vendor", "holds",   "role",   "pins",
                                       "usual",  "leaks",   "source", "verified"};

/* Where an entry stood, to sort by and to complain about. */
struct draft {
    struct know_tag tag;
    struct yaml_at at;
    size_t order, letters;
    bool starred;
};

struct reading {
    struct know_list *l;
    struct yaml *y;
    enum know_rigour rigour;
    struct draft *v;
    size_t n, cap;
};

/* Words of one line: they are printed, and may be a stranger's. */
static int words(struct reading *x, const char *what, const char **out, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_scalar(x->y, what, &item, e));
    if (item.n == 0)
        return yaml_fail(x->y, item.at, e, "expected %s, found nothing", what);
    for (size_t i = 0; i < item.n; i++)
        if ((unsigned char)item.text[i] < 0x20 || item.text[i] == 0x7f)
            return yaml_fail(x->y, item.at, e,
                             "expected %s in one line, found a control character", what);
    char *copy = take(x->l, item.n + 1, e);
    if (copy == NULL)
        return ERR_NOMEM;
    memcpy(copy, item.text, item.n + 1);
    *out = copy;
    return 0;
}

static int leak(struct reading *x, struct know_leak *out, struct err *e)
{
    static const char *const parts[] = {"what", "fixed", "source"};
    uint64_t seen = 0;
    size_t k;
    int more;
    TRY(yaml_map(x->y, "a leak with the keys what, fixed and source", e));
    const struct yaml_at at = yaml_here(x->y);
    while ((more = yaml_key_in(x->y, parts, 3, &seen, &k, e)) > 0) {
        const char **const to[] = {&out->what, &out->fixed, &out->source};
        TRY(words(x, "words", to[k], e));
    }
    TRY(more);
    if (out->what == NULL)
        return yaml_fail(x->y, at, e, "expected the key 'what' in this leak, found none");
    return 0;
}

static int too_many(struct reading *x, const char *what, struct err *e)
{
    return yaml_fail(x->y, yaml_here(x->y), e, "expected at most %d %s, found more",
                     LIST_MOST, what);
}

static int leaks(struct reading *x, struct know_tag *t, struct err *e)
{
    struct know_leak v[LIST_MOST] = {{NULL, NULL, NULL}};
    size_t n = 0;
    int more;
    TRY(yaml_list(x->y, "a list of leaks", e));
    while ((more = yaml_more(x->y, e)) > 0) {
        if (n == LIST_MOST)
            return too_many(x, "leaks", e);
        TRY(leak(x, &v[n++], e));
    }
    TRY(more);
    struct know_leak *kept = take(x->l, sizeof v, e);
    if (kept == NULL)
        return ERR_NOMEM;
    memcpy(kept, v, sizeof v);
    t->leaks = kept;
    t->n_leaks = n;
    return 0;
}

static int sources(struct reading *x, struct know_tag *t, struct err *e)
{
    const char *v[LIST_MOST];
    size_t n = 0;
    int more = 0;
    struct yaml_item item;
    TRY(yaml_peek(x->y, &item, e));
    if (item.kind == YAML_KIND_SCALAR) {
        TRY(words(x, "a source", &v[n++], e));
    } else {
        TRY(yaml_list(x->y, "a source, or a list of them", e));
        while ((more = yaml_more(x->y, e)) > 0) {
            if (n == LIST_MOST)
                return too_many(x, "sources", e);
            TRY(words(x, "a source", &v[n++], e));
        }
        TRY(more);
    }
    const char **kept = take(x->l, n * sizeof *v, e);
    if (kept == NULL)
        return ERR_NOMEM;
    memcpy(kept, v, n * sizeof *v);
    t->sources = kept;
    t->n_sources = n;
    return 0;
}

/* "ntfs.sys - create path structures", as lists of tags have it. */
static int label(struct reading *x, struct know_tag *t, struct err *e)
{
    static const char between[] = " - ";
    t->label = t->owner;
    if (t->owner == NULL || t->holds == NULL)
        return 0;
    const size_t n = strlen(t->owner) + strlen(t->holds) + sizeof between;
    char *s = take(x->l, n, e);
    if (s == NULL)
        return ERR_NOMEM;
    (void)snprintf(s, n, "%s%s%s", t->owner, between, t->holds);
    t->label = s;
    return 0;
}

/* What follows a key. */
static int value(struct reading *x, enum key k, struct know_tag *t, struct err *e)
{
    static const char *const roles[] = {"unknown", "private", "container", "system"};
    size_t role;
    bool null;
    switch (k) {
    case TAG:
    case PATTERN:
        return words(x, "a tag", &t->pattern, e);
    case OWNER:
        TRY(yaml_null(x->y, &null, e));
        return null ? 0 : words(x, "an owner", &t->owner, e);
    case COMPONENT:
        return words(x, "a component", &t->component, e);
    case VENDOR:
        return words(x, "a vendor", &t->vendor, e);
    case HOLDS:
        return words(x, "what it holds", &t->holds, e);
    case PINS:
        return words(x, "what pins it", &t->pins, e);
    case USUAL:
        return words(x, "what is usual", &t->usual, e);
    case LEAKS:
        return leaks(x, t, e);
    case SOURCE:
        return sources(x, t, e);
    case VERIFIED:
        return yaml_bool(x->y, "whether a source was checked", &t->verified, e);
    case ROLE:
        TRY(yaml_word(x->y, "a role", roles, 4, &role, e));
        t->role = (enum role)role;
        return 0;
    case KEYS:
        break;
    }
    return 0;
}

/* ---- what an entry must have ---- */

/* Letters that must match, and whether a star is among the rest. */
static void weigh(struct draft *d)
{
    for (const char *p = d->tag.pattern; *p != '\0'; p++) {
        const char *end = *p == '[' && p[1] != '\0' ? strchr(p + 2, ']') : NULL;
        if (end != NULL)
            p = end;
        else if (*p == '*')
            d->starred = true;
        else if (*p != '?')
            d->letters++;
    }
}

static int missing(struct reading *x, const struct draft *d, const char *what,
                   struct err *e)
{
    return yaml_fail(x->y, d->at, e, "expected the key '%s' in this entry, found none",
                     what);
}

static int check_builtin(struct reading *x, const struct draft *d, uint64_t seen,
                         struct err *e)
{
    static const enum key needed[] = {COMPONENT, VENDOR, ROLE, VERIFIED, HOLDS};
    const size_t n = sizeof needed / sizeof *needed - !d->tag.exact;
    for (size_t i = 0; i < n; i++) /* a pattern may not know what its tags hold */
        if (!(seen & UINT64_C(1) << needed[i]))
            return missing(x, d, keys[needed[i]], e);
    if (d->tag.verified && d->tag.n_sources == 0)
        return yaml_fail(x->y, d->at, e,
                         "expected a source, or 'verified: no', found neither");
    return 0;
}

static int check(struct reading *x, struct draft *d, uint64_t seen, struct err *e)
{
    struct know_tag *t = &d->tag;
    const bool tag = seen & UINT64_C(1) << TAG, pattern = seen & UINT64_C(1) << PATTERN;
    if (tag == pattern)
        return tag ? yaml_fail(x->y, d->at, e,
                               "expected one of tag and pattern, found both")
                   : missing(x, d, "tag' or 'pattern", e);
    if (tag && !tag_parse(t->pattern, &t->tag))
        return yaml_fail(x->y, d->at, e,
                         "expected a tag of one to four bytes (others than ASCII as "
                         "\\xhh), found '%.40s'",
                         t->pattern);
    t->exact = tag;
    if (!(seen & UINT64_C(1) << OWNER))
        return missing(x, d, "owner", e);
    if (!(seen & UINT64_C(1) << VERIFIED))
        t->verified = true; /* by the person whose list it is */
    if (pattern)
        weigh(d);
    if (pattern && strlen(t->pattern) > 32)
        return yaml_fail(x->y, d->at, e,
                         "expected a pattern for four bytes, found '%.40s'", t->pattern);
    return x->rigour == KNOW_BUILTIN ? check_builtin(x, d, seen, e) : 0;
}

static int entry(struct reading *x, struct err *e)
{
    void *v = x->v;
    uint64_t seen = 0;
    size_t k;
    int more;
    TRY(yaml_map(x->y, "an entry (- tag: ...)", e));
    if (x->n == ENTRIES_MOST)
        return yaml_fail(x->y, yaml_here(x->y), e,
                         "expected at most %d entries, found more", ENTRIES_MOST);
    TRY(grow(&v, &x->cap, x->n + 1, sizeof *x->v, e));
    x->v = v;
    struct draft *d = &x->v[x->n];
    *d = (struct draft){.at = yaml_here(x->y), .order = x->n};
    x->n++;
    while ((more = yaml_key_in(x->y, keys, KEYS, &seen, &k, e)) > 0)
        TRY(value(x, (enum key)k, &d->tag, e));
    TRY(more);
    TRY(check(x, d, seen, e));
    return label(x, &d->tag, e);
}

/* ---- the list ---- */

static int by_rank(const void *a, const void *b)
{
    const struct draft *x = a, *y = b;
    if (x->tag.exact != y->tag.exact)
        return x->tag.exact ? -1 : 1;
    const int bytes = x->tag.exact ? tag_compare(x->tag.tag, y->tag.tag) : 0;
    if (bytes != 0)
        return bytes;
    if (x->letters != y->letters)
        return x->letters > y->letters ? -1 : 1;
    if (x->starred != y->starred)
        return x->starred ? 1 : -1;
    return x->order < y->order ? -1 : 1;
}

static int refuse_twice(struct reading *x, const struct draft *a, const struct draft *b,
                        struct err *e)
{
    const struct draft *later = a->order > b->order ? a : b;
    const struct draft *first = later == a ? b : a;
    return yaml_fail(x->y, later->at, e, "'%s' has an entry already, in line %zu",
                     later->tag.pattern, first->at.line);
}

static int settle(struct reading *x, struct err *e)
{
    if (x->n > 0)
        qsort(x->v, x->n, sizeof *x->v, by_rank);
    struct know_tag *v = take(x->l, (x->n > 0 ? x->n : 1) * sizeof *v, e);
    if (v == NULL)
        return ERR_NOMEM;
    struct know_tags *t = &x->l->tags;
    *t = (struct know_tags){.v = v};
    for (size_t i = 0; i < x->n; i++) {
        const struct draft *d = &x->v[i];
        if (i > 0 && d->tag.exact && tag_equal(d->tag.tag, d[-1].tag.tag))
            return refuse_twice(x, d, d - 1, e);
        for (size_t k = i; k > 0 && !d->tag.exact && !x->v[k - 1].tag.exact &&
                           x->v[k - 1].letters == d->letters;
             k--)
            if (strcmp(x->v[k - 1].tag.pattern, d->tag.pattern) == 0)
                return refuse_twice(x, d, &x->v[k - 1], e);
        v[t->n++] = d->tag;
        t->n_exact += d->tag.exact;
    }
    return 0;
}

int know_tags_read(struct know_list *l, struct yaml *y, enum know_rigour rigour,
                   struct err *e)
{
    struct reading x = {.l = l, .y = y, .rigour = rigour};
    *l = (struct know_list){.blocks = NULL};
    int r = yaml_list(y, "a list of tags (- tag: ...)", e);
    while (r == 0 && (r = yaml_more(y, e)) > 0)
        r = entry(&x, e);
    if (r == 0)
        r = yaml_end(y, e);
    if (r == 0)
        r = settle(&x, e);
    free(x.v);
    if (r < 0)
        know_list_free(l);
    return r;
}
