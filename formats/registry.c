/* SPDX-License-Identifier: MIT */
#include "formats/reader.h"

#include <string.h>

#include "formats/poolmon.h"
#include "formats/psz/psz.h"

const struct format format_table[] = {
    {.name = "poolmon",
     .title = "PoolMon text",
     .suffixes = ".txt .log",
     .text = &poolmon_text_format,
     .writer = &poolmon_writer},
    {.name = "psz",
     .title = "poolsift archive",
     .suffixes = ".psz",
     .binary = &psz_binary_format,
     .writer = &psz_writer},
    {.name = NULL},
};

const struct format *format_find(const char *name)
{
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}
