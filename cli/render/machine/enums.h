/* SPDX-License-Identifier: MIT */
/* The words that enums of an analysis have in machine output.  Const tables; nobody owns
 * anything here. */
#ifndef CLI_RENDER_ENUMS_H
#define CLI_RENDER_ENUMS_H

#include "cli/render/machine/fields.h"

extern const struct field_words enum_pool, enum_time_source, enum_verdict,
    enum_confidence, enum_outcome, enum_role, enum_judged, enum_limit,
    enum_suspect_verdict, enum_suspect_basis, enum_cohort_basis;

#endif
