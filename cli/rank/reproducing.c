/* SPDX-License-Identifier: MIT */
#include "cli/rank/reproducing.h"

#include <stdlib.h>
#include <string.h>

#include "cli/redact/redact_call.h"
#include "formats/worker.h"

#define WORTH_A_THREAD ((uint64_t)64 << 10) /* bytes to hash */

/* Once they are hashed nobody opens them by their names any more. */
static int rename_inputs(struct reproducing *x, struct redact *names, struct err *e)
{
    for (size_t i = 0; names != NULL && i < x->digests.n; i++) {
        struct input_digest *d = &x->digests.v[i];
        const char *name;
        TRY(redact_path(names, d->source, &name, e));
        char *copy = strdup(name);
        if (copy == NULL)
            return err_nomem(e);
        free(d->source);
        d->source = copy;
    }
    return 0;
}

static int hash(void *ctx, struct err *e)
{
    struct reproducing *x = ctx;
    return digests_make(&x->digests, DIGESTS_MOST, e);
}

int reproducing_begin(struct reproducing *x, const struct context *c,
                      const struct inputs *in, const struct inputs *more, struct err *e)
{
    const struct options *o = &c->o;
    const char *const beside[] = {o->still, o->tags, o->rules};
    TRY(digests_add(&x->digests, in, e));
    if (more != NULL)
        TRY(digests_add(&x->digests, more, e));
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        TRY(digests_file(&x->digests, beside[i], e));
    const bool thread = options_threads(o) > 1 && x->digests.bytes >= WORTH_A_THREAD;
    TRY(worker_new(&x->worker, thread, e));
    if (o->renderer != &render_csv)
        worker_do(x->worker, hash, x);
    return 0;
}

int reproducing_make(struct reproducing *x, struct context *c, const char *command,
                     const struct inputs *in, const struct inputs *more, struct err *e)
{
    const struct options *o = &c->o;
    struct err unread = {0}; /* the result is right without these digests */
    int r = x->worker == NULL ? reproducing_begin(x, c, in, more, e) : 0;
    if (r == 0 && worker_wait(x->worker, &unread) < 0)
        term_error(&c->term, &unread);
    char *const *arguments = NULL;
    if (r == 0)
        r = redact_arguments(c, &arguments, e);
    if (r == 0)
        r = rename_inputs(x, o->names, e);
    x->view =
        (struct reproduce_view){.command = command,
                                .arguments = arguments,
                                .n_options = (size_t)(c->n_arguments - context_typed(c)),
                                .n_operands = (size_t)context_typed(c),
                                .inputs = x->digests.v,
                                .n_inputs = x->digests.n};
    return r;
}

void reproducing_free(struct reproducing *x)
{
    worker_free(x->worker);
    digests_free(&x->digests);
}
