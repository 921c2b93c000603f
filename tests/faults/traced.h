/* SPDX-License-Identifier: MIT */
/* The unmodified program under strace, which lets a call to the system fail.  Owns
 * nothing. */
#ifndef TESTS_FAULTS_TRACED_H
#define TESTS_FAULTS_TRACED_H

#include "tests/faults/judge.h"

/* Each call to the system of that line, the `most` first of a kind. */
void traced_call(struct runner *r, const struct call_line *line,
                 const struct outcome *clean, uint64_t most, uint64_t *points,
                 uint64_t *finds);

#endif
