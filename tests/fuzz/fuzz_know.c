/* SPDX-License-Identifier: MIT */
/* A stranger's YAML, or a pooltag.txt: each of the readers of lists of tags, rules,
 * limits and cases gives an error with a place, or a list that answers for every entry of
 * its own, whole or byte by byte. */
#include <unistd.h>

#include "cli/know/case.h"
#include "cli/know/limits.h"
#include "cli/know/rules.h"
#include "cli/know/tags.h"
#include "formats/pooltag.h"
#include "tests/fuzz/fuzz.h"

static void forget(void)
{
    (void)unlink(fuzz_path("case.yaml"));
    (void)rmdir(fuzz_folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_folder_make();
    (void)atexit(forget);
    return 0;
}

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

static void check_refusal(int r, const struct err *e)
{
    assert(r == 0 || (e->code == r && e->text[0] != '\0' && e->place[0] != '\0'));
}

/* ---- one function a kind of document: 0, or the code of the error ---- */

static int read_tags(struct yaml *y, struct err *e)
{
    struct know_list l;
    const int r = know_tags_read(&l, y, KNOW_USER, e);
    for (size_t i = 0; r == 0 && i < l.tags.n_exact; i++)
        assert(know_tags_find(&l.tags, l.tags.v[i].tag) == &l.tags.v[i]);
    know_list_free(&l);
    return r;
}

static int read_rules(struct yaml *y, struct err *e)
{
    struct rule_list l = {.own = NULL};
    const int r = rules_read(&l, y, e);
    for (size_t i = 0; r == 0 && i < l.rules.n; i++)
        assert(l.rules.v[i].id != NULL && l.rules.v[i].text != NULL);
    rules_free(&l);
    return r;
}

static int read_limits(struct yaml *y, struct err *e)
{
    struct limit_rows l = {.v = NULL};
    const int r = limits_read(&l, y, e);
    for (size_t i = 0; r == 0 && i < l.n; i++)
        assert(l.v[i].bits == 32 || l.v[i].bits == 64);
    limits_free(&l);
    return r;
}

static void both_ways(int (*read)(struct yaml *y, struct err *e), const uint8_t *data,
                      size_t size)
{
    struct err e = {0}, again = {0};
    struct yaml *y = NULL;
    struct rest rest = {data, size};
    int r = yaml_open(&y, "fuzz", data, size, NULL, &e);
    if (r == 0)
        r = read(y, &e);
    yaml_close(y);
    check_refusal(r, &e);
    int same = yaml_open_reader(&y, "fuzz", one_byte, &rest, NULL, &again);
    if (same == 0) {
        same = read(y, &again);
        yaml_close(y);
        assert((same == 0) == (r == 0));
    }
}

static void read_case(const uint8_t *data, size_t size)
{
    struct case_file c;
    struct err e = {0};
    FILE *f = fopen(fuzz_path("case.yaml"), "wb");
    assert(f != NULL && fwrite(data, 1, size, f) == size && fclose(f) == 0);
    const int r = case_open(&c, fuzz_path("case.yaml"), &e);
    check_refusal(r, &e);
    assert(r < 0 || (c.inputs != NULL && c.inputs->n > 0 && c.expect != NULL));
    case_free(&c);
}

static void read_pooltag(const uint8_t *data, size_t size)
{
    struct input_raw raw;
    struct input *in = NULL;
    struct pooltag_table *t = NULL;
    struct err e = {0};
    assert(input_raw_memory(&raw, data, size, 0, &e) == 0);
    int r = input_open(&in, "fuzz", raw, &fuzz_limits, &e);
    r = r < 0 ? r : pooltag_read(&t, in, &fuzz_limits, &e);
    assert(r == 0 || (e.code == r && e.text[0] != '\0'));
    for (size_t i = 0; r == 0 && i < pooltag_count(t); i++) {
        const struct pooltag_entry *entry = pooltag_at(t, i);
        const struct pooltag_entry *found = pooltag_find(t, entry->pattern);
        assert(i >= pooltag_exact(t) || found != NULL); /* the first of equals */
        assert(entry->binary != NULL && entry->description != NULL);
    }
    pooltag_free(t);
    input_close(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    both_ways(read_tags, data, size);
    both_ways(read_rules, data, size);
    both_ways(read_limits, data, size);
    read_case(data, size);
    read_pooltag(data, size);
    return 0;
}
