/* SPDX-License-Identifier: MIT */
/* Results of `check` as bytes; the caller owns everything. */
#ifndef CLI_RENDER_CHECKS_H
#define CLI_RENDER_CHECKS_H

#include <string.h>

#include "cli/check/check.h"
#include "cli/render/render.h"

const char *check_state_name(enum check_state s); /* "ok", "not ok", "undecided" */

int check_tap(struct render *r, const struct check_list *l,
              bool complete) ERR_WARN_UNUSED;
int check_json(struct render *r, const struct check_list *l,
               bool complete) ERR_WARN_UNUSED;
int check_csv(struct render *r, const struct check_list *l,
              bool complete) ERR_WARN_UNUSED;
int check_markdown(struct render *r, const struct check_list *l,
                   bool complete) ERR_WARN_UNUSED;
void check_junit(struct sink *out, const struct check_list *l);

#endif
