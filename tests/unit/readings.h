/* SPDX-License-Identifier: MIT */
/* Test helper: texts of captures read in two ways, which must give the same to the last
 * note and blank.  Every struct buf is the caller's. */
#ifndef TESTS_UNIT_READINGS_H
#define TESTS_UNIT_READINGS_H

#include "formats/psz/psz.h"
#include "tests/unit/prop.h"

static inline void assert_same_dress(const struct pool_snapshot *a,
                                     const struct pool_snapshot *b)
{
    const struct pool_dress *x = &a->dress, *y = &b->dress;
    assert_int_equal(x->verbatim, y->verbatim);
    assert_int_equal(x->encoding, y->encoding);
    assert_string_equal(pool_snapshot_str(a, x->head), pool_snapshot_str(b, y->head));
    assert_string_equal(pool_snapshot_str(a, x->row), pool_snapshot_str(b, y->row));
    assert_string_equal(pool_snapshot_str(a, x->tail), pool_snapshot_str(b, y->tail));
}

static inline void assert_same_notes(const struct note_list *a, const struct note_list *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->v[i].code, b->v[i].code);
        assert_int_equal(a->v[i].line, b->v[i].line);
        assert_string_equal(note_text(a, &a->v[i]), note_text(b, &b->v[i]));
    }
}

static inline void assert_same_reading(const char *name, const struct shots *a,
                                       const struct shots *b)
{
    assert_same_shots(name, a, b, true);
    assert_string_equal(a->err.text, b->err.text);
    for (size_t i = 0; i < a->n; i++) {
        assert_same_dress(&a->v[i], &b->v[i]);
        assert_same_notes(&a->v[i].notes, &b->v[i].notes);
        for (size_t k = 0; k < a->v[i].n_rows; k++)
            assert_int_equal(a->v[i].rows[k].width, b->v[i].rows[k].width);
    }
}

static inline void put(struct buf *b, const void *p, size_t n)
{
    assert_int_equal(buf_append(b, p, n, NULL), 0);
}

static inline struct buf some_series(uint64_t seed, unsigned tags, unsigned captures)
{
    struct series *s = series_new(seed, tags, 1, false);
    struct buf one = {0}, all = {0};
    for (unsigned i = 0; i < captures && next_capture(s, &one); i++)
        put(&all, one.p, one.n);
    buf_free(&one);
    free(s);
    return all;
}

/* Behind the first capture, where there is something to be remembered. */
static inline void mutate(struct buf *b, struct rng *rng)
{
    static const char *const odd[] = {"\n",
                                      "\r\n",
                                      "\r",
                                      "\r\r\n",
                                      "0",
                                      " ",
                                      "-",
                                      "(1)",
                                      "9",
                                      "\x1a",
                                      "\t",
                                      "Nonp",
                                      "Paged",
                                      "4294967296",
                                      "\xc3\xa9",
                                      "> ",
                                      "# 2026-01-02T03:04:05\n",
                                      "[driver]",
                                      " Total Nonp 1 1 0 0 0\n"};
    size_t at = b->n / 4 + (size_t)rng_below(rng, (uint32_t)(b->n - b->n / 4));
    size_t n = (size_t)rng_below(rng, 90);
    n = n < b->n - at ? n : b->n - at;
    const char *word = odd[rng_below(rng, sizeof odd / sizeof odd[0])];
    switch (rng_below(rng, 5)) {
    case 0:
        b->p[at] = (uint8_t)('0' + rng_below(rng, 10));
        break;
    case 1:
        b->p[at] = (uint8_t)rng_next(rng);
        break;
    case 2:
        memmove(b->p + at, b->p + at + n, b->n - at - n);
        b->n -= n;
        break;
    case 3: /* a word over what stands there */
        n = strlen(word) < b->n - at ? strlen(word) : b->n - at;
        memcpy(b->p + at, word, n);
        break;
    default: /* a stretch of the text comes twice */
        assert_int_equal(buf_reserve(b, n, NULL), 0);
        memmove(b->p + at + n, b->p + at, b->n - at);
        b->n += n;
        break;
    }
}

/* An archive being written to memory. */
struct archive {
    struct buf b;
    struct sink *out;
    void *writer;
};

static inline void archive_begin(struct archive *a)
{
    const struct writer_opts o = {.many = true, .verbatim = true};
    *a = (struct archive){.out = NULL};
    assert_int_equal(sink_memory(&a->out, &a->b, NULL), 0);
    assert_int_equal(psz_writer.begin(&a->writer, a->out, &o, NULL), 0);
}

static inline void archive_end(struct archive *a)
{
    assert_int_equal(psz_writer.end(a->writer, NULL), 0);
    psz_writer.close(a->writer);
    assert_int_equal(sink_close(a->out, NULL), 0);
}

#endif
