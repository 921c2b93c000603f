/* SPDX-License-Identifier: MIT */
/* Between the parser of options and their values; struct options borrows every string. */
#ifndef CLI_OPTION_VALUES_H
#define CLI_OPTION_VALUES_H

#include "cli/options.h"

enum option_id {
#define OPT(id, letter, name, arg, commands, help) OPT_##id,
#include "cli/options.def"
#undef OPT
    OPTIONS
};

/* Takes one option; v is NULL for those without an argument.  ERR_USAGE says what it
 * takes. */
int option_set(struct options *o, enum option_id id, const char *v,
               struct err *e) ERR_WARN_UNUSED;

/* The words that an option takes where they are a closed list, ended by NULL; or NULL. */
const char *const *option_words(enum option_id id);

/* Calls `value` for each value of option_table[row] that can be known beforehand: words,
 * names of formats, keys to sort by, the beginning of POOL=SIZE.  None for FILE, N ... */
void option_each_value(int row, void (*value)(void *to, const char *text), void *to);

#endif
