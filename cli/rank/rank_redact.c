/* SPDX-License-Identifier: MIT */
#include "cli/rank/rank_redact.h"

#include <string.h>

typedef int rewrite(const struct redact *names, const char *text, struct buf *out,
                    struct err *e);

/* *out: the text rewritten, on the shelf; NULL stays. */
static int rewritten(const struct redact *names, rewrite *how, const char *text,
                     char **out, struct shelf *shelf, struct err *e)
{
    struct buf b = {0};
    *out = NULL;
    if (text == NULL)
        return 0;
    int code = how(names, text, &b, e);
    if (code == 0) {
        *out = shelf_take(shelf, b.n + 1, e);
        code = *out == NULL ? ERR_NOMEM : 0;
    }
    if (code == 0 && b.n > 0)
        memcpy(*out, b.p, b.n); /* the shelf is zero behind it */
    buf_free(&b);
    return code;
}

static int on_shelf(const struct redact *names, rewrite *how, const char **text,
                    struct shelf *shelf, struct err *e)
{
    char *out;
    TRY(rewritten(names, how, *text, &out, shelf, e));
    *text = out;
    return 0;
}

static int facts_of(const struct redact *names, const char *text, struct buf *out,
                    struct err *e)
{
    (void)names;
    return redact_facts(text, out, e);
}

static int driver_of(const struct redact *names, const char *text, struct buf *out,
                     struct err *e)
{
    (void)names;
    return redact_driver(text, out, e);
}

static int owner_of(struct redact *names, struct owner *o, struct shelf *shelf,
                    struct err *e)
{
    TRY(on_shelf(names, driver_of, &o->text, shelf, e));
    if (o->source == NULL || strcmp(o->source, "capture") == 0 ||
        strcmp(o->source, "built-in") == 0)
        return 0;
    return redact_name(names, REDACT_FILE, o->source, &o->source, e);
}

static int diagnoses_of(const struct redact *names, struct rank_view *v,
                        struct shelf *shelf, struct err *e)
{
    struct told_diagnosis *d = shelf_take(shelf, (v->n_diagnoses + 1) * sizeof *d, e);
    if (d == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < v->n_diagnoses; i++) {
        d[i] = v->diagnoses[i];
        TRY(rewritten(names, redact_words, v->diagnoses[i].text, &d[i].text, shelf, e));
        TRY(rewritten(names, redact_words, v->diagnoses[i].next, &d[i].next, shelf, e));
        TRY(on_shelf(names, redact_words, &d[i].source, shelf, e));
    }
    v->diagnoses = d;
    return 0;
}

int rank_redact(struct redact *names, struct rank_view *v, struct owner *owners, size_t n,
                struct note_list *notes, struct shelf *shelf, struct err *e)
{
    if (v->host != NULL)
        TRY(redact_name(names, REDACT_HOST, v->host, &v->host, e));
    TRY(on_shelf(names, facts_of, &v->facts, shelf, e));
    for (size_t i = 0; i < n; i++)
        TRY(owner_of(names, &owners[i], shelf, e));
    note_list_mute(notes);
    return diagnoses_of(names, v, shelf, e);
}
