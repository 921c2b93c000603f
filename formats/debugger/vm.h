/* SPDX-License-Identifier: MIT */
/* The kernel debugger's `!vm`, which tells how large the pools are and may become: the
 * reader's row of the format table.  Nobody owns anything here. */
#ifndef FORMATS_VM_H
#define FORMATS_VM_H

#include "formats/text/segment.h"

extern const struct text_format vm_text_format;

#endif
