/* SPDX-License-Identifier: MIT */
#include "formats/psz/events.h"

#include "formats/psz/format.h"

/* What an event takes at least: time, line, count, code and text. */
#define EVENT_MIN 5

/* Time and line are those of the event before, or of the record, plus a step.  An event
 * without a time is a step to INT64_MIN that the next one does not start from. */
struct before {
    uint64_t ms, line;
};

static struct before start_of(const struct pool_snapshot *s)
{
    return (struct before){(uint64_t)s->time.ms, s->line - 1};
}

static void pass(struct before *b, uint64_t ms, uint64_t line)
{
    if (psz_signed(ms) != INT64_MIN)
        b->ms = ms;
    b->line = line;
}

int psz_events_write(struct buf *out, struct psz_texts *texts,
                     const struct pool_snapshot *s, struct err *e)
{
    if (s->record != RECORD_EVENTS)
        return 0;
    struct before b = start_of(s);
    TRY(buf_varint(out, s->n_events, e));
    for (size_t i = 0; i < s->n_events; i++) {
        const struct pool_event *v = &s->events[i];
        uint32_t code, text;
        TRY(psz_texts_put(texts, pool_snapshot_str(s, v->code), &code, e));
        TRY(psz_texts_put(texts, pool_snapshot_str(s, v->text), &text, e));
        TRY(buf_varint(out, psz_zigzag((uint64_t)v->ms - b.ms), e));
        TRY(buf_varint(out, psz_zigzag(v->line - b.line - 1), e));
        TRY(buf_varint(out, v->count - 1, e));
        TRY(buf_varint(out, code, e));
        TRY(buf_varint(out, text, e));
        pass(&b, (uint64_t)v->ms, v->line);
    }
    return 0;
}

static int read_event(struct psz_stream_in *in, struct psz_text_map *texts,
                      struct before *b, struct pool_snapshot *s, struct err *e)
{
    uint64_t ms = b->ms + psz_unzigzag(psz_get(in));
    uint64_t line = b->line + 1 + psz_unzigzag(psz_get(in));
    uint64_t more = psz_get(in), code = psz_get(in), text = psz_get(in);
    if (in->bad || code == 0 || more == UINT64_MAX ||
        (psz_signed(ms) != INT64_MIN && !psz_moment(ms)))
        return psz_broken(e, "events");
    struct pool_event *v = pool_snapshot_add_event(s, e);
    if (v == NULL)
        return ERR_NOMEM;
    *v = (struct pool_event){.ms = psz_signed(ms), .line = line, .count = more + 1};
    TRY(psz_text_to(texts, s, code, &v->code, e));
    TRY(psz_text_to(texts, s, text, &v->text, e));
    pass(b, ms, line);
    return 0;
}

int psz_events_read(struct psz_stream_in *in, struct psz_text_map *texts,
                    const struct limits *l, struct pool_snapshot *s, struct err *e)
{
    if (s->record != RECORD_EVENTS)
        return 0;
    struct before b = start_of(s);
    uint64_t n = psz_get(in);
    if (in->bad || n > (uint64_t)(in->end - in->p) / EVENT_MIN)
        return psz_broken(e, "events");
    if (n > l->snapshot_rows)
        return err_set(e, ERR_LIMIT,
                       "%llu events in one record, more than the %zu allowed",
                       (unsigned long long)n, l->snapshot_rows);
    for (uint64_t i = 0; i < n; i++)
        TRY(read_event(in, texts, &b, s, e));
    return 0;
}
