/* SPDX-License-Identifier: MIT */
/* mkknow KIND FILE.yaml: the knowledge in that file as a table in C.  It uses the loader
 * of the program, so that an entry which the program would refuse fails the build. */
#include <stdio.h>
#include <string.h>

#include "cli/know/gen/emit.h"

static const struct {
    const char *name;
    int (*emit)(const char *path, struct err *e);
} kinds[] = {
    {"limits", emit_limits},
    {"rules", emit_rules},
    {"tags", emit_tags},
};

void emit_string(const char *s)
{
    if (s == NULL) {
        (void)printf("NULL");
        return;
    }
    (void)putchar('"');
    for (; *s != '\0'; s++) {
        const unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\' || c == '?') /* no trigraphs */
            (void)printf("\\%c", c);
        else if (c >= 0x20 && c < 0x7f)
            (void)putchar(c);
        else
            (void)printf("\\%03o", c);
    }
    (void)putchar('"');
}

void emit_strings_next(const char *s)
{
    emit_string(s);
    (void)printf(", ");
}

static int run(const char *kind, const char *path, struct err *e)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, kind) == 0)
            return kinds[i].emit(path, e);
    return err_set(e, ERR_USAGE, "there is no kind of knowledge called '%s'", kind);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    if (argc != 3) {
        (void)fprintf(stderr, "usage: mkknow KIND FILE.yaml >FILE.c\n");
        return 2;
    }
    (void)printf("/* made from %s: edit that */\n", argv[2]);
    if (run(argv[1], argv[2], &e) < 0) {
        (void)fprintf(stderr, "%s%s%s\n", e.place, *e.place != '\0' ? ": " : "", e.text);
        return 1;
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("mkknow");
        return 1;
    }
    return 0;
}
