/* SPDX-License-Identifier: MIT */
/* mkpe MACHINE TAG PUT[,PUT...] [COMPANY [IMPORT...]]: a made-up driver on standard
 * output.  MACHINE is x86, x64 or arm64; PUT where the tag stands: call, thunk, number,
 * stray, string, text, table, resource, overlay, backwards or none. */
#include <stdio.h>
#include <string.h>

#include "tests/tools/pe.h"

static bool put_of(const char *words, unsigned *put)
{
    static const char *const names[] = {"call",    "thunk",    "number", "stray",
                                        "string",  "text",     "table",  "resource",
                                        "overlay", "backwards"};
    for (const char *p = words; *p != '\0';) {
        size_t n = strcspn(p, ","), i = 0, known = sizeof names / sizeof *names;
        while (i < known && (strlen(names[i]) != n || strncmp(names[i], p, n) != 0))
            i++;
        if (i < known)
            *put |= 1u << i;
        else if (n != 4 || strncmp(p, "none", 4) != 0)
            return false;
        p += n + (p[n] == ',');
    }
    return true;
}

static bool machine_of(const char *word, enum made_machine *m)
{
    *m = strcmp(word, "x86") == 0   ? MADE_X86
         : strcmp(word, "x64") == 0 ? MADE_X64
                                    : MADE_ARM64;
    return *m != MADE_ARM64 || strcmp(word, "arm64") == 0;
}

int main(int argc, char **argv)
{
    static const char *const usual[] = {"ExAllocatePoolWithTag", "ExFreePoolWithTag",
                                        NULL};
    struct made_pe m = {.imports = usual, .version = "1.2.3.4"};
    if (argc < 4 || !machine_of(argv[1], &m.machine) || strlen(argv[2]) != 4 ||
        !put_of(argv[3], &m.put)) {
        (void)fprintf(stderr, "mkpe MACHINE TAG PUT[,PUT...] [COMPANY [IMPORT...]]\n");
        return 2;
    }
    m.tag = argv[2];
    m.company = argc > 4 ? argv[4] : NULL;
    if (argc > 5)
        m.imports = (const char *const *)(argv + 5);
    struct buf b = {0};
    int r = made_pe(&b, &m);
    bool written = r == 0 && fwrite(b.p, 1, b.n, stdout) == b.n && fflush(stdout) == 0;
    buf_free(&b);
    return written ? 0 : 1;
}
