/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/analyze.h"

static void words_of_every_verdict(void **state)
{
    (void)state;
    static const struct {
        enum verdict v;
        enum confidence c;
        const char *name, *words, *confidence;
    } table[] = {
        {VERDICT_LEAK, CONFIDENCE_STRONG, "leak", "leak", "strong"},
        {VERDICT_GROWING, CONFIDENCE_PROBABLE, "growing", "probable leak", "probable"},
        {VERDICT_GROWING, CONFIDENCE_POSSIBLE, "growing", "possible leak", "possible"},
        {VERDICT_GROWING, CONFIDENCE_UNPROVEN, "growing", "growth, unproven", "unproven"},
        {VERDICT_PLATEAU, CONFIDENCE_NONE, "plateau", "levelled off", NULL},
        {VERDICT_CYCLIC, CONFIDENCE_NONE, "cyclic", "rises and falls", NULL},
        {VERDICT_STEP, CONFIDENCE_NONE, "step", "stepped up once", NULL},
        {VERDICT_SHRINKING, CONFIDENCE_NONE, "shrinking", "shrinking", NULL},
        {VERDICT_FINISHED, CONFIDENCE_NONE, "finished",
         "large, not growing: finished leak?", NULL},
        {VERDICT_STEADY, CONFIDENCE_NONE, "steady", "steady", NULL},
        {VERDICT_TOO_FEW, CONFIDENCE_NONE, "too-few", "too few snapshots", NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_string_equal(verdict_name(table[i].v), table[i].name);
        assert_string_equal(verdict_words(table[i].v, table[i].c), table[i].words);
        if (table[i].confidence == NULL)
            assert_null(confidence_name(table[i].c));
        else
            assert_string_equal(confidence_name(table[i].c), table[i].confidence);
    }
}

static void words_of_outcomes_and_evidence(void **state)
{
    (void)state;
    assert_string_equal(outcome_name(OUTCOME_LEAK), "leak");
    assert_string_equal(outcome_name(OUTCOME_SUSPECT), "suspect");
    assert_string_equal(outcome_name(OUTCOME_NONE), "none");
    assert_string_equal(outcome_name(OUTCOME_TOO_FEW), "too-few");
    for (int c = 0; c < EVIDENCE_CODES; c++)
        assert_non_null(evidence_name((enum evidence_code)c));
    assert_string_equal(evidence_name(EVIDENCE_DIRECT), "gave-back");
    for (int j = 0; j < JUDGED_WAYS; j++)
        assert_non_null(judged_name((enum judged_by)j));
    assert_string_equal(judged_name(JUDGED_SINCE), "last-boots");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_every_verdict),
        cmocka_unit_test(words_of_outcomes_and_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
