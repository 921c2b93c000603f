/* SPDX-License-Identifier: MIT */
/* The lists of bash completion: branches of `case`. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/manual/gen/lists.h"
#include "cli/option_values.h"
#include "cli/topics.h"

static bool write_commands(const char *word)
{
    (void)printf("    local commands='");
    for (const struct command *c = command_table; c->name != NULL; c++)
        (void)printf("%s%s", c == command_table ? "" : " ", c->name);
    (void)puts("'");
    return *word == '\0';
}

static bool write_topics(const char *word)
{
    (void)printf("    local topics='");
    for (const struct topic *t = topic_table; t->name != NULL; t++)
        (void)printf("%s%s", t == topic_table ? "" : " ", t->name);
    (void)puts("'");
    return *word == '\0';
}

/* COMMAND) options='-i --include ...' ;; */
static bool write_options(const char *word)
{
    for (const struct command *c = command_table; c->name != NULL; c++) {
        (void)printf("    %s)\n        options='", c->name);
        const char *blank = "";
        for (const struct option_row *o = option_table; o->name != NULL; o++) {
            if (!(o->commands & (unsigned)c->bit))
                continue;
            if (o->letter != 0)
                (void)printf("%s-%c --%s", blank, o->letter, o->name);
            else
                (void)printf("%s--%s", blank, o->name);
            blank = " ";
        }
        (void)puts("'\n        ;;");
    }
    return *word == '\0';
}

/* What a command's operands are. */
static bool write_operands(const char *word)
{
    for (const struct command *c = command_table; c->name != NULL; c++) {
        const char *what = "none";
        if (strstr(c->args, "INPUT") != NULL || strstr(c->args, "OLD") != NULL)
            what = "files";
        else if (strstr(c->args, "COMMAND") != NULL)
            what = "commands";
        (void)printf("    %s) operands=%s ;;\n", c->name, what);
    }
    return *word == '\0';
}

struct values {
    bool any;
};

static void put_value(void *to, const char *text)
{
    struct values *v = to;
    (void)printf("%s%s", v->any ? " " : "        words='", text);
    v->any = true;
}

/* -p | --pool) takes=words words='nonpaged paged both' ;; */
static bool write_values(const char *word)
{
    for (int i = 0; option_table[i].name != NULL; i++) {
        const struct option_row *o = &option_table[i];
        if (o->arg == NULL)
            continue;
        if (o->letter != 0)
            (void)printf("    -%c | --%s)\n", o->letter, o->name);
        else
            (void)printf("    --%s)\n", o->name);
        (void)printf("        takes=%s\n", option_names_path(o) ? "files" : "words");
        struct values v = {false};
        option_each_value(i, put_value, &v);
        (void)puts(v.any ? "'\n        ;;" : "        ;;");
    }
    return *word == '\0';
}

const struct list completion_lists[] = {
    {"commands", write_commands}, {"topics", write_topics}, {"options", write_options},
    {"operands", write_operands}, {"values", write_values}, {NULL, NULL},
};
