/* SPDX-License-Identifier: MIT */
/* Bounds on hostile input, passed by pointer to every reader; exceeding one is
 * ERR_LIMIT with the bound in words.  Nobody owns anything here. */
#ifndef FORMATS_LIMITS_H
#define FORMATS_LIMITS_H

#include <stddef.h>
#include <stdint.h>

struct limits {
    size_t line_bytes;         /* one line of text */
    size_t snapshot_rows;      /* rows of one snapshot */
    uint64_t inflated_bytes;   /* out of one compressed input */
    uint64_t inflate_ratio;    /* inflated / compressed, once past 16 MiB */
    size_t zip_entries;        /* entries of one zip */
    size_t memory_input_bytes; /* inputs that must be held: stdin, nested zips */
    unsigned directory_depth;
    size_t inputs; /* files named and found, together */
};

#define LIMITS_DEFAULT                                                                   \
    {                                                                                    \
        .line_bytes = 64 * 1024, .snapshot_rows = 1000 * 1000,                           \
        .inflated_bytes = (uint64_t)64 << 30, .inflate_ratio = 2000,                     \
        .zip_entries = 1000 * 1000, .memory_input_bytes = (size_t)1 << 30,               \
        .directory_depth = 64, .inputs = 4 * 1000 * 1000                                 \
    }

#endif
