/* SPDX-License-Identifier: MIT */
/* Damaged files through the command line: number I of a seed is always the same file and
 * the same call.  tests/mutants makes the seeds and says what is counted.
 *
 *     mutants POOLSIFT SEEDS WORK FINDS SEED FIRST END STEP
 *
 * SEEDS has a folder for each kind of file; what is found (the file, the call, what it
 * said) is kept in FINDS.  Prints "MUTANTS CALLS FOUND". */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tools/mutant_calls.h"
#include "tests/tools/mutate.h"

/* CPU seconds after which a call hangs, wall seconds after which it waits for something.
 */
enum { HANG_S = 10, STUCK_S = 120, OUTPUT_MOST = 1 << 30, WORDS = 12, PATH_BYTES = 512 };

/* ---- seeds ---- */

struct seeds {
    char **v;
    size_t n;
};

struct run {
    const char *poolsift, *seed_folder, *work, *finds;
    struct seeds seeds[KINDS];
    char mutant[PATH_BYTES], partner[PATH_BYTES], output[PATH_BYTES];
    uint64_t called, found, number;
    const char *call;
    bool found_here;
};

static void stop(const char *what, const char *name)
{
    (void)fprintf(stderr, "mutants: %s %s: %s\n", what, name, strerror(errno));
    exit(2);
}

static void join(char out[PATH_BYTES], const char *folder, const char *name)
{
    if ((size_t)snprintf(out, PATH_BYTES, "%s/%s", folder, name) >= PATH_BYTES) {
        errno = ENAMETOOLONG;
        stop("path", name);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *folder, struct seeds *s)
{
    DIR *d = opendir(folder);
    if (d == NULL)
        stop("cannot open", folder);
    for (const struct dirent *f; (f = readdir(d)) != NULL;) {
        if (f->d_name[0] == '.')
            continue;
        char **more = realloc(s->v, (s->n + 1) * sizeof *more);
        char *name = strdup(f->d_name);
        if (more == NULL || name == NULL)
            abort();
        s->v = more;
        s->v[s->n++] = name;
    }
    (void)closedir(d);
    if (s->n > 0)
        qsort(s->v, s->n, sizeof *s->v, by_name);
}

static void list_free(struct seeds *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->v[i]);
    free(s->v);
    *s = (struct seeds){0};
}

static bool slurp(const char *path, struct buf *b)
{
    uint8_t piece[16384];
    FILE *f = fopen(path, "rb");
    b->n = 0;
    must(buf_reserve(b, 1, NULL));
    for (size_t n; f != NULL && (n = fread(piece, 1, sizeof piece, f)) > 0;)
        must(buf_append(b, piece, n, NULL));
    const bool ok = f != NULL && ferror(f) == 0;
    if (f != NULL)
        (void)fclose(f);
    return ok;
}

static void spill(const char *path, const struct buf *b)
{
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(b->p, 1, b->n, f) != b->n || fclose(f) != 0)
        stop("cannot write", path);
}

/* ---- what is found ---- */

static void find(struct run *x, const char *what)
{
    char path[PATH_BYTES], name[PATH_BYTES];
    struct buf b = {0};
    x->found++;
    x->found_here = true;
    (void)fprintf(stderr, "mutants: %llu: %s: poolsift %s\n",
                  (unsigned long long)x->number, what, x->call);
    const char *base = strrchr(x->mutant, '/');
    (void)snprintf(name, sizeof name, "%llu-%s", (unsigned long long)x->number, base + 1);
    join(path, x->finds, name);
    if (slurp(x->mutant, &b))
        spill(path, &b);
    (void)snprintf(name, sizeof name, "%s/stderr", x->work);
    struct buf said = {0};
    (void)slurp(name, &said);
    b.n = 0;
    must(buf_printf(&b, NULL, "%s\npoolsift %s\n(another seed: %s)\n", what, x->call,
                    x->partner));
    must(buf_append(&b, said.p, said.n, NULL));
    (void)snprintf(name, sizeof name, "%llu.said", (unsigned long long)x->number);
    join(path, x->finds, name);
    spill(path, &b);
    buf_free(&said);
    buf_free(&b);
}

static bool holds(const struct buf *b, const char *words)
{
    const size_t n = strlen(words);
    for (size_t i = 0; i + n <= b->n; i++)
        if (memcmp(b->p + i, words, n) == 0)
            return true;
    return false;
}

/* ---- one call ---- */

static void become(const struct run *x, char *const *argv)
{
    const struct rlimit cpu = {HANG_S, HANG_S + 1}, size = {OUTPUT_MOST, OUTPUT_MOST};
    char said[PATH_BYTES];
    join(said, x->work, "stderr");
    const int in = open("/dev/null", O_RDWR);
    const int out = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(in, 1) < 0 || dup2(out, 2) < 0 ||
        setrlimit(RLIMIT_CPU, &cpu) != 0 || setrlimit(RLIMIT_FSIZE, &size) != 0)
        _exit(125);
    (void)alarm(STUCK_S);
    (void)execvp(argv[0], argv);
    _exit(126);
}

/* The exit code, or -1 when it ended by a signal (which is a find). */
static int call(struct run *x, char *const *argv)
{
    int status = 0;
    x->called++;
    const pid_t child = fork();
    if (child == 0)
        become(x, argv);
    if (child < 0 || waitpid(child, &status, 0) != child)
        stop("cannot run", argv[0]);
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    const int by = WTERMSIG(status);
    find(x, by == SIGXCPU || by == SIGKILL ? "hangs"
            : by == SIGALRM                ? "waits"
                                           : "is ended by a signal");
    return -1;
}

static bool check_words(struct run *x, int code, enum also also)
{
    char path[PATH_BYTES];
    struct buf said = {0};
    join(path, x->work, "stderr");
    if (!slurp(path, &said))
        stop("cannot read", path);
    const char *what = NULL;
    if (holds(&said, "Sanitizer") || holds(&said, "runtime error"))
        what = "sanitizer";
    else if (code != 0 && code != 2 && !(code == 1 && also == ALSO_ONE))
        what = "exit code";
    else if (code == 2 && also != ALSO_TWO && !holds(&said, "poolsift: "))
        what = "no words";
    if (what != NULL)
        find(x, what);
    buf_free(&said);
    return what == NULL;
}

/* poolsift with these words; true when it ended as it may, with its code in *code. */
static bool poolsift(struct run *x, const char *words, enum also also, int *code)
{
    char line[PATH_BYTES * 6], *argv[WORDS + 2], program[PATH_BYTES];
    size_t n = 0, at = 0;
    (void)snprintf(program, sizeof program, "%s", x->poolsift);
    argv[n++] = program;
    for (const char *w = words; *w != '\0' && n < WORDS; n++) {
        const size_t length = strcspn(w, " ");
        const char *put = *w == '@' ? x->mutant : *w == '%' ? x->partner : x->output;
        const bool name = length == 1 && strchr("@%O", *w) != NULL;
        argv[n] = line + at;
        if (length == 4 && memcmp(w, "@@-1", 4) == 0)
            at += (size_t)snprintf(line + at, sizeof line - at, "%s@-1", x->mutant) + 1;
        else if (name)
            at += (size_t)snprintf(line + at, sizeof line - at, "%s", put) + 1;
        else
            at +=
                (size_t)snprintf(line + at, sizeof line - at, "%.*s", (int)length, w) + 1;
        w += length + (w[length] == ' ');
    }
    argv[n] = NULL;
    *code = call(x, argv);
    return *code >= 0 && check_words(x, *code, also);
}

/* ---- what a call leaves behind ---- */

static void no_other_file(struct run *x, const char *folder, const char *kept)
{
    char path[PATH_BYTES];
    struct seeds s = {0};
    list(folder, &s);
    for (size_t i = 0; i < s.n; i++) {
        join(path, folder, s.v[i]);
        if (strcmp(path, kept) == 0)
            continue;
        find(x, "a file is left over");
        (void)unlink(path);
    }
    list_free(&s);
}

/* An archive does not keep whether day or month came first in a date that is certain. */
static void forget_order(struct buf *b)
{
    size_t to = 0;
    for (size_t i = 0; i < b->n; i++) {
        b->p[to++] = b->p[i];
        if (b->n - i > 4 && b->p[i] == ',' && b->p[i + 4] == ',' &&
            (memcmp(b->p + i + 1, "dmy", 3) == 0 || memcmp(b->p + i + 1, "mdy", 3) == 0))
            i += 3;
    }
    b->n = to;
}

static bool same_tables(struct run *x)
{
    char a[PATH_BYTES], b[PATH_BYTES], kept[PATH_BYTES], archive[PATH_BYTES];
    struct buf left = {0}, right = {0};
    int code;
    memcpy(kept, x->output, sizeof kept);
    memcpy(archive, x->partner, sizeof archive);
    join(a, x->work, "a.csv");
    join(b, x->work, "b.csv");
    memcpy(x->output, a, sizeof a);
    bool ok = poolsift(x, "convert -q @ -o O", ALSO_NONE, &code);
    memcpy(x->partner, kept, sizeof kept);
    memcpy(x->output, b, sizeof b);
    ok = ok && poolsift(x, "convert -q % -o O", ALSO_NONE, &code) && code == 0;
    ok = ok && slurp(a, &left) && slurp(b, &right);
    forget_order(&left);
    forget_order(&right);
    ok = ok && left.n == right.n && memcmp(left.p, right.p, left.n) == 0;
    (void)unlink(a);
    (void)unlink(b);
    memcpy(x->output, kept, sizeof kept);
    memcpy(x->partner, archive, sizeof archive);
    buf_free(&left);
    buf_free(&right);
    return ok;
}

static bool is_json(struct run *x)
{
    char jq[] = "jq", empty[] = "empty", path[PATH_BYTES];
    memcpy(path, x->output, sizeof path);
    char *argv[] = {jq, empty, path, NULL};
    return call(x, argv) == 0;
}

static bool is_page(const struct run *x)
{
    static const char end[] = "</html>\n";
    const size_t n = sizeof end - 1;
    struct buf b = {0};
    const bool ok = slurp(x->output, &b) && b.n > n && memcmp(b.p + b.n - n, end, n) == 0;
    buf_free(&b);
    return ok;
}

static bool is_read(struct run *x)
{
    int code;
    char kept[PATH_BYTES];
    memcpy(kept, x->partner, sizeof kept);
    memcpy(x->partner, x->output, sizeof kept);
    const bool ok = poolsift(x, "info -q %", ALSO_NONE, &code) && code == 0;
    memcpy(x->partner, kept, sizeof kept);
    return ok;
}

/* What stands at the output after a call is whole, whatever the call answered; after a
 * 0 it is there. */
static bool whole(struct run *x, const struct call *c, int code)
{
    int again;
    if (c->made == NOTHING)
        return true;
    if (access(x->output, F_OK) != 0)
        return code != 0;
    switch (c->made) {
    case SAME:
        return is_read(x) && (code != 0 || same_tables(x));
    case CHECKED:
        return poolsift(x, "check O", ALSO_NONE, &again) && again == 0;
    case JSON:
        return is_json(x);
    case PAGE:
        return is_page(x);
    default:
        return is_read(x);
    }
}

/* ---- one mutant ---- */

static void prepare(struct run *x, const struct call *c, struct rng *rng)
{
    const enum kind from = c->kind == LIST || c->kind == CASE ? CAPTURE : c->kind;
    const struct seeds *mine = &x->seeds[c->kind], *others = &x->seeds[from];
    const char *name = mine->v[mutate_below(rng, mine->n)];
    char path[PATH_BYTES], folder[PATH_BYTES];
    struct buf b = {0}, other = {0};
    join(folder, x->seed_folder, folders[c->kind]);
    join(path, folder, name);
    if (!slurp(path, &b))
        stop("cannot read", path);
    join(folder, x->work, "in");
    join(x->mutant, folder, name);
    join(folder, x->seed_folder, folders[from]);
    join(x->partner, folder, others->v[mutate_below(rng, others->n)]);
    if (!slurp(x->partner, &other))
        stop("cannot read", x->partner);
    mutate(&b, &other, rng);
    spill(x->mutant, &b);
    join(folder, x->work, "out/made");
    (void)snprintf(x->output, sizeof x->output, "%s%s", folder,
                   c->suffix == NULL ? "" : c->suffix);
    if (c->made == ADDED) { /* something to add to */
        join(folder, x->seed_folder, folders[ARCHIVE]);
        join(path, folder, "block-1.psz");
        if (!slurp(path, &b))
            stop("cannot read", path);
        spill(x->output, &b);
    }
    buf_free(&b);
    buf_free(&other);
}

static void one(struct run *x, uint64_t seed, uint64_t number)
{
    struct rng rng = {.s = seed * 1000003 + number};
    const struct call *c = &calls[rng_below(&rng, CALLS)];
    char folder[PATH_BYTES];
    int code;
    (void)rng_next(&rng);
    x->number = number;
    x->call = c->words;
    x->found_here = false;
    prepare(x, c, &rng);
    if (poolsift(x, c->words, c->also, &code) && !whole(x, c, code) && !x->found_here)
        find(x, "what it made is not whole");
    (void)unlink(x->mutant);
    join(folder, x->work, "out");
    no_other_file(x, folder, x->output);
    (void)unlink(x->output);
}

int main(int argc, char **argv)
{
    if (argc != 9) {
        (void)fputs("usage: mutants POOLSIFT SEEDS WORK FINDS SEED FIRST END STEP\n",
                    stderr);
        return 2;
    }
    struct run x = {
        .poolsift = argv[1], .seed_folder = argv[2], .work = argv[3], .finds = argv[4]};
    const uint64_t seed = strtoull(argv[5], NULL, 10),
                   first = strtoull(argv[6], NULL, 10);
    const uint64_t end = strtoull(argv[7], NULL, 10), step = strtoull(argv[8], NULL, 10);
    for (int i = 0; i < KINDS; i++) {
        char folder[PATH_BYTES];
        join(folder, x.seed_folder, folders[i]);
        list(folder, &x.seeds[i]);
        if (x.seeds[i].n == 0)
            stop("no seeds in", folder);
    }
    uint64_t mutants = 0;
    for (uint64_t i = first; i < end && step > 0; i += step, mutants++)
        one(&x, seed, i);
    for (int i = 0; i < KINDS; i++)
        list_free(&x.seeds[i]);
    (void)printf("%llu %llu %llu\n", (unsigned long long)mutants,
                 (unsigned long long)x.called, (unsigned long long)x.found);
    return 0;
}
