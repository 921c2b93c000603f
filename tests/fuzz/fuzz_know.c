/* SPDX-License-Identifier: MIT */
/* A list of tags by a stranger: an error with a place, or a list that answers for every
 * entry of its own, whole or byte by byte. */
#include <assert.h>

#include "cli/know/tags.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct rest {
    const uint8_t *p;
    size_t n;
};

static ptrdiff_t one_byte(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct rest *r = ctx;
    (void)e;
    if (r->n == 0 || n == 0)
        return 0;
    *p = *r->p++;
    r->n--;
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {0}, again = {0};
    struct know_list whole, bytes;
    struct yaml *y = NULL;
    struct rest rest = {data, size};
    if (yaml_open(&y, "fuzz", data, size, NULL, &e) < 0)
        return 0;
    const int r = know_tags_read(&whole, y, KNOW_USER, &e);
    yaml_close(y);
    assert(r == 0 || (e.code == r && e.text[0] != '\0' && e.place[0] != '\0'));
    if (yaml_open_reader(&y, "fuzz", one_byte, &rest, NULL, &again) == 0) {
        const int same = know_tags_read(&bytes, y, KNOW_USER, &again);
        yaml_close(y);
        assert((same == 0) == (r == 0));
        know_list_free(&bytes);
    }
    for (size_t i = 0; r == 0 && i < whole.tags.n_exact; i++)
        assert(know_tags_find(&whole.tags, whole.tags.v[i].tag) == &whole.tags.v[i]);
    know_list_free(&whole);
    return 0;
}
