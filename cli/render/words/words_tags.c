/* SPDX-License-Identifier: MIT */
/* What is known about tags, in words. */
#include <string.h>

#include "cli/render/tags_view.h"
#include "cli/render/words/words.h"

bool words_owner(struct phrase *p, struct owner o)
{
    if (o.text == NULL)
        return false;
    say(p, "owner: ");
    say_name(p, o.text);
    say(p, " (");
    say_name(p, o.source);
    say(p, o.unverified ? ", unverified)" : ")");
    return true;
}

void words_owner_or_none(struct phrase *p, struct owner o)
{
    if (!words_owner(p, o))
        say(p, "owner: unknown");
}

/* The binary stands before the dash: "nt!io - file objects". */
static void say_binary(struct phrase *p, const char *owner)
{
    char binary[128];
    const char *dash = strstr(owner, " - ");
    size_t n = dash != NULL ? (size_t)(dash - owner) : strlen(owner);
    n = n < sizeof binary ? n : sizeof binary - 1;
    memcpy(binary, owner, n);
    binary[n] = '\0';
    say_name(p, binary);
}

bool words_holder(struct phrase *p, struct owner o, enum role role)
{
    if (role != ROLE_CONTAINER)
        return false;
    if (o.text != NULL) {
        say(p, "allocated by ");
        say_binary(p, o.text);
        say(p, "; holder unknown");
    } else {
        say(p, "allocator and holder unknown");
    }
    say(p, ": the tag does not tell for whom");
    return true;
}

/* ---- whose the largest are ---- */

#define LARGE .1 /* of the pool */

static bool is_large(const struct rank_view *v, size_t i)
{
    return v->r->tags[v->order[i]].share_of_pool >= LARGE;
}

/* The large tags with a known owner, or those without; returns how many. */
static size_t say_large(struct phrase *p, const struct rank_view *v, bool known)
{
    size_t all = 0, told = 0;
    for (size_t i = 0; i < v->n_order && is_large(v, i); i++)
        all += (owner_at(v->owners, v->order[i]).text != NULL) == known;
    for (size_t i = 0; p != NULL && i < v->n_order && is_large(v, i); i++) {
        struct owner o = owner_at(v->owners, v->order[i]);
        if ((o.text != NULL) != known)
            continue;
        say(p, "%s", told == 0 ? "" : told + 1 == all ? " and " : ", ");
        say_tag(p, v->r->tags[v->order[i]].tag);
        if (known) {
            say(p, " (");
            say_name(p, o.text);
            say(p, ")");
        }
        told++;
    }
    return all;
}

bool words_rank_large(struct phrase *p, const struct rank_view *v)
{
    size_t known = say_large(NULL, v, true), unknown = say_large(NULL, v, false);
    if (known + unknown == 0)
        return false;
    say(p, "Of the tags that hold a tenth of their pool and more, ");
    if (known > 0) {
        say(p, "%s", unknown > 0 ? "only " : "");
        (void)say_large(p, v, true);
        say(p, known == 1 ? " is known" : " are known");
    }
    if (unknown > 0) {
        say(p, "%s", known > 0 ? "; nobody is known for " : "nobody is known for ");
        (void)say_large(p, v, false);
    }
    say(p, ".");
    return true;
}

/* ---- poolsift tags ---- */

const char *tag_reading_name(enum tag_reading r)
{
    static const char *const names[TAG_READINGS] = {
        [READ_AS_TAG] = "tag",         [READ_AS_HEX] = "hex",
        [READ_AS_NUMBER] = "number",   [READ_BACKWARDS] = "backwards",
        [READ_AS_PATTERN] = "pattern",
    };
    return names[r];
}

void words_reading(struct phrase *p, const struct tags_entry *x)
{
    char hex[TAG_HEX_MAX];
    if (x->pattern != NULL) {
        say_name(p, x->pattern);
        say(p, " (a pattern)");
        return;
    }
    tag_hex(x->tag, hex);
    say_tag(p, x->tag);
    say(p, " (%s)", hex);
    if (x->reading == READ_AS_NUMBER)
        say(p, ", if the digits are a number as in source code");
    else if (x->reading == READ_AS_HEX)
        say(p, ", if the digits are bytes in memory order");
    else if (x->reading == READ_BACKWARDS)
        say(p, ", which source code spells backwards");
}

void words_component(struct phrase *p, const struct know_tag *k)
{
    if (k->component == NULL)
        return;
    say(p, "part of: ");
    say_words(p, k->component);
    if (k->vendor != NULL) {
        say(p, ", ");
        say_words(p, k->vendor);
    }
}

void words_role(struct phrase *p, const struct tags_entry *x)
{
    switch (x->owner.role) {
    case ROLE_CONTAINER:
        say(p, "container: ");
        (void)words_holder(p, x->owner, ROLE_CONTAINER);
        break;
    case ROLE_PRIVATE:
        say(p, "private: this driver alone decides how long it is kept");
        break;
    case ROLE_SYSTEM:
        say(p, "system: Windows' own");
        break;
    case ROLE_UNKNOWN:
        if (x->pattern != NULL || (x->known != NULL && !x->known->exact))
            say(p, "told from its first letters only: a hint, no proof");
        break;
    }
}

static void say_unverified(struct phrase *p, bool unverified)
{
    if (unverified)
        say(p, " (unverified)");
}

void words_leak(struct phrase *p, const struct know_leak *l)
{
    say(p, "known leak: ");
    say_words(p, l->what);
    if (l->fixed != NULL) {
        say(p, "; fixed: ");
        say_words(p, l->fixed);
    }
    if (l->source != NULL) {
        say(p, "; ");
        say_words(p, l->source);
    }
    say_unverified(p, l->source == NULL);
}

static bool named_by_leak(const struct know_tag *t, const char *source)
{
    for (size_t i = 0; i < t->n_leaks; i++)
        if (t->leaks[i].source != NULL && strcmp(t->leaks[i].source, source) == 0)
            return true;
    return false;
}

bool words_sources(struct phrase *p, const struct know_tag *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_sources; i++) {
        if (named_by_leak(t, t->sources[i]))
            continue;
        say(p, n++ == 0 ? "source: " : "; ");
        say_words(p, t->sources[i]);
    }
    if (t->verified)
        return n > 0;
    say(p, n > 0 ? " (unverified)" : "unverified: nobody who says so could be named");
    return true;
}

bool words_near(struct phrase *p, const struct tags_entry *x)
{
    for (size_t i = 0; i < x->n_near; i++) {
        say(p, i > 0 ? ", " : tags_entry_known(x) ? "spelled alike: " : "did you mean ");
        say_tag(p, x->near[i]);
    }
    if (x->n_near > 0)
        say(p, tags_entry_known(x) ? " (other tags: case and blanks count)"
                                   : "? Case and blanks count");
    return x->n_near > 0;
}
