/* SPDX-License-Identifier: MIT */
#include "cli/analyze/fleet.h"

#include <stdlib.h>
#include <string.h>

#include "cli/analyze/order.h"
#include "cli/analyze/row.h"
#include "formats/spread.h"

enum { VALUE_IDS = FLEET_FACTS * FLEET_VALUES, NO_VALUE = VALUE_IDS };

void fleet_free(struct fleet *f)
{
    for (size_t i = 0; i < f->n_series; i++) {
        free(f->series[i].host);
        free(f->series[i].scope);
    }
    for (size_t i = 0; i < f->n_scopes; i++) {
        free(f->scopes[i].name);
        free(f->scopes[i].by_value);
    }
    for (size_t i = 0; i < f->n_tags; i++) {
        free(f->tags[i].who);
        free(f->tags[i].suspects);
    }
    for (size_t i = 0; i < f->n_facts; i++) {
        free(f->facts[i].name);
        for (size_t k = 0; k < FLEET_VALUES; k++)
            free(f->facts[i].values[k]);
    }
    free(f->series);
    free(f->scopes);
    free(f->tags);
    free(f->slots);
    lookup_free(&f->by_host);
    lookup_free(&f->by_scope);
    *f = (struct fleet){.series = NULL};
}

static char *copy_text(const char *p, size_t n, struct err *e)
{
    char *copy = malloc(n + 1);
    if (copy == NULL) {
        (void)err_nomem(e);
        return NULL;
    }
    memcpy(copy, p, n);
    copy[n] = '\0';
    return copy;
}

/* ---- hosts ---- */

static bool same_host(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool is_suspect(const struct rank_tag *t)
{
    return t->verdict == VERDICT_LEAK ||
           (t->verdict == VERDICT_GROWING && (t->confidence == CONFIDENCE_PROBABLE ||
                                              t->confidence == CONFIDENCE_POSSIBLE));
}

static int add_series(struct fleet *f, const struct fleet_host *h, struct err *e)
{
    void *v = f->series;
    const uint64_t hash =
        h->host != NULL ? lookup_text(LOOKUP_SEED, h->host) : LOOKUP_SEED;
    bool new_host = true;
    size_t step = 0;
    for (size_t i; new_host && lookup_next(&f->by_host, hash, &step, &i);)
        new_host = !same_host(f->series[i].host, h->host);
    if (new_host)
        TRY(lookup_add(&f->by_host, hash, f->n_series, e));
    TRY(grow(&v, &f->series_cap, f->n_series + 1, sizeof *f->series, e));
    f->series = v;
    struct fleet_series *s = &f->series[f->n_series++];
    *s = (struct fleet_series){.outcome = h->r->outcome,
                               .snapshots = h->r->snapshots,
                               .boots = h->r->n_boots,
                               .has_times = h->r->has_times,
                               .span_h = h->r->span_h};
    if (h->host != NULL && (s->host = copy_text(h->host, strlen(h->host), e)) == NULL)
        return ERR_NOMEM;
    if ((s->scope = copy_text(h->scope, strlen(h->scope), e)) == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < h->r->n_tags; i++)
        if (is_suspect(&h->r->tags[i]) && s->suspects++ == 0)
            s->first = h->r->tags[i];
    f->hosts += new_host;
    f->graded += h->r->snapshots >= GRADED_SNAPSHOTS;
    return 0;
}

static int add_scope(struct fleet *f, const char *name, uint32_t *scope, struct err *e)
{
    const uint64_t hash = lookup_text(LOOKUP_SEED, name);
    size_t step = 0;
    for (size_t i; lookup_next(&f->by_scope, hash, &step, &i);)
        if (strcmp(f->scopes[i].name, name) == 0) {
            *scope = (uint32_t)i;
            return 0;
        }
    TRY(lookup_add(&f->by_scope, hash, f->n_scopes, e));
    void *v = f->scopes;
    TRY(grow(&v, &f->scopes_cap, f->n_scopes + 1, sizeof *f->scopes, e));
    f->scopes = v;
    struct fleet_scope *s = &f->scopes[f->n_scopes++];
    *s = (struct fleet_scope){.name = copy_text(name, strlen(name), e)};
    s->by_value = calloc(VALUE_IDS, sizeof *s->by_value);
    *scope = (uint32_t)(s - f->scopes);
    return s->name == NULL || s->by_value == NULL ? err_nomem(e) : 0;
}

/* ---- versions ---- */

/* Names of facts in which machines of one fleet differ by what runs on them, not by how
 * much they have of something. */
static bool is_version(const char *name, size_t n)
{
    static const char *const endings[] = {"build", "version", "architecture",
                                          "service_pack"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t len = strlen(endings[i]);
        if (n >= len && memcmp(name + n - len, endings[i], len) == 0)
            return true;
    }
    return false;
}

static bool is_text(const char *text, const char *p, size_t n)
{
    return strlen(text) == n && memcmp(text, p, n) == 0;
}

/* The number of this fact's value, new ones included; NO_VALUE when there is no room. */
static int value_of(struct fleet *f, const char *name, size_t name_n, const char *value,
                    size_t n, uint32_t *id, struct err *e)
{
    size_t k = 0;
    *id = NO_VALUE;
    while (k < f->n_facts && !is_text(f->facts[k].name, name, name_n))
        k++;
    if (k == FLEET_FACTS)
        return 0;
    struct fleet_fact *fact = &f->facts[k];
    if (k == f->n_facts) {
        if ((fact->name = copy_text(name, name_n, e)) == NULL)
            return ERR_NOMEM;
        f->n_facts++;
    }
    uint32_t i = 0;
    while (i < fact->n && i < FLEET_VALUES && !is_text(fact->values[i], value, n))
        i++;
    if (i == FLEET_VALUES) {
        fact->n = FLEET_VALUES + 1;
        return 0;
    }
    if (i == fact->n) {
        if ((fact->values[i] = copy_text(value, n, e)) == NULL)
            return ERR_NOMEM;
        fact->n++;
    }
    *id = (uint32_t)k * FLEET_VALUES + i;
    return 0;
}

/* ids[0..FLEET_FACTS): the value of each fact that this host gives, once. */
static int versions_of(struct fleet *f, const char *facts, uint32_t ids[FLEET_FACTS],
                       struct err *e)
{
    for (size_t i = 0; i < FLEET_FACTS; i++)
        ids[i] = NO_VALUE;
    for (const char *p = facts != NULL ? facts : ""; *p != '\0';) {
        size_t n = strcspn(p, "\n"), name = strcspn(p, "=\n");
        uint32_t id = NO_VALUE;
        if (name < n && is_version(p, name))
            TRY(value_of(f, p, name, p + name + 1, n - name - 1, &id, e));
        if (id != NO_VALUE)
            ids[id / FLEET_VALUES] = id;
        p += n + (p[n] != '\0');
    }
    return 0;
}

/* ---- tags ---- */

static uint64_t fleet_key(const struct fleet_tag *t)
{
    return row_key(t->tag, t->pool) ^ (uint64_t)t->scope << 40;
}

static size_t slot_of(const struct fleet *f, const struct fleet_tag *want)
{
    size_t at = spread_over(f->way, fleet_key(want), f->n_slots);
    for (; f->slots[at] != 0; at = (at + 1) & (f->n_slots - 1)) {
        const struct fleet_tag *t = &f->tags[f->slots[at] - 1];
        if (tag_equal(t->tag, want->tag) && t->pool == want->pool &&
            t->scope == want->scope)
            break;
    }
    return at;
}

static int spread_anew(struct fleet *f, size_t n, unsigned way, struct err *e)
{
    uint32_t *slots = f->tags_cap < UINT32_MAX / 2 ? calloc(n, sizeof *slots) : NULL;
    if (slots == NULL)
        return err_nomem(e);
    free(f->slots);
    f->slots = slots;
    f->n_slots = n;
    f->way = way;
    for (size_t i = 0; i < f->n_tags; i++)
        f->slots[slot_of(f, &f->tags[i])] = (uint32_t)i + 1;
    return 0;
}

static int tag_of(struct fleet *f, const struct rank_tag *from, uint32_t scope,
                  uint32_t *index, struct err *e)
{
    const struct fleet_tag new = {.tag = from->tag,
                                  .pool = from->pool,
                                  .scope = scope,
                                  .verdict = VERDICTS,
                                  .bytes_per_hour = NAN};
    if (2 * (f->n_tags + 1) > f->n_slots)
        TRY(spread_anew(f, f->n_slots == 0 ? 1024 : 2 * f->n_slots, f->way, e));
    const size_t at = slot_of(f, &new);
    if (f->slots[at] != 0) {
        *index = f->slots[at] - 1;
        return 0;
    }
    void *v = f->tags;
    TRY(grow(&v, &f->tags_cap, f->n_tags + 1, sizeof *f->tags, e));
    f->tags = v;
    *index = (uint32_t)f->n_tags;
    f->tags[f->n_tags++] = new;
    f->slots[at] = (uint32_t)f->n_tags;
    return spread_meets(f->way, fleet_key(&new), at, f->n_slots)
               ? spread_anew(f, f->n_slots, f->way + 1, e)
               : 0;
}

/* Leak, then growing by its confidence, then the others as they are numbered. */
static int gravity(enum verdict v, enum confidence c)
{
    return v == VERDICT_GROWING ? (int)VERDICT_GROWING + (int)c
                                : (int)v + (v > VERDICT_GROWING) * CONFIDENCE_UNPROVEN;
}

static int remember(struct fleet_tag *t, uint32_t series, const uint32_t *ids,
                    struct err *e)
{
    if (t->n_who < FLEET_NAMED) {
        size_t cap = t->n_who;
        void *v = t->who;
        if ((t->n_who & (t->n_who - 1)) == 0) { /* full at every power of two */
            TRY(grow(&v, &cap, (size_t)t->n_who * 2 + 1, sizeof *t->who, e));
            t->who = v;
        }
        t->who[t->n_who++] = series;
    }
    for (size_t i = 0; i < FLEET_FACTS; i++) {
        if (ids[i] == NO_VALUE)
            continue;
        if (t->suspects == NULL)
            t->suspects = calloc(VALUE_IDS, sizeof *t->suspects);
        if (t->suspects == NULL)
            return err_nomem(e);
        t->suspects[ids[i]]++;
    }
    return 0;
}

static int fold(struct fleet *f, struct fleet_tag *t, const struct rank_tag *from,
                const uint32_t *ids, struct err *e)
{
    t->hosts++;
    t->leak += from->verdict == VERDICT_LEAK;
    bool growing = from->verdict == VERDICT_GROWING;
    t->probable += growing && from->confidence == CONFIDENCE_PROBABLE;
    t->possible += growing && from->confidence == CONFIDENCE_POSSIBLE;
    if (t->verdict == VERDICTS ||
        gravity(from->verdict, from->confidence) < gravity(t->verdict, t->confidence)) {
        t->verdict = from->verdict;
        t->confidence = from->confidence;
    }
    t->score_sum += from->score;
    t->growth_bytes += round(from->growth_bytes);
    if (isfinite(from->bytes_per_hour))
        t->bytes_per_hour =
            from->bytes_per_hour + (isfinite(t->bytes_per_hour) ? t->bytes_per_hour : 0);
    return is_suspect(from) ? remember(t, (uint32_t)f->n_series - 1, ids, e) : 0;
}

int fleet_add(struct fleet *f, const struct fleet_host *h, uint32_t *index, struct err *e)
{
    uint32_t scope, ids[FLEET_FACTS];
    TRY(add_series(f, h, e));
    TRY(add_scope(f, h->scope, &scope, e));
    TRY(versions_of(f, h->facts, ids, e));
    f->scopes[scope].series++;
    for (size_t i = 0; i < FLEET_FACTS; i++)
        if (ids[i] != NO_VALUE)
            f->scopes[scope].by_value[ids[i]]++;
    for (size_t i = 0; i < h->r->n_tags; i++) {
        uint32_t at;
        TRY(tag_of(f, &h->r->tags[i], scope, &at, e));
        TRY(fold(f, &f->tags[at], &h->r->tags[i], ids, e));
        if (index != NULL)
            index[i] = at;
    }
    return 0;
}
