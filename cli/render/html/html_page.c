/* SPDX-License-Identifier: MIT */
/* The page of poolsift report: one file that needs nothing else. */
#include "cli/render/html/html.h"
#include "cli/render/report.h"
#include "cli/render/words/words.h"

static void head(struct html *h, const struct fleet *f)
{
    struct phrase title, shown;
    phrase_start(&title, false);
    words_report_title(&title, f);
    html_start(&shown);
    words_report_title(&shown, f);
    html_put(h, "<!DOCTYPE html>\n"
                "<html lang=\"en\">\n<head>\n"
                "<meta charset=\"utf-8\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, "
                "initial-scale=1\"/>\n"
                "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                "'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\"/>\n"
                "<title>");
    html_text(h, title.s);
    html_put(h, "</title>\n");
    html_style(h);
    html_put(h, "</head>\n<body>\n<header><p>poolsift</p><h1>");
    html_phrase(h, &shown);
    html_put(h, "</h1></header>\n<main>\n");
}

static void foot(struct html *h, bool complete)
{
    struct phrase p;
    html_start(&p);
    if (!complete) {
        say(&p, "Note: ");
        words_incomplete(&p);
        say(&p, ".");
    }
    html_para(h, "remark", &p);
    html_sources(h);
    html_put(h,
             "</main>\n<footer><p>Sizes: K is 1024 bytes. Rates are means; what stands "
             "as 90%% holds nine tenths of what as long a time would bring. Only what is "
             "proven is called a leak.</p></footer>\n");
    html_script(h);
    html_put(h, "</body>\n</html>\n");
}

static int rank(struct render *r, struct rank_hosts *hosts)
{
    struct html h = {.out = r->out, .o = r->o, .e = r->e, .level = 2};
    const struct rank_view *v;
    int more;
    bool many = hosts->fleet.f->n_series > 1;
    head(&h, hosts->fleet.f);
    if (many)
        html_fleet(&h, &hosts->fleet);
    while ((more = hosts->next(hosts->ctx, &v, r->e)) > 0) {
        h.level = many ? 3 : 2;
        h.host++;
        TRY(html_host(&h, v));
    }
    TRY(more);
    foot(&h, hosts->complete);
    return 0;
}

const struct renderer render_html = {.name = "html", .fleet_first = true, .rank = rank};
