/* SPDX-License-Identifier: MIT */
/* Rules: what figures mean, as rules.yaml says it.  The built-in table is constant data,
 * made while building; a list that rules_read gives belongs to the caller, who frees it
 * with rules_free.
 *
 * A rule has no expression language: a closed list of keys (rule_keys.def), all of which
 * must hold, where a list means any of them; and a closed list of placeholders in its
 * text (rule_words.def), each of which prints a figure with its unit. */
#ifndef CLI_KNOW_RULES_H
#define CLI_KNOW_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "cli/analyze/diagnose.h"
#include "cli/know/yaml.h"

extern const struct rules rules_builtin;

struct rule_list {
    struct rules rules; /* a view of `own` */
    struct rule *own;
    size_t cap;
    char **texts; /* what the rules point to */
    size_t n_texts, texts_cap;
};

/* Adds the rules of a file.  ERR_FORMAT tells the place and what may stand there. */
int rules_read(struct rule_list *l, struct yaml *y, struct err *e) ERR_WARN_UNUSED;
void rules_free(struct rule_list *l);

/* The words that a key with a closed list takes: "leak", "growing" ...; NULL at the end.
 */
const char *const *rule_key_words(enum rule_key k);

#endif
