/* SPDX-License-Identifier: MIT */
#include "cli/render/html/html_table.h"

#include <inttypes.h>
#include <math.h>

void html_table(struct html *h, const char *caption, const struct html_column *cols,
                size_t n, size_t rows)
{
    unsigned id = ++h->ids;
    if (rows > HTML_ROWS)
        html_put(h,
                 "<p class=\"more\"><input type=\"checkbox\" id=\"m%u\"/> "
                 "<label for=\"m%u\">Show all <span data-v=\"%zu\">%zu</span> "
                 "rows</label></p>\n",
                 id, id, rows, rows);
    html_put(h, "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
                "aria-labelledby=\"");
    html_host_id(h);
    html_put(h,
             "c%u\">\n<table class=\"sort\"><caption id=\"c%u\">%s"
             "</caption>\n<thead><tr>",
             id, id, caption);
    for (size_t i = 0; i < n; i++)
        html_put(h, "<th scope=\"col\" class=\"%s\">%s</th>", cols[i].class,
                 cols[i].title);
    html_put(h, "</tr></thead>\n<tbody>\n");
}

void html_table_end(struct html *h)
{
    html_put(h, "</tbody></table></div>\n");
}

void html_row(struct html *h, size_t i)
{
    html_put(h, i == HTML_ROWS ? "</tbody>\n<tbody class=\"rest\">\n<tr>" : "<tr>");
}

void html_row_end(struct html *h)
{
    html_put(h, "</tr>\n");
}

void html_cell(struct html *h, const char *text)
{
    html_put(h, "<td>");
    html_text(h, text);
    html_put(h, "</td>");
}

void html_cell_u64(struct html *h, bool known, uint64_t v, const char *text)
{
    if (known)
        html_put(h, "<td data-v=\"%" PRIu64 "\">%s</td>", v, text);
    else
        html_put(h, "<td>-</td>");
}

void html_cell_i64(struct html *h, bool known, int64_t v, const char *text)
{
    if (known)
        html_put(h, "<td data-v=\"%" PRId64 "\">%s</td>", v, text);
    else
        html_put(h, "<td></td>");
}

void html_cell_real(struct html *h, double v, const char *text)
{
    const struct num n = {.kind = isfinite(v) ? NUM_REAL : NUM_WORDS, .of.real = v};
    char exact[NUM_EXACT];
    num_exact(&n, exact);
    html_put(h, *exact != '\0' ? "<td data-v=\"%s\">" : "<td>", exact);
    html_put(h, "%s</td>", text);
}

void html_cell_range(struct html *h, bool known, struct num low, struct num high)
{
    html_put(h, "<td>");
    if (known) {
        html_figure(h, low);
        html_put(h, " .. ");
        html_figure(h, high);
    }
    html_put(h, "</td>");
}

void html_cell_owner(struct html *h, struct owner o)
{
    html_put(h, "<td>");
    if (o.text != NULL)
        html_text(h, o.text);
    if (o.unverified)
        html_put(h, " <i>unverified</i>");
    html_put(h, "</td>");
}

void html_cell_with(struct html *h, const struct rank_view *v, uint32_t index)
{
    uint32_t id = v->r->tags[index].cohort;
    uint32_t first =
        id > 0 && id <= v->r->n_cohorts ? v->r->cohorts[id - 1].members[0].rank : 0;
    if (first > 0 && first != index + 1)
        html_put(h, "<td data-v=\"%" PRIu32 "\">#%" PRIu32 "</td>", first, first);
    else
        html_put(h, "<td></td>");
}

void html_cells_place(struct html *h, const struct rank_view *v, uint32_t index,
                      bool card)
{
    const struct rank_tag *t = &v->r->tags[index];
    html_put(h, "<td data-v=\"%" PRIu32 "\">%" PRIu32 "</td><th scope=\"row\">",
             index + 1, index + 1);
    if (card)
        html_put(h, "<a href=\"#s%u-%" PRIu32 "\">", h->host, index + 1);
    html_tag(h, t->tag);
    html_put(h, card ? "</a></th>" : "</th>");
    html_cell(h, pool_kind_short((enum pool_kind)t->pool));
}
