/* SPDX-License-Identifier: MIT */
#include "cli/check/relative.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/bytes.h"
#include "formats/path.h"

static int working_folder(struct buf *b, struct err *e)
{
    for (size_t room = 256;; room *= 2) {
        TRY(buf_reserve(b, room, e));
        if (getcwd((char *)b->p, room) != NULL) {
            b->n = strlen((const char *)b->p);
            return 0;
        }
        if (errno != ERANGE)
            return err_io(e, errno, "cannot tell the working folder");
    }
}

/* Adds the components of the first n bytes to an absolute path without a slash at its
 * end, `.` and `..` being followed. */
static int add_components(struct buf *b, const char *path, size_t n, struct err *e)
{
    for (size_t at = 0; at < n;) {
        const char *p = path + at;
        const char *slash = memchr(p, '/', n - at);
        const size_t length = slash != NULL ? (size_t)(slash - p) : n - at;
        if (length == 2 && memcmp(p, "..", 2) == 0) {
            while (b->n > 0 && b->p[--b->n] != '/') {
            }
        } else if (length > 0 && !(length == 1 && *p == '.')) {
            TRY(buf_byte(b, '/', e));
            TRY(buf_append(b, p, length, e));
        }
        at += length + 1;
    }
    return 0;
}

/* The absolute path, ended by a NUL that does not count. */
static int absolute(struct buf *b, const char *path, size_t n, struct err *e)
{
    struct buf here = {0};
    int r = 0;
    if (n == 0 || !path_is_absolute(path)) {
        r = working_folder(&here, e);
        if (r == 0)
            r = add_components(b, (const char *)here.p, here.n, e);
    }
    if (r == 0)
        r = add_components(b, path, n, e);
    buf_free(&here);
    TRY(r);
    TRY(buf_byte(b, '\0', e));
    b->n--;
    return 0;
}

/* Both begin with a slash, or are empty. */
static int step_over(struct buf *out, const char *folder, const char *file, struct err *e)
{
    size_t same = 0;
    for (size_t i = 0;; i++) {
        const bool ends = folder[i] == '\0' || folder[i] == '/';
        if (ends && (file[i] == '/' || file[i] == '\0'))
            same = i;
        if (folder[i] == '\0' || folder[i] != file[i])
            break;
    }
    if (same == 0 && path_is_absolute(file + 1)) /* on another drive */
        return buf_append(out, file + 1, strlen(file), e);
    for (const char *p = folder + same; *p != '\0'; p++)
        if (*p == '/')
            TRY(buf_append(out, "../", 3, e));
    const char *rest = file + same + (file[same] == '/');
    if (*rest == '\0' && out->n == 0)
        rest = ".";
    return buf_append(out, rest, strlen(rest) + 1, e);
}

char *path_relative(const char *from, const char *path, struct err *e)
{
    const char *slash = from != NULL ? strrchr(from, '/') : NULL;
    struct buf folder = {0}, file = {0}, out = {0};
    int r;
    if (slash == NULL || path_is_absolute(path)) {
        r = buf_append(&out, path, strlen(path) + 1, e);
    } else {
        r = absolute(&folder, from, (size_t)(slash - from) + 1, e);
        if (r == 0)
            r = absolute(&file, path, strlen(path), e);
        if (r == 0)
            r = step_over(&out, (const char *)folder.p, (const char *)file.p, e);
    }
    buf_free(&folder);
    buf_free(&file);
    if (r < 0) {
        buf_free(&out);
        return NULL;
    }
    return (char *)out.p;
}
