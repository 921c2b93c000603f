/* SPDX-License-Identifier: MIT */
#include "formats/poolmon/poolmon_layout.h"

#include <stddef.h>

#define SCREEN_COLUMNS                                                                   \
    " Tag  Type     Allocs            Frees            Diff   Bytes       Per Alloc"
#define SCREEN64_COLUMNS                                                                 \
    " Tag  Type     Allocs            Frees            Diff       Bytes"                 \
    "                  Per Alloc"

const struct pool_layout pool_layouts[] = {
    {"screen, NT 3.51 and 4",
     true,
     {19, 26, 34, 41, 48, 56, 65, 70},
     71,
     " Tag  Type    Allocs          Frees         Diff   Bytes      Per Alloc"},
    {"screen, 32 bits", true, {21, 28, 38, 45, 54, 62, 71, 78}, 79, SCREEN_COLUMNS},
    {"screen, 32 bits, narrow",
     true,
     {21, 28, 38, 45, 51, 59, 68, 75},
     76,
     " Tag  Type        Allocs          Frees      Diff   Bytes      Per Alloc"},
    {"screen, 64 bits", true, {21, 28, 38, 45, 54, 66, 80, 92}, 93, SCREEN64_COLUMNS},
    {"snapshot, 32 bits",
     false,
     {[FIG_ALLOCS] = 21,
      [FIG_FREES] = 31,
      [FIG_LIVE] = 41,
      [FIG_BYTES] = 50,
      [FIG_PER_ALLOC] = 61},
     69,
     " Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc"},
    {"snapshot, 64 bits",
     false,
     {[FIG_ALLOCS] = 30,
      [FIG_FREES] = 49,
      [FIG_LIVE] = 67,
      [FIG_BYTES] = 82,
      [FIG_PER_ALLOC] = 99},
     107,
     " Tag  Type     Allocs            Frees               Diff            Bytes"
     "                 Per Alloc"},
    {NULL, false, {0}, 0, NULL},
};

const struct pool_layout *const pool_layout_screen = &pool_layouts[3];
const struct pool_layout *const pool_layout_snapshot = &pool_layouts[5];

enum { TYPE_AT = 6, TYPE_END = 11 };

static bool is_change(size_t i)
{
    return i == FIG_ALLOCS_DELTA || i == FIG_FREES_DELTA || i == FIG_BYTES_DELTA;
}

/* Every figure ends at its edge, or further right by as much as it is too wide. */
static bool fits(const struct pool_layout *l, const struct row_text *r)
{
    int64_t shift = (int64_t)r->type_at - TYPE_AT;
    int64_t last = shift + TYPE_END;
    for (size_t i = 0; i < FIGURES; i++) {
        if (l->edge[i] == 0)
            continue;
        const struct figure_text *f = &r->fig[i];
        const bool change = is_change(i);
        const int64_t end = (int64_t)f->end + change;
        const int64_t blanks = (int64_t)f->begin - last - (change ? 2 : 0);
        const int64_t over = end - (shift + l->edge[i]);
        if (over < 0 || (over > 0 && blanks > (change ? 0 : 1)))
            return false;
        shift += over;
        last = end;
    }
    return true;
}

const struct pool_layout *pool_layout_of(const struct row_text *r,
                                         const struct pool_layout *likely)
{
    if (likely != NULL && likely->deltas == r->deltas && fits(likely, r))
        return likely;
    for (const struct pool_layout *l = pool_layouts; l->name != NULL; l++)
        if (l->deltas == r->deltas && fits(l, r))
            return l;
    return NULL;
}

int pool_layout_template(const struct pool_layout *l, struct buf *out, struct err *e)
{
    static const char names[FIGURES] = {'a', 'A', 'f', 'F', 'd', 'b', 'B', 'p'};
    unsigned at = TYPE_END;
    TRY(buf_printf(out, e, " \x01T \x01P"));
    for (size_t i = 0; i < FIGURES; i++) {
        if (l->edge[i] == 0)
            continue;
        const char width = (char)('0' + (l->edge[i] - at) - (is_change(i) ? 3 : 0));
        if (is_change(i))
            TRY(buf_printf(out, e, " (\x01%c0%c)", names[i], width));
        else
            TRY(buf_printf(out, e, "\x01%c1%c", names[i], width));
        at = l->edge[i];
    }
    return buf_printf(out, e,
                      "\x01"
                      "D%c0\n",
                      (char)('0' + (l->driver - at)));
}
