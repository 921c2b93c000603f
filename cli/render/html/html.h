/* SPDX-License-Identifier: MIT */
/* The pieces of a page of HTML; the struct html borrows its sink and options.
 *
 * Pages are well-formed XML, too.  Whatever is not a constant of ours goes through
 * html_text, in content and in attributes alike: it is made inert and escaped there, and
 * nowhere else. */
#ifndef CLI_RENDER_HTML_H
#define CLI_RENDER_HTML_H

#include "cli/render/number.h"
#include "cli/render/phrase.h"
#include "cli/render/render.h"

struct html {
    struct sink *out;
    const struct render_opts *o;
    struct err *e;
    unsigned level; /* of a section's heading: 2, or 3 where there are several hosts */
    unsigned host;  /* number of the host at hand, from 1: ids begin with it */
    unsigned ids;   /* charts so far */
};

/* ---- html.c ---- */

void html_text(struct html *h, const char *s);
/* Begins a sentence for html_phrase: its code spans become elements, and each figure one
 * with data-v, what it rounds. */
void html_start(struct phrase *p);
void html_phrase(struct html *h, const struct phrase *p);
void html_figure(struct html *h, struct num n); /* one of those, alone */
/* Our own markup; %s only for constants and numbers. */
void html_put(struct html *h, const char *fmt, ...) ERR_PRINTF(2, 3);
void html_tag(struct html *h, struct pool_tag t); /* its blanks are seen */
/* <p class="CLASS">...</p>; nothing for an empty sentence. */
void html_para(struct html *h, const char *class, const struct phrase *p);
void html_item(struct html *h, const struct phrase *p); /* <li> */
/* In aria-labelledby: the heading of the host, for parts of several hosts are called
 * alike. */
void html_host_id(struct html *h);
/* <section> with its heading, named by the constant `id`. */
void html_section(struct html *h, const char *id, const char *title);
void html_section_end(struct html *h);

/* ---- parts of the page, a file each ---- */

void html_style(struct html *h);  /* <style> */
void html_script(struct html *h); /* <script>: what it adds can be done without */
void html_gauges(struct html *h, const struct rank_view *v, enum pool_kind k);
/* One of the two, as the number of snapshots has it. */
void html_ranked(struct html *h, const struct rank_view *v);
void html_sizes(struct html *h, const struct rank_view *v);
void html_baseline(struct html *h, const struct rank_view *v);
void html_pools(struct html *h, const struct rank_view *v);
int html_suspects(struct html *h, const struct rank_view *v) ERR_WARN_UNUSED;
void html_company(struct html *h, const struct rank_view *v);
void html_meaning(struct html *h, const struct rank_view *v);
int html_host(struct html *h, const struct rank_view *v) ERR_WARN_UNUSED;
void html_fleet(struct html *h, const struct fleet_view *v);
void html_sources(struct html *h);

#endif
