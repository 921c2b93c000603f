/* SPDX-License-Identifier: MIT */
/* What fuzzing kept (tests/fuzz/corpus), read and written in every form with memory that
 * runs out wherever no other input of this program came by: so that lines are reached
 * that no ordinary capture reaches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/know/limits.h"
#include "cli/know/rules.h"
#include "cli/know/tags.h"
#include "formats/io/zip.h"
#include "formats/pooltag.h"
#include "tests/fuzz/fuzz.h"
#include "tests/tools/place.h"
#include "tests/unit/memory.h"
#include "tests/unit/prop.h"

enum { CAPTURES = 40, WRITERS = 8 };

/* One kept input, and how it is read. */
struct kept {
    const struct buf *b;
    struct reader_opts o;
    struct buf *made; /* WRITERS outputs, for who wants them; or NULL */
};

/* ---- captures ---- */

struct output {
    const struct format_writer *to;
    struct sink *out;
    void *ctx;
    struct buf b;
};

/* One a writer of the table; how many there are. */
static int begin_outputs(struct output *v, struct err *e)
{
    const struct writer_opts o = {.many = true, .verbatim = true};
    int n = 0;
    for (const struct format *f = format_table; f->name != NULL; f++) {
        if (f->writer == NULL)
            continue;
        assert_true(n < WRITERS);
        v[n].to = f->writer;
        TRY(sink_memory(&v[n].out, &v[n].b, e));
        TRY(f->writer->begin(&v[n].ctx, v[n].out, &o, e));
        n++;
    }
    return n;
}

static int write_to_all(struct output *v, const struct pool_snapshot *s, struct err *e)
{
    for (; v->to != NULL; v++)
        if (v->to->keeps_all || s->record == RECORD_CAPTURE)
            TRY(v->to->snapshot(v->ctx, s, e));
    return 0;
}

static int end_outputs(struct output *v, struct buf *made, uint64_t *sum, int r,
                       struct err *e)
{
    for (; v->to != NULL; v++) {
        if (r >= 0)
            r = v->to->end(v->ctx, e);
        if (v->ctx != NULL)
            v->to->close(v->ctx);
        if (r >= 0)
            r = sink_close(v->out, e);
        else
            sink_abort(v->out);
        for (size_t i = 0; i < v->b.n && r >= 0; i++)
            *sum = *sum * 31 + v->b.p[i];
        if (made != NULL)
            *made++ = v->b;
        else
            buf_free(&v->b);
    }
    return r;
}

static int copy_all(struct reader *r, struct buf *made, uint64_t *sum, struct err *e)
{
    struct output v[WRITERS + 1] = {{.to = NULL}};
    struct pool_snapshot s = {.uptime_s = -1};
    int code = begin_outputs(v, e);
    for (int n = 0; code >= 0 && n < CAPTURES; n++) {
        code = reader_next(r, &s, e);
        if (code != 1)
            break;
        code = write_to_all(v, &s, e);
    }
    pool_snapshot_free(&s);
    return end_outputs(v, made, sum, code, e);
}

/* A text that two threads read from any place, which needs no memory here. */
static struct placed text;
static struct place places[2];

static void leave_place(void *ctx)
{
    (void)ctx;
}

static int second_place(void *ctx, struct input_raw *twin, struct err *e);

static struct input_raw placed_raw(struct place *x)
{
    *x = (struct place){.of = &text};
    return (struct input_raw){.ctx = x,
                              .read = place_read,
                              .close = leave_place,
                              .prompt = true,
                              .seek = place_seek,
                              .twin = second_place,
                              .size = text.n};
}

static int second_place(void *ctx, struct input_raw *twin, struct err *e)
{
    (void)ctx;
    (void)e;
    *twin = placed_raw(&places[1]);
    return 0;
}

static int copy_kept(void *ctx, uint64_t *sum, struct err *e)
{
    const struct kept *from = ctx;
    struct reader_opts o = from->o;
    struct reader_memory memory = {.chains = 0};
    struct input_raw raw;
    struct input *in = NULL;
    struct reader *r = NULL;
    o.memory = o.follow ? &memory : NULL;
    o.limits = fuzz_limits;
    if (o.threads > 1)
        raw = placed_raw(&places[0]);
    else
        TRY(input_raw_memory(&raw, from->b->p, from->b->n, 0, e));
    TRY(input_open(&in, "kept", raw, &fuzz_limits, e));
    int code = reader_open(&r, in, &o, e);
    if (code >= 0)
        code = copy_all(r, from->made, sum, e);
    reader_close(r);
    input_close(in);
    reader_memory_free(&memory);
    return code;
}

/* ---- lists, rules and cases ---- */

static int read_yaml(struct yaml *y, int kind, uint64_t *sum, struct err *e)
{
    struct know_list tags = {.tags = {.n_exact = 0}};
    struct rule_list rules = {.n_texts = 0};
    struct limit_rows rows = {.n = 0};
    int r;
    if (kind == 0)
        r = know_tags_read(&tags, y, KNOW_USER, e);
    else if (kind == 1)
        r = rules_read(&rules, y, e);
    else
        r = limits_read(&rows, y, e);
    *sum = *sum * 31 + rules.rules.n + rows.n;
    know_list_free(&tags);
    rules_free(&rules);
    limits_free(&rows);
    return r;
}

static int read_pooltag(const struct buf *b, uint64_t *sum, struct err *e)
{
    struct input_raw raw;
    struct input *in = NULL;
    struct pooltag_table *t = NULL;
    TRY(input_raw_memory(&raw, b->p, b->n, 0, e));
    TRY(input_open(&in, "kept", raw, &fuzz_limits, e));
    const int r = pooltag_read(&t, in, &fuzz_limits, e);
    *sum = *sum * 31 + (r >= 0 ? pooltag_count(t) : 0);
    pooltag_free(t);
    input_close(in);
    return r;
}

/* As each of them; that it is none is no error of this. */
static int read_lists(void *ctx, uint64_t *sum, struct err *e)
{
    const struct kept *from = ctx;
    for (int kind = 0; kind < 3; kind++) {
        struct err own = {0};
        struct yaml *y = NULL;
        int r = yaml_open(&y, "kept", from->b->p, from->b->n, NULL, &own);
        if (r >= 0)
            r = read_yaml(y, kind, sum, &own);
        yaml_close(y);
        if (r == ERR_NOMEM)
            return err_nomem(e);
        *sum = *sum * 31 + (uint64_t)-r;
    }
    return read_pooltag(from->b, sum, e);
}

/* ---- the corpus ---- */

/* Its bytes as they are: an input that is gzip stays that. */
static void take_entry(struct zip *z, size_t i, struct buf *b)
{
    struct input_raw raw;
    ptrdiff_t n = 1;
    const struct limits wide = LIMITS_DEFAULT;
    assert_int_equal(zip_entry_raw(&raw, z, i, &wide, NULL), 0);
    for (b->n = 0; n > 0; b->n += (size_t)n) {
        assert_int_equal(buf_reserve(b, 4096, NULL), 0);
        n = raw.read(raw.ctx, b->p + b->n, 4096, NULL);
        assert_true(n >= 0);
    }
    raw.close(raw.ctx);
}

/* What is made of it is read, too. */
static void try_copies(const struct kept *from)
{
    struct buf made[WRITERS] = {{.n = 0}};
    struct kept first = *from;
    uint64_t sum = 0;
    first.made = made;
    (void)copy_kept(&first, &sum, NULL);
    for (size_t i = 0; i < WRITERS; i++) {
        struct kept second = {.b = &made[i], .o = {.follow = from->o.follow}};
        if (made[i].n > 0)
            (void)memory_try("copy", copy_kept, &second, 0);
        buf_free(&made[i]);
    }
}

/* Every input of one target; `from` is its format, where it is one. */
static void try_corpus(const char *target, memory_trial *trial, struct reader_opts o)
{
    char corpus[256];
    struct zip *z;
    struct buf b = {0};
    const struct limits wide = LIMITS_DEFAULT;
    (void)snprintf(corpus, sizeof corpus, "tests/fuzz/corpus/%s.zip", target);
    assert_int_equal(zip_open_file(&z, corpus, &wide, NULL), 0);
    assert_true(zip_count(z) > 0);
    for (size_t i = 0; i < zip_count(z); i++) {
        struct kept x = {&b, o, NULL};
        take_entry(z, i, &b);
        x.o.follow = i % 2 == 1;
        x.o.salvage = i % 4 > 1;
        if (o.threads > 1) { /* which ask for places in a file */
            text = (struct placed){b.p, b.n, SIZE_MAX};
            x.o.follow = true;
            x.o.stretch = 1 + 8 * (b.n > 0 ? (size_t)b.p[0] : 0);
        }
        (void)memory_try(zip_entry_at(z, i).name, trial, &x, 0);
        if (trial == copy_kept)
            try_copies(&x);
    }
    buf_free(&b);
    zip_close(z);
}

static void formats(void **state)
{
    (void)state;
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (f->text != NULL || f->binary != NULL)
            try_corpus(f->name, copy_kept, (struct reader_opts){.from = f->name});
}

static void whatever_it_is(void **state)
{
    (void)state;
    try_corpus("read", copy_kept, (struct reader_opts){.from = NULL});
    try_corpus("follow", copy_kept, (struct reader_opts){.from = NULL});
    try_corpus("scout", copy_kept, (struct reader_opts){.from = "poolmon", .threads = 2});
}

static void lists(void **state)
{
    (void)state;
    try_corpus("know", read_lists, (struct reader_opts){.from = NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats),
        cmocka_unit_test(whatever_it_is),
        cmocka_unit_test(lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
