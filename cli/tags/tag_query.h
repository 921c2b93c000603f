/* SPDX-License-Identifier: MIT */
/* What the person calls a tag, turned into tags; owns nothing. */
#ifndef CLI_TAG_QUERY_H
#define CLI_TAG_QUERY_H

#include <stdbool.h>

#include "cli/render/tags_view.h"
#include "formats/err.h"
#include "formats/tag.h"

#define TAG_READINGS_MOST 2

struct tag_query {
    const char *text;
    bool pattern; /* stands for several tags; then there are no readings */
    size_t n;     /* the likelier reading first */
    struct {
        enum tag_reading how;
        struct pool_tag tag;
    } readings[TAG_READINGS_MOST];
};

/* "Proc", "Irp", "\xb1abc"; "50726f63", "0x50726f63" (in memory order, or as a number);
 * "Ul*".  ERR_USAGE when it is none of these. */
int tag_query_read(struct tag_query *q, const char *text, struct err *e) ERR_WARN_UNUSED;

#endif
