/* SPDX-License-Identifier: MIT */
/* What the runner (faults.c) tells the program's stand-in for libc (stand_in.c), and what
 * that tells back: one page of memory that both map, so that it outlives a killed
 * program. The runner owns it. */
#ifndef TESTS_FAULTS_FAULT_H
#define TESTS_FAULTS_FAULT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define FAULT_FD    200 /* descriptor of that page in the program */
#define FAULT_CALLS 8192

/* Calls that can fail, but for allocations: name, what it does. */
enum call_kind { CALL_READS, CALL_WRITES, CALL_LOOKS, CALL_STARTS };

#define EACH_CALL(X)                                                                     \
    X(open_read, CALL_READS)                                                             \
    X(open_write, CALL_WRITES)                                                           \
    X(read, CALL_READS)                                                                  \
    X(pread, CALL_READS)                                                                 \
    X(write, CALL_WRITES)                                                                \
    X(pwrite, CALL_WRITES)                                                               \
    X(fsync, CALL_WRITES)                                                                \
    X(close_read, CALL_READS)                                                            \
    X(close_write, CALL_WRITES)                                                          \
    X(rename, CALL_WRITES)                                                               \
    X(ftruncate, CALL_WRITES)                                                            \
    X(unlink, CALL_WRITES)                                                               \
    X(mkdir, CALL_WRITES)                                                                \
    X(flock, CALL_LOOKS)                                                                 \
    X(fchmod, CALL_WRITES)                                                               \
    X(fchown, CALL_WRITES)                                                               \
    X(stat, CALL_LOOKS)                                                                  \
    X(fstat, CALL_LOOKS)                                                                 \
    X(lstat, CALL_LOOKS)                                                                 \
    X(access, CALL_LOOKS)                                                                \
    X(readlink, CALL_LOOKS)                                                              \
    X(getcwd, CALL_LOOKS)                                                                \
    X(lseek, CALL_READS)                                                                 \
    X(opendir, CALL_READS)                                                               \
    X(readdir, CALL_READS)                                                               \
    X(fopen, CALL_READS)                                                                 \
    X(tmpfile, CALL_WRITES)                                                              \
    X(pthread_create, CALL_STARTS)

enum call {
#define X(name, kind) CALL_##name,
    EACH_CALL(X)
#undef X
        CALLS
};

enum fault_class { FAULT_NONE, FAULT_MEMORY, FAULT_CALL };

/* How a call fails. */
enum fault_how {
    HOW_ERRNO,       /* it does nothing, and says so */
    HOW_SHORT,       /* it does a part, and says so */
    HOW_KILL_BEFORE, /* the program is killed before it, ... */
    HOW_KILL_HALF,   /* ... when a part of it is done, ... */
    HOW_KILL_BEHIND  /* ... and behind it */
};

struct fault {
    /* the runner's wish */
    enum fault_class what;
    uint64_t at;    /* the how-manieth, from 1 */
    bool from_on;   /* that and all after it, else that alone */
    uint32_t which; /* of enum call, as bits: no others fail */
    enum fault_how how;
    int error; /* an errno */
    /* what happened */
    atomic_uint_least64_t allocations, calls, hits;
    atomic_int_least64_t live; /* blocks not given back */
    uint8_t call[FAULT_CALLS]; /* enum call, in order */
};

#endif
