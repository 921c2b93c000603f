/* SPDX-License-Identifier: MIT */
/* Bytes as a driver: whatever they are, all that can be asked of a PE file is answered,
 * and the counts agree with a plain search. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "formats/io/utf8.h"
#include "formats/pe/pe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Strings end, and are UTF-8. */
static void check_text(const char *s, size_t room)
{
    size_t n = strnlen(s, room);
    assert(n < room);
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t step = utf8_decode(s + i, n - i, &c);
        assert(step > 0);
        i += step;
    }
}

static uint64_t plain_count(const uint8_t *p, size_t n, struct pool_tag t)
{
    uint64_t count = 0;
    for (size_t i = 0; i + 4 <= n; i++)
        count += memcmp(p + i, t.b, 4) == 0;
    return count;
}

static void check_hits(const struct pe_file *f, const struct pe_hits *h, uint64_t count)
{
    uint64_t all = 0, told = 0;
    for (int i = 0; i < PE_PLACES; i++) {
        assert(h->text[i] <= h->at[i]);
        all += h->at[i];
    }
    assert(h->before_call <= h->immediate && h->immediate <= h->at[PE_CODE]);
    assert(h->n_sections <= PE_TOLD);
    for (size_t i = 0; i < h->n_sections; i++)
        told += h->sections[i].count;
    assert(told <= all);
    assert(pe_machine(f) == PE_ARM64 ? all >= count : all == count);
    assert(pe_has_sections(f) || h->at[PE_OVERLAY] == all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct pool_tag tags[] = {{{'I', 'S', 'i', 'l'}}, {{0, 0, 0, 0}}};
    struct err e = {0};
    struct spool *s = NULL;
    struct pe_file *f = NULL;
    struct pe_version v;
    struct pe_hits hits[2];
    int r = spool_open_memory(&s, data, size, &e);
    assert(r == 0);
    r = pe_open(&f, s, &e);
    assert(r == 0);
    r = pe_scan(f, tags, 2, hits, &e);
    assert(r == 0);
    for (int i = 0; i < 2; i++)
        check_hits(f, &hits[i], plain_count(data, size, tags[i]));
    r = pe_version(f, &v, &e);
    assert(r >= 0);
    check_text(v.company, sizeof v.company);
    check_text(v.product, sizeof v.product);
    check_text(v.description, sizeof v.description);
    check_text(v.version, sizeof v.version);
    check_text(v.original, sizeof v.original);
    pe_close(f);
    spool_close(s);
    return 0;
}
