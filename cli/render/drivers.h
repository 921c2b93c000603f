/* SPDX-License-Identifier: MIT */
/* Which driver allocates under a tag, in every dress; the caller owns everything. */
#ifndef CLI_RENDER_DRIVERS_H
#define CLI_RENDER_DRIVERS_H

#include "cli/render/machine/json.h"
#include "cli/render/people/page.h"
#include "cli/render/phrase.h"
#include "cli/tags/drivers.h"

/* ---- what was found in the files (drivers_scan) ---- */

int people_drivers(struct page *g, const struct drivers *d) ERR_WARN_UNUSED;
/* Keys drivers (the first `top`; 0 = all) and drivers_read of the object at hand. */
void json_drivers(struct jsonw *j, const struct drivers *d, size_t top);
/* A table of its own, one line a tag and file. */
void csv_drivers(struct render *r, const struct drivers *d);

/* One sentence on tag i. */
void words_drivers_answer(struct phrase *p, const struct drivers *d, size_t i);
/* One reason for the score of d; false when there are no more than k. */
bool words_driver_reason(struct phrase *p, const struct driver *d, size_t k);
/* What the file says it is: "x.sys (x64): a filter, part of ...". */
void words_driver_what(struct phrase *p, const struct driver *d, bool with_tag);
/* What was searched, when so many of the hits were shown. */
void words_drivers_read(struct phrase *p, const struct drivers *d, size_t shown);
/* "very likely" */
const char *words_driver_score(enum driver_score s);

/* ---- how to search where the files are ---- */

/* Lines to run on the machine itself: findstr for a command prompt, and PowerShell, which
 * also prints version and company. */
void people_find_driver(struct page *g, struct pool_tag t);
void json_find_driver(struct jsonw *j, struct pool_tag t); /* key find_driver */
/* Before the first lines, which are findstr's or not; before PowerShell's behind them;
 * and when n further tags have to do without. */
void words_find_driver(struct phrase *p, struct pool_tag t, bool findstr);
void words_find_powershell(struct phrase *p);
void words_find_others(struct phrase *p, size_t n);

#define FIND_MAX 512
/* One line for a command prompt; false when findstr cannot be told these four bytes. */
bool find_by_findstr(struct pool_tag t, char out[FIND_MAX]);
/* Lines for PowerShell, which may be pasted together; `parts` is at most FIND_PARTS. */
#define FIND_PARTS 6
size_t find_by_powershell(struct pool_tag t, char out[FIND_PARTS][FIND_MAX]);

#endif
