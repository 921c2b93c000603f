/* SPDX-License-Identifier: MIT */
#include "formats/psz/head.h"

#include <stdlib.h>
#include <string.h>

#include "formats/psz/format.h"
#include "formats/psz/name.h"
#include "formats/psz/notes.h"

enum { MASK_SAME = 1, MASK_NAME = 2, MASK_LINES = 4, MASK_NOTES = 8, MASK_SHIFT = 4 };

void psz_lane_free(struct psz_lane *lane)
{
    buf_free(&lane->name);
    buf_free(&lane->name_now);
    free(lane->order);
    *lane = (struct psz_lane){0};
}

int psz_text_map_init(struct psz_text_map *m, const struct psz_texts *texts,
                      struct err *e)
{
    size_t n = texts->n + 1;
    psz_text_map_free(m);
    m->texts = texts;
    m->offset = calloc(n, sizeof *m->offset);
    m->stamp = calloc(n, sizeof *m->stamp);
    return m->offset == NULL || m->stamp == NULL ? err_nomem(e) : 0;
}

void psz_text_map_free(struct psz_text_map *m)
{
    free(m->offset);
    free(m->stamp);
    *m = (struct psz_text_map){0};
}

int psz_text_to(struct psz_text_map *m, struct pool_snapshot *s, uint64_t number,
                uint32_t *offset, struct err *e)
{
    *offset = 0;
    if (number == 0)
        return 0;
    if (number >= m->texts->n)
        return psz_broken(e, "text numbers");
    if (m->stamp[number] != m->now) {
        const char *text = psz_text(m->texts, (uint32_t)number);
        const size_t n = strlen(text);
        m->named += n;
        if (m->named > PSZ_NAMED_MAX) /* no writer makes that, and each is copied */
            return psz_broken(e, "texts");
        TRY(pool_snapshot_intern(s, text, n, &m->offset[number], e));
        m->stamp[number] = m->now;
    }
    *offset = m->offset[number];
    return 0;
}

/* ---- predictions ---- */

/* What the lane expects of the next snapshot.  `same_source` and the values before i
 * that are already known may be used. */
static uint64_t expected(const struct psz_lane *lane, const uint64_t v[PSZ_VALUES],
                         enum psz_value i, bool same_source)
{
    const uint64_t before = lane->v[i];
    switch (i) {
    case VALUE_TIME:
        return before + lane->time_step;
    case VALUE_ORDINAL:
        return same_source ? before + 1 : 1;
    case VALUE_LINE:
        return same_source ? before + lane->line_step : before;
    case VALUE_UPTIME: {
        uint64_t step = v[VALUE_TIME] - lane->v[VALUE_TIME];
        return before == 0 || step >> 63 ? before : before + step / 1000;
    }
    default:
        return before;
    }
}

static void learn(struct psz_lane *lane, const uint64_t v[PSZ_VALUES], bool same_source)
{
    bool first = lane->snapshots == 0;
    lane->time_step = first ? 0 : v[VALUE_TIME] - lane->v[VALUE_TIME];
    lane->line_step = first || !same_source ? 0 : v[VALUE_LINE] - lane->v[VALUE_LINE];
    memcpy(lane->v, v, sizeof lane->v);
    lane->snapshots++;
}

/* ---- writing ---- */

static int values_of(const struct pool_snapshot *s, struct psz_texts *texts,
                     uint64_t v[PSZ_VALUES], struct err *e)
{
    const struct {
        enum psz_value i;
        uint32_t offset;
    } text[] = {{VALUE_FORMAT, s->format},
                {VALUE_DRESS_HEAD, s->dress.head},
                {VALUE_DRESS_ROW, s->dress.row},
                {VALUE_DRESS_TAIL, s->dress.tail},
                {VALUE_FACTS, s->facts}};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        uint32_t number;
        TRY(psz_texts_put(texts, pool_snapshot_str(s, text[i].offset), &number, e));
        v[text[i].i] = number;
    }
    const struct pool_time *t = &s->time;
    v[VALUE_TIME] = (uint64_t)t->ms;
    v[VALUE_TIME_SOURCE] = (uint64_t)t->source;
    v[VALUE_ZONE] = t->zone_known ? (uint64_t)(t->zone_min + 32769) : 0;
    v[VALUE_AMBIGUOUS] = t->ambiguous;
    v[VALUE_OTHER_TIME] = (uint64_t)t->other_ms - (t->ambiguous ? v[VALUE_TIME] : 0);
    v[VALUE_ORDINAL] = s->ordinal;
    v[VALUE_LINE] = s->line;
    v[VALUE_UPTIME] = (uint64_t)s->uptime_s + 1;
    v[VALUE_COMPLETENESS] = (uint64_t)s->completeness;
    v[VALUE_GIVEN] = s->totals.given;
    v[VALUE_DRESS] = (uint64_t)s->dress.encoding * 2 + s->dress.verbatim;
    return 0;
}

static bool lines_regular(const struct pool_snapshot *s)
{
    for (size_t i = 1; i < s->n_rows && s->chain.id == 0; i++)
        if (pool_row_line(s, i) != pool_row_line(s, i - 1) + 1)
            return false;
    return true;
}

int psz_head_write(struct buf *out, struct psz_texts *texts, struct psz_lane *lane,
                   const struct pool_snapshot *s, uint64_t order, struct err *e)
{
    uint64_t v[PSZ_VALUES];
    TRY(values_of(s, texts, v, e));
    v[VALUE_ORDER] = order;
    v[VALUE_FIRST_ROW] =
        s->n_rows > 0 ? pool_row_line(s, 0) - s->line : lane->v[VALUE_FIRST_ROW];

    const char *name = pool_snapshot_str(s, s->source);
    bool same_source = psz_name_same(lane, name), named = false,
         regular = lines_regular(s);
    if (!same_source) {
        TRY(psz_name_expand(lane, &s->time, e));
        named = !psz_name_same(lane, name);
    }
    uint64_t mask = (same_source ? MASK_SAME : 0) | (named ? MASK_NAME : 0) |
                    (regular ? 0 : MASK_LINES) |
                    (psz_notes_none(&s->notes) ? 0 : MASK_NOTES);
    for (enum psz_value i = 0; i < PSZ_VALUES; i++)
        if (v[i] != expected(lane, v, i, same_source))
            mask |= (uint64_t)1 << (i + MASK_SHIFT);
    TRY(buf_varint(out, mask, e));
    for (enum psz_value i = 0; i < PSZ_VALUES; i++)
        if (mask >> (i + MASK_SHIFT) & 1)
            TRY(buf_varint(out, psz_zigzag(v[i] - expected(lane, v, i, same_source)), e));
    if (named)
        TRY(psz_name_write(out, lane, &s->time, name, e));
    for (size_t i = 1; i < s->n_rows && !regular; i++)
        TRY(buf_varint(out, psz_zigzag(pool_row_line(s, i) - pool_row_line(s, i - 1) - 1),
                       e));
    if (mask & MASK_NOTES)
        TRY(psz_notes_write(out, texts, &s->notes, e));
    learn(lane, v, same_source);
    return 0;
}

/* ---- reading ---- */

static int values_to(const uint64_t v[PSZ_VALUES], struct psz_text_map *texts,
                     struct pool_snapshot *s, struct err *e)
{
    if (v[VALUE_TIME_SOURCE] > TIME_MTIME || v[VALUE_ZONE] > 65536 ||
        v[VALUE_AMBIGUOUS] > 1 || v[VALUE_ORDINAL] > UINT32_MAX ||
        v[VALUE_UPTIME] > (uint64_t)INT64_MAX + 1 ||
        v[VALUE_COMPLETENESS] > COMPLETE_CUT || v[VALUE_GIVEN] >> TOTALS != 0 ||
        v[VALUE_DRESS] / 2 > ENC_UTF16BE_MARK ||
        (v[VALUE_TIME_SOURCE] == TIME_NONE && v[VALUE_TIME] != 0))
        return psz_broken(e, "snapshot heads");
    uint64_t other = v[VALUE_OTHER_TIME] + (v[VALUE_AMBIGUOUS] ? v[VALUE_TIME] : 0);
    const int zone = v[VALUE_ZONE] == 0 ? 0 : (int)v[VALUE_ZONE] - 32769;
    if (!psz_moment(v[VALUE_TIME]) || !psz_moment(other) || zone < -TIME_ZONE_MOST ||
        zone > TIME_ZONE_MOST)
        return psz_broken(e, "times");
    s->time = (struct pool_time){
        .source = (enum time_source)v[VALUE_TIME_SOURCE],
        .ms = psz_signed(v[VALUE_TIME]),
        .zone_known = v[VALUE_ZONE] != 0,
        .zone_min = (int16_t)zone,
        .ambiguous = v[VALUE_AMBIGUOUS] != 0,
        .other_ms = psz_signed(other),
    };
    s->ordinal = (uint32_t)v[VALUE_ORDINAL];
    s->line = v[VALUE_LINE];
    s->uptime_s = v[VALUE_UPTIME] == 0 ? -1 : (int64_t)(v[VALUE_UPTIME] - 1);
    s->completeness = (enum completeness)v[VALUE_COMPLETENESS];
    s->totals.given = (uint32_t)v[VALUE_GIVEN];
    s->dress.encoding = (uint8_t)(v[VALUE_DRESS] / 2);
    s->dress.verbatim = v[VALUE_DRESS] & 1;
    TRY(psz_text_to(texts, s, v[VALUE_FORMAT], &s->format, e));
    TRY(psz_text_to(texts, s, v[VALUE_DRESS_HEAD], &s->dress.head, e));
    TRY(psz_text_to(texts, s, v[VALUE_DRESS_ROW], &s->dress.row, e));
    TRY(psz_text_to(texts, s, v[VALUE_DRESS_TAIL], &s->dress.tail, e));
    return psz_text_to(texts, s, v[VALUE_FACTS], &s->facts, e);
}

int psz_head_read(struct psz_stream_in *in, struct psz_text_map *texts,
                  struct psz_lane *lane, struct pool_snapshot *s,
                  struct psz_head_late *late, struct err *e)
{
    uint64_t v[PSZ_VALUES], mask = psz_get(in);
    if (mask >> (PSZ_VALUES + MASK_SHIFT) != 0)
        return psz_broken(e, "snapshot heads");
    bool same_source = mask & MASK_SAME;
    for (enum psz_value i = 0; i < PSZ_VALUES; i++) {
        v[i] = expected(lane, v, i, same_source);
        if (mask >> (i + MASK_SHIFT) & 1)
            v[i] += psz_unzigzag(psz_get(in));
    }
    TRY(values_to(v, texts, s, e));
    if (mask & MASK_NAME)
        TRY(psz_name_read(in, lane, e));
    if (!same_source)
        TRY(psz_name_expand(lane, &s->time, e));
    if (in->bad)
        return psz_broken(e, "snapshot heads");
    TRY(pool_snapshot_intern(s, (const char *)lane->name_now.p, lane->name_now.n,
                             &s->source, e));
    TRY(psz_text_to(texts, s, lane->host, &s->host, e));
    s->record = lane->record;
    s->scope = lane->scope;
    s->session = lane->session;
    late->mask = mask;
    late->first_row_line = s->line + v[VALUE_FIRST_ROW];
    late->order = v[VALUE_ORDER];
    learn(lane, v, same_source);
    return 0;
}

bool psz_head_irregular(const struct psz_head_late *late)
{
    return late->mask & MASK_LINES;
}

int psz_head_read_late(struct psz_stream_in *in, struct psz_text_map *texts,
                       struct pool_snapshot *s, const struct psz_head_late *late,
                       struct err *e)
{
    uint64_t line = late->first_row_line;
    for (size_t i = 0; i < s->n_rows && s->chain.id == 0; i++, line++) {
        if (i > 0 && (late->mask & MASK_LINES))
            line += psz_unzigzag(psz_get(in));
        s->rows[i].line = line;
    }
    if (late->mask & MASK_NOTES)
        TRY(psz_notes_read(in, texts, &s->notes, e));
    return in->bad ? psz_broken(e, "lines or notes") : 0;
}

/* ---- totals ---- */

static void sums_of(const struct pool_snapshot *s, uint64_t sum_kib[POOL_KINDS])
{
    uint64_t sum[POOL_KINDS] = {0};
    bool told = s->chain.id != 0;
    for (int k = 0; k < POOL_KINDS; k++)
        told = told && s->chain.bytes[k] < UINT64_MAX; /* else it may be a larger one */
    for (size_t i = 0; i < s->n_rows && !told; i++)
        sum[pool_row_at(s, i)->pool] += pool_row_at(s, i)->bytes;
    if (told)
        memcpy(sum, s->chain.bytes, sizeof sum);
    for (int k = 0; k < POOL_KINDS; k++)
        sum_kib[k] = sum[k] / 1024;
}

/* The pools' own totals move with the sum of their rows; all others stay. */
static void expected_totals(struct psz_lane *lane, const struct pool_snapshot *s)
{
    uint64_t sum_kib[POOL_KINDS];
    sums_of(s, sum_kib);
    lane->totals[TOTAL_NONPAGED_KIB] +=
        sum_kib[POOL_NONPAGED] - lane->sum_kib[POOL_NONPAGED];
    lane->totals[TOTAL_PAGED_KIB] += sum_kib[POOL_PAGED] - lane->sum_kib[POOL_PAGED];
    memcpy(lane->sum_kib, sum_kib, sizeof sum_kib);
}

void psz_totals_write(struct psz_lane *lane, const struct pool_snapshot *s,
                      uint64_t missed[TOTALS])
{
    expected_totals(lane, s);
    for (unsigned i = 0; i < TOTALS; i++) {
        missed[i] = 0;
        if (s->totals.given & 1u << i) {
            missed[i] = s->totals.v[i] - lane->totals[i];
            lane->totals[i] = s->totals.v[i];
        }
    }
}

void psz_totals_read(struct psz_lane *lane, struct pool_snapshot *s,
                     const uint64_t missed[TOTALS])
{
    expected_totals(lane, s);
    for (unsigned i = 0; i < TOTALS; i++) {
        lane->totals[i] += missed[i];
        s->totals.v[i] = s->totals.given & 1u << i ? lane->totals[i] : 0;
    }
}
