/* SPDX-License-Identifier: MIT */
#include "cli/render/machine/json.h"
#include "cli/render/machine/rank_fields.h"

void json_limit(struct jsonw *j, const struct pool_limit *l)
{
    fields_write(j, NULL, limit_fields, l);
}
