/* SPDX-License-Identifier: MIT */
#include "formats/psz/keys.h"

#include <string.h>

int psz_keys_begin(struct psz_keys_in *k, struct psz_stream_in in, size_t n,
                   struct err *e)
{
    size_t diverging = 0;
    *k = (struct psz_keys_in){.head = psz_get_bytes(&in, n)};
    for (size_t i = 0; i < n && k->head != NULL; i++)
        diverging += (k->head[i] & 7) < 4;
    if (k->head != NULL)
        k->diverging = psz_get_bytes(&in, diverging);
    k->rest = in;
    return k->head == NULL || k->diverging == NULL ? psz_broken(e, "tags") : 0;
}

int psz_keys_next(struct psz_keys_in *k, struct pool_tag *tag, uint8_t *pool,
                  struct err *e)
{
    const unsigned same = *k->head & 7, kind = *k->head >> 3;
    k->head++;
    if (same > 4 || kind >= POOL_KINDS)
        return psz_broken(e, "tags");
    if (same < 4)
        k->tag[same] = (uint8_t)(k->tag[same] + *k->diverging++);
    const uint8_t *more = psz_get_bytes(&k->rest, same < 4 ? 3 - same : 0);
    if (more == NULL)
        return psz_broken(e, "tags");
    if (same < 3)
        memcpy(k->tag + same + 1, more, 3 - same);
    memcpy(tag->b, k->tag, sizeof tag->b);
    *pool = (uint8_t)kind;
    return 0;
}

int psz_keys_end(struct psz_keys_in *k, struct err *e)
{
    return psz_at_end(&k->rest) ? 0 : psz_broken(e, "tags");
}
