/* SPDX-License-Identifier: MIT */
#include "cli/render/machine/enums.h"

#include "cli/render/render.h"

static const char *limit_name(enum limit_basis v)
{
    static const char *const names[] = {[LIMIT_UNKNOWN] = NULL,
                                        [LIMIT_BY_OPTION] = "option",
                                        [LIMIT_BY_CAPTURE] = "capture",
                                        [LIMIT_BY_OS] = "os"};
    return names[v];
}

#define WORDS(to, type, name, last)                                                      \
    static const char *to##_word(int v)                                                  \
    {                                                                                    \
        return name((enum type)v);                                                       \
    }                                                                                    \
    const struct field_words to = {to##_word, (int)(last) + 1};

WORDS(enum_pool, pool_kind, pool_kind_name, POOL_KINDS - 1)
WORDS(enum_time_source, time_source, time_source_name, TIME_MTIME)
WORDS(enum_verdict, verdict, verdict_name, VERDICTS - 1)
WORDS(enum_confidence, confidence, confidence_name, CONFIDENCE_UNPROVEN)
WORDS(enum_outcome, outcome, outcome_name, OUTCOME_TOO_FEW)
WORDS(enum_role, role, role_name, ROLE_SYSTEM)
WORDS(enum_judged, judged_by, judged_name, JUDGED_WAYS - 1)
WORDS(enum_limit, limit_basis, limit_name, LIMIT_BY_OS)
WORDS(enum_suspect_verdict, suspect_verdict, suspect_verdict_name, SUSPECT_ACCUSED)
WORDS(enum_suspect_basis, suspect_basis, suspect_basis_name, SUSPECT_BY_SIZE)
WORDS(enum_cohort_basis, cohort_basis, cohort_basis_name, COHORT_STATIC)
