/* SPDX-License-Identifier: MIT */
/* The keys of a ranking's JSON, once for who writes them (json_rank.c) and who reads them
 * back (cli/rank/rank_read.c): a row here is all that a new figure needs.  Const tables.
 */
#ifndef CLI_RENDER_RANK_FIELDS_H
#define CLI_RENDER_RANK_FIELDS_H

#include "cli/render/machine/fields.h"

/* Members of one object of hosts[]: a struct rank_view and its struct rank_result. */
extern const struct field view_fields[], result_fields[];
/* Of one of its tags: a struct rank_tag and a struct owner. */
extern const struct field tag_fields[], owner_fields[];
/* Of one of its events: a struct event_sum and a struct rank_event. */
extern const struct field event_sum_fields[], event_fields[];
extern const struct field cohort_fields[], suspect_fields[]; /* suspect_fields.c */
extern const struct field limit_fields[];                    /* a struct pool_limit */

#endif
