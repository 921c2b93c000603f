/* SPDX-License-Identifier: MIT */
/* What `poolsift tags` found; the command owns it and lends it to the renderers. */
#ifndef CLI_RENDER_TAGS_VIEW_H
#define CLI_RENDER_TAGS_VIEW_H

#include "cli/know/tags.h"
#include "cli/render/machine/json.h"
#include "cli/render/people/page.h"

struct drivers; /* cli/tags/drivers.h */

/* How the words of the person became this tag. */
enum tag_reading {
    READ_AS_TAG,
    READ_AS_HEX,    /* bytes in memory order, as tag_hex */
    READ_AS_NUMBER, /* a constant of a driver's source or a register */
    READ_BACKWARDS, /* as C source spells it: 'corP' */
    READ_AS_PATTERN,
    TAG_READINGS
};
const char *tag_reading_name(enum tag_reading r); /* "tag", "hex", ... */

#define TAGS_NEAR 4

struct tags_entry {
    const char *query; /* as typed */
    enum tag_reading reading;
    struct pool_tag tag;
    const char *pattern; /* of an entry that stands for several tags, when it was asked
                            for itself (then `tag` has no meaning); or NULL */
    struct owner owner;
    const struct know_tag *known;    /* or NULL: no more than the owner, if that */
    struct pool_tag near[TAGS_NEAR]; /* spelled alike, but other tags */
    size_t n_near;
};

struct tags_view {
    const struct tags_entry *v;
    size_t n;
    const struct drivers *drivers; /* searched with --drivers, or NULL */
};

/* True when anything is known of it. */
static inline bool tags_entry_known(const struct tags_entry *x)
{
    return x->known != NULL || x->owner.text != NULL;
}

int people_tags(struct page *g, const struct tags_view *v) ERR_WARN_UNUSED;
int json_tags(struct render *r, const struct tags_view *v) ERR_WARN_UNUSED;
int csv_tags(struct render *r, const struct tags_view *v) ERR_WARN_UNUSED;

/* Its words, in words_tags.c. */
void words_reading(struct phrase *p, const struct tags_entry *x);
void words_component(struct phrase *p, const struct know_tag *k);
void words_role(struct phrase *p, const struct tags_entry *x);
void words_leak(struct phrase *p, const struct know_leak *l);
/* Sources that no leak names; false when there are none. */
bool words_sources(struct phrase *p, const struct know_tag *t);
bool words_near(struct phrase *p, const struct tags_entry *x);

#endif
