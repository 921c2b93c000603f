/* SPDX-License-Identifier: MIT */
#include "cli/render/phrase.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/inert.h"

#define NAME_MAX_BYTES 1024 /* of one name inside a sentence */

void phrase_start(struct phrase *p, bool markdown)
{
    p->n = 0;
    p->s[0] = '\0';
    p->markdown = markdown;
    p->exact = false;
}

static void overflow(struct phrase *p)
{
    memcpy(p->s + PHRASE_MAX - 4, "...", 4);
    p->n = PHRASE_MAX - 1;
}

static void add(struct phrase *p, const char *s, size_t n)
{
    if (n > PHRASE_MAX - 1 - p->n) {
        overflow(p);
        return;
    }
    memcpy(p->s + p->n, s, n);
    p->n += n;
    p->s[p->n] = '\0';
}

void say(struct phrase *p, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(p->s + p->n, PHRASE_MAX - p->n, fmt, ap);
    va_end(ap);
    if (n < 0)
        return;
    if ((size_t)n >= PHRASE_MAX - p->n)
        overflow(p);
    else
        p->n += (size_t)n;
}

static void add_inert(struct phrase *p, const char *s, size_t n, bool pipes)
{
    size_t i = 0;
    while (i < n && i < NAME_MAX_BYTES) {
        char out[INERT_MAX];
        size_t written;
        if (pipes && s[i] == '|') {
            /* A backslash before it would itself be escaped, and the pipe not. */
            const bool after = i > 0 && s[i - 1] == '\\';
            add(p, after ? "\\x7c" : "\\|", after ? 4 : 2);
            i++;
            continue;
        }
        i += inert_step(s + i, n - i, out, &written);
        add(p, out, written);
    }
    if (i < n)
        add(p, "...", 3);
}

void say_code_span(struct phrase *p, const char *s, size_t n, bool in_table)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < n; i++) {
        run = s[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    /* The fence must be longer than any run inside.  A blank at both ends is taken off
     * again by Markdown, so one is added where the text itself needs it. */
    bool blanks = n > 0 && s[0] == ' ' && s[n - 1] == ' ' && strspn(s, " ") < n;
    bool pad = n == 0 || s[0] == '`' || s[n - 1] == '`' || blanks;
    for (size_t i = 0; i <= longest; i++)
        add(p, "`", 1);
    add(p, " ", pad);
    add_inert(p, s, n, in_table);
    add(p, " ", pad);
    for (size_t i = 0; i <= longest; i++)
        add(p, "`", 1);
}

void say_name(struct phrase *p, const char *s)
{
    if (p->markdown)
        say_code_span(p, s, strlen(s), false);
    else
        add_inert(p, s, strlen(s), false);
}

void say_words(struct phrase *p, const char *s)
{
    if (p->markdown &&
        strpbrk(s, "@<`") != NULL) { /* an escaped @ still calls somebody */
        say_code_span(p, s, strlen(s), false);
        return;
    }
    for (const char *at = s; *at != '\0'; at = s) {
        s += strcspn(s, "\\`*[]<>|");
        add_inert(p, at, (size_t)(s - at), false);
        if (*s == '\0')
            return;
        if (p->markdown)
            add(p, "\\", 1);
        add(p, s++, 1);
    }
}

/* Bytes of the code span that begins at s, as Markdown sees it: up to the next run of as
 * many backticks; 0 when there is none. */
static size_t code_length(const char *s)
{
    const size_t fence = strspn(s, "`");
    for (size_t i = fence, run; s[i] != '\0'; i += run) {
        run = strspn(s + i, "`");
        if (run == fence)
            return i + run;
        run += strcspn(s + i + run, "`");
    }
    return 0;
}

void say_prose(struct phrase *p, const char *s)
{
    for (size_t n = strlen(s), i = 0, code = 0; i < n;) {
        char out[INERT_MAX];
        size_t written;
        if (p->exact && strchr((const char[]){FIGURE_FROM, FIGURE_TEXT, FIGURE_END, '\0'},
                               s[i]) != NULL) {
            add(p, s + i++, 1);
            continue;
        }
        if (p->markdown && i >= code && s[i] == '`') {
            const size_t run = strspn(s + i, "`"), length = code_length(s + i);
            code = i + (length > 0 ? length : 0);
            for (size_t k = 0; k < run && length == 0; k++, i++)
                add(p, "\\`", 2);
            if (length == 0)
                continue;
        } else if (p->markdown && i >= code && strchr("*_<>[]|\\", s[i]) != NULL) {
            add(p, "\\", 1);
        }
        i += inert_step(s + i, n - i, out, &written);
        add(p, out, written);
    }
}

void say_tag(struct phrase *p, struct pool_tag t)
{
    char text[TAG_TEXT_MAX];
    size_t n = tag_text(t, text);
    if (p->markdown) {
        say_code_span(p, text, n, false);
        return;
    }
    while (n > 1 && text[n - 1] == ' ')
        n--;
    add(p, text, n);
}

void say_tag_pool(struct phrase *p, struct pool_tag t, unsigned pool)
{
    say_tag(p, t);
    if (pool != POOL_UNKNOWN)
        say(p, " (%s)", pool_kind_name((enum pool_kind)pool));
}

const char *phrase_figure(const struct phrase *p, struct num n, char room[FIGURE_MAX])
{
    char exact[NUM_EXACT] = "";
    if (p->exact)
        num_exact(&n, exact);
    if (*exact != '\0')
        (void)snprintf(room, FIGURE_MAX, "%c%s%c%s%c", FIGURE_FROM, exact, FIGURE_TEXT,
                       n.s, FIGURE_END);
    else
        (void)snprintf(room, FIGURE_MAX, "%s", n.s);
    return room;
}

void say_command(struct phrase *p, const char *s)
{
    if (p->markdown)
        say_code_span(p, s, strlen(s), false);
    else
        say(p, "`%s`", s);
}

void say_count(struct phrase *p, unsigned long long n, const char *one, const char *many)
{
    say(p, "%s %s", FIGURE(p, num_count(n)), n == 1 ? one : many);
}
