/* SPDX-License-Identifier: MIT */
/* Little pictures made of characters; pure, the caller owns the buffer. */
#ifndef CLI_RENDER_SPARK_H
#define CLI_RENDER_SPARK_H

#include "cli/analyze/analyze.h"

#define SPARK_MAX (3 * RANK_SPARK + 1)
/* Blocks of eight heights from the least to the largest of v[0..n), n <= RANK_SPARK; a
 * blank where v is NAN.  A level line when all are the same.  Returns out. */
const char *spark_text(const double *v, int n, char out[SPARK_MAX]);

#endif
