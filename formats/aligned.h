/* SPDX-License-Identifier: MIT */
/* Memory that begins where its use asks for (Windows: formats/windows/aligned.c, where
 * such memory is not free's).  Whoever takes it owns it. */
#ifndef FORMATS_ALIGNED_H
#define FORMATS_ALIGNED_H

#include <stddef.h>

/* At a multiple of `alignment`, a power of two of which `n` is a multiple; NULL: there is
 * none.  It goes back by aligned_free (NULL: nothing) and does not grow. */
void *aligned_take(size_t alignment, size_t n);
void aligned_free(void *p);

/* For bytes that the system copies to, fastest where a page begins: there, if this system
 * lets such memory grow and be freed as any other. */
void *pages_take(size_t n);

#endif
