/* SPDX-License-Identifier: MIT */
#include "formats/table/table_row.h"

struct proof {
    struct pool_row *row;
    const struct table_figures *from;
    struct table_loss *loss;
};

static bool has(const struct pool_row *r, unsigned fields)
{
    return (r->fields & fields) == fields;
}

/* name: of a figure that is wrong; NULL: of one that is only less exact. */
static void leave_out(struct proof *p, unsigned field, uint64_t *v, const char *name)
{
    p->row->fields = (uint16_t)(p->row->fields & ~field);
    *v = 0;
    if (name != NULL)
        p->loss->wrong = name;
    else
        p->loss->rough = true;
}

static bool divides(const struct pool_row *r, uint64_t live)
{
    return live == 0 ? r->per_alloc == 0 : r->bytes / live == r->per_alloc;
}

/* live = allocs - frees, perhaps in 32 bits. */
static bool settle_counts(struct proof *p)
{
    struct pool_row *r = p->row;
    r->width = 64;
    if (!has(r, ROW_ALLOCS | ROW_FREES))
        return true;
    const bool narrow = r->allocs <= UINT32_MAX && r->frees <= UINT32_MAX;
    if (r->allocs < r->frees && narrow)
        r->width = 32;
    if (!has(r, ROW_LIVE) || row_live(r->allocs, r->frees, r->width) == r->live)
        return true;
    const unsigned counters = 1u << COLUMN_ALLOCS | 1u << COLUMN_FREES;
    const unsigned rounded = p->from->rounded;
    if (rounded & (1u << COLUMN_LIVE))
        leave_out(p, ROW_LIVE, &r->live, NULL);
    else if (rounded & counters)
        leave_out(p, ROW_ALLOCS, &r->allocs, NULL);
    else if (has(r, ROW_BYTES | ROW_PER_ALLOC) &&
             divides(r, row_live(r->allocs, r->frees, r->width)))
        leave_out(p, ROW_LIVE, &r->live, "the count of live allocations");
    else
        return false;
    return true;
}

/* per_alloc = bytes / live, cut off or rounded by whoever made the table. */
static bool settle_sizes(struct proof *p, bool proved)
{
    struct pool_row *r = p->row;
    /* A debugger's Allocs are the outstanding ones: only then is the quotient right. */
    if (has(r, ROW_ALLOCS | ROW_BYTES | ROW_PER_ALLOC) &&
        !(r->fields & (ROW_FREES | ROW_LIVE)) && r->allocs > 0 && divides(r, r->allocs)) {
        r->live = r->allocs;
        r->fields = (uint16_t)((r->fields & ~ROW_ALLOCS) | ROW_LIVE);
        r->allocs = 0;
    }
    if (!has(r, ROW_BYTES | ROW_LIVE | ROW_PER_ALLOC) || divides(r, r->live))
        return true;
    uint64_t nearest =
        r->live > 0 ? r->bytes / r->live + (r->bytes % r->live >= r->live - r->live / 2)
                    : 0;
    const unsigned inexact =
        1u << COLUMN_BYTES | 1u << COLUMN_LIVE | 1u << COLUMN_PER_ALLOC;
    if (r->live > 0 && nearest == r->per_alloc)
        r->per_alloc = r->bytes / r->live;
    else if (p->from->grouped > 0 && r->live > 0 &&
             r->bytes / r->live == p->from->grouped)
        r->per_alloc = p->from->grouped;
    else if (p->from->rounded & inexact)
        leave_out(p, ROW_PER_ALLOC, &r->per_alloc, NULL);
    else if (has(r, ROW_ALLOCS) && r->allocs > 0 && divides(r, r->allocs))
        leave_out(p, ROW_PER_ALLOC, &r->per_alloc, NULL); /* of all that ever were */
    else if (!proved && r->live == 0)
        leave_out(p, ROW_PER_ALLOC, &r->per_alloc, NULL);
    else
        return false;
    return true;
}

bool table_settle(const struct table_figures *f, struct pool_row *row,
                  struct table_loss *loss)
{
    static const struct {
        enum table_column kind;
        uint16_t field;
    } t[] = {{COLUMN_ALLOCS, ROW_ALLOCS},
             {COLUMN_FREES, ROW_FREES},
             {COLUMN_LIVE, ROW_LIVE},
             {COLUMN_BYTES, ROW_BYTES},
             {COLUMN_PER_ALLOC, ROW_PER_ALLOC}};
    uint64_t *const v[] = {&row->allocs, &row->frees, &row->live, &row->bytes,
                           &row->per_alloc};
    struct proof p = {.row = row, .from = f, .loss = loss};
    row->fields = 0;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        bool given = (f->given & 1u << t[i].kind) != 0;
        *v[i] = given ? f->v[t[i].kind] : 0;
        row->fields = (uint16_t)(row->fields | (given ? t[i].field : 0));
    }
    bool proved = has(row, ROW_ALLOCS | ROW_FREES | ROW_LIVE);
    *loss = (struct table_loss){.wrong = NULL};
    return settle_counts(&p) && settle_sizes(&p, proved);
}
