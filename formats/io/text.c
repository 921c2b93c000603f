/* SPDX-License-Identifier: MIT */
/* Lines point into a window of decoded text.  There are two windows: when text_peek
 * needs more text, what follows the line that the reader holds moves to the other one,
 * so that the held line stays where it is.
 *
 * Little is decoded ahead: a caller who knows the next lines when it sees them is shown
 * the source's own bytes behind the window (text_rest), which are then neither copied nor
 * looked at here.  So that its being there changes nothing, what was found in the text is
 * kept by place and told for the lines that were given. */
#include "formats/io/text.h"

#include <stdlib.h>
#include <string.h>

#include "formats/bytes.h"
#include "formats/io/decode.h"

#define WINDOW_BYTES ((size_t)256 * 1024)
#define ROOM_MIN     ((size_t)4096)
#define FORESEEN     (WINDOW_BYTES - 2 * ROOM_MIN) /* at most, by one that must see ahead */
#define CONTROL_Z    0x1a
#define AHEAD_SLOTS  (8 * TEXT_LOOKAHEAD)
#define END_BYTES    2 /* of CR CR LF, before the LF */

struct window {
    uint8_t *p;
    size_t n, cap;
};

struct text {
    struct input *in;
    struct decoder decoder;
    size_t line_bytes; /* the limit */
    struct window window[2];
    unsigned now; /* the window that is read */
    bool held;    /* the reader's line stands in window[now] */
    bool ended;   /* nothing more to decode */
    bool control_z;
    uint8_t end_char;                    /* LF, or CR where a text has no LF */
    size_t scan;                         /* in window[now]: behind the last line found */
    uint64_t foreseen;                   /* place up to which the text was seen ahead */
    uint64_t number;                     /* of the last line found */
    struct text_line ahead[AHEAD_SLOTS]; /* found, not given yet */
    size_t at[AHEAD_SLOTS];              /* where they stand in window[now] */
    size_t first, count;                 /* of them */
    struct err failed;                   /* sticky */
};

/* ---- the windows ---- */

static int window_room(struct window *w, size_t need, struct err *e)
{
    void *p = w->p;
    int r = grow(&p, &w->cap, need > WINDOW_BYTES ? need : WINDOW_BYTES, 1, e);
    w->p = p;
    return r;
}

/* Moves all that is not given yet to the front of a window in which nothing is held. */
static int move_rest(struct text *t)
{
    struct window *from = &t->window[t->now];
    size_t start = t->count > 0 ? t->at[t->first] : t->scan;
    size_t rest = from->n - start;
    struct window *to = t->held ? &t->window[!t->now] : from;
    TRY(window_room(to, rest + 2 * ROOM_MIN, &t->failed));
    memmove(to->p, from->p + start, rest);
    to->n = rest;
    if (t->held) {
        t->now = !t->now;
        t->held = false;
    }
    t->scan -= start;
    for (size_t i = 0; i < t->count; i++) {
        t->at[i] = t->at[t->first + i] - start;
        t->ahead[i] = t->ahead[t->first + i];
        t->ahead[i].p = (const char *)to->p + t->at[i];
    }
    t->first = 0;
    return 0;
}

/* Decodes some more text behind window[now]; false when there is none, at the end and
 * after a fault (t->failed). */
static bool refill(struct text *t)
{
    if (t->ended || t->failed.code != 0)
        return false;
    struct window *w = &t->window[t->now];
    const bool empty = !t->held && t->count == 0 && t->scan == w->n;
    if (empty || w->cap - w->n < ROOM_MIN) {
        if (move_rest(t) < 0)
            return false;
        w = &t->window[t->now];
    }
    ptrdiff_t r = decode_some(&t->decoder, t->in, w->p + w->n, ROOM_MIN, &t->failed);
    if (r > 0)
        w->n += (size_t)r;
    t->ended = r == 0;
    return r > 0;
}

/* The place in the text (struct decoder) of what stands in window[now] at `at`. */
static uint64_t place(const struct text *t, size_t at)
{
    return t->decoder.made - (t->window[t->now].n - at);
}

/* The place up to which lines were given. */
static uint64_t given(const struct text *t)
{
    return place(t, t->count > 0 ? t->at[t->first] : t->scan);
}

/* From the end of the last line found on, the text tells less than the source. */
static void not_exact_here(struct text *t)
{
    const uint64_t here = place(t, t->scan);
    if (here < t->decoder.inexact_from)
        t->decoder.inexact_from = here;
}

/* ---- lines ---- */

static int too_long(struct text *t)
{
    (void)err_set(&t->failed, ERR_LIMIT, "a line is longer than %zu bytes, the limit",
                  t->line_bytes);
    err_place(&t->failed, input_name(t->in), t->number + 1);
    err_hint(&t->failed, "this is probably no text");
    return t->failed.code;
}

/* A text that begins without any LF may have the line ends of old Macintoshes. */
static bool switch_to_cr(struct text *t, size_t n)
{
    if (t->number > 0 || t->end_char == '\r')
        return false;
    if (n > t->line_bytes + END_BYTES)
        n = t->line_bytes + END_BYTES;
    if (memchr(t->window[t->now].p + t->scan, '\r', n) == NULL)
        return false;
    t->end_char = '\r';
    not_exact_here(t);
    return true;
}

static void set_line(struct text *t, size_t n, enum text_eol eol, struct text_line *line)
{
    *line = (struct text_line){.p = (const char *)t->window[t->now].p + t->scan,
                               .n = n,
                               .number = ++t->number,
                               .eol = (uint8_t)eol};
}

/* How many of n bytes before a line end are the line. */
static size_t without_crs(const struct text *t, const uint8_t *p, size_t n)
{
    if (t->end_char == '\n')
        while (n > 0 && p[n - 1] == '\r')
            n--;
    return n;
}

/* The line of n bytes and the CRs behind it that end_char ends. */
static int ended_line(struct text *t, size_t n, size_t crs, struct text_line *line)
{
    if (crs > END_BYTES)
        not_exact_here(t);
    set_line(t, n, crs == 0 ? EOL_LF : crs == 1 ? EOL_CRLF : EOL_CRCRLF, line);
    t->scan += n + crs + 1;
    return 1;
}

/* What stands behind the last line end, n bytes: 1 when it is a line. */
static int last_line(struct text *t, size_t n, struct text_line *line)
{
    const uint8_t *p = t->window[t->now].p + t->scan;
    size_t rest = n;
    while (rest > 0 && p[rest - 1] == CONTROL_Z)
        rest--;
    t->control_z |= rest < n;
    rest = without_crs(t, p, rest);
    if (rest < n)
        not_exact_here(t);
    if (rest > t->line_bytes)
        return too_long(t);
    if (rest > 0)
        set_line(t, rest, EOL_NONE, line);
    t->scan += n;
    return rest > 0;
}

/* Finds the next line in the window, which may have to be refilled and so may move:
 * 1, 0 at the end, negative (t->failed).  Half a line before a fault is not given. */
static int find_line(struct text *t, struct text_line *line)
{
    size_t seen = 0; /* bytes without end_char */
    for (;;) {
        const struct window *w = &t->window[t->now];
        const uint8_t *start = w->p + t->scan;
        size_t n = w->n - t->scan;
        const uint8_t *end =
            n > seen ? memchr(start + seen, t->end_char, n - seen) : NULL;
        seen = end != NULL ? (size_t)(end - start) : n;
        bool fits = seen <= t->line_bytes + END_BYTES;
        if (end != NULL && fits) {
            size_t text = without_crs(t, start, seen);
            if (text <= t->line_bytes)
                return ended_line(t, text, seen - text, line);
        } else if (fits && refill(t)) {
            continue;
        }
        if (t->failed.code != 0)
            return t->failed.code;
        if (!switch_to_cr(t, seen))
            return fits && end == NULL ? last_line(t, seen, line) : too_long(t);
        seen = 0;
    }
}

int text_next(struct text *t, struct text_line *line, struct err *e)
{
    t->held = false;
    int r = 1;
    if (t->count > 0) {
        *line = t->ahead[t->first++];
        t->count--;
    } else {
        r = find_line(t, line);
    }
    if (r < 0 && e != NULL && e->code == 0)
        *e = t->failed;
    t->held = r > 0;
    return r;
}

/* All that may be asked for is found at once: later calls need not move anything. */
int text_peek(struct text *t, const struct text_line **lines, size_t want, struct err *e)
{
    if (t->first + TEXT_LOOKAHEAD > AHEAD_SLOTS) {
        memmove(t->ahead, t->ahead + t->first, t->count * sizeof *t->ahead);
        memmove(t->at, t->at + t->first, t->count * sizeof *t->at);
        t->first = 0;
    }
    int r = 1;
    while (t->count < TEXT_LOOKAHEAD && r > 0) {
        struct text_line line;
        r = find_line(t, &line);
        if (r <= 0)
            break;
        size_t slot = t->first + t->count++;
        t->ahead[slot] = line;
        t->at[slot] = (size_t)((const uint8_t *)line.p - t->window[t->now].p);
    }
    *lines = t->ahead + t->first;
    if (r < 0 && t->count == 0) {
        if (e != NULL && e->code == 0)
            *e = t->failed;
        return r;
    }
    return (int)(want < t->count ? want : t->count);
}

int text_lines(struct text *t, const struct text_line *line,
               struct text_line lines[1 + TEXT_LOOKAHEAD], struct err *e)
{
    const struct text_line *more;
    const int n = text_peek(t, &more, TEXT_LOOKAHEAD, e);
    if (n < 0)
        return n;
    lines[0] = *line;
    memcpy(lines + 1, more, (size_t)n * sizeof *more);
    return 1 + n;
}

/* The source's own bytes may be shown: nothing of what was decoded is left. */
static bool used_up(const struct text *t)
{
    return t->scan == t->window[t->now].n && decode_is_plain(&t->decoder);
}

struct text_rest text_rest(struct text *t)
{
    if (t->count > 0 || t->end_char != '\n' || t->line_bytes < TEXT_REST_LINE)
        return (struct text_rest){0};
    /* A line may have been decoded by half, and other encodings must be. */
    while (!used_up(t) && t->window[t->now].n - t->scan < TEXT_REST_LINE)
        if (!refill(t))
            break;
    const struct window *w = &t->window[t->now];
    const uint8_t *p = w->p + t->scan;
    ptrdiff_t n = (ptrdiff_t)(w->n - t->scan);
    if (used_up(t))
        n = decode_look(t->in, TEXT_REST_LINE, &p, NULL);
    return (struct text_rest){
        .p = (const char *)p, .n = n > 0 ? (size_t)n : 0, .number = t->number + 1};
}

void text_skip(struct text *t, size_t bytes, uint64_t lines)
{
    if (used_up(t)) {
        input_consume(t->in, bytes);
        t->decoder.made += bytes;
    } else {
        t->scan += bytes;
    }
    t->number += lines;
}

/* ---- from anywhere ---- */

bool text_place(const struct text *t, const struct text_line *line, uint64_t *at)
{
    static const uint8_t ends[] = {
        [EOL_NONE] = 0, [EOL_LF] = 1, [EOL_CRLF] = 2, [EOL_CRCRLF] = 3};
    const struct decoder *d = &t->decoder;
    *at = given(t) - line->n - ends[line->eol];
    return d->encoding == ENC_PLAIN && !d->wide && d->high_from == DECODE_NOWHERE &&
           d->inexact_from == DECODE_NOWHERE && t->foreseen == 0 && !t->control_z &&
           t->end_char == '\n' && t->failed.code == 0;
}

void text_seek(struct text *t, uint64_t at, uint64_t number)
{
    input_seek(t->in, at);
    t->window[t->now].n = t->scan = t->first = t->count = 0;
    t->held = t->ended = false;
    t->decoder.made = at;
    t->decoder.line_start = true;
    t->number = number - 1;
}

/* ---- opening, closing, telling ---- */

int text_open(struct text **out, struct input *in, const struct limits *l, struct err *e)
{
    struct text *t = calloc(1, sizeof *t);
    if (t == NULL)
        return err_nomem(e);
    t->in = in;
    t->line_bytes = l->line_bytes < SIZE_MAX / 4 ? l->line_bytes : SIZE_MAX / 4;
    t->end_char = '\n';
    int r = window_room(&t->window[0], WINDOW_BYTES, e);
    if (r < 0) {
        text_close(t);
        return r;
    }
    decode_begin(&t->decoder, in);
    *out = t;
    return 0;
}

void text_close(struct text *t)
{
    if (t == NULL)
        return;
    free(t->window[0].p);
    free(t->window[1].p);
    free(t);
}

enum pool_encoding text_encoding(const struct text *t)
{
    return t->decoder.encoding;
}

void text_foresee(struct text *t)
{
    const uint64_t from = given(t), to = from + FORESEEN;
    if (from + FORESEEN / 2 < t->foreseen)
        return;
    while (t->decoder.made < to && refill(t))
        ;
    t->foreseen = to;
}

bool text_is_one_byte(struct text *t)
{
    if (t->foreseen == 0 && t->decoder.high_from < given(t))
        text_foresee(t);
    const uint64_t seen = t->foreseen > given(t) ? t->foreseen : given(t);
    return t->decoder.one_byte_from < seen;
}

bool text_had_control_z(const struct text *t)
{
    return t->control_z;
}

bool text_had_nul_padding(const struct text *t)
{
    return t->decoder.dropped_nul;
}

bool text_is_exact(const struct text *t)
{
    const uint64_t at = given(t);
    if (t->ended && at == t->decoder.made)
        return t->decoder.inexact_from == DECODE_NOWHERE;
    return at <= t->decoder.inexact_from;
}
