/* SPDX-License-Identifier: MIT */
/* A case file: captures, how to read them, and what `rank` shall find in them.  The
 * caller owns the struct case_file and frees it with case_free; all else points into it.
 * poolsift-case(5) says what may stand in one. */
#ifndef CLI_KNOW_CASE_H
#define CLI_KNOW_CASE_H

#include "cli/know/tree.h"

enum case_figures { FIGURES_PUBLISHED, FIGURES_REPLAYED };
#define CASE_FIGURES 2
extern const char *const case_figures_names[CASE_FIGURES]; /* "published", "replayed" */

struct case_file {
    char *path;
    struct tree tree;
    const char *name, *source;
    enum case_figures figures;
    const struct node *inputs;  /* a list of texts, at least one */
    const struct node *options; /* a map, or NULL */
    const struct node *digests; /* a map of 64 hexadecimal digits each, or NULL */
    const struct node *expect;  /* a map, not empty; its keys are not looked at yet */
};

/* True when the text begins as a case does: `case:` is its first key. */
bool case_begins(const char *text, size_t n);

/* ERR_IO, or ERR_FORMAT and ERR_LIMIT with "path:line:column". */
int case_open(struct case_file *c, const char *path, struct err *e) ERR_WARN_UNUSED;
void case_free(struct case_file *c);

/* What a path of the case is for this process: itself when it is absolute, else beside
 * the case file.  The caller frees it; NULL on ERR_NOMEM. */
char *case_beside(const struct case_file *c, const char *path, struct err *e);

#endif
