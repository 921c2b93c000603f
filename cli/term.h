/* SPDX-License-Identifier: MIT */
/* The only place that writes to stderr: messages, notes and progress.  The struct term
 * belongs to main; nothing here allocates. */
#ifndef CLI_TERM_H
#define CLI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "cli/render/words/words_progress.h"
#include "formats/err.h"
#include "formats/note.h"

struct term {
    bool quiet;
    bool progress;      /* draw it at all */
    bool drawn;         /* something stands on the progress line */
    int64_t started_ms; /* of the monotonic clock */
    int64_t drawn_ms;
    unsigned calls;             /* of term_progress since the clock was asked */
    uint64_t progress_bytes;    /* where it was then */
    uint64_t notes[NOTE_CODES]; /* printed or counted in this call */
    uint64_t severe;            /* notes that --strict fails on */
    bool failed;                /* an error was printed: exit 2 */
    struct redact *names;       /* of --redact, borrowed; or NULL */
};

void term_init(struct term *t);
/* After the options are known. */
void term_configure(struct term *t, const struct options *o);

/* True when results go to a terminal that understands colour, or when it was asked. */
bool term_color(const struct options *o);
/* True when text shall hold ASCII alone: it was asked, or results go to a terminal whose
 * locale knows no UTF-8.  What is piped or saved does not depend on the locale. */
bool term_ascii(const struct options *o);
/* Columns of stdout: 80 when it is no terminal. */
unsigned term_width(void);

/* "poolsift: PLACE: text" and "hint: ..." on lines of their own; sets failed. */
void term_error(struct term *t, const struct err *e);
/* "poolsift: SOURCE:LINE: note: words"; of one code only the first few of a call
 * are printed (NOTES_PER_CODE of damage), term_finish counts the others. */
void term_note(struct term *t, const char *source, uint64_t line, enum note_code c,
               const char *words);
/* All notes of a list. */
void term_notes(struct term *t, const char *source, const struct note_list *l);
/* One call a snapshot, or a block: it is cheap.  Draws on a terminal, after half a
 * second, a few times a second. */
void term_progress(struct term *t, const struct progress *v);
/* The line disappears: what follows stands in its place. */
void term_progress_end(struct term *t);
/* Results go to a terminal while inputs are read: there they are the progress. */
void term_results_stream(struct term *t, const struct options *o);
void term_finish(struct term *t);
/* "poolsift: redact: file-001 = PATH", a line each: the only place that has the names. */
void term_names(struct term *t);

/* Copies text, inert as in cli/render/inert.h; for names that strangers chose. */
void term_safe(char *out, size_t cap, const char *text);

#endif
