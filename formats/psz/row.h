/* SPDX-License-Identifier: MIT */
/* A row as the archive sees it: three figures that change often, and the rare rest;
 * pure functions, nobody owns anything here. */
#ifndef FORMATS_PSZ_ROW_H
#define FORMATS_PSZ_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/pool.h"
#include "formats/psz/stream.h"

#define ROW_PLAIN (ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC)
#define ROW_ALL   (ROW_PLAIN | ROW_ALLOCS_DELTA | ROW_FREES_DELTA | ROW_BYTES_DELTA)

enum psz_form {
    PSZ_FORM_64 = 1,    /* the row's counters are 64 bits wide */
    PSZ_FORM_LOOSE = 2, /* 32-bit counters that hold more than 32 bits */
    PSZ_FORMS = 4
};

struct psz_figures {
    uint64_t allocs; /* 0 when not given */
    uint64_t live;   /* as given, or allocs - frees, or 0 */
    uint64_t bytes;
};

struct psz_rare {
    uint16_t fields;           /* set of enum row_field */
    uint8_t form;              /* set of enum psz_form */
    uint64_t frees, per_alloc; /* where the other figures do not give them, else 0 */
    int64_t allocs_delta, frees_delta, bytes_delta;
    uint32_t driver, owner; /* numbers in the block's texts */
};

/* Counters are taken modulo 2^64, not 2^32. */
static inline bool psz_wide(const struct psz_rare *r)
{
    return r->form != 0;
}

/* frees == allocs - live, modulo the width. */
static inline bool psz_frees_derived(const struct psz_rare *r)
{
    const unsigned both = ROW_ALLOCS | ROW_FREES;
    return (r->fields & both) == both && !(r->form & PSZ_FORM_LOOSE);
}

/* Counters that no row can have: beyond their width, or three that contradict one
 * another. */
static inline bool psz_counters_broken(const struct psz_figures *f,
                                       const struct psz_rare *r)
{
    const unsigned all = ROW_ALLOCS | ROW_FREES | ROW_LIVE;
    if (r->form == 0)
        return (f->allocs | f->live) > UINT32_MAX;
    return r->form == PSZ_FORM_LOOSE && (r->fields & all) == all &&
           f->live != row_live(f->allocs, r->frees, 32);
}

/* per_alloc == bytes / live. */
static inline bool psz_per_alloc_derived(const struct psz_rare *r)
{
    const unsigned all = ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC;
    return (r->fields & all) == all;
}

/* Takes a row apart and puts it together again; the two texts and the line stay the
 * caller's business.  The row must satisfy the invariants of pool.h. */
void psz_row_split(const struct pool_row *row, struct psz_figures *f, struct psz_rare *r);
void psz_row_join(struct pool_row *row, const struct psz_figures *f,
                  const struct psz_rare *r);

/* The rare rest in a stream. */
int psz_rare_write(const struct psz_rare *r, struct buf *out,
                   struct err *e) ERR_WARN_UNUSED;
int psz_rare_read(struct psz_stream_in *in, struct psz_rare *r,
                  struct err *e) ERR_WARN_UNUSED;

bool psz_rare_equal(const struct psz_rare *a, const struct psz_rare *b);

static inline uint64_t psz_row_name(const struct pool_row *row)
{
    return (uint64_t)tag_key(row->tag) << 2 | row->pool;
}

#endif
