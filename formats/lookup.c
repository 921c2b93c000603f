/* SPDX-License-Identifier: MIT */
#include "formats/lookup.h"

#include <stdlib.h>

struct lookup_slot {
    uint64_t hash;
    size_t element; /* + 1, 0 = free */
};

uint64_t lookup_text(uint64_t h, const char *text)
{
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return h ^ h >> 32;
}

uint64_t lookup_number(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 29;
}

bool lookup_next(const struct lookup *l, uint64_t hash, size_t *step, size_t *element)
{
    for (; l->n_slots > 0; ++*step) {
        const struct lookup_slot *s = &l->slots[(hash + *step) & (l->n_slots - 1)];
        if (s->element == 0)
            return false;
        if (s->hash == hash) {
            *element = s->element - 1;
            ++*step;
            return true;
        }
    }
    return false;
}

static void put(struct lookup *l, uint64_t hash, size_t element)
{
    size_t at = hash & (l->n_slots - 1);
    while (l->slots[at].element != 0)
        at = (at + 1) & (l->n_slots - 1);
    l->slots[at] = (struct lookup_slot){.hash = hash, .element = element + 1};
}

int lookup_add(struct lookup *l, uint64_t hash, size_t element, struct err *e)
{
    if (2 * (l->n + 1) > l->n_slots) {
        struct lookup more = {.n = l->n,
                              .n_slots = l->n_slots == 0 ? 16 : 2 * l->n_slots};
        more.slots = calloc(more.n_slots, sizeof *more.slots);
        if (more.slots == NULL)
            return err_nomem(e);
        for (size_t i = 0; i < l->n_slots; i++)
            if (l->slots[i].element != 0)
                put(&more, l->slots[i].hash, l->slots[i].element - 1);
        free(l->slots);
        *l = more;
    }
    put(l, hash, element);
    l->n++;
    return 0;
}

void lookup_free(struct lookup *l)
{
    free(l->slots);
    *l = (struct lookup){.n = 0};
}
