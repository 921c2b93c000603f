/* SPDX-License-Identifier: MIT */
/* rank --merge: rankings that were made host by host, as a source of hosts.  The caller
 * owns the struct merge and frees it with merge_free. */
#ifndef CLI_MERGE_H
#define CLI_MERGE_H

#include "cli/command.h"
#include "cli/load/inputs.h"
#include "cli/rank/hosts.h"
#include "formats/lookup.h"

struct rank_read;

struct merge {
    const struct options *o;
    struct limits limits;
    struct inputs inputs;
    size_t at; /* of the inputs: the next one to open */
    struct rank_read *reading;
    struct rank_view view;
    uint32_t *order;
    size_t order_cap;
    struct merge_host {
        char *host, *scope; /* host may be NULL */
        size_t input;
    } * hosts; /* all that came in the first round */
    size_t n_hosts, hosts_cap;
    struct lookup by_name; /* host and scope */
    bool again;            /* a later round */
};

/* Finds the operands' documents; a folder's or zip's are taken in name order. */
int merge_open(struct merge *m, struct context *c, struct err *e) ERR_WARN_UNUSED;
struct hosts_source merge_source(struct merge *m);
void merge_free(struct merge *m);

#endif
