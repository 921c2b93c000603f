/* SPDX-License-Identifier: MIT */
/* What mkmanual writes in the place of a mark: the tables of the program, as mdoc or as
 * bash.  Everything goes to standard output; nobody owns anything here. */
#ifndef CLI_MANUAL_GEN_LISTS_H
#define CLI_MANUAL_GEN_LISTS_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    const char *name; /* "notes": what stands between the @ */
    /* What stands behind the name, or ""; false when that means nothing. */
    bool (*write)(const char *word);
};

extern const struct list manual_lists[];     /* ended by a NULL name */
extern const struct list completion_lists[]; /* ended by a NULL name */

/* Words as text lines of mdoc: each sentence and each line of at most 78 bytes its own.
 */
void mdoc_text(const char *words);
/* One line of a literal display. */
void mdoc_literal(const char *words);
/* A number of bytes or things: "64 KiB", "1 GiB", "2000". */
void mdoc_size(unsigned long long v, bool bytes);

#endif
