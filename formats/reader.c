/* SPDX-License-Identifier: MIT */
#include "formats/reader.h"

#include <stdlib.h>
#include <string.h>

#include "formats/text/segment.h"

enum { MAGIC_BYTES = 64, FOREIGN_BYTES = 4096 };

struct reader {
    struct input *in; /* borrowed */
    const struct format *format;
    void *binary; /* context of format->binary, or NULL */
    struct segmenter *text;
    struct note_list no_notes;
    uint32_t ordinal;
};

static const struct format *by_magic(const uint8_t *p, size_t n)
{
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (f->binary != NULL && f->binary->magic(p, n))
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
    const char *name, *advice;
    if (!foreign_bytes(p, n, &name, &advice))
        return 0;
    err_hint(e, "%s", advice);
    return err_set(e, ERR_UNSUPPORTED, "expected a pool capture, found %s", name);
}

/* What can be seen of the beginning.  A fault behind good bytes comes again when they
 * are used up, so that the captures before it are not lost. */
static ptrdiff_t peek_start(struct input *in, const uint8_t **p, struct err *e)
{
    struct err fault = {0};
    ptrdiff_t n = input_peek(in, FOREIGN_BYTES, p, &fault);
    if (n >= 0)
        return n;
    ptrdiff_t good = input_peek(in, 0, p, NULL);
    if (good > 0)
        return good;
    if (e != NULL && e->code == 0)
        *e = fault;
    return n;
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
    r->format = forced;
    if (forced == NULL) {
        size_t magic = n < MAGIC_BYTES ? (size_t)n : MAGIC_BYTES;
        r->format = by_magic(p, magic);
        if (r->format == NULL)
            TRY(refuse_foreign(p, (size_t)n, e));
    }
    if (r->format != NULL && r->format->binary != NULL)
        return r->format->binary->open(&r->binary, r->in, o, e);
    return segmenter_open(&r->text, r->in, forced, &o->limits, e);
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
        result = segmenter_next(r->text, s, e);
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
        return segmenter_notes(r->text);
    const struct note_list *notes = NULL;
    if (r->binary != NULL && r->format->binary->notes != NULL)
        notes = r->format->binary->notes(r->binary);
    return notes != NULL ? notes : &r->no_notes;
}

const struct format *reader_format(const struct reader *r)
{
    return r->text != NULL ? segmenter_format(r->text) : r->format;
}

void reader_close(struct reader *r)
{
    if (r == NULL)
        return;
    if (r->binary != NULL)
        r->format->binary->close(r->binary);
    segmenter_close(r->text);
    free(r);
}
