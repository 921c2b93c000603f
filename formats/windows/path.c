/* SPDX-License-Identifier: MIT */
/* Windows takes both slashes; here it is the one of all other systems, so that a path
 * looks the same wherever it is printed. */
#include "formats/path.h"

#include "formats/ascii.h"

bool path_is_absolute(const char *path)
{
    return *path == '/' || *path == '\\' || (ascii_letter(*path) && path[1] == ':');
}

void path_as_typed(char *path)
{
    for (; *path != '\0'; path++)
        if (*path == '\\')
            *path = '/';
}

bool path_same_byte(char a, char b)
{
    return ascii_lower(a) == ascii_lower(b);
}
