/* SPDX-License-Identifier: MIT */
/* What is known about tags, for machines: JSON and CSV. */
#include "cli/render/drivers.h"
#include "cli/render/machine/csv_line.h"
#include "cli/render/tags_view.h"

/* An entry that knows nothing but the owner is empty otherwise. */
static const struct know_tag *known_of(const struct tags_entry *x)
{
    static const struct know_tag nothing = {.owner = NULL};
    return x->known != NULL ? x->known : &nothing;
}

/* The binary alone where the built-in table or a tags.yaml says it; a pooltag.txt or
 * none: what it says. */
static const char *owner_of(const struct tags_entry *x)
{
    const struct know_tag *k = known_of(x);
    return k->label != NULL && k->label == x->owner.text ? k->owner : x->owner.text;
}

static const char *pattern_of(const struct tags_entry *x)
{
    const struct know_tag *k = known_of(x);
    return x->pattern != NULL              ? x->pattern
           : x->known != NULL && !k->exact ? k->pattern
                                           : NULL;
}

static void join_sources(struct phrase *p, const struct know_tag *k)
{
    phrase_start(p, false);
    for (size_t i = 0; i < k->n_sources; i++) {
        say(p, i > 0 ? "; " : "");
        say_words(p, k->sources[i]);
    }
}

/* In one string, as the contract has the key, and as a list. */
static void source(struct jsonw *j, const struct know_tag *k)
{
    struct phrase p;
    join_sources(&p, k);
    jsonw_string(j, "source", p.n > 0 ? p.s : NULL);
    jsonw_array(j, "sources");
    for (size_t i = 0; i < k->n_sources; i++)
        jsonw_string(j, NULL, k->sources[i]);
    jsonw_end_array(j);
}

static void leaks(struct jsonw *j, const struct know_tag *k)
{
    jsonw_array(j, "leaks");
    for (size_t i = 0; i < k->n_leaks; i++) {
        jsonw_object(j, NULL);
        jsonw_string(j, "what", k->leaks[i].what);
        jsonw_string(j, "fixed", k->leaks[i].fixed);
        jsonw_string(j, "source", k->leaks[i].source);
        jsonw_bool(j, "verified", k->leaks[i].source != NULL);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
}

static void near(struct jsonw *j, const struct tags_entry *x)
{
    jsonw_array(j, "near");
    for (size_t i = 0; i < x->n_near; i++) {
        jsonw_object(j, NULL);
        json_tag(j, x->near[i]);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
}

static void entry(struct jsonw *j, const struct tags_entry *x)
{
    const struct know_tag *k = known_of(x);
    jsonw_object(j, NULL);
    jsonw_string(j, "query", x->query);
    jsonw_string(j, "reading", tag_reading_name(x->reading));
    if (x->pattern == NULL) {
        json_tag(j, x->tag);
    } else {
        jsonw_null(j, "tag");
        jsonw_null(j, "tag_hex");
    }
    jsonw_string(j, "pattern", pattern_of(x));
    jsonw_bool(j, "known", tags_entry_known(x));
    jsonw_string(j, "owner", owner_of(x));
    jsonw_string(j, "owner_source", x->owner.source);
    json_verified(j, "owner_verified", &x->owner);
    jsonw_string(j, "vendor", k->vendor);
    jsonw_string(j, "component", k->component);
    jsonw_string(j, "holds", k->holds);
    jsonw_string(j, "role", role_name(x->owner.role));
    json_container(j, "container", x->owner.role);
    jsonw_string(j, "pins", k->pins);
    jsonw_string(j, "usual", k->usual);
    leaks(j, k);
    source(j, k);
    if (x->known == NULL)
        jsonw_null(j, "verified");
    else
        jsonw_bool(j, "verified", k->verified);
    near(j, x);
    if (x->pattern == NULL)
        json_find_driver(j, x->tag);
    else
        jsonw_null(j, "find_driver");
    jsonw_end_object(j);
}

int json_tags(struct render *r, const struct tags_view *v)
{
    TRY(json_begin(r, "tags"));
    jsonw_array(r->json, "tags");
    for (size_t i = 0; i < v->n; i++)
        entry(r->json, &v->v[i]);
    jsonw_end_array(r->json);
    if (v->drivers != NULL)
        json_drivers(r->json, v->drivers, r->o->top);
    json_end(r);
    return 0;
}

static void leaks_cell(struct csv_line *l, const struct know_tag *k)
{
    struct phrase p;
    phrase_start(&p, false);
    for (size_t i = 0; i < k->n_leaks; i++) {
        say(&p, i > 0 ? "; " : "");
        say_words(&p, k->leaks[i].what);
    }
    csv_text(l, p.s);
}

static void line(struct csv_line *l, const struct tags_entry *x)
{
    const struct know_tag *k = known_of(x);
    struct phrase sources;
    join_sources(&sources, k);
    csv_text(l, x->query);
    csv_word(l, tag_reading_name(x->reading));
    if (x->pattern == NULL) {
        csv_tag(l, x->tag);
    } else {
        csv_none(l);
        csv_none(l);
    }
    csv_text(l, pattern_of(x));
    csv_text(l, owner_of(x));
    csv_text(l, x->owner.source);
    csv_text(l, k->vendor);
    csv_text(l, k->component);
    csv_text(l, k->holds);
    csv_word(l, role_name(x->owner.role));
    csv_text(l, k->pins);
    csv_text(l, k->usual);
    leaks_cell(l, k);
    csv_text(l, sources.s);
    csv_word(l, x->known == NULL ? "" : k->verified ? "true" : "false");
    csv_end(l);
}

/* One table a call: where drivers were searched, what was found in them. */
int csv_tags(struct render *r, const struct tags_view *v)
{
    if (v->drivers != NULL) {
        csv_drivers(r, v->drivers);
        return 0;
    }
    csv_header(r, "query,reading,tag,tag_hex,pattern,owner,owner_source,vendor,component,"
                  "holds,role,pins,usual,leaks,source,verified");
    struct csv_line l = {.out = r->out};
    for (size_t i = 0; i < v->n; i++)
        line(&l, &v->v[i]);
    return 0;
}
