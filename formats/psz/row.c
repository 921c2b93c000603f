/* SPDX-License-Identifier: MIT */
#include "formats/psz/row.h"

void psz_row_split(const struct pool_row *row, struct psz_figures *f, struct psz_rare *r)
{
    bool wide = row->width == 64;
    bool loose = !wide && (row->allocs > UINT32_MAX || row->frees > UINT32_MAX ||
                           row->live > UINT32_MAX);
    *r = (struct psz_rare){
        .fields = row->fields,
        .form = (uint8_t)((wide ? PSZ_FORM_64 : 0) | (loose ? PSZ_FORM_LOOSE : 0)),
        .allocs_delta = row->allocs_delta,
        .frees_delta = row->frees_delta,
        .bytes_delta = row->bytes_delta};
    *f = (struct psz_figures){row->allocs, row->live, row->bytes};
    if (psz_frees_derived(r))
        f->live = row_live(row->allocs, row->frees, row->width);
    else
        r->frees = row->frees;
    if (!psz_per_alloc_derived(r))
        r->per_alloc = row->per_alloc;
}

void psz_row_join(struct pool_row *row, const struct psz_figures *f,
                  const struct psz_rare *r)
{
    row->fields = r->fields;
    row->width = r->form & PSZ_FORM_64 ? 64 : 32;
    row->allocs = r->fields & ROW_ALLOCS ? f->allocs : 0;
    row->live = r->fields & ROW_LIVE ? f->live : 0;
    row->bytes = r->fields & ROW_BYTES ? f->bytes : 0;
    row->frees =
        psz_frees_derived(r) ? row_live(f->allocs, f->live, row->width) : r->frees;
    row->per_alloc = r->per_alloc;
    if (psz_per_alloc_derived(r))
        row->per_alloc = f->live == 0 ? 0 : f->bytes / f->live;
    row->allocs_delta = r->allocs_delta;
    row->frees_delta = r->frees_delta;
    row->bytes_delta = r->bytes_delta;
}

bool psz_rare_equal(const struct psz_rare *a, const struct psz_rare *b)
{
    return a->fields == b->fields && a->form == b->form && a->frees == b->frees &&
           a->per_alloc == b->per_alloc && a->allocs_delta == b->allocs_delta &&
           a->frees_delta == b->frees_delta && a->bytes_delta == b->bytes_delta &&
           a->driver == b->driver && a->owner == b->owner;
}
