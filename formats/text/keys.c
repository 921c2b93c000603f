/* SPDX-License-Identifier: MIT */
#include "formats/text/keys.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1024, ROUND_SHIFT = 34 };

static uint64_t key_of(struct pool_tag tag, uint8_t pool)
{
    return (uint64_t)tag_key(tag) << 2 | (pool & 3u);
}

static size_t start_of(const struct key_set *k, uint64_t key)
{
    return (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & k->mask;
}

void key_set_clear(struct key_set *k)
{
    k->n = 0;
    k->round++;
}

void key_set_free(struct key_set *k)
{
    free(k->slots);
    *k = (struct key_set){0};
}

/* The slot that holds the key or could. */
static size_t find(const struct key_set *k, uint64_t key)
{
    size_t i = start_of(k, key);
    const uint64_t want = k->round << ROUND_SHIFT | key;
    while (k->slots[i] >> ROUND_SHIFT == k->round && k->slots[i] != want)
        i = (i + 1) & k->mask;
    return i;
}

bool key_set_has(const struct key_set *k, struct pool_tag tag, uint8_t pool)
{
    if (k->n == 0)
        return false;
    const uint64_t key = key_of(tag, pool);
    return k->slots[find(k, key)] == (k->round << ROUND_SHIFT | key);
}

static int enlarge(struct key_set *k, struct err *e)
{
    struct key_set bigger = {.round = 1};
    size_t slots = k->slots == NULL ? FIRST_SLOTS : 2 * (k->mask + 1);
    bigger.slots = calloc(slots, sizeof *bigger.slots);
    if (bigger.slots == NULL)
        return err_nomem(e);
    bigger.mask = slots - 1;
    for (size_t i = 0; k->slots != NULL && i <= k->mask; i++) {
        if (k->slots[i] >> ROUND_SHIFT != k->round)
            continue;
        uint64_t key = k->slots[i] & (((uint64_t)1 << ROUND_SHIFT) - 1);
        bigger.slots[find(&bigger, key)] = bigger.round << ROUND_SHIFT | key;
    }
    bigger.n = k->n;
    free(k->slots);
    *k = bigger;
    return 0;
}

int key_set_add(struct key_set *k, struct pool_tag tag, uint8_t pool, struct err *e)
{
    if (k->slots == NULL || k->n >= (k->mask + 1) / 2)
        TRY(enlarge(k, e));
    const uint64_t key = key_of(tag, pool);
    size_t i = find(k, key);
    const uint64_t slot = k->round << ROUND_SHIFT | key;
    if (k->slots[i] == slot)
        return 0;
    k->slots[i] = slot;
    k->n++;
    return 1;
}
