/* SPDX-License-Identifier: MIT */
/* What must hold after a fault: the program ends with words, and its files are old or
 * new, never half.  Owns nothing. */
#ifndef TESTS_FAULTS_JUDGE_H
#define TESTS_FAULTS_JUDGE_H

#include "tests/faults/run.h"

#define WRITES (1U << CALL_WRITES)
#define READS  (1U << CALL_READS)
#define LOOKS  (1U << CALL_LOOKS)
#define STARTS (1U << CALL_STARTS)

/* One way to fail. */
struct way {
    const char *name, *words;
    enum fault_class what;
    bool from_on;
    enum fault_how how;
    int errors[4];  /* each in turn; 0: no more */
    uint32_t calls; /* of enum call_kind, as bits; 0: all */
    bool survives;  /* all must be as without */
};

/* What came of a fault, and without one: NULL when that is as it must be, else words.
 * `call` is the one that failed, CALLS for an allocation; `live` blocks were not given
 * back, `clean_live` without a fault.  May call the program to look at its files. */
const char *judge(struct runner *r, const struct call_line *line, const struct way *c,
                  enum call call, const struct outcome *clean, const struct outcome *now,
                  int64_t live, int64_t clean_live);

#endif
