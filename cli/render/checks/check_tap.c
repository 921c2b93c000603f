/* SPDX-License-Identifier: MIT */
/* Results as TAP 13 (testanything.org), figures as YAML between the lines. */
#include "cli/render/checks/checks.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/render/inert.h"

static const char *const state_words[] = {[CHECK_OK] = "ok",
                                          [CHECK_NOT_OK] = "not ok",
                                          [CHECK_UNDECIDED] = "undecided",
                                          [CHECK_BROKEN] = "broken"};

const char *check_state_name(enum check_state s)
{
    return state_words[s];
}

/* Inert, with a backslash before each of these characters. */
static void put_escaped(struct sink *out, const char *s, size_t n, const char *signs)
{
    for (size_t i = 0; i < n;) {
        char shown[INERT_MAX];
        size_t written;
        i += inert_step(s + i, n - i, shown, &written);
        for (size_t k = 0; k < written; k++) {
            if (strchr(signs, shown[k]) != NULL)
                sink_write(out, "\\", 1);
            sink_write(out, &shown[k], 1);
        }
    }
}

/* A number sign would begin a directive. */
static void put_name(struct sink *out, const char *s)
{
    put_escaped(out, s, strlen(s), "#\\");
}

/* A double-quoted YAML string. */
static void put_quoted(struct sink *out, const char *s, size_t n)
{
    sink_puts(out, "\"");
    put_escaped(out, s, n, "\"\\");
    sink_puts(out, "\"");
}

static void put_items(struct sink *out, const char *s)
{
    if (s == NULL || *s == '\0') {
        sink_puts(out, " []\n");
        return;
    }
    sink_puts(out, "\n");
    while (*s != '\0') {
        size_t n = strcspn(s, "\n");
        sink_puts(out, "    - ");
        put_quoted(out, s, n);
        sink_puts(out, "\n");
        s += n + (s[n] == '\n');
    }
}

static void put_fact(struct sink *out, const struct check_fact *f)
{
    sink_printf(out, "  %s:", f->key);
    if (f->kind == FACT_LIST) {
        put_items(out, f->text);
        return;
    }
    sink_puts(out, " ");
    if (f->kind == FACT_WHOLE)
        sink_printf(out, "%" PRIu64, f->whole);
    else if (f->kind == FACT_REAL && isfinite(f->real))
        sink_printf(out, "%.17g", f->real);
    else if (f->kind == FACT_TEXT && f->text != NULL)
        put_quoted(out, f->text, strlen(f->text));
    else
        sink_puts(out, "null");
    sink_puts(out, "\n");
}

static void put_result(struct sink *out, const struct check_result *r, size_t number)
{
    sink_printf(out, "%sok %zu - ", r->state == CHECK_OK ? "" : "not ", number);
    put_name(out, r->name);
    sink_puts(out, "\n  ---\n  message: ");
    put_quoted(out, r->message, strlen(r->message));
    sink_printf(out, "\n  state: \"%s\"\n", check_state_name(r->state));
    for (size_t i = 0; i < r->n_facts; i++)
        put_fact(out, &r->facts[i]);
    sink_puts(out, "  ...\n");
}

/* Figures that were published and such as were made after them are never counted
 * together. */
static void put_cases(struct sink *out, const struct check_list *l)
{
    for (int i = 0; i < CASE_FIGURES; i++) {
        const struct check_cases *n = &l->cases[i];
        if (n->held + n->failed > 0)
            sink_printf(out, "# cases of %s figures: %zu of %zu hold\n",
                        case_figures_names[i], n->held, n->held + n->failed);
    }
    if (l->broken > 0)
        sink_printf(out, "# cases that could not run: %zu\n", l->broken);
    if (l->skipped > 0)
        sink_printf(out, "# YAML files that are no case: %zu\n", l->skipped);
}

int check_tap(struct render *r, const struct check_list *l, bool complete)
{
    sink_puts(r->out, "TAP version 13\n");
    sink_printf(r->out, "1..%zu\n", l->n);
    for (size_t i = 0; i < l->n; i++)
        put_result(r->out, &l->v[i], i + 1);
    put_cases(r->out, l);
    if (!complete && l->broken == 0)
        sink_puts(r->out, "# some inputs could not be read to the end\n");
    return 0;
}
