/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include <yaml.h>
#include <zlib.h>

#include "cli/command.h"
#include "formats/poolmon/poolmon_fast.h"
#include "formats/psz/format.h"

#if defined(_WIN32)
#define SYSTEM "Windows"
#elif defined(__linux__)
#define SYSTEM "Linux"
#elif defined(__APPLE__)
#define SYSTEM "macOS"
#else
#define SYSTEM "POSIX"
#endif

#ifdef __clang__
#define COMPILER "" /* names itself */
#else
#define COMPILER "gcc "
#endif

static bool little_endian(void)
{
    const uint16_t one = 1;
    return *(const uint8_t *)&one == 1;
}

int cmd_version(struct context *c, struct err *e)
{
    struct sink *out;
    TRY(sink_fd(&out, STDOUT_FILENO, "standard output", e));
    sink_puts(out, "poolsift " POOLSIFT_VERSION "\n");
    if (c->o.verbose) {
        sink_printf(out, "compiler   %s%s\n", COMPILER, __VERSION__);
        sink_printf(out, "system     %s, %zu bits, %s-endian\n", SYSTEM,
                    sizeof(void *) * 8, little_endian() ? "little" : "big");
        sink_printf(out, "zlib       built with %s, runs with %s\n", ZLIB_VERSION,
                    zlibVersion());
        sink_printf(out, "libyaml    runs with %s\n", yaml_get_version_string());
        sink_printf(out, "archives   writes %d.%d, reads %d.0 to %d.%d\n", PSZ_MAJOR,
                    PSZ_MINOR, PSZ_MAJOR, PSZ_MAJOR, PSZ_MINOR);
        sink_printf(out, "fast rows  %s\n", fast_way());
        sink_printf(out, "threads    %zu\n", options_threads(&c->o));
    }
    return sink_close(out, e);
}
