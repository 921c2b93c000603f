/* SPDX-License-Identifier: MIT */
/* A ranking as the scorer sees it, and reading it: the JSON of `poolsift rank --json -n
 * 0`, or lines "HEX POOL" best first.  The caller owns the struct ranking, plain memory.
 */
#ifndef TESTS_EVAL_RANKING_H
#define TESTS_EVAL_RANKING_H

#include <yaml.h>

#include "tests/eval/labels.h"

struct ranked {
    unsigned label; /* index into labels, TAGS: unknown */
    bool strong, probable;
    bool worse; /* than in the baseline: a new leak, or faster */
    bool compared;
    double share; /* of its pool's growth, as the product says */
    char cohort[24];
};

struct ranking {
    struct ranked tag[TAGS];
    unsigned n_tags;
    unsigned boot_size[SNAPSHOTS], n_boots;
};

/* ---- JSON: only hosts[0].boots[] and hosts[0].tags[] are looked at ---- */

struct json_walk {
    yaml_document_t doc;
    const struct labels *labels;
};

static inline yaml_node_t *json_member(struct json_walk *w, yaml_node_t *n,
                                       const char *key)
{
    if (n == NULL || n->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
         p++) {
        yaml_node_t *k = yaml_document_get_node(&w->doc, p->key);
        if (k->type == YAML_SCALAR_NODE &&
            strcmp((const char *)k->data.scalar.value, key) == 0)
            return yaml_document_get_node(&w->doc, p->value);
    }
    return NULL;
}

static inline unsigned json_length(const yaml_node_t *n)
{
    return n == NULL || n->type != YAML_SEQUENCE_NODE
               ? 0
               : (unsigned)(n->data.sequence.items.top - n->data.sequence.items.start);
}

static inline yaml_node_t *json_item(struct json_walk *w, yaml_node_t *n, unsigned i)
{
    return i < json_length(n)
               ? yaml_document_get_node(&w->doc, n->data.sequence.items.start[i])
               : NULL;
}

/* "" for what is not there; "null" for null. */
static inline const char *json_text(struct json_walk *w, yaml_node_t *n, const char *key)
{
    n = json_member(w, n, key);
    return n != NULL && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value
                                                    : "";
}

static inline void json_tag(struct json_walk *w, yaml_node_t *n, struct ranked *t)
{
    const char *verdict = json_text(w, n, "verdict");
    const char *sure = json_text(w, n, "confidence");
    t->label = labels_find(w->labels, json_text(w, n, "tag_hex"),
                           pool_of(json_text(w, n, "pool")));
    t->strong = strcmp(verdict, "leak") == 0;
    t->probable =
        t->strong || (strcmp(verdict, "growing") == 0 && strcmp(sure, "probable") == 0);
    const char *change = json_text(w, n, "change");
    t->worse = strcmp(change, "new leak") == 0 || strcmp(change, "faster") == 0;
    t->compared = *change != '\0' && strcmp(change, "not comparable") != 0;
    t->share = strtod(json_text(w, n, "share_of_growth"), NULL);
    snprintf(t->cohort, sizeof t->cohort, "%s", json_text(w, n, "cohort"));
    if (strcmp(t->cohort, "null") == 0)
        t->cohort[0] = '\0';
}

static inline bool ranking_json(struct ranking *r, const struct labels *l, FILE *f)
{
    struct json_walk w = {.labels = l};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return false;
    yaml_parser_set_input_file(&parser, f);
    bool fine = yaml_parser_load(&parser, &w.doc);
    yaml_parser_delete(&parser);
    if (!fine)
        return false;
    yaml_node_t *hosts = json_member(&w, yaml_document_get_root_node(&w.doc), "hosts");
    yaml_node_t *host = json_item(&w, hosts, 0);
    yaml_node_t *tags = json_member(&w, host, "tags");
    yaml_node_t *boots = json_member(&w, host, "boots");
    fine = json_length(hosts) == 1 && json_length(tags) <= TAGS &&
           json_length(boots) <= SNAPSHOTS;
    for (unsigned i = 0; fine && i < json_length(tags); i++)
        json_tag(&w, json_item(&w, tags, i), &r->tag[r->n_tags++]);
    for (unsigned i = 0; fine && i < json_length(boots); i++)
        r->boot_size[r->n_boots++] = (unsigned)strtoul(
            json_text(&w, json_item(&w, boots, i), "snapshots"), NULL, 10);
    yaml_document_delete(&w.doc);
    return fine;
}

static inline bool ranking_list(struct ranking *r, const struct labels *l, FILE *f)
{
    char hex[9], pool[16];
    while (r->n_tags < TAGS && fscanf(f, "%8s %15s", hex, pool) == 2)
        r->tag[r->n_tags++].label = labels_find(l, hex, pool_of(pool));
    return r->n_tags > 0;
}

static inline bool ranking_read(struct ranking *r, const struct labels *l,
                                const char *path)
{
    memset(r, 0, sizeof *r);
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return false;
    int c = getc(f);
    ungetc(c, f);
    bool fine = c == '{' ? ranking_json(r, l, f) : ranking_list(r, l, f);
    fclose(f);
    return fine;
}

#endif
