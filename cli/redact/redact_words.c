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

/* Bytes at most that are hashed at once. */
#define ALIAS_STEP 16

static bool in_word(char c)
{
    return ascii_letter(c) || ascii_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* True where a hash is closed, so that a longer text goes on from a shorter one: behind
 * s[from..k), k < n. */
static bool closes(const char *s, size_t from, size_t k)
{
    return k - from == ALIAS_STEP || (in_word(s[k - 1]) && !in_word(s[k]));
}

/* Goes on from h with n <= ALIAS_STEP bytes, letters whatever their case. */
static uint64_t hash_on(uint64_t h, const char *s, size_t n)
{
    char folded[ALIAS_STEP];
    for (size_t i = 0; i < n; i++)
        folded[i] = ascii_lower(s[i]);
    return lookup_bytes(h, folded, n);
}

static uint64_t alias_hash(const char *s, size_t n)
{
    uint64_t h = LOOKUP_SEED;
    size_t from = 0;
    for (size_t k = 1; k < n; k++)
        if (closes(s, from, k)) {
            h = hash_on(h, s + from, k - from);
            from = k;
        }
    return hash_on(h, s + from, n - from);
}

static const char *alias_text(const struct redact *r, const struct redact_alias *a)
{
    return r->v[a->entry].original + a->at;
}

/* The piece that is s[0..n), whose hash is h, or NULL. */
static struct redact_alias *find_alias(const struct redact *r, uint64_t h, const char *s,
                                       size_t n)
{
    size_t step = 0;
    for (size_t i; lookup_next(&r->by_letters, h, &step, &i);)
        if (r->aliases[i].n == n && ascii_same(alias_text(r, &r->aliases[i]), s, n))
            return &r->aliases[i];
    return NULL;
}

static int add_alias(struct redact *r, size_t entry, size_t at, size_t n, struct err *e)
{
    const char *s = r->v[entry].original + at;
    const uint64_t h = alias_hash(s, n);
    const struct redact_alias anew = {(uint32_t)entry, (uint32_t)at, (uint32_t)n};
    struct redact_alias *known = find_alias(r, h, s, n);
    if (known != NULL) {
        /* Of two files of one name the first stands for both; a host is named in more
         * places than a file. */
        if (r->v[entry].kind == REDACT_HOST)
            *known = anew;
        return 0;
    }
    void *v = r->aliases;
    TRY(grow(&v, &r->aliases_cap, r->n_aliases + 1, sizeof *r->aliases, e));
    r->aliases = v;
    r->aliases[r->n_aliases] = anew;
    TRY(lookup_add(&r->by_letters, h, r->n_aliases, e));
    r->n_aliases++;
    r->longest = n > r->longest ? n : r->longest;
    return 0;
}

static bool ends_folder(char c)
{
    return c == '/' || c == '\\' || c == ':';
}

int redact_alias_last(struct redact *r, struct err *e)
{
    const size_t entry = r->n - 1;
    const struct redact_entry *v = &r->v[entry];
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
    if (name == path || dot == NULL || dot <= path + base)
        return 0;
    const size_t entry = (size_t)(redact_find(r, REDACT_FILE, path) - r->v);
    return add_alias(r, entry, base, (size_t)(dot - path) - base, e);
}

/* ---- in a sentence ---- */

/* `pool`, a file's name, is a word of ours, too: where it stands as a name, it stands
 * alone, in quotes, in front of a colon or of what is below it.  Words of ours have
 * nothing but small letters: any other name is hidden wherever it stands. */
static bool may_be_named(const struct redact *r, const struct redact_alias *a,
                         const char *text, size_t at, size_t end)
{
    const char *s = alias_text(r, a);
    if (r->v[a->entry].kind == REDACT_HOST)
        return true;
    for (size_t i = 0; i < a->n; i++)
        if (s[i] < 'a' || s[i] > 'z')
            return true;
    const char before = at == 0 ? '\0' : text[at - 1], behind = text[end];
    return (before == '\0' && (behind == '\0' || behind == ':')) ||
           (before == '\'' && behind == '\'') || (before == '"' && behind == '"') ||
           behind == '/' || behind == '\\';
}

/* The longest name that stands at text[at], of n bytes; its length, or 0. */
static size_t longest_at(const struct redact *r, const char *text, size_t n, size_t at,
                         const struct redact_entry **found)
{
    const char *s = text + at;
    uint64_t h = LOOKUP_SEED;
    size_t longest = 0, from = 0;
    for (size_t k = 1; k <= n - at && k <= r->longest; k++) {
        const bool more = at + k < n, part = more && in_word(s[k]) && in_word(s[k - 1]);
        const bool closed = more && closes(s, from, k);
        if (part && !closed)
            continue;
        const uint64_t here = hash_on(h, s + from, k - from);
        const struct redact_alias *a = part ? NULL : find_alias(r, here, s, k);
        if (a != NULL && may_be_named(r, a, text, at, at + k)) {
            *found = &r->v[a->entry];
            longest = k;
        }
        if (closed) {
            h = here;
            from = k;
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
    const size_t k = begins ? longest_at(r, text, length, *i, &found) : 0;
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
        if (text_is(place, n, constant[i]))
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
        if (text_is(line, name, names[i]))
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
