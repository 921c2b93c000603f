/* SPDX-License-Identifier: MIT */
/* The lists of poolsift(1). */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/know/rules.h"
#include "cli/know/yaml.h"
#include "cli/manual/gen/lists.h"
#include "formats/frame.h"
#include "formats/note.h"
#include "formats/reader.h"

/* ---- commands and options ---- */

/* Arguments of a command: an option, or what the person puts there. */
static void write_arguments(const char *args)
{
    char words[64];
    char *rest = words;
    (void)snprintf(words, sizeof words, "%s", args);
    (void)putchar('.');
    for (char *w; (w = strtok_r(rest, " ", &rest)) != NULL;)
        (void)printf("%s%s %s", w == words ? "" : " ", *w == '-' ? "Fl" : "Ar",
                     *w == '-' ? w + 1 : w);
    (void)putchar('\n');
}

static bool write_synopsis(const char *word)
{
    for (const struct command *c = command_table; c->name != NULL; c++) {
        (void)printf(".Nm\n.Cm %s\n.Op Ar OPTION ...\n", c->name);
        if (*c->args != '\0')
            write_arguments(c->args);
    }
    return *word == '\0';
}

/* The call of an example, without the words behind it. */
static void example_call(const char *example)
{
    const char *end = strstr(example, "  ");
    char call[128];
    (void)snprintf(call, sizeof call, "%.*s",
                   end != NULL ? (int)(end - example) : (int)strlen(example), example);
    mdoc_literal(call);
}

static bool write_command(const char *word)
{
    const struct command *c = command_find(word);
    if (c == NULL)
        return false;
    (void)printf(".Ss %s", c->name);
    if (*c->args != '\0')
        (void)printf(" %s", c->args);
    (void)putchar('\n');
    return true;
}

static bool write_examples(const char *word)
{
    const struct command *c = command_find(word);
    if (c == NULL || *c->examples == NULL)
        return false;
    (void)puts(".Bd -literal -offset indent");
    for (const char *const *x = c->examples; *x != NULL; x++) {
        const char *words = strstr(*x, "  ");
        if (words != NULL) {
            words += strspn(words, " ");
            (void)printf("# ");
            mdoc_literal(words);
        }
        example_call(*x);
    }
    (void)puts(".Ed");
    return true;
}

static bool write_takers(const struct option_row *o)
{
    unsigned all = 0, takes = 0, bits = 0;
    for (const struct command *c = command_table; c->name != NULL; c++) {
        all++;
        takes += (o->commands & (unsigned)c->bit) != 0;
        bits |= o->commands & (unsigned)c->bit;
    }
    if (takes == all || bits == (C_LOADS & ~C_CASE)) {
        (void)printf("For all commands%s.\n", takes == all ? "" : " that read captures");
        return true;
    }
    char line[256] = "For ";
    unsigned n = 0;
    for (const struct command *c = command_table; c->name != NULL; c++) {
        if (!(o->commands & (unsigned)c->bit))
            continue;
        n++;
        const size_t at = strlen(line);
        (void)snprintf(line + at, sizeof line - at, "%s%s", c->name,
                       n == takes       ? "."
                       : n + 1 == takes ? " and "
                                        : ", ");
    }
    mdoc_text(line);
    return takes > 0;
}

static bool write_options(const char *word)
{
    for (const struct option_row *o = option_table; o->name != NULL; o++) {
        (void)fputs(".It", stdout);
        if (o->letter != 0)
            (void)printf(" Fl %c ,", o->letter);
        (void)printf(" Fl -%s", o->name);
        if (o->arg != NULL)
            (void)printf(" Ar %s", o->arg);
        char words[256];
        (void)snprintf(words, sizeof words, "%s.", o->help);
        (void)putchar('\n');
        mdoc_text(words);
        if (!write_takers(o))
            return false;
    }
    return *word == '\0';
}

/* ---- what is read, noted and bounded ---- */

static bool write_formats(const char *word)
{
    for (const struct format *f = format_table; f->name != NULL; f++) {
        const bool reads = f->text != NULL || f->binary != NULL;
        char words[256];
        (void)printf(".It Cm %s\n", f->name);
        (void)snprintf(words, sizeof words, "%s (%s%s%s).", f->title, f->suffixes,
                       f->writer != NULL ? "; also written" : "",
                       reads ? "" : "; only written");
        mdoc_text(words);
    }
    return *word == '\0';
}

static bool write_notes(const char *word)
{
    bool any = false;
    for (int i = 0; i < NOTE_CODES; i++) {
        const enum note_code c = (enum note_code)i;
        if (strcmp(note_severity_name(note_severity(c)), word) != 0)
            continue;
        (void)printf(".It Cm %s\n", note_name(c));
        mdoc_text(note_meaning(c));
        any = true;
    }
    return any;
}

static void limit_item(unsigned long long v, bool bytes, const char *words)
{
    (void)fputs(".It ", stdout);
    mdoc_size(v, bytes);
    (void)putchar('\n');
    mdoc_text(words);
}

static bool write_limits(const char *word)
{
    enum { COUNT, BYTES };
    const struct yaml_limits yaml = YAML_LIMITS_DEFAULT;
#define LIMIT_ITEM(member, type, value, unit, words)                                     \
    limit_item(value, unit == BYTES, words);
    LIMITS(LIMIT_ITEM)
#undef LIMIT_ITEM
    limit_item(FRAME_PAYLOAD_MAX, true, "one block of an archive or of a capture file");
    limit_item(yaml.bytes, true, "a case, a list of tags or of rules in YAML");
    limit_item(UINT32_MAX - 1, false, "snapshots of one series");
    limit_item(NOTES_PER_CODE, false, "notes of one code and input; more are counted");
    return *word == '\0';
}

static bool write_exits(const char *word)
{
#define EXIT_CODE(id, code, words)                                                       \
    (void)printf(".It %d\n", code);                                                      \
    mdoc_text(words ".");
#include "cli/exits.def"
#undef EXIT_CODE
    return *word == '\0';
}

static bool write_environment(const char *word)
{
#define ENVIRONMENT(name, words)                                                         \
    (void)puts(".It Ev " name);                                                          \
    mdoc_text(words ".");
#include "cli/environment.def"
#undef ENVIRONMENT
    return *word == '\0';
}

/* ---- verdicts and rules ---- */

static void verdict_item(enum verdict v, enum confidence c)
{
    (void)printf(".It %s Ta %s Ta %s\n", verdict_words(v, c), verdict_name(v),
                 confidence_name(c) != NULL ? confidence_name(c) : "");
}

static bool write_verdicts(const char *word)
{
    for (int i = 0; i < VERDICTS; i++) {
        const enum verdict v = (enum verdict)i;
        if (v == VERDICT_LEAK) {
            verdict_item(v, CONFIDENCE_STRONG);
            continue;
        }
        if (v == VERDICT_GROWING) {
            verdict_item(v, CONFIDENCE_PROBABLE);
            verdict_item(v, CONFIDENCE_POSSIBLE);
        }
        verdict_item(v, v == VERDICT_GROWING ? CONFIDENCE_UNPROVEN : CONFIDENCE_NONE);
    }
    return *word == '\0';
}

/* The words that a key takes, where they are a closed list. */
static void key_words(enum rule_key k)
{
    const char *const *words = rule_key_words(k);
    char line[256] = "";
    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        const size_t n = strlen(line);
        (void)snprintf(line + n, sizeof line - n, "%s%s%s", i == 0 ? "One of " : ", ",
                       words[i], words[i + 1] == NULL ? "." : "");
    }
    mdoc_text(line);
}

static bool write_rule_keys(const char *word)
{
    static const char *const values[] = {
        [RULE_WORDS] = "WORD",   [RULE_SIZE] = "SIZE",  [RULE_PERCENT] = "PERCENT",
        [RULE_PATTERNS] = "PAT", [RULE_TEXTS] = "NAME", [RULE_COUNT] = "N",
        [RULE_HOURS] = "HOURS",  [RULE_YES] = "yes",
    };
#define RULE_KEY(id, name, kind, words)                                                  \
    (void)printf(".It Cm %s : Ar %s\n", name, values[RULE_##kind]);                      \
    mdoc_text(words ".");                                                                \
    key_words(RULE_KEY_##id);
#include "cli/analyze/rule_keys.def"
#undef RULE_KEY
    return *word == '\0';
}

static bool write_rule_words(const char *word)
{
#define RULE_WORD(id, name, sized, words)                                                \
    (void)printf(".It Li {%s%s}\n", name, (sized) ? ":SIZE" : "");                       \
    mdoc_text(words ".");
#include "cli/analyze/rule_words.def"
#undef RULE_WORD
    return *word == '\0';
}

const struct list manual_lists[] = {
    {"synopsis", write_synopsis},
    {"command", write_command},
    {"examples", write_examples},
    {"options", write_options},
    {"formats", write_formats},
    {"notes", write_notes},
    {"limits", write_limits},
    {"exits", write_exits},
    {"environment", write_environment},
    {"verdicts", write_verdicts},
    {"rule-keys", write_rule_keys},
    {"rule-words", write_rule_words},
    {NULL, NULL},
};
