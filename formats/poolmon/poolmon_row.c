/* SPDX-License-Identifier: MIT */
#include "formats/poolmon/poolmon_row.h"

#include <string.h>

#include "formats/ascii.h"

static const uint8_t plain_places[5] = {FIG_ALLOCS, FIG_FREES, FIG_LIVE, FIG_BYTES,
                                        FIG_PER_ALLOC};

/* Parentheses of a screen row, by place. */
static const bool in_parens[FIGURES] = {
    [FIG_ALLOCS_DELTA] = true, [FIG_FREES_DELTA] = true, [FIG_BYTES_DELTA] = true};

/* ---- numbers ---- */

struct number {
    struct figure_text f;
    bool parens;
};

/* Reads digits at i; false when they do not fit 64 bits or there are none. */
static bool read_digits(const char *p, size_t n, size_t *i, uint64_t *v)
{
    size_t at = *i;
    uint64_t x = 0;
    while (at < n && ascii_digit(p[at])) {
        uint64_t d = (uint64_t)(p[at] - '0');
        if (x > (UINT64_MAX - d) / 10)
            return false;
        x = x * 10 + d;
        at++;
    }
    bool any = at > *i;
    *i = at;
    *v = x;
    return any;
}

/* One figure, with its parentheses, at the first non-blank from *i on.  A lone `-` is a
 * figure that the writer did not know. */
static bool read_number(const char *p, size_t n, size_t *i, struct number *out)
{
    size_t at = skip_blanks(p, n, *i);
    *out = (struct number){0};
    if (at < n && p[at] == '(') {
        out->parens = true;
        at = skip_blanks(p, n, at + 1);
    }
    out->f.begin = (uint32_t)at;
    if (at < n && p[at] == '-') {
        at++;
        bool alone = at == n || p[at] == ' ' || p[at] == ')';
        out->f.unknown = alone;
        out->f.negative = !alone;
        if (!alone && !out->parens)
            return false;
    }
    if (!out->f.unknown && !read_digits(p, n, &at, &out->f.v))
        return false;
    out->f.end = (uint32_t)at;
    if (out->parens) {
        at = skip_blanks(p, n, at);
        if (at == n || p[at] != ')')
            return false;
        at++;
    }
    *i = at;
    return true;
}

/* ---- tag and type ---- */

/* Length of the type word at i, or 0; by its letters alone where case says nothing. */
static size_t type_word(const char *p, size_t n, size_t i, bool any_case, uint8_t *pool)
{
    static const struct {
        const char *word;
        uint8_t pool;
    } types[] = {{"Nonp", POOL_NONPAGED}, {"Paged", POOL_PAGED}};
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        if (any_case ? stands_in_any_case(p, n, i, types[k].word)
                     : stands_at(p, n, i, types[k].word)) {
            *pool = types[k].pool;
            return strlen(types[k].word);
        }
    }
    return 0;
}

/* Behind the type word comes a number, or the `-` of an unknown one. */
static bool number_follows(const char *p, size_t n, size_t i)
{
    size_t at = skip_blanks(p, n, i);
    return at < n && (ascii_digit(p[at]) || (p[at] == '-' && at > i));
}

/* Finds the type: at its fixed column where the line is intact, else the first type word
 * that stands behind a blank and before a number.  A tag may be `Nonp` itself. */
static bool find_type(const char *p, size_t n, bool any_case, struct row_text *r,
                      size_t *behind)
{
    size_t len = 0;
    if (n > 11 && p[0] == ' ' && p[5] == ' ') {
        len = type_word(p, n, 6, any_case, &r->pool);
        if (len == 0 && memcmp(p + 6, "?    ", 5) == 0) { /* only our own writer's */
            r->pool = POOL_UNKNOWN;
            len = 5;
        }
    }
    if (len > 0 && number_follows(p, n, 6 + len)) {
        r->type_at = 6;
        *behind = 6 + len;
        return true;
    }
    for (size_t i = 2; i + 4 < n; i++) {
        if (p[i - 1] != ' ' || (len = type_word(p, n, i, any_case, &r->pool)) == 0 ||
            !number_follows(p, n, i + len))
            continue;
        r->type_at = (uint32_t)i;
        *behind = i + len;
        return true;
    }
    return false;
}

/* Steps back over one character that ends at i; bytes 80..bf continue UTF-8. */
static size_t char_back(const char *p, size_t i, bool one_byte)
{
    i--;
    while (!one_byte && i > 0 && ((uint8_t)p[i] & 0xc0) == 0x80)
        i--;
    return i;
}

/* Takes [at, end) as the tag: at most four characters, each one byte of the tag. */
static bool take_tag(const char *p, size_t at, size_t end, bool one_byte,
                     struct row_text *r)
{
    uint8_t b[4] = {' ', ' ', ' ', ' '};
    unsigned k = 0;
    bool solid = false;
    r->tag_at = (uint32_t)at;
    while (at < end) {
        uint8_t c = (uint8_t)p[at++];
        if (k == 4 || c < 0x20 || c == 0x7f)
            return false;
        if (c >= 0x80 && !one_byte) {
            /* U+0080..U+00FF stand for the bytes 80..ff, others for nothing. */
            if ((c & 0xfe) != 0xc2 || at == end)
                return false;
            c = (uint8_t)((c & 3) << 6 | ((uint8_t)p[at++] & 0x3f));
        }
        solid |= c != ' ';
        b[k++] = c;
    }
    memcpy(r->tag.b, b, sizeof b);
    return solid;
}

static bool blank_between(const char *p, size_t at, size_t end)
{
    return skip_blanks(p, end, at) == end;
}

/* The tag before the type: the four columns before the blank where they look like a
 * whole field, else the trimmed text, padded. */
static bool find_tag(const char *p, bool one_byte, struct row_text *r)
{
    size_t end = r->type_at - 1; /* the blank before the type */
    if (r->type_at == 6 && p[0] == ' ' && take_tag(p, 1, 5, one_byte, r))
        return true;
    size_t at = end;
    unsigned k = 0;
    while (k < 4 && at > 0) {
        at = char_back(p, at, one_byte);
        k++;
    }
    bool edge = at == 0 || p[at - 1] == ' ';
    if (k == 4 && edge && p[at] != ' ' && take_tag(p, at, end, one_byte, r)) {
        if (!blank_between(p, 0, at))
            r->doubts |= ROW_LEAD;
        return true;
    }
    at = skip_blanks(p, end, 0);
    while (end > at && p[end - 1] == ' ')
        end--;
    if (end == at || !take_tag(p, at, end, one_byte, r))
        return false;
    if (r->tag.b[3] == ' ')
        r->doubts |= ROW_TAG_PADDED;
    return true;
}

/* ---- the whole row ---- */

static bool proved(const struct figure_text *fig)
{
    const uint64_t allocs = fig[FIG_ALLOCS].v, frees = fig[FIG_FREES].v;
    const uint64_t live = fig[FIG_LIVE].v, bytes = fig[FIG_BYTES].v;
    const bool counts =
        !fig[FIG_ALLOCS].unknown && !fig[FIG_FREES].unknown && !fig[FIG_LIVE].unknown;
    const bool sizes =
        !fig[FIG_LIVE].unknown && !fig[FIG_BYTES].unknown && !fig[FIG_PER_ALLOC].unknown;
    const bool narrow = (allocs | frees | live) <= UINT32_MAX;
    return (!counts || live == row_live(allocs, frees, narrow ? 32 : 64)) &&
           (!sizes || fig[FIG_PER_ALLOC].v == (live == 0 ? 0 : bytes / live));
}

enum { TOKENS_MAX = FIGURES + 1 };

/* Sets the figures from the tokens when their number and parentheses fit a layout. */
static bool place(const struct number *t, size_t n, struct row_text *r)
{
    r->deltas = n == FIGURES;
    if (n != 5 && n != FIGURES)
        return false;
    bool any_parens = false;
    for (size_t i = 0; i < n; i++)
        any_parens |= t[i].parens;
    if (n == 5 && any_parens)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (any_parens && t[i].parens != in_parens[i])
            return false;
        r->fig[n == 5 ? plain_places[i] : i] = t[i].f;
    }
    if (n == FIGURES && !any_parens)
        r->doubts |= ROW_NO_PARENS;
    return true;
}

/* Parts token k behind its first `digits` digits. */
static void part(const char *p, const struct number *t, size_t n, size_t k, size_t digits,
                 struct number *out)
{
    memcpy(out, t, (k + 1) * sizeof *t);
    memcpy(out + k + 2, t + k + 1, (n - k - 1) * sizeof *t);
    out[k + 1] = out[k];
    out[k].f.end = out[k + 1].f.begin = out[k].f.begin + (uint32_t)digits;
    for (size_t i = k; i <= k + 1; i++) {
        size_t at = out[i].f.begin;
        (void)read_digits(p, out[i].f.end, &at, &out[i].f.v);
    }
}

/* One number too few: two of them may touch.  Keeps the only way to part one token that
 * makes the row prove itself. */
static bool unglue(const char *p, const struct number *t, size_t n, struct row_text *r)
{
    struct row_text best = *r;
    unsigned ways = 0;
    for (size_t k = 0; k < n; k++) {
        const size_t digits = t[k].f.end - t[k].f.begin;
        for (size_t d = 1; d < digits && !t[k].parens; d++) {
            struct number parted[TOKENS_MAX];
            struct row_text tried = *r;
            if (p[t[k].f.begin + d] == '0' && d + 1 < digits)
                continue; /* no figure is printed with a leading zero */
            part(p, t, n, k, d, parted);
            /* No block is smaller than a byte: that keeps a Per Alloc of 0 from
             * proving what is none. */
            if (place(parted, n + 1, &tried) && !(tried.doubts & ROW_NO_PARENS) &&
                proved(tried.fig) && tried.fig[FIG_BYTES].v >= tried.fig[FIG_LIVE].v) {
                best = tried;
                ways++;
            }
        }
    }
    if (ways != 1)
        return false;
    *r = best;
    r->doubts |= ROW_UNGLUED;
    return true;
}

/* Mapped_Driver: `[...]` groups or `Unknown Driver`; anything else is a remark. */
static void find_driver(const char *p, size_t n, size_t at, struct row_text *r)
{
    static const char unknown[] = "Unknown Driver";
    r->end = (uint32_t)at;
    at = skip_blanks(p, n, at);
    while (n > at && p[n - 1] == ' ')
        n--;
    if (at == n)
        return;
    const size_t len = sizeof unknown - 1;
    if (p[at] == '[' || (n - at >= len && memcmp(p + at, unknown, len) == 0)) {
        r->driver_at = (uint32_t)at;
        r->driver_n = (uint32_t)(n - at);
        r->end = (uint32_t)n;
    } else {
        r->doubts |= ROW_REMARK;
    }
}

enum row_shape row_parse(const char *p, size_t n, bool one_byte, struct row_text *r)
{
    size_t at;
    *r = (struct row_text){0};
    if (n > UINT32_MAX)
        return ROW_NONE;
    if (!find_type(p, n, false, r, &at)) {
        if (!find_type(p, n, true, r, &at))
            return ROW_NONE;
        r->doubts |= ROW_CASE;
    }
    const bool tagged = find_tag(p, one_byte, r);
    struct number t[TOKENS_MAX];
    size_t count = 0;
    while (count < FIGURES && read_number(p, n, &at, &t[count]))
        count++;
    r->end = (uint32_t)at;
    bool placed = place(t, count, r);
    /* What stands at the break must not be half a figure. */
    size_t rest = skip_blanks(p, n, at);
    bool broken = rest < n && (p[rest] == '(' || ascii_digit(p[rest]));
    if (!placed && !broken && (count == 4 || count == 7))
        placed = unglue(p, t, count, r);
    if (!tagged) /* a sentence may hold the word, but not figures that prove a row */
        return placed && !broken && proved(r->fig) ? ROW_TORN : ROW_NONE;
    if (!placed || broken)
        return ROW_TORN;
    find_driver(p, n, at, r);
    /* `9 0 9 576 KiB`: 57 and 6 would prove it, but the word says what is missing. */
    if ((r->doubts & ROW_UNGLUED) != 0 && (r->doubts & ROW_REMARK) != 0)
        return ROW_TORN;
    if (proved(r->fig))
        return ROW_PROVED;
    return r->doubts & ROW_NO_PARENS ? ROW_TORN : ROW_READ;
}

bool row_untyped(const char *p, size_t n)
{
    size_t at = skip_blanks(p, n, 0);
    if (stands_in_any_case(p, n, at, "total") || stands_in_any_case(p, n, at, "sum"))
        return false;
    for (at++; at < n; at++) {
        if (!ascii_digit(p[at]) || ascii_digit(p[at - 1]))
            continue;
        struct row_text r = {0};
        struct number t[TOKENS_MAX];
        size_t count = 0, i = at;
        while (count < FIGURES && read_number(p, n, &i, &t[count]))
            count++;
        if (place(t, count, &r) && proved(r.fig) && r.fig[FIG_LIVE].v > 0)
            return true;
    }
    return false;
}

bool row_is_total(const char *p, size_t n)
{
    size_t i = skip_blanks(p, n, 0);
    uint8_t pool;
    if (n - i < 6 || memcmp(p + i, "Total", 5) != 0 || p[i + 5] != ' ')
        return false;
    i = skip_blanks(p, n, i + 5);
    return type_word(p, n, i, true, &pool) > 0;
}

/* ---- figures ---- */

static int64_t signed_value(const struct figure_text *f)
{
    if (f->v > (uint64_t)INT64_MAX)
        return f->negative ? INT64_MIN : INT64_MAX;
    return f->negative ? -(int64_t)f->v : (int64_t)f->v;
}

static void set_all(const struct row_text *r, struct pool_row *row)
{
    const struct figure_text *f = r->fig;
    static const struct {
        uint8_t place;
        uint16_t bit;
    } given[] = {{FIG_ALLOCS, ROW_ALLOCS},
                 {FIG_FREES, ROW_FREES},
                 {FIG_LIVE, ROW_LIVE},
                 {FIG_BYTES, ROW_BYTES},
                 {FIG_PER_ALLOC, ROW_PER_ALLOC}};
    static const struct {
        uint8_t place;
        uint16_t bit;
    } changes[] = {{FIG_ALLOCS_DELTA, ROW_ALLOCS_DELTA},
                   {FIG_FREES_DELTA, ROW_FREES_DELTA},
                   {FIG_BYTES_DELTA, ROW_BYTES_DELTA}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        if (!f[given[i].place].unknown)
            row->fields = (uint16_t)(row->fields | given[i].bit);
    for (size_t i = 0; r->deltas && i < sizeof changes / sizeof changes[0]; i++)
        if (!f[changes[i].place].unknown)
            row->fields = (uint16_t)(row->fields | changes[i].bit);
    row->tag = r->tag;
    row->pool = r->pool;
    row->allocs = f[FIG_ALLOCS].v;
    row->frees = f[FIG_FREES].v;
    row->live = f[FIG_LIVE].v;
    row->bytes = f[FIG_BYTES].v;
    row->per_alloc = f[FIG_PER_ALLOC].v;
    row->width = (row->allocs | row->frees | row->live) <= UINT32_MAX ? 32 : 64;
    if (r->deltas) {
        row->allocs_delta = signed_value(&f[FIG_ALLOCS_DELTA]);
        row->frees_delta = signed_value(&f[FIG_FREES_DELTA]);
        row->bytes_delta = signed_value(&f[FIG_BYTES_DELTA]);
    }
}

static bool sizes_agree(uint64_t live, uint64_t bytes, uint64_t per_alloc)
{
    return per_alloc == (live == 0 ? 0 : bytes / live);
}

/* True when bytes plus a multiple of 2^32 gives this Per Alloc: a 32-bit print of a
 * larger figure.  Chance would need nearly 2^32 allocations. */
static bool bytes_wrapped(const struct pool_row *row)
{
    uint64_t least;
    if (row->live == 0 || row->live >= (uint64_t)1 << 24 || row->bytes > UINT32_MAX ||
        !mul_u64(row->per_alloc, row->live, &least) || least <= row->bytes)
        return false;
    uint64_t up = (least - row->bytes + UINT32_MAX) >> 32;
    uint64_t whole = row->bytes + (up << 32);
    return up > 0 && whole >= least && whole - least < row->live;
}

bool row_figures(const struct row_text *r, struct pool_row *row, const char **lost)
{
    *lost = NULL;
    set_all(r, row);
    if (proved(r->fig))
        return true;
    const uint64_t counted = row_live(row->allocs, row->frees, row->width);
    const bool counts = row->live == counted;
    const bool sizes = sizes_agree(row->live, row->bytes, row->per_alloc);
    if (!counts && !sizes && sizes_agree(counted, row->bytes, row->per_alloc)) {
        *lost = "Diff";
        row->fields = (uint16_t)(row->fields & ~ROW_LIVE);
        row->live = 0;
        return true;
    }
    if (counts && bytes_wrapped(row)) {
        *lost = "Bytes";
        row->fields = (uint16_t)(row->fields & ~ROW_BYTES);
        row->bytes = 0;
        return true;
    }
    return false;
}
