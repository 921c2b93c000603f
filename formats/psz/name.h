/* SPDX-License-Identifier: MIT */
/* Names of sources, most of which say their snapshot's time: the lane keeps a template
 * in which bytes 1 to 6 stand for the four digits of the year and the two digits each of
 * month, day, hour, minute and second; 7 stands before a literal byte below 8.  The lane
 * owns all storage. */
#ifndef FORMATS_PSZ_NAME_H
#define FORMATS_PSZ_NAME_H

#include <stdbool.h>

#include "formats/psz/head.h"

/* True when the snapshot before in this lane had that name. */
bool psz_name_same(const struct psz_lane *lane, const char *name);
/* Sets lane->name_now to what the template gives at that time. */
int psz_name_expand(struct psz_lane *lane, const struct pool_time *t,
                    struct err *e) ERR_WARN_UNUSED;
/* Makes a template of the name and writes what it does not share with the old one. */
int psz_name_write(struct buf *out, struct psz_lane *lane, const struct pool_time *t,
                   const char *name, struct err *e) ERR_WARN_UNUSED;
/* Reads the new template. */
int psz_name_read(struct psz_stream_in *in, struct psz_lane *lane,
                  struct err *e) ERR_WARN_UNUSED;

#endif
