/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "formats/psz/decoder.h"
#include "formats/psz/keys.h"
#include "formats/psz/turn.h"

/* Deflate packs no better than this. */
#define RATIO_MAX 1032

int psz_decoder_new(struct psz_decoder **dec, const struct limits *l, struct err *e)
{
    *dec = calloc(1, sizeof **dec);
    if (*dec == NULL)
        return err_nomem(e);
    (*dec)->limits = *l;
    return 0;
}

/* Frees what belongs to one block. */
static void empty(struct psz_decoder *dec)
{
    for (size_t i = 0; i < dec->n_lanes && dec->lanes != NULL; i++)
        psz_lane_free(&dec->lanes[i]);
    free(dec->lanes);
    free(dec->lane_rows);
    dec->lanes = NULL;
    dec->lane_rows = NULL;
    dec->n_lanes = dec->n_rows = 0;
    dec->snapshots = dec->done = 0;
    psz_text_map_free(&dec->map);
}

void psz_decoder_follow(struct psz_decoder *dec, struct psz_follows *follows,
                        struct worker *worker)
{
    dec->follows = follows;
    dec->worker = worker;
}

void psz_decoder_free(struct psz_decoder *dec)
{
    if (dec == NULL)
        return;
    psz_decoder_rest(dec);
    empty(dec);
    free(dec->rows);
    free(dec->place);
    free(dec->places);
    free(dec->touched);
    free(dec->fresh);
    free(dec->raw);
    free(dec->turned);
    psz_stretch_free(&dec->stretch[0]);
    psz_stretch_free(&dec->stretch[1]);
    psz_texts_free(&dec->texts);
    psz_zip_free(dec->zip);
    free(dec);
}

/* ---- head and directory ---- */

static int read_head(struct psz_decoder *dec, struct psz_stream_in *in, struct err *e)
{
    uint64_t snapshots = psz_get(in);
    dec->rows_left = psz_get(in);
    uint64_t rows = psz_get(in), fields = psz_get(in), form = psz_get(in);
    if (in->bad || snapshots == 0 || snapshots > PSZ_BLOCK_SNAPSHOTS ||
        rows > dec->rows_left || /* each is listed at least once */
        (fields & ~(uint64_t)ROW_ALL) != 0 || form >= PSZ_FORMS - 1)
        return psz_broken(e, "head");
    if (rows > dec->limits.snapshot_rows + PSZ_MORE_ROWS)
        return err_set(e, ERR_LIMIT, "a block of %llu rows, more than the %zu allowed",
                       (unsigned long long)rows,
                       dec->limits.snapshot_rows + PSZ_MORE_ROWS);
    dec->snapshots = (uint32_t)snapshots;
    dec->n_rows = (size_t)rows;
    dec->base = (struct psz_rare){.fields = (uint16_t)fields, .form = (uint8_t)form};
    return 0;
}

/* Sizes of the streams, checked against what is there before anything is allocated. */
static int read_directory(struct psz_decoder *dec, struct psz_stream_in *in,
                          size_t packed[PSZ_STREAMS], struct err *e)
{
    uint64_t streams = psz_get(in), all_raw = 0, all_packed = 0;
    if (in->bad || streams < PSZ_STREAMS_EARLY || streams > 64)
        return psz_broken(e, "directory");
    dec->early = streams == PSZ_STREAMS_EARLY;
    if (dec->early)
        dec->stream_n[PSZ_EVENTS] = packed[PSZ_EVENTS] = 0;
    for (uint64_t i = 0; i < streams; i++) {
        uint64_t n = psz_get(in), small = psz_get(in);
        if (in->bad || n > PSZ_RAW_MAX || small > n || n > small * RATIO_MAX + 64)
            return psz_broken(e, "stream sizes");
        if (i < PSZ_STREAMS) {
            dec->stream_n[i] = (size_t)n;
            packed[i] = (size_t)small;
            all_raw += n;
        }
        all_packed += small;
    }
    if (all_packed != (uint64_t)(in->end - in->p))
        return psz_broken(e, "stream sizes");
    if (all_raw > PSZ_RAW_MAX)
        return err_set(e, ERR_LIMIT, "a block of %llu bytes unpacked",
                       (unsigned long long)all_raw);
    return psz_room(&dec->raw, &dec->raw_cap, (size_t)all_raw + 1, 1, e);
}

static int unpack_streams(struct psz_decoder *dec, struct psz_stream_in *in,
                          const size_t packed[PSZ_STREAMS], uint32_t streams,
                          struct err *e)
{
    uint8_t *to = dec->raw;
    for (int i = 0; i < PSZ_STREAMS; i++) {
        const uint8_t *p = psz_get_bytes(in, packed[i]);
        if (p == NULL)
            return psz_broken(e, "stream sizes");
        dec->stream[i] = NULL;
        if (!(streams >> i & 1))
            continue;
        TRY(psz_inflate(&dec->zip, p, packed[i], to, dec->stream_n[i], e));
        dec->stream[i] = to;
        to += dec->stream_n[i];
    }
    return 0;
}

struct psz_stream_in psz_stream_of(const struct psz_decoder *dec, enum psz_stream i)
{
    return (struct psz_stream_in){.p = dec->stream[i],
                                  .end = dec->stream[i] + dec->stream_n[i]};
}

/* ---- lanes and keys ---- */

static int read_lanes(struct psz_decoder *dec, struct psz_stream_in *in, struct err *e)
{
    uint64_t lanes = psz_get(in), snapshots = 0, rows = 0, flags = 0;
    if (in->bad || lanes == 0 || lanes > PSZ_LANES_MAX)
        return psz_broken(e, "lanes");
    dec->lanes = calloc((size_t)lanes, sizeof *dec->lanes);
    dec->lane_rows = calloc((size_t)lanes, sizeof *dec->lane_rows);
    if (dec->lanes == NULL || dec->lane_rows == NULL)
        return err_nomem(e);
    dec->n_lanes = (size_t)lanes;
    for (size_t i = 0; i < dec->n_lanes; i++) {
        struct psz_lane *lane = &dec->lanes[i];
        struct psz_lane_rows *r = &dec->lane_rows[i];
        uint64_t host = psz_get(in), record = dec->early ? RECORD_CAPTURE : psz_get(in);
        uint64_t scope = psz_get(in), session = psz_get(in);
        uint64_t some = psz_get(in), n = psz_get(in);
        if (in->bad || (host != 0 && host >= dec->texts.n) || record > RECORD_EVENTS ||
            scope > SCOPE_SESSION || session > UINT32_MAX || some == 0 ||
            some > dec->snapshots || n > dec->n_rows ||
            (record != RECORD_CAPTURE && n > 0))
            return psz_broken(e, "lanes");
        *lane = (struct psz_lane){.host = (uint32_t)host,
                                  .record = (enum pool_record)record,
                                  .scope = (enum pool_scope)scope,
                                  .session = (uint32_t)session};
        *r = (struct psz_lane_rows){.snapshots = (uint32_t)some,
                                    .first = (size_t)rows,
                                    .n = (size_t)n,
                                    .flags = (size_t)flags,
                                    .stride = (size_t)(some + 7) / 8};
        snapshots += some;
        rows += n;
        flags += r->stride * n;
    }
    if (snapshots != dec->snapshots || rows != dec->n_rows ||
        flags != dec->stream_n[PSZ_FLAGS])
        return psz_broken(e, "lanes");
    return 0;
}

static int read_keys(struct psz_decoder *dec, struct err *e)
{
    struct psz_stream_in in = psz_stream_of(dec, PSZ_KEYS);
    struct psz_keys_in k;
    TRY(read_lanes(dec, &in, e));
    TRY(psz_keys_begin(&k, in, dec->n_rows, e));
    for (size_t i = 0; i < dec->n_rows; i++) {
        TRY(psz_keys_next(&k, &dec->rows[i].tag, &dec->rows[i].pool, e));
        dec->rows[i].rare = dec->base;
    }
    return psz_keys_end(&k, e);
}

int psz_read_first(struct psz_decoder *dec, struct err *e)
{
    struct psz_stream_in in = psz_stream_of(dec, PSZ_FIRST);
    for (size_t i = 0; i < dec->n_rows; i++)
        dec->rows[i].first_live = psz_get(&in);
    for (size_t i = 0; i < dec->n_rows; i++)
        dec->rows[i].first_size = psz_get(&in);
    for (size_t i = 0; i < dec->n_rows; i++)
        dec->rows[i].first_rest = psz_get(&in);
    for (size_t i = 0; i < dec->n_rows; i++)
        dec->rows[i].first_frees = psz_get(&in);
    return psz_at_end(&in) ? 0 : psz_broken(e, "first figures");
}

static int read_totals(struct psz_decoder *dec, struct err *e)
{
    struct psz_stream_in in = psz_stream_of(dec, PSZ_TOTALS);
    const unsigned given = dec->early ? PSZ_TOTALS_EARLY : TOTALS;
    for (unsigned t = 0; t < TOTALS; t++)
        for (uint32_t i = 0; i < dec->snapshots; i++)
            dec->missed[i][t] = t < given ? psz_unzigzag(psz_get(&in)) : 0;
    return psz_at_end(&in) ? 0 : psz_broken(e, "totals");
}

/* ---- where each row's changes begin ---- */

/* How many bits of a row's flags are set; 0 when there is none or one too many. */
static unsigned count_turns(const uint8_t *flags, const struct psz_lane_rows *lane)
{
    unsigned n = 0;
    size_t i = 0;
    for (; i + 8 <= lane->stride; i += 8)
        n += psz_bits_of(le64(flags + i));
    for (; i < lane->stride; i++)
        n += psz_bits_of(flags[i]);
    unsigned used = lane->snapshots % 8;
    if (used != 0 && flags[lane->stride - 1] >> used != 0)
        return 0;
    return n;
}

/* Passes varints eight bytes at a time, to the end of one, and returns how many of the n
 * are left.  Residuals stop where one might be raw. */
static size_t pass_eights(struct psz_stream_in *in, size_t n, bool residuals)
{
    const uint64_t ones = UINT64_MAX / 255, high = ones << 7;
    const uint8_t *start = in->p;
    while (n > 8 && in->end - in->p >= 8) {
        uint64_t v = le64(in->p), other = v ^ ones * PSZ_RESIDUAL_RAW;
        if (residuals && ((other - ones) & ~other & high) != 0)
            break;
        n -= (size_t)(((~v & high) >> 7) * ones >> 56);
        in->p += 8;
    }
    if (in->p == start || in->p[-1] < 0x80)
        return n;
    while (in->p < in->end && *in->p >= 0x80)
        in->p++;
    if (in->p < in->end)
        in->p++;
    return n - 1;
}

struct psz_stream_in psz_cut_varints(struct psz_stream_in *in, size_t n, bool residuals)
{
    struct psz_stream_in front = *in;
    while (n > 0 && in->p < in->end) {
        if (n > 8)
            n = pass_eights(in, n, residuals);
        if (n == 0 || in->p == in->end)
            break;
        bool raw = residuals && *in->p == PSZ_RESIDUAL_RAW;
        while (in->p < in->end && *in->p >= 0x80)
            in->p++;
        if (in->p < in->end)
            in->p++;
        n -= raw ? 0 : 1;
        if (raw) {
            while (in->p < in->end && *in->p >= 0x80)
                in->p++;
            if (in->p < in->end)
                in->p++;
            n--;
        }
    }
    in->bad |= n > 0;
    front.end = in->p;
    return front;
}

int psz_count_turns(const struct psz_decoder *dec, uint16_t *turns, struct err *e)
{
    for (size_t l = 0; l < dec->n_lanes; l++) {
        const struct psz_lane_rows *lane = &dec->lane_rows[l];
        const uint8_t *flags = dec->stream[PSZ_FLAGS] + lane->flags;
        for (size_t i = 0; i < lane->n; i++, flags += lane->stride) {
            unsigned n = count_turns(flags, lane);
            if (n == 0)
                return psz_broken(e, "flags");
            turns[lane->first + i] = (uint16_t)n;
        }
    }
    return 0;
}

void psz_sort_busy(const struct psz_decoder *dec, size_t *sorted)
{
    size_t behind[65] = {0}, start = 0;
    for (size_t i = 0; i < dec->n_rows; i++)
        behind[psz_magnitude(dec->rows[i].first_frees)]++;
    for (size_t m = 65; m-- > 0;) {
        size_t some = behind[m];
        behind[m] = start;
        start += some;
    }
    for (size_t i = 0; i < dec->n_rows; i++)
        sorted[behind[psz_magnitude(dec->rows[i].first_frees)]++] = i;
}

static int cut_changes(struct psz_decoder *dec, struct err *e)
{
    uint16_t *turns = calloc(dec->n_rows + 1, sizeof *turns);
    size_t *sorted = calloc(dec->n_rows + 1, sizeof *sorted);
    struct psz_stream_in allocs = psz_stream_of(dec, PSZ_ALLOCS),
                         live = psz_stream_of(dec, PSZ_LIVE),
                         bytes = psz_stream_of(dec, PSZ_BYTES);
    int r = turns == NULL || sorted == NULL ? err_nomem(e) : 0;
    if (r == 0)
        r = psz_count_turns(dec, turns, e);
    if (r == 0)
        psz_sort_busy(dec, sorted);
    for (size_t i = 0; i < dec->n_rows && r == 0; i++) {
        struct psz_history *row = &dec->rows[sorted[i]];
        size_t n = turns[sorted[i]] - 1u;
        row->course.allocs = psz_cut_varints(&allocs, n, false);
        row->course.live = psz_cut_varints(&live, n, false);
        row->course.bytes = psz_cut_varints(&bytes, n, true);
    }
    if (r == 0 && !(psz_at_end(&allocs) && psz_at_end(&live) && psz_at_end(&bytes)))
        r = psz_broken(e, "changes");
    free(turns);
    free(sorted);
    return r;
}

int psz_unpack(struct psz_decoder *dec, const uint8_t *p, size_t n, uint32_t streams,
               struct err *e)
{
    struct psz_stream_in in = {.p = p, .end = p + n};
    size_t packed[PSZ_STREAMS];
    empty(dec);
    TRY(read_head(dec, &in, e));
    TRY(read_directory(dec, &in, packed, e));
    TRY(unpack_streams(dec, &in, packed, streams, e));
    struct psz_stream_in strings = psz_stream_of(dec, PSZ_STRINGS);
    TRY(psz_texts_read(&dec->texts, &strings, e));
    if (!psz_at_end(&strings))
        return psz_broken(e, "texts");
    TRY(psz_text_map_init(&dec->map, &dec->texts, e));
    if (dec->n_rows > dec->stream_n[PSZ_FIRST] / 4)
        return psz_broken(e, "row numbers");
    TRY(psz_room(&dec->rows, &dec->rows_cap, dec->n_rows + 1, sizeof *dec->rows, e));
    memset(dec->rows, 0, dec->n_rows * sizeof *dec->rows);
    TRY(read_keys(dec, e));
    dec->heads = psz_stream_of(dec, PSZ_HEADS);
    return 0;
}

/* The lane whose captures may come in stretches: the only one with rows, of which none
 * has, or is, what a chain does not carry. */
static size_t only_lane(const struct psz_decoder *dec)
{
    const uint16_t changes = ROW_ALLOCS_DELTA | ROW_FREES_DELTA | ROW_BYTES_DELTA;
    size_t only = SIZE_MAX;
    if (dec->follows == NULL || !dec->follows->any_order ||
        dec->stream_n[PSZ_RARE] != 0 || dec->stream_n[PSZ_ORDER] != 0 ||
        (dec->base.fields & changes) != 0)
        return SIZE_MAX;
    for (size_t l = 0; l < dec->n_lanes; l++) {
        if (dec->lane_rows[l].n == 0)
            continue;
        if (only != SIZE_MAX || dec->lane_rows[l].follow == NULL ||
            dec->lane_rows[l].repeats)
            return SIZE_MAX;
        only = l;
    }
    return only;
}

int psz_decode_unpack(struct psz_decoder *dec, const uint8_t *p, size_t n, struct err *e)
{
    psz_decoder_rest(dec);
    TRY(psz_unpack(dec, p, n, UINT32_MAX, e));
    const size_t two = 2 * dec->n_rows + 1;
    TRY(psz_room(&dec->places, &dec->places_cap, two, sizeof *dec->places, e));
    TRY(psz_room(&dec->touched, &dec->touched_cap, two, sizeof *dec->touched, e));
    TRY(psz_room(&dec->fresh, &dec->fresh_cap, two, sizeof *dec->fresh, e));
    TRY(psz_room(&dec->place, &dec->place_cap, two, sizeof *dec->place, e));
    TRY(psz_read_first(dec, e));
    TRY(read_totals(dec, e));
    TRY(cut_changes(dec, e));
    dec->order = psz_stream_of(dec, PSZ_ORDER);
    dec->rare = psz_stream_of(dec, PSZ_RARE);
    dec->events = psz_stream_of(dec, PSZ_EVENTS);
    dec->payload = p;
    dec->payload_n = n;
    return psz_turn_flags(dec, e);
}

int psz_decode_begin(struct psz_decoder *dec, struct err *e)
{
    TRY(psz_follow_block(dec, e));
    dec->stretch[dec->at_hand].from = dec->stretch[dec->at_hand].to = 0;
    dec->only = only_lane(dec);
    dec->plain = dec->only == SIZE_MAX;
    return 0;
}

int psz_decode_open(struct psz_decoder *dec, const uint8_t *p, size_t n, struct err *e)
{
    TRY(psz_decode_unpack(dec, p, n, e));
    return psz_decode_begin(dec, e);
}
