/* SPDX-License-Identifier: MIT */
/* Bounds on hostile input, passed by pointer to every reader; exceeding one is
 * ERR_LIMIT with the bound in words.  Nobody owns anything here. */
#ifndef FORMATS_LIMITS_H
#define FORMATS_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* Every bound once: member, its type, its value, whether that is bytes or a count, what
 * it bounds.  The manual's list is made from this one. */
#define LIMITS(LIMIT)                                                                    \
    LIMIT(line_bytes, size_t, 64 * 1024, BYTES, "one line of text")                      \
    LIMIT(snapshot_rows, size_t, 1000 * 1000, COUNT, "rows of one snapshot")             \
    LIMIT(inflated_bytes, uint64_t, (uint64_t)64 << 30, BYTES,                           \
          "what comes out of one compressed input")                                      \
    LIMIT(inflate_ratio, uint64_t, 2000, COUNT,                                          \
          "bytes out of one compressed byte, once 16 MiB came out")                      \
    LIMIT(zip_entries, size_t, 1000 * 1000, COUNT, "entries of one zip")                 \
    LIMIT(memory_input_bytes, size_t, (size_t)1 << 30, BYTES,                            \
          "what must be held in memory: standard input, the list of a zip")              \
    LIMIT(directory_depth, unsigned, 64, COUNT, "folders inside one another")            \
    LIMIT(inputs, size_t, 4 * 1000 * 1000, COUNT, "files named and found, together")

struct limits {
#define LIMIT_MEMBER(member, type, value, unit, words) type member;
    LIMITS(LIMIT_MEMBER)
#undef LIMIT_MEMBER
};

#define LIMIT_DEFAULT(member, type, value, unit, words) .member = (value),
#define LIMITS_DEFAULT                                                                   \
    {                                                                                    \
        LIMITS(LIMIT_DEFAULT)                                                            \
    }

#endif
