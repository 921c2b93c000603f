/* SPDX-License-Identifier: MIT */
/* Small results made by hand for the tests of the renderers; who declares a struct
 * sample frees it with sample_free. */
#ifndef TESTS_UNIT_RENDER_SAMPLES_H
#define TESTS_UNIT_RENDER_SAMPLES_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/render/render.h"

#define MARCH_9 INT64_C(1141894800000) /* 2006-03-09T09:00:00 */
#define HOUR_MS INT64_C(3600000)

struct sample {
    struct pool_snapshot s;
    struct note_list notes;
    struct rank_boot boots[2];
    struct rank_tag tags[8];
    struct rank_result rank;
    struct diff_row rows[8];
    struct diff_result diff;
    uint32_t order[32];
};

static inline void sample_free(struct sample *x)
{
    pool_snapshot_free(&x->s);
    note_list_free(&x->notes);
}

static inline uint32_t sample_text(struct sample *x, const char *text)
{
    uint32_t at = 0;
    if (pool_snapshot_intern(&x->s, text, strlen(text), &at, NULL) < 0)
        abort();
    return at;
}

struct sample_row {
    const char *tag;
    uint64_t allocs;
    int64_t allocs_delta;
    uint64_t frees;
    int64_t frees_delta;
    uint64_t live, bytes;
    int64_t bytes_delta;
    uint64_t per_alloc;
};

/* The head of a poolmon screen, as one was really published. */
static const struct sample_row screen_rows[] = {
    {"ISil", 1408366, 56, 1327427, 58, 80939, 36678632, -872, 453},
    {"I100", 11048877, 217, 10967968, 219, 80909, 14886928, -368, 183},
    {"PcNw", 292427, 0, 88967, 0, 203460, 12203296, 0, 59},
    {"SavE", 1596066, 0, 1595659, 0, 407, 11717016, 0, 28788},
    {"IAM ", 1946164, 49, 1904725, 50, 41439, 8519576, -208, 205},
    {"tdLL", 74748, 0, 69830, 4, 4918, 2672832, -1776, 543},
};

static inline void sample_screen(struct sample *x)
{
    *x = (struct sample){.s = {.uptime_s = -1}};
    struct pool_snapshot *s = &x->s;
    s->source = sample_text(x, "web01.txt");
    s->format = sample_text(x, "poolmon");
    s->ordinal = 1;
    s->line = 3;
    s->completeness = COMPLETE_SCREEN;
    s->totals.given = 1u << TOTAL_MEMORY_KIB | 1u << TOTAL_AVAIL_KIB |
                      1u << TOTAL_NONPAGED_KIB | 1u << TOTAL_PAGED_KIB |
                      1u << TOTAL_COMMIT_KIB | 1u << TOTAL_LIMIT_KIB;
    s->totals.v[TOTAL_MEMORY_KIB] = 1048016;
    s->totals.v[TOTAL_AVAIL_KIB] = 438396;
    s->totals.v[TOTAL_COMMIT_KIB] = 538908;
    s->totals.v[TOTAL_LIMIT_KIB] = 11245092;
    s->totals.v[TOTAL_NONPAGED_KIB] = 109056;
    s->totals.v[TOTAL_PAGED_KIB] = 43740;
    for (size_t i = 0; i < sizeof screen_rows / sizeof *screen_rows; i++) {
        const struct sample_row *from = &screen_rows[i];
        struct pool_row *w = pool_snapshot_add(s, NULL);
        if (w == NULL)
            abort();
        *w = (struct pool_row){.tag = tag_from(from->tag, strlen(from->tag)),
                               .pool = POOL_NONPAGED,
                               .width = 32,
                               .fields = 0xff,
                               .allocs = from->allocs,
                               .frees = from->frees,
                               .live = from->live,
                               .bytes = from->bytes,
                               .per_alloc = from->per_alloc,
                               .allocs_delta = from->allocs_delta,
                               .frees_delta = from->frees_delta,
                               .bytes_delta = from->bytes_delta,
                               .line = 8 + i};
        x->order[i] = (uint32_t)i;
    }
}

static inline struct show_view sample_show(const struct sample *x)
{
    return (struct show_view){
        .s = &x->s, .order = x->order, .n_order = x->s.n_rows, .index = 1, .of = 1};
}

static inline struct rank_tag *sample_tag(struct sample *x, const char *tag,
                                          enum verdict verdict, enum confidence c)
{
    size_t i = x->rank.n_tags++;
    x->order[i] = (uint32_t)i;
    x->tags[i] = (struct rank_tag){.tag = tag_from(tag, strlen(tag)),
                                   .pool = POOL_NONPAGED,
                                   .verdict = verdict,
                                   .confidence = c,
                                   .bytes_known = true,
                                   .live_known = true,
                                   .share_of_header = true,
                                   .line_fit = 1,
                                   .steps = 36,
                                   .bytes_per_hour_low = NAN,
                                   .bytes_per_hour_high = NAN,
                                   .bytes_per_new_alloc = NAN,
                                   .started_h = NAN,
                                   .boots_growing = 1,
                                   .boots_seen = 1};
    return &x->tags[i];
}

static inline void sample_pool(struct rank_pool *p, uint64_t kib, uint64_t limit_kib)
{
    *p = (struct rank_pool){.known = true,
                            .bytes = kib * 1024,
                            .from_header = true,
                            .limit = {.basis = limit_kib > 0 ? LIMIT_BY_OPTION : LIMIT_UNKNOWN,
                                      .bytes = limit_kib * 1024},
                            .bytes_per_hour = NAN,
                            .exhausted_in_h = NAN,
                            .exhausted_in_h_low = NAN,
                            .exhausted_in_h_high = NAN};
}

/* Three days on one boot: one leak, one suspect, three others. */
static inline void sample_series(struct sample *x)
{
    *x = (struct sample){.s = {.uptime_s = -1}};
    struct rank_result *r = &x->rank;
    x->boots[0] = (struct rank_boot){.start_h = 0, .end_h = 72, .first = 0, .last = 36};
    *r = (struct rank_result){.snapshots = 37,
                              .has_times = true,
                              .hours = 72,
                              .span_h = 72,
                              .boots = x->boots,
                              .n_boots = 1,
                              .outcome = OUTCOME_LEAK,
                              .tags = x->tags};
    sample_pool(&r->pools[POOL_NONPAGED], 109056, 131072);
    r->pools[POOL_NONPAGED].bytes_per_hour = 538316.8;
    r->pools[POOL_NONPAGED].exhausted_in_h = 41.88;
    r->pools[POOL_NONPAGED].exhausted_in_h_low = 38.1;
    r->pools[POOL_NONPAGED].exhausted_in_h_high = 47.2;
    sample_pool(&r->pools[POOL_PAGED], 48320, 0);

    struct rank_tag *t = sample_tag(x, "ISil", VERDICT_LEAK, CONFIDENCE_STRONG);
    t->grade = 3;
    t->score = 4321.5;
    t->bytes = 43200512;
    t->live = 168752;
    t->growth_bytes = 30867456;
    t->bytes_per_hour = 428714.7;
    t->bytes_per_hour_low = 411648;
    t->bytes_per_hour_high = 445440;
    t->share_of_growth = .796;
    t->share_of_pool = .387;
    t->quality = .91;
    t->straightness = .97;
    t->line_fit = 12.04;
    t->spread = .94;
    t->directness = t->recency = t->pace = 1;
    t->quiet = .31;
    t->rising = 1;
    t->steps_rising = 36;
    t->freed = .12;
    t->bytes_per_new_alloc = 256;
    t->started_h = 2;
    t->live_change = 120576;
    t->n_evidence = 5;
    t->evidence[0] = (struct evidence){EVIDENCE_STRAIGHT, {.97, 1}};
    t->evidence[1] = (struct evidence){EVIDENCE_LINE, {12.04}};
    t->evidence[2] = (struct evidence){EVIDENCE_STEPS, {36, 36}};
    t->evidence[3] = (struct evidence){EVIDENCE_DIRECT, {0}};
    t->evidence[4] = (struct evidence){EVIDENCE_SIZE, {120576, 256}};
    t->n_spark = 4;
    for (int i = 0; i < 4; i++)
        t->spark[i] = 12e6 + i * 10e6;

    t = sample_tag(x, "Mm", VERDICT_GROWING, CONFIDENCE_PROBABLE);
    t->grade = 2;
    t->bytes = 13002752;
    t->growth_bytes = 3145728;
    t->bytes_per_hour = 43724.8;
    t->share_of_growth = .081;
    t->quality = .2;
    t->rising = .75;
    t->steps_rising = 27;
    t->freed = .715;
    t->n_evidence = 1;
    t->evidence[0] = (struct evidence){EVIDENCE_DIRECT, {.183}};

    t = sample_tag(x, "SavE", VERDICT_PLATEAU, CONFIDENCE_NONE);
    t->bytes = 11534336;
    t->growth_bytes = 1572864;
    t->bytes_per_hour = 21845.3;
    t->share_of_growth = .041;
    t->steps_rising = 14;
    t->freed = .96;

    t = sample_tag(x, "Big", VERDICT_FINISHED, CONFIDENCE_NONE);
    t->bytes = 60000000;
    t->bytes_per_hour = t->share_of_growth = t->freed = NAN;
    t = sample_tag(x, "\xe4\x01\x02\x1b", VERDICT_STEADY, CONFIDENCE_NONE);
    t->bytes = 4096;
    t->bytes_per_hour = -12;
    t->share_of_growth = 0;
    t->freed = 1;
}

static inline struct rank_view sample_rank(struct sample *x)
{
    return (struct rank_view){
        .r = &x->rank,
        .scope = "system",
        .from = {.source = TIME_NAME, .ms = MARCH_9},
        .to = {.source = TIME_NAME, .ms = MARCH_9 + 72 * HOUR_MS},
        .origin_ms = MARCH_9,
        .files = 37,
        .order = x->order,
        .n_order = x->rank.n_tags,
        .notes = &x->notes,
    };
}

static inline void sample_diff(struct sample *x)
{
    *x = (struct sample){.s = {.uptime_s = -1}};
    struct diff_result *d = &x->diff;
    *d = (struct diff_result){.same_boot = true,
                              .boot_decided = true,
                              .hours = 72,
                              .rows = x->rows,
                              .n_rows = 4};
    d->totals[POOL_NONPAGED] = (struct diff_total){
        TOTAL_FROM_HEADER, 71204 * 1024, 109056 * 1024, (109056 - 71204) * 1024};
    x->rows[0] = (struct diff_row){.tag = tag_from("ISil", 4),
                                   .old_known = true,
                                   .new_known = true,
                                   .has_live = true,
                                   .has_allocs = true,
                                   .has_frees = true,
                                   .old_bytes = 12333056,
                                   .new_bytes = 43200512,
                                   .bytes_change = 30867456,
                                   .live_change = 120576,
                                   .allocs_change = 137018,
                                   .frees_change = 16442,
                                   .bytes_per_hour = 428714.7,
                                   .freed = .12,
                                   .bytes_per_new_alloc = 256};
    x->rows[1] = (struct diff_row){.tag = tag_from("Abcd", 4),
                                   .state = DIFF_NEW,
                                   .old_known = true,
                                   .new_known = true,
                                   .new_bytes = 65536,
                                   .bytes_change = 65536,
                                   .bytes_per_hour = 910.2,
                                   .freed = 0,
                                   .bytes_per_new_alloc = 8192};
    x->rows[2] = (struct diff_row){.tag = tag_from("-=|`", 4),
                                   .pool = POOL_PAGED,
                                   .old_known = true,
                                   .old_bytes = 2048,
                                   .bytes_per_hour = NAN,
                                   .freed = NAN,
                                   .bytes_per_new_alloc = NAN};
    x->rows[3] = (struct diff_row){.tag = tag_from("Gone", 4),
                                   .state = DIFF_GONE,
                                   .old_known = true,
                                   .new_known = true,
                                   .old_bytes = 8192,
                                   .bytes_change = -8192,
                                   .bytes_per_hour = -113.8,
                                   .freed = NAN,
                                   .bytes_per_new_alloc = NAN};
    for (uint32_t i = 0; i < 4; i++)
        x->order[i] = i;
}

static inline struct diff_view sample_diff_view(struct sample *x)
{
    return (struct diff_view){
        .d = &x->diff,
        .old_end = {"web01-0309.txt",
                    1,
                    1,
                    {.source = TIME_NAME, .ms = MARCH_9},
                    COMPLETE_WHOLE},
        .new_end = {"web01-0312.txt",
                    2,
                    3,
                    {.source = TIME_NAME, .ms = MARCH_9 + 72 * HOUR_MS},
                    COMPLETE_SCREEN},
        .order = x->order,
        .n_order = 4,
    };
}

#endif
