/* SPDX-License-Identifier: MIT */
/* Sentences about several hosts. */
#include <math.h>
#include <string.h>

#include "cli/render/number.h"
#include "cli/render/words/words.h"

#define HOSTS_NAMED  4
#define VALUES_NAMED 3

void words_host(struct phrase *p, const char *host, const char *scope)
{
    static const char one[] = "session:";
    bool named = host != NULL, system = strcmp(scope, "system") == 0;
    if (named)
        say_name(p, host);
    else if (system)
        say(p, "host without a name");
    if (system)
        return;
    say(p, named ? ", " : "");
    if (strncmp(scope, one, sizeof one - 1) == 0)
        say(p, "session %s", scope + sizeof one - 1);
    else
        say(p, "all sessions");
}

static void say_series(struct phrase *p, const struct fleet_series *s)
{
    words_host(p, s->host, s->scope);
}

const char *words_outcome(enum outcome o)
{
    static const char *const words[] = {[OUTCOME_LEAK] = "leak",
                                        [OUTCOME_SUSPECT] = "suspects",
                                        [OUTCOME_NONE] = "none",
                                        [OUTCOME_TOO_FEW] = "too short"};
    return words[o];
}

void words_fleet_answer(struct phrase *p, const struct fleet *f)
{
    static const struct {
        enum outcome outcome;
        const char *words;
        bool named;
    } kinds[] = {
        {OUTCOME_LEAK, "with a leak", true},
        {OUTCOME_SUSPECT, "with suspects", true},
        {OUTCOME_NONE, "without", false},
        {OUTCOME_TOO_FEW, "too short to tell", false},
    };
    const char *separator = ": ";
    say_count(p, f->n_series, "series", "series");
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t count = 0, named = 0;
        for (size_t i = 0; i < f->n_series; i++)
            count += f->series[i].outcome == kinds[k].outcome;
        if (count == 0)
            continue;
        say(p, "%s%s %s", separator, FIGURE(p, num_count(count)), kinds[k].words);
        separator = ", ";
        for (size_t i = 0; i < f->n_series && kinds[k].named && named < HOSTS_NAMED;
             i++) {
            if (f->series[i].outcome != kinds[k].outcome)
                continue;
            say(p, named++ == 0 ? " (" : "; ");
            say_series(p, &f->series[i]);
        }
        if (named > 0)
            say(p, count > named ? "; ...)" : ")");
    }
    say(p, ".");
}

/* "build 7601" or "build 7601 or 9600": the values of that kind, as many as are bearable.
 */
static void say_values(struct phrase *p, const struct fleet_split *s, bool grows)
{
    size_t named = 0, left = 0;
    say(p, "%s", s->fact->name);
    for (size_t i = 0; i < s->fact->n; i++) {
        if (!s->seen[i] || s->grows[i] != grows)
            continue;
        if (named == VALUES_NAMED) {
            left++;
            continue;
        }
        say(p, named++ == 0 ? " " : " or ");
        say_name(p, s->fact->values[i]);
    }
    if (left > 0) {
        say(p, " or ");
        say_count(p, left, "other", "others");
    }
}

static void say_split(struct phrase *p, const struct fleet *f, const struct fleet_tag *t)
{
    struct fleet_split s;
    if (!fleet_split(f, t, &s))
        return;
    if (s.with == s.of_with)
        say(p, "; on all %s with ", FIGURE(p, num_count(s.with)));
    else
        say(p, "; on %s of the %s with ", FIGURE(p, num_count(s.with)),
            FIGURE(p, num_count(s.of_with)));
    say_values(p, &s, true);
    say(p, ", on none of the %s with ", FIGURE(p, num_count(s.without)));
    say_values(p, &s, false);
}

static void say_who(struct phrase *p, const struct fleet *f, const struct fleet_tag *t)
{
    for (uint32_t i = 0; i < t->n_who && i < HOSTS_NAMED; i++) {
        say(p, i == 0 ? " (" : "; ");
        say_series(p, &f->series[t->who[i]]);
    }
    if (t->n_who > 0)
        say(p, fleet_suspects(t) > HOSTS_NAMED ? "; ...)" : ")");
}

void words_fleet_tag(struct phrase *p, const struct fleet *f, const struct fleet_tag *t,
                     enum units u)
{
    uint32_t all = f->scopes[t->scope].series, suspects = fleet_suspects(t);
    say_tag_pool(p, t->tag, t->pool);
    if (strcmp(f->scopes[t->scope].name, "system") != 0) {
        say(p, ", ");
        words_host(p, NULL, f->scopes[t->scope].name);
    }
    say(p, ": %s on %s of ", verdict_words(t->verdict, t->confidence),
        FIGURE(p, num_count(suspects)));
    say_count(p, all, "host", "hosts");
    say_who(p, f, t);
    if ((t->leak > 0) + (t->probable > 0) + (t->possible > 0) > 1) {
        say(p, ", a leak on %s", FIGURE(p, num_count(t->leak)));
        if (t->probable > 0)
            say(p, ", probable on %s", FIGURE(p, num_count(t->probable)));
        if (t->possible > 0)
            say(p, ", possible on %s", FIGURE(p, num_count(t->possible)));
    }
    if (t->hosts < all) {
        say(p, "; ");
        say_count(p, all - t->hosts, "does not have the tag", "do not have the tag");
    }
    if (isfinite(t->bytes_per_hour))
        say(p, "; %s on all hosts together",
            FIGURE(p, num_rate_unit(t->bytes_per_hour, u)));
    else
        say(p, "; %s on all hosts together",
            FIGURE(p, num_change_unit(fleet_growth(t), u)));
    say_split(p, f, t);
    if (fleet_alone(f, t))
        say(p,
            "; most hosts have it and one of them grows: look at that host's work load "
            "or configuration");
    say(p, ".");
}

bool words_fleet_versions(struct phrase *p, const struct fleet *f)
{
    bool any = false;
    for (size_t k = 0; k < f->n_facts; k++) {
        const struct fleet_fact *fact = &f->facts[k];
        if (fact->n < 2)
            continue;
        say(p, any ? "; %s " : "The hosts differ: %s ", fact->name);
        any = true;
        if (fact->n > FLEET_VALUES) {
            say(p, "has more than %d values", FLEET_VALUES);
            continue;
        }
        for (uint32_t i = 0; i < fact->n; i++) {
            uint32_t hosts = 0;
            for (size_t s = 0; s < f->n_scopes; s++)
                hosts += f->scopes[s].by_value[k * FLEET_VALUES + i];
            say(p, i == 0 ? "" : ", ");
            say_name(p, fact->values[i]);
            say(p, " on %s", FIGURE(p, num_count(hosts)));
        }
    }
    if (any)
        say(p, ".");
    return any;
}

void words_fleet_next(struct phrase *p, const struct fleet *f)
{
    say(p, "Next: ");
    say_command(p, "-v");
    say(p, " adds what was found on each of the ");
    say_count(p, f->n_series, "series", "series");
    say(p, ", or rank the captures of one host alone.");
}
