/* SPDX-License-Identifier: MIT */
/* mkmanual man|bash <TEMPLATE >FILE: a line that is nothing but `@name@` or `@name word@`
 * gives way to that list, all others stay.  A mark that means nothing fails the build,
 * and so does a list that the template has no place for: what the program knows is there.
 */
#include <stdio.h>
#include <string.h>

#include "cli/manual/gen/lists.h"

enum { LINE_MOST = 512, LISTS_MOST = 32 };

static int complain(const char *what, const char *word)
{
    (void)fprintf(stderr, "mkmanual: %s: %s\n", what, word);
    return 1;
}

/* A line without its end: text, or a mark. */
static int take(const struct list *lists, bool used[LISTS_MOST], char *line)
{
    const size_t n = strlen(line);
    if (n < 3 || line[0] != '@' || line[n - 1] != '@') {
        (void)puts(line);
        return 0;
    }
    line[n - 1] = '\0';
    char *name = line + 1, *word = strchr(name, ' ');
    if (word != NULL)
        *word++ = '\0';
    for (size_t i = 0; lists[i].name != NULL; i++) {
        if (strcmp(lists[i].name, name) != 0)
            continue;
        used[i] = true;
        if (!lists[i].write(word != NULL ? word : ""))
            return complain("nothing is called so", word != NULL ? word : name);
        return 0;
    }
    return complain("there is no such list", name);
}

int main(int argc, char **argv)
{
    const bool man = argc == 2 && strcmp(argv[1], "man") == 0;
    if (!man && (argc != 2 || strcmp(argv[1], "bash") != 0)) {
        (void)fprintf(stderr, "usage: mkmanual man|bash <TEMPLATE >FILE\n");
        return 2;
    }
    const struct list *lists = man ? manual_lists : completion_lists;
    bool used[LISTS_MOST] = {false};
    char line[LINE_MOST];
    while (fgets(line, sizeof line, stdin) != NULL) {
        const size_t n = strcspn(line, "\n");
        if (line[n] == '\0')
            return complain("a line is too long, or has no end", line);
        line[n] = '\0';
        if (take(lists, used, line) != 0)
            return 1;
    }
    for (size_t i = 0; lists[i].name != NULL; i++)
        if (!used[i])
            return complain("the template has no place for this list", lists[i].name);
    if (ferror(stdin) || fflush(stdout) != 0 || ferror(stdout)) {
        perror("mkmanual");
        return 1;
    }
    return 0;
}
