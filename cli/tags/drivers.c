/* SPDX-License-Identifier: MIT */
#include "cli/tags/drivers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/load/inputs.h"
#include "cli/redact/redact_snapshot.h"
#include "formats/io/foreign.h"

/* Bytes of a program out of a zip or gzip; Windows loads no more. */
#define PROGRAM_MOST ((uint64_t)2 << 30)
#define KEPT_MOST    10000 /* files with hits that are remembered */
#define FOREIGN_PEEK 8192  /* bytes that tell what else a file is */

/* Each tag is looked for as it is, with the bit that marks protected blocks turned, and
 * backwards. */
enum { AS_IS, PROTECTED, REVERSED, NEEDLES };

const char *driver_score_name(enum driver_score s)
{
    static const char *const names[] = {
        [DRIVER_VERY_LIKELY] = "very-likely",
        [DRIVER_LIKELY] = "likely",
        [DRIVER_POSSIBLE] = "possible",
        [DRIVER_UNLIKELY] = "unlikely",
    };
    return names[s];
}

/* ---- judging ---- */

uint64_t driver_total(const struct pe_hits *h)
{
    uint64_t n = 0;
    for (int i = 0; i < PE_PLACES; i++)
        n += h->at[i];
    return n;
}

bool driver_allocates(const struct driver *d)
{
    const struct pe_imports *m = &d->imports;
    return m->n_allocators > 0 || m->framework || m->provides;
}

bool driver_is_reversed(const struct driver *d)
{
    return driver_total(&d->hits) == 0 && d->reversed.immediate > 0;
}

static enum driver_score judge(const struct driver *d)
{
    const struct pe_hits *h = &d->hits;
    bool code = h->at[PE_CODE] > h->immediate + h->text[PE_CODE];
    bool data = h->at[PE_DATA] > h->text[PE_DATA];
    if (driver_is_reversed(d))
        return driver_allocates(d) ? DRIVER_POSSIBLE : DRIVER_UNLIKELY;
    if (!d->sections_known)
        return h->at[PE_OVERLAY] > h->text[PE_OVERLAY] ? DRIVER_POSSIBLE
                                                       : DRIVER_UNLIKELY;
    if (driver_allocates(d))
        return h->immediate > 0 ? DRIVER_VERY_LIKELY
               : code           ? DRIVER_LIKELY
               : data           ? DRIVER_POSSIBLE
                                : DRIVER_UNLIKELY;
    bool unknown = !d->imports.read || d->imports.resolves;
    return unknown && (h->immediate > 0 || code) ? DRIVER_POSSIBLE : DRIVER_UNLIKELY;
}

static int compare_counts(uint64_t a, uint64_t b)
{
    return a > b ? -1 : a < b;
}

static int compare_drivers(const void *x, const void *y)
{
    const struct driver *a = x, *b = y;
    if (a->which != b->which)
        return a->which < b->which ? -1 : 1;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    int c = compare_counts(a->hits.before_call, b->hits.before_call);
    if (c == 0)
        c = compare_counts(a->hits.immediate, b->hits.immediate);
    for (int i = 0; c == 0 && i < PE_PLACES; i++)
        c = compare_counts(a->hits.at[i], b->hits.at[i]);
    return c != 0 ? c : a->order < b->order ? -1 : a->order > b->order;
}

/* ---- one file ---- */

static struct pool_tag needle(struct pool_tag t, int how)
{
    if (how == PROTECTED)
        t.b[3] ^= 0x80;
    if (how == REVERSED)
        t = (struct pool_tag){{t.b[3], t.b[2], t.b[1], t.b[0]}};
    return t;
}

static void add_hits(struct pe_hits *to, const struct pe_hits *h)
{
    for (int i = 0; i < PE_PLACES; i++) {
        to->at[i] += h->at[i];
        to->text[i] += h->text[i];
    }
    to->immediate += h->immediate;
    to->before_call += h->before_call;
    for (size_t i = 0; i < h->n_sections && to->n_sections < PE_TOLD; i++)
        to->sections[to->n_sections++] = h->sections[i];
}

static int keep(struct drivers *d, size_t which, const struct pe_hits h[NEEDLES],
                const struct pe_file *f, const char *name, size_t order, struct err *e)
{
    struct driver one = {
        .tag = d->tags[which], .which = which, .hits = h[AS_IS], .order = order};
    add_hits(&one.hits, &h[PROTECTED]);
    if (!tag_equal(one.tag, needle(one.tag, REVERSED)))
        one.reversed = h[REVERSED];
    if (driver_total(&one.hits) + driver_total(&one.reversed) == 0)
        return 0;
    if (d->n >= KEPT_MOST) {
        d->left_out++;
        return 0;
    }
    void *v = d->v;
    TRY(grow(&v, &d->cap, d->n + 1, sizeof *d->v, e));
    d->v = v;
    one.sections_known = pe_has_sections(f);
    one.machine = pe_machine(f);
    one.machine_name = pe_machine_name(one.machine);
    const char *damage = pe_damage(f);
    (void)snprintf(one.damage, sizeof one.damage, "%s", damage != NULL ? damage : "");
    one.imports = *pe_imports(f);
    one.score = judge(&one);
    TRY(pe_version(f, &one.version, e));
    if (d->redact)
        one.version.original[0] = '\0';
    one.file = strdup(name);
    if (one.file == NULL)
        return err_nomem(e);
    d->v[d->n++] = one;
    return 0;
}

static int search(struct drivers *d, const struct spool *bytes, const char *name,
                  size_t order, struct err *e)
{
    struct pool_tag needles[DRIVER_TAGS * NEEDLES];
    struct pe_hits *hits = calloc(d->n_tags * NEEDLES, sizeof *hits);
    struct pe_file *f = NULL;
    int r = hits == NULL ? err_nomem(e) : pe_open(&f, bytes, e);
    for (size_t i = 0; i < d->n_tags * NEEDLES; i++)
        needles[i] = needle(d->tags[i / NEEDLES], (int)(i % NEEDLES));
    if (r == 0)
        r = pe_scan(f, needles, d->n_tags * NEEDLES, hits, e);
    for (size_t i = 0; r == 0 && i < d->n_tags; i++)
        r = keep(d, i, &hits[i * NEEDLES], f, name, order, e);
    pe_close(f);
    free(hits);
    if (r < 0)
        err_place(e, name, 0);
    return r;
}

/* ---- all files ---- */

static int not_a_program(const struct input_item *item, const uint8_t *p, size_t n,
                         struct err *e)
{
    struct foreign f = {0};
    int r = foreign_bytes(p, n, &f) ? foreign_refuse(&f, e)
                                    : err_set(e, ERR_FORMAT,
                                              "no Windows driver or program: it does not "
                                              "begin with MZ");
    err_place(e, item->name, 0);
    return r;
}

/* 1: searched, 0: no program and found beside others, negative: told to e. */
static int search_input(struct drivers *d, struct inputs *in, size_t i,
                        const struct limits *l, struct err *e)
{
    const struct input_item *item = &in->v[i];
    if (item->document != NULL && item->found)
        return 0;
    struct input *input = NULL;
    struct spool *bytes = NULL;
    const uint8_t *p;
    TRY(inputs_open(in, i, l, &input, e));
    int r = 0;
    ptrdiff_t n = input_peek(input, FOREIGN_PEEK, &p, e);
    if (n < 0)
        r = (int)n;
    else if (!pe_magic(p, (size_t)n))
        r = item->found ? 0 : not_a_program(item, p, (size_t)n, e);
    else if (item->kind == INPUT_FILE && input_compression(input) == NULL)
        r = spool_open_file(&bytes, item->path, e);
    else
        r = spool_open(&bytes, input, PROGRAM_MOST, e);
    input_close(input);
    if (bytes != NULL) {
        r = search(d, bytes, item->name, i, e);
        r = r < 0 ? r : 1;
    }
    spool_close(bytes);
    return r;
}

static int search_all(struct drivers *d, struct inputs *in, const struct limits *l,
                      struct term *t, struct err *e)
{
    for (size_t i = 0; i < in->n; i++) {
        struct err one = {0};
        int r = search_input(d, in, i, l, &one);
        if (r == ERR_NOMEM)
            return err_nomem(e);
        if (r < 0) {
            d->failed++;
            term_error(t, &one);
        } else if (r > 0) {
            d->files++;
        } else {
            d->others++;
        }
        struct progress now = {
            .what = "Searching", .done = i + 1, .of = in->n, .unit = "file"};
        term_progress(t, &now);
    }
    term_progress_end(t);
    return 0;
}

int drivers_scan(struct drivers *d, const struct pool_tag *tags, size_t n_tags,
                 const char *const *operands, size_t n_operands, struct term *t,
                 struct err *e)
{
    const struct limits l = LIMITS_DEFAULT;
    struct inputs in = {0};
    *d = (struct drivers){.n_tags = n_tags, .redact = t->names != NULL};
    if (n_tags < 1 || n_tags > DRIVER_TAGS)
        return err_set(e, ERR_USAGE, "--drivers looks for 1 to %d tags, not for %zu",
                       DRIVER_TAGS, n_tags);
    memcpy(d->tags, tags, n_tags * sizeof *tags);
    int r = 0;
    for (size_t i = 0; i < n_operands && r == 0; i++) {
        struct err one = {0};
        int added = inputs_add(&in, operands[i], i, &l, &one);
        if (added == ERR_NOMEM)
            r = err_nomem(e);
        else if (added < 0) {
            d->failed++;
            term_error(t, &one);
        }
    }
    if (r == 0)
        r = redact_inputs(t->names, &in, e);
    if (r == 0)
        r = search_all(d, &in, &l, t, e);
    inputs_free(&in);
    if (r == 0 && d->files == 0) {
        r = err_set(e, ERR_EMPTY, "--drivers: there is no Windows driver or program");
        err_hint(e, "name .sys files, or a folder or zip that holds them");
    }
    if (r < 0)
        drivers_free(d);
    else if (d->n > 0)
        qsort(d->v, d->n, sizeof *d->v, compare_drivers);
    return r;
}

void drivers_free(struct drivers *d)
{
    for (size_t i = 0; i < d->n; i++)
        free(d->v[i].file);
    free(d->v);
    d->v = NULL;
    d->n = d->cap = 0;
}
