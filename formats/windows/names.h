/* SPDX-License-Identifier: MIT */
/* Between the UTF-8 of the program and the UTF-16 of Windows; results are the caller's,
 * until windows_give. */
#ifndef FORMATS_WINDOWS_NAMES_H
#define FORMATS_WINDOWS_NAMES_H

#include <stddef.h>
#include <wchar.h>

/* Memory of what stands for calls of the system, all 0: none of the program's, as the
 * system has its own elsewhere.  NULL with errno; what is NULL may be given back. */
void *windows_take(size_t n);
void windows_give(void *p);

/* NULL with errno when there is no memory, or what is no UTF-8 was met. */
wchar_t *windows_wide(const char *text);
char *windows_narrow(const wchar_t *text);

/* A path as the system takes it, also a very long one. */
wchar_t *windows_path(const char *path);

/* Sets errno to what GetLastError says; always -1. */
int windows_error(void);

#endif
