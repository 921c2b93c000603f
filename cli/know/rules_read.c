/* SPDX-License-Identifier: MIT */
/* Rules as YAML:
 *
 *   - id: http-sys-low-pool      letters, digits and dashes
 *     when: {pool: nonpaged, free_below: 20M}
 *     severity: error            info, warning or error
 *     suspects: "U[Ll]*"         tags that are judged with the rule; may be left out
 *     text: "{free} of {pool} pool left"
 *     next: what to do           may be left out, as source may
 *     source: KB 820729 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/know/rules.h"
#include "formats/bytes.h"
#include "formats/size.h"

enum { RULES_MOST = 1024, TEXTS_MOST = 64 };

static const char *const key_names[RULE_KEYS] = {
#define RULE_KEY(id, name, kind, words) name,
#include "cli/analyze/rule_keys.def"
#undef RULE_KEY
};

static const uint8_t key_kinds[RULE_KEYS] = {
#define RULE_KEY(id, name, kind, words) RULE_##kind,
#include "cli/analyze/rule_keys.def"
#undef RULE_KEY
};

static const struct {
    const char *name;
    bool sized;
} placeholders[] = {
#define RULE_WORD(id, name, sized, words) {name, sized},
#include "cli/analyze/rule_words.def"
#undef RULE_WORD
};

/* The words of machine output, in the order of the enums they stand for. */
const char *const *rule_key_words(enum rule_key k)
{
    static const char *const pools[] = {"nonpaged", "paged", NULL};
    static const char *const verdicts[] = {"leak",    "growing",   "plateau",  "cyclic",
                                           "step",    "shrinking", "finished", "steady",
                                           "too-few", NULL};
    static const char *const confidences[] = {"none",     "strong",   "probable",
                                              "possible", "unproven", NULL};
    static const char *const roles[] = {"unknown", "private", "container", "system",
                                        NULL};
    static const char *const sources[] = {"unknown", "option",  "capture",
                                          "os",      "assumed", NULL};
    static const char *const scopes[] = {"system", "all-sessions", "session", NULL};
    static const char *const whole[] = {"whole", "screen", "filtered", "cut", NULL};
    static const char *const judged[] = {"unclear", "acquitted", "accused", NULL};
    switch (k) {
    case RULE_KEY_POOL:
        return pools;
    case RULE_KEY_VERDICT:
        return verdicts;
    case RULE_KEY_CONFIDENCE:
        return confidences;
    case RULE_KEY_ROLE:
        return roles;
    case RULE_KEY_LIMIT_SOURCE:
        return sources;
    case RULE_KEY_SCOPE:
        return scopes;
    case RULE_KEY_COMPLETENESS:
        return whole;
    case RULE_KEY_SUSPECT:
        return judged;
    default:
        return NULL;
    }
}

/* ---- texts: owned by the list ---- */

static int keep(struct rule_list *l, char *text, struct err *e)
{
    void *v = l->texts;
    int r = grow(&v, &l->texts_cap, l->n_texts + 1, sizeof *l->texts, e);
    l->texts = v;
    if (r < 0) {
        free(text);
        return r;
    }
    l->texts[l->n_texts++] = text;
    return 0;
}

static int read_text(struct rule_list *l, struct yaml *y, const char *what,
                     const char **out, struct err *e)
{
    char *text;
    TRY(yaml_text(y, what, &text, e));
    TRY(keep(l, text, e));
    *out = text;
    return 0;
}

/* One value or a list of them: `take` is called for each. */
static int each(struct yaml *y, int (*take)(void *ctx, struct err *e), void *ctx,
                struct err *e)
{
    struct yaml_item item;
    TRY(yaml_peek(y, &item, e));
    if (item.kind != YAML_KIND_LIST)
        return take(ctx, e);
    int more;
    TRY(yaml_list(y, "a list", e));
    while ((more = yaml_more(y, e)) > 0)
        TRY(take(ctx, e));
    return more;
}

/* ---- values of `when` ---- */

struct value {
    struct rule_list *l;
    struct yaml *y;
    struct rule *rule;
    enum rule_key key;
    const char **texts; /* found so far; NULL behind them */
    size_t n_texts;
};

static int take_word(void *ctx, struct err *e)
{
    struct value *v = ctx;
    const char *const *words = rule_key_words(v->key);
    size_t n = 0, k;
    while (words[n] != NULL)
        n++;
    TRY(yaml_word(v->y, key_names[v->key], words, n, &k, e));
    v->rule->words[v->key] |= 1u << k;
    return 0;
}

static int take_text(void *ctx, struct err *e)
{
    struct value *v = ctx;
    const char *text;
    TRY(read_text(v->l, v->y, key_names[v->key], &text, e));
    if (v->n_texts == TEXTS_MOST)
        return yaml_fail(v->y, yaml_here(v->y), e, "expected at most %d values",
                         TEXTS_MOST);
    v->texts[v->n_texts++] = text;
    return 0;
}

static int read_texts(struct value *v, struct err *e)
{
    void *array = calloc(TEXTS_MOST + 1, sizeof *v->texts);
    if (array == NULL)
        return err_nomem(e);
    TRY(keep(v->l, array, e));
    v->texts = array;
    TRY(each(v->y, take_text, v, e));
    const char *const *texts = (const char *const *)v->texts;
    switch (v->key) {
    case RULE_KEY_TAG:
        v->rule->tags = texts;
        break;
    case RULE_KEY_EVENT:
        v->rule->events = texts;
        break;
    case RULE_KEY_OS:
        v->rule->os = texts;
        break;
    default:
        v->rule->formats = texts;
        break;
    }
    return 0;
}

/* A figure with its unit, "20M", "80%", "24h", or a plain count. */
static int read_figure(struct value *v, struct err *e)
{
    static const struct {
        const char *what, *unit;
        double scale;
    } kinds[] = {[RULE_PERCENT] = {"percent as 80%", "%", .01},
                 [RULE_COUNT] = {"a count", "", 1},
                 [RULE_HOURS] = {"hours as 24h", "h", 1}};
    const uint8_t kind = key_kinds[v->key];
    const char *what = kind == RULE_SIZE ? "a size as 20M" : kinds[kind].what;
    struct yaml_item item;
    TRY(yaml_scalar(v->y, what, &item, e));
    uint64_t bytes = 0;
    double figure = 0;
    bool fine;
    if (kind == RULE_SIZE) {
        fine = size_parse(item.text, &bytes);
        figure = (double)bytes;
    } else {
        char *end;
        unsigned long n = strtoul(item.text, &end, 10);
        fine = isdigit((unsigned char)item.text[0]) &&
               strcmp(end, kinds[kind].unit) == 0 && n < 1000000;
        figure = (double)n * kinds[kind].scale;
    }
    if (!fine)
        return yaml_fail(v->y, item.at, e, "expected %s, found '%s'", what, item.text);
    v->rule->figures[v->key] = figure;
    return 0;
}

static int read_value(struct value *v, struct err *e)
{
    bool yes;
    switch (key_kinds[v->key]) {
    case RULE_WORDS:
        return each(v->y, take_word, v, e);
    case RULE_PATTERNS:
    case RULE_TEXTS:
        return read_texts(v, e);
    case RULE_YES:
        TRY(yaml_bool(v->y, "yes", &yes, e));
        return yes ? 0 : yaml_fail(v->y, yaml_here(v->y), e, "expected yes");
    default:
        return read_figure(v, e);
    }
}

static int read_when(struct rule_list *l, struct yaml *y, struct rule *rule,
                     struct err *e)
{
    uint64_t seen = 0;
    size_t k;
    int more;
    TRY(yaml_map(y, "a map of conditions", e));
    while ((more = yaml_key_in(y, key_names, RULE_KEYS, &seen, &k, e)) > 0) {
        struct value v = {.l = l, .y = y, .rule = rule, .key = (enum rule_key)k};
        rule->given |= 1u << k;
        TRY(read_value(&v, e));
    }
    if (more == 0 && rule->given == 0)
        return yaml_fail(y, yaml_here(y), e, "expected at least one condition");
    return more;
}

/* ---- a rule ---- */

/* Every {word} is one that exists, with a size where it takes one. */
static int check_text(struct yaml *y, const char *text, struct err *e)
{
    enum { KINDS = sizeof placeholders / sizeof *placeholders };
    for (const char *p = text; (p = strpbrk(p, "{}")) != NULL;) {
        size_t n = strcspn(p, "}"), word = strcspn(p + 1, ":}"), k = 0;
        while (*p == '{' && k < KINDS &&
               (strlen(placeholders[k].name) != word ||
                strncmp(placeholders[k].name, p + 1, word) != 0))
            k++;
        bool fine = *p == '{' && p[n] == '}' && k < KINDS;
        if (fine && placeholders[k].sized) {
            char size[24] = "";
            uint64_t bytes;
            if (n > word + 2 && n - word - 2 < sizeof size)
                memcpy(size, p + word + 2, n - word - 2);
            fine = size_parse(size, &bytes);
        } else if (fine) {
            fine = word + 1 == n;
        }
        if (!fine)
            return yaml_fail(y, yaml_here(y), e, "the text has no placeholder %.*s",
                             n < 40 && p[n] == '}' ? (int)n + 1 : 1, p);
        p += n + 1;
    }
    return 0;
}

static int check_id(struct yaml *y, const char *id, struct err *e)
{
    if (id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0')
        return 0;
    return yaml_fail(y, yaml_here(y), e,
                     "expected an id of a-z, 0-9 and dashes, found '%s'", id);
}

enum part { ID, WHEN, SEVERITY, TEXT, SUSPECTS, NEXT, SOURCE, PARTS };

static int read_part(struct rule_list *l, struct yaml *y, struct rule *r, enum part k,
                     struct err *e)
{
    static const char *const severities[] = {"info", "warning", "error"};
    size_t s;
    switch (k) {
    case ID:
        TRY(read_text(l, y, "an id", &r->id, e));
        return check_id(y, r->id, e);
    case WHEN:
        return read_when(l, y, r, e);
    case SEVERITY:
        TRY(yaml_word(y, "severity", severities, 3, &s, e));
        r->severity = (enum severity)s;
        return 0;
    case TEXT:
        TRY(read_text(l, y, "a text", &r->text, e));
        return check_text(y, r->text, e);
    case SUSPECTS:
        return read_text(l, y, "a pattern of tags", &r->suspects, e);
    case NEXT:
        TRY(read_text(l, y, "what to do", &r->next, e));
        return check_text(y, r->next, e);
    default:
        return read_text(l, y, "a source", &r->source, e);
    }
}

static int read_rule(struct rule_list *l, struct yaml *y, struct rule *r, struct err *e)
{
    static const char *const parts[PARTS] = {"id",       "when", "severity", "text",
                                             "suspects", "next", "source"};
    static const uint64_t needed = 1u << ID | 1u << WHEN | 1u << SEVERITY | 1u << TEXT;
    uint64_t seen = 0;
    size_t k;
    int more;
    struct yaml_item begin;
    TRY(yaml_peek(y, &begin, e));
    TRY(yaml_map(y, "a rule", e));
    while ((more = yaml_key_in(y, parts, PARTS, &seen, &k, e)) > 0)
        TRY(read_part(l, y, r, (enum part)k, e));
    TRY(more);
    if ((seen & needed) != needed)
        return yaml_fail(y, begin.at, e,
                         "a rule has an id, when, severity and text; one is missing");
    if (r->suspects == NULL && (r->given & 1u << RULE_KEY_SUSPECT) != 0)
        return yaml_fail(y, begin.at, e,
                         "`suspect` asks about `suspects`, which the "
                         "rule does not name");
    return 0;
}

static int add_rule(struct rule_list *l, struct yaml *y, struct err *e)
{
    struct rule rule = {.id = NULL};
    struct yaml_item begin;
    TRY(yaml_peek(y, &begin, e));
    TRY(read_rule(l, y, &rule, e));
    for (size_t i = 0; i < l->rules.n; i++)
        if (strcmp(l->rules.v[i].id, rule.id) == 0)
            return yaml_fail(y, begin.at, e, "there is a rule '%s' already", rule.id);
    if (l->rules.n == RULES_MOST)
        return yaml_fail(y, begin.at, e, "expected at most %d rules", RULES_MOST);
    struct rule *v = l->own;
    void *p = v;
    TRY(grow(&p, &l->cap, l->rules.n + 1, sizeof *v, e));
    l->own = p;
    l->own[l->rules.n++] = rule;
    l->rules.v = l->own;
    return 0;
}

int rules_read(struct rule_list *l, struct yaml *y, struct err *e)
{
    int more;
    TRY(yaml_list(y, "a list of rules", e));
    while ((more = yaml_more(y, e)) > 0)
        TRY(add_rule(l, y, e));
    TRY(more);
    return yaml_end(y, e);
}

void rules_free(struct rule_list *l)
{
    for (size_t i = 0; i < l->n_texts; i++)
        free(l->texts[i]);
    free(l->texts);
    free(l->own);
    *l = (struct rule_list){.own = NULL};
}
