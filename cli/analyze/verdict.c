/* SPDX-License-Identifier: MIT */
#include "cli/analyze/analyze.h"

/* The one table of words for people.  Confidence only splits "growing". */
static const struct {
    const char *name;
    const char *words;
} verdicts[VERDICTS] = {
    [VERDICT_LEAK] = {"leak", "leak"},
    [VERDICT_GROWING] = {"growing", "growth, unproven"},
    [VERDICT_PLATEAU] = {"plateau", "levelled off"},
    [VERDICT_CYCLIC] = {"cyclic", "rises and falls"},
    [VERDICT_STEP] = {"step", "stepped up once"},
    [VERDICT_SHRINKING] = {"shrinking", "shrinking"},
    [VERDICT_FINISHED] = {"finished", "large, not growing: finished leak?"},
    [VERDICT_STEADY] = {"steady", "steady"},
    [VERDICT_TOO_FEW] = {"too-few", "too few snapshots"},
};

static const char *const confidences[] = {
    [CONFIDENCE_NONE] = NULL,           [CONFIDENCE_STRONG] = "strong",
    [CONFIDENCE_PROBABLE] = "probable", [CONFIDENCE_POSSIBLE] = "possible",
    [CONFIDENCE_UNPROVEN] = "unproven",
};

static const char *const evidences[EVIDENCE_CODES] = {
#define EVIDENCE(id, name) name,
#include "cli/analyze/evidence.def"
#undef EVIDENCE
};

const char *verdict_name(enum verdict v)
{
    return verdicts[v].name;
}

const char *verdict_words(enum verdict v, enum confidence c)
{
    if (v == VERDICT_GROWING && c == CONFIDENCE_PROBABLE)
        return "probable leak";
    if (v == VERDICT_GROWING && c == CONFIDENCE_POSSIBLE)
        return "possible leak";
    return verdicts[v].words;
}

const char *confidence_name(enum confidence c)
{
    return confidences[c];
}

const char *outcome_name(enum outcome o)
{
    static const char *const names[] = {"leak", "suspect", "none", "too-few"};
    return names[o];
}

const char *role_name(enum role r)
{
    static const char *const names[] = {"unknown", "private", "container", "system"};
    return names[r];
}

const char *cohort_basis_name(enum cohort_basis b)
{
    return b == COHORT_GROWTH ? "growth" : "static";
}

const char *suspect_verdict_name(enum suspect_verdict v)
{
    static const char *const names[] = {"unclear", "acquitted", "accused"};
    return names[v];
}

const char *suspect_basis_name(enum suspect_basis b)
{
    return b == SUSPECT_BY_RATE ? "rate" : "size";
}

const char *judged_name(enum judged_by j)
{
    static const char *const names[JUDGED_WAYS] = {[JUDGED_LINE] = "line",
                                                   [JUDGED_QUIET] = "quiet-hours",
                                                   [JUDGED_WORK] = "work",
                                                   [JUDGED_WAVE] = "under-wave",
                                                   [JUDGED_SINCE] = "last-boots",
                                                   [JUDGED_RAMP] = "stretch"};
    return names[j];
}

const char *evidence_name(enum evidence_code c)
{
    return evidences[c];
}
