/* SPDX-License-Identifier: MIT */
#include "tests/faults/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_MOST 4096

void die(const char *what, const char *name)
{
    (void)fprintf(stderr, "faults: %s: %s: %s\n", name, what, strerror(errno));
    exit(2);
}

uint8_t *whole_file(int fd, size_t *n)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        die("cannot look", "a file");
    uint8_t *p = malloc((size_t)st.st_size + 1);
    if (p == NULL)
        die("no memory", "a file");
    ssize_t got = pread(fd, p, (size_t)st.st_size, 0);
    *n = got < 0 ? 0 : (size_t)got;
    p[*n] = '\0';
    return p;
}

static void add(struct files *f, const char *name, uint8_t *p, size_t n)
{
    if (f->n == f->cap) {
        f->cap = f->cap * 2 + 16;
        f->v = realloc(f->v, f->cap * sizeof *f->v);
        if (f->v == NULL)
            die("no memory", name);
    }
    f->v[f->n++] = (struct file){strdup(name), p, n};
}

static void read_below(struct files *f, const char *folder, const char *below)
{
    char path[2 * PATH_MOST], name[PATH_MOST];
    (void)snprintf(path, sizeof path, "%s/%s", folder, below);
    DIR *d = opendir(path);
    if (d == NULL)
        die("cannot open", path);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(name, sizeof name, "%s%s", below, entry->d_name);
        (void)snprintf(path, sizeof path, "%s/%s", folder, name);
        if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
            (void)snprintf(name, sizeof name, "%s%s/", below, entry->d_name);
            add(f, name, NULL, 0);
            read_below(f, folder, name);
            continue;
        }
        size_t n;
        int fd = open(path, O_RDONLY);
        if (fd < 0)
            die("cannot open", path);
        uint8_t *p = whole_file(fd, &n);
        (void)close(fd);
        add(f, name, p, n);
    }
    (void)closedir(d);
}

static int by_name(const void *va, const void *vb)
{
    const struct file *a = va, *b = vb;
    return strcmp(a->name, b->name);
}

void files_read(struct files *f, const char *folder)
{
    *f = (struct files){.n = 0};
    read_below(f, folder, "");
    if (f->n > 1)
        qsort(f->v, f->n, sizeof *f->v, by_name);
}

void files_free(struct files *f)
{
    for (size_t i = 0; i < f->n; i++) {
        free(f->v[i].name);
        free(f->v[i].p);
    }
    free(f->v);
    *f = (struct files){.n = 0};
}

const struct file *files_find(const struct files *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->v[i].name, name) == 0)
            return &f->v[i];
    return NULL;
}

bool file_same(const struct file *a, const struct file *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

bool files_same(const struct files *a, const struct files *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->v[i].name, b->v[i].name) != 0 || !file_same(&a->v[i], &b->v[i]))
            return false;
    return true;
}

static void write_file(const char *path, const struct file *f)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0 || write(fd, f->p, f->n) != (ssize_t)f->n || close(fd) != 0)
        die("cannot write", path);
}

void files_restore(const struct files *f, const char *folder)
{
    char path[PATH_MOST];
    struct files now;
    files_read(&now, folder);
    for (size_t i = now.n; i-- > 0;) { /* what is in a folder stands behind it */
        if (files_find(f, now.v[i].name) != NULL)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, now.v[i].name);
        if (remove(path) != 0)
            die("cannot remove", path);
    }
    for (size_t i = 0; i < f->n; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, f->v[i].name);
        if (f->v[i].p != NULL && !file_same(&f->v[i], files_find(&now, f->v[i].name)))
            write_file(path, &f->v[i]);
        if (f->v[i].p == NULL && files_find(&now, f->v[i].name) == NULL &&
            mkdir(path, 0777) != 0)
            die("cannot make", path);
    }
    files_free(&now);
}
