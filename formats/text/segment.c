/* SPDX-License-Identifier: MIT */
#include "formats/text/segmenter.h"

#include <stdlib.h>
#include <string.h>

#include "formats/text/caption.h"
#include "formats/text/claim.h"
#include "formats/text/repair.h"
#include "formats/when.h"

enum {
    GAP_LINES = 12,    /* alien lines that a suspended block outlives */
    TIME_LINES = 5,    /* a date counts for a block that begins this near */
    LEAD_BYTES = 4096, /* of lines before a block that its dress may hold */
    ABOVE_BYTES = 1024 /* of prose before a block that a format asked last may see */
};

int segmenter_open(struct segmenter **out, struct input *in, const struct format *forced,
                   const struct reader_opts *o, struct err *e)
{
    struct segmenter *g = calloc(1, sizeof *g);
    if (g == NULL)
        return err_nomem(e);
    g->forced = forced;
    g->limits = o->limits;
    g->careful = o->careful;
    g->lasting = o->memory != NULL ? o->memory : &g->own;
    g->chains = o->follow && o->memory != NULL ? &o->memory->chains : NULL;
    g->name = input_name(in);
    int r = text_open(&g->text, in, &g->limits, e);
    if (r == 0 && o->threads > 1 && g->chains != NULL)
        r = scouting_new(&g->scouting, in, o, e);
    if (r < 0) {
        segmenter_close(g);
        return r;
    }
    *out = g;
    return 0;
}

void segmenter_close(struct segmenter *g)
{
    if (g == NULL)
        return;
    scouting_free(g->scouting);
    reader_memory_free(&g->own);
    text_close(g->text);
    buf_free(&g->lead);
    buf_free(&g->above);
    buf_free(&g->caption_text);
    note_list_free(&g->notes);
    free(g);
}

const struct note_list *segmenter_notes(const struct segmenter *g)
{
    return &g->notes;
}

const struct format *segmenter_format(const struct segmenter *g)
{
    return g->last != NULL ? g->last : g->forced;
}

bool segmenter_adjoins(const struct segmenter *g)
{
    return g->adjoins;
}

static bool blank_line(const struct text_line *l)
{
    return repair_blank(l->p, l->n);
}

/* Only marks of quotation. */
static bool empty_quote(const struct text_line *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i] != ' ' && l->p[i] != '>')
            return false;
    return true;
}

/* `TAG - binary - text`, the line of a pooltag.txt. */
static bool pooltag_line(const struct text_line *l)
{
    for (size_t i = 3; i + 2 < l->n && i <= 6; i++)
        if (l->p[i] == ' ' && l->p[i + 1] == '-' && l->p[i + 2] == ' ')
            return true;
    return false;
}

/* ---- who owns a line ---- */

/* Sets *owner to the format whose block begins at the current line, or NULL. */
static int claim(struct segmenter *g, const struct format **owner, struct err *e)
{
    struct text_line lines[1 + TEXT_LOOKAHEAD];
    struct claim c;
    *owner = NULL;
    if (blank_line(&g->line))
        return 0;
    const int n = text_lines(g->text, &g->line, lines, e);
    if (n < 0)
        return n;
    claim_lines(g->forced, &g->above, lines, (size_t)n, &c);
    *owner = c.owner;
    if (c.rival != NULL) {
        err_place(e, g->name, g->line.number);
        err_hint(e, "say which with --from %s or --from %s", c.owner->name,
                 c.rival->name);
        return err_set(e, ERR_FORMAT, "this line could begin a capture of %s or of %s",
                       c.owner->title, c.rival->title);
    }
    if (c.remark.what != NULL && g->strays.remark.what == NULL) {
        g->strays.remark = c.remark;
        g->strays.remark_line = g->line.number;
    }
    return 0;
}

/* ---- lines that no block owns ---- */

static int keep_above(struct segmenter *g, struct err *e)
{
    size_t n = g->line.n < ABOVE_BYTES / 4 ? g->line.n : ABOVE_BYTES / 4;
    if (g->above.n + n >= ABOVE_BYTES) {
        g->above.n -= ABOVE_BYTES / 2;
        memmove(g->above.p, g->above.p + ABOVE_BYTES / 2, g->above.n);
    }
    TRY(buf_append(&g->above, g->line.p, n, e));
    return buf_byte(&g->above, '\n', e);
}

static int keep_lead(struct segmenter *g, struct err *e)
{
    static const char *const ends[] = {"", "\n", "\r\n", "\r\r\n"};
    if (g->lead.n + g->line.n > LEAD_BYTES) {
        g->lost_bytes = true;
        g->lead.n = 0;
        return 0;
    }
    TRY(buf_append(&g->lead, g->line.p, g->line.n, e));
    const char *end = ends[g->line.eol];
    return buf_append(&g->lead, end, strlen(end), e);
}

static bool remarked(struct segmenter *g)
{
    for (const struct format *f = format_table; f->name != NULL; f++) {
        struct text_remark r = {0};
        if (!claim_asked(g->forced, f) || f->text->remark == NULL ||
            !f->text->remark(&g->line, &r))
            continue;
        if (g->strays.remark_line == 0 ||
            (g->strays.remark.what == NULL && r.what != NULL)) {
            g->strays.remark = r;
            g->strays.remark_line = g->line.number;
        }
        return true;
    }
    return false;
}

enum stray_kind { STRAY_LEAD, STRAY_DATE, STRAY_CAPTION, STRAY_PROSE };

/* A line of no block: prose, which interrupts whatever block was there, a date or a
 * caption, behind which another may begin, or a line that changes nothing. */
static int stray(struct segmenter *g, enum stray_kind *kind, struct err *e)
{
    struct pool_time t;
    *kind = STRAY_CAPTION;
    if (caption_parse(g->line.p, g->line.n, &g->caption)) {
        g->lost_bytes |= g->lead.n > 0 || g->have_caption;
        g->have_caption = true;
        g->apart = true;
        g->caption_eol = g->line.eol;
        g->caption_text.n = g->lead.n = 0;
        return buf_append(&g->caption_text, g->line.p, g->line.n, e);
    }
    if (blank_line(&g->line) || empty_quote(&g->line) || remarked(g)) {
        *kind = STRAY_LEAD;
        return keep_lead(g, e);
    }
    const bool halves = when_halves(&g->half, g->line.p, g->line.n, g->line.number, &t);
    g->strays.prose -= halves && g->strays.prose > 0; /* the other half was no prose */
    if (halves || when_line(g->line.p, g->line.n, &t)) {
        *kind = STRAY_DATE;
        g->time = t;
        g->apart = true;
        g->time_line = g->line.number;
        return keep_lead(g, e);
    }
    *kind = STRAY_PROSE;
    g->apart = true;
    g->time.source = TIME_NONE;
    g->lead.n = 0;
    g->lost_bytes = true;
    g->strays.tag_lines += pooltag_line(&g->line);
    if (g->strays.prose++ == 0)
        g->strays.first_prose = g->line.number;
    return keep_above(g, e);
}

/* ---- blocks ---- */

/* True when the snapshot as it is now would get this very caption again. */
static int caption_stays(struct segmenter *g, const struct pool_snapshot *s, bool *stays,
                         struct err *e)
{
    struct buf again = {0};
    int r = caption_write(&again, s, e);
    *stays = r >= 0 && again.n == g->caption_text.n &&
             memcmp(again.p, g->caption_text.p, again.n) == 0;
    buf_free(&again);
    return r;
}

/* What the lines before the block say about it. */
static int set_facts(struct segmenter *g, struct pool_snapshot *s, bool *captioned,
                     struct err *e)
{
    *captioned = false;
    if (g->have_caption) {
        const struct caption *c = &g->caption;
        s->time = c->time;
        s->uptime_s = c->uptime_s;
        s->scope = c->scope;
        s->session = c->session;
        s->completeness = c->completeness;
        TRY(pool_snapshot_intern(s, c->host, strlen(c->host), &s->host, e));
        TRY(caption_stays(g, s, captioned, e));
        g->lost_bytes |= !*captioned;
    } else if (g->time.source != TIME_NONE &&
               g->line.number - g->time_line <= TIME_LINES) {
        s->time = g->time;
        TRY(note_add(&s->notes, e, NOTE_TIME_FROM_LINE, g->time_line, "%s", ""));
    }
    g->have_caption = false;
    g->time.source = TIME_NONE;
    return 0;
}

/* Where the format's context is kept. */
static void **context_of(struct segmenter *g, const struct format *f)
{
    struct reader_memory *m = f->text->remembers ? g->lasting : &g->own;
    return &m->ctx[f - format_table];
}

static int start_block(struct segmenter *g, const struct format *f,
                       struct pool_snapshot *s, void **ctx, struct err *e)
{
    if ((size_t)(f - format_table) >= sizeof g->own.ctx / sizeof *g->own.ctx)
        return err_set(e, ERR_BUG, "the format table outgrew the segmenter");
    void **kept = context_of(g, f);
    if (*kept == NULL)
        TRY(f->text->open(kept, e));
    *ctx = *kept;
    g->last = f;
    g->adjoins = g->blocks++ > 0 && !g->apart;
    pool_snapshot_clear(s);
    s->line = g->line.number;
    bool captioned;
    TRY(set_facts(g, s, &captioned, e));
    if (f->text->run == NULL)
        text_foresee(g->text);
    struct block_start b = {
        .limits = &g->limits,
        .text = {text_encoding(g->text), text_is_one_byte(g->text)},
        .lead = &g->lead,
        .captioned = captioned,
        .caption_eol = g->caption_eol,
        .lost_before = g->lost_bytes,
        .above = &g->above,
        .careful = g->careful,
        .chains = g->chains,
    };
    int r = f->text->start(*ctx, s, &b, e);
    g->lead.n = g->above.n = 0;
    g->lost_bytes = false;
    return r;
}

static int finish_block(struct segmenter *g, const struct format *f, void *ctx,
                        bool at_end, struct err *e)
{
    struct block_end b = {
        .at_end = at_end,
        .lost_bytes =
            g->lost_bytes || !text_is_exact(g->text) || (at_end && g->lead.n > 0),
    };
    g->lost_bytes = false;
    TRY(f->text->finish(ctx, &b, e));
    return 1;
}

/* Steps to the next line, `taken` lines on; 0 at the end. */
static int advance(struct segmenter *g, int taken, struct err *e)
{
    int r = 1;
    for (int i = 0; i < taken && r == 1; i++)
        r = text_next(g->text, &g->line, e);
    g->have_line = r == 1;
    return r;
}

/* Finishes the block and remembers that one of format `next` begins at this line. */
static int hand_over(struct segmenter *g, const struct format *f, void *ctx,
                     const struct format *next, struct err *e)
{
    g->next_owner = next;
    return finish_block(g, f, ctx, false, e);
}

/* Lines behind the current one that the block takes all at once. */
static int run_on(struct segmenter *g, const struct format *f, void *ctx, uint64_t *gap,
                  struct err *e)
{
    if (g->careful || f->text->run == NULL)
        return 0;
    int r = f->text->run(ctx, g->text, e);
    if (r > 0) {
        *gap = 0;
        g->apart = false;
    }
    return r;
}

/* Feeds lines to the block that begins at the current one until it ends. */
static int run_block(struct segmenter *g, const struct format *f, struct pool_snapshot *s,
                     struct err *e)
{
    void *ctx = NULL;
    TRY(start_block(g, f, s, &ctx, e));
    uint64_t gap = 0;
    bool marked = false; /* a caption, or a date behind rows, came before this line */
    for (bool first = true; g->have_line; first = false) {
        const struct format *other = NULL;
        int k = FEED_OTHER;
        if (marked)
            TRY(claim(g, &other, e));
        if (other == NULL)
            k = f->text->feed(ctx, &g->line, g->text, e);
        if (k < 0)
            return k;
        if (k == FEED_NEXT && !first)
            return hand_over(g, f, ctx, f, e);
        if (k == FEED_OTHER && other == NULL && !first)
            TRY(claim(g, &other, e));
        if (other == f && !marked && f->text->joins != NULL) {
            TRY(k = f->text->joins(ctx, &g->above, &g->line, g->text, e));
            g->above.n = k > 0 ? 0 : g->above.n;
            other = k > 0 ? NULL : other;
        }
        if (other != NULL)
            return hand_over(g, f, ctx, other, e);
        if (k == FEED_OTHER || k == FEED_NEXT) {
            enum stray_kind kind;
            TRY(stray(g, &kind, e));
            marked =
                marked || kind == STRAY_CAPTION || (kind == STRAY_DATE && s->n_rows > 0);
            gap += kind == STRAY_PROSE;
            k = 1;
        } else if (!blank_line(&g->line)) {
            gap = 0;
            g->apart = false;
            if (k == 1 && !marked)
                TRY(run_on(g, f, ctx, &gap, e));
        }
        TRY(advance(g, k, e));
        if (gap > GAP_LINES)
            return finish_block(g, f, ctx, false, e);
    }
    return finish_block(g, f, ctx, true, e);
}

/* ---- the walk ---- */

static int next_block(struct segmenter *g, struct pool_snapshot *s, struct err *e)
{
    if (!g->have_line)
        TRY(advance(g, 1, e));
    while (g->have_line) {
        const struct format *owner = g->next_owner;
        g->next_owner = NULL;
        if (owner == NULL)
            TRY(claim(g, &owner, e));
        if (owner != NULL)
            return run_block(g, owner, s, e);
        enum stray_kind kind;
        TRY(stray(g, &kind, e));
        TRY(advance(g, 1, e));
    }
    if (g->blocks == 0)
        return segment_nothing_found(g, e);
    if (g->notes.n == 0)
        TRY(segment_end_notes(g, e));
    return 0;
}

int segmenter_next(struct segmenter *g, struct pool_snapshot *s, struct err *e)
{
    if (g->scouting != NULL) {
        int r = scouting_next(g, s, e);
        if (r != 0)
            return r;
    }
    int r = next_block(g, s, e);
    g->chained = r == 1 && s->chain.id != 0;
    return r;
}
