/* SPDX-License-Identifier: MIT */
#include "cli/render/machine/rank_fields.h"

#include <math.h>
#include <string.h>

#include "cli/render/machine/enums.h"
#include "cli/render/machine/json.h"

/* ---- one host and scope ---- */

static void make_zone(struct jsonw *j, const char *key, const void *base)
{
    const struct rank_view *v = base;
    (void)key;
    json_zone(j, &v->from);
}

static const struct field diagnosis_fields[] = {
    FIELD(NAME, "rule", struct told_diagnosis, rule),
    FIELD(NAME, "severity", struct told_diagnosis, severity),
    FIELD(NAME, "text", struct told_diagnosis, text),
    FIELD(STRING, "next", struct told_diagnosis, next),
    FIELD(STRING, "source", struct told_diagnosis, source),
    FIELD_INSIDE("tags", TAGS, struct told_diagnosis, tags, n_tags, NULL),
    FIELD_LAST,
};

const struct field view_fields[] = {
    FIELD(STRING, "host", struct rank_view, host),
    FIELD(NAME, "scope", struct rank_view, scope),
    FIELD(TIME, "from", struct rank_view, from),
    FIELD(TIME, "to", struct rank_view, to),
    FIELD_OF("time_zone", make_zone, NULL),
    FIELD_WORDS("time_source", struct rank_view, from.source, enum_time_source),
    FIELD(UINT, "files", struct rank_view, files),
    FIELD(UINT, "left_out_without_time", struct rank_view, left_out_without_time),
    FIELD(FACTS, "facts", struct rank_view, facts),
    FIELD_POINTED("diagnoses", struct rank_view, diagnoses, n_diagnoses,
                  diagnosis_fields),
    FIELD_LAST,
};

static void make_boot_size(struct jsonw *j, const char *key, const void *base)
{
    const struct rank_boot *b = base;
    jsonw_u64(j, key, b->last - b->first + 1);
}

static const struct field boot_fields[] = {
    FIELD(HOURS, "start", struct rank_boot, start_h),
    FIELD(HOURS, "end", struct rank_boot, end_h),
    FIELD_OF("snapshots", make_boot_size, NULL),
    FIELD(UINT, "first", struct rank_boot, first),
    FIELD(UINT, "last", struct rank_boot, last),
    FIELD(BOOL, "seen_to_begin", struct rank_boot, seen_to_begin),
    FIELD(REAL, "age_h", struct rank_boot, age_h),
    FIELD_LAST,
};

static const struct field candidate_fields[] = {
    FIELD(UINT, "bytes", struct limit_candidate, bytes),
    FIELD(NAME, "source", struct limit_candidate, source),
    FIELD_LAST,
};

static void make_limit(struct jsonw *j, const char *key, const void *base)
{
    const struct pool_limit *l = base;
    json_u64_if(j, key, l->bytes > 0, l->bytes);
}

static bool take_limit(void *base, const char *text)
{
    struct pool_limit *l = base;
    return text == NULL || field_uint(text, &l->bytes);
}

const struct field limit_fields[] = {
    FIELD_OF("limit_bytes", make_limit, take_limit),
    FIELD_WORDS("limit_source", struct pool_limit, basis, enum_limit),
    FIELD(STRING, "limit_system", struct pool_limit, source),
    FIELD_INSIDE("limit_candidates", LIST, struct pool_limit, candidates, n_candidates,
                 candidate_fields),
    FIELD_LAST,
};

static void make_pool_source(struct jsonw *j, const char *key, const void *base)
{
    const struct rank_pool *p = base;
    jsonw_string(j, key, !p->known ? NULL : p->from_header ? "header" : "rows");
}

static bool take_pool_source(void *base, const char *text)
{
    struct rank_pool *p = base;
    p->from_header = text != NULL && strcmp(text, "header") == 0;
    return true;
}

static const struct field threshold_fields[] = {
    FIELD(NAME, "name", struct rank_threshold, name),
    FIELD(UINT, "free_bytes", struct rank_threshold, free_bytes),
    FIELD(REAL, "reached_in_h", struct rank_threshold, reached_in_h),
    FIELD(REAL, "reached_in_h_low", struct rank_threshold, reached_in_h_low),
    FIELD(REAL, "reached_in_h_high", struct rank_threshold, reached_in_h_high),
    FIELD(STRING, "refused", struct rank_threshold, refused),
    FIELD_LAST,
};

static const struct field pool_fields[] = {
    FIELD_IF(UINT, "bytes", struct rank_pool, bytes, known),
    FIELD_OF("bytes_source", make_pool_source, take_pool_source),
    FIELD_IF(UINT, "most_bytes", struct rank_pool, most_bytes, known),
    FIELD_SUB(FLAT, "limit", struct rank_pool, limit, limit_fields),
    FIELD(WHOLE, "growth_bytes", struct rank_pool, growth_bytes),
    FIELD(REAL, "bytes_per_hour", struct rank_pool, bytes_per_hour),
    FIELD(REAL, "exhausted_in_h", struct rank_pool, exhausted_in_h),
    FIELD(REAL, "exhausted_in_h_low", struct rank_pool, exhausted_in_h_low),
    FIELD(REAL, "exhausted_in_h_high", struct rank_pool, exhausted_in_h_high),
    FIELD(STRING, "forecast_refused", struct rank_pool, forecast_refused),
    FIELD_INSIDE("thresholds", LIST, struct rank_pool, thresholds, n_thresholds,
                 threshold_fields),
    FIELD_LAST,
};

static const struct field pools_fields[] = {
    FIELD_SUB(OBJECT, "nonpaged", struct rank_result, pools[POOL_NONPAGED], pool_fields),
    FIELD_SUB(OBJECT, "paged", struct rank_result, pools[POOL_PAGED], pool_fields),
    FIELD_SUB(OBJECT, "unknown", struct rank_result, pools[POOL_UNKNOWN], pool_fields),
    FIELD_LAST,
};

const struct field result_fields[] = {
    FIELD(UINT, "snapshots", struct rank_result, snapshots),
    FIELD_POINTED("boots", struct rank_result, boots, n_boots, boot_fields),
    FIELD(BOOL, "has_times", struct rank_result, has_times),
    FIELD(REAL, "hours", struct rank_result, hours),
    FIELD(REAL, "span_h", struct rank_result, span_h),
    FIELD(BOOL, "top_n", struct rank_result, top_n),
    FIELD(BOOL, "censored", struct rank_result, censored),
    {.key = "pools", .kind = FIELD_OBJECT, .known = NOWHERE, .sub = pools_fields},
    FIELD_WORDS("outcome", struct rank_result, outcome, enum_outcome),
    FIELD(UINT, "tags_total", struct rank_result, n_tags),
    FIELD_POINTED("cohorts", struct rank_result, cohorts, n_cohorts, cohort_fields),
    FIELD_POINTED("suspects", struct rank_result, suspects, n_suspects, suspect_fields),
    FIELD_LAST,
};

/* ---- one tag ---- */

static void make_share_basis(struct jsonw *j, const char *key, const void *base)
{
    const struct rank_tag *t = base;
    jsonw_string(j, key,
                 isnan(t->share_of_pool) ? NULL
                 : t->share_of_header    ? "header"
                                         : "rows");
}

static bool take_share_basis(void *base, const char *text)
{
    struct rank_tag *t = base;
    t->share_of_header = text != NULL && strcmp(text, "header") == 0;
    return true;
}

static void make_cohort(struct jsonw *j, const char *key, const void *base)
{
    const struct rank_tag *t = base;
    json_u64_if(j, key, t->cohort > 0, t->cohort);
}

static bool take_cohort(void *base, const char *text)
{
    struct rank_tag *t = base;
    uint64_t id = 0;
    bool good = text == NULL || (field_uint(text, &id) && id <= UINT32_MAX);
    t->cohort = (uint32_t)id;
    return good;
}

static void make_container(struct jsonw *j, const char *key, const void *base)
{
    const struct rank_tag *t = base;
    json_container(j, key, t->role);
}

/* What other keys say as well. */
static bool take_anything(void *base, const char *text)
{
    (void)base;
    (void)text;
    return true;
}

const struct field tag_fields[] = {
    FIELD(TAG, "tag", struct rank_tag, tag),
    FIELD_WORDS("pool", struct rank_tag, pool, enum_pool),
    FIELD_WORDS("verdict", struct rank_tag, verdict, enum_verdict),
    FIELD_WORDS("confidence", struct rank_tag, confidence, enum_confidence),
    FIELD(INT, "grade", struct rank_tag, grade),
    FIELD(REAL, "score", struct rank_tag, score),
    FIELD_IF(UINT, "bytes", struct rank_tag, bytes, bytes_known),
    FIELD_IF(UINT, "live", struct rank_tag, live, live_known),
    FIELD(WHOLE, "growth_bytes", struct rank_tag, growth_bytes),
    FIELD(REAL, "bytes_per_hour", struct rank_tag, bytes_per_hour),
    FIELD(REAL, "bytes_per_hour_low", struct rank_tag, bytes_per_hour_low),
    FIELD(REAL, "bytes_per_hour_high", struct rank_tag, bytes_per_hour_high),
    FIELD(REAL, "share_of_growth", struct rank_tag, share_of_growth),
    FIELD(REAL, "share_of_pool", struct rank_tag, share_of_pool),
    FIELD_OF("share_basis", make_share_basis, take_share_basis),
    FIELD(REAL, "quality", struct rank_tag, quality),
    FIELD(REAL, "straightness", struct rank_tag, straightness),
    FIELD(REAL, "line_fit", struct rank_tag, line_fit),
    FIELD(REAL, "spread", struct rank_tag, spread),
    FIELD(REAL, "directness", struct rank_tag, directness),
    FIELD(REAL, "recency", struct rank_tag, recency),
    FIELD(REAL, "quiet", struct rank_tag, quiet),
    FIELD(REAL, "room", struct rank_tag, room),
    FIELD(REAL, "pace", struct rank_tag, pace),
    FIELD(REAL, "since_boot", struct rank_tag, since_boot),
    FIELD(REAL, "gained", struct rank_tag, gained),
    FIELD(REAL, "ramp", struct rank_tag, ramp),
    FIELD(HOURS, "ramp_from", struct rank_tag, ramp_from_h),
    FIELD(HOURS, "ramp_to", struct rank_tag, ramp_to_h),
    FIELD_WORDS("judged_on", struct rank_tag, judged, enum_judged),
    FIELD(BOOL, "judged_on_quiet", struct rank_tag, judged_on_quiet),
    FIELD(REAL, "work", struct rank_tag, work),
    FIELD(REAL, "wave", struct rank_tag, wave),
    FIELD(INT, "boots_judged", struct rank_tag, boots_judged),
    FIELD(REAL, "rising", struct rank_tag, rising),
    FIELD(INT, "steps", struct rank_tag, steps),
    FIELD(INT, "steps_rising", struct rank_tag, steps_rising),
    FIELD(REAL, "freed", struct rank_tag, freed),
    FIELD(REAL, "bytes_per_new_alloc", struct rank_tag, bytes_per_new_alloc),
    FIELD(INT, "boots_growing", struct rank_tag, boots_growing),
    FIELD(INT, "boots_seen", struct rank_tag, boots_seen),
    FIELD(HOURS, "started", struct rank_tag, started_h),
    FIELD(INT, "bytes_change", struct rank_tag, bytes_change),
    FIELD(INT, "live_change", struct rank_tag, live_change),
    FIELD_IF(INT, "bytes_delta", struct rank_tag, bytes_delta, has_bytes_delta),
    FIELD(BOOL, "wrapped", struct rank_tag, wrapped),
    FIELD_INSIDE("spark", REALS, struct rank_tag, spark, n_spark, NULL),
    FIELD_OF("cohort", make_cohort, take_cohort),
    FIELD_WORDS("role", struct rank_tag, role, enum_role),
    FIELD_OF("container", make_container, take_anything),
    FIELD_LAST,
};

static void make_verified(struct jsonw *j, const char *key, const void *base)
{
    const struct owner *o = base;
    json_verified(j, key, o);
}

static bool take_verified(void *base, const char *text)
{
    struct owner *o = base;
    o->unverified = text != NULL && strcmp(text, "false") == 0;
    return true;
}

const struct field owner_fields[] = {
    FIELD(STRING, "owner", struct owner, text),
    FIELD(STRING, "owner_source", struct owner, source),
    FIELD_OF("owner_verified", make_verified, take_verified),
    FIELD_LAST,
};

/* ---- one sum of events ---- */

const struct field event_sum_fields[] = {
    FIELD(CHARS, "code", struct event_sum, code),
    FIELD(UINT, "count", struct event_sum, count),
    FIELD(UINT, "lines", struct event_sum, lines),
    FIELD(TIME, "first_time", struct event_sum, first),
    FIELD(TIME, "last_time", struct event_sum, last),
    FIELD_LAST,
};

const struct field event_fields[] = {
    FIELD(BOOL, "joined", struct rank_event, joined),
    {FIELD_ROW("pool", WORD, struct rank_event, pool),
     .known = offsetof(struct rank_event, pool_known), .words = &enum_pool},
    FIELD_IF(UINT, "pool_bytes", struct rank_event, bytes, pool_known),
    FIELD(TIME, "pool_time", struct rank_event, pool_time),
    FIELD_LAST,
};
