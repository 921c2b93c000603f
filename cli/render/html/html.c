/* SPDX-License-Identifier: MIT */
#include "cli/render/html/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/inert.h"

#define MARKUP_MAX 1024 /* of one call of html_put */

void html_put(struct html *h, const char *fmt, ...)
{
    char text[MARKUP_MAX];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n > 0)
        sink_write(h->out, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

static void put_escaped(struct html *h, const char *s, size_t n)
{
    static const char marks[] = "&<>\"'";
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < n;) {
        const char *mark = strchr(marks, s[i]);
        if (mark != NULL && s[i] != '\0') {
            sink_puts(h->out, entities[mark - marks]);
            i++;
            continue;
        }
        char out[INERT_MAX];
        size_t written;
        i += inert_step(s + i, n - i, out, &written);
        sink_write(h->out, out, written);
    }
}

void html_text(struct html *h, const char *s)
{
    put_escaped(h, s, strlen(s));
}

/* ---- sentences ---- */

static bool is_mark(char c)
{
    return c != '\0' && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c) != NULL;
}

/* The next run of exactly n backticks in s, or NULL. */
static const char *closing(const char *s, size_t n)
{
    while ((s = strchr(s, '`')) != NULL) {
        size_t run = strspn(s, "`");
        if (run == n)
            return s;
        s += run;
    }
    return NULL;
}

/* The inside of a code span, without the blank at each end that Markdown wants. */
static void put_code(struct html *h, const char *s, size_t n)
{
    if (n > 2 && s[0] == ' ' && s[n - 1] == ' ' && strspn(s, " ") < n) {
        s++;
        n -= 2;
    }
    html_put(h, n > 0 && *s == '-' ? "<code class=\"option\">" : "<code>");
    put_escaped(h, s, n);
    html_put(h, "</code>");
}

/* The end of the figure that begins at s, or NULL when it was cut. */
static const char *put_figure(struct html *h, const char *s)
{
    const char *text = strchr(s, FIGURE_TEXT), *end = strchr(s, FIGURE_END);
    if (text == NULL || end == NULL || end < text)
        return NULL;
    html_put(h, "<span data-v=\"");
    put_escaped(h, s + 1, (size_t)(text - s - 1));
    html_put(h, "\">");
    put_escaped(h, text + 1, (size_t)(end - text - 1));
    html_put(h, "</span>");
    return end + 1;
}

void html_figure(struct html *h, struct num n)
{
    struct phrase p;
    html_start(&p);
    say(&p, "%s", FIGURE(&p, n));
    html_phrase(h, &p);
}

void html_start(struct phrase *p)
{
    phrase_start(p, true);
    p->exact = true;
}

void html_phrase(struct html *h, const struct phrase *p)
{
    static const char special[] = {'`', '\\', FIGURE_FROM, '\0'};
    for (const char *s = p->s; *s != '\0';) {
        size_t plain = strcspn(s, special);
        put_escaped(h, s, plain);
        s += plain;
        const char *behind = *s == FIGURE_FROM ? put_figure(h, s) : NULL;
        if (behind != NULL) {
            s = behind;
        } else if (*s == FIGURE_FROM) {
            put_escaped(h, s++, 1);
        } else if (*s == '\\') {
            s += is_mark(s[1]);
            put_escaped(h, s++, 1);
        } else if (*s == '`') {
            size_t run = strspn(s, "`");
            const char *end = closing(s + run, run);
            if (end != NULL)
                put_code(h, s + run, (size_t)(end - s) - run);
            else
                put_escaped(h, s, run);
            s = end != NULL ? end + run : s + run;
        }
    }
}

void html_tag(struct html *h, struct pool_tag t)
{
    char text[TAG_TEXT_MAX];
    (void)tag_text(t, text);
    html_put(h, "<code>");
    html_text(h, text);
    html_put(h, "</code>");
}

void html_para(struct html *h, const char *class, const struct phrase *p)
{
    if (p->n == 0)
        return;
    html_put(h, "<p class=\"%s\">", class);
    html_phrase(h, p);
    html_put(h, "</p>\n");
}

void html_item(struct html *h, const struct phrase *p)
{
    html_put(h, "<li>");
    html_phrase(h, p);
    html_put(h, "</li>\n");
}

void html_host_id(struct html *h)
{
    if (h->level > 2)
        html_put(h, "host%u-h ", h->host);
}

void html_section(struct html *h, const char *id, const char *title)
{
    html_put(h, "<section class=\"%s\" aria-labelledby=\"", id);
    html_host_id(h);
    html_put(h, "h%u-%s\">\n<h%u id=\"h%u-%s\">%s</h%u>\n", h->host, id, h->level,
             h->host, id, title, h->level);
}

void html_section_end(struct html *h)
{
    html_put(h, "</section>\n");
}
