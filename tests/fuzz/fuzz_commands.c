/* SPDX-License-Identifier: MIT */
/* A whole call: the first line is the command and its options, what follows stands in the
 * files a, b and c, each behind a line "---8<---".  Operands and options that name files
 * get these; nothing else is read, and nothing written but one more.  A call ends in 0,
 * 1, 2 or words; a document of JSON is one, and what `rank --json` wrote is merged to the
 * same hosts. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/know/case.h"
#include "cli/know/yaml.h"
#include "cli/redact/redact_call.h"
#include "tests/fuzz/fuzz.h"

enum { FILES = 3, WORDS = 32, OUT_MOST = 64 << 20 };

static char folder[FUZZ_PATH - 8], files[FILES][FUZZ_PATH];
static char made[FUZZ_PATH], texts[FUZZ_PATH + 8], junit[FUZZ_PATH];
static const char cut_mark[] = "\n---8<---\n";

static void forget(void)
{
    for (int i = 0; i < FILES; i++)
        (void)unlink(files[i]);
    (void)rmdir(folder);
    (void)rmdir(texts);
    (void)unlink(made);
    (void)unlink(junit);
    (void)unlink(fuzz_path("out"));
    (void)rmdir(fuzz_folder);
}

/* Standard output becomes a file that can be read; standard error stays. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_folder_make();
    (void)snprintf(folder, sizeof folder, "%.240s", fuzz_path("in"));
    assert(mkdir(folder, 0700) == 0);
    for (int i = 0; i < FILES; i++)
        (void)snprintf(files[i], sizeof files[i], "%s/%c", folder, 'a' + i);
    (void)snprintf(made, sizeof made, "%s", fuzz_path("made"));
    (void)snprintf(texts, sizeof texts, "%s/", fuzz_path("texts"));
    (void)snprintf(junit, sizeof junit, "%s", fuzz_path("junit"));
    const int in = open("/dev/null", O_RDONLY);
    const int out = open(fuzz_path("out"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert(in >= 0 && dup2(in, STDIN_FILENO) >= 0);
    assert(out >= 0 && dup2(out, STDOUT_FILENO) >= 0);
    (void)atexit(forget);
    (void)setenv("XDG_CONFIG_HOME", "/dev/null", 1);
    (void)unsetenv("POOLSIFT_TAGS");
    return 0;
}

/* ---- the call ---- */

struct call {
    char line[1024];
    char *words[WORDS + 1];
    int n;
    char operands[WORDS][FUZZ_PATH + 16];
    char *operand[WORDS];
};

static void cut_words(struct call *k, const char *p, size_t n)
{
    const size_t most = n < sizeof k->line - 1 ? n : sizeof k->line - 1;
    memcpy(k->line, p, most);
    k->line[most] = '\0';
    k->n = 0;
    for (char *at = k->line; k->n < WORDS;) {
        at += strspn(at, " ");
        if (*at == '\0')
            break;
        k->words[k->n++] = at;
        at += strcspn(at, " ");
        if (*at != '\0')
            *at++ = '\0';
    }
    k->words[k->n] = NULL;
}

/* A word is one of the files, or with a dot in front their folder. */
static const char *file_of(const char *word)
{
    if (word[0] == '.')
        return folder;
    return files[(unsigned)((unsigned char)word[0] - 'a') % FILES];
}

/* Where results go: to a file or folder of ours where one is wanted. */
static const char *output_of(const char *asked, enum command_bit command)
{
    const bool is_folder =
        asked != NULL && asked[0] != '\0' && asked[strlen(asked) - 1] == '/';
    if (command == C_CONVERT)
        return is_folder ? texts : made;
    return command == C_REPORT ? "-" : NULL;
}

/* An option that names a file names one of ours. */
static void confine(struct options *o, enum command_bit command)
{
    const char **named[] = {&o->tags, &o->rules, &o->baseline, &o->still};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (*named[i] != NULL)
            *named[i] = file_of(*named[i]);
    for (size_t i = 0; i < o->drivers.n; i++)
        o->drivers.v[i] = file_of(o->drivers.v[i]);
    o->output = output_of(o->output, command);
    o->junit = o->junit != NULL ? junit : NULL;
    o->append = false;
}

/* FILE@N keeps what stands behind the @. */
static void choose_operands(struct call *k, struct context *c)
{
    for (int i = 0; i < c->n_operands; i++) {
        const char *pick = strchr(c->operands[i], '@');
        const bool plain = pick == NULL || strchr(pick, '/') != NULL;
        (void)snprintf(k->operands[i], sizeof k->operands[i], "%s%.12s",
                       file_of(c->operands[i]), plain ? "" : pick);
        k->operand[i] = k->operands[i];
    }
    c->operands = k->operand;
}

/* As main does it. */
static int run(struct call *k)
{
    struct context c = {.n_operands = 0};
    struct err e = {0};
    struct redact names = {.n = 0};
    const struct command *command = k->n > 0 ? command_find(k->words[0]) : NULL;
    if (command == NULL)
        return EXIT_TROUBLE;
    term_init(&c.term);
    int r =
        options_parse(&c.o, command->bit, k->n, k->words, &c.operands, &c.n_operands, &e);
    if (r == 0 && !c.o.help) {
        c.arguments = k->words + 1;
        c.n_arguments = k->n - 1;
        confine(&c.o, command->bit);
        if (command->bit != C_TAGS && command->bit != C_HELP)
            choose_operands(k, &c);
        if (c.o.threads > 2)
            c.o.threads = 2;
        term_configure(&c.term, &c.o);
        c.term.names = c.o.names = c.o.redact ? &names : NULL;
        r = command->run(&c, &e);
    }
    term_finish(&c.term);
    assert(r >= 0 ? r <= EXIT_TROUBLE : e.code == 0 || e.text[0] != '\0');
    if (r < 0 && e.code != 0)
        term_error(&c.term, &e);
    term_names(&c.term);
    redact_free(&names);
    options_free(&c.o);
    return c.term.failed || r < 0 ? EXIT_TROUBLE : r;
}

/* ---- what it wrote ---- */

static void forget_output(void)
{
    assert(ftruncate(STDOUT_FILENO, 0) == 0 && lseek(STDOUT_FILENO, 0, SEEK_SET) == 0);
}

/* Names of a stranger's snapshots make files in that folder, and nothing else. */
static void forget_texts(void)
{
    DIR *d = opendir(texts);
    const struct dirent *entry;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        char path[2 * FUZZ_PATH + 64];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(path, sizeof path, "%s%s", texts, entry->d_name);
        const int gone = unlink(path);
        assert(gone == 0);
    }
    if (d != NULL)
        (void)closedir(d);
}

static void read_output(struct buf *b)
{
    struct stat st;
    assert(fstat(STDOUT_FILENO, &st) == 0);
    b->n = 0;
    assert(buf_reserve(b, (size_t)st.st_size + 1, NULL) == 0);
    b->n = (size_t)st.st_size;
    assert(pread(STDOUT_FILENO, b->p, b->n, 0) == st.st_size);
}

static void check_json(const struct buf *b)
{
    const struct yaml_limits wide = {
        .bytes = OUT_MOST, .depth = 32, .scalar = (size_t)4 << 20};
    struct yaml *y = NULL;
    struct err e = {0};
    assert(b->n < OUT_MOST);
    assert(yaml_open(&y, "out", b->p, b->n, &wide, &e) == 0);
    const int whole = yaml_skip(y, &e);
    assert(whole == 0);
    const int end = yaml_end(y, &e);
    assert(end == 0);
    yaml_close(y);
}

static bool holds(const struct call *k, const char *word)
{
    bool found = false;
    for (int i = 0; i < k->n; i++)
        found = found || strcmp(k->words[i], word) == 0;
    return found;
}

/* What one host's ranking says can be put together with nothing else. */
static void merge(const struct buf *json)
{
    struct call k = {.n = 0};
    static const char line[] = "rank --merge --json a";
    FILE *f = fopen(files[0], "wb");
    assert(f != NULL && fwrite(json->p, 1, json->n, f) == json->n && fclose(f) == 0);
    forget_output();
    cut_words(&k, line, sizeof line - 1);
    const int r = run(&k);
    assert(r == EXIT_FINE);
}

/* A case may name any file there is: one that can name others than ours is not put. */
static bool is_safe(const char *p, size_t n)
{
    bool leaves = false;
    for (size_t i = 0; i < n; i++)
        leaves = leaves || p[i] == '/' || p[i] == '\\' ||
                 (i > 0 && p[i] == '.' && p[i - 1] == '.');
    return !leaves || !case_begins(p, n);
}

static void put_files(const char *p, size_t n)
{
    const size_t mark = sizeof cut_mark - 1;
    for (int i = 0; i < FILES; i++) {
        size_t end = 0;
        while (end < n && (n - end < mark || memcmp(p + end, cut_mark, mark) != 0))
            end++;
        const size_t put = is_safe(p, end) ? end : 0;
        FILE *f = fopen(files[i], "wb");
        assert(f != NULL && fwrite(p, 1, put, f) == put && fclose(f) == 0);
        const size_t step = end + mark < n ? end + mark : n;
        p += step;
        n -= step;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct call k;
    struct buf out = {0};
    const char *p = (const char *)data;
    const char *line_end = memchr(data, '\n', size);
    if (line_end == NULL || memchr(p, '\0', (size_t)(line_end - p)) != NULL)
        return 0;
    const size_t line = (size_t)(line_end - p);
    cut_words(&k, p, line);
    /* A parse cuts nothing out of the words, but moves them. */
    const bool json = holds(&k, "--json") && !holds(&k, "--help") && !holds(&k, "-h");
    const bool whole = json && k.n > 0 && strcmp(k.words[0], "rank") == 0 && k.n == 3;
    put_files(p + line + 1, size - line - 1);
    forget_output();
    const int r = run(&k);
    forget_texts();
    read_output(&out);
    if (json && r == EXIT_FINE && out.n > 0 && k.n == 3)
        check_json(&out);
    if (whole && r == EXIT_FINE)
        merge(&out);
    buf_free(&out);
    return 0;
}
