/* SPDX-License-Identifier: MIT */
#include "formats/psz/texts.h"

#include <stdlib.h>
#include <string.h>

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

int psz_texts_put(struct psz_texts *t, const char *text, uint32_t *number, struct err *e)
{
    *number = 0;
    size_t n = strlen(text), step = 0;
    if (n == 0)
        return 0;
    const uint64_t hash = lookup_bytes(LOOKUP_SEED, text, n);
    for (size_t i; lookup_next(&t->by_text, hash, &step, &i);)
        if (strcmp(psz_text(t, (uint32_t)i), text) == 0) {
            *number = (uint32_t)i;
            return 0;
        }
    TRY(add(t, text, n, e));
    *number = (uint32_t)(t->n - 1);
    return lookup_add(&t->by_text, hash, *number, e);
}

void psz_texts_clear(struct psz_texts *t)
{
    t->n = 0;
    t->bytes.n = 0;
    lookup_clear(&t->by_text);
}

void psz_texts_free(struct psz_texts *t)
{
    buf_free(&t->bytes);
    free(t->at);
    lookup_free(&t->by_text);
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
