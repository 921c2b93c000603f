/* SPDX-License-Identifier: MIT */
#include "cli/check/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/render/words/words_case.h"
#include "formats/size.h"

#define NINE_DIGITS 5e-9 /* half of the ninth, of a figure that begins with 1 */

size_t expect_mark(const struct expecting *x)
{
    return x->where.n;
}

void expect_back(struct expecting *x, size_t mark)
{
    x->where.n = mark;
    x->where.s[mark] = '\0';
}

int expect_result(struct expecting *x, const struct node *want, bool ok, const char *word,
                  const char *wanted, const char *found, struct err *e)
{
    struct phrase name, message;
    struct check_list *l = x->list;
    phrase_start(&name, false);
    say_name(&name, x->c->name);
    say(&name, ": %s%s", x->where.s, word);
    if (want->key == NULL)
        say(&name, " %s", wanted); /* an item of a list */
    phrase_start(&message, false);
    if (!ok) {
        say_name(&message, x->c->path);
        say(&message, ":%zu:%zu: expected %s %s, ", want->at.line, want->at.column, word,
            wanted);
    }
    say(&message, "found %s", found);
    TRY(check_add(l, ok ? CHECK_OK : CHECK_NOT_OK, name.s, message.s, e));
    phrase_start(&name, false);
    say_name(&name, x->c->path);
    TRY(check_text(l, "case", name.s, e));
    TRY(check_text(l, "figures", case_figures_names[x->c->figures], e));
    check_whole(l, "line", want->at.line);
    check_whole(l, "column", want->at.column);
    TRY(check_text(l, "expected", wanted, e));
    return check_text(l, "found", found, e);
}

/* ---- scalars ---- */

bool figure_of(const struct node *n, double *value)
{
    uint64_t bytes;
    if (node_number(n, value))
        return true;
    if (n->kind != YAML_KIND_SCALAR || n->quoted || !size_parse(n->text, &bytes))
        return false;
    *value = (double)bytes;
    return true;
}

static bool is_whole(const char *text)
{
    text += *text == '-';
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Whole numbers are equal digit by digit, others to nine digits. */
static bool equal_figures(const struct node *want, const struct node *is)
{
    double a, b;
    if (!figure_of(want, &a) || !node_number(is, &b))
        return false;
    if (is_whole(want->text) && is_whole(is->text))
        return strcmp(want->text, is->text) == 0;
    return fabs(a - b) <= (is_whole(is->text) ? 0 : NINE_DIGITS * fabs(b));
}

/* Blanks behind a tag are part of it in the output, and need not be written. */
static bool equal_texts(const char *want, const char *is)
{
    size_t n = strlen(want);
    return strncmp(want, is, n) == 0 && is[n + strspn(is + n, " ")] == '\0';
}

static bool equal(const struct node *want, const struct node *is)
{
    double number;
    if (node_is_null(is) || node_is_null(want))
        return node_is_null(is) && node_is_null(want);
    if (is->quoted)
        return equal_texts(want->text, is->text);
    if (node_number(is, &number))
        return equal_figures(want, is);
    return node_bool(is) == node_bool(want);
}

static bool in_range(const struct node *test, double v)
{
    const struct node *min = node_in(test, "min"), *max = node_in(test, "max");
    const struct node *near = node_in(test, "near"), *within = node_in(test, "within");
    double bound, span;
    if (min != NULL && !(figure_of(min, &bound) && v >= bound))
        return false;
    if (max != NULL && !(figure_of(max, &bound) && v <= bound))
        return false;
    if (near == NULL)
        return true;
    if (!figure_of(near, &bound))
        return false;
    if (!figure_of(within, &span))
        span = fabs(bound) * strtod(within->text, NULL) / 100;
    return fabs(v - bound) <= span;
}

static bool test_holds(const struct node *test, const struct node *is)
{
    const struct node *contains = node_in(test, "contains"), *no = node_in(test, "not");
    double v;
    if (contains != NULL)
        return is->quoted && strstr(is->text, contains->text) != NULL;
    if (no != NULL)
        return !equal(no, is);
    return node_number(is, &v) && in_range(test, v);
}

static bool scalar_holds(const struct node *want, const struct node *is)
{
    if (want->kind == YAML_KIND_SCALAR)
        return equal(want, is);
    if (want->kind == YAML_KIND_MAP)
        return test_holds(want, is);
    for (const struct node *n = want->first; n != NULL; n = n->next)
        if (n->kind == YAML_KIND_SCALAR && equal(n, is))
            return true;
    return false;
}

/* ---- objects and lists ---- */

static bool has_keys(const struct key_level *l)
{
    return l->fields[0] != NULL || l->extra != NULL;
}

static bool map_holds(const struct key_level *l, const struct node *want,
                      const struct node *is)
{
    for (const struct node *n = want->first; n != NULL; n = n->next) {
        struct key_found f = {.shape = KEY_FREE};
        const struct node *member = node_in(is, n->key);
        (void)key_find(l, n->key, &f); /* the keys were checked when the case was read */
        if (member == NULL || !expect_holds(&f.level, n, member))
            return false;
    }
    return true;
}

/* Some element of the list is this scalar. */
static bool list_has(const struct node *list, const struct node *want)
{
    for (const struct node *n = list->first; n != NULL; n = n->next)
        if (n->kind == YAML_KIND_SCALAR && scalar_holds(want, n))
            return true;
    return false;
}

/* What a list's element is chosen by is this, or holds this. */
static bool chosen_is(const struct node *want, const struct node *is)
{
    if (is == NULL)
        return false;
    if (want->kind != YAML_KIND_LIST)
        return is->kind == YAML_KIND_LIST ? list_has(is, want) : scalar_holds(want, is);
    if (is->kind != YAML_KIND_LIST)
        return scalar_holds(want, is);
    for (const struct node *n = want->first; n != NULL; n = n->next)
        if (!list_has(is, n))
            return false;
    return true;
}

static bool element_holds(const struct key_level *l, const struct node *want,
                          const struct node *is)
{
    if (is->kind == YAML_KIND_SCALAR)
        return scalar_holds(want, is);
    if (want->kind == YAML_KIND_MAP && has_keys(l))
        return map_holds(l, want, is);
    return l->chosen_by != NULL && chosen_is(want, node_in(is, l->chosen_by));
}

static const struct node *element(const struct key_level *l, const struct node *want,
                                  const struct node *list)
{
    for (const struct node *n = list->first; n != NULL; n = n->next)
        if (element_holds(l, want, n))
            return n;
    return NULL;
}

static bool list_holds(const struct key_level *l, const struct node *want,
                       const struct node *is)
{
    double count;
    if (want->kind == YAML_KIND_MAP)
        return is_range(want) && in_range(want, (double)is->n);
    if (want->kind == YAML_KIND_SCALAR)
        return node_number(want, &count) && count == (double)is->n;
    if (want->n == 0)
        return is->n == 0;
    for (const struct node *n = want->first; n != NULL; n = n->next)
        if (element(l, n, is) == NULL)
            return false;
    return true;
}

/* No deeper than the case, which the YAML reader bounds. */
bool expect_holds(const struct key_level *l, const struct node *want,
                  const struct node *is)
{
    switch (is->kind) {
    case YAML_KIND_SCALAR:
        return scalar_holds(want, is);
    case YAML_KIND_LIST:
        return list_holds(l, want, is);
    default:
        return want->kind == YAML_KIND_MAP && map_holds(l, want, is);
    }
}

/* ---- results ---- */

static int one(struct expecting *x, const struct node *want, const char *key, bool ok,
               const struct node *is, struct err *e)
{
    struct phrase word, wanted, found;
    phrase_start(&word, false);
    phrase_start(&wanted, false);
    phrase_start(&found, false);
    say_name(&word, key);
    words_case_want(&wanted, want);
    if (is != NULL && is->kind == YAML_KIND_LIST && want->kind != YAML_KIND_LIST &&
        want->key != NULL)
        say(&found, "%zu", is->n);
    else
        words_case_found(&found, is);
    return expect_result(x, want, ok, word.s, wanted.s, found.s, e);
}

static int each_key(struct expecting *x, const struct key_level *l,
                    const struct node *want, const struct node *is, const char *except,
                    struct err *e)
{
    for (const struct node *n = want->first; n != NULL; n = n->next) {
        struct key_found f = {.shape = KEY_FREE};
        if (except != NULL && strcmp(n->key, except) == 0)
            continue;
        (void)key_find(l, n->key, &f);
        TRY(expect_key(x, &f.level, n, node_in(is, n->key), e));
    }
    return 0;
}

/* An element that its key chooses: what else is said of it holds or not, one by one. */
static int chosen(struct expecting *x, const struct key_level *l, const char *key,
                  const struct node *want, const struct node *is, struct err *e)
{
    const struct node *by = node_in(want, l->chosen_by), *found = element(l, want, is);
    for (const struct node *n = is->first; n != NULL && found == NULL; n = n->next)
        if (chosen_is(by, node_in(n, l->chosen_by)))
            found = n;
    if (found == NULL || want->n == 1)
        return one(x, want, key, found != NULL, is, e);
    const size_t mark = expect_mark(x);
    say_name(&x->where, key);
    say(&x->where, " ");
    words_case_want(&x->where, by);
    say(&x->where, ": ");
    const int r = each_key(x, l, want, found, l->chosen_by, e);
    expect_back(x, mark);
    return r;
}

static int each_item(struct expecting *x, const struct key_level *l,
                     const struct node *want, const struct node *is, struct err *e)
{
    if (want->kind != YAML_KIND_LIST || want->n == 0)
        return one(x, want, want->key, list_holds(l, want, is), is, e);
    for (const struct node *n = want->first; n != NULL; n = n->next) {
        if (l->chosen_by != NULL && node_in(n, l->chosen_by) != NULL)
            TRY(chosen(x, l, want->key, n, is, e));
        else
            TRY(one(x, n, want->key, element(l, n, is) != NULL, is, e));
    }
    return 0;
}

int expect_key(struct expecting *x, const struct key_level *l, const struct node *want,
               const struct node *is, struct err *e)
{
    if (is == NULL || is->kind == YAML_KIND_SCALAR)
        return one(x, want, want->key, is != NULL && scalar_holds(want, is), is, e);
    if (is->kind == YAML_KIND_LIST)
        return each_item(x, l, want, is, e);
    if (want->kind != YAML_KIND_MAP)
        return one(x, want, want->key, false, is, e);
    const size_t mark = expect_mark(x);
    say_name(&x->where, want->key);
    say(&x->where, ".");
    const int r = each_key(x, l, want, is, NULL, e);
    expect_back(x, mark);
    return r;
}
