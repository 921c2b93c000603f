/* SPDX-License-Identifier: MIT */
#include "formats/reader.h"

#include <stdlib.h>
#include <string.h>

#include "formats/io/foreign.h"
#include "formats/text/attach.h"
#include "formats/text/segment.h"

enum { MAGIC_BYTES = 64, START_BYTES = 8192 };

struct reader {
    struct input *in; /* borrowed */
    const struct format *format;
    void *binary; /* context of format->binary, or NULL */
    struct attach *text;
    struct note_list no_notes;
    uint32_t ordinal;
    bool noise; /* the beginning can hardly be text: said when nothing is found */
};

static const struct format *by_magic(const uint8_t *p, size_t n)
{
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (f->binary != NULL && f->binary->magic != NULL && f->binary->magic(p, n))
            return f;
    return NULL;
}

/* The format that --from names, or NULL when none is forced. */
static int forced_format(const struct reader_opts *o, const struct format **f,
                         struct err *e)
{
    *f = NULL;
    if (o->from == NULL)
        return 0;
    *f = format_find(o->from);
    if (*f == NULL || ((*f)->binary == NULL && (*f)->text == NULL)) {
        err_hint(e, "poolsift formats lists the formats that can be read");
        return err_set(e, ERR_USAGE, "no readable format is called '%s'", o->from);
    }
    return 0;
}

static int refuse_foreign(const uint8_t *p, size_t n, struct err *e)
{
    struct foreign f;
    return foreign_bytes(p, n, &f) ? foreign_refuse(&f, e) : 0;
}

/* What can be seen of the beginning.  A fault behind good bytes comes again when they
 * are used up, so that the captures before it are not lost. */
static ptrdiff_t peek_start(struct input *in, const uint8_t **p, struct err *e)
{
    struct err fault = {0};
    ptrdiff_t n = input_peek(in, START_BYTES, p, &fault);
    if (n >= 0)
        return n;
    ptrdiff_t good = input_peek(in, 0, p, NULL);
    if (good > 0)
        return good;
    if (e != NULL && e->code == 0)
        *e = fault;
    return n;
}

/* Control characters that texts hold, or that are looked at by themselves (NUL). */
#define TEXT_CONTROLS                                                                    \
    (UINT32_C(1) | UINT32_C(1) << '\b' | UINT32_C(1) << '\t' | UINT32_C(1) << '\n' |     \
     UINT32_C(1) << '\v' | UINT32_C(1) << '\f' | UINT32_C(1) << '\r' |                   \
     UINT32_C(1) << 0x1a | UINT32_C(1) << 0x1b)

static inline bool control(uint8_t c)
{
    return c < 0x20 && (TEXT_CONTROLS >> c & 1) == 0;
}

static bool wide_mark(const uint8_t *p, size_t n)
{
    return n >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0);
}

/* True when there is anything among these first bytes that no text holds.  UTF-16 is full
 * of NULs; without a mark it is told from figures by the vote itself. */
static bool beyond_text(const uint8_t *p, size_t n)
{
    n = n < START_BYTES ? n : START_BYTES;
    if (wide_mark(p, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if (p[i] == 0 || control(p[i]))
            return true;
    return false;
}

static bool mostly_noise(const uint8_t *p, size_t n)
{
    size_t controls = 0;
    n = n < START_BYTES ? n : START_BYTES;
    for (size_t i = 0; i < n; i++)
        controls += control(p[i]);
    return controls > n / 32 && !wide_mark(p, n);
}

static int no_kind_known(struct err *e)
{
    err_clear(e);
    err_hint(e, "send text: poolmon -n FILE; a raw reply of class 22 is read with "
                "--from rawtags --layout LAYOUT");
    return err_set(e, ERR_EMPTY,
                   "expected a pool capture, found binary data of no kind "
                   "that poolsift knows");
}

/* The format whose vote on the whole input is yes, or NULL.  What is looked at stays in
 * the input; a fault behind good bytes comes again when they are used up. */
static const struct format *by_vote(struct input *in, const uint8_t *p, size_t n,
                                    const struct reader_opts *o)
{
    if (!beyond_text(p, n))
        return NULL;
    for (const struct format *f = format_table; f->name != NULL; f++) {
        const struct binary_format *b = f->binary;
        if (b == NULL || b->vote == NULL || !b->vote(p, n, o))
            continue;
        ptrdiff_t all = input_peek(in, b->vote_bytes, &p, NULL);
        if (all < 0)
            all = input_peek(in, 0, &p, NULL);
        n = all > 0 ? (size_t)all : 0;
        if (b->vote(p, n, o))
            return f;
    }
    return NULL;
}

static int open_within(struct reader *r, const struct reader_opts *o, struct err *e)
{
    const struct format *forced;
    TRY(forced_format(o, &forced, e));
    const uint8_t *p;
    ptrdiff_t n = peek_start(r->in, &p, e);
    if (n < 0)
        return (int)n;
    if (n == 0) {
        err_hint(e, "was the capture still being written? run poolmon -n FILE again");
        return err_set(e, ERR_EMPTY, "expected a pool capture, found an empty input");
    }
    r->noise = mostly_noise(p, (size_t)n);
    r->format = forced;
    if (forced == NULL) {
        size_t magic = n < MAGIC_BYTES ? (size_t)n : MAGIC_BYTES;
        r->format = by_magic(p, magic);
        if (r->format == NULL)
            TRY(refuse_foreign(p, (size_t)n, e));
        if (r->format == NULL)
            r->format = by_vote(r->in, p, (size_t)n, o);
    }
    if (r->format != NULL && r->format->binary != NULL)
        return r->format->binary->open(&r->binary, r->in, o, e);
    return attach_open(&r->text, r->in, forced, o, e);
}

void reader_memory_free(struct reader_memory *m)
{
    for (size_t i = 0; i < sizeof m->ctx / sizeof *m->ctx; i++) {
        if (m->ctx[i] != NULL)
            format_table[i].text->close(m->ctx[i]);
        m->ctx[i] = NULL;
    }
}

int reader_open(struct reader **out, struct input *in, const struct reader_opts *o,
                struct err *e)
{
    struct reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return err_nomem(e);
    r->in = in;
    int result = open_within(r, o, e);
    if (result < 0) {
        err_place(e, input_name(in), 0);
        reader_close(r);
        return result;
    }
    *out = r;
    return 0;
}

int reader_next(struct reader *r, struct pool_snapshot *s, struct err *e)
{
    int result;
    if (r->text != NULL) {
        result = attach_next(r->text, s, e);
        if (result == ERR_EMPTY && r->noise)
            result = no_kind_known(e);
    } else {
        result = r->format->binary->next(r->binary, s, e);
    }
    if (result < 0)
        err_place(e, input_name(r->in), 0);
    if (result <= 0)
        return result;
    const char *name = input_name(r->in);
    if (s->source == 0)
        TRY(pool_snapshot_intern(s, name, strlen(name), &s->source, e));
    if (s->ordinal == 0)
        s->ordinal = ++r->ordinal;
    const char *format = reader_format(r)->name;
    if (s->format == 0)
        TRY(pool_snapshot_intern(s, format, strlen(format), &s->format, e));
    return 1;
}

const struct note_list *reader_notes(const struct reader *r)
{
    if (r->text != NULL)
        return attach_notes(r->text);
    const struct note_list *notes = NULL;
    if (r->binary != NULL && r->format->binary->notes != NULL)
        notes = r->format->binary->notes(r->binary);
    return notes != NULL ? notes : &r->no_notes;
}

const struct format *reader_format(const struct reader *r)
{
    return r->text != NULL ? attach_format(r->text) : r->format;
}

void reader_close(struct reader *r)
{
    if (r == NULL)
        return;
    if (r->binary != NULL)
        r->format->binary->close(r->binary);
    attach_close(r->text);
    free(r);
}
