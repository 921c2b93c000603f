/* SPDX-License-Identifier: MIT */
/* The keys of cohorts and suspects. */
#include "cli/render/machine/enums.h"
#include "cli/render/machine/json.h"
#include "cli/render/machine/rank_fields.h"
#include "cli/render/words/words.h"

static void tag_item(struct jsonw *j, struct pool_tag tag)
{
    char text[TAG_TEXT_MAX];
    (void)tag_text(tag, text);
    jsonw_string(j, NULL, text);
}

/* ---- cohorts ---- */

static void make_cohort_tags(struct jsonw *j, const char *key, const void *base)
{
    const struct rank_cohort *c = base;
    jsonw_array(j, key);
    for (size_t i = 0; i < c->n_members; i++)
        tag_item(j, c->members[i].tag);
    jsonw_end_array(j);
}

static void make_root(struct jsonw *j, const char *key, const void *base)
{
    const struct rank_cohort *c = base;
    char text[TAG_TEXT_MAX];
    for (size_t i = 0; i < c->n_members; i++)
        if (c->members[i].rank == c->root_rank) {
            (void)tag_text(c->members[i].tag, text);
            jsonw_string(j, key, text);
            return;
        }
    jsonw_null(j, key);
}

static void make_cohort_text(struct jsonw *j, const char *key, const void *base)
{
    struct phrase p;
    phrase_start(&p, false);
    words_cohort(&p, base);
    jsonw_string(j, key, p.s);
}

static const struct field member_fields[] = {
    FIELD(TAG, "tag", struct cohort_member, tag),
    FIELD_WORDS("pool", struct cohort_member, pool, enum_pool),
    FIELD(UINT, "rank", struct cohort_member, rank),
    FIELD(REAL, "ratio", struct cohort_member, ratio),
    FIELD(INT, "objects", struct cohort_member, objects),
    FIELD(INT, "bytes", struct cohort_member, bytes),
    FIELD_LAST,
};

const struct field cohort_fields[] = {
    FIELD(UINT, "id", struct rank_cohort, id),
    FIELD_WORDS("basis", struct rank_cohort, basis, enum_cohort_basis),
    FIELD_OF("tags", make_cohort_tags, NULL),
    FIELD_OF("likely_root", make_root, NULL),
    FIELD(UINT, "likely_root_rank", struct rank_cohort, root_rank),
    FIELD_WORDS("likely_root_role", struct rank_cohort, root_role, enum_role),
    FIELD(UINT, "size", struct rank_cohort, size),
    FIELD(INT, "bytes", struct rank_cohort, bytes),
    FIELD_INSIDE("members", LIST, struct rank_cohort, members, n_members, member_fields),
    FIELD_OF("text", make_cohort_text, NULL),
    FIELD_LAST,
};

/* ---- suspects ---- */

static void make_suspect_tags(struct jsonw *j, const char *key, const void *base)
{
    const struct rank_suspect *s = base;
    jsonw_array(j, key);
    for (size_t i = 0; i < s->n_tags; i++)
        tag_item(j, s->tags[i].tag);
    jsonw_end_array(j);
}

static void make_suspect_text(struct jsonw *j, const char *key, const void *base)
{
    struct phrase p;
    phrase_start(&p, false);
    words_suspect(&p, base, UNITS_K);
    jsonw_string(j, key, p.s);
}

static const struct field suspect_tag_fields[] = {
    FIELD(TAG, "tag", struct suspect_tag, tag),
    FIELD_WORDS("pool", struct suspect_tag, pool, enum_pool),
    FIELD(UINT, "bytes", struct suspect_tag, bytes),
    FIELD_LAST,
};

const struct field suspect_fields[] = {
    FIELD(NAME, "pattern", struct rank_suspect, pattern),
    FIELD_OF("tags", make_suspect_tags, NULL),
    FIELD_WORDS("verdict", struct rank_suspect, verdict, enum_suspect_verdict),
    FIELD_WORDS("basis", struct rank_suspect, basis, enum_suspect_basis),
    FIELD(UINT, "size", struct rank_suspect, size),
    FIELD_INSIDE("members", LIST, struct rank_suspect, tags, n_tags, suspect_tag_fields),
    FIELD_WORDS("pool", struct rank_suspect, pool, enum_pool),
    FIELD(BOOL, "both_pools", struct rank_suspect, both_pools),
    FIELD(UINT, "bytes", struct rank_suspect, bytes),
    FIELD(REAL, "share_of_pool", struct rank_suspect, share_of_pool),
    FIELD(REAL, "bytes_per_hour", struct rank_suspect, bytes_per_hour),
    FIELD(REAL, "bytes_per_hour_low", struct rank_suspect, bytes_per_hour_low),
    FIELD(REAL, "bytes_per_hour_high", struct rank_suspect, bytes_per_hour_high),
    FIELD(REAL, "pool_bytes_per_hour", struct rank_suspect, pool_bytes_per_hour),
    FIELD_WORDS("worst_verdict", struct rank_suspect, worst, enum_verdict),
    FIELD_WORDS("worst_confidence", struct rank_suspect, worst_confidence,
                enum_confidence),
    FIELD(BOOL, "lists_all", struct rank_suspect, lists_all),
    FIELD_IF(UINT, "unseen_bytes", struct rank_suspect, unseen_bytes, unseen_known),
    FIELD_INSIDE("largest_other", LIST, struct rank_suspect, rival, n_rivals,
                 suspect_tag_fields),
    FIELD_INSIDE("near", LIST, struct rank_suspect, near, n_near, suspect_tag_fields),
    FIELD_OF("text", make_suspect_text, NULL),
    FIELD_LAST,
};
