/* SPDX-License-Identifier: MIT */
/* One call of the program in a folder of its own, with or without a fault, and what came
 * of it.  The caller owns a struct outcome and frees it with outcome_free. */
#ifndef TESTS_FAULTS_RUN_H
#define TESTS_FAULTS_RUN_H

#include "tests/faults/fault.h"
#include "tests/faults/folder.h"

#define WORDS_MOST 64

struct call_line {
    char *line;                  /* as it stands in the list */
    char *room;                  /* what the words are in */
    char *words[WORDS_MOST + 1]; /* [0] is the program's; ends in NULL */
    const char *input;           /* standard input, or NULL */
    char *append;                /* the archive that is appended to, or NULL */
};

/* False when the line holds no call. */
bool call_parse(struct call_line *c, const char *line);
void call_free(struct call_line *c);

struct outcome {
    int status; /* as wait says */
    uint8_t *out, *err;
    size_t out_n, err_n;
    struct files files;
};

struct runner {
    char *program;
    const char *stand_in; /* to be loaded before libc, or NULL: it is in the program */
    const char *folder;   /* the program works there */
    const char *inject;   /* what strace shall do to it, in its own words, or NULL */
    bool injected;        /* whether it came to that in the last call */
    bool kept_silent;     /* and it was a message that failed on its way to standard error */
    struct fault *fault;
    struct files before; /* what stands in the folder before each call */
};

void runner_open(struct runner *r);
/* The folder is made what it was before, unless `go_on`. */
void runner_call(struct runner *r, char *const *words, const char *input, bool go_on,
                 struct outcome *o);
void outcome_free(struct outcome *o);

#endif
