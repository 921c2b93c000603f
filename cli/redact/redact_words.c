/* SPDX-License-Identifier: MIT */
/* Names inside words: messages, results of check, paths that travelled with rows. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/redact/redact.h"
#include "formats/ascii.h"

#define REDACT_WORDS 2048 /* more than any message has */

enum { PIECES_MOST = 128 }; /* twice as many as folders may nest */

/* ---- pieces of names, by their letters ---- */

#define ALIAS_SEED UINT64_C(0xcbf29ce484222325)

static uint64_t alias_hash(uint64_t h, char c)
{
    return (h ^ (uint8_t)ascii_lower(c)) * UINT64_C(0x100000001b3);
}

/* h is the hash of s[0..n). */
static struct redact_alias *alias_hashed(const struct redact *r, uint64_t h,
                                         const char *s, size_t n)
{
    size_t at = (size_t)(h ^ h >> 32) & (r->alias_slots - 1);
    for (;; at = (at + 1) & (r->alias_slots - 1)) {
        struct redact_alias *a = &r->aliases[at];
        if (a->entry == 0 ||
            (a->n == n && ascii_same(r->v[a->entry - 1].original + a->at, s, n)))
            return a;
    }
}

static struct redact_alias *alias_slot(const struct redact *r, const char *s, size_t n)
{
    uint64_t h = ALIAS_SEED;
    for (size_t i = 0; i < n; i++)
        h = alias_hash(h, s[i]);
    return alias_hashed(r, h, s, n);
}

static int make_room(struct redact *r, struct err *e)
{
    if (2 * (r->n_aliases + 1) <= r->alias_slots)
        return 0;
    struct redact_alias *before = r->aliases;
    const size_t slots = r->alias_slots, more = slots == 0 ? 128 : 2 * slots;
    struct redact_alias *v = calloc(more, sizeof *v);
    if (v == NULL)
        return err_nomem(e);
    r->aliases = v;
    r->alias_slots = more;
    for (size_t i = 0; i < slots; i++)
        if (before[i].entry != 0)
            *alias_slot(r, r->v[before[i].entry - 1].original + before[i].at,
                        before[i].n) = before[i];
    free(before);
    return 0;
}

static int add_alias(struct redact *r, uint32_t entry, size_t at, size_t n, struct err *e)
{
    TRY(make_room(r, e));
    struct redact_alias *a = alias_slot(r, r->v[entry - 1].original + at, n);
    if (a->entry != 0)
        return 0; /* two files of one name: the first stands for both */
    *a = (struct redact_alias){.entry = entry, .at = (uint32_t)at, .n = (uint32_t)n};
    r->n_aliases++;
    r->longest = n > r->longest ? n : r->longest;
    return 0;
}

static bool ends_folder(char c)
{
    return c == '/' || c == '\\' || c == ':';
}

int redact_alias_all(struct redact *r, uint32_t entry, struct err *e)
{
    const struct redact_entry *v = &r->v[entry - 1];
    const char *s = v->original;
    size_t n = strlen(s);
    while (n > 1 && s[n - 1] == '/')
        n--;
    TRY(add_alias(r, entry, 0, n, e));
    size_t pieces = 0; /* of an entry of a zip there may be thousands */
    for (size_t i = n; v->kind != REDACT_HOST && i-- > 1 && pieces < PIECES_MOST;)
        if (ends_folder(s[i - 1]) && !ends_folder(s[i])) {
            TRY(add_alias(r, entry, i, n - i, e));
            pieces++;
        }
    return 0;
}

int redact_stem(struct redact *r, const char *path, struct err *e)
{
    const char *name, *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    const size_t base = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    TRY(redact_name(r, REDACT_FILE, path, &name, e));
    if (dot == NULL || dot <= path + base)
        return 0;
    for (uint32_t i = 0; i < r->n; i++)
        if (strcmp(r->v[i].original, path) == 0)
            return add_alias(r, i + 1, base, (size_t)(dot - path) - base, e);
    return 0;
}

/* ---- in a sentence ---- */

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || (unsigned char)c >= 0x80;
}

/* The longest name that stands at s, which has n bytes; its length, or 0. */
static size_t longest_at(const struct redact *r, const char *s, size_t n,
                         const struct redact_entry **found)
{
    uint64_t h = ALIAS_SEED;
    size_t longest = 0;
    for (size_t k = 1; k <= n && k <= r->longest; k++) {
        h = alias_hash(h, s[k - 1]);
        if (k < n && in_word(s[k]) && in_word(s[k - 1]))
            continue;
        const struct redact_alias *a = alias_hashed(r, h, s, k);
        if (a->entry != 0) {
            *found = &r->v[a->entry - 1];
            longest = k;
        }
    }
    return longest;
}

/* What stands for the text from *i on, a byte or a name: *n bytes; steps *i behind it. */
static const char *next_piece(const struct redact *r, const char *text, size_t length,
                              size_t *i, size_t *n)
{
    const struct redact_entry *found = NULL;
    const char *at = text + *i;
    const bool begins = *i == 0 || !in_word(at[0]) || !in_word(at[-1]);
    const size_t k = begins ? longest_at(r, at, length - *i, &found) : 0;
    *i += k > 0 ? k : 1;
    *n = k > 0 ? strlen(found->name) : 1;
    if (k > 0 && text[*i] == '/') /* something below it that we never saw */
        *i += strcspn(text + *i, " \t\n'\"`,;");
    return k > 0 ? found->name : at;
}

int redact_words(const struct redact *r, const char *text, struct buf *out, struct err *e)
{
    const size_t length = strlen(text);
    for (size_t i = 0, n; i < length;) {
        const char *piece = next_piece(r, text, length, &i, &n);
        TRY(buf_append(out, piece, n, e));
    }
    return 0;
}

void redact_words_in(const struct redact *r, char *text, size_t cap)
{
    char out[REDACT_WORDS]; /* messages must need no memory */
    const size_t length = strlen(text);
    size_t used = 0;
    for (size_t i = 0, n; i < length;) {
        const char *piece = next_piece(r, text, length, &i, &n);
        if (n >= sizeof out - used)
            break;
        memcpy(out + used, piece, n);
        used += n;
    }
    (void)snprintf(text, cap, "%.*s", (int)used, out);
}

/* ---- messages ---- */

/* The bytes of a name of ours at the beginning of a place, or 0. */
static size_t own_name(const struct redact *r, const char *place)
{
    static const char *const constant[] = {"-", "standard output"};
    const size_t n = strcspn(place, ":@");
    for (size_t i = 0; i < sizeof constant / sizeof *constant; i++)
        if (strlen(constant[i]) == n && memcmp(place, constant[i], n) == 0)
            return n;
    char name[64];
    size_t step = 0;
    if (n >= sizeof name) /* ours are shorter */
        return 0;
    memcpy(name, place, n);
    name[n] = '\0';
    for (size_t i; lookup_next(&r->by_name, lookup_text(LOOKUP_SEED, name), &step, &i);)
        if (strcmp(r->v[i].name, name) == 0)
            return n;
    return 0;
}

/* Bytes of the place that are its name: without ":line" or ":line:column". */
static size_t without_numbers(const char *place)
{
    size_t n = strlen(place);
    for (int i = 0; i < 2; i++) {
        size_t k = n;
        while (k > 0 && place[k - 1] >= '0' && place[k - 1] <= '9')
            k--;
        if (k < 2 || k == n || place[k - 1] != ':')
            break;
        n = k - 1;
    }
    return n;
}

void redact_place(struct redact *r, char *place, size_t cap)
{
    char behind[64];
    const char *name = "...";
    if (*place == '\0' || own_name(r, place) > 0)
        return;
    const size_t n = without_numbers(place);
    (void)snprintf(behind, sizeof behind, "%s", place + n);
    place[n] = '\0';
    if (redact_path(r, place, &name, NULL) < 0)
        name = "...";
    (void)snprintf(place, cap, "%s%s", name, behind);
}

/* What stands between the first quote and the last one. */
static void drop_quotes(char *text)
{
    char *from = text, *to = strrchr(text, '\'');
    while ((from = strchr(from, '\'')) != NULL && from > text && from[-1] != ' ' &&
           from[-1] != '(')
        from++;
    if (from == NULL || to == NULL || to <= from)
        return;
    const size_t quoted = (size_t)(to - from) - 1, dots = quoted < 3 ? quoted : 3;
    memset(from + 1, '.', dots);
    memmove(from + 1 + dots, to, strlen(to) + 1);
}

/* Words that filled their room may end in half a name, which nobody would know again. */
static void redact_bounded(const struct redact *r, char *text, size_t cap)
{
    char *last = strlen(text) + 1 >= cap ? strrchr(text, ' ') : NULL;
    if (last != NULL)
        *last = '\0';
    redact_words_in(r, text, cap);
}

void redact_err(struct redact *r, struct err *e)
{
    if (e->place[0] != '\0')
        drop_quotes(e->text);
    redact_place(r, e->place, sizeof e->place);
    redact_bounded(r, e->text, sizeof e->text);
    redact_bounded(r, e->hint, sizeof e->hint);
}

/* ---- words that travelled with a capture ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '[' || c == '(' || c == '"' || c == '\'' || c == ',' ||
           c == ';' || c == '=';
}

/* Where the folders of a path begin in the text, and where its last name does: "\\" and
 * "C:/" are always of one, "/" only in front, for people write "read/write", too. */
static bool find_path(const char *text, size_t *from, size_t *to)
{
    const char *back = strrchr(text, '\\'), *slash = strrchr(text, '/');
    const char *first = back != NULL ? strchr(text, '\\') : NULL;
    for (const char *p = text; slash != NULL && p <= slash && first == NULL; p++)
        if (*p == '/' && (p == text || is_blank(p[-1]) || p[-1] == ':' || p[-1] == '.' ||
                          p[-1] == '~'))
            first = p;
    if (first == NULL)
        return false;
    while (first > text && !is_blank(first[-1]))
        first--;
    const char *last = back == NULL || (slash != NULL && slash > back) ? slash : back;
    *from = (size_t)(first - text);
    *to = (size_t)(last - text) + 1;
    return true;
}

int redact_driver(const char *text, struct buf *out, struct err *e)
{
    size_t from = 0, to = 0;
    if (!find_path(text, &from, &to))
        return buf_append(out, text, strlen(text), e);
    TRY(buf_append(out, text, from, e));
    return buf_append(out, text + to, strlen(text + to), e);
}

/* ---- facts ---- */

/* Whether the line cannot name a machine, a file or a person. */
static bool harmless(const char *line, size_t n)
{
    static const char *const names[] = {
        "boot_time", "software",      "build_type", "capture_ms", "captured_by", "layout",
        "log_type",  "other_entries", "page_size",  "processors", "tick_count"};
    static const char *const versions[] = {"build", "version", "architecture",
                                           "service_pack"};
    const char *equals = memchr(line, '=', n);
    const size_t name = equals == NULL ? 0 : (size_t)(equals - line);
    if (memchr(line, '\\', n) != NULL || memchr(line, '/', n) != NULL)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == name && memcmp(names[i], line, name) == 0)
            return true;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        const size_t len = strlen(versions[i]);
        if (name >= len && memcmp(equals - len, versions[i], len) == 0)
            return true;
    }
    return false;
}

int redact_facts(const char *facts, struct buf *out, struct err *e)
{
    for (size_t n; *facts != '\0'; facts += n) {
        n = strcspn(facts, "\n");
        n += facts[n] == '\n';
        if (harmless(facts, n))
            TRY(buf_append(out, facts, n, e));
    }
    return 0;
}
