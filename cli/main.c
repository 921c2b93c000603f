/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/load/wildcards.h"
#include "cli/redact/redact_call.h"

/* A write past a limit or into a closed pipe shall be an error, not a signal. */
static void ignore_signals(void)
{
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &ignore, NULL);
#ifdef SIGXFSZ
    (void)sigaction(SIGXFSZ, &ignore, NULL);
#endif
}

/* A file that is opened must not become one of the three streams, or messages would be
 * written into it.  What stands for a closed one can be neither read nor written. */
static int keep_streams(struct err *e)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int got = fd;
        if (fcntl(fd, F_GETFD) < 0)
            do
                got = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
            while (got < 0 && errno == EINTR);
        if (got != fd)
            return err_io(e, errno, "nothing can stand for a closed stream");
    }
    return 0;
}

static int unknown_command(struct term *t, const char *word)
{
    struct err e = {0};
    const char *near = command_nearest(word);
    (void)err_set(&e, ERR_USAGE, "there is no command or file '%s'", word);
    if (near != NULL)
        err_hint(&e, "did you mean '%s'?", near);
    else
        err_hint(&e, "poolsift help lists the commands");
    term_error(t, &e);
    return EXIT_TROUBLE;
}

static bool is_file(const char *word)
{
    struct stat st;
    return strcmp(word, "-") == 0 || stat(word, &st) == 0;
}

/* `poolsift FILE` is show; several files are answered with a question. */
static const struct command *bare_inputs(struct term *t, int argc, char **argv)
{
    int inputs = 0;
    for (int i = 1; i < argc; i++)
        inputs += is_file(argv[i]);
    if (inputs <= 1)
        return command_find("show");
    struct err e = {0};
    (void)err_set(&e, ERR_USAGE, "several inputs and no command");
    err_hint(&e, "diff (what changed between two) or rank (who leaks)?");
    term_error(t, &e);
    return NULL;
}

/* Files in the place of wildcards. */
static int expand(struct context *c, struct folder *files, struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct err fault = {0};
    const int r = wildcards_expand(files, c->operands, c->n_operands, &limits, &fault);
    if (r == ERR_IO) { /* the others are read */
        term_error(&c->term, &fault);
    } else if (r < 0) {
        *e = fault;
        return r;
    }
    if (files->n > 0) {
        c->n_gained = (int)files->n - c->n_operands;
        c->operands = files->v;
        c->n_operands = (int)files->n; /* limits.inputs is far below INT_MAX */
    }
    return 0;
}

static int run(struct context *c, const struct command *command, int argc, char **argv)
{
    struct err e = {0};
    struct redact names = {.n = 0};
    struct folder files = {.n = 0};
    int r =
        options_parse(&c->o, command->bit, argc, argv, &c->operands, &c->n_operands, &e);
    c->arguments = argv + 1;
    c->n_arguments = argc > 0 ? argc - 1 : 0;
    if (r == 0) {
        term_configure(&c->term, &c->o);
        c->term.names = c->o.names = c->o.redact ? &names : NULL;
        if ((command->bit & C_LOADS) != 0)
            r = expand(c, &files, &e);
    }
    if (r == 0) {
        if (c->o.help) {
            struct sink *out;
            r = sink_fd(&out, STDOUT_FILENO, "standard output", &e);
            if (r == 0) {
                command_page(out, command);
                r = sink_close(out, &e);
            }
        } else {
            r = command->run(c, &e);
        }
    }
    term_finish(&c->term);
    if (r < 0 && e.code != 0) {
        char *const *named;
        if (redact_arguments(c, &named, NULL) < 0) { /* the words may name them */
            e = (struct err){0};
            (void)err_nomem(&e);
        }
        term_error(&c->term, &e);
    }
    if (r >= 0 && c->o.strict && c->term.severe > 0) {
        (void)err_set(&e, ERR_FORMAT, "%llu %s repaired or lost, and --strict",
                      (unsigned long long)c->term.severe,
                      c->term.severe == 1 ? "thing was" : "things were");
        term_error(&c->term, &e);
    }
    term_names(&c->term);
    redact_free(&names);
    folder_free(&files);
    options_free(&c->o);
    return c->term.failed || r < 0 ? EXIT_TROUBLE : r;
}

int main(int argc, char **argv)
{
    struct context c = {.n_operands = 0};
    struct err e = {0};
    term_init(&c.term);
    if (keep_streams(&e) < 0) {
        term_error(&c.term, &e);
        return EXIT_TROUBLE;
    }
    ignore_signals();
    const struct command *command = NULL;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        command = command_find("help");
        argc = argc < 1 ? argc : 1;
    } else if (strcmp(argv[1], "--version") == 0) {
        command = command_find("version");
        argc = 1;
    } else {
        command = command_find(argv[1]);
        if (command != NULL) {
            argc--;
            argv++;
        } else if (is_file(argv[1]) || argv[1][0] == '-') {
            command = bare_inputs(&c.term, argc, argv);
        } else {
            return unknown_command(&c.term, argv[1]);
        }
    }
    if (command == NULL)
        return EXIT_TROUBLE;
    return run(&c, command, argc, argv);
}
