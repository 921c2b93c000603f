/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cli/render/inert.h"
#include "cli/render/words/words.h"
#include "tests/unit/render_samples.h"

static void test_evidence(void **state)
{
    (void)state;
    static const struct {
        struct evidence v;
        const char *text;
    } t[] = {
        {{EVIDENCE_STRAIGHT, {.93, 4}},
         "one straight line through 4 boots explains 93.0% of the movement"},
        {{EVIDENCE_STRAIGHT, {.93, 1}}, "a straight line explains 93.0% of the movement"},
        {{EVIDENCE_LINE, {12}},
         "a straight line fits 12.0 times better than a warm-up curve"},
        {{EVIDENCE_LINE, {.125}},
         "a warm-up curve fits 8.0 times better than a straight line"},
        {{EVIDENCE_LINE, {481937}},
         "a straight line fits over 1000 times better than a warm-up curve"},
        {{EVIDENCE_LINE, {0}},
         "a warm-up curve fits over 1000 times better than a straight line"},
        {{EVIDENCE_LINE, {1}}, "a straight line and a warm-up curve fit it alike"},
        {{EVIDENCE_SPREAD, {.64}}, "growth spread over 64.0% of the observed time"},
        {{EVIDENCE_RECENT, {.98}}, "pace in the last third 98.0% of its average"},
        {{EVIDENCE_RECENT, {0}}, "no growth in the last third"},
        {{EVIDENCE_DIRECT, {.004}}, "gave back 0.4%"},
        {{EVIDENCE_DIRECT, {0}}, "gave nothing back"},
        {{EVIDENCE_STEPS, {36, 36}}, "rose in 36 of 36 steps"},
        {{EVIDENCE_QUIET, {.02, .5, 0}},
         "grew in the quiet hours too: gave back 2.0% there"},
        {{EVIDENCE_QUIET, {.02, .5, 1}},
         "judged on the quiet hours only: gave back 2.0% there, growth spread over 50.0% "
         "of them"},
        {{EVIDENCE_WORK, {.997, 41}},
         "grew with the machine's work: a straight line along it explains 99.7%, 41.0 "
         "times better than a warm-up curve"},
        {{EVIDENCE_WORK, {.9, 1}},
         "grew with the machine's work: a straight line along it explains 90.0%"},
        {{EVIDENCE_WAVE, {.85, .6}},
         "85.0% of its movement follows the machine's busy hours; of the rest a straight "
         "line explains 60.0%"},
        {{EVIDENCE_SINCE, {2, 0}},
         "judged on the last 2 boots alone: before, it did not grow"},
        {{EVIDENCE_SINCE, {1, .04}},
         "judged on the last boot alone: before, it grew at 4.0% of that pace"},
        {{EVIDENCE_ROOM, {.4}},
         "its level moved only 40.0% of what the quiet pace would need"},
        {{EVIDENCE_PACE, {1}}, "keeps as many of its allocations as since boot"},
        {{EVIDENCE_PACE, {.111}},
         "keeps only 11.1% as many of its allocations as since boot"},
        {{EVIDENCE_BOOTS, {3, 3}}, "grew in 3 of 3 boots"},
        {{EVIDENCE_BOOTS, {1, 1}}, "grew in the only boot"},
        {{EVIDENCE_SHARE, {.796}}, "79.6% of all growth in its pool"},
        {{EVIDENCE_CAPPED, {1, 5, 3}},
         "no more than \"possible leak\" because 5 snapshots over 3.0 h cannot prove "
         "more"},
        {{EVIDENCE_SIZE, {120576, 256}}, "+120576 objects of about 256 bytes"},
        {{EVIDENCE_SIZE, {-2, NAN}}, "-2 objects"},
        {{EVIDENCE_SIZE, {-1, NAN}}, "-1 object"},
        {{EVIDENCE_STEPS, {1, 1}}, "rose in 1 of 1 step"},
        {{EVIDENCE_ONCE, {1.2}}, "nearly all of it in one rise (as good as 1.2 rises)"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct phrase p;
        phrase_start(&p, false);
        words_evidence(&p, &t[i].v);
        assert_string_equal(p.s, t[i].text);
    }
}

/* Every code has words of its own and a key for its first value. */
static void test_evidence_is_complete(void **state)
{
    (void)state;
    for (int c = 0; c < EVIDENCE_CODES; c++) {
        struct phrase p;
        phrase_start(&p, false);
        struct evidence v = {(enum evidence_code)c, {.5, .5, .5, .5}};
        words_evidence(&p, &v);
        assert_string_not_equal(p.s, evidence_name(v.code));
        assert_non_null(evidence_key(v.code, 0));
    }
}

static void answer(struct sample *x, char out[PHRASE_MAX])
{
    struct phrase p;
    struct rank_view v = sample_rank(x);
    phrase_start(&p, false);
    words_rank_answer(&p, &v, UNITS_K);
    memcpy(out, p.s, p.n + 1);
}

static void test_rank_answers(void **state)
{
    (void)state;
    struct sample x;
    char s[PHRASE_MAX];
    sample_series(&x);
    answer(&x, s);
    assert_string_equal(s, "ISil (nonpaged) leaks +419K/h since 2006-03-09 11:00: strong "
                           "evidence, 79.6% of the growth.");
    x.tags[1].verdict = VERDICT_LEAK;
    answer(&x, s);
    assert_string_equal(s, "ISil (nonpaged) leaks +419K/h since 2006-03-09 11:00: strong "
                           "evidence, 79.6% of the growth; also leaking: Mm.");
    x.tags[0].verdict = VERDICT_STEADY;
    x.tags[1].verdict = VERDICT_GROWING;
    x.rank.outcome = OUTCOME_SUSPECT;
    answer(&x, s);
    assert_string_equal(s, "Nothing is proven; Mm (nonpaged) is a probable leak, "
                           "+42.7K/h.");
    x.tags[1].verdict = VERDICT_CYCLIC;
    x.rank.outcome = OUTCOME_NONE;
    answer(&x, s);
    assert_string_equal(
        s, "No tag leaks: in 37 snapshots over 3.0 days none of 5 tags grows steadily.");
    x.rank.outcome = OUTCOME_TOO_FEW;
    x.rank.snapshots = 4;
    answer(&x, s);
    assert_string_equal(s, "No verdict: 4 snapshots over 3.0 days are too few to tell; "
                           "take 6 or more, over 24 h or longer.");
    x.rank.snapshots = 2;
    x.tags[0].bytes_change = -5120;
    x.tags[0].bytes_per_hour = NAN;
    answer(&x, s);
    assert_string_equal(s, "Two captures are a difference, not a leak: ISil (nonpaged) "
                           "changed most, -5K.");
    x.rank.snapshots = 1;
    answer(&x, s);
    assert_string_equal(s, "One capture shows size, not growth: Big (nonpaged) holds the "
                           "most, 58594K (0.0%), but nothing says that it grows.");
    x.rank.n_tags = 0;
    answer(&x, s);
    assert_string_equal(s, "No tag was seen in 1 snapshot over 3.0 days.");
    sample_free(&x);
}

/* One of a thing is not several. */
static void test_one_is_one(void **state)
{
    (void)state;
    struct sample x;
    struct phrase p;
    char s[PHRASE_MAX];
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    phrase_start(&p, false);
    words_rank_others(&p, &v, v.n_order - 1);
    assert_memory_equal(p.s, "1 other: 1 ", 11);
    phrase_start(&p, false);
    words_rank_others(&p, &v, v.n_order - 2);
    assert_memory_equal(p.s, "2 others: ", 10);

    x.rank.outcome = OUTCOME_SUSPECT;
    for (size_t i = 0; i < 3; i++) {
        x.tags[i].verdict = i < 2 ? VERDICT_GROWING : VERDICT_STEADY;
        x.tags[i].confidence = CONFIDENCE_POSSIBLE;
    }
    answer(&x, s);
    assert_non_null(strstr(s, "; 1 more is suspect."));
    x.tags[2].verdict = VERDICT_GROWING;
    answer(&x, s);
    assert_non_null(strstr(s, "; 2 more are suspect."));

    x.rank.outcome = OUTCOME_NONE;
    x.tags[x.order[0]].verdict = VERDICT_STEADY;
    v.n_order = 1;
    phrase_start(&p, false);
    words_rank_answer(&p, &v, UNITS_K);
    assert_string_equal(p.s, "No tag leaks: in 37 snapshots over 3.0 days the tag asked "
                             "for does not grow steadily.");
    x.rank.n_tags = 1;
    phrase_start(&p, false);
    words_rank_answer(&p, &v, UNITS_K);
    assert_string_equal(p.s, "No tag leaks: in 37 snapshots over 3.0 days the only tag "
                             "does not grow steadily.");
    sample_free(&x);
}

/* The word leak in an answer needs the verdict, or stands in a graded name. */
static void test_leak_is_earned(void **state)
{
    (void)state;
    struct sample x;
    char s[PHRASE_MAX];
    for (int v = VERDICT_PLATEAU; v < VERDICTS; v++) {
        sample_series(&x);
        for (size_t i = 0; i < x.rank.n_tags; i++)
            x.tags[i].verdict = (enum verdict)v;
        x.rank.outcome = OUTCOME_NONE;
        answer(&x, s);
        assert_null(strstr(s, "leaks +"));
        assert_null(strstr(s, "is a"));
        sample_free(&x);
    }
}

static void test_forecast_words(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        uint64_t most_kib;
        const char *text;
    } t[] = {
        {NULL, 131072,
         "Nonpaged pool: 109056K, +526K/h; 83.2% of the stated limit 131072K; full "
         "in about 41.9 h (38.1 h to 47.2 h)"},
        {NULL, 131073,
         "Nonpaged pool: 109056K, +526K/h; 83.2% of the stated limit 131072K; full "
         "in about 41.9 h (38.1 h to 47.2 h); but it held 131073K before: then this "
         "limit "
         "was not in force"},
        {REFUSED_NOT_GROWING, 0,
         "Nonpaged pool: 109056K, +526K/h; 83.2% of the stated limit "
         "131072K; not growing, so no forecast"},
        {REFUSED_FAR_AWAY, 0,
         "Nonpaged pool: 109056K, +526K/h; 83.2% of the stated limit "
         "131072K; full in more than ten times the time seen"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct sample x;
        struct phrase p;
        sample_series(&x);
        struct rank_pool *d = &x.rank.pools[POOL_NONPAGED];
        d->forecast_refused = t[i].code;
        d->most_bytes = t[i].most_kib * 1024;
        if (t[i].code != NULL)
            d->exhausted_in_h_low = NAN;
        struct rank_view v = sample_rank(&x);
        phrase_start(&p, false);
        assert_true(words_rank_pool(&p, &v, POOL_NONPAGED, UNITS_K));
        assert_string_equal(p.s, t[i].text);
        phrase_start(&p, false);
        assert_false(words_rank_pool(&p, &v, POOL_UNKNOWN, UNITS_K));
        assert_int_equal(p.n, 0);
        sample_free(&x);
    }
}

static void test_motion(void **state)
{
    (void)state;
    struct sample x;
    struct phrase p;
    sample_screen(&x);
    struct show_view v = sample_show(&x);
    phrase_start(&p, false);
    assert_true(words_show_motion(&p, &v));
    assert_string_equal(p.s, "In the seconds between the last two refreshes no tag grew "
                             "and 4 shrank. Of the largest, ISil and I100 lost 2 objects "
                             "each, PcNw and SavE did not move.");
    x.s.rows[3].allocs_delta = 7;
    phrase_start(&p, false);
    assert_true(words_show_motion(&p, &v));
    assert_string_equal(p.s, "In the seconds between the last two refreshes 1 tag grew "
                             "(most: SavE, by 7 objects) and 4 shrank. Of the largest, "
                             "ISil and I100 lost 2 objects each, PcNw did not move, SavE "
                             "gained 7 objects.");
    for (size_t i = 0; i < x.s.n_rows; i++)
        x.s.rows[i].allocs_delta = x.s.rows[i].frees_delta = 0;
    phrase_start(&p, false);
    assert_true(words_show_motion(&p, &v));
    assert_string_equal(
        p.s, "In the seconds between the last two refreshes no tag listed moved.");
    for (size_t i = 0; i < x.s.n_rows; i++)
        x.s.rows[i].fields = ROW_BYTES;
    phrase_start(&p, false);
    assert_false(words_show_motion(&p, &v));
    sample_free(&x);
}

static void test_next_step_names_the_tag(void **state)
{
    (void)state;
    struct sample x;
    struct phrase p;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    phrase_start(&p, false);
    words_rank_next(&p, &v);
    assert_non_null(strstr(p.s, "findstr /m /l ISil "));
    /* What a shell would take for more than letters is never put into a command. */
    x.tags[0].tag = tag_from("&del", 4);
    phrase_start(&p, false);
    words_rank_next(&p, &v);
    assert_null(strstr(p.s, "findstr"));
    assert_non_null(strstr(p.s, "2664656c"));
    /* Of what Windows allocates for others, the command to ask: by letters or number. */
    x.tags[0].role = ROLE_CONTAINER;
    phrase_start(&p, false);
    words_rank_next(&p, &v);
    assert_non_null(strstr(p.s, "`poolsift tags 2664656c` "));
    x.tags[0].tag = tag_from("Io  ", 4);
    phrase_start(&p, false);
    words_rank_next(&p, &v);
    assert_non_null(strstr(p.s, "`poolsift tags Io` "));
    x.rank.snapshots = 1;
    phrase_start(&p, false);
    words_rank_next(&p, &v);
    assert_non_null(strstr(p.s, "`poolmon -n FILE`"));
    sample_free(&x);
}

static void test_names_are_inert(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *markdown;
    } t[] = {
        {"a.txt", "a.txt", "`a.txt`"},
        {"\033[31mred\n", "\\x1b[31mred\\x0a", "`\\x1b[31mred\\x0a`"},
        {"\xc3\xbc.txt", "\xc3\xbc.txt", "`\xc3\xbc.txt`"},
        {"\xfc.txt", "\\xfc.txt", "`\\xfc.txt`"},
        {"a\xe2\x80\xae"
         "b",
         "a\\xe2\\x80\\xae"
         "b",
         "`a\\xe2\\x80\\xae"
         "b`"},
        {"\xc2\x9b"
         "31m",
         "\\xc2\\x9b"
         "31m",
         "`\\xc2\\x9b"
         "31m`"},
        {"a`b", "a`b", "``a`b``"},
        {"`", "`", "`` ` ``"},
        {" a ", " a ", "`  a  `"},
        {"", "", "`  `"},
        {"<b>@x*_", "<b>@x*_", "`<b>@x*_`"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct phrase p;
        phrase_start(&p, false);
        say_name(&p, t[i].name);
        assert_string_equal(p.s, t[i].text);
        phrase_start(&p, true);
        say_name(&p, t[i].name);
        assert_string_equal(p.s, t[i].markdown);
    }
}

static void test_long_phrases_end(void **state)
{
    (void)state;
    struct phrase p;
    phrase_start(&p, false);
    for (int i = 0; i < 1000; i++)
        say(&p, "%s", "0123456789");
    assert_int_equal(p.n, PHRASE_MAX - 1);
    assert_int_equal(strlen(p.s), PHRASE_MAX - 1);
    assert_string_equal(p.s + PHRASE_MAX - 4, "...");
    char name[5000];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    phrase_start(&p, false);
    say_name(&p, name);
    assert_int_equal(p.n, 1024 + 3);
}

static void test_columns(void **state)
{
    (void)state;
    assert_int_equal(text_columns("abc", 3), 3);
    assert_int_equal(text_columns("\xc3\xbc", 2), 1);
    assert_int_equal(text_columns("\xe6\xbc\xa2", 3), 2);
    assert_int_equal(text_fit("abc", 3, 2), 2);
    assert_int_equal(text_fit("\xe6\xbc\xa2\xe6\xbc\xa2", 6, 3), 3);
    assert_int_equal(text_fit("\xc3\xbc"
                              "b",
                              3, 1),
                     2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_evidence_is_complete),
        cmocka_unit_test(test_rank_answers),
        cmocka_unit_test(test_one_is_one),
        cmocka_unit_test(test_leak_is_earned),
        cmocka_unit_test(test_forecast_words),
        cmocka_unit_test(test_motion),
        cmocka_unit_test(test_next_step_names_the_tag),
        cmocka_unit_test(test_names_are_inert),
        cmocka_unit_test(test_long_phrases_end),
        cmocka_unit_test(test_columns),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
