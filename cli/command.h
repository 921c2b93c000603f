/* SPDX-License-Identifier: MIT */
/* The commands: one row each in commands.c, one file each beside it.  main owns the
 * struct context and lends it; a command owns what it allocates. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

#include "cli/load/load.h"
#include "cli/options.h"
#include "cli/term.h"
#include "formats/err.h"
#include "formats/io/output.h"

enum exit_code {
#define EXIT_CODE(id, code, words) EXIT_##id = (code),
#include "cli/exits.def"
#undef EXIT_CODE
};

struct context {
    struct options o;
    struct term term;
    char **operands;
    int n_operands;
    int n_gained;     /* of them, that wildcards brought beyond those that were typed */
    char **arguments; /* behind the command's name: options, then the operands as typed */
    int n_arguments;
};

/* How many of the arguments are operands, at their end. */
static inline int context_typed(const struct context *c)
{
    return c->n_operands - c->n_gained;
}

struct command {
    const char *name, *args, *summary;
    enum command_bit bit;
    /* >= 0: an enum exit_code (trouble that was already told makes it 2);
     * < 0: e says what must still be told. */
    int (*run)(struct context *c, struct err *e);
    /* Ended by NULL: a call and, two blanks or more behind it, what it is for.  Tests run
     * them all. */
    const char *const *examples;
};

extern const struct command command_table[];          /* ended by a NULL name */
const struct command *command_find(const char *name); /* or NULL */
/* The name of a command that is least far from this word, or NULL. */
const char *command_nearest(const char *word);
/* Prints ten lines for newcomers, or the page of one command. */
void command_overview(struct sink *out);
void command_page(struct sink *out, const struct command *c);

int cmd_show(struct context *c, struct err *e);
int cmd_diff(struct context *c, struct err *e);
int cmd_rank(struct context *c, struct err *e);
int cmd_report(struct context *c, struct err *e);
int cmd_check(struct context *c, struct err *e);
int cmd_convert(struct context *c, struct err *e);
int cmd_info(struct context *c, struct err *e);
int cmd_tags(struct context *c, struct err *e);
int cmd_formats(struct context *c, struct err *e);
int cmd_help(struct context *c, struct err *e);
int cmd_version(struct context *c, struct err *e);

/* ---- what commands share ---- */

/* -o FILE, or standard output. */
int command_sink(const struct context *c, struct sink **out,
                 struct err *e) ERR_WARN_UNUSED;
/* A renderer ready to be called: *r and *ro live as long as the caller's. */
int command_render(const struct context *c, struct render *r, struct render_opts *ro,
                   struct err *e) ERR_WARN_UNUSED;
/* Closes the sink of r: keeps what was written when code >= 0, else throws it away.
 * Returns code, or the error of closing. */
int command_render_end(struct render *r, int code, struct err *e) ERR_WARN_UNUSED;

/* Opens the operands; none at all means standard input, unless that is a terminal. */
int command_load(struct context *c, struct load *l, struct err *e) ERR_WARN_UNUSED;

/* Indices of the rows that -i, -x and -p let pass, in the order -s asks for.  *order is
 * freed by the caller. */
int command_order(const struct context *c, const struct pool_snapshot *s,
                  uint32_t **order, size_t *n, struct err *e) ERR_WARN_UNUSED;
/* Tells which pattern matched none of the tags, with near misses. */
void command_hint_patterns(struct context *c, const struct pattern_list *l,
                           const struct pool_tag *tags, size_t n);

#endif
