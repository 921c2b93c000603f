/* SPDX-License-Identifier: MIT */
#include "cli/term.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/redact/redact.h"
#include "cli/render/inert.h"

#define PROGRESS_AFTER_MS 500
#define PROGRESS_EVERY_MS 170 /* at most six times a second */
#define PROGRESS_CALLS    8   /* the clock is asked after so many calls, ... */
#define PROGRESS_BYTES    (UINT64_C(1) << 20) /* ... or after so much was read */

static int64_t now_ms(void)
{
    struct timespec ts;
    if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
        return 0;
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void term_init(struct term *t)
{
    *t = (struct term){.started_ms = now_ms()};
}

/* It knows no escape sequences. */
static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return term == NULL || strcmp(term, "dumb") == 0;
}

void term_configure(struct term *t, const struct options *o)
{
    t->quiet = o->quiet;
    t->progress =
        o->progress == WHEN_ALWAYS || (o->progress == WHEN_AUTO && !o->quiet &&
                                       isatty(STDERR_FILENO) == 1 && !is_dumb());
}

bool term_color(const struct options *o)
{
    if (o->color != WHEN_AUTO)
        return o->color == WHEN_ALWAYS;
    const char *no = getenv("NO_COLOR");
    return o->output == NULL && isatty(STDOUT_FILENO) == 1 &&
           (no == NULL || *no == '\0') && !is_dumb();
}

bool term_ascii(const struct options *o)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    if (o->ascii || o->output != NULL || isatty(STDOUT_FILENO) != 1)
        return o->ascii;
    const char *locale = NULL;
    for (size_t i = 0; i < 3 && (locale == NULL || *locale == '\0'); i++)
        locale = getenv(names[i]);
    const char *dot = locale != NULL ? strchr(locale, '.') : NULL;
    return dot == NULL ||
           (strncasecmp(dot, ".UTF-8", 6) != 0 && strncasecmp(dot, ".UTF8", 5) != 0);
}

static unsigned width_of(int fd)
{
#ifdef TIOCGWINSZ
    struct winsize w;
    if (isatty(fd) == 1 && ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col >= 40)
        return w.ws_col;
#else
    (void)fd;
#endif
    return 80;
}

unsigned term_width(void)
{
    return width_of(STDOUT_FILENO);
}

void term_safe(char *out, size_t cap, const char *text)
{
    size_t n = 0;
    for (size_t left = strlen(text); left > 0 && n + INERT_MAX < cap;) {
        size_t written;
        const size_t step = inert_step(text, left, out + n, &written);
        text += step;
        left -= step;
        n += written;
    }
    out[n] = '\0';
}

static void erase_progress(struct term *t)
{
    if (t->drawn)
        (void)fputs("\r\033[K", stderr);
    t->drawn = false;
}

void term_error(struct term *t, const struct err *e)
{
    erase_progress(t);
    char place[2 * sizeof e->place], text[2 * sizeof e->text], hint[2 * sizeof e->hint];
    struct err redacted = *e;
    if (t->names != NULL) {
        redact_err(t->names, &redacted);
        e = &redacted;
    }
    term_safe(place, sizeof place, e->place);
    term_safe(text, sizeof text, e->text);
    term_safe(hint, sizeof hint, e->hint);
    (void)fprintf(stderr, "poolsift: %s%s%s\n", place, *place != '\0' ? ": " : "", text);
    if (*hint != '\0')
        (void)fprintf(stderr, "hint: %s\n", hint);
    t->failed = true;
}

/* An assumption is told a few times, damage more often. */
static uint64_t most(enum note_code c)
{
    return note_severity(c) == NOTE_INFO ? 3 : NOTES_PER_CODE;
}

void term_note(struct term *t, const char *source, uint64_t line, enum note_code c,
               const char *words)
{
    if (note_severity(c) != NOTE_INFO)
        t->severe++;
    if (t->notes[c]++ >= most(c) || t->quiet)
        return;
    erase_progress(t);
    char name[512], text[1024], place[4096], said[1024];
    if (t->names != NULL) {
        (void)snprintf(place, sizeof place, "%s", source);
        (void)snprintf(said, sizeof said, "%s", words);
        redact_place(t->names, place, sizeof place);
        redact_words_in(t->names, said, sizeof said);
        source = place;
        words = said;
    }
    term_safe(name, sizeof name, source);
    term_safe(text, sizeof text, words);
    if (line > 0)
        (void)fprintf(stderr, "poolsift: %s:%" PRIu64 ": note: %s\n", name, line, text);
    else
        (void)fprintf(stderr, "poolsift: %s%snote: %s\n", name, *name != '\0' ? ": " : "",
                      text);
}

void term_notes(struct term *t, const char *source, const struct note_list *l)
{
    uint64_t kept[NOTE_CODES] = {0};
    for (size_t i = 0; i < l->n; i++) {
        term_note(t, source, l->v[i].line, l->v[i].code, note_text(l, &l->v[i]));
        kept[l->v[i].code]++;
    }
    for (int c = 0; c < NOTE_CODES; c++) {
        uint64_t more = l->seen[c] > kept[c] ? l->seen[c] - kept[c] : 0;
        t->notes[c] += more;
        if (note_severity((enum note_code)c) != NOTE_INFO)
            t->severe += more;
    }
}

void term_progress(struct term *t, const struct progress *v)
{
    if (!t->progress)
        return;
    if (++t->calls < PROGRESS_CALLS && v->bytes - t->progress_bytes < PROGRESS_BYTES)
        return;
    t->calls = 0;
    t->progress_bytes = v->bytes;
    int64_t now = now_ms();
    if (now - t->started_ms < PROGRESS_AFTER_MS || now - t->drawn_ms < PROGRESS_EVERY_MS)
        return;
    struct phrase p;
    phrase_start(&p, false);
    /* In the last column the cursor would go to the next line. */
    words_progress(&p, v, width_of(STDERR_FILENO) - 1);
    t->drawn_ms = now;
    t->drawn = true;
    (void)fprintf(stderr, "\r%s\033[K", p.s);
    (void)fflush(stderr);
}

static void print_inert(const char *text)
{
    char out[INERT_MAX];
    for (size_t left = strlen(text), written, step; left > 0; left -= step) {
        step = inert_step(text, left, out, &written);
        text += step;
        (void)fwrite(out, 1, written, stderr);
    }
}

void term_names(struct term *t)
{
    for (int kind = 0; t->names != NULL && kind < REDACT_KINDS; kind++) {
        for (size_t i = 0; i < t->names->n; i++) {
            const struct redact_entry *v = &t->names->v[i];
            if (v->kind != (enum redact_kind)kind)
                continue;
            (void)fprintf(stderr, "poolsift: redact: %s = ", v->name);
            print_inert(v->original);
            (void)fputc('\n', stderr);
        }
    }
}

void term_progress_end(struct term *t)
{
    erase_progress(t);
    (void)fflush(stderr);
}

void term_results_stream(struct term *t, const struct options *o)
{
    if (o->output == NULL && isatty(STDOUT_FILENO) == 1)
        t->progress = false;
}

void term_finish(struct term *t)
{
    erase_progress(t);
    if (t->quiet)
        return;
    for (int c = 0; c < NOTE_CODES; c++)
        if (t->notes[c] > most((enum note_code)c))
            (void)fprintf(stderr, "poolsift: note: %" PRIu64 " more of this kind: %s\n",
                          t->notes[c] - most((enum note_code)c),
                          note_meaning((enum note_code)c));
}
