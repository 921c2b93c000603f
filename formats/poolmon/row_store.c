/* SPDX-License-Identifier: MIT */
#include "formats/poolmon/row_store.h"

int row_store_open(struct row_store *r, struct err *e)
{
    return POOLSIFT_FAST > 0 ? fast_new(&r->memory, e) : 0;
}

void row_store_close(struct row_store *r)
{
    key_set_free(&r->keys);
    fast_free(r->memory);
}

void row_store_start(struct row_store *r, struct pool_snapshot *s,
                     const struct block_start *b)
{
    r->s = s;
    r->in_columns = 0;
    key_set_clear(&r->keys);
    r->careful = b->careful || r->memory == NULL;
    r->chains = b->chains;
    if (!r->careful)
        fast_start(r->memory);
}

bool row_store_has(const struct row_store *r, struct pool_tag tag, uint8_t pool)
{
    return (!r->careful && fast_listed(r->memory, tag, pool)) ||
           key_set_has(&r->keys, tag, pool);
}

/* Puts the rows that wait in the memory into the snapshot: one of another kind follows.
 */
static int flush(struct row_store *r, struct err *e)
{
    r->chains = NULL;
    return r->careful ? 0 : fast_flush(r->memory, r->s, e);
}

int row_store_keep(struct row_store *r, const struct row_taken *row, struct err *e)
{
    if (!r->careful && !row->plain) {
        if (!fast_adjoins(r->memory, row->line->number))
            TRY(flush(r, e));
        if (fast_learn(r->memory, row->line, row->text, row->figures,
                       row->known_layout)) {
            r->s->n_rows++;
            return 0;
        }
    }
    TRY(flush(r, e));
    if (!r->careful)
        fast_bar(r->memory, row->text->tag, row->text->pool);
    if (key_set_add(&r->keys, row->text->tag, row->text->pool, e) < 0)
        return ERR_NOMEM;
    r->in_columns += row->known_layout;
    struct pool_row *to = pool_snapshot_add(r->s, e);
    if (to == NULL)
        return ERR_NOMEM;
    *to = *row->figures;
    return 0;
}

int row_store_run(struct row_store *r, struct text *text, size_t snapshot_rows,
                  uint64_t *last, struct err *e)
{
    size_t n, taken = 0;
    do {
        const struct text_rest rest = text_rest(text);
        size_t bytes;
        if (rest.n == 0)
            break;
        if (!fast_adjoins(r->memory, rest.number))
            TRY(flush(r, e));
        n = fast_rows(r->memory, rest.p, rest.n, snapshot_rows - r->s->n_rows,
                      rest.number, &bytes);
        text_skip(text, bytes, n);
        r->s->n_rows += n;
        taken += n;
        if (n > 0)
            *last = rest.number + n - 1;
    } while (n > 0);
    return taken > 0;
}

int row_store_finish(struct row_store *r, size_t *in_columns, struct err *e)
{
    const bool follows = r->chains != NULL && !r->careful && r->s->n_rows > 0;
    int rc = follows ? fast_follow(r->memory, r->s, r->chains, e) : flush(r, e);
    if (rc < 0)
        return rc;
    *in_columns = r->in_columns + (r->careful ? 0 : fast_in_columns(r->memory));
    r->s = NULL;
    return 0;
}
