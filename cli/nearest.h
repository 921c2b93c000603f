/* SPDX-License-Identifier: MIT */
/* The word that was probably meant; pure, every string is borrowed. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *word; /* as it was typed; its first n bytes */
    size_t n;
    const char *best; /* the least far of those that were tried, or NULL */
    unsigned least;
};

/* Begins with the first n bytes of the word, or all of it (SIZE_MAX). */
void nearest_start(struct nearest *s, const char *word, size_t n);
/* Of equally near ones the first stays; more than two letters apart is another word. */
void nearest_try(struct nearest *s, const char *candidate);

#endif
