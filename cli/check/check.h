/* SPDX-License-Identifier: MIT */
/* Results of `check`: the caller owns the struct check_list ({0} is an empty one) and
 * frees it with check_list_free; each result owns its texts. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "cli/know/case.h"
#include "formats/err.h"

struct redact; /* cli/redact/redact.h */

/* The worst is the greatest. */
enum check_state {
    CHECK_OK,
    CHECK_NOT_OK,
    CHECK_UNDECIDED, /* the input does not tell */
    CHECK_BROKEN     /* a case that cannot be read or run */
};

enum check_fact_kind {
    FACT_TEXT,  /* text; NULL is null */
    FACT_LIST,  /* text, its items separated by newlines */
    FACT_WHOLE, /* whole */
    FACT_REAL   /* real; NAN is null */
};

/* One figure of the diagnostics of a result. */
struct check_fact {
    const char *key; /* a constant */
    enum check_fact_kind kind;
    uint64_t whole;
    double real;
    char *text;
};

#define CHECK_FACTS 10

struct check_result {
    enum check_state state;
    char *name;    /* what should hold: "nonpaged pool: at most 80.0% of its limit" */
    char *message; /* what was found, one sentence without a full stop */
    size_t n_facts;
    struct check_fact facts[CHECK_FACTS];
};

/* Cases of one kind of figures. */
struct check_cases {
    size_t held, failed;
};

struct check_list {
    struct check_result *v;
    size_t n, cap;
    struct check_cases cases[CASE_FIGURES]; /* an enum case_figures each */
    size_t broken;                          /* cases that could not run */
    size_t skipped; /* YAML files below a folder that are no case */
};

/* Begins a result at the end of the list; its texts are copied. */
int check_add(struct check_list *l, enum check_state state, const char *name,
              const char *message, struct err *e) ERR_WARN_UNUSED;
/* Each adds to the last result; what comes after CHECK_FACTS of them is left out. */
int check_text(struct check_list *l, const char *key, const char *text,
               struct err *e) ERR_WARN_UNUSED;
int check_items(struct check_list *l, const char *key, const char *lines,
                struct err *e) ERR_WARN_UNUSED;
void check_whole(struct check_list *l, const char *key, uint64_t v);
void check_real(struct check_list *l, const char *key, double v);

/* --redact: every text, names replaced that are known by now. */
int check_redact(struct check_list *l, const struct redact *names,
                 struct err *e) ERR_WARN_UNUSED;

size_t check_count(const struct check_list *l, enum check_state state);
void check_list_free(struct check_list *l);

#endif
