/* SPDX-License-Identifier: MIT */
/* Results of `check` for programs (JSON, CSV) and for pasting (Markdown). */
#include "cli/render/checks/checks.h"
#include "cli/render/machine/csv_line.h"
#include "cli/render/machine/json.h"
#include "cli/render/people/people.h"

/* ---- JSON ---- */

static void items(struct jsonw *j, const char *key, const char *s)
{
    jsonw_array(j, key);
    while (s != NULL && *s != '\0') {
        size_t n = strcspn(s, "\n");
        jsonw_string_n(j, NULL, s, n);
        s += n + (s[n] == '\n');
    }
    jsonw_end_array(j);
}

static void fact(struct jsonw *j, const struct check_fact *f)
{
    switch (f->kind) {
    case FACT_TEXT:
        jsonw_string(j, f->key, f->text);
        break;
    case FACT_LIST:
        items(j, f->key, f->text);
        break;
    case FACT_WHOLE:
        jsonw_u64(j, f->key, f->whole);
        break;
    case FACT_REAL:
        jsonw_double(j, f->key, f->real);
        break;
    }
}

/* null when thresholds were checked. */
static void cases(struct jsonw *j, const struct check_list *l)
{
    size_t n = l->broken;
    for (int i = 0; i < CASE_FIGURES; i++)
        n += l->cases[i].held + l->cases[i].failed;
    if (n == 0) {
        jsonw_null(j, "cases");
        return;
    }
    jsonw_object(j, "cases");
    for (int i = 0; i < CASE_FIGURES; i++) {
        jsonw_object(j, case_figures_names[i]);
        jsonw_u64(j, "held", l->cases[i].held);
        jsonw_u64(j, "failed", l->cases[i].failed);
        jsonw_end_object(j);
    }
    jsonw_u64(j, "broken", l->broken);
    jsonw_u64(j, "skipped", l->skipped);
    jsonw_end_object(j);
}

int check_json(struct render *r, const struct check_list *l, bool complete)
{
    TRY(json_begin(r, "check"));
    struct jsonw *j = r->json;
    jsonw_bool(j, "complete", complete);
    jsonw_bool(j, "ok", check_count(l, CHECK_OK) == l->n);
    jsonw_u64(j, "passed", check_count(l, CHECK_OK));
    jsonw_u64(j, "failed", check_count(l, CHECK_NOT_OK));
    jsonw_u64(j, "undecided", check_count(l, CHECK_UNDECIDED));
    cases(j, l);
    jsonw_array(j, "results");
    for (size_t i = 0; i < l->n; i++) {
        const struct check_result *c = &l->v[i];
        jsonw_object(j, NULL);
        jsonw_u64(j, "number", i + 1);
        jsonw_string(j, "name", c->name);
        jsonw_string(j, "state", check_state_name(c->state));
        jsonw_string(j, "message", c->message);
        for (size_t k = 0; k < c->n_facts; k++)
            fact(j, &c->facts[k]);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
    json_end(r);
    return 0;
}

/* ---- CSV ---- */

int check_csv(struct render *r, const struct check_list *l, bool complete)
{
    (void)complete;
    csv_header(r, "number,state,name,message");
    struct csv_line line = {.out = r->out};
    for (size_t i = 0; i < l->n; i++) {
        csv_u64(&line, true, i + 1);
        csv_word(&line, check_state_name(l->v[i].state));
        csv_text(&line, l->v[i].name);
        csv_text(&line, l->v[i].message);
        csv_end(&line);
    }
    return 0;
}

/* ---- Markdown ---- */

/* A table of those that hold, or of those that do not; the numbers are the list's. */
static int markdown_table(struct page *g, const struct check_list *l, bool hold)
{
    static const struct column cols[] = {{.title = "#", .right = true},
                                         {.title = "Result"},
                                         {.title = "Expected"},
                                         {.title = "Found"}};
    struct phrase p;
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (size_t i = 0; i < l->n; i++) {
        if ((l->v[i].state == CHECK_OK) != hold)
            continue;
        phrase_start(&p, true);
        say(&p, "%zu", i + 1);
        table_cell(&t, p.s);
        table_cell(&t, check_state_name(l->v[i].state));
        table_name(&t, l->v[i].name);
        table_name(&t, l->v[i].message);
    }
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

int check_markdown(struct render *r, const struct check_list *l, bool complete)
{
    struct page g = page_of(r);
    struct phrase p;
    const size_t ok = check_count(l, CHECK_OK);
    phrase_start(&p, true);
    say(&p, "%zu of ", ok);
    say_count(&p, l->n, "check", "checks");
    say(&p, " ok%s.", complete ? "" : "; some inputs could not be read to the end");
    page_answer(&g, &p, STYLE_PLAIN);
    page_gap(&g);
    if (ok < l->n)
        TRY(markdown_table(&g, l, false));
    if (ok == 0)
        return 0;
    phrase_start(&p, true);
    say_count(&p, ok, "check that holds", "checks that hold");
    page_fold(&g, p.s);
    TRY(markdown_table(&g, l, true));
    page_unfold(&g);
    return 0;
}
