/* SPDX-License-Identifier: MIT */
/* One job at a time, done beside the caller where a thread is to be had and else at once:
 * results are the same.  The caller owns a struct worker and frees it with worker_free.
 */
#ifndef FORMATS_WORKER_H
#define FORMATS_WORKER_H

#include <stdbool.h>

#include "formats/err.h"

struct worker;
typedef int worker_job(void *ctx, struct err *e);

/* Without `thread`, jobs are done at once. */
int worker_new(struct worker **w, bool thread, struct err *e) ERR_WARN_UNUSED;
bool worker_is_thread(const struct worker *w); /* else jobs are done at once */
/* Waits for a job that is being done. */
void worker_free(struct worker *w); /* NULL is fine */
/* Begins a job; the one before must have been waited for.  What it works on is its own
 * until then. */
void worker_do(struct worker *w, worker_job *job, void *ctx);
/* Waits for the job; what it returned, 0 when there was none. */
int worker_wait(struct worker *w, struct err *e) ERR_WARN_UNUSED;

#endif
