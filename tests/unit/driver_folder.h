/* SPDX-License-Identifier: MIT */
/* Test helper: made-up drivers in a folder of their own.  setup makes it, teardown
 * removes it with its files; struct drivers is the caller's (drivers_free). */
#ifndef TESTS_UNIT_DRIVER_FOLDER_H
#define TESTS_UNIT_DRIVER_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/tags/drivers.h"
#include "tests/tools/pe.h"

static const char *const pool[] = {"ExAllocatePoolWithTag", "ExFreePoolWithTag", NULL};
static const char *const pool2[] = {"ExAllocatePool2", NULL};
static const char *const ndis[] = {"NdisAllocateMemoryWithTag", NULL};
static const char *const framework[] = {"WdfVersionBind", NULL};
static const char *const resolver[] = {"MmGetSystemRoutineAddress", NULL};
static const char *const nothing[] = {"IoCreateDevice", NULL};

/* Files in one folder, which the teardown removes. */
struct folder_of {
    char path[64];
    char *files[40];
    size_t n;
};

static inline char *joined(const char *folder, const char *name)
{
    size_t n = strlen(folder) + strlen(name) + 2;
    char *path = malloc(n);
    assert_non_null(path);
    (void)snprintf(path, n, "%s/%s", folder, name);
    return path;
}

static inline void add_bytes(struct folder_of *f, const char *name, const void *p,
                             size_t n)
{
    char *path = joined(f->path, name);
    f->files[f->n++] = path;
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(p, 1, n, out), n);
    assert_int_equal(fclose(out), 0);
}

static inline void add_pe(struct folder_of *f, const char *name, struct made_pe m)
{
    struct buf b = {0};
    if (m.tag == NULL)
        m.tag = "Kd1x";
    if (m.machine == 0)
        m.machine = f->n % 2 ? MADE_X86 : MADE_X64;
    assert_int_equal(made_pe(&b, &m), 0);
    add_bytes(f, name, b.p, b.n);
    buf_free(&b);
}

static inline int setup(void **state)
{
    struct folder_of *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    (void)snprintf(f->path, sizeof f->path, "build/drivers-XXXXXX");
    *state = f;
    return mkdtemp(f->path) != NULL ? 0 : -1;
}

static inline int teardown(void **state)
{
    struct folder_of *f = *state;
    for (size_t i = 0; i < f->n; i++) {
        (void)remove(f->files[i]);
        free(f->files[i]);
    }
    (void)rmdir(f->path);
    free(f);
    return 0;
}

static inline int scan(struct drivers *d, const char *const *tags, size_t n,
                       const char *where, struct term *t, struct err *e)
{
    struct pool_tag v[DRIVER_TAGS];
    for (size_t i = 0; i < n && i < DRIVER_TAGS; i++)
        v[i] = tag_from(tags[i], 4);
    return drivers_scan(d, v, n, &where, 1, t, e);
}

static inline void must_scan(struct drivers *d, const char *tag, const char *where)
{
    struct term t = {.quiet = true};
    struct err e = {0};
    assert_int_equal(scan(d, &tag, 1, where, &t, &e), 0);
    assert_false(t.failed);
}

static inline const char *base(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash != NULL ? slash + 1 : file;
}

static inline void fill(struct folder_of *f)
{
    static const char *const innocent[] = {"acpi",     "disk",  "fastfat", "hidusb",
                                           "kbdclass", "mouse", "ntfs",    "pci",
                                           "serial",   "usbhub"};
    for (size_t i = 0; i < 10; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s.sys", innocent[i]);
        add_pe(f, name,
               (struct made_pe){.imports = i % 3 ? pool : pool2, .company = "Inn"});
    }
    add_pe(f, "a-text.sys", (struct made_pe){.imports = pool, .put = PUT_TEXT});
    add_pe(f, "b-overlay.sys", (struct made_pe){.imports = pool, .put = PUT_OVERLAY});
    add_pe(f, "c-string.sys", (struct made_pe){.imports = pool, .put = PUT_STRING});
    add_pe(f, "d-table.sys", (struct made_pe){.imports = pool, .put = PUT_TABLE});
    add_pe(f, "e-stray.sys", (struct made_pe){.imports = pool, .put = PUT_STRAY});
    add_pe(f, "f-noalloc.exe", (struct made_pe){.imports = nothing, .put = PUT_NUMBER});
    add_pe(f, "g-resolver.sys", (struct made_pe){.imports = resolver, .put = PUT_NUMBER});
    add_pe(f, "h-number.sys", (struct made_pe){.imports = pool, .put = PUT_NUMBER});
    add_pe(f, "i-wdf.sys", (struct made_pe){.imports = framework, .put = PUT_NUMBER});
    add_pe(f, "k-backwards.sys", (struct made_pe){.imports = pool, .put = PUT_BACKWARDS});
    add_pe(f, "z-right.sys",
           (struct made_pe){.imports = ndis, .put = PUT_CALL, .company = "Right Corp"});
    add_bytes(f, "readme.txt", "no driver, Kd1x\n", 16);
}

#endif
