/* SPDX-License-Identifier: MIT */
#include "tests/faults/traced.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

struct traced {
    const char *name; /* strace's */
    enum call call;
    const char *faults[5]; /* strace's words, in turn */
};

/* None for memory: a kernel that has none answers brk in another way than with an error.
 */
static const struct traced calls[] = {
    {"openat", CALL_open_read, {"error=EIO", "error=EMFILE", "error=ENOMEM"}},
    {"read", CALL_read, {"error=EIO"}},
    {"pread64", CALL_pread, {"error=EIO", "error=EINTR"}},
    {"getdents64", CALL_readdir, {"error=EIO"}},
    {"newfstatat", CALL_stat, {"error=EACCES"}},
    {"lseek", CALL_lseek, {"error=EIO"}},
    {"flock", CALL_flock, {"error=ENOLCK", "error=EINTR"}},
    {"clone3", CALL_pthread_create, {"error=EAGAIN"}},
    {"write", CALL_write, {"error=ENOSPC", "error=EIO", "error=EINTR", "signal=KILL"}},
    {"pwrite64",
     CALL_pwrite,
     {"error=ENOSPC", "error=EDQUOT", "error=EINTR", "signal=KILL"}},
    {"fsync", CALL_fsync, {"error=EIO", "error=EINTR", "signal=KILL"}},
    {"close", CALL_close_write, {"error=EIO", "error=EINTR"}},
    {"rename", CALL_rename, {"error=EIO", "error=ENOSPC", "signal=KILL"}},
    {"ftruncate", CALL_ftruncate, {"error=EIO", "signal=KILL"}},
    {"unlink", CALL_unlink, {"signal=KILL"}},
    {"mkdir", CALL_mkdir, {"error=ENOSPC", "signal=KILL"}},
};

/* What a standard library reads at its start, it complains of itself. */
static bool not_begun(const struct outcome *o)
{
    return WIFEXITED(o->status) && WEXITSTATUS(o->status) == 127 && o->err_n > 0;
}

/* False when the call was not made so often.  Of a message that could not be written
 * nobody can be told, and what was to be done is done. */
static bool one(struct runner *r, const struct call_line *line, const struct traced *t,
                const char *words, uint64_t nth, const struct outcome *clean,
                uint64_t *finds)
{
    struct way way = {.name = "traced", .what = FAULT_CALL, .calls = READS | LOOKS};
    struct outcome now = {0};
    char inject[96];
    if (strcmp(words, "signal=KILL") == 0)
        way.how = HOW_KILL_BEFORE;
    if (strcmp(words, "error=EINTR") == 0 || t->call == CALL_pthread_create)
        way.survives = true;
    (void)snprintf(inject, sizeof inject, "%s:%s:when=%llu", t->name, words,
                   (unsigned long long)nth);
    r->inject = inject;
    runner_call(r, line->words, line->input, false, &now);
    const bool injected = r->injected;
    r->inject = NULL;
    const char *wrong = !injected || r->kept_silent || not_begun(&now)
                            ? NULL
                            : judge(r, line, &way, t->call, clean, &now, 0, 0);
    if (wrong != NULL) {
        ++*finds;
        printf("traced: %s: poolsift %s\n  %s; status %#x\n  said: %.300s\n", wrong,
               line->line, inject, (unsigned)now.status, (const char *)now.err);
    }
    outcome_free(&now);
    return injected;
}

void traced_call(struct runner *r, const struct call_line *line,
                 const struct outcome *clean, uint64_t most, uint64_t *points,
                 uint64_t *finds)
{
    /* What ends in 2 writes its words to standard error, which may fail. */
    const bool complains = WIFEXITED(clean->status) && WEXITSTATUS(clean->status) == 2;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        for (size_t k = 0; k < 5 && calls[i].faults[k] != NULL &&
                           !(complains && calls[i].call == CALL_write);
             k++)
            for (uint64_t nth = 1; nth <= most; nth++) {
                if (!one(r, line, &calls[i], calls[i].faults[k], nth, clean, finds))
                    break;
                *points += !r->kept_silent;
            }
}
