/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include <yaml.h>
#include <zlib.h>

#include "cli/command.h"

int cmd_version(struct context *c, struct err *e)
{
    struct sink *out;
    TRY(sink_fd(&out, STDOUT_FILENO, "standard output", e));
    sink_puts(out, "poolsift " POOLSIFT_VERSION "\n");
    if (c->o.verbose) {
        sink_printf(out, "compiler  %s\n", __VERSION__);
        sink_printf(out, "zlib      built with %s, runs with %s\n", ZLIB_VERSION,
                    zlibVersion());
        sink_printf(out, "libyaml   runs with %s\n", yaml_get_version_string());
        sink_printf(out, "pointers  %zu bits\n", sizeof(void *) * 8);
    }
    return sink_close(out, e);
}
