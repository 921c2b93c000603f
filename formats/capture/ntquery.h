/* SPDX-License-Identifier: MIT */
/* The one call that poolcap.c does not make itself: ntquery.c makes it, and a test links
 * another file instead.  Nobody owns anything here. */
#ifndef FORMATS_CAPTURE_NTQUERY_H
#define FORMATS_CAPTURE_NTQUERY_H

#include <stdbool.h>
#include <stdint.h>

/* Finds the function in the system; false when there is none. */
bool nt_query_find(void **ctx);
/* As query of struct capture_system. */
uint32_t nt_query(void *ctx, uint32_t info_class, uint8_t *p, uint32_t n,
                  uint32_t *returned);

#endif
