/* SPDX-License-Identifier: MIT */
#include "cli/check/check.h"

#include <stdlib.h>
#include <string.h>

#include "cli/redact/redact.h"
#include "formats/bytes.h"

static void result_free(struct check_result *r)
{
    free(r->name);
    free(r->message);
    for (size_t i = 0; i < r->n_facts; i++)
        free(r->facts[i].text);
}

int check_add(struct check_list *l, enum check_state state, const char *name,
              const char *message, struct err *e)
{
    void *v = l->v;
    TRY(grow(&v, &l->cap, l->n + 1, sizeof *l->v, e));
    l->v = v;
    struct check_result r = {
        .state = state, .name = strdup(name), .message = strdup(message)};
    if (r.name == NULL || r.message == NULL) {
        result_free(&r);
        return err_nomem(e);
    }
    l->v[l->n++] = r;
    return 0;
}

static void add_fact(struct check_list *l, struct check_fact f)
{
    struct check_result *r = &l->v[l->n - 1];
    if (r->n_facts < CHECK_FACTS)
        r->facts[r->n_facts++] = f;
    else
        free(f.text);
}

/* With a copy of the text, where there is one. */
static int add_text(struct check_list *l, struct check_fact f, const char *text,
                    struct err *e)
{
    char *copy = text != NULL ? strdup(text) : NULL;
    if (text != NULL && copy == NULL)
        return err_nomem(e);
    f.text = copy;
    add_fact(l, f);
    return 0;
}

int check_text(struct check_list *l, const char *key, const char *text, struct err *e)
{
    const struct check_fact f = {.key = key, .kind = FACT_TEXT};
    return add_text(l, f, text, e);
}

int check_items(struct check_list *l, const char *key, const char *lines, struct err *e)
{
    const struct check_fact f = {.key = key, .kind = FACT_LIST};
    return add_text(l, f, lines, e);
}

void check_whole(struct check_list *l, const char *key, uint64_t v)
{
    const struct check_fact f = {.key = key, .kind = FACT_WHOLE, .whole = v};
    add_fact(l, f);
}

void check_real(struct check_list *l, const char *key, double v)
{
    const struct check_fact f = {.key = key, .kind = FACT_REAL, .real = v};
    add_fact(l, f);
}

static int redact_text(char **text, const struct redact *names, struct err *e)
{
    struct buf out = {0};
    if (*text == NULL)
        return 0;
    int r = redact_words(names, *text, &out, e);
    if (r == 0)
        r = buf_byte(&out, 0, e);
    if (r < 0) {
        buf_free(&out);
        return r;
    }
    free(*text);
    *text = (char *)out.p;
    return 0;
}

int check_redact(struct check_list *l, const struct redact *names, struct err *e)
{
    for (size_t i = 0; i < l->n; i++) {
        struct check_result *r = &l->v[i];
        TRY(redact_text(&r->name, names, e));
        TRY(redact_text(&r->message, names, e));
        for (size_t k = 0; k < r->n_facts; k++)
            TRY(redact_text(&r->facts[k].text, names, e));
    }
    return 0;
}

size_t check_count(const struct check_list *l, enum check_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        n += l->v[i].state == state;
    return n;
}

void check_list_free(struct check_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        result_free(&l->v[i]);
    free(l->v);
    *l = (struct check_list){.n = 0};
}
