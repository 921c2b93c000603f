/* SPDX-License-Identifier: MIT */
/* Bytes as a command line: the first word is the command, a NUL or the end of a line
 * stands between words.  Nothing is run.  What is not refused in words is the same when
 * it is parsed again; a case file's `options` go the other way, by name and value. */

#include "cli/command.h"
#include "tests/fuzz/fuzz.h"

enum { WORDS = 64 };

/* Cuts text (a NUL behind it) into words and puts a NULL behind them. */
static int cut(char *text, size_t n, char **words)
{
    int count = 0;
    char *word = text;
    for (size_t i = 0; i <= n && count < WORDS; i++) {
        if (i < n && text[i] != '\0' && text[i] != '\n')
            continue;
        text[i] = '\0';
        words[count++] = word;
        word = text + i + 1;
    }
    words[count] = NULL;
    return count;
}

static void check_refusal(int r, const struct err *e)
{
    assert(r == 0 || (r < 0 && e->code == r && e->text[0] != '\0'));
}

static bool same_times(const struct options *a, const struct options *b)
{
    return a->at.ms == b->at.ms && a->since.ms == b->since.ms &&
           a->until.ms == b->until.ms && a->time.ms == b->time.ms &&
           a->start.ms == b->start.ms && a->every_ms == b->every_ms &&
           a->tz_min == b->tz_min;
}

static void parse(const struct command *command, const char *text, size_t n)
{
    struct options o[2];
    struct err e[2] = {{0}, {0}};
    char *line[2], *words[2][WORDS + 1], **operands[2];
    int r[2], n_operands[2];
    for (int i = 0; i < 2; i++) {
        line[i] = malloc(n + 1);
        assert(line[i] != NULL);
        memcpy(line[i], text, n);
        line[i][n] = '\0';
        const int count = cut(line[i], n, words[i]);
        r[i] = options_parse(&o[i], command->bit, count, words[i], &operands[i],
                             &n_operands[i], &e[i]);
        check_refusal(r[i], &e[i]);
    }
    assert(r[0] == r[1] && strcmp(e[0].text, e[1].text) == 0);
    assert(o[0].given == o[1].given && o[0].n_typed == o[1].n_typed);
    assert(r[0] < 0 || (n_operands[0] == n_operands[1] && same_times(&o[0], &o[1])));
    if (r[0] == 0) {
        const struct pool_tag tag = {{'I', 'S', 'i', 'l'}};
        (void)options_select(&o[0], tag, POOL_NONPAGED);
        assert(options_threads(&o[0]) > 0);
        (void)options_top(&o[0]);
    }
    for (int i = 0; i < 2; i++) {
        options_free(&o[i]);
        free(line[i]);
    }
}

/* name=value by turns, as a case file has them. */
static void set(const char *text, size_t n)
{
    char *words[WORDS + 1], *line = malloc(n + 1);
    struct options o = options_default();
    struct err e = {0};
    assert(line != NULL);
    memcpy(line, text, n);
    line[n] = '\0';
    const int count = cut(line, n, words);
    int r = 0;
    for (int i = 0; i < count && r == 0; i++) {
        char *value = strchr(words[i], '=');
        if (value != NULL)
            *value++ = '\0';
        r = options_set(&o, C_CASE, words[i], value, &e);
        check_refusal(r, &e);
    }
    if (r == 0)
        check_refusal(options_end(&o, &e), &e);
    options_free(&o);
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    char name[16] = "";
    for (size_t i = 0; i < size && i < sizeof name - 1 && text[i] != '\n'; i++)
        name[i] = text[i];
    const struct command *command = command_find(name);
    if (command != NULL)
        parse(command, text, size);
    else
        set(text, size);
    (void)command_nearest(name);
    return 0;
}
