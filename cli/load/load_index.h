/* SPDX-License-Identifier: MIT */
/* FILE@N, and one capture of an archive by the archive's index, where the question wants
 * no other; nobody owns anything here. */
#ifndef CLI_LOAD_INDEX_H
#define CLI_LOAD_INDEX_H

#include "cli/load/load.h"

/* Which capture of its input FILE@N is, from 1; 0 where all are meant. */
int load_picked(struct load *l, size_t input, uint64_t *ordinal,
                struct err *e) ERR_WARN_UNUSED;
/* 1: the capture that FILE@N, or load.latest, asks for was given to the visitor.  0: the
 * input must be read from front to back. */
int load_indexed(struct load *l, size_t input, const struct load_visitor *v,
                 struct err *e) ERR_WARN_UNUSED;

#endif
