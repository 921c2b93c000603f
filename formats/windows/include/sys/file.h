/* SPDX-License-Identifier: MIT */
/* Locks of whole files, held until they are closed; nothing is owned. */
#ifndef FORMATS_WINDOWS_FILE_H
#define FORMATS_WINDOWS_FILE_H

#define LOCK_EX 2
#define LOCK_NB 4

/* Only LOCK_EX | LOCK_NB. */
int windows_flock(int fd, int how);
#define flock windows_flock

#endif
