/* SPDX-License-Identifier: MIT */
/* Windows states no such limits; nothing is owned. */
#ifndef FORMATS_WINDOWS_RESOURCE_H
#define FORMATS_WINDOWS_RESOURCE_H

#define RLIMIT_NOFILE 7

struct rlimit {
    unsigned long long rlim_cur, rlim_max;
};

static inline int getrlimit(int what, struct rlimit *limit)
{
    (void)what;
    *limit = (struct rlimit){0, 0};
    return -1;
}

#endif
