/* SPDX-License-Identifier: MIT */
#include "cli/check/record.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check/relative.h"
#include "cli/rank/comparison.h"
#include "cli/rank/digests.h"
#include "cli/rank/ranking.h"
#include "cli/render/words/words.h"
#include "formats/io/jsonw.h"
#include "formats/io/utf8.h"

enum { SUSPECTS_MOST = 10, LARGEST = 3, DIGESTS_LISTED = 100 };

/* A key of YAML that is longer than 1024 characters must be said to be one; each byte of
 * a name may take six. */
enum { KEY_SHORT = 160 };

struct recording {
    const struct context *c;
    struct sink *out;
    struct err *e;
    const char *indent; /* of what is expected of one host */
};

/* ---- YAML ---- */

static bool is_utf8(const char *s)
{
    uint32_t code;
    for (size_t n = strlen(s), step; n > 0; s += step, n -= step) {
        step = utf8_decode(s, n, &code);
        if (step == 0)
            return false;
    }
    return true;
}

/* A double-quoted scalar of what is UTF-8. */
static void put_quoted(struct recording *x, const char *s)
{
    jsonw_quoted(x->out, s, strlen(s));
}

/* The same, whatever the characters are. */
static int put_text(struct recording *x, const char *s)
{
    if (!is_utf8(s))
        return err_set(x->e, ERR_UNSUPPORTED,
                       "a case is UTF-8, and this name is not: '%.100s'", s);
    put_quoted(x, s);
    return 0;
}

static int put_path(struct recording *x, const char *path)
{
    char *relative = path_relative(x->c->o.output, path, x->e);
    if (relative == NULL)
        return x->e->code;
    const int r = put_text(x, relative);
    free(relative);
    return r;
}

static void put_tag(struct recording *x, struct pool_tag tag)
{
    char text[TAG_TEXT_MAX];
    size_t n = tag_text(tag, text);
    while (n > 1 && text[n - 1] == ' ')
        text[--n] = '\0';
    put_quoted(x, text);
}

/* ---- the call ---- */

static int put_inputs(struct recording *x)
{
    sink_puts(x->out, "inputs:\n");
    for (int i = 0; i < x->c->n_operands; i++) {
        sink_puts(x->out, "  - ");
        TRY(put_path(x, x->c->operands[i]));
        sink_puts(x->out, "\n");
    }
    return 0;
}

/* All values of one option; they were typed in any order. */
static int put_option(struct recording *x, const struct option_row *row, size_t first)
{
    const struct options *o = &x->c->o;
    const bool path = option_names_path(row);
    sink_printf(x->out, "  %s: ", row->name);
    if (row->arg == NULL) {
        sink_puts(x->out, "yes\n");
        return 0;
    }
    sink_puts(x->out, "[");
    for (size_t i = first; i < o->n_typed; i++) {
        if (&option_table[o->typed[i].row] != row)
            continue;
        sink_puts(x->out, i == first ? "" : ", ");
        TRY(path ? put_path(x, o->typed[i].value) : put_text(x, o->typed[i].value));
    }
    sink_puts(x->out, "]\n");
    return 0;
}

static int put_options(struct recording *x)
{
    const struct options *o = &x->c->o;
    uint64_t done = 0;
    for (size_t i = 0; i < o->n_typed; i++) {
        const uint64_t bit = UINT64_C(1) << o->typed[i].row;
        const struct option_row *row = &option_table[o->typed[i].row];
        if (done & bit || !(row->commands & C_CASE))
            continue;
        sink_puts(x->out, done == 0 ? "options:\n" : "");
        done |= bit;
        TRY(put_option(x, row, i));
    }
    return 0;
}

static int put_digest(struct recording *x, const struct input_digest *d)
{
    char *path = path_relative(x->c->o.output, d->source, x->e);
    if (path == NULL)
        return x->e->code;
    const bool is_long = strlen(path) > KEY_SHORT;
    sink_puts(x->out, is_long ? "? " : "");
    const int r = put_text(x, path);
    sink_printf(x->out, "%s: %s\n", is_long ? "\n  " : "", d->sha256);
    free(path);
    return r;
}

static int put_digests(struct recording *x, const struct digests *d)
{
    if (d->n > DIGESTS_LISTED) {
        sink_printf(x->out, "# no digests: %zu files\n", d->n);
        return 0;
    }
    bool any = false;
    for (size_t i = 0; i < d->n; i++) {
        if (!d->v[i].hashed)
            continue;
        sink_puts(x->out, any ? "  " : "digests:\n  ");
        any = true;
        TRY(put_digest(x, &d->v[i]));
    }
    return 0;
}

/* ---- what was found ---- */

static void put_row(struct recording *x, const struct rank_view *v, uint32_t index)
{
    const struct rank_tag *t = &v->r->tags[index];
    const char *confidence = confidence_name(t->confidence);
    sink_printf(x->out, "%s  - {tag: ", x->indent);
    put_tag(x, t->tag);
    sink_printf(x->out, ", pool: %s, rank: %" PRIu32 ", verdict: %s, confidence: %s",
                pool_kind_name((enum pool_kind)t->pool), index + 1,
                verdict_name(t->verdict), confidence != NULL ? confidence : "null");
    if (t->bytes_known)
        sink_printf(x->out, ",\n%s     bytes: %" PRIu64, x->indent, t->bytes);
    if (isfinite(t->bytes_per_hour))
        sink_printf(x->out, ",\n%s     bytes_per_hour: {near: %.6g, within: 5%%}",
                    x->indent, t->bytes_per_hour);
    sink_puts(x->out, "}\n");
}

/* The suspects; where there is none because too little is known, the first rows. */
static void put_rows(struct recording *x, const struct rank_view *v)
{
    size_t told = 0;
    const bool too_few = v->r->outcome == OUTCOME_TOO_FEW;
    for (size_t i = 0; i < v->n_order && told < SUSPECTS_MOST; i++) {
        if (!words_is_suspect(&v->r->tags[v->order[i]]) && !(too_few && i < LARGEST))
            continue;
        if (told++ == 0)
            sink_printf(x->out, "%stags:\n", x->indent);
        put_row(x, v, v->order[i]);
    }
}

static void put_cohorts(struct recording *x, const struct rank_result *r)
{
    if (r->n_cohorts > 0)
        sink_printf(x->out, "%scohorts:\n", x->indent);
    for (size_t i = 0; i < r->n_cohorts; i++) {
        const struct rank_cohort *c = &r->cohorts[i];
        for (size_t k = 0; k < c->n_members; k++) {
            sink_printf(x->out, "%s%s", k == 0 ? x->indent : "", k == 0 ? "  - [" : ", ");
            put_tag(x, c->members[k].tag);
        }
        sink_puts(x->out, "]\n");
    }
}

/* Their patterns are options, too, which were looked at before. */
static void put_suspects(struct recording *x, const struct rank_result *r)
{
    if (r->n_suspects > 0)
        sink_printf(x->out, "%ssuspects:\n", x->indent);
    for (size_t i = 0; i < r->n_suspects; i++) {
        sink_printf(x->out, "%s  - {pattern: ", x->indent);
        put_quoted(x, r->suspects[i].pattern);
        sink_printf(x->out, ", verdict: %s}\n",
                    suspect_verdict_name(r->suspects[i].verdict));
    }
}

/* Rules come from YAML, which is UTF-8. */
static void put_diagnoses(struct recording *x, const struct rank_view *v)
{
    for (size_t i = 0; i < v->n_diagnoses; i++) {
        sink_printf(x->out, "%s%s", i == 0 ? x->indent : "",
                    i == 0 ? "diagnoses: [" : ", ");
        put_quoted(x, v->diagnoses[i].rule);
    }
    sink_puts(x->out, v->n_diagnoses > 0 ? "]\n" : "");
}

static void put_view(struct recording *x, const struct rank_view *v)
{
    sink_printf(x->out, "%soutcome: %s\n%ssnapshots: %zu\n%sboots: %zu\n", x->indent,
                outcome_name(v->r->outcome), x->indent, v->r->snapshots, x->indent,
                v->r->n_boots);
    put_rows(x, v);
    put_cohorts(x, v->r);
    put_suspects(x, v->r);
    put_diagnoses(x, v);
}

/* One of several hosts and scopes: its names come first. */
static int put_host(struct recording *x, const struct rank_view *v)
{
    sink_puts(x->out, "    - host: ");
    if (v->host == NULL)
        sink_puts(x->out, "null");
    else
        TRY(put_text(x, v->host));
    sink_printf(x->out, "\n      scope: \"%s\"\n", v->scope);
    put_view(x, v);
    return 0;
}

/* The file's name without its folder and suffix. */
static int put_name(struct recording *x)
{
    const char *path = x->c->o.output != NULL ? x->c->o.output : "recorded";
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash != NULL ? slash + 1 : path);
    if (name == NULL)
        return err_nomem(x->e);
    char *dot = strrchr(name, '.');
    if (dot != NULL && dot != name)
        *dot = '\0';
    sink_puts(x->out, "name: ");
    const int r = put_text(x, name);
    free(name);
    return r;
}

static int put_case(struct recording *x, const struct ranking *ranking,
                    const struct digests *d)
{
    sink_puts(x->out, "case: 1\n");
    TRY(put_name(x));
    sink_puts(x->out, "\nsource: recorded by poolsift " POOLSIFT_VERSION
                      "  # where are the captures from?\n"
                      "figures: published  # replayed: made after somebody's figures\n");
    TRY(put_inputs(x));
    TRY(put_options(x));
    TRY(put_digests(x, d));
    const bool several = ranking->n_views > 1;
    x->indent = several ? "      " : "  ";
    sink_puts(x->out, several ? "expect:\n  hosts:\n" : "expect:\n");
    for (size_t i = 0; i < ranking->n_views; i++)
        if (several)
            TRY(put_host(x, &ranking->views[i]));
        else
            put_view(x, &ranking->views[i]);
    return 0;
}

/* ---- the command ---- */

static int refuse_unnamed(const struct context *c, struct err *e)
{
    bool named = c->n_operands > 0;
    for (int i = 0; i < c->n_operands; i++)
        named = named && strcmp(c->operands[i], "-") != 0;
    if (named)
        return 0;
    int r = err_set(e, ERR_USAGE,
                    "--record wants files: a case cannot name standard "
                    "input");
    err_hint(e, "poolsift check --record captures/ -o case.yaml");
    return r;
}

static int write_case(const struct context *c, const struct ranking *ranking,
                      struct err *e)
{
    struct digests d = {.n = 0};
    struct recording x = {.c = c, .e = e};
    int r = digests_add(&d, &ranking->load.inputs, e);
    if (r == 0 && d.n <= DIGESTS_LISTED)
        r = digests_make(&d, UINT64_MAX, e);
    if (r == 0)
        r = command_sink(c, &x.out, e);
    if (r == 0) {
        r = put_case(&x, ranking, &d);
        if (r < 0)
            sink_abort(x.out);
        else
            r = sink_close(x.out, e);
    }
    digests_free(&d);
    return r;
}

int record_case(struct context *c, struct err *e)
{
    struct ranking x;
    struct comparison compared = {.operand = NULL};
    TRY(refuse_unnamed(c, e));
    c->o.alone = true; /* as the case will be run */
    int r = ranking_load(&x, c, e);
    if (r == 0)
        r = ranking_judge(&x, e);
    if (r == 0)
        r = comparison_make(&compared, &x, e);
    if (r == 0 && c->term.failed)
        r = err_set(e, ERR_FORMAT, "an input could not be read: nothing was recorded");
    if (r == 0)
        r = write_case(c, &x, e);
    comparison_free(&compared);
    ranking_free(&x);
    return r;
}
