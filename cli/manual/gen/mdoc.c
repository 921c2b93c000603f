/* SPDX-License-Identifier: MIT */
/* Words of the program's tables as mdoc. */
#include <stdio.h>
#include <string.h>

#include "cli/manual/gen/lists.h"

enum { WIDTH = 78 };

static void put(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\\')
            (void)fputs("\\e", stdout);
        else
            (void)putchar(p[i]);
    }
}

void mdoc_text(const char *words)
{
    size_t at = 0;
    for (const char *p = words; *p != '\0';) {
        const size_t n = strcspn(p, " ");
        if (at > 0 && at + 1 + n > WIDTH) {
            (void)putchar('\n');
            at = 0;
        }
        if (at > 0)
            (void)putchar(' ');
        else if (*p == '.' || *p == '\'')
            (void)fputs("\\&", stdout); /* no request */
        put(p, n);
        at += n + (at > 0);
        if (p[n - 1] == '.' && p[n] == ' ') {
            (void)putchar('\n');
            at = 0;
        }
        p += n;
        p += strspn(p, " ");
    }
    if (at > 0)
        (void)putchar('\n');
}

void mdoc_literal(const char *words)
{
    if (*words == '.' || *words == '\'')
        (void)fputs("\\&", stdout);
    put(words, strlen(words));
    (void)putchar('\n');
}

void mdoc_size(unsigned long long v, bool bytes)
{
    static const char *const units[] = {"", " KiB", " MiB", " GiB"};
    size_t unit = 0;
    for (; bytes && unit < 3 && v >= 1024 && v % 1024 == 0; unit++)
        v /= 1024;
    (void)printf("%llu%s", v, bytes && unit == 0 ? " bytes" : units[unit]);
}
