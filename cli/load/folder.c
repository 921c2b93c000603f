/* SPDX-License-Identifier: MIT */
#include "cli/load/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "formats/ascii.h"
#include "formats/bytes.h"
#include "formats/lookup.h"

/* Takes over `path`, also when it fails. */
static int add_path(struct folder *f, char *path, struct err *e)
{
    void *v = f->v;
    int r = path == NULL ? err_nomem(e) : grow(&v, &f->cap, f->n + 1, sizeof(char *), e);
    if (r < 0) {
        free(path);
        return r;
    }
    f->v = v;
    f->v[f->n++] = path;
    return 0;
}

int folder_add(struct folder *f, const char *path, struct err *e)
{
    return add_path(f, strdup(path), e);
}

void folder_free(struct folder *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->v[i]);
    free(f->v);
    *f = (struct folder){0};
}

static char *join(const char *folder, const char *name)
{
    size_t n = strlen(folder), m = strlen(name);
    char *p = malloc(n + m + 2);
    if (p == NULL)
        return NULL;
    memcpy(p, folder, n);
    if (n > 0 && folder[n - 1] != '/')
        p[n++] = '/';
    memcpy(p + n, name, m + 1);
    return p;
}

/* ---- one folder ---- */

/* Compares a run of digits by its value and steps both names behind it. */
static int compare_numbers(const char **a, const char **b)
{
    *a += strspn(*a, "0");
    *b += strspn(*b, "0");
    size_t n = strspn(*a, "0123456789"), m = strspn(*b, "0123456789");
    int c = n != m ? (n < m ? -1 : 1) : strncmp(*a, *b, n);
    *a += n;
    *b += m;
    return c;
}

static int compare_names(const void *x, const void *y)
{
    const char *first = *(char *const *)x, *second = *(char *const *)y;
    const char *a = first, *b = second;
    while (*a != '\0' && *b != '\0') {
        if (ascii_digit(*a) && ascii_digit(*b)) {
            int c = compare_numbers(&a, &b);
            if (c != 0)
                return c;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    int c = (*a != '\0') - (*b != '\0');
    return c != 0 ? c : strcmp(first, second);
}

bool leads_nowhere(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

int folder_names(struct folder *names, const char *path, struct err *e)
{
    DIR *d = opendir(path);
    if (d == NULL) {
        int r = err_io(e, errno, "cannot read the folder");
        err_place(e, path, 0);
        return r;
    }
    int r = 0;
    struct dirent *entry;
    errno = 0;
    while (r == 0 && (entry = readdir(d)) != NULL) {
        if (entry->d_name[0] != '.')
            r = add_path(names, strdup(entry->d_name), e);
        errno = 0;
    }
    if (r == 0 && errno != 0) {
        r = err_io(e, errno, "cannot read the folder");
        err_place(e, path, 0);
    }
    (void)closedir(d);
    if (names->n > 1)
        qsort(names->v, names->n, sizeof(char *), compare_names);
    return r;
}

/* ---- the tree ---- */

/* Which folder a path leads to. */
struct identity {
    dev_t dev;
    ino_t ino;
};

/* A folder that is being walked; the stack of them is as deep as the limit allows. */
struct level {
    char *path;
    struct folder names;
    size_t next;
    struct identity id;
};

struct walk {
    struct level *stack;
    size_t depth;
    const struct limits *limits;
    struct identity *entered; /* every folder, however it was reached */
    size_t n_entered, entered_cap;
    struct lookup by_id;
};

static bool same_folder(const struct identity *a, const struct identity *b)
{
    return a->dev == b->dev && a->ino == b->ino;
}

static bool being_walked(const struct walk *w, const struct identity *id)
{
    for (size_t i = 0; i < w->depth; i++)
        if (same_folder(&w->stack[i].id, id))
            return true;
    return false;
}

static uint64_t hash_of(const struct identity *id)
{
    return lookup_number(lookup_number(LOOKUP_SEED, (uint64_t)id->dev),
                         (uint64_t)id->ino);
}

static bool was_entered(const struct walk *w, const struct identity *id)
{
    size_t step = 0;
    for (size_t i; lookup_next(&w->by_id, hash_of(id), &step, &i);)
        if (same_folder(&w->entered[i], id))
            return true;
    return false;
}

static int mark_entered(struct walk *w, const struct identity *id, struct err *e)
{
    void *v = w->entered;
    if (was_entered(w, id))
        return 0;
    TRY(grow(&v, &w->entered_cap, w->n_entered + 1, sizeof *w->entered, e));
    w->entered = v;
    w->entered[w->n_entered] = *id;
    return lookup_add(&w->by_id, hash_of(id), w->n_entered++, e);
}

/* Takes over `path`, also when it fails.  A link is followed to folders that were not
 * entered yet: two links a folder, level by level, would be paths without end. */
static int enter(struct walk *w, char *path, bool link, struct err *e)
{
    struct identity id;
    struct stat st;
    int r = 0;
    if (path == NULL)
        return err_nomem(e);
    if (stat(path, &st) != 0) {
        r = err_io(e, errno, "cannot look at the folder");
        err_place(e, path, 0);
        free(path);
        return r;
    }
    id = (struct identity){.dev = st.st_dev, .ino = st.st_ino};
    if (being_walked(w, &id) || (link && was_entered(w, &id))) {
        r = 0;
    } else if (w->depth == w->limits->directory_depth) {
        r = err_set(e, ERR_LIMIT, "folders nest deeper than %u",
                    w->limits->directory_depth);
        err_place(e, path, 0);
        err_hint(e, "name the folder in which the captures are");
    } else {
        r = mark_entered(w, &id, e);
        if (r == 0) {
            struct level *l = &w->stack[w->depth++];
            *l = (struct level){.path = path, .id = id};
            return folder_names(&l->names, path, e);
        }
    }
    free(path);
    return r;
}

static void leave(struct walk *w)
{
    struct level *l = &w->stack[--w->depth];
    folder_free(&l->names);
    free(l->path);
}

/* The next entry of the innermost folder: a file to add, a folder to enter. */
static int step(struct walk *w, struct folder *f, struct err *e)
{
    struct level *l = &w->stack[w->depth - 1];
    if (l->next == l->names.n) {
        leave(w);
        return 0;
    }
    struct stat st, link;
    char *path = join(l->path, l->names.v[l->next++]);
    if (path == NULL)
        return err_nomem(e);
    if (stat(path, &st) != 0) {
        int r = 0;
        if (!leads_nowhere(errno)) {
            r = err_io(e, errno, "cannot look at the file");
            err_place(e, path, 0);
        }
        free(path);
        return r;
    }
    if (S_ISDIR(st.st_mode))
        return enter(w, path, lstat(path, &link) != 0 || S_ISLNK(link.st_mode), e);
    if (S_ISREG(st.st_mode)) {
        if (f->n >= w->limits->inputs) {
            free(path);
            err_hint(e, "name fewer of them; rank --merge puts rankings together");
            return err_set(e, ERR_LIMIT, "more than %zu files", w->limits->inputs);
        }
        return add_path(f, path, e);
    }
    free(path); /* a device */
    return 0;
}

int folder_walk(struct folder *f, const char *path, const struct limits *l, struct err *e)
{
    struct walk w = {.stack = calloc(l->directory_depth, sizeof *w.stack), .limits = l};
    if (w.stack == NULL)
        return err_nomem(e);
    int passed_over = 0;
    int r = enter(&w, strdup(path), false, e);
    while (w.depth > 0 && r != ERR_NOMEM && r != ERR_LIMIT) {
        passed_over = passed_over != 0 ? passed_over : r;
        r = step(&w, f, e);
    }
    while (w.depth > 0)
        leave(&w);
    free(w.stack);
    free(w.entered);
    lookup_free(&w.by_id);
    return passed_over != 0 ? passed_over : r;
}
