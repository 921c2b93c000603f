/* SPDX-License-Identifier: MIT */
/* What is known about tags.  The built-in table is constant data, made from tags.yaml
 * while building; a list that know_tags_read gives belongs to the caller, who frees it
 * with know_list_free.  Entries point into their list. */
#ifndef CLI_KNOW_TAGS_H
#define CLI_KNOW_TAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/analyze/analyze.h"
#include "cli/know/yaml.h"
#include "formats/err.h"
#include "formats/tag.h"

struct know_leak {
    const char *what;
    const char *fixed;  /* where it is mended; NULL = not known */
    const char *source; /* NULL = not given */
};

/* A string is NULL where nothing is known. */
struct know_tag {
    const char *pattern; /* as written: a tag, or a pattern of tag_match */
    struct pool_tag tag; /* of an exact entry */
    bool exact;
    bool verified; /* a source was checked; else people are told "unverified" */
    enum role role;
    const char *owner;     /* binary or part of it: "ntfs.sys", "nt!mm" */
    const char *label;     /* the owner and what it holds, "ntfs.sys - files" */
    const char *component; /* what that is: "memory manager" */
    const char *vendor;
    const char *holds; /* what such an allocation is */
    const char *pins; /* what usually keeps it, where that is not the owner's own doing */
    const char *usual; /* how it behaves on a healthy machine */
    const struct know_leak *leaks;
    size_t n_leaks;
    const char *const *sources;
    size_t n_sources;
};

/* Exact entries first, by their bytes; then patterns, the most specific first. */
struct know_tags {
    const struct know_tag *v;
    size_t n, n_exact;
};

extern const struct know_tags know_tags_builtin;

/* The entry that says most about a tag, or NULL: exact before patterns, then the pattern
 * with more letters, then the one without a star, then the earlier one.  NULs behind a
 * tag count as blanks and the mark of a protected tag (bit 31) is passed over. */
const struct know_tag *know_tags_find(const struct know_tags *t, struct pool_tag tag);

/* ---- lists from files ---- */

struct know_list {
    struct know_tags tags;
    struct know_block *blocks; /* its memory */
};

enum know_rigour {
    KNOW_USER,   /* tag or pattern, and owner; the rest may be missing */
    KNOW_BUILTIN /* everything that printing relies on, and a source or `verified: no` */
};

/* Reads a whole document.  Errors name file, line and column and say what is allowed
 * there. */
int know_tags_read(struct know_list *l, struct yaml *y, enum know_rigour rigour,
                   struct err *e) ERR_WARN_UNUSED;
void know_list_free(struct know_list *l);

#endif
