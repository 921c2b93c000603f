/* SPDX-License-Identifier: MIT */
#include "cli/rank/diagnosing.h"

#include <stdlib.h>
#include <string.h>

#include "cli/render/words/words.h"
#include "cli/tags/person.h"

/* ---- the rules of a call ---- */

static bool replaced(const struct rule_list *own, const char *id)
{
    for (size_t i = 0; i < own->rules.n; i++)
        if (strcmp(own->rules.v[i].id, id) == 0)
            return true;
    return false;
}

static int read_own(struct rule_book *b, const char *path, struct err *e)
{
    struct yaml *y;
    TRY(yaml_open_file(&y, path, NULL, e));
    int r = rules_read(&b->own, y, e);
    yaml_close(y);
    return r;
}

/* The built-in rules that nobody replaced, then the person's own. */
static int join(struct rule_book *b, struct err *e)
{
    size_t n = 0;
    b->joined = calloc(rules_builtin.n + b->own.rules.n, sizeof *b->joined);
    if (b->joined == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < rules_builtin.n; i++)
        if (!replaced(&b->own, rules_builtin.v[i].id))
            b->joined[n++] = rules_builtin.v[i];
    for (size_t i = 0; i < b->own.rules.n; i++)
        b->joined[n++] = b->own.rules.v[i];
    b->rules = (struct rules){b->joined, n};
    return 0;
}

int rule_book_open(struct rule_book *b, const struct options *o, struct err *e)
{
    static const char *const names[] = {"rules.yaml", NULL};
    char *path = NULL;
    *b = (struct rule_book){.rules = rules_builtin};
    int r = o->rules == NULL && !o->alone ? person_file(names, &path, e) : 0;
    const char *from = o->rules != NULL ? o->rules : path;
    if (r == 0 && from != NULL)
        r = read_own(b, from, e);
    if (r < 0 && o->rules == NULL)
        err_hint(e, "it is read because it lies in that folder");
    free(path);
    return r < 0 || from == NULL ? r : join(b, e);
}

int rule_book_suspects(const struct rule_book *b, const struct pattern_list *asked,
                       const char ***out, size_t *n, struct err *e)
{
    *n = 0;
    *out = calloc(asked->n + b->rules.n + 1, sizeof **out);
    if (*out == NULL)
        return err_nomem(e);
    while (*n < asked->n) {
        (*out)[*n] = asked->v[*n];
        ++*n;
    }
    for (size_t i = 0; i < b->rules.n; i++) {
        const char *pattern = b->rules.v[i].suspects;
        size_t k = 0;
        while (pattern != NULL && k < *n && strcmp((*out)[k], pattern) != 0)
            k++;
        if (pattern != NULL && k == *n)
            (*out)[(*n)++] = pattern;
    }
    return 0;
}

void rule_book_free(struct rule_book *b)
{
    rules_free(&b->own);
    free(b->joined);
    *b = (struct rule_book){.joined = NULL};
}

/* ---- what rules ask of a series ---- */

static void watch_format(struct watch *w, const char *format)
{
    for (size_t i = 0; i < w->n_formats; i++)
        if (strcmp(w->formats[i], format) == 0)
            return;
    size_t n = strlen(format);
    if (w->n_formats < WATCH_FORMATS && n < WATCH_FORMAT_MAX)
        memcpy(w->formats[w->n_formats++], format, n + 1);
}

void watch_add(struct watch *w, const struct pool_snapshot *s)
{
    watch_format(w, pool_snapshot_str(s, s->format));
    if (s->record != RECORD_CAPTURE)
        return;
    w->snapshots++;
    w->scope = s->scope;
    w->partial[s->completeness]++;
    for (int k = 0; k < POOL_KINDS; k++)
        w->listed[k] = (double)pool_snapshot_bytes(s, (enum pool_kind)k);
    if (s->time.source != TIME_NONE) {
        int64_t hour = s->time.ms / 3600000 % 24;
        w->hours_of_day |= 1u << (hour < 0 ? hour + 24 : hour);
    }
}

/* The hours of the day that the captures spread over, the shorter way round. */
static int hours_spread(uint32_t hours)
{
    int longest = 0, run = 0, most = 0;
    for (int i = 0; i < 48; i++) {
        run = (hours & 1u << i % 24) != 0 ? 0 : run + 1;
        longest = run > longest ? run : longest;
        most += i < 24 && (hours & 1u << i) != 0;
    }
    return most == 0 ? 0 : 24 - longest;
}

/* What more than half of the captures are, or worse: one that was cut among ninety does
 * not make a series of screens. */
static enum completeness most_are(const struct watch *w)
{
    uint64_t worse = 0;
    int c = COMPLETE_CUT;
    for (; c > COMPLETE_WHOLE; c--) {
        worse += w->partial[c];
        if (2 * worse > w->snapshots)
            break;
    }
    return (enum completeness)c;
}

/* Few captures: with many the day's wave is seen for what it is. */
static bool hours_vary(const struct watch *w)
{
    return w->snapshots >= 2 && w->snapshots < 12 && hours_spread(w->hours_of_day) > 3;
}

/* ---- and the answers ---- */

static char *copy(const char *text, struct err *e)
{
    char *s = strdup(text);
    if (s == NULL)
        (void)err_nomem(e);
    return s;
}

static int tell(struct told *t, const struct diagnosis *d, const struct rank_view *v,
                struct err *e)
{
    struct phrase p;
    struct told_diagnosis *to = &t->v[t->n];
    *to = (struct told_diagnosis){.rule = d->rule->id,
                                  .severity = severity_name(d->rule->severity),
                                  .source = d->rule->source};
    for (size_t i = 0; i < d->n_tags; i++)
        to->tags[to->n_tags++] = v->r->tags[d->tags[i]].tag;
    t->n++;
    phrase_start(&p, false);
    words_rule(&p, d->rule->text, d, v);
    to->text = copy(p.s, e);
    phrase_start(&p, false);
    p.exact = true;
    words_rule(&p, d->rule->text, d, v);
    to->figures = copy(p.s, e);
    if (to->text == NULL || to->figures == NULL || d->rule->next == NULL)
        return to->text == NULL || to->figures == NULL ? ERR_NOMEM : 0;
    phrase_start(&p, false);
    words_rule(&p, d->rule->next, d, v);
    to->next = copy(p.s, e);
    return to->next == NULL ? ERR_NOMEM : 0;
}

int told_make(struct told *t, struct rank_view *v, const struct rule_book *b,
              const struct watch *w, const struct limit_row *os, struct err *e)
{
    const struct event_sum *events[EVENT_CODES_MAX];
    const char *formats[WATCH_FORMATS + 1] = {NULL};
    struct diagnose_facts f = {.r = v->r,
                               .events = events,
                               .os = os != NULL ? os->os : NULL,
                               .formats = formats,
                               .scope = w->scope,
                               .completeness = most_are(w),
                               .hours_vary = hours_vary(w)};
    for (size_t i = 0; i < v->n_events && i < EVENT_CODES_MAX; i++)
        events[f.n_events++] = v->events[i].sum;
    for (size_t i = 0; i < w->n_formats; i++)
        formats[i] = w->formats[i];
    memcpy(f.listed_bytes, w->listed, sizeof f.listed_bytes);
    struct diagnosis_list list = {.v = NULL};
    int r = diagnose(&list, &b->rules, &f, e);
    t->v = calloc(list.n + 1, sizeof *t->v);
    if (r == 0 && t->v == NULL)
        r = err_nomem(e);
    for (size_t i = 0; i < list.n && r == 0; i++)
        r = tell(t, &list.v[i], v, e);
    diagnoses_free(&list);
    v->diagnoses = t->v;
    v->n_diagnoses = t->n;
    return r;
}

void told_free(struct told *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->v[i].text);
        free(t->v[i].figures);
        free(t->v[i].next);
    }
    free(t->v);
    *t = (struct told){.v = NULL};
}
