/* SPDX-License-Identifier: MIT */
#include "formats/psz/row.h"

int psz_rare_write(const struct psz_rare *r, struct buf *out, struct err *e)
{
    TRY(buf_varint(out, r->fields, e));
    TRY(buf_byte(out, r->form, e));
    if ((r->fields & ROW_FREES) && !psz_frees_derived(r))
        TRY(buf_varint(out, r->frees, e));
    if ((r->fields & ROW_PER_ALLOC) && !psz_per_alloc_derived(r))
        TRY(buf_varint(out, r->per_alloc, e));
    if (r->fields & ROW_ALLOCS_DELTA)
        TRY(buf_varint(out, zigzag(r->allocs_delta), e));
    if (r->fields & ROW_FREES_DELTA)
        TRY(buf_varint(out, zigzag(r->frees_delta), e));
    if (r->fields & ROW_BYTES_DELTA)
        TRY(buf_varint(out, zigzag(r->bytes_delta), e));
    TRY(buf_varint(out, r->driver, e));
    return buf_varint(out, r->owner, e);
}

int psz_rare_read(struct psz_stream_in *in, struct psz_rare *r, struct err *e)
{
    uint64_t fields = psz_get(in), form = psz_get(in);
    if (in->bad || (fields & ~(uint64_t)ROW_ALL) != 0 || form >= PSZ_FORMS - 1)
        return psz_broken(e, "rare rows");
    *r = (struct psz_rare){.fields = (uint16_t)fields, .form = (uint8_t)form};
    if ((fields & ROW_FREES) && !psz_frees_derived(r))
        r->frees = psz_get(in);
    if ((fields & ROW_PER_ALLOC) && !psz_per_alloc_derived(r))
        r->per_alloc = psz_get(in);
    if (fields & ROW_ALLOCS_DELTA)
        r->allocs_delta = unzigzag(psz_get(in));
    if (fields & ROW_FREES_DELTA)
        r->frees_delta = unzigzag(psz_get(in));
    if (fields & ROW_BYTES_DELTA)
        r->bytes_delta = unzigzag(psz_get(in));
    uint64_t driver = psz_get(in), owner = psz_get(in);
    if (in->bad || driver > UINT32_MAX || owner > UINT32_MAX)
        return psz_broken(e, "rare rows");
    r->driver = (uint32_t)driver;
    r->owner = (uint32_t)owner;
    return 0;
}
