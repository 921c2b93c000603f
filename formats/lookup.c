/* SPDX-License-Identifier: MIT */
#include "formats/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "formats/bytes.h"
#include "formats/spread.h"

struct lookup_slot {
    uint64_t hash;
    size_t element; /* + 1, 0 = free */
};

/* ---- hashes ---- */

struct sip {
    uint64_t v[4];
};

static uint64_t turn(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void rounds(struct sip *s, unsigned n)
{
    uint64_t a = s->v[0], b = s->v[1], c = s->v[2], d = s->v[3];
    for (; n > 0; n--) {
        a += b;
        c += d;
        b = turn(b, 13) ^ a;
        d = turn(d, 16) ^ c;
        a = turn(a, 32);
        c += b;
        a += d;
        b = turn(b, 17) ^ c;
        d = turn(d, 21) ^ a;
        c = turn(c, 32);
    }
    *s = (struct sip){{a, b, c, d}};
}

static void take(struct sip *s, uint64_t word)
{
    s->v[3] ^= word;
    rounds(s, 2);
    s->v[0] ^= word;
}

/* SipHash-2-4 (Aumasson, Bernstein), h being half of its key: of texts that strangers
 * choose no two have one hash unless somebody looks through 2^32 of them. */
uint64_t lookup_bytes(uint64_t h, const void *p, size_t n)
{
    const uint8_t *from = p;
    uint8_t last[8] = {0};
    struct sip s = {{h ^ UINT64_C(0x736f6d6570736575), UINT64_C(0x646f72616e646f6d),
                     h ^ UINT64_C(0x6c7967656e657261), UINT64_C(0x7465646279746573)}};
    for (size_t left = n; left >= 8; left -= 8, from += 8)
        take(&s, le64(from));
    if (n % 8 > 0)
        memcpy(last, from, n % 8);
    last[7] = (uint8_t)n;
    take(&s, le64(last));
    s.v[2] ^= 0xff;
    rounds(&s, 4);
    return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}

uint64_t lookup_text(uint64_t h, const char *text)
{
    return lookup_bytes(h, text, strlen(text));
}

uint64_t lookup_number(uint64_t h, uint64_t v)
{
    uint8_t bytes[8];
    put_le64(bytes, v);
    return lookup_bytes(h, bytes, sizeof bytes);
}

/* ---- the table ---- */

bool lookup_next(const struct lookup *l, uint64_t hash, size_t *step, size_t *element)
{
    if (l->n_slots == 0)
        return false;
    for (const size_t from = spread_over(l->way, hash, l->n_slots);; ++*step) {
        const struct lookup_slot *s = &l->slots[(from + *step) & (l->n_slots - 1)];
        if (s->element == 0)
            return false;
        if (s->hash == hash) {
            *element = s->element - 1;
            ++*step;
            return true;
        }
    }
}

/* Behind those of the same hash; where it stands then. */
static size_t put(struct lookup *l, uint64_t hash, size_t element)
{
    size_t at = spread_over(l->way, hash, l->n_slots);
    while (l->slots[at].element != 0)
        at = (at + 1) & (l->n_slots - 1);
    l->slots[at] = (struct lookup_slot){.hash = hash, .element = element};
    return at;
}

/* Those of one hash keep their order: they stand in one run, which a free slot ends. */
static int spread_anew(struct lookup *l, size_t slots, unsigned way, struct err *e)
{
    struct lookup anew = {.n = l->n, .n_slots = slots, .way = way};
    size_t from = 0;
    anew.slots = calloc(slots, sizeof *anew.slots);
    if (anew.slots == NULL)
        return err_nomem(e);
    while (from < l->n_slots && l->slots[from].element != 0)
        from++;
    for (size_t i = 0; i < l->n_slots; i++) {
        const struct lookup_slot *s = &l->slots[(from + i) & (l->n_slots - 1)];
        if (s->element != 0)
            (void)put(&anew, s->hash, s->element);
    }
    free(l->slots);
    *l = anew;
    return 0;
}

int lookup_add(struct lookup *l, uint64_t hash, size_t element, struct err *e)
{
    if (2 * (l->n + 1) > l->n_slots)
        TRY(spread_anew(l, l->n_slots == 0 ? 16 : 2 * l->n_slots, l->way, e));
    size_t at = put(l, hash, element + 1);
    l->n++;
    if (spread_meets(l->way, hash, at, l->n_slots))
        TRY(spread_anew(l, l->n_slots, l->way + 1, e));
    return 0;
}

void lookup_clear(struct lookup *l)
{
    if (l->n > 0)
        memset(l->slots, 0, l->n_slots * sizeof *l->slots);
    l->n = 0;
}

void lookup_free(struct lookup *l)
{
    free(l->slots);
    *l = (struct lookup){.n = 0};
}
