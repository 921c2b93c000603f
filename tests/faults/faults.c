/* SPDX-License-Identifier: MIT */
/* faults PROGRAM STAND_IN FOLDER CALLS MOST [WAY...]: every call of the list CALLS, in
 * FOLDER, with each of its allocations and calls to the system failing in turn (MOST of
 * them a call and way, chosen by a fixed seed; 0: all of the first 300 and 150 more).
 * Prints what did not end as it must, and per way: points, finds, seconds.  STAND_IN is
 * the library to load, "-" where it is in the program, or "strace". */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/faults/traced.h"

#define FIRST_ALL   300
#define MORE        150
#define NOT_HERE    77 /* the exit where nothing can stand before libc */
#define TRACED_MOST 40

static const struct way ways[] = {
#define WAY(name, words, what, on, how, calls, survives, ...)                            \
    {name, words, what, on, how, {__VA_ARGS__}, calls, survives},
#include "tests/faults/ways.def"
#undef WAY
};

enum { N_WAYS = sizeof ways / sizeof *ways };

static const enum call_kind kind_of[] = {
#define X(name, kind) kind,
    EACH_CALL(X)
#undef X
};
static const char *const name_of[] = {
#define X(name, kind) #name,
    EACH_CALL(X)
#undef X
};

/* ---- points ---- */

struct totals {
    uint64_t points, finds;
    double seconds;
};

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void tell(const struct way *c, const struct call_line *line, const struct fault *f,
                 const char *where, const char *wrong, const struct outcome *now,
                 int64_t live)
{
    printf("%s: %s: poolsift %s\n  %s, the %lluth%s, %s; status %#x, blocks %lld\n"
           "  said: %.300s\n",
           c->name, wrong, line->line, where, (unsigned long long)f->at,
           f->from_on ? " and all behind it" : "", strerror(f->error),
           (unsigned)now->status, (long long)live, (const char *)now->err);
    (void)fflush(stdout);
}

static void try_point(struct runner *r, const struct way *c, const struct call_line *line,
                      const struct outcome *clean, int64_t clean_live, struct totals *t)
{
    struct outcome now = {0};
    runner_call(r, line->words, line->input, false, &now);
    const int64_t live = atomic_load(&r->fault->live);
    const enum call call =
        c->what == FAULT_MEMORY ? CALLS : (enum call)r->fault->call[r->fault->at - 1];
    const char *wrong = judge(r, line, c, call, clean, &now, live, clean_live);
    t->points++;
    if (wrong != NULL) {
        t->finds++;
        tell(c, line, r->fault, call == CALLS ? "allocation" : name_of[call], wrong, &now,
             live);
    }
    outcome_free(&now);
}

static uint64_t chance(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Whether the i-th of n points is among those that are tried. */
static bool chosen(uint64_t i, uint64_t n, uint64_t most, uint64_t *state)
{
    uint64_t first = most > 0 ? 0 : FIRST_ALL, more = most > 0 ? most : MORE;
    return i < first || n <= first + more || chance(state) % (n - first) < more;
}

static bool may_fail(const struct way *c, enum call call)
{
    if (c->calls != 0 && (c->calls >> kind_of[call] & 1) == 0)
        return false;
    if (call == CALL_unlink && c->how == HOW_ERRNO && !c->from_on)
        return false; /* what cannot be removed stays */
    /* What no system interrupts, or does by halves. */
    bool transfers = call == CALL_read || call == CALL_pread || call == CALL_write ||
                     call == CALL_pwrite;
    if (c->how == HOW_SHORT || c->how == HOW_KILL_HALF)
        return transfers;
    return !c->survives || c->calls != 0 || transfers || call == CALL_open_read ||
           call == CALL_open_write || call == CALL_close_read ||
           call == CALL_close_write || call == CALL_fsync || call == CALL_ftruncate ||
           call == CALL_flock;
}

static uint32_t which_may_fail(const struct way *c)
{
    uint32_t which = 0;
    for (int call = 0; call < CALLS; call++)
        which |= (uint32_t)may_fail(c, (enum call)call) << call;
    return which;
}

static bool meant(const struct way *c, const struct fault *f, uint64_t i)
{
    return c->what == FAULT_MEMORY || may_fail(c, (enum call)f->call[i]);
}

/* A call as it goes without a fault. */
struct clean {
    struct outcome outcome;
    int64_t live;
    struct fault counted;
};

static void run_clean(struct runner *r, const struct call_line *line, struct clean *c)
{
    *c = (struct clean){.live = 0};
    r->fault->what = FAULT_NONE;
    runner_call(r, line->words, line->input, false, &c->outcome);
    if (!WIFEXITED(c->outcome.status) || WEXITSTATUS(c->outcome.status) > 2) {
        printf("without a fault: status %#x: poolsift %s\n  said: %s\n",
               (unsigned)c->outcome.status, line->line, (const char *)c->outcome.err);
        exit(2);
    }
    memcpy(&c->counted, r->fault, sizeof c->counted);
    c->live = atomic_load(&r->fault->live);
}

static void try_way(struct runner *r, const struct way *c, const struct call_line *line,
                    const struct clean *clean, uint64_t most, struct totals *t)
{
    struct fault *f = r->fault;
    const struct fault *counted = &clean->counted;
    const double began = now_s();
    uint64_t state = 8, all = 0, among = 0;
    uint64_t n =
        atomic_load(c->what == FAULT_MEMORY ? &counted->allocations : &counted->calls);
    if (c->what == FAULT_CALL && n > FAULT_CALLS)
        n = FAULT_CALLS;
    for (uint64_t i = 0; i < n; i++)
        all += meant(c, counted, i);
    for (uint64_t i = 0; i < n; i++) {
        if (!meant(c, counted, i) || !chosen(among++, all, most, &state))
            continue;
        for (int k = 0; k < 4 && c->errors[k] != 0; k++) {
            f->what = c->what;
            f->at = i + 1;
            f->from_on = c->from_on;
            f->which = which_may_fail(c);
            f->how = c->how;
            f->error = c->errors[k];
            try_point(r, c, line, &clean->outcome, clean->live, t);
        }
    }
    t->seconds += now_s() - began;
}

/* ---- the list ---- */

static bool asked_for(const struct way *c, int argc, char **argv)
{
    for (int i = 6; i < argc; i++)
        if (strcmp(argv[i], c->name) == 0)
            return true;
    return argc <= 6;
}

static uint64_t print_totals(const char *words, const struct totals *t)
{
    if (t->points > 0)
        printf("%s\t%llu\t%llu\t%.0f\n", words, (unsigned long long)t->points,
               (unsigned long long)t->finds, t->seconds);
    return t->finds;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        (void)fprintf(stderr,
                      "usage: faults PROGRAM STAND_IN FOLDER CALLS MOST [WAY...]\n");
        return 2;
    }
    const bool traced = strcmp(argv[2], "strace") == 0;
    bool stands = false;
    struct totals under_strace = {0};
    struct runner r = {.program = argv[1],
                       .stand_in = strchr(argv[2], '/') == NULL ? NULL : argv[2],
                       .folder = argv[3]};
    struct totals totals[N_WAYS] = {{0}};
    uint64_t most = strtoull(argv[5], NULL, 10), finds = 0;
    FILE *list = fopen(argv[4], "r");
    if (list == NULL)
        die("cannot open", argv[4]);
    runner_open(&r);
    static struct clean clean;
    char text[2048];
    while (fgets(text, sizeof text, list) != NULL) {
        struct call_line line;
        text[strcspn(text, "\n")] = '\0';
        if (traced && *text != '\0') /* notes are no output that could fail */
            (void)snprintf(text + strlen(text), sizeof text - strlen(text), " -q");
        if (!call_parse(&line, text))
            continue;
        if (traced && line.input != NULL && strcmp(line.input, "&-") == 0) {
            call_free(&line); /* the loader's own files would stand there */
            continue;
        }
        run_clean(&r, &line, &clean);
        stands = stands || traced || atomic_load(&clean.counted.allocations) > 0;
        if (!stands) /* the first call of the list allocates */
            return NOT_HERE;
        const double began = now_s();
        if (traced)
            traced_call(&r, &line, &clean.outcome, most > 0 ? most : TRACED_MOST,
                        &under_strace.points, &under_strace.finds);
        for (int i = 0; i < N_WAYS && !traced; i++)
            if (asked_for(&ways[i], argc, argv))
                try_way(&r, &ways[i], &line, &clean, most, &totals[i]);
        under_strace.seconds += now_s() - began;
        outcome_free(&clean.outcome);
        call_free(&line);
    }
    (void)fclose(list);
    files_restore(&r.before, r.folder);
    for (int i = 0; i < N_WAYS; i++)
        finds += print_totals(ways[i].words, &totals[i]);
    if (traced)
        finds += print_totals("any of these, under strace", &under_strace);
    return finds > 0;
}
