/* SPDX-License-Identifier: MIT */
/* Remarks about an input, owned by the list they stand in: what a reader repaired,
 * assumed or could not read.  Codes, severities and meanings: notes.def. */
#ifndef FORMATS_NOTE_H
#define FORMATS_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"

enum note_code {
#define NOTE(id, code, severity, meaning) NOTE_##id,
#include "formats/notes.def"
#undef NOTE
    NOTE_CODES
};

enum note_severity { NOTE_INFO, NOTE_REPAIR, NOTE_LOSS };

#define NOTES_PER_CODE 20  /* kept in a list; the others are counted */
#define NOTE_WORDS     512 /* bytes of a note's words, with their NUL */

struct note {
    enum note_code code;
    uint64_t line; /* in the source, from 1; 0 = the whole of it */
    size_t text;   /* offset of NUL-terminated words in the list's text, or SIZE_MAX:
                      the meaning */
};

struct note_list {
    struct note *v;
    size_t n, cap;
    struct buf text;
    uint64_t seen[NOTE_CODES]; /* how often each code was noted, kept or not */
};

const char *note_name(enum note_code c);    /* "time-from-name" */
const char *note_meaning(enum note_code c); /* one sentence */
enum note_severity note_severity(enum note_code c);
const char *note_severity_name(enum note_severity s); /* "info", "repair", "loss" */
/* The code of that name, or -1. */
int note_find(const char *name, size_t n);

/* Adds a note (words may be empty: then the meaning serves).  Beyond
 * NOTES_PER_CODE of one code only the count grows. */
int note_add(struct note_list *l, struct err *e, enum note_code c, uint64_t line,
             const char *fmt, ...) ERR_PRINTF(5, 6) ERR_WARN_UNUSED;
const char *note_text(const struct note_list *l, const struct note *n);
/* Every note says its meaning alone: words may quote the input. */
void note_list_mute(struct note_list *l);
/* *to, empty or cleared, becomes a copy. */
int note_list_copy(struct note_list *to, const struct note_list *from,
                   struct err *e) ERR_WARN_UNUSED;
void note_list_clear(struct note_list *l); /* empties, keeps storage */
void note_list_free(struct note_list *l);

#endif
