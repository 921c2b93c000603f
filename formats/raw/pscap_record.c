/* SPDX-License-Identifier: MIT */
/* Items are those of formats/capture/container.h.  What stands where in the replies is
 * from phnt (ntexapi.h) and Geoff Chappell's pages on SYSTEM_PERFORMANCE_INFORMATION,
 * SYSTEM_BASIC_INFORMATION and SYSTEM_TIMEOFDAY_INFORMATION; these offsets are the same
 * for 32-bit and 64-bit processes. */
#include "formats/raw/pscap_record.h"

#include <stdio.h>
#include <string.h>

#include "formats/bytes.h"
#include "formats/capture/container.h"
#include "formats/when.h"

#define FILETIME_1970   ((uint64_t)116444736000000000)
#define FILETIME_MS     ((uint64_t)10000)
#define FILETIME_SECOND ((uint64_t)10000000)
/* 9999-12-31T23:59:59.999 */
#define FILETIME_LAST ((uint64_t)2650467743999990000)

/* ---- items ---- */

static void take_reply(struct pscap_record *r, const uint8_t *p, size_t n)
{
    struct pscap_bytes reply = {p + PSCAP_REPLY_HEAD, n - PSCAP_REPLY_HEAD};
    struct pscap_bytes *to = NULL;
    switch (le32(p)) {
    case NT_CLASS_TIME_OF_DAY:
        to = &r->time_of_day;
        break;
    case NT_CLASS_PERFORMANCE:
        to = &r->performance;
        break;
    case NT_CLASS_BASIC:
        to = &r->basic;
        break;
    case NT_CLASS_POOL_TAGS:
        to = &r->tags;
        break;
    case NT_CLASS_POOL_TAGS_64:
        to = &r->tags_64;
        break;
    default:
        break;
    }
    bool failed = le32(p + 4) >> 31 != 0;
    if (to != NULL && to->n == 0 && !failed)
        *to = reply;
}

static void take_machine(struct pscap_record *r, const uint8_t *p)
{
    r->has_machine = true;
    r->process = le16(p);
    r->native = le16(p + 2);
    r->major = le32(p + 4);
    r->minor = le32(p + 8);
    r->build = le32(p + 12);
    r->revision = le32(p + 16);
    r->processors = le32(p + 20);
}

/* False when the item is shorter than its type must be. */
static bool take_item(struct pscap_record *r, uint32_t type, const uint8_t *p, size_t n)
{
    switch (type) {
    case PSCAP_TIMES:
        if (n < PSCAP_TIMES_BYTES)
            return false;
        r->has_times = true;
        r->begun = le64(p);
        r->done = le64(p + 8);
        return true;
    case PSCAP_MACHINE:
        if (n < PSCAP_MACHINE_BYTES)
            return false;
        take_machine(r, p);
        return true;
    case PSCAP_HOST:
        r->host = (struct pscap_bytes){p, n};
        return true;
    case PSCAP_PROGRAM:
        r->program = (struct pscap_bytes){p, n};
        return true;
    case PSCAP_REPLY:
        if (n < PSCAP_REPLY_HEAD)
            return false;
        take_reply(r, p, n);
        return true;
    default:
        return true;
    }
}

int pscap_record_parse(struct pscap_record *r, const uint8_t *p, size_t n, struct err *e)
{
    *r = (struct pscap_record){0};
    while (n > 0) {
        size_t size = n < PSCAP_ITEM_HEAD ? 0 : le32(p + 4);
        if (n < PSCAP_ITEM_HEAD || size > n - PSCAP_ITEM_HEAD ||
            !take_item(r, le32(p), p + PSCAP_ITEM_HEAD, size))
            return err_set(e, ERR_FORMAT,
                           "the check sums are right but the record contradicts itself");
        size_t whole = PSCAP_ITEM_HEAD + size;
        size_t over = whole % PSCAP_ITEM_ALIGN;
        whole += over == 0 ? 0 : PSCAP_ITEM_ALIGN - over;
        if (whole > n)
            whole = n;
        p += whole;
        n -= whole;
    }
    return 0;
}

/* ---- times ---- */

static bool time_from(uint64_t filetime, struct pool_time *t)
{
    if (filetime == 0 || filetime > FILETIME_LAST)
        return false;
    int64_t since = filetime >= FILETIME_1970
                        ? (int64_t)((filetime - FILETIME_1970) / FILETIME_MS)
                        : -(int64_t)((FILETIME_1970 - filetime) / FILETIME_MS);
    *t = (struct pool_time){.source = TIME_CAPTURE, .ms = since, .zone_known = true};
    return true;
}

/* A record without times of its own still has the system's. */
static uint64_t begun_at(const struct pscap_record *r)
{
    if (r->has_times)
        return r->begun;
    return r->time_of_day.n >= 16 ? le64(r->time_of_day.p + 8) : 0;
}

static uint64_t booted_at(const struct pscap_record *r)
{
    return r->time_of_day.n >= 8 ? le64(r->time_of_day.p) : 0;
}

/* ---- totals ---- */

static uint32_t page_size(const struct pscap_record *r)
{
    uint32_t size = r->basic.n >= 16 ? le32(r->basic.p + 8) : 0;
    bool sane = size >= 1024 && size <= 1u << 20 && (size & (size - 1)) == 0;
    return sane ? size : 0;
}

static void set_pages(struct pool_snapshot *s, enum total_field f, uint64_t pages,
                      uint32_t size)
{
    s->totals.given |= 1u << f;
    s->totals.v[f] = pages * (size / 1024);
}

/* Page faults are left out: poolmon shows their change, the system their sum.  So is
 * poolmon's "InRam Krnl", of which nobody has said what it adds up. */
static void set_totals(const struct pscap_record *r, struct pool_snapshot *s)
{
    static const struct {
        enum total_field field;
        uint8_t at;
    } table[] = {
        {TOTAL_AVAIL_KIB, 0x2c},       {TOTAL_COMMIT_KIB, 0x30},
        {TOTAL_LIMIT_KIB, 0x34},       {TOTAL_PEAK_KIB, 0x38},
        {TOTAL_PAGED_KIB, 0x70},       {TOTAL_NONPAGED_KIB, 0x74},
        {TOTAL_INRAM_PAGED_KIB, 0xa8},
    };
    uint32_t size = page_size(r);
    if (size == 0)
        return;
    set_pages(s, TOTAL_MEMORY_KIB, le32(r->basic.p + 12), size);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (r->performance.n >= (size_t)table[i].at + 4)
            set_pages(s, table[i].field, le32(r->performance.p + table[i].at), size);
}

/* ---- facts ---- */

static const char *machine_name(uint16_t machine)
{
    switch (machine) {
    case NT_I386:
        return "x86";
    case NT_AMD64:
        return "x64";
    case NT_ARM:
        return "arm";
    case NT_ARM64:
        return "arm64";
    default:
        return NULL;
    }
}

static int add_fact(struct pool_snapshot *s, struct err *e, const char *name,
                    const char *value)
{
    return value == NULL ? 0 : pool_snapshot_fact(s, name, value, strlen(value), e);
}

static int add_number(struct pool_snapshot *s, struct err *e, const char *name,
                      uint64_t v)
{
    char words[24];
    (void)snprintf(words, sizeof words, "%llu", (unsigned long long)v);
    return v == 0 ? 0 : add_fact(s, e, name, words);
}

/* Facts are lines, so a control character has no place in one. */
static int add_text(struct pool_snapshot *s, struct err *e, const char *name,
                    struct pscap_bytes text)
{
    char words[128];
    size_t n = 0;
    for (size_t i = 0; i < text.n && n < sizeof words; i++)
        if (text.p[i] >= 0x20 && text.p[i] != 0x7f)
            words[n++] = (char)text.p[i];
    return n == 0 ? 0 : pool_snapshot_fact(s, name, words, n, e);
}

static int machine_facts(const struct pscap_record *r, struct pool_snapshot *s,
                         struct err *e)
{
    char build[64];
    if (!r->has_machine)
        return 0;
    (void)snprintf(build, sizeof build, "%lu.%lu.%lu.%lu", (unsigned long)r->major,
                   (unsigned long)r->minor, (unsigned long)r->build,
                   (unsigned long)r->revision);
    if (r->build != 0)
        TRY(add_fact(s, e, "build", build));
    TRY(add_fact(s, e, "architecture",
                 machine_name(r->native != 0 ? r->native : r->process)));
    if (r->native != r->process)
        TRY(add_fact(s, e, "captured_by", machine_name(r->process)));
    return add_number(s, e, "processors", r->processors);
}

static int set_facts(const struct pscap_record *r, struct pool_snapshot *s, struct err *e)
{
    struct pool_time boot;
    char words[WHEN_TEXT_MAX];
    TRY(machine_facts(r, s, e));
    TRY(add_number(s, e, "page_size", page_size(r)));
    if (time_from(booted_at(r), &boot))
        TRY(add_fact(s, e, "boot_time", when_text(&boot, words)));
    if (r->has_times && r->done > r->begun)
        TRY(add_number(s, e, "capture_ms", (r->done - r->begun) / FILETIME_MS));
    return add_text(s, e, "program", r->program);
}

int pscap_record_head(const struct pscap_record *r, struct pool_snapshot *s,
                      struct err *e)
{
    enum { HOST_MOST = 255 };
    uint64_t begun = begun_at(r), boot = booted_at(r);
    size_t host = r->host.n < HOST_MOST ? r->host.n : HOST_MOST;
    s->record = RECORD_CAPTURE;
    TRY(pool_snapshot_intern(s, (const char *)r->host.p, host, &s->host, e));
    if (time_from(begun, &s->time) && boot > 0 && boot <= begun)
        s->uptime_s = (int64_t)((begun - boot) / FILETIME_SECOND);
    set_totals(r, s);
    return set_facts(r, s, e);
}
