/* SPDX-License-Identifier: MIT */
#include "cli/know/case.h"

#include <stdlib.h>
#include <string.h>

#include "formats/path.h"

const char *const case_figures_names[CASE_FIGURES] = {"published", "replayed"};

enum { DIGEST_DIGITS = 64 };

/* Comments, blank lines, a byte order mark and the mark of a document's start are no
 * content. */
bool case_begins(const char *text, size_t n)
{
    static const char mark[] = "\xef\xbb\xbf", key[] = "case:";
    size_t at = n >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    while (at < n) {
        const char *line = text + at;
        const char *end = memchr(line, '\n', n - at);
        size_t length = end != NULL ? (size_t)(end - line) : n - at;
        size_t blanks = 0;
        while (blanks < length && strchr(" \t\r", line[blanks]) != NULL)
            blanks++;
        bool empty = blanks == length || line[blanks] == '#' ||
                     (length - blanks >= 3 && memcmp(line + blanks, "---", 3) == 0);
        if (!empty)
            return length >= sizeof key - 1 && memcmp(line, key, sizeof key - 1) == 0;
        at += length + 1;
    }
    return false;
}

static bool is_text(const struct node *n)
{
    return n->kind == YAML_KIND_SCALAR && *n->text != '\0';
}

static int want_text(const struct case_file *c, const struct node *n, const char **out,
                     struct err *e)
{
    if (!is_text(n))
        return node_fail(c->path, n->at, e, "%s is a text", n->key);
    *out = n->text;
    return 0;
}

static int want_case(struct case_file *c, const struct node *n, struct err *e)
{
    double version;
    if (n != c->tree.root->first)
        return node_fail(c->path, n->key_at, e, "`case: 1` must be the first key");
    if (node_number(n, &version) && version > 1)
        return node_fail(c->path, n->at, e,
                         "this poolsift reads `case: 1`; a newer one is needed");
    return node_number(n, &version) && version > 0
               ? 0
               : node_fail(c->path, n->at, e, "expected `case: 1`");
}

static int want_figures(struct case_file *c, const struct node *n, struct err *e)
{
    for (int i = 0; i < CASE_FIGURES; i++)
        if (n->kind == YAML_KIND_SCALAR && strcmp(n->text, case_figures_names[i]) == 0) {
            c->figures = (enum case_figures)i;
            return 0;
        }
    return node_fail(c->path, n->at, e, "figures are published or replayed");
}

static int want_inputs(struct case_file *c, const struct node *n, struct err *e)
{
    if (n->kind != YAML_KIND_LIST || n->n == 0)
        return node_fail(c->path, n->at, e,
                         "inputs are a list of files and folders, at least one");
    for (const struct node *i = n->first; i != NULL; i = i->next)
        if (!is_text(i) || strcmp(i->text, "-") == 0)
            return node_fail(c->path, i->at, e,
                             "an input is the path of a file or folder");
    c->inputs = n;
    return 0;
}

static int want_map(const struct case_file *c, const struct node *n,
                    const struct node **out, struct err *e)
{
    if (n->kind != YAML_KIND_MAP || n->n == 0)
        return node_fail(c->path, n->at, e, "%s are a map that is not empty", n->key);
    *out = n;
    return 0;
}

static int want_digests(struct case_file *c, const struct node *n, struct err *e)
{
    TRY(want_map(c, n, &c->digests, e));
    for (const struct node *d = n->first; d != NULL; d = d->next)
        if (d->kind != YAML_KIND_SCALAR || strlen(d->text) != DIGEST_DIGITS ||
            strspn(d->text, "0123456789abcdef") != DIGEST_DIGITS)
            return node_fail(c->path, d->at, e,
                             "a digest is the SHA-256, 64 digits of 0-9 and a-f");
    return 0;
}

static int take(struct case_file *c, const struct node *n, struct err *e)
{
    const char *note;
    if (strcmp(n->key, "case") == 0)
        return want_case(c, n, e);
    if (strcmp(n->key, "name") == 0)
        return want_text(c, n, &c->name, e);
    if (strcmp(n->key, "source") == 0)
        return want_text(c, n, &c->source, e);
    if (strcmp(n->key, "note") == 0)
        return want_text(c, n, &note, e);
    if (strcmp(n->key, "figures") == 0)
        return want_figures(c, n, e);
    if (strcmp(n->key, "inputs") == 0)
        return want_inputs(c, n, e);
    if (strcmp(n->key, "options") == 0)
        return want_map(c, n, &c->options, e);
    if (strcmp(n->key, "digests") == 0)
        return want_digests(c, n, e);
    if (strcmp(n->key, "expect") == 0)
        return want_map(c, n, &c->expect, e);
    return node_fail(c->path, n->key_at, e,
                     "unknown key '%.60s'; the keys of a case are case, name, source, "
                     "figures, note, inputs, options, digests and expect",
                     n->key);
}

static int read_case(struct case_file *c, struct err *e)
{
    static const char *const required[] = {"case",    "name",   "source",
                                           "figures", "inputs", "expect"};
    const struct node *root = c->tree.root;
    if (root->kind != YAML_KIND_MAP)
        return node_fail(c->path, root->at, e, "expected a case, which is a map");
    for (const struct node *n = root->first; n != NULL; n = n->next)
        TRY(take(c, n, e));
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (node_in(root, required[i]) == NULL)
            return node_fail(c->path, root->at, e, "the case has no key '%s'",
                             required[i]);
    return 0;
}

int case_open(struct case_file *c, const char *path, struct err *e)
{
    struct yaml *y = NULL;
    *c = (struct case_file){.path = strdup(path)};
    if (c->path == NULL)
        return err_nomem(e);
    TRY(yaml_open_file(&y, c->path, NULL, e));
    int r = tree_read(&c->tree, y, e);
    if (r == 0)
        r = yaml_end(y, e);
    yaml_close(y);
    return r < 0 ? r : read_case(c, e);
}

void case_free(struct case_file *c)
{
    tree_free(&c->tree);
    free(c->path);
    *c = (struct case_file){.path = NULL};
}

char *case_beside(const struct case_file *c, const char *path, struct err *e)
{
    const char *slash = strrchr(c->path, '/');
    size_t folder =
        path_is_absolute(path) || slash == NULL ? 0 : (size_t)(slash - c->path) + 1;
    size_t n = strlen(path) + 1;
    char *out = malloc(folder + n);
    if (out == NULL) {
        (void)err_nomem(e);
        return NULL;
    }
    memcpy(out, c->path, folder);
    memcpy(out + folder, path, n);
    return out;
}
