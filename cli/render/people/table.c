/* SPDX-License-Identifier: MIT */
#include "cli/render/people/table.h"

#include <stdlib.h>
#include <string.h>

#include "cli/render/inert.h"
#include "cli/render/people/ascii.h"
#include "cli/render/phrase.h"

#define GAP 2 /* blanks between columns */

const char *style_on(enum style s)
{
    static const char *const on[STYLES] = {"", "\033[1;31m", "\033[33m", "\033[32m",
                                           "\033[1m"};
    return on[s];
}

const char *style_off(enum style s)
{
    return s == STYLE_PLAIN ? "" : "\033[0m";
}

void table_start(struct table *t, const struct column *cols, size_t n_cols, struct err *e)
{
    *t = (struct table){.cols = cols, .n_cols = n_cols, .e = e};
}

void table_free(struct table *t)
{
    free(t->cells);
    buf_free(&t->text);
    *t = (struct table){0};
}

static struct cell *add(struct table *t, const char *s, size_t n)
{
    void *v = t->cells;
    if (t->failed == 0)
        t->failed = grow(&v, &t->cells_cap, t->n_cells + 1, sizeof *t->cells, t->e);
    if (t->failed < 0)
        return NULL;
    t->cells = v;
    size_t at = t->text.n;
    t->failed = buf_append(&t->text, s, n, t->e);
    if (t->failed < 0)
        return NULL;
    struct cell *c = &t->cells[t->n_cells++];
    *c = (struct cell){.at = at, .n = n, .columns = text_columns(s, n)};
    return c;
}

void table_cell(struct table *t, const char *s)
{
    (void)add(t, s, strlen(s));
}

void table_styled(struct table *t, const char *s, enum style style)
{
    struct cell *c = add(t, s, strlen(s));
    if (c != NULL)
        c->style = (uint8_t)style;
}

void table_tag(struct table *t, struct pool_tag tag, enum style style)
{
    char s[TAG_TEXT_MAX];
    struct cell *c = add(t, s, tag_text(tag, s));
    if (c == NULL)
        return;
    c->style = (uint8_t)style;
    c->code = true;
}

void table_name(struct table *t, const char *s)
{
    struct phrase p;
    phrase_start(&p, false);
    say_name(&p, s);
    struct cell *c = add(t, p.s, p.n);
    if (c != NULL)
        c->code = p.n > 0;
}

void table_span(struct table *t, const char *s)
{
    struct cell *c = add(t, s, strlen(s));
    if (c != NULL)
        c->spans = true;
    (void)add(t, "", 0);
}

/* ---- layout ---- */

struct layout {
    unsigned width[TABLE_COLUMNS];
    bool shown[TABLE_COLUMNS];
    bool ascii;
};

static void measure(const struct table *t, struct layout *l)
{
    for (size_t i = 0; i < t->n_cols; i++) {
        l->width[i] = text_columns(t->cols[i].title, strlen(t->cols[i].title));
        l->shown[i] = true;
    }
    for (size_t i = 0; i < t->n_cells; i++) {
        const struct cell *c = &t->cells[i];
        if (!c->spans && c->columns > l->width[i % t->n_cols])
            l->width[i % t->n_cols] = c->columns;
    }
    for (size_t i = 0; i < t->n_cells; i++) {
        const struct cell *c = &t->cells[i];
        size_t col = i % t->n_cols;
        if (!c->spans || col + 1 >= t->n_cols)
            continue;
        unsigned room = l->width[col] + GAP + l->width[col + 1];
        if (c->columns > room)
            l->width[col + 1] += c->columns - room;
    }
}

/* A column whose cells are all empty says nothing. */
static void drop_empty(const struct table *t, struct layout *l)
{
    for (size_t col = 0; col < t->n_cols; col++) {
        bool any = t->cols[col].drop == 0;
        for (size_t i = col; i < t->n_cells && !any; i += t->n_cols)
            any = t->cells[i].n > 0;
        l->shown[col] = l->shown[col] && any;
    }
}

static unsigned total_width(const struct table *t, const struct layout *l)
{
    unsigned sum = 0;
    for (size_t i = 0; i < t->n_cols; i++)
        if (l->shown[i])
            sum += l->width[i] + (sum > 0 ? GAP : 0);
    return sum;
}

/* Hides the shown column with the highest drop; false when none may go. */
static bool drop_one(const struct table *t, struct layout *l)
{
    size_t best = t->n_cols;
    for (size_t i = 0; i < t->n_cols; i++)
        if (l->shown[i] && t->cols[i].drop > 0 &&
            (best == t->n_cols || t->cols[i].drop >= t->cols[best].drop))
            best = i;
    if (best == t->n_cols)
        return false;
    l->shown[best] = false;
    return true;
}

/* Cuts the flexible column by what is too much, if it can bear that. */
static bool squeeze(const struct table *t, struct layout *l, unsigned width, bool late)
{
    unsigned total = total_width(t, l);
    for (size_t i = 0; i < t->n_cols; i++) {
        if (t->cols[i].keep == 0 || t->cols[i].late != late || !l->shown[i])
            continue;
        if (l->width[i] < t->cols[i].keep + (total - width))
            return false;
        l->width[i] -= total - width;
        return true;
    }
    return false;
}

static void lay_out(const struct table *t, struct layout *l, unsigned width)
{
    measure(t, l);
    drop_empty(t, l);
    while (total_width(t, l) > width)
        if (squeeze(t, l, width, false) || !drop_one(t, l))
            break;
    if (total_width(t, l) > width)
        (void)squeeze(t, l, width, true);
}

static void blanks(struct sink *out, unsigned n)
{
    static const char some[] = "                                ";
    while (n > 0) {
        unsigned now = n < sizeof some - 1 ? n : (unsigned)(sizeof some - 1);
        sink_write(out, some, now);
        n -= now;
    }
}

/* One cell in its room; what does not fit ends in "..". */
static void put(struct sink *out, const char *s, size_t n, unsigned columns,
                unsigned room, bool right, bool ascii, enum style style)
{
    size_t fits = columns <= room ? n : text_fit(s, n, room - 2);
    unsigned pad = columns < room ? room - columns : 0;
    if (right)
        blanks(out, pad);
    sink_puts(out, style_on(style));
    if (ascii)
        ascii_write(out, s, fits);
    else
        sink_write(out, s, fits);
    sink_puts(out, fits < n ? ".." : "");
    sink_puts(out, style_off(style));
}

static void put_row(const struct table *t, const struct layout *l, struct sink *out,
                    size_t first, bool color)
{
    unsigned owed = 0; /* blanks before the next text, so that no line ends in any */
    for (size_t i = 0; i < t->n_cols; i++) {
        if (!l->shown[i])
            continue;
        const struct cell *c = &t->cells[first + i];
        unsigned room = l->width[i];
        size_t step = 0;
        if (c->spans && i + 1 < t->n_cols && l->shown[i + 1]) {
            room += GAP + l->width[i + 1];
            step = 1;
        }
        unsigned used = c->columns < room ? c->columns : room;
        if (c->n > 0) {
            blanks(out, owed);
            enum style s = color ? (enum style)c->style : STYLE_PLAIN;
            put(out, (const char *)t->text.p + c->at, c->n, c->columns, room,
                t->cols[i].right && step == 0, l->ascii, s);
            owed = t->cols[i].right && step == 0 ? 0 : room - used;
        } else {
            owed += room;
        }
        owed += GAP;
        i += step;
    }
    sink_write(out, "\n", 1);
}

static void put_titles(const struct table *t, const struct layout *l, struct sink *out,
                       bool color)
{
    unsigned owed = 0;
    for (size_t i = 0; i < t->n_cols; i++) {
        if (!l->shown[i])
            continue;
        const char *s = t->cols[i].title;
        size_t n = strlen(s);
        unsigned columns = text_columns(s, n);
        blanks(out, owed);
        put(out, s, n, columns, l->width[i], t->cols[i].right, l->ascii,
            color ? STYLE_HEAD : STYLE_PLAIN);
        owed = GAP + (t->cols[i].right ? 0 : l->width[i] - columns);
    }
    sink_write(out, "\n", 1);
}

int table_print(struct table *t, struct sink *out, unsigned width, bool color, bool ascii)
{
    if (t->failed < 0)
        return t->failed;
    struct layout l;
    l.ascii = ascii;
    lay_out(t, &l, width);
    put_titles(t, &l, out, color);
    for (size_t i = 0; i + t->n_cols <= t->n_cells; i += t->n_cols)
        put_row(t, &l, out, i, color);
    return 0;
}

/* ---- Markdown ---- */

static void put_pipe_cell(const struct table *t, const struct cell *c, struct sink *out)
{
    const char *s = (const char *)t->text.p + c->at;
    if (!c->code) {
        sink_puts(out, " ");
        sink_write(out, s, c->n);
        sink_puts(out, " |");
        return;
    }
    struct phrase p;
    phrase_start(&p, true);
    say_code_span(&p, s, c->n, true);
    sink_printf(out, " %s |", p.s);
}

/* Whether the row says anything in a column that is no key. */
static bool has_more(const struct table *t, const struct layout *l, size_t first)
{
    for (size_t k = 0; k < t->n_cols; k++)
        if (l->shown[k] && !t->cols[k].key && t->cells[first + k].n > 0)
            return true;
    return false;
}

static void put_pipes(const struct table *t, const struct layout *l, struct sink *out,
                      bool all_rows)
{
    sink_puts(out, "|");
    for (size_t i = 0; i < t->n_cols; i++)
        if (l->shown[i])
            sink_printf(out, " %s |", t->cols[i].title);
    sink_puts(out, "\n|");
    for (size_t i = 0; i < t->n_cols; i++)
        if (l->shown[i])
            sink_puts(out, t->cols[i].right ? "---:|" : "---|");
    sink_puts(out, "\n");
    for (size_t i = 0; i + t->n_cols <= t->n_cells; i += t->n_cols) {
        if (!all_rows && !has_more(t, l, i))
            continue;
        sink_puts(out, "|");
        for (size_t k = 0; k < t->n_cols; k++)
            if (l->shown[k])
                put_pipe_cell(t, &t->cells[i + k], out);
        sink_puts(out, "\n");
    }
}

/* Of the columns that are owed, as many as one table takes, behind the keys; false when
 * there are none. */
static bool take_columns(const struct table *t, bool owed[TABLE_COLUMNS],
                         struct layout *l)
{
    size_t n = 0;
    bool any = false;
    for (size_t i = 0; i < t->n_cols; i++) {
        l->shown[i] = t->cols[i].key;
        n += t->cols[i].key;
    }
    for (size_t i = 0; i < t->n_cols && n < TABLE_MARKDOWN_COLUMNS; i++) {
        if (!owed[i])
            continue;
        any = l->shown[i] = true;
        owed[i] = false;
        n++;
    }
    return any;
}

static void fold_rest(const struct table *t, bool owed[TABLE_COLUMNS], struct sink *out)
{
    struct layout l;
    bool begun = false;
    while (take_columns(t, owed, &l)) {
        sink_puts(out, begun ? "\n" : "\n<details><summary>More columns</summary>\n\n");
        put_pipes(t, &l, out, false);
        begun = true;
    }
    sink_puts(out, begun ? "\n</details>\n" : "");
}

int table_print_markdown(struct table *t, struct sink *out)
{
    if (t->failed < 0)
        return t->failed;
    struct layout l;
    bool owed[TABLE_COLUMNS];
    measure(t, &l);
    drop_empty(t, &l);
    memcpy(owed, l.shown, sizeof owed);
    size_t shown = 0;
    for (size_t i = 0; i < t->n_cols; i++)
        shown += l.shown[i];
    while (shown > TABLE_MARKDOWN_COLUMNS && drop_one(t, &l))
        shown--;
    for (size_t i = 0; i < t->n_cols; i++)
        owed[i] = owed[i] && !l.shown[i];
    put_pipes(t, &l, out, true);
    fold_rest(t, owed, out);
    return 0;
}
