/* SPDX-License-Identifier: MIT */
/* libyaml's scanner does the reading, one event ahead at most, so that neither depth nor
 * length of a document is paid for before it is checked. */
#include "cli/know/yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct yaml {
    yaml_parser_t parser;
    yaml_event_t event;
    bool have;  /* event holds something to delete */
    bool ahead; /* and the caller has not taken it yet */
    struct yaml_item item;
    size_t depth;
    struct yaml_limits limits;
    const char *name;
    struct err fault;     /* what ended the reading, if anything did */
    const uint8_t *bytes; /* the whole document, or NULL */
    size_t n_bytes;
    void *own; /* the same, when they were read here */
    /* of yaml_open_reader: */
    ptrdiff_t (*read)(void *ctx, uint8_t *p, size_t n, struct err *e);
    void *read_ctx;
    size_t taken;
    size_t taken_then; /* when the last event came */
};

static int again(const struct yaml *y, struct err *e)
{
    if (e != NULL && e->code == 0)
        *e = y->fault;
    return y->fault.code;
}

static struct yaml_at at_of(yaml_mark_t mark)
{
    return (struct yaml_at){mark.line + 1, mark.column + 1};
}

ERR_PRINTF(5, 0)
static int fail_va(struct yaml *y, int code, struct yaml_at at, struct err *e,
                   const char *fmt, va_list ap)
{
    if (y->fault.code != 0)
        return again(y, e);
    char text[sizeof y->fault.text];
    (void)vsnprintf(text, sizeof text, fmt, ap);
    (void)err_set(&y->fault, code, "%s", text);
    (void)snprintf(y->fault.place, sizeof y->fault.place, "%s:%zu:%zu", y->name, at.line,
                   at.column);
    return again(y, e);
}

int yaml_fail(struct yaml *y, struct yaml_at at, struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int r = fail_va(y, ERR_FORMAT, at, e, fmt, ap);
    va_end(ap);
    return r;
}

ERR_PRINTF(4, 5)
static int limit(struct yaml *y, struct yaml_at at, struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int r = fail_va(y, ERR_LIMIT, at, e, fmt, ap);
    va_end(ap);
    return r;
}

/* ---- opening ---- */

static int new_reader(struct yaml **y, const char *name, const struct yaml_limits *l,
                      struct err *e)
{
    static const struct yaml_limits usual = YAML_LIMITS_DEFAULT;
    struct yaml *new_ = calloc(1, sizeof *new_);
    if (new_ == NULL)
        return err_nomem(e);
    if (!yaml_parser_initialize(&new_->parser)) {
        free(new_);
        return err_nomem(e);
    }
    new_->limits = l != NULL ? *l : usual;
    new_->name = name;
    *y = new_;
    return 0;
}

static int too_long(const char *name, size_t most, struct err *e)
{
    const int r = err_set(e, ERR_LIMIT, "expected at most %zu bytes, found more", most);
    err_place(e, name, 0);
    return r;
}

int yaml_open(struct yaml **y, const char *name, const void *p, size_t n,
              const struct yaml_limits *l, struct err *e)
{
    TRY(new_reader(y, name, l, e));
    if (n > (*y)->limits.bytes) {
        const size_t most = (*y)->limits.bytes;
        yaml_close(*y);
        *y = NULL;
        return too_long(name, most, e);
    }
    (*y)->bytes = p;
    (*y)->n_bytes = n;
    yaml_parser_set_input_string(&(*y)->parser, p, n);
    return 0;
}

enum { YAML_ESCAPED = 12 }; /* bytes that one of text takes at most: \uXXXX\uXXXX */

/* libyaml's side of yaml_open_reader. */
static int fill(void *ctx, unsigned char *p, size_t n, size_t *got)
{
    struct yaml *y = ctx;
    const ptrdiff_t r = y->read(y->read_ctx, p, n, &y->fault);
    *got = r > 0 ? (size_t)r : 0;
    y->taken += *got;
    if (r >= 0 && y->taken > y->limits.bytes)
        (void)too_long(y->name, y->limits.bytes, &y->fault);
    /* A text is held whole before its length can be looked at. */
    if (r >= 0 && (y->taken - y->taken_then) / YAML_ESCAPED > y->limits.scalar)
        (void)limit(y, at_of(y->parser.mark), NULL,
                    "expected at most %zu bytes of text, found more", y->limits.scalar);
    return y->fault.code == 0;
}

int yaml_open_reader(struct yaml **y, const char *name,
                     ptrdiff_t (*read)(void *ctx, uint8_t *p, size_t n, struct err *e),
                     void *ctx, const struct yaml_limits *l, struct err *e)
{
    TRY(new_reader(y, name, l, e));
    (*y)->read = read;
    (*y)->read_ctx = ctx;
    yaml_parser_set_input(&(*y)->parser, fill, *y);
    return 0;
}

/* At most `most` + 1 bytes, so that too many are seen to be too many. */
static int read_file(FILE *f, const char *path, size_t most, uint8_t **bytes, size_t *n,
                     struct err *e)
{
    uint8_t *p = NULL;
    size_t have = 0, room = 0;
    for (;;) {
        if (have == room) {
            room = room == 0 ? 16384 : room * 2;
            uint8_t *q = realloc(p, room);
            if (q == NULL) {
                free(p);
                return err_nomem(e);
            }
            p = q;
        }
        const size_t got = fread(p + have, 1, room - have, f);
        have += got;
        if (got == 0 || have > most)
            break;
    }
    if (ferror(f)) {
        int r = err_io(e, errno, "cannot read");
        err_place(e, path, 0);
        free(p);
        return r;
    }
    *bytes = p;
    *n = have;
    return 0;
}

int yaml_open_file(struct yaml **y, const char *path, const struct yaml_limits *l,
                   struct err *e)
{
    static const struct yaml_limits usual = YAML_LIMITS_DEFAULT;
    uint8_t *p = NULL;
    size_t n = 0;
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        int r = err_io(e, errno, "cannot open");
        err_place(e, path, 0);
        return r;
    }
    int r = read_file(f, path, (l != NULL ? l : &usual)->bytes, &p, &n, e);
    (void)fclose(f);
    if (r == 0)
        r = yaml_open(y, path, p, n, l, e);
    if (r < 0)
        free(p);
    else
        (*y)->own = p;
    return r;
}

void yaml_close(struct yaml *y)
{
    if (y == NULL)
        return;
    if (y->have)
        yaml_event_delete(&y->event);
    yaml_parser_delete(&y->parser);
    free(y->own);
    free(y);
}

struct yaml_at yaml_here(const struct yaml *y)
{
    return y->item.at;
}

/* ---- events ---- */

/* Bytes that are no text: the reader knows their offset, but neither line nor column. */
static struct yaml_at at_offset(const struct yaml *y, size_t offset)
{
    struct yaml_at at = {1, 1};
    if (y->bytes == NULL)
        return at_of(y->parser.mark);
    for (size_t i = 0; i < offset && i < y->n_bytes; i++) {
        if (y->bytes[i] == '\n')
            at = (struct yaml_at){at.line + 1, 1};
        else
            at.column += (y->bytes[i] & 0xc0) != 0x80;
    }
    return at;
}

/* What the scanner complains about, where it can say so. */
static int broken(struct yaml *y, struct err *e)
{
    const yaml_parser_t *p = &y->parser;
    if (y->fault.code != 0)
        return again(y, e); /* the bytes did not come */
    if (p->error == YAML_MEMORY_ERROR) {
        (void)err_nomem(&y->fault);
        return again(y, e);
    }
    const char *problem = p->problem != NULL ? p->problem : "unreadable";
    const char *context = p->context != NULL ? p->context : "";
    struct yaml_at at = at_of(p->problem_mark);
    if (p->error == YAML_READER_ERROR)
        at = at_offset(y, p->problem_offset);
    err_hint(&y->fault, "indent with blanks, and quote text that holds ': ' or ' #'");
    return yaml_fail(y, at, e, "this is no YAML: %s%s%s", problem,
                     *context != '\0' ? " " : "", context);
}

static int not_plain(struct yaml *y, struct yaml_at at, struct err *e, const char *what)
{
    return yaml_fail(y, at, e, "expected plain values, found %s", what);
}

static int deeper(struct yaml *y, struct yaml_at at, struct err *e)
{
    if (y->depth == y->limits.depth)
        return limit(y, at, e,
                     "expected at most %zu levels of maps and lists, found more",
                     y->limits.depth);
    y->depth++;
    return 0;
}

static int take_scalar(struct yaml *y, struct yaml_item *item, struct err *e)
{
    const char *text = (const char *)y->event.data.scalar.value;
    const size_t n = y->event.data.scalar.length;
    item->kind = YAML_KIND_SCALAR;
    if (n > y->limits.scalar)
        return limit(y, item->at, e, "expected at most %zu bytes of text, found %zu",
                     y->limits.scalar, n);
    if (strlen(text) != n)
        return yaml_fail(y, item->at, e, "expected text, found a NUL in it");
    item->text = text;
    item->n = n;
    item->quoted = y->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return 0;
}

/* Turns the event into an item; 0: an event that says nothing by itself, 1: an item. */
static int translate(struct yaml *y, struct err *e)
{
    const yaml_event_t *v = &y->event;
    struct yaml_item item = {.text = "", .at = at_of(v->start_mark)};
    switch (v->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (y->item.kind == YAML_KIND_END)
            return yaml_fail(y, item.at, e, "expected one document, found another");
        return 0;
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT: {
        const bool map = v->type == YAML_MAPPING_START_EVENT;
        if ((map ? v->data.mapping_start.anchor : v->data.sequence_start.anchor) != NULL)
            return not_plain(y, item.at, e, "an anchor (&...)");
        if ((map ? v->data.mapping_start.tag : v->data.sequence_start.tag) != NULL)
            return not_plain(y, item.at, e, "a tag (!...)");
        TRY(deeper(y, item.at, e));
        item.kind = map ? YAML_KIND_MAP : YAML_KIND_LIST;
        break;
    }
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        y->depth--;
        item.kind =
            v->type == YAML_MAPPING_END_EVENT ? YAML_KIND_MAP_END : YAML_KIND_LIST_END;
        break;
    case YAML_SCALAR_EVENT:
        if (v->data.scalar.anchor != NULL)
            return not_plain(y, item.at, e, "an anchor (&...)");
        if (v->data.scalar.tag != NULL)
            return not_plain(y, item.at, e, "a tag (!...)");
        TRY(take_scalar(y, &item, e));
        break;
    case YAML_ALIAS_EVENT:
        return not_plain(y, item.at, e, "an alias (*...)");
    case YAML_DOCUMENT_END_EVENT:
        y->item.kind = YAML_KIND_END; /* so that a second document is seen */
        return 0;
    case YAML_STREAM_END_EVENT:
        item.kind = YAML_KIND_END;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    default:
        return 0;
    }
    y->item = item;
    return 1;
}

/* Makes y->item the next one that was not taken. */
static int ready(struct yaml *y, struct err *e)
{
    if (y->fault.code != 0)
        return again(y, e);
    if (y->ahead)
        return 0;
    int r = 0;
    while (r == 0) {
        if (y->have && y->event.type == YAML_STREAM_END_EVENT)
            break; /* the end is the end however often it is asked for */
        if (y->have)
            yaml_event_delete(&y->event);
        y->have = yaml_parser_parse(&y->parser, &y->event) != 0;
        y->taken_then = y->taken;
        if (!y->have)
            return broken(y, e);
        r = translate(y, e);
    }
    if (r < 0)
        return r;
    y->ahead = true;
    return 0;
}

int yaml_peek(struct yaml *y, struct yaml_item *item, struct err *e)
{
    TRY(ready(y, e));
    *item = y->item;
    return 0;
}

int yaml_next(struct yaml *y, struct yaml_item *item, struct err *e)
{
    TRY(yaml_peek(y, item, e));
    y->ahead = false;
    return 0;
}

int yaml_skip(struct yaml *y, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_peek(y, &item, e));
    if (item.kind >= YAML_KIND_MAP_END)
        return yaml_fail(y, item.at, e, "expected a value, found the end");
    const size_t outside = y->depth - (item.kind != YAML_KIND_SCALAR);
    do
        TRY(yaml_next(y, &item, e));
    while (y->depth > outside);
    return 0;
}
