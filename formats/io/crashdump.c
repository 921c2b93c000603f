/* SPDX-License-Identifier: MIT */
/* DUMP_HEADER (one page) and DUMP_HEADER64 (two):
 *
 *                       32-bit  64-bit
 *   "PAGEDUMP"/"PAGEDU64"  0       0
 *   build u32              C       C
 *   machine u32           20      30
 *   processors u32        24      34
 *   stop code u32         28      38
 *   kind u32             F88     F98
 *   system time u64      FC0     FA8    100 ns from 1601, UTC
 *   uptime u64           FB8    1030    100 ns
 *
 * Fields that were never written hold the letters PAGE over and over.
 *
 * From volatility3 (crash.json, crash64.json), rekall and QEMU (win_dump_defs.h), which
 * agree; the kinds from kdmp-parser. */
#include "formats/io/crashdump.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "formats/bytes.h"
#include "formats/when.h"

#define NEVER_WRITTEN UINT32_C(0x45474150) /* "PAGE" */
#define TICKS_PER_MS  10000
#define TICKS_PER_MIN (UINT64_C(60000) * TICKS_PER_MS)
#define MS_1601       INT64_C(-11644473600000) /* 1601 on the clock of 1970 */

enum { KIND_SMALL = 4, PROCESSORS_MOST = 8192, UPTIME_DAYS_MOST = 36500 };

enum field { BUILD, MACHINE, PROCESSORS, STOP_CODE, KIND, TIME, UPTIME, FIELDS };

static const struct {
    uint16_t at[2]; /* 32-bit, 64-bit */
    uint8_t bytes;
} fields[FIELDS] = {
    [BUILD] = {{0xc, 0xc}, 4},        [MACHINE] = {{0x20, 0x30}, 4},
    [PROCESSORS] = {{0x24, 0x34}, 4}, [STOP_CODE] = {{0x28, 0x38}, 4},
    [KIND] = {{0xf88, 0xf98}, 4},     [TIME] = {{0xfc0, 0xfa8}, 8},
    [UPTIME] = {{0xfb8, 0x1030}, 8},
};

bool crashdump_magic(const uint8_t *p, size_t n)
{
    return n >= 8 && (memcmp(p, "PAGEDUMP", 8) == 0 || memcmp(p, "PAGEDU64", 8) == 0);
}

bool crashdump_is_64(const uint8_t *p)
{
    return p[7] == '4';
}

/* False when the field is not there or was never written. */
static bool get(const uint8_t *p, size_t n, enum field f, uint64_t *v)
{
    size_t at = fields[f].at[crashdump_is_64(p)], bytes = fields[f].bytes;
    if (at + bytes > n || le32(p + at) == NEVER_WRITTEN)
        return false;
    *v = bytes == 8 ? le64(p + at) : le32(p + at);
    return true;
}

bool crashdump_is_small(const uint8_t *p, size_t n)
{
    uint64_t kind;
    return get(p, n, KIND, &kind) && kind == KIND_SMALL;
}

/* ---- words ---- */

struct words {
    char *p;
    size_t n, room;
};

static void say(struct words *w, const char *fmt, ...) ERR_PRINTF(2, 3);

static void say(struct words *w, const char *fmt, ...)
{
    va_list ap;
    if (w->n + 1 >= w->room)
        return;
    if (w->n > 0)
        w->n += (size_t)snprintf(w->p + w->n, w->room - w->n, ", ");
    if (w->n >= w->room)
        return;
    va_start(ap, fmt);
    int r = vsnprintf(w->p + w->n, w->room - w->n, fmt, ap);
    va_end(ap);
    w->n += r > 0 ? (size_t)r : 0;
}

static const char *machine_name(uint64_t machine)
{
    switch (machine) {
    case 0x14c:
        return "x86";
    case 0x200:
        return "Itanium";
    case 0x1c4:
        return "ARM";
    case 0x8664:
        return "x64";
    case 0xaa64:
        return "ARM64";
    default:
        return NULL;
    }
}

static const char *kind_name(uint64_t kind)
{
    static const char *const names[] = {
        [1] = "full dump",
        [2] = "kernel dump",
        [4] = "small dump",
        [5] = "full dump",
        [6] = "kernel dump",
        [8] = "kernel dump",
        [9] = "kernel and user dump",
        [10] = "complete dump",
    };
    return kind < sizeof names / sizeof *names ? names[kind] : NULL;
}

static void say_time(struct words *w, uint64_t ticks)
{
    char text[WHEN_TEXT_MAX];
    struct pool_time t = {.source = TIME_CAPTURE, .zone_known = true};
    struct civil c;
    if (ticks / TICKS_PER_MS > (uint64_t)INT64_MAX / 2)
        return;
    t.ms = (int64_t)(ticks / TICKS_PER_MS) + MS_1601;
    t.ms -= (t.ms % 1000 + 1000) % 1000;
    if (t.ms <= 0)
        return;
    civil_from_ms(t.ms, &c);
    if (c.year < 2200)
        say(w, "taken %s", when_text(&t, text));
}

static void say_uptime(struct words *w, uint64_t ticks)
{
    uint64_t min = ticks / TICKS_PER_MIN, days = min / 1440;
    if (days > UPTIME_DAYS_MOST)
        return;
    if (days > 0)
        say(w, "up for %u day%s %u h", (unsigned)days, days == 1 ? "" : "s",
            (unsigned)(min / 60 % 24));
    else
        say(w, "up for %u h %u min", (unsigned)(min / 60), (unsigned)(min % 60));
}

void crashdump_facts(const uint8_t *p, size_t n, char *out, size_t room)
{
    struct words w = {.p = out, .room = room};
    uint64_t v;
    out[0] = '\0';
    if (get(p, n, BUILD, &v))
        say(&w, "build %u", (unsigned)v);
    if (get(p, n, MACHINE, &v) && machine_name(v) != NULL)
        say(&w, "%s", machine_name(v));
    if (get(p, n, PROCESSORS, &v) && v > 0 && v <= PROCESSORS_MOST)
        say(&w, "%u processor%s", (unsigned)v, v == 1 ? "" : "s");
    if (get(p, n, TIME, &v))
        say_time(&w, v);
    if (get(p, n, UPTIME, &v))
        say_uptime(&w, v);
    if (get(p, n, STOP_CODE, &v))
        say(&w, "stop code %X", (unsigned)v);
    if (get(p, n, KIND, &v) && kind_name(v) != NULL)
        say(&w, "%s", kind_name(v));
}
