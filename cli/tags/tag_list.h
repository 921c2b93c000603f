/* SPDX-License-Identifier: MIT */
/* The person's own list of tags, a pooltag.txt or a tags.yaml: --tags FILE, else
 * $POOLSIFT_TAGS, else tags.yaml or pooltag.txt in the folder poolsift of
 * $XDG_CONFIG_HOME (~/.config).  The caller owns the struct tag_list and frees it with
 * tag_list_free; answers point into it and into the built-in table. */
#ifndef CLI_TAG_LIST_H
#define CLI_TAG_LIST_H

#include <stdbool.h>

#include "cli/know/tags.h"
#include "cli/render/render.h"
#include "formats/err.h"
#include "formats/pooltag.h"

struct redact; /* cli/redact/redact.h */

struct tag_list {
    struct pooltag_table *pooltag; /* or NULL */
    struct know_list yaml;         /* or empty */
    const char *name;              /* base name of the file, or NULL */
    const char *from;              /* the file */
    char *path;                    /* of a file of the configuration folder */
};

/* What is known about one tag: the list's word comes first, what it leaves open is
 * filled from the built-in table. */
struct tag_facts {
    struct owner owner;
    const struct know_tag *known;       /* list or built in, or NULL */
    const struct pooltag_entry *listed; /* line of a pooltag.txt, or NULL */
};

/* `named` is the argument of --tags, or NULL. */
int tag_list_open(struct tag_list *l, const char *named, struct err *e) ERR_WARN_UNUSED;
/* Gives the list another name, for --redact; NULL leaves it. */
int tag_list_redact(struct tag_list *l, struct redact *names,
                    struct err *e) ERR_WARN_UNUSED;
void tag_list_free(struct tag_list *l);

struct tag_facts tag_list_find(const struct tag_list *l, struct pool_tag tag);

#endif
