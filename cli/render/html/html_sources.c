/* SPDX-License-Identifier: MIT */
/* What the page rests on: inputs and their digests, notes, the command. */
#include <inttypes.h>
#include <string.h>

#include "cli/render/html/html_table.h"
#include "cli/render/report.h"

#define INPUTS_LISTED 1000

static void left_out(struct html *h, uint64_t n, const char *what)
{
    html_put(h, "<p>");
    html_figure(h, num_count(n));
    html_put(h, "%s</p>\n", what);
}

static void inputs(struct html *h, const struct report_about *a)
{
    const struct html_column cols[] = {{"Input", "w"},
                                       {"Captures", "n"},
                                       {"First", "w"},
                                       {"Last", "w"},
                                       {"Time from", "w"},
                                       {"Bytes", "n"},
                                       {"SHA-256 of the content", "w"}};
    size_t shown = a->n_inputs < INPUTS_LISTED ? a->n_inputs : INPUTS_LISTED;
    html_put(h, "<details><summary>");
    html_figure(h, num_count(a->n_inputs));
    html_put(h, " %s</summary>\n",
             a->n_inputs == 1 ? "input with its digest" : "inputs with their digests");
    html_table(h, "What was read, unpacked where it was packed", cols,
               sizeof cols / sizeof *cols, 0);
    for (size_t i = 0; i < shown; i++) {
        const struct report_input *in = &a->inputs[i];
        html_put(h, "<tr><th scope=\"row\">");
        html_text(h, in->name);
        html_put(h, "</th>");
        html_cell_u64(h, true, in->snapshots, num_count(in->snapshots).s);
        html_cell(h, num_time(&in->first).s);
        html_cell(h, in->snapshots > 1 ? num_time(&in->last).s : "");
        html_cell(h, time_source_name(in->first.source));
        html_cell_u64(h, true, in->bytes, num_count(in->bytes).s);
        html_put(h,
                 *in->sha256 != '\0' ? "<td><code class=\"sum\">%s</code></td></tr>\n"
                 : in->hashed        ? "<td>%snot read to its end</td></tr>\n"
                                     : "<td>%snot made: over 16 MiB in all</td></tr>\n",
                 in->sha256);
    }
    html_table_end(h);
    if (shown < a->n_inputs)
        left_out(h, a->n_inputs - shown, " more inputs.");
    html_put(h, "</details>\n");
}

static void note(struct html *h, const struct report_note *n)
{
    html_put(h, "<li>");
    if (*n->source != '\0') {
        html_put(h, "<code>");
        html_text(h, n->source);
        if (n->line > 0)
            html_put(h, ":%" PRIu64, n->line);
        html_put(h, "</code> ");
    }
    html_text(h, *n->text != '\0' ? n->text : note_meaning(n->code));
    html_put(h, "</li>\n");
}

static void notes_of(struct html *h, const struct report_about *a, enum note_severity s,
                     const char *title)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n_notes; i++)
        n += note_severity(a->notes[i].code) == s;
    if (n == 0)
        return;
    html_put(h, "<details%s><summary>%s: ", n <= 8 ? " open=\"open\"" : "", title);
    html_figure(h, num_count(n));
    html_put(h, "</summary>\n<ul class=\"notes\">\n");
    for (size_t i = 0; i < a->n_notes; i++)
        if (note_severity(a->notes[i].code) == s)
            note(h, &a->notes[i]);
    html_put(h, "</ul></details>\n");
}

void html_sources(struct html *h)
{
    const struct report_about *a = h->o->about;
    h->level = 2;
    h->host = 0;
    html_section(h, "sources", "What this rests on");
    inputs(h, a);
    notes_of(h, a, NOTE_LOSS, "Could not be read");
    notes_of(h, a, NOTE_REPAIR, "Repaired");
    notes_of(h, a, NOTE_INFO, "Assumed or remarked");
    if (a->more_notes > 0)
        left_out(h, a->more_notes, " more notes were left out.");
    html_put(h,
             "<p>Made by poolsift %s. To make this page again from the same inputs:</p>\n"
             "<pre tabindex=\"0\"><code>",
             a->version);
    html_text(h, a->command);
    html_put(h, "</code></pre>\n");
    html_section_end(h);
}
