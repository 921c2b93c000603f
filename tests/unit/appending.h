/* SPDX-License-Identifier: MIT */
/* A snapshot put behind an archive, as `convert --append` does.  Holds nothing: whoever
 * calls keeps the snapshot. */
#ifndef TESTS_UNIT_APPENDING_H
#define TESTS_UNIT_APPENDING_H

#include "formats/psz/psz.h"

/* 0, or an error below 0 with the archive as it was. */
static inline int append_one(const char *path, const struct pool_snapshot *s,
                             struct err *e)
{
    struct psz_appender *a;
    struct psz_append_facts facts;
    bool has;
    TRY(psz_append_open(&a, path, &facts, e));
    int r = psz_append_has(a, s, &has, e);
    if (r >= 0)
        r = psz_append_snapshot(a, s, e);
    if (r >= 0)
        return psz_append_end(a, e);
    psz_append_abort(a);
    return r;
}

#endif
