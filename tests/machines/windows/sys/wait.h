/* SPDX-License-Identifier: MIT */
/* Windows has no children to wait for; posix.h has the names.  Nothing is owned. */
