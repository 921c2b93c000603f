/* SPDX-License-Identifier: MIT */
#include "cli/load/inputs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/load/folder.h"
#include "formats/io/foreign.h"
#include "formats/pool.h"

/* "mail.zip:day1/a.txt"; NULL when there is no memory. */
static char *entry_name(const char *zip, const char *entry)
{
    size_t n = strlen(zip), m = strlen(entry);
    char *p = malloc(n + m + 2);
    if (p == NULL)
        return NULL;
    memcpy(p, zip, n);
    p[n] = ':';
    memcpy(p + n + 1, entry, m + 1);
    return p;
}

/* Takes over item.name, also when it fails. */
static int add_item(struct inputs *in, struct input_item item, const struct limits *l,
                    struct err *e)
{
    void *v = in->v;
    int r = item.name == NULL ? err_nomem(e) : 0;
    if (r == 0 && in->n >= l->inputs) {
        r = err_set(e, ERR_LIMIT, "more than %zu inputs", l->inputs);
        err_hint(e, "name fewer of them; rank --merge puts rankings together");
    }
    if (r == 0)
        r = grow(&v, &in->cap, in->n + 1, sizeof *in->v, e);
    if (r < 0) {
        free(item.name);
        return r;
    }
    in->v = v;
    item.real = item.name;
    if (item.kind == INPUT_FILE)
        item.path = item.real;
    in->v[in->n++] = item;
    return 0;
}

/* ---- zips ---- */

/* A document that is a zip inside is one input, refused when it is opened. */
static int add_document(struct inputs *in, const char *name, const struct foreign *f,
                        struct input_item like, const struct limits *l, struct err *e)
{
    like.name = strdup(name);
    like.kind = INPUT_FILE;
    like.document = f->name;
    like.advice = f->advice;
    return add_item(in, like, l, e);
}

/* Takes over z. */
static int add_zip(struct inputs *in, const char *name, struct zip *z,
                   struct input_item like, const struct limits *l, struct err *e)
{
    struct foreign document;
    if (foreign_zip(z, &document)) {
        zip_close(z);
        return add_document(in, name, &document, like, l, e);
    }
    void *v = in->zips;
    int r = grow(&v, &in->zips_cap, in->n_zips + 1, sizeof(struct zip *), e);
    if (r < 0) {
        zip_close(z);
        return r;
    }
    in->zips = v;
    in->zips[in->n_zips++] = z;
    for (size_t i = 0; i < zip_count(z); i++) {
        struct zip_entry entry = zip_entry_at(z, i);
        if (entry.is_directory)
            continue;
        TRY(add_item(in,
                     (struct input_item){.name = entry_name(name, entry.name),
                                         .kind = INPUT_ZIP_ENTRY,
                                         .zip = in->n_zips - 1,
                                         .entry = i,
                                         .argument = like.argument,
                                         .root_len = strlen(name) + 1,
                                         .found = true},
                     l, e));
    }
    return 0;
}

static int add_file(struct inputs *in, char *name, struct input_item like,
                    const struct limits *l, struct err *e)
{
    struct stat st;
    bool regular = stat(name, &st) == 0 && S_ISREG(st.st_mode);
    if (regular && zip_file(name)) { /* else opening it as an input tells why */
        struct zip *z;
        int r = zip_open_file(&z, name, l, e);
        if (r == 0)
            r = add_zip(in, name, z, like, l, e);
        free(name);
        return r;
    }
    like.name = name;
    like.kind = INPUT_FILE;
    return add_item(in, like, l, e);
}

/* ---- folders ---- */

static int add_folder(struct inputs *in, const char *operand, size_t argument,
                      const struct limits *l, struct err *e)
{
    size_t root = strlen(operand), before = in->n;
    struct input_item like = {.argument = argument,
                              .found = true,
                              .root_len = root + (operand[root - 1] != '/')};
    struct folder files = {0};
    int r = folder_walk(&files, operand, l, e);
    bool whole = r != ERR_NOMEM && r != ERR_LIMIT;
    for (size_t i = 0; i < files.n && whole; i++) {
        /* What is wrong with one file is told once it is opened, or with the others. */
        int one = add_file(in, files.v[i], like, l, e);
        files.v[i] = NULL;
        r = r != 0 ? r : one;
        whole = one != ERR_NOMEM && one != ERR_LIMIT;
    }
    folder_free(&files);
    if (r == 0 && in->n == before) {
        r = err_set(e, ERR_EMPTY, "the folder holds no files");
        err_hint(e, "name the folder or zip in which the captures are");
        err_place(e, operand, 0);
    }
    return r;
}

/* ---- operands ---- */

static int add_stdin(struct inputs *in, size_t argument, const struct limits *l,
                     struct err *e)
{
    if (in->stdin_read) {
        err_hint(e, "save it to a file, and name that twice");
        return err_set(e, ERR_USAGE, "standard input was named twice");
    }
    in->stdin_read = true;
    struct input_raw raw;
    TRY(input_raw_fd(&raw, STDIN_FILENO, e));
    int r = 0;
    while (r == 0) {
        if (in->stdin_bytes.n > l->memory_input_bytes) {
            r = err_set(e, ERR_LIMIT, "standard input exceeds %zu bytes",
                        l->memory_input_bytes);
            err_hint(e, "save it to a file, and name that");
            break;
        }
        r = buf_reserve(&in->stdin_bytes, 65536, e);
        ptrdiff_t got =
            r < 0 ? r
                  : raw.read(raw.ctx, in->stdin_bytes.p + in->stdin_bytes.n, 65536, e);
        if (got <= 0) {
            r = got < 0 ? (int)got : 0;
            break;
        }
        in->stdin_bytes.n += (size_t)got;
    }
    raw.close(raw.ctx);
    if (r < 0) {
        err_place(e, "-", 0);
        return r;
    }
    if (zip_magic(in->stdin_bytes.p, in->stdin_bytes.n)) {
        struct zip *z;
        TRY(zip_open_memory(&z, "-", in->stdin_bytes.p, in->stdin_bytes.n, l, e));
        return add_zip(in, "-", z, (struct input_item){.argument = argument}, l, e);
    }
    return add_item(in,
                    (struct input_item){
                        .name = strdup("-"), .kind = INPUT_STDIN, .argument = argument},
                    l, e);
}

/* FILE@N: the file's name without @N, and N; false when the operand is no such thing. */
static bool split_pick(const char *operand, size_t *n, int64_t *pick)
{
    const char *at = strrchr(operand, '@');
    if (at == NULL || at == operand)
        return false;
    char *end;
    errno = 0;
    long long v = strtoll(at + 1, &end, 10);
    if (end == at + 1 || *end != '\0' || errno != 0 || v == 0 || v == LLONG_MIN)
        return false;
    *n = (size_t)(at - operand);
    *pick = v;
    return true;
}

int inputs_add(struct inputs *in, const char *operand, size_t argument,
               const struct limits *l, struct err *e)
{
    if (strcmp(operand, "-") == 0)
        return add_stdin(in, argument, l, e);
    struct stat st;
    char *path = strdup(operand);
    if (path == NULL)
        return err_nomem(e);
    struct input_item like = {.argument = argument};
    if (stat(path, &st) != 0) {
        int missing = errno;
        size_t n;
        if (split_pick(operand, &n, &like.pick))
            path[n] = '\0';
        if (like.pick == 0 || stat(path, &st) != 0) {
            free(path);
            int r = err_io(e, missing, "cannot open");
            err_place(e, operand, 0);
            return r;
        }
    }
    if (S_ISDIR(st.st_mode)) {
        free(path);
        if (like.pick != 0) {
            int r = err_set(e, ERR_USAGE, "@N picks from a file, not a folder");
            err_place(e, operand, 0);
            err_hint(e, "@N behind one of its files, or --at TIME");
            return r;
        }
        return add_folder(in, operand, argument, l, e);
    }
    return add_file(in, path, like, l, e);
}

int inputs_open(struct inputs *in, size_t i, const struct limits *l, struct input **out,
                struct err *e)
{
    const struct input_item *item = &in->v[i];
    struct input_raw raw;
    if (item->document != NULL) {
        struct foreign f = {.name = item->document, .advice = item->advice};
        err_place(e, item->name, 0);
        return foreign_refuse(&f, e);
    }
    switch (item->kind) {
    case INPUT_STDIN:
        TRY(input_raw_memory(&raw, in->stdin_bytes.p, in->stdin_bytes.n, 0, e));
        break;
    case INPUT_ZIP_ENTRY: {
        int r = zip_entry_raw(&raw, in->zips[item->zip], item->entry, l, e);
        if (r < 0) {
            err_place(e, item->name, 0);
            return r;
        }
        break;
    }
    default:
        TRY(input_raw_file(&raw, item->path, e));
        break;
    }
    TRY(input_open_in(&in->room, out, item->name, raw, l, e));
    if (item->kind == INPUT_ZIP_ENTRY)
        input_set_compression(*out, "zip");
    if (in->read_ahead)
        input_read_ahead(*out, INPUT_LARGE);
    return 0;
}

int inputs_mtime(const struct inputs *in, size_t i, int64_t *ms, bool *zone_known,
                 struct err *e)
{
    const struct input_item *item = &in->v[i];
    if (item->kind == INPUT_ZIP_ENTRY) {
        *ms = zip_entry_at(in->zips[item->zip], item->entry).mtime_ms;
        *zone_known = false;
        return *ms != INT64_MIN;
    }
    struct stat st;
    if (item->kind != INPUT_FILE)
        return 0;
    if (stat(item->path, &st) != 0) {
        (void)err_io(e, errno, "cannot ask for its time");
        err_place(e, item->name, 0);
        return ERR_IO;
    }
    const int64_t seconds = st.st_mtime;
    *zone_known = true;
    if (seconds < TIME_MS_FIRST / 1000 || seconds > TIME_MS_LAST / 1000)
        return 0; /* file systems take what no calendar has */
    *ms = seconds * 1000;
    return 1;
}

int inputs_size(const struct inputs *in, size_t i, uint64_t *bytes, struct err *e)
{
    const struct input_item *item = &in->v[i];
    struct stat st = {.st_size = 0};
    int r = 0;
    switch (item->kind) {
    case INPUT_STDIN:
        *bytes = in->stdin_bytes.n;
        return 0;
    case INPUT_ZIP_ENTRY:
        *bytes = zip_entry_at(in->zips[item->zip], item->entry).size;
        return 0;
    default:
        if (stat(item->path, &st) != 0 && errno != ENOENT) {
            r = err_io(e, errno, "cannot look at it");
            err_place(e, item->name, 0);
        }
        *bytes = st.st_size > 0 ? (uint64_t)st.st_size : 0;
        return r;
    }
}

uint64_t inputs_bytes(const struct inputs *in, size_t i)
{
    uint64_t bytes;
    return inputs_size(in, i, &bytes, NULL) < 0 ? 0 : bytes;
}

void inputs_free(struct inputs *in)
{
    for (size_t i = 0; i < in->n; i++) {
        if (in->v[i].real != in->v[i].name)
            free(in->v[i].real);
        free(in->v[i].name);
    }
    free(in->v);
    for (size_t i = 0; i < in->n_zips; i++)
        zip_close(in->zips[i]);
    free(in->zips);
    buf_free(&in->stdin_bytes);
    input_room_free(&in->room);
    *in = (struct inputs){0};
}
