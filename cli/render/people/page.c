/* SPDX-License-Identifier: MIT */
#include "cli/render/people/page.h"

#include <string.h>

#include "cli/render/inert.h"
#include "cli/render/people/ascii.h"

#define WIDTH_LEAST    40
#define MARKDOWN_WIDTH 78 /* of pictures: boxes of code are no wider */

struct page page_of(struct render *r)
{
    return (struct page){
        .out = r->out, .o = r->o, .e = r->e, .markdown = r->how->markdown};
}

static unsigned page_width(const struct page *g)
{
    return g->o->width < WIDTH_LEAST ? WIDTH_LEAST : g->o->width;
}

/* Bytes of the next line of s: broken at a blank, or inside a word that is too long. */
static size_t line_length(const char *s, unsigned columns)
{
    size_t n = strlen(s);
    size_t fits = text_fit(s, n, columns);
    if (fits == n)
        return n;
    size_t cut = fits;
    while (cut > 0 && s[cut] != ' ')
        cut--;
    return cut > 0 ? cut : fits > 0 ? fits : 1;
}

static void put(const struct page *g, const char *s, size_t n)
{
    if (g->o->ascii && !g->markdown)
        ascii_write(g->out, s, n);
    else
        sink_write(g->out, s, n);
}

static void wrap(const struct page *g, const char *s, unsigned first, unsigned indent,
                 enum style style)
{
    unsigned margin = first;
    do {
        size_t n = line_length(s, page_width(g) - margin);
        sink_printf(g->out, "%*s", (int)margin, "");
        sink_puts(g->out, g->o->color ? style_on(style) : "");
        put(g, s, n);
        sink_puts(g->out, g->o->color ? style_off(style) : "");
        sink_write(g->out, "\n", 1);
        s += n;
        while (*s == ' ')
            s++;
        margin = indent;
    } while (*s != '\0');
}

static void end_list(struct page *g)
{
    if (g->markdown && g->in_list)
        sink_write(g->out, "\n", 1);
    g->in_list = false;
}

void page_answer(struct page *g, const struct phrase *p, enum style style)
{
    end_list(g);
    if (g->markdown) {
        sink_printf(g->out, "**%s**\n\n", p->s);
        return;
    }
    wrap(g, p->s, 0, 0, style);
}

void page_para(struct page *g, const struct phrase *p, unsigned indent)
{
    end_list(g);
    if (g->markdown)
        sink_printf(g->out, "%s\n\n", p->s);
    else
        wrap(g, p->s, 0, indent, STYLE_PLAIN);
}

void page_item_styled(struct page *g, const struct phrase *p, unsigned level,
                      enum style style)
{
    g->in_list = true;
    if (g->markdown)
        sink_printf(g->out, "%*s- %s\n", (int)(2 * level), "", p->s);
    else
        wrap(g, p->s, 2 * level + 2, level == 0 ? 4 : 2 * level + 2, style);
}

void page_item(struct page *g, const struct phrase *p, unsigned level)
{
    page_item_styled(g, p, level, STYLE_PLAIN);
}

void page_heading(struct page *g, const char *title)
{
    end_list(g);
    if (g->markdown)
        sink_printf(g->out, "### %s\n\n", title);
    else
        wrap(g, title, 0, 0, STYLE_HEAD);
}

int page_table(struct page *g, struct table *t)
{
    end_list(g);
    if (!g->markdown)
        return table_print(t, g->out, page_width(g), g->o->color, g->o->ascii);
    TRY(table_print_markdown(t, g->out));
    sink_puts(g->out, "\n");
    return 0;
}

void page_fold(struct page *g, const char *title)
{
    end_list(g);
    if (g->markdown)
        sink_printf(g->out, "<details><summary>%s</summary>\n\n", title);
    else
        page_heading(g, title);
}

void page_unfold(struct page *g)
{
    end_list(g);
    if (g->markdown)
        sink_puts(g->out, "</details>\n\n");
}

void page_picture(struct page *g)
{
    end_list(g);
    if (g->markdown)
        sink_puts(g->out, "```\n");
}

void page_line(struct page *g, const struct phrase *p)
{
    size_t n = p->n;
    while (n > 0 && p->s[n - 1] == ' ')
        n--;
    put(g, p->s, n);
    sink_write(g->out, "\n", 1);
}

void page_picture_end(struct page *g)
{
    if (g->markdown)
        sink_puts(g->out, "```\n\n");
}

unsigned page_columns(const struct page *g)
{
    return g->markdown ? MARKDOWN_WIDTH : page_width(g);
}

void page_gap(struct page *g)
{
    if (!g->markdown)
        sink_puts(g->out, "\n");
}
