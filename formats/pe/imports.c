/* SPDX-License-Identifier: MIT */
/* What a PE file takes from others:
 *
 *   directory -> descriptors (20 bytes, one a DLL, ended by zeros)
 *     -> names, an array of addresses (4 or 8 bytes, ended by 0) -> hint (2), name
 *     -> slots, an array of the same length that calls go through
 *
 * and, of the kernel, what it gives: names in alphabetical order. */
#include "formats/pe/image.h"

#include <string.h>

#define DESCRIPTOR_BYTES 20
#define DLLS_MOST        512
#define FUNCTIONS_MOST   8192 /* of all DLLs */
#define CHUNK            64

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* Takes memory under a tag that its caller names: the allocators of kernel, NDIS, filter
 * manager and port drivers, and lookaside lists, which are told theirs once. */
static bool is_allocator(const char *name)
{
    return strstr(name, "AllocatePool") != NULL ||
           begins(name, "NdisAllocateMemoryWithTag") ||
           begins(name, "ExInitializePagedLookasideList") ||
           begins(name, "ExInitializeNPagedLookasideList") ||
           begins(name, "ExInitializeLookasideListEx") ||
           strcmp(name, "EngAllocMem") == 0;
}

static void add_allocator(struct pe_file *f, const char *name, uint32_t slot)
{
    struct pe_imports *m = &f->imports;
    if (f->n_slots < PE_SLOTS)
        f->slots[f->n_slots++].rva = slot;
    for (size_t i = 0; i < m->n_allocators; i++)
        if (strcmp(m->allocators[i], name) == 0)
            return;
    if (m->n_allocators < PE_ALLOCATORS)
        memcpy(m->allocators[m->n_allocators++], name, PE_NAME_MAX);
}

static void add_function(struct pe_file *f, uint32_t name_rva, uint32_t slot)
{
    char name[PE_NAME_MAX];
    f->imports.total++;
    if (name_rva > UINT32_MAX - 2 || !pe_string(f, name_rva + 2, name, sizeof name))
        return;
    if (is_allocator(name))
        add_allocator(f, name, slot);
    else if (begins(name, "WdfVersionBind"))
        f->imports.framework = true;
    else if (strcmp(name, "MmGetSystemRoutineAddress") == 0 ||
             strcmp(name, "NdisGetRoutineAddress") == 0)
        f->imports.resolves = true;
}

/* The functions of one DLL; false when the array has no end in the file. */
static bool read_functions(struct pe_file *f, uint32_t names, uint32_t slots)
{
    uint8_t chunk[CHUNK * 8];
    uint32_t each = f->wide ? 8 : 4;
    for (uint32_t i = 0; f->imports.total < FUNCTIONS_MOST; i += CHUNK) {
        size_t have = 0;
        if (names <= UINT32_MAX - i * each)
            have = pe_some(f, names + i * each, chunk, CHUNK * each) / each;
        for (uint32_t k = 0; k < have; k++) {
            const uint8_t *p = chunk + (size_t)k * each;
            uint64_t v = f->wide ? le64(p) : le32(p);
            bool by_number = v >> (f->wide ? 63 : 31) != 0;
            if (v == 0)
                return true;
            if (by_number)
                f->imports.total++;
            else
                add_function(f, (uint32_t)v, slots + (i + k) * each);
        }
        if (have < CHUNK)
            return false;
    }
    return false;
}

static bool read_dlls(struct pe_file *f)
{
    uint32_t at = f->directory[PE_DIR_IMPORT].rva;
    for (int i = 0; i < DLLS_MOST; i++) {
        uint8_t p[DESCRIPTOR_BYTES];
        if (!pe_at(f, at, p, sizeof p))
            return false;
        uint32_t names = le32(p), slots = le32(p + 16);
        if (slots == 0)
            return true;
        if (!read_functions(f, names != 0 ? names : slots, slots))
            return false;
        if (at > UINT32_MAX - DESCRIPTOR_BYTES)
            return false;
        at += DESCRIPTOR_BYTES;
    }
    return false;
}

/* True when the export table lists `wanted`; its names are sorted. */
static bool exports(const struct pe_file *f, const char *wanted)
{
    uint8_t p[40];
    if (f->directory[PE_DIR_EXPORT].rva == 0 ||
        !pe_at(f, f->directory[PE_DIR_EXPORT].rva, p, sizeof p))
        return false;
    uint32_t low = 0, high = le32(p + 24), names = le32(p + 32);
    if (high > (UINT32_MAX - names) / 4)
        return false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        char name[PE_NAME_MAX];
        uint8_t at[4];
        if (!pe_at(f, names + 4 * middle, at, sizeof at) ||
            !pe_string(f, le32(at), name, sizeof name))
            return false;
        int c = strcmp(wanted, name);
        if (c == 0)
            return true;
        if (c < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

void pe_read_imports(struct pe_file *f)
{
    if (f->n_sections == 0)
        return;
    f->imports.read = f->directory[PE_DIR_IMPORT].rva == 0 || read_dlls(f);
    f->imports.provides =
        exports(f, "ExAllocatePoolWithTag") || exports(f, "ExAllocatePool");
}
