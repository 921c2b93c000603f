/* SPDX-License-Identifier: MIT */
/* Bytes as a zip: a refusal in words, or entries whose bytes are the same whether they
 * are asked for at once or one by one, gzip in them peeled. */

#include "tests/fuzz/fuzz.h"

enum { MOST = 1 << 20 };

/* The entry's bytes, 0 or the code of the error. */
static int unpack(struct zip *z, size_t i, struct buf *out, struct err *e)
{
    struct input_raw raw;
    struct input *in = NULL;
    int r = zip_entry_raw(&raw, z, i, &fuzz_limits, e);
    r = r < 0 ? r : input_open(&in, "fuzz", raw, &fuzz_limits, e);
    r = r < 0 ? r : input_read_all(in, out, MOST, e);
    input_close(in);
    return r;
}

static int unpack_bytewise(struct zip *z, size_t i, const struct buf *same)
{
    struct input_raw raw;
    struct input *in = NULL;
    struct err e = {0};
    const uint8_t *p;
    ptrdiff_t n = 1;
    size_t at = 0;
    int r = zip_entry_raw(&raw, z, i, &fuzz_limits, &e);
    r = r < 0 ? r : input_open(&in, "fuzz", raw, &fuzz_limits, &e);
    while (r == 0 && at < same->n && n > 0) {
        n = input_peek(in, 1, &p, &e);
        const size_t step = n <= 0 ? 0 : (size_t)n < 7 ? (size_t)n : 7;
        assert(step <= same->n - at || same->n - at < 7);
        for (size_t k = 0; k < step && at + k < same->n; k++)
            assert(p[k] == same->p[at + k]);
        input_consume(in, step);
        at += step;
    }
    input_close(in);
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zip *z = NULL;
    struct err e = {0};
    int r = zip_open_memory(&z, "fuzz.zip", data, size, &fuzz_limits, &e);
    assert(r == 0 || (e.code == r && e.text[0] != '\0'));
    for (size_t i = 0; r == 0 && i < zip_count(z); i++) {
        const struct zip_entry entry = zip_entry_at(z, i);
        struct buf b = {0};
        err_clear(&e);
        assert(entry.name != NULL && strlen(entry.name) <= UINT16_MAX);
        const int got = unpack(z, i, &b, &e);
        assert(got == 0 || (e.code == got && e.text[0] != '\0'));
        const int again = got == 0 ? unpack_bytewise(z, i, &b) : 0;
        assert(again == 0);
        buf_free(&b);
    }
    zip_close(z);
    return 0;
}
