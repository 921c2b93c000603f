/* SPDX-License-Identifier: MIT */
/* The head of a PE file:
 *
 *   "MZ" ... [0x3c] -> "PE\0\0", file header (20), optional header, section table (40
 * each)
 *
 * Layout from Microsoft's published PE format specification. */
#include "formats/pe/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_BYTES    20
#define OPTIONAL_MOST 240 /* all 16 directories of PE32+ */
#define SECTION_BYTES 40
#define RUNS          0x20000020u /* may be executed, or is called code */
#define LOADER_GRAIN  512

bool pe_magic(const uint8_t *p, size_t n)
{
    return n >= 2 && p[0] == 'M' && p[1] == 'Z';
}

enum pe_machine pe_machine(const struct pe_file *f)
{
    return f->machine;
}

const char *pe_machine_name(enum pe_machine m)
{
    static const char *const names[] = {
        [PE_OTHER] = "other", [PE_X86] = "x86", [PE_X64] = "x64", [PE_ARM64] = "arm64"};
    return names[m];
}

const char *pe_damage(const struct pe_file *f)
{
    return f->damage[0] != '\0' ? f->damage : NULL;
}

bool pe_has_sections(const struct pe_file *f)
{
    return f->n_sections > 0;
}

const struct pe_imports *pe_imports(const struct pe_file *f)
{
    return &f->imports;
}

/* The first damage is told. */
static void damaged(struct pe_file *f, const char *words, const char *name)
{
    if (f->damage[0] == '\0')
        (void)snprintf(f->damage, sizeof f->damage, "%s%s", words, name);
}

static enum pe_machine machine_of(uint16_t v)
{
    switch (v) {
    case 0x014c:
        return PE_X86;
    case 0x8664:
        return PE_X64;
    case 0xaa64:
        return PE_ARM64;
    default:
        return PE_OTHER;
    }
}

/* Returns the offset behind the optional header, or 0. */
static uint64_t read_optional(struct pe_file *f, uint64_t at, size_t size,
                              uint32_t *alignment, struct err *e)
{
    uint8_t p[OPTIONAL_MOST] = {0};
    ptrdiff_t n = spool_read(f->bytes, at, p, size < sizeof p ? size : sizeof p, e);
    uint16_t magic = le16(p);
    if (n < 68 || (magic != 0x10b && magic != 0x20b)) {
        damaged(f, "its PE header is cut or damaged", "");
        return 0;
    }
    f->wide = magic == 0x20b;
    f->base = f->wide ? le64(p + 24) : le32(p + 28);
    *alignment = le32(p + 32);
    f->headers = le32(p + 60);
    size_t first = f->wide ? 112 : 96;
    uint32_t count = (size_t)n >= first ? le32(p + first - 4) : 0;
    for (size_t i = 0; i < PE_DIRECTORIES && i < count; i++) {
        size_t k = first + 8 * i;
        if (k + 8 > (size_t)n)
            break;
        f->directory[i].rva = le32(p + k);
        f->directory[i].size = le32(p + k + 4);
    }
    return at + size;
}

static void add_section(struct pe_file *f, const uint8_t *p, bool aligned)
{
    struct pe_section *s = &f->sections[f->n_sections++];
    memcpy(s->name, p, 8);
    s->name[8] = '\0';
    uint32_t raw = le32(p + 16);
    s->span = le32(p + 8) != 0 ? le32(p + 8) : raw;
    s->rva = le32(p + 12);
    s->at = le32(p + 20);
    s->runs = le32(p + 36) & RUNS;
    if (aligned) /* the loader drops the low bits */
        s->at -= s->at % LOADER_GRAIN;
    if (s->at >= f->size)
        s->bytes = 0;
    else
        s->bytes = raw < f->size - s->at ? raw : f->size - s->at;
    if (s->bytes < raw)
        damaged(f, "the file ends inside its section ", s->name);
}

static void read_sections(struct pe_file *f, uint64_t at, size_t count, bool aligned,
                          struct err *e)
{
    uint8_t table[PE_SECTIONS * SECTION_BYTES];
    if (count > PE_SECTIONS) {
        damaged(f, "it claims more sections than Windows loads", "");
        count = PE_SECTIONS;
    }
    ptrdiff_t n = spool_read(f->bytes, at, table, count * SECTION_BYTES, e);
    size_t have = n > 0 ? (size_t)n / SECTION_BYTES : 0;
    if (have < count)
        damaged(f, "the file ends inside its section table", "");
    for (size_t i = 0; i < have; i++)
        add_section(f, table + i * SECTION_BYTES, aligned);
    if (f->n_sections == 0)
        damaged(f, "it has no sections", "");
}

static int read_head(struct pe_file *f, struct err *e)
{
    uint8_t dos[64], head[4 + HEAD_BYTES];
    struct err local = {0};
    ptrdiff_t n = spool_read(f->bytes, 0, dos, sizeof dos, &local);
    uint64_t at = n == (ptrdiff_t)sizeof dos ? le32(dos + 0x3c) : f->size;
    if (n >= 0)
        n = spool_read(f->bytes, at, head, sizeof head, &local);
    if (n == (ptrdiff_t)sizeof head && memcmp(head, "PE\0\0", 4) == 0) {
        uint32_t alignment = 0;
        f->machine = machine_of(le16(head + 4));
        uint64_t end =
            read_optional(f, at + sizeof head, le16(head + 20), &alignment, &local);
        if (end > 0)
            read_sections(f, end, le16(head + 6), alignment >= 4096, &local);
    } else {
        damaged(f,
                n < (ptrdiff_t)sizeof head ? "the file ends before its PE header"
                                           : "it has no PE header",
                "");
    }
    if (local.code == 0)
        return 0;
    if (e != NULL && e->code == 0)
        *e = local;
    return local.code;
}

int pe_open(struct pe_file **out, const struct spool *bytes, struct err *e)
{
    struct pe_file *f = calloc(1, sizeof *f);
    if (f == NULL)
        return err_nomem(e);
    f->bytes = bytes;
    f->size = spool_size(bytes);
    f->fault = &f->fault_room;
    int r = read_head(f, e);
    if (r == 0) {
        pe_read_imports(f);
        r = pe_fault(f, e);
    }
    if (r < 0) {
        free(f);
        return r;
    }
    *out = f;
    return 0;
}

void pe_close(struct pe_file *f)
{
    free(f);
}

/* ---- addresses ---- */

/* The place in the file of an address, and how many bytes of its section follow. */
static bool find_rva(const struct pe_file *f, uint32_t rva, uint64_t *at, uint64_t *left)
{
    for (size_t i = 0; i < f->n_sections; i++) {
        const struct pe_section *s = &f->sections[i];
        if (rva < s->rva || rva - s->rva >= s->bytes)
            continue;
        *at = s->at + (rva - s->rva);
        *left = s->bytes - (rva - s->rva);
        return true;
    }
    if (rva >= f->headers || rva >= f->size)
        return false;
    *at = rva;
    *left = (f->headers < f->size ? f->headers : f->size) - rva;
    return true;
}

size_t pe_some(const struct pe_file *f, uint32_t rva, void *p, size_t n)
{
    uint64_t at, left;
    if (!find_rva(f, rva, &at, &left))
        return 0;
    ptrdiff_t got = spool_read(f->bytes, at, p, left < n ? (size_t)left : n, f->fault);
    return got > 0 ? (size_t)got : 0;
}

int pe_fault(const struct pe_file *f, struct err *e)
{
    if (f->fault->code < 0 && e != NULL && e->code == 0)
        *e = *f->fault;
    return f->fault->code;
}

bool pe_at(const struct pe_file *f, uint32_t rva, void *p, size_t n)
{
    return pe_some(f, rva, p, n) == n;
}

bool pe_string(const struct pe_file *f, uint32_t rva, char *out, size_t room)
{
    size_t n = pe_some(f, rva, out, room - 1);
    out[n] = '\0';
    return n > 0 && out[0] != '\0';
}

/* ---- stretches ---- */

static int compare_ends(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Of sections that share bytes the one with code counts: there they can do most. */
static struct pe_stretch stretch_at(const struct pe_file *f, uint64_t at)
{
    struct pe_stretch best = {.place = at < f->headers && f->n_sections > 0 ? PE_HEADERS
                                                                            : PE_OVERLAY,
                              .section = PE_SECTIONS};
    uint32_t resources = f->directory[PE_DIR_RESOURCE].rva;
    for (size_t i = 0; i < f->n_sections; i++) {
        const struct pe_section *s = &f->sections[i];
        if (at < s->at || at - s->at >= s->bytes)
            continue;
        bool holds =
            resources != 0 && resources >= s->rva && resources - s->rva < s->span;
        enum pe_place place = s->runs ? PE_CODE : holds ? PE_RESOURCES : PE_DATA;
        if (place < best.place) {
            best.place = place;
            best.section = i;
        }
    }
    return best;
}

size_t pe_stretches(const struct pe_file *f, struct pe_stretch out[PE_STRETCHES])
{
    uint64_t ends[PE_STRETCHES];
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < f->n_sections; i++) {
        ends[n++] = f->sections[i].at;
        ends[n++] = f->sections[i].at + f->sections[i].bytes;
    }
    ends[n++] = f->headers < f->size ? f->headers : f->size;
    ends[n++] = f->size;
    qsort(ends, n, sizeof *ends, compare_ends);
    uint64_t from = 0;
    for (size_t i = 0; i < n; i++) {
        if (ends[i] <= from || ends[i] > f->size)
            continue;
        out[kept] = stretch_at(f, from);
        out[kept++].end = ends[i];
        from = ends[i];
    }
    return kept;
}
