/* SPDX-License-Identifier: MIT */
#include "formats/psz/texts.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(const char *text, size_t n)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)text[i]) * 0x100000001b3u;
    return h ^ h >> 29;
}

const char *psz_text(const struct psz_texts *t, uint32_t number)
{
    return number == 0 ? "" : (const char *)t->bytes.p + t->at[number];
}

static int add(struct psz_texts *t, const char *text, size_t n, struct err *e)
{
    void *v = t->at;
    TRY(grow(&v, &t->at_cap, t->n + 2, sizeof *t->at, e));
    t->at = v;
    if (t->n == 0)
        t->at[t->n++] = 0;
    t->at[t->n] = t->bytes.n;
    TRY(buf_append(&t->bytes, text, n, e));
    TRY(buf_byte(&t->bytes, 0, e));
    t->n++;
    return 0;
}

static int rehash(struct psz_texts *t, struct err *e)
{
    size_t n = t->n_slots == 0 ? 64 : t->n_slots * 2;
    uint32_t *slots = calloc(n, sizeof *slots);
    if (slots == NULL)
        return err_nomem(e);
    for (uint32_t i = 1; i < t->n; i++) {
        const char *text = psz_text(t, i);
        size_t h = hash_of(text, strlen(text)) & (n - 1);
        while (slots[h] != 0)
            h = (h + 1) & (n - 1);
        slots[h] = i;
    }
    free(t->slots);
    t->slots = slots;
    t->n_slots = n;
    return 0;
}

int psz_texts_put(struct psz_texts *t, const char *text, uint32_t *number, struct err *e)
{
    *number = 0;
    size_t n = strlen(text);
    if (n == 0)
        return 0;
    if (t->n_slots < 2 * (t->n + 2))
        TRY(rehash(t, e));
    size_t h = hash_of(text, n) & (t->n_slots - 1);
    for (; t->slots[h] != 0; h = (h + 1) & (t->n_slots - 1))
        if (strcmp(psz_text(t, t->slots[h]), text) == 0) {
            *number = t->slots[h];
            return 0;
        }
    TRY(add(t, text, n, e));
    *number = (uint32_t)(t->n - 1);
    t->slots[h] = *number;
    return 0;
}

void psz_texts_clear(struct psz_texts *t)
{
    t->n = 0;
    t->bytes.n = 0;
    if (t->slots != NULL)
        memset(t->slots, 0, t->n_slots * sizeof *t->slots);
}

void psz_texts_free(struct psz_texts *t)
{
    buf_free(&t->bytes);
    free(t->at);
    free(t->slots);
    *t = (struct psz_texts){0};
}

int psz_texts_write(const struct psz_texts *t, struct buf *out, struct err *e)
{
    return psz_texts_write_from(t, 1, out, e);
}

int psz_texts_write_from(const struct psz_texts *t, uint32_t first, struct buf *out,
                         struct err *e)
{
    if (first == 0)
        first = 1;
    TRY(buf_varint(out, t->n > first ? t->n - first : 0, e));
    for (uint32_t i = first; i < t->n; i++) {
        const char *text = psz_text(t, i);
        size_t n = strlen(text);
        TRY(buf_varint(out, n, e));
        TRY(buf_append(out, text, n, e));
    }
    return 0;
}

int psz_texts_read(struct psz_texts *t, struct psz_stream_in *in, struct err *e)
{
    psz_texts_clear(t);
    return psz_texts_read_more(t, in, e);
}

int psz_texts_read_more(struct psz_texts *t, struct psz_stream_in *in, struct err *e)
{
    uint64_t count = psz_get(in);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t len = psz_get(in);
        const uint8_t *text = psz_get_bytes(in, len);
        if (text == NULL || len == 0 || memchr(text, '\0', (size_t)len) != NULL)
            return psz_broken(e, "texts");
        TRY(add(t, (const char *)text, (size_t)len, e));
    }
    return in->bad ? psz_broken(e, "texts") : 0;
}
