/* SPDX-License-Identifier: MIT */
#include "cli/tags/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/path.h"

static int in_folder(const char *base, const char *below, const char *const *names,
                     char **path, struct err *e)
{
    for (; *names != NULL; names++) {
        size_t n = strlen(base) + strlen(below) + strlen(*names) + 1;
        char *s = malloc(n);
        if (s == NULL)
            return err_nomem(e);
        (void)snprintf(s, n, "%s%s%s", base, below, *names);
        if (access(s, F_OK) == 0) {
            *path = s;
            return 0;
        }
        free(s);
    }
    return 0;
}

int person_file(const char *const *names, char **path, struct err *e)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    *path = NULL;
    if (config != NULL && path_is_absolute(config))
        return in_folder(config, "/poolsift/", names, path, e);
    if (home != NULL && path_is_absolute(home))
        return in_folder(home, "/.config/poolsift/", names, path, e);
    return 0;
}
