/* SPDX-License-Identifier: MIT */
/* The list of pool tags that comes with the debugger, of every year:
 *
 *   rem  Pooltag.txt            a comment, so is `// ...`
 *   AcdN - tdi.sys    - TDI AcdObjectInfoG
 *   PX1 - ndproxy.sys - ...     a tag of three without its blank
 *   Mmpv  - nt!mm ...           one of four with a blank too many
 *   ATmp - AppTag mount point   no binary
 *   EtwO - nt!etw         Etw   the second dash is missing
 *   CMAl - nt!cm        -in...  no blank behind it
 *   Afd? -    Acp* -            patterns: `?` one character, `*` the rest
 *
 * The documented form is <PoolTag> - <binary> - <Description> (Microsoft, "PoolMon
 * Display"); the rest is what the lists of the 2003 Resource Kit and of System Informer
 * hold.  Binaries and descriptions contain dashes: the first ` - ` at or behind column
 * 3 ends the tag, the next ` -` the binary. */
#include "formats/pooltag.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "formats/bytes.h"
#include "formats/io/text.h"

enum {
    ENTRIES_MOST = 1 << 16, /* the longest list known has 4,600 */
    TEXT_MOST = 512,        /* bytes kept of a binary or a description */
    TAG = sizeof(struct pool_tag)
};

struct item {
    struct pooltag_entry entry;
    size_t binary, description, owner; /* offsets in the table's text, while it grows */
    uint32_t key;
    uint8_t fixed; /* characters that must match; TAG: all of them */
};

/* Sorted: exact ones by their bytes, then patterns, longest first; each kind in the
 * order of the list. */
struct pooltag_table {
    struct item *v;
    size_t n, cap, n_exact;
    size_t stray;
    uint64_t stray_line; /* the first */
    struct buf text;
};

/* ---- a line ---- */

struct span {
    const char *p;
    size_t n;
};

static struct span trimmed(const char *p, size_t n)
{
    while (n > 0 && (*p == ' ' || *p == '\t')) {
        p++;
        n--;
    }
    while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
        n--;
    return (struct span){p, n};
}

static bool comment(struct span s)
{
    static const char rem[] = "rem";
    if (s.n >= 2 && s.p[0] == '/' && s.p[1] == '/')
        return true;
    for (size_t i = 0; i < 3; i++)
        if (i >= s.n || (s.p[i] | 0x20) != rem[i])
            return false;
    return s.n == 3 || s.p[3] == ' ' || s.p[3] == '\t';
}

/* Where ` - ` (or, without `closed`, ` -`) begins at or behind `from`; n: nowhere. */
static size_t dash(const char *p, size_t n, size_t from, bool closed)
{
    for (size_t i = from; i + 1 < n; i++) {
        if (p[i] != ' ' || p[i + 1] != '-')
            continue;
        if (!closed || i + 2 == n || p[i + 2] == ' ')
            return i;
    }
    return n;
}

static bool holds(struct span s, const char *some)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr(some, s.p[i]) != NULL && s.p[i] != '\0')
            return true;
    return false;
}

/* `nt!mm`, `afd.sys`, `<unknown>`, `nt!store or rdyboost.sys`, `ntfs`; not `AppTag mount
 * point`. */
static bool like_binary(struct span s)
{
    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.p[i] == ' ' && s.p[i + 1] == ' ')
            return false;
    return s.n > 0 && (s.p[0] == '<' || holds(s, ".!") || !holds(s, " \t"));
}

/* Parts what stands behind the tag's dash. */
static void part(struct span rest, struct span *binary, struct span *description)
{
    const size_t at = dash(rest.p, rest.n, 0, false);
    const bool no_binary = rest.n > 0 && rest.p[0] == '-';
    *binary = (struct span){rest.p, 0};
    *description = rest;
    if (no_binary) {
        *description = trimmed(rest.p + 1, rest.n - 1);
        return;
    }
    struct span left = trimmed(rest.p, at);
    if (at < rest.n && like_binary(left)) {
        *binary = left;
        *description = trimmed(rest.p + at + 2, rest.n - at - 2);
        return;
    }
    /* No second dash: a binary is still told by its look and the gap behind it. */
    size_t word = 0;
    while (word < rest.n && rest.p[word] != ' ')
        word++;
    const struct span first = {rest.p, word};
    const bool gap = word + 1 < rest.n && rest.p[word + 1] == ' ';
    if (like_binary(first) && holds(first, ".!<") && (gap || word == rest.n)) {
        *binary = first;
        *description = trimmed(rest.p + word, rest.n - word);
    }
}

static size_t length_of(struct pool_tag pattern)
{
    size_t n = TAG;
    while (n > 0 && pattern.b[n - 1] == ' ')
        n--;
    return n;
}

/* How many characters a pattern fixes, or TAG when it is none.  A `*` is one only at the
 * end. */
static uint8_t fixed_of(struct pool_tag t)
{
    const size_t n = length_of(t);
    uint8_t fixed = 0;
    for (size_t i = 0; i < n; i++)
        if (t.b[i] != '?' && (t.b[i] != '*' || i + 1 < n))
            fixed++;
    return fixed == n ? TAG : fixed;
}

/* Appends a text and its NUL, and tells where. */
static int keep(struct pooltag_table *t, struct span s, size_t *at, struct err *e)
{
    *at = t->text.n;
    TRY(buf_append(&t->text, s.p, s.n, e));
    return buf_byte(&t->text, 0, e);
}

static int keep_texts(struct pooltag_table *t, struct item *x, struct span binary,
                      struct span description, struct err *e)
{
    static const char unknown[] = "<unknown>";
    if (binary.n == sizeof unknown - 1 && memcmp(binary.p, unknown, binary.n) == 0)
        binary.n = 0;
    binary.n = binary.n < TEXT_MOST ? binary.n : TEXT_MOST;
    description.n = description.n < TEXT_MOST ? description.n : TEXT_MOST;
    TRY(keep(t, binary, &x->binary, e));
    TRY(keep(t, description, &x->description, e));
    x->owner = t->text.n;
    TRY(buf_append(&t->text, binary.p, binary.n, e));
    if (binary.n > 0 && description.n > 0)
        TRY(buf_append(&t->text, " - ", 3, e));
    size_t end;
    return keep(t, description, &end, e);
}

static int take_line(struct pooltag_table *t, const struct text_line *l, struct err *e)
{
    const struct span all = trimmed(l->p, l->n);
    if (all.n == 0 || comment(all))
        return 0;
    const size_t at = dash(l->p, l->n, 3, true);
    /* A tag stands at the left edge and is at most one blank away from its dash. */
    if (at > TAG + 2 || at == l->n || l->p[0] == ' ' || l->p[0] == '\t') {
        t->stray_line = t->stray++ == 0 ? l->number : t->stray_line;
        return 0;
    }
    if (t->n == ENTRIES_MOST)
        return err_set(e, ERR_LIMIT, "a list of more than %d tags", ENTRIES_MOST);
    void *v = t->v;
    TRY(grow(&v, &t->cap, t->n + 1, sizeof *t->v, e));
    t->v = v;
    struct item *x = &t->v[t->n];
    struct span binary, description;
    *x = (struct item){
        .entry = {.pattern = tag_from(l->p, at < TAG ? at : TAG), .line = l->number}};
    part(trimmed(l->p + at + 2, l->n - at - 2), &binary, &description);
    TRY(keep_texts(t, x, binary, description, e));
    x->key = tag_key(x->entry.pattern);
    x->fixed = fixed_of(x->entry.pattern);
    t->n++;
    return 0;
}

/* ---- the table ---- */

static int compare(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->fixed != y->fixed)
        return x->fixed > y->fixed ? -1 : 1;
    if (x->fixed == TAG && x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->entry.line < y->entry.line ? -1 : x->entry.line > y->entry.line;
}

static void settle(struct pooltag_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct item *x = &t->v[i];
        x->entry.binary = (const char *)t->text.p + x->binary;
        x->entry.description = (const char *)t->text.p + x->description;
        x->entry.owner = (const char *)t->text.p + x->owner;
        t->n_exact += x->fixed == TAG;
    }
    if (t->n > 0)
        qsort(t->v, t->n, sizeof *t->v, compare);
}

static int read_lines(struct pooltag_table *t, struct text *text, struct err *e)
{
    struct text_line line;
    int r;
    while ((r = text_next(text, &line, e)) == 1)
        TRY(take_line(t, &line, e));
    if (r < 0)
        return r;
    if (t->n > 0)
        return 0;
    err_hint(e, "a pooltag.txt comes with the debugger and with poolmon");
    return err_set(e, ERR_EMPTY,
                   "expected lines `Tag - binary - description`, found none");
}

int pooltag_read(struct pooltag_table **out, struct input *in, const struct limits *l,
                 struct err *e)
{
    struct pooltag_table *t = calloc(1, sizeof *t);
    struct text *text = NULL;
    if (t == NULL)
        return err_nomem(e);
    int r = text_open(&text, in, l, e);
    if (r == 0)
        r = read_lines(t, text, e);
    text_close(text);
    if (r < 0) {
        err_place(e, input_name(in), 0);
        pooltag_free(t);
        return r;
    }
    settle(t);
    *out = t;
    return 0;
}

void pooltag_free(struct pooltag_table *t)
{
    if (t == NULL)
        return;
    free(t->v);
    buf_free(&t->text);
    free(t);
}

size_t pooltag_count(const struct pooltag_table *t)
{
    return t->n;
}

size_t pooltag_exact(const struct pooltag_table *t)
{
    return t->n_exact;
}

const struct pooltag_entry *pooltag_at(const struct pooltag_table *t, size_t i)
{
    return &t->v[i].entry;
}

size_t pooltag_stray(const struct pooltag_table *t, uint64_t *first)
{
    *first = t->stray_line;
    return t->stray;
}

/* ---- lookup ---- */

static bool matches(struct pool_tag pattern, struct pool_tag tag)
{
    const size_t n = length_of(pattern);
    for (size_t i = 0; i < TAG; i++) {
        if (pattern.b[i] == '*' && i + 1 == n)
            return true;
        if (pattern.b[i] != '?' && pattern.b[i] != tag.b[i])
            return false;
    }
    return true;
}

static const struct pooltag_entry *find_exact(const struct pooltag_table *t,
                                              struct pool_tag tag)
{
    const uint32_t key = tag_key(tag);
    size_t low = 0, high = t->n_exact;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (t->v[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->n_exact && t->v[low].key == key ? &t->v[low].entry : NULL;
}

static struct pool_tag padded(struct pool_tag tag)
{
    for (size_t i = TAG; i > 0 && (tag.b[i - 1] == 0 || tag.b[i - 1] == ' '); i--)
        tag.b[i - 1] = ' ';
    return tag;
}

const struct pooltag_entry *pooltag_find(const struct pooltag_table *t,
                                         struct pool_tag tag)
{
    const struct pooltag_entry *listed = find_exact(t, padded(tag));
    tag.b[TAG - 1] &= 0x7f;
    tag = padded(tag);
    if (listed == NULL) /* no list that was copied with the mark */
        listed = find_exact(t, tag);
    for (size_t i = t->n_exact; i < t->n && listed == NULL; i++)
        if (matches(t->v[i].entry.pattern, tag))
            listed = &t->v[i].entry;
    return listed;
}
