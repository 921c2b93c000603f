/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

int cmd_formats(struct context *c, struct err *e)
{
    struct render r;
    struct render_opts ro;
    TRY(command_render(c, &r, &ro, e));
    int code = c->o.renderer->formats(&r, format_table);
    return command_render_end(&r, code, e);
}
