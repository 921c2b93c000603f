/* SPDX-License-Identifier: MIT */
/* `!poolused` of the kernel debugger:
 *
 *     0: kd> !poolused 2                      flags: 1 verbose, 2 and 4 sort, 8 session
 *      Sorting by NonPaged Pool Consumed      may be missing with a tag behind the flags
 *
 *                    NonPaged                  Paged
 *      Tag     Allocs         Used     Allocs         Used
 *
 *      Thre      1725      4416000          0            0 Thread objects
 *      Ntff         5         1600       2109      2598288 FCB_DATA , Binary: ntfs.sys
 *
 *     TOTAL      1730      4417600       2109      2598288
 *
 * One line holds both pools, so it becomes up to two rows.  What the short form calls
 * Allocs are outstanding allocations: poolmon's Diff, not its Allocs.  Only the verbose
 * form counts Allocs and Frees.  The TOTAL line is the check digit of the whole table; a
 * table without it was broken off.  Known from Microsoft's page on !poolused
 * (MicrosoftDocs/windows-driver-docs) and published debugger logs. */
#include "formats/debugger/poolused.h"

#include <stdlib.h>
#include <string.h>

#include "formats/debugger/kd.h"
#include "formats/text/keys.h"
#include "formats/debugger/poolused_line.h"

enum { SYSTEM_TAGS = 64 /* no Windows runs on so few */ };

struct poolused {
    const struct limits *limits;
    struct pool_snapshot *s; /* filled between start and finish */
    struct repair_style style;
    unsigned noted; /* repairs that the snapshot's notes tell already */
    struct used_layout layout;
    struct used_command command;
    enum used_sort sort;
    bool columns;   /* the titles of the columns were seen */
    bool elided;    /* marks say that lines were left out */
    bool closed;    /* the sum or a prompt was seen: no row can follow */
    bool total;     /* the sum was seen */
    uint64_t lines; /* rows of the table, which hold both pools */
    uint64_t torn;  /* rows of it that could not be read */
    uint64_t sum[USED_FIGURES], stated[USED_FIGURES];
    uint64_t total_line, last_line;
    struct key_set keys;
};

/* ---- a block ---- */

static int open_reader(void **ctx, struct err *e)
{
    struct poolused *m = calloc(1, sizeof *m);
    if (m == NULL)
        return err_nomem(e);
    *ctx = m;
    return 0;
}

static void close_reader(void *ctx)
{
    struct poolused *m = ctx;
    key_set_free(&m->keys);
    free(m);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct poolused *m = ctx;
    struct key_set keys = m->keys;
    *m = (struct poolused){.limits = b->limits,
                           .s = s,
                           .layout = {.one_byte = b->text.one_byte, .tag_at = 1},
                           .last_line = s->line,
                           .keys = keys};
    key_set_clear(&m->keys);
    used_read_lead(b->lead, &m->command, &m->layout, &m->sort);
    if (!m->command.session)
        return kd_clock(b->lead, s, e);
    err_hint(e, "run `!poolused 2` and `!poolused 4`, which list the system's pools; "
                "session pools can be read from `poolmon -s`");
    return err_set(e, ERR_UNSUPPORTED,
                   "expected a table of the system's pools, found one of session pool "
                   "(`!poolused 8`), whose layout is not known");
}

/* Keeps `description , Binary: module` as `module - description`, the order of a
 * pooltag.txt; what the debugger says of a tag unknown to it describes nothing. */
static int take_owner(struct poolused *m, const char *p, size_t n, uint32_t *owner,
                      struct err *e)
{
    static const char unknown[] = "UNKNOWN pooltag", mark[] = ", Binary: ";
    const size_t mark_n = sizeof mark - 1;
    *owner = 0;
    if (n >= sizeof unknown - 1 && memcmp(p, unknown, sizeof unknown - 1) == 0)
        return 0;
    size_t at = n;
    for (size_t i = 0; i + mark_n < n; i++)
        if (p[i] == ',' && memcmp(p + i, mark, mark_n) == 0)
            at = i;
    if (at == n)
        return pool_snapshot_intern(m->s, p, n, owner, e);
    size_t text_n = at;
    while (text_n > 0 && p[text_n - 1] == ' ')
        text_n--;
    struct buf b = {0};
    const char *module = p + at + mark_n;
    int r = buf_append(&b, module, n - at - mark_n, e);
    if (r == 0 && text_n > 0)
        r = buf_append(&b, " - ", 3, e);
    if (r == 0)
        r = buf_append(&b, p, text_n, e);
    if (r == 0)
        r = pool_snapshot_intern(m->s, (const char *)b.p, b.n, owner, e);
    buf_free(&b);
    return r;
}

static void set_figure(struct pool_row *row, enum row_field field, uint64_t *place,
                       uint64_t v, bool *lost)
{
    *lost |= kd_negative(v);
    if (kd_negative(v))
        return;
    row->fields = (uint16_t)(row->fields | field);
    *place = v;
}

/* One pool's figures of a line; false when they contradict each other. */
static bool set_row(const struct poolused *m, const uint64_t *f, struct pool_row *row,
                    bool *lost)
{
    *lost = false;
    if (!m->layout.verbose) {
        set_figure(row, ROW_LIVE, &row->live, f[0], lost);
        set_figure(row, ROW_BYTES, &row->bytes, f[1], lost);
        row->width = row->live <= UINT32_MAX ? 32 : 64;
        return true;
    }
    row->width = (f[0] | f[1] | f[2]) <= UINT32_MAX ? 32 : 64;
    if (row_live(f[0], f[1], row->width) != f[2])
        return false;
    row->fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE;
    row->allocs = f[0];
    row->frees = f[1];
    row->live = f[2];
    set_figure(row, ROW_BYTES, &row->bytes, f[3], lost);
    return true;
}

static int add_row(struct poolused *m, const struct used_text *t, uint8_t pool,
                   uint64_t line, uint32_t owner, struct err *e)
{
    struct pool_snapshot *s = m->s;
    const unsigned half = used_figures(&m->layout) / 2;
    struct pool_row row = {.tag = t->tag, .pool = pool, .line = line, .owner = owner};
    bool lost;
    if (!set_row(m, t->fig + (pool == POOL_NONPAGED ? 0 : half), &row, &lost)) {
        return note_add(&s->notes, e, NOTE_ROW_DROPPED, line,
                        "Allocs - Frees is not Diff in the %s figures of this row",
                        pool_kind_name((enum pool_kind)pool));
    }
    if (lost)
        TRY(note_add(&s->notes, e, NOTE_NEGATIVE_FIGURE, line, "%s", ""));
    if (row.fields == 0)
        return 0;
    if (s->n_rows >= m->limits->snapshot_rows)
        return err_set(e, ERR_LIMIT, "one capture has more than %zu rows",
                       m->limits->snapshot_rows);
    struct pool_row *to = pool_snapshot_add(s, e);
    if (to == NULL)
        return ERR_NOMEM;
    *to = row;
    int fresh = key_set_add(&m->keys, t->tag, pool, e);
    if (fresh != 0)
        return fresh < 0 ? fresh : 0;
    char tag[TAG_TEXT_MAX];
    (void)tag_text(t->tag, tag);
    return note_add(&s->notes, e, NOTE_REPEATED_KEY, line,
                    "tag '%s' (%s) is listed twice", tag,
                    pool_kind_short((enum pool_kind)pool));
}

static int take_row(struct poolused *m, const struct used_text *t, const char *p,
                    uint64_t line, struct err *e)
{
    const unsigned all = used_figures(&m->layout), half = all / 2;
    uint32_t owner;
    m->lines++;
    for (unsigned i = 0; i < all; i++)
        m->sum[i] += t->fig[i]; /* modulo 2^64, as the debugger's own sum */
    TRY(take_owner(m, p + t->text_at, t->text_n, &owner, e));
    for (uint8_t pool = POOL_NONPAGED; pool <= POOL_PAGED; pool++) {
        bool any = false;
        for (unsigned i = 0; i < half; i++)
            any |= t->fig[(pool == POOL_NONPAGED ? 0 : half) + i] != 0;
        if (any)
            TRY(add_row(m, t, pool, line, owner, e));
    }
    if (t->padded)
        TRY(note_add(&m->s->notes, e, NOTE_TAG_PADDED, line, "%s", ""));
    if (t->uncertain) {
        char tag[TAG_TEXT_MAX];
        (void)tag_text(t->tag, tag);
        TRY(note_add(&m->s->notes, e, NOTE_TAG_UNCERTAIN, line,
                     "a dot in tag '%s' may stand for a byte that cannot be printed",
                     tag));
    }
    return FEED_MINE;
}

static int take_line(struct poolused *m, const struct text_line *line,
                     const struct used_text *t, const char *p, struct err *e)
{
    switch (t->kind) {
    case USED_SORT:
        m->sort = t->sort;
        break;
    case USED_HEADING:
    case USED_POOLS:
    case USED_COLUMNS:
        used_learn(t, &m->layout);
        m->columns |= t->kind == USED_COLUMNS;
        break;
    case USED_TOTAL:
        m->total = m->closed = true;
        m->total_line = line->number;
        memcpy(m->stated, t->fig, sizeof m->stated);
        break;
    case USED_TORN:
        m->torn++;
        TRY(note_add(&m->s->notes, e, NOTE_ROW_DROPPED, line->number,
                     "figures of this row are missing or do not belong to it"));
        break;
    default:
        return take_row(m, t, p, line->number, e);
    }
    return FEED_MINE;
}

static int feed(void *ctx, const struct text_line *line, struct text *ahead,
                struct err *e)
{
    struct poolused *m = ctx;
    const struct text_line *more;
    struct text_line lines[1 + TEXT_LOOKAHEAD];
    int n = 0, taken = 1;
    struct repaired mended;
    struct used_text t;
    const bool first = line->number == m->s->line;
    used_read(&m->style, line, &m->layout, &mended, &t);
    bool title = used_title(&t);
    if (first || (title && m->columns)) {
        n = text_lines(ahead, line, lines, e);
        if (n < 0)
            return n;
    }
    if (first) {
        repair_learn(lines, (size_t)n, &m->style);
        used_read(&m->style, line, &m->layout, &mended, &t);
    } else if (title && m->columns) {
        return used_begins(lines, (size_t)n) > CLAIM_NONE ? FEED_NEXT : FEED_OTHER;
    }
    m->closed |= m->columns && kd_prompt(line->p, line->n) > 0;
    if (m->columns && !m->closed && repair_elision(mended.p, mended.n)) {
        m->elided |= m->lines > 0;
        return FEED_MINE;
    }
    if (t.kind == USED_NONE || m->closed || (t.kind >= USED_ROW && !m->columns))
        return FEED_OTHER;
    if (t.kind == USED_TORN) {
        n = text_peek(ahead, &more, 1, e);
        if (n < 0)
            return n;
        if (n > 0 && used_join(&m->style, more, &m->layout, &mended, &t))
            taken = 2;
    }
    TRY(take_line(m, line, &t, mended.p, e));
    m->last_line = line->number + (uint64_t)taken - 1;
    TRY(repair_note(&m->s->notes, mended.done, &m->noted, line->number, e));
    if (taken > 1)
        TRY(note_add(&m->s->notes, e, NOTE_JOINED_LINES, line->number, "%s", ""));
    return taken;
}

/* ---- the end of a block ---- */

/* How the rows compare with the stated sum: negative when they hold less in the figures
 * [from, to), positive when one holds more, 0 when all agree. */
static int compare_sums(const struct poolused *m, unsigned from, unsigned to)
{
    int less = 0;
    for (unsigned i = from; i < to; i++) {
        if (m->sum[i] > m->stated[i])
            return 1;
        if (m->sum[i] < m->stated[i])
            less = -1;
    }
    return less;
}

/* A table sorted by one pool may leave out the tags that have nothing in it, so that only
 * the figures of the other pool are short. */
static bool other_pool_only(const struct poolused *m)
{
    const unsigned all = used_figures(&m->layout), half = all / 2;
    const int nonpaged = compare_sums(m, 0, half), paged = compare_sums(m, half, all);
    return (m->sort == SORTED_NONPAGED && nonpaged == 0 && paged < 0) ||
           (m->sort == SORTED_PAGED && paged == 0 && nonpaged < 0);
}

static enum completeness judge(const struct poolused *m)
{
    if (m->elided || !m->total)
        return COMPLETE_CUT;
    const bool named = m->sort != SORTED_NOT || m->command.seen;
    const bool chosen = m->command.tagged || (!named && m->lines < SYSTEM_TAGS);
    if (m->lines == 0)
        return chosen ? COMPLETE_FILTERED : COMPLETE_CUT;
    if (m->command.top)
        return COMPLETE_SCREEN;
    if (m->torn == 0 && compare_sums(m, 0, used_figures(&m->layout)) < 0)
        return other_pool_only(m) ? COMPLETE_FILTERED : COMPLETE_CUT;
    return chosen ? COMPLETE_FILTERED : COMPLETE_WHOLE;
}

/* The sum must agree where nobody says that rows are missing. */
static int check_total(struct poolused *m, enum completeness c, struct err *e)
{
    static const char *const short_names[] = {"NonPaged Allocs", "NonPaged Used",
                                              "Paged Allocs", "Paged Used"};
    static const char *const verbose_names[] = {
        "NonPaged Allocs", "NonPaged Frees", "NonPaged Diff", "NonPaged Used",
        "Paged Allocs",    "Paged Frees",    "Paged Diff",    "Paged Used"};
    if (c == COMPLETE_CUT || c == COMPLETE_SCREEN || m->torn > 0 || other_pool_only(m))
        return 0;
    for (unsigned i = 0; i < used_figures(&m->layout); i++)
        if (m->sum[i] != m->stated[i])
            return note_add(&m->s->notes, e, NOTE_TOTAL_DIFFERS, m->total_line,
                            "%s: the rows sum up to %llu, the TOTAL line says %llu",
                            m->layout.verbose ? verbose_names[i] : short_names[i],
                            (unsigned long long)m->sum[i],
                            (unsigned long long)m->stated[i]);
    return 0;
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct poolused *m = ctx;
    struct pool_snapshot *s = m->s;
    (void)b;
    enum completeness c = judge(m);
    TRY(check_total(m, c, e));
    if (c > s->completeness)
        s->completeness = c;
    if (s->n_rows == 0)
        TRY(note_add(&s->notes, e, NOTE_EMPTY_CAPTURE, s->line, "a table without rows"));
    else if (c == COMPLETE_CUT)
        TRY(note_add(&s->notes, e, NOTE_CUT, m->last_line,
                     m->total ? "rows of the table are missing"
                              : "the table has no TOTAL line: it was broken off"));
    else if (c == COMPLETE_FILTERED)
        TRY(note_add(&s->notes, e, NOTE_FILTERED, s->line, "%s", ""));
    m->s = NULL;
    return 0;
}

/* ---- lines around a block ---- */

static bool remark(const struct text_line *l, struct text_remark *r)
{
    static const struct used_layout layout = {.tag_at = 1};
    static const char advice[] =
        "run `!poolused 2` and `!poolused 4` in the debugger and send all of their text";
    struct used_text t;
    if (kd_block_list(l->p, l->n)) {
        r->what = "a list of blocks (`!poolfind` or `!pool`), not what each tag holds";
        r->hint = advice;
        return true;
    }
    if (used_invented(l->p, l->n)) {
        r->what = "a table that no debugger prints, as made up for a tutorial";
        r->hint = advice;
        return true;
    }
    if (kd_chatter(l->p, l->n))
        return true;
    return l->n <= 200 && used_parse(l->p, l->n, &layout, &t) && used_title(&t);
}

const struct text_format poolused_text_format = {
    .begins = used_begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .remark = remark,
    .close = close_reader,
};
