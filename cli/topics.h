/* SPDX-License-Identifier: MIT */
/* Pages of help that belong to no command; nobody owns anything here. */
#ifndef CLI_TOPICS_H
#define CLI_TOPICS_H

#include "formats/io/output.h"

#define HELP_WIDTH 80

struct topic {
    const char *name, *summary;
    void (*page)(struct sink *out);
};

extern const struct topic topic_table[];          /* ended by a NULL name */
const struct topic *topic_find(const char *name); /* or NULL */

/* Words wrapped at HELP_WIDTH, further lines from a column on, and a line's end. */
void help_wrapped(struct sink *out, const char *words, int column);

#endif
