/* SPDX-License-Identifier: MIT */
#include "cli/check/expect_keys.h"

#include <string.h>

#include "cli/render/machine/rank_fields.h"
#include "cli/render/words/words.h"
#include "formats/bytes.h"
#include "formats/size.h"
#include "formats/tag.h"

/* ---- keys that json_rank.c and its like write without a table ---- */

static bool is_evidence_key(const char *key)
{
    for (int code = 0; code < EVIDENCE_CODES; code++)
        for (int i = 0; i < EVIDENCE_VALUES; i++) {
            const char *known = evidence_key((enum evidence_code)code, i);
            if (known != NULL && strcmp(known, key) == 0)
                return true;
        }
    return false;
}

static const struct key_extra evidence_extra[] = {
    {"code", KEY_SCALAR, NULL},
    {"text", KEY_SCALAR, NULL},
    {NULL, KEY_SCALAR, NULL},
};
static const struct key_level evidence_level = {.what = "a piece of evidence",
                                                .extra = evidence_extra,
                                                .also = is_evidence_key,
                                                .chosen_by = "code"};

static const struct key_extra tag_extra[] = {
    {"rank", KEY_SCALAR, NULL},
    {"session", KEY_SCALAR, NULL},
    {"evidence", KEY_LIST, &evidence_level},
    {"compared_bytes_per_hour", KEY_SCALAR, NULL},
    {"compared_bytes_per_hour_low", KEY_SCALAR, NULL},
    {"compared_bytes_per_hour_high", KEY_SCALAR, NULL},
    {"baseline_bytes_per_hour", KEY_SCALAR, NULL},
    {"baseline_bytes_per_hour_low", KEY_SCALAR, NULL},
    {"baseline_bytes_per_hour_high", KEY_SCALAR, NULL},
    {"baseline_bytes", KEY_SCALAR, NULL},
    {"added_bytes_per_hour", KEY_SCALAR, NULL},
    {"change", KEY_SCALAR, NULL},
    {"change_reason", KEY_SCALAR, NULL},
    {NULL, KEY_SCALAR, NULL},
};
static const struct key_level tag_level = {.what = "a tag",
                                           .fields = {tag_fields, owner_fields},
                                           .extra = tag_extra,
                                           .chosen_by = "tag"};

static const struct key_level event_level = {
    .what = "an event", .fields = {event_sum_fields, event_fields}, .chosen_by = "code"};

static const struct key_extra note_extra[] = {
    {"code", KEY_SCALAR, NULL},
    {"line", KEY_SCALAR, NULL},
    {"text", KEY_SCALAR, NULL},
    {NULL, KEY_SCALAR, NULL},
};
static const struct key_level note_level = {
    .what = "a note", .extra = note_extra, .chosen_by = "code"};

static const struct key_extra baseline_extra[] = {
    {"source", KEY_SCALAR, NULL},     {"host", KEY_SCALAR, NULL},
    {"scope", KEY_SCALAR, NULL},      {"snapshots", KEY_SCALAR, NULL},
    {"from", KEY_SCALAR, NULL},       {"to", KEY_SCALAR, NULL},
    {"hours", KEY_SCALAR, NULL},      {"load_ratio", KEY_SCALAR, NULL},
    {"comparable", KEY_SCALAR, NULL}, {"reason", KEY_SCALAR, NULL},
    {NULL, KEY_SCALAR, NULL},
};
static const struct key_level baseline_level = {.what = "a baseline",
                                                .extra = baseline_extra};

static const struct key_extra gone_extra[] = {
    {"tag", KEY_SCALAR, NULL},
    {"tag_hex", KEY_SCALAR, NULL},
    {"pool", KEY_SCALAR, NULL},
    {"baseline_bytes", KEY_SCALAR, NULL},
    {"baseline_bytes_per_hour", KEY_SCALAR, NULL},
    {"baseline_bytes_per_hour_low", KEY_SCALAR, NULL},
    {"baseline_bytes_per_hour_high", KEY_SCALAR, NULL},
    {"change", KEY_SCALAR, NULL},
    {NULL, KEY_SCALAR, NULL},
};
static const struct key_level gone_level = {
    .what = "a tag that is gone", .extra = gone_extra, .chosen_by = "tag"};

static const struct key_extra host_extra[] = {
    {"tags", KEY_ROWS, &tag_level},       {"not_leaking", KEY_PATTERNS, NULL},
    {"absent", KEY_PATTERNS, NULL},       {"events", KEY_LIST, &event_level},
    {"notes", KEY_LIST, &note_level},     {"baseline", KEY_OBJECT, &baseline_level},
    {"tags_gone", KEY_LIST, &gone_level}, {NULL, KEY_SCALAR, NULL},
};
const struct key_level host_level = {
    .what = "a host", .fields = {view_fields, result_fields}, .extra = host_extra};

/* By which key of its items a list of a table is looked up. */
static const char *chosen_by(const char *key)
{
    static const char *const rows[][2] = {
        {"diagnoses", "rule"},  {"suspects", "pattern"},      {"cohorts", "tags"},
        {"members", "tag"},     {"largest_other", "tag"},     {"near", "tag"},
        {"thresholds", "name"}, {"limit_candidates", "bytes"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i][0], key) == 0)
            return rows[i][1];
    return NULL;
}

/* ---- looking a key up ---- */

static void shape_of(const struct field *f, struct key_found *out)
{
    *out = (struct key_found){
        .shape = KEY_SCALAR,
        .level = {.what = f->key, .fields = {f->sub}, .chosen_by = chosen_by(f->key)}};
    if (f->kind == FIELD_OBJECT)
        out->shape = KEY_OBJECT;
    else if (f->kind == FIELD_LIST || f->kind == FIELD_REALS || f->kind == FIELD_TAGS)
        out->shape = KEY_LIST;
    else if (f->kind == FIELD_MADE)
        out->shape = KEY_MADE;
    else if (f->kind == FIELD_FACTS)
        out->shape = KEY_FREE;
}

static bool find_in(const struct field *table, const char *key, struct key_found *out)
{
    for (const struct field *f = table; f != NULL && f->kind != FIELD_END; f++) {
        if (f->kind == FIELD_FLAT) {
            if (find_in(f->sub, key, out))
                return true;
        } else if (strcmp(f->key, key) == 0 ||
                   (f->kind == FIELD_TAG && strcmp(key, "tag_hex") == 0)) {
            shape_of(f, out);
            return true;
        }
    }
    return false;
}

bool key_find(const struct key_level *l, const char *key, struct key_found *f)
{
    for (const struct key_extra *x = l->extra; x != NULL && x->key != NULL; x++)
        if (strcmp(x->key, key) == 0) {
            *f = (struct key_found){.shape = x->shape};
            if (x->level != NULL)
                f->level = *x->level;
            return true;
        }
    if (find_in(l->fields[0], key, f) || find_in(l->fields[1], key, f))
        return true;
    *f = (struct key_found){.shape = KEY_SCALAR};
    return l->also != NULL && l->also(key);
}

static int list_keys(struct buf *out, const struct field *table, struct err *e)
{
    for (const struct field *f = table; f != NULL && f->kind != FIELD_END; f++)
        if (f->kind == FIELD_FLAT)
            TRY(list_keys(out, f->sub, e));
        else
            TRY(buf_printf(out, e, " %s", f->key));
    return 0;
}

static int unknown_key(const struct case_file *c, const struct key_level *l,
                       const struct node *n, struct err *e)
{
    struct buf names = {0};
    int r = 0;
    for (const struct key_extra *x = l->extra; x != NULL && x->key != NULL && r == 0; x++)
        r = buf_printf(&names, e, " %s", x->key);
    for (int i = 0; i < 2 && r == 0; i++)
        r = list_keys(&names, l->fields[i], e);
    if (r == 0) {
        r = node_fail(c->path, n->key_at, e, "%s has no key '%.60s'", l->what, n->key);
        err_hint(e, "the keys of %s are those of rank --json:%s", l->what,
                 names.n > 0 ? (const char *)names.p : " none");
    }
    buf_free(&names);
    return r;
}

/* ---- forms of values ---- */

static const char *const test_keys[] = {"min",    "max",      "near",
                                        "within", "contains", "not"};
enum { TEST_KEYS = 6, RANGE_KEYS = 4 };

static bool only_keys(const struct node *n, int allowed)
{
    if (n->kind != YAML_KIND_MAP || n->n == 0)
        return false;
    for (const struct node *k = n->first; k != NULL; k = k->next) {
        int i = 0;
        while (i < allowed && strcmp(test_keys[i], k->key) != 0)
            i++;
        if (i == allowed)
            return false;
    }
    return true;
}

/* What is not a fixed value but a test of one: {min, max}, {near, within}, {contains},
 * {not}. */
static bool is_test(const struct node *n)
{
    return only_keys(n, TEST_KEYS);
}

bool is_range(const struct node *n)
{
    return only_keys(n, RANGE_KEYS);
}

static bool is_figure(const struct node *n)
{
    double v;
    uint64_t bytes;
    return node_number(n, &v) ||
           (n->kind == YAML_KIND_SCALAR && size_parse(n->text, &bytes));
}

static bool is_share(const struct node *n)
{
    char digits[32];
    double v;
    size_t k = n->kind == YAML_KIND_SCALAR ? strlen(n->text) : 0;
    if (k < 2 || k > sizeof digits || n->text[k - 1] != '%')
        return false;
    memcpy(digits, n->text, k - 1);
    digits[k - 1] = '\0';
    return yaml_is_number(digits, &v) && v >= 0;
}

static int check_test(const struct case_file *c, const struct node *n, struct err *e)
{
    const struct node *near = node_in(n, "near"), *within = node_in(n, "within");
    const struct node *contains = node_in(n, "contains"), *not_ = node_in(n, "not");
    if (!is_test(n))
        return node_fail(
            c->path, n->at, e,
            "expected a value, a list of values, or one of {min: N, max: N}, "
            "{near: N, within: 5%%}, {contains: TEXT}, {not: VALUE}");
    if ((near == NULL) != (within == NULL) ||
        ((near != NULL || contains != NULL || not_ != NULL) &&
         n->n != (near != NULL ? 2u : 1u)))
        return node_fail(c->path, n->at, e,
                         "write {near: N, within: 5%%}, {min: N, max: N}, {contains: "
                         "TEXT} or {not: VALUE}, one of them");
    for (const struct node *k = n->first; k != NULL; k = k->next) {
        bool good = k == within                  ? is_figure(k) || is_share(k)
                    : k == contains || k == not_ ? k->kind == YAML_KIND_SCALAR
                                                 : is_figure(k);
        if (!good)
            return node_fail(c->path, k->at, e, "'%s' takes %s", k->key,
                             k == within ? "a number or a share such as 5%"
                             : k == contains || k == not_ ? "a value"
                                                          : "a number or a size");
    }
    return 0;
}

static int check_scalars(const struct case_file *c, const struct node *n, bool empty,
                         struct err *e)
{
    if (n->kind == YAML_KIND_SCALAR)
        return 0;
    if (n->kind == YAML_KIND_MAP)
        return check_test(c, n, e);
    if (n->n == 0 && !empty)
        return node_fail(c->path, n->at, e, "an empty list allows no value at all");
    for (const struct node *k = n->first; k != NULL; k = k->next)
        if (k->kind != YAML_KIND_SCALAR)
            return node_fail(c->path, k->at, e, "expected a value");
    return 0;
}

static int check_keys(const struct case_file *c, const struct key_level *l,
                      const struct node *map, struct err *e);

static int check_list(const struct case_file *c, const struct key_found *f,
                      const struct node *n, struct err *e)
{
    double count;
    if (is_range(n) || node_number(n, &count))
        return n->kind == YAML_KIND_MAP ? check_test(c, n, e) : 0;
    if (n->kind != YAML_KIND_LIST)
        return node_fail(c->path, n->at, e,
                         "expected a list, or how many there are: N or {min: N, max: N}");
    for (const struct node *k = n->first; k != NULL; k = k->next) {
        bool keyed = f->level.fields[0] != NULL || f->level.extra != NULL;
        if (k->kind == YAML_KIND_MAP && keyed)
            TRY(check_keys(c, &f->level, k, e));
        else if (keyed && f->level.chosen_by == NULL)
            return node_fail(c->path, k->at, e, "expected a map with keys of %s",
                             f->level.what);
        else
            TRY(check_scalars(c, k, false, e));
    }
    return 0;
}

static int check_rows(const struct case_file *c, const struct key_level *l,
                      const struct node *n, struct err *e)
{
    struct pool_tag t;
    if (n->kind != YAML_KIND_LIST || n->n == 0)
        return node_fail(c->path, n->at, e,
                         "expected a list such as [{tag: Abcd, pool: paged, rank: 1}]");
    for (const struct node *row = n->first; row != NULL; row = row->next) {
        const struct node *tag = node_in(row, "tag");
        if (tag == NULL || tag->kind != YAML_KIND_SCALAR || !tag_parse(tag->text, &t))
            return node_fail(c->path, tag != NULL ? tag->at : row->at, e,
                             "expected {tag: ABCD, ...}, one to four characters, others "
                             "than ASCII as \\xhh");
        TRY(check_keys(c, l, row, e));
    }
    return 0;
}

static int check_value(const struct case_file *c, const struct key_found *f,
                       const struct node *n, struct err *e)
{
    switch (f->shape) {
    case KEY_SCALAR:
        return check_scalars(c, n, false, e);
    case KEY_MADE:
        return check_scalars(c, n, true, e);
    case KEY_OBJECT:
        return node_is_null(n) ? 0 : check_keys(c, &f->level, n, e);
    case KEY_LIST:
        return check_list(c, f, n, e);
    case KEY_ROWS:
        return check_rows(c, &f->level, n, e);
    case KEY_PATTERNS:
        return n->kind == YAML_KIND_LIST && n->n > 0
                   ? check_scalars(c, n, false, e)
                   : node_fail(c->path, n->at, e, "expected a list of patterns of tags");
    case KEY_FREE:
        return n->kind == YAML_KIND_MAP ? 0
                                        : node_fail(c->path, n->at, e, "expected a map");
    }
    return 0;
}

/* Goes no deeper than the tables do, whatever the file holds. */
static int check_keys(const struct case_file *c, const struct key_level *l,
                      const struct node *map, struct err *e)
{
    struct key_found f;
    if (map->kind != YAML_KIND_MAP || map->n == 0)
        return node_fail(c->path, map->at, e, "expected a map with keys of %s", l->what);
    for (const struct node *n = map->first; n != NULL; n = n->next) {
        if (!key_find(l, n->key, &f))
            return unknown_key(c, l, n, e);
        TRY(check_value(c, &f, n, e));
    }
    return 0;
}

const struct node *expect_hosts(const struct case_file *c)
{
    return node_in(c->expect, "hosts");
}

int expect_check_keys(const struct case_file *c, struct err *e)
{
    const struct node *hosts = expect_hosts(c);
    if (hosts == NULL)
        return check_keys(c, &host_level, c->expect, e);
    if (hosts->kind != YAML_KIND_LIST || hosts->n == 0)
        return node_fail(c->path, hosts->at, e,
                         "expected a list such as [{host: WEB01, outcome: leak}]");
    if (c->expect->n > 1)
        return node_fail(c->path, hosts->key_at, e,
                         "beside `hosts` no other key: put it into the host it is about");
    for (const struct node *n = hosts->first; n != NULL; n = n->next)
        TRY(check_keys(c, &host_level, n, e));
    return 0;
}
