/* SPDX-License-Identifier: MIT */
/* What is known of one pool's maximum; nothing here is owned: the words are constants of
 * who filled it. */
#ifndef CLI_ANALYZE_LIMIT_H
#define CLI_ANALYZE_LIMIT_H

#include <stddef.h>
#include <stdint.h>

/* Who says so, the strongest first. */
enum limit_basis {
    LIMIT_UNKNOWN,
    LIMIT_BY_OPTION,  /* --limit */
    LIMIT_BY_CAPTURE, /* the capture gives the pool's maximum itself */
    LIMIT_BY_OS       /* --os, by a published table */
};

#define LIMIT_CANDIDATES 4

/* Without `bytes` there may be candidates: maxima of the systems that it could have been.
 * They are assumptions and are printed as such, each of them. */
struct pool_limit {
    enum limit_basis basis;
    uint64_t bytes;     /* 0 = unknown */
    const char *source; /* of a LIMIT_BY_OS: title of the system, else NULL */
    struct limit_candidate {
        uint64_t bytes;
        const char *source;
    } candidates[LIMIT_CANDIDATES]; /* the least first */
    size_t n_candidates;
};

#endif
