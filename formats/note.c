/* SPDX-License-Identifier: MIT */
#include "formats/note.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum note_severity severity;
    const char *meaning;
} table[NOTE_CODES] = {
#define NOTE(id, code, severity, meaning) {code, NOTE_##severity, meaning},
#include "formats/notes.def"
#undef NOTE
};

const char *note_name(enum note_code c)
{
    return table[c].name;
}

const char *note_meaning(enum note_code c)
{
    return table[c].meaning;
}

enum note_severity note_severity(enum note_code c)
{
    return table[c].severity;
}

const char *note_severity_name(enum note_severity s)
{
    static const char *const names[] = {"info", "repair", "loss"};
    return names[s];
}

int note_find(const char *name, size_t n)
{
    for (int c = 0; c < NOTE_CODES; c++)
        if (strlen(table[c].name) == n && memcmp(table[c].name, name, n) == 0)
            return c;
    return -1;
}

int note_add(struct note_list *l, struct err *e, enum note_code c, uint64_t line,
             const char *fmt, ...)
{
    if (l->seen[c]++ >= NOTES_PER_CODE)
        return 0;
    void *v = l->v;
    TRY(grow(&v, &l->cap, l->n + 1, sizeof *l->v, e));
    l->v = v;
    char words[NOTE_WORDS];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(words, sizeof words, fmt, ap);
    va_end(ap);
    const char *text = words[0] != '\0' ? words : table[c].meaning;
    size_t at = l->text.n;
    TRY(buf_append(&l->text, text, strlen(text) + 1, e));
    l->v[l->n++] = (struct note){.code = c, .line = line, .text = at};
    return 0;
}

const char *note_text(const struct note_list *l, const struct note *n)
{
    return n->text == SIZE_MAX ? table[n->code].meaning
                               : (const char *)l->text.p + n->text;
}

void note_list_mute(struct note_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        l->v[i].text = SIZE_MAX;
}

int note_list_copy(struct note_list *to, const struct note_list *from, struct err *e)
{
    void *v = to->v;
    TRY(grow(&v, &to->cap, from->n, sizeof *to->v, e));
    to->v = v;
    if (from->n > 0)
        memcpy(to->v, from->v, from->n * sizeof *to->v);
    to->n = from->n;
    memcpy(to->seen, from->seen, sizeof to->seen);
    return buf_append(&to->text, from->text.p, from->text.n, e);
}

void note_list_clear(struct note_list *l)
{
    l->n = 0;
    l->text.n = 0;
    memset(l->seen, 0, sizeof l->seen);
}

void note_list_free(struct note_list *l)
{
    free(l->v);
    buf_free(&l->text);
    *l = (struct note_list){0};
}
