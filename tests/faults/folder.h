/* SPDX-License-Identifier: MIT */
/* The files of a folder and of those in it, with their bytes; the caller owns a struct
 * files and frees it with files_free.  Trouble ends the tool: it works on files of its
 * own. */
#ifndef TESTS_FAULTS_FOLDER_H
#define TESTS_FAULTS_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file {
    char *name; /* below the folder; a folder ends in a slash */
    uint8_t *p;
    size_t n;
};

struct files {
    struct file *v;
    size_t n, cap;
};

_Noreturn void die(const char *what, const char *name);
/* Bytes of an open file from its beginning, with a NUL behind them. */
uint8_t *whole_file(int fd, size_t *n);

void files_read(struct files *f, const char *folder);
void files_free(struct files *f);
const struct file *files_find(const struct files *f, const char *name);
bool file_same(const struct file *a, const struct file *b); /* NULL: there is none */
bool files_same(const struct files *a, const struct files *b);
/* Makes the folder what it was. */
void files_restore(const struct files *f, const char *folder);

#endif
