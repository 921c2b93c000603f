/* SPDX-License-Identifier: MIT */
/* Which series a snapshot belongs to, and which of them are of one machine.  There may be
 * as many as there are snapshots: nothing here looks at all of them. */
#include <stdlib.h>
#include <string.h>

#include "cli/load/load_parts.h"

/* The new group behind the others of its host. */
static int join_machine(struct load *l, uint64_t hash, size_t group, struct err *e)
{
    struct load_group *g = &l->groups[group];
    size_t step = 0;
    g->machine = g->last = group;
    g->next = g->captures = SIZE_MAX;
    for (size_t i; lookup_next(&l->by_host, hash, &step, &i);)
        if (strcmp(l->groups[i].host, g->host) == 0) {
            g->machine = i;
            break;
        }
    if (g->machine == group)
        TRY(lookup_add(&l->by_host, hash, group, e));
    struct load_group *first = &l->groups[g->machine];
    if (first != g) {
        l->groups[first->last].next = group;
        first->last = group;
    }
    if (g->record == RECORD_CAPTURE && first->captures == SIZE_MAX) {
        first->captures = group;
        l->capturing++;
    }
    return 0;
}

int load_group_of(struct load *l, const struct pool_snapshot *s, size_t *group,
                  struct err *e)
{
    const char *host = pool_snapshot_str(s, s->host);
    const uint64_t of_host = lookup_text(LOOKUP_SEED, host);
    const uint64_t hash = lookup_number(lookup_number(of_host, s->session),
                                        (uint64_t)s->record << 8 | (uint64_t)s->scope);
    size_t step = 0;
    while (lookup_next(&l->by_group, hash, &step, group)) {
        const struct load_group *g = &l->groups[*group];
        if (g->record == s->record && g->scope == s->scope && g->session == s->session &&
            strcmp(g->host, host) == 0)
            return 0;
    }
    void *v = l->groups;
    TRY(grow(&v, &l->groups_cap, l->n_groups + 1, sizeof *l->groups, e));
    l->groups = v;
    char *copy = strdup(host);
    if (copy == NULL)
        return err_nomem(e);
    l->groups[l->n_groups] = (struct load_group){
        .host = copy, .record = s->record, .scope = s->scope, .session = s->session};
    *group = l->n_groups++;
    TRY(lookup_add(&l->by_group, hash, *group, e));
    return join_machine(l, of_host, *group, e);
}
