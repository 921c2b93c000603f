/* SPDX-License-Identifier: MIT */
#include "cli/render/words/words_check.h"

#include <math.h>
#include <string.h>

#include "cli/render/number.h"

#define LEAKS_NAMED 4

/* "36 tags in 5 snapshots over 4.0 h" */
static void say_tags_in(struct phrase *p, const struct rank_view *v)
{
    say_count(p, v->n_order, "tag", "tags");
    say(p, " in ");
    say_count(p, v->r->snapshots, "snapshot", "snapshots");
    if (v->r->has_times)
        say(p, " over %s", num_hours(v->r->span_h).s);
    else
        say(p, " without times");
}

void words_check_host(struct phrase *p, const struct rank_view *v, bool many)
{
    if (!many)
        return;
    words_host(p, v->host, v->scope);
    say(p, ": ");
}

void words_check_item(struct phrase *p, const struct rank_tag *t)
{
    say(p, p->n > 0 ? "\n" : "");
    say_tag_pool(p, t->tag, t->pool);
}

void words_check_no_leak(struct phrase *p)
{
    say(p, "no tag leaks");
}

void words_check_max(struct phrase *p, enum pool_kind k, uint64_t bytes, double share,
                     enum units u)
{
    say(p, "%s pool holds at most ", pool_kind_name(k));
    if (bytes > 0)
        say(p, "%s", num_size_unit(bytes, u).s);
    else
        say(p, "%s of its limit", num_percent(share).s);
}

void words_check_min(struct phrase *p, enum pool_kind k, uint64_t bytes, enum units u)
{
    say(p, "%s pool has %s left", pool_kind_name(k), num_size_unit(bytes, u).s);
}

void words_check_rate(struct phrase *p, uint64_t bytes_per_hour, enum units u)
{
    say(p, "no tag grows faster than %s", num_rate_unit((double)bytes_per_hour, u).s);
}

void words_check_same(struct phrase *p)
{
    say(p, "no tag leaks more than in the baseline");
}

/* The first of the lines in a sentence. */
static void say_lines(struct phrase *p, const struct phrase *lines, size_t n)
{
    const char *s = lines->s;
    size_t named = 0;
    for (; named < n && named < LEAKS_NAMED && *s != '\0'; named++) {
        size_t length = strcspn(s, "\n");
        say(p, "%s%.*s", named > 0 ? ", " : "", (int)length, s);
        s += length + (s[length] == '\n');
    }
    if (n > named)
        say(p, " and %zu more", n - named);
}

void words_check_leaks(struct phrase *p, const struct rank_view *v, size_t n, size_t open,
                       const struct phrase *lines, bool could)
{
    if (n > 0) {
        say_count(p, n, "tag leaks", "tags leak");
        say(p, ": ");
        say_lines(p, lines, n);
        return;
    }
    if (open > 0) {
        say(p, "cannot be decided by so short a series: ");
        say_count(p, open, "tag may leak", "tags may leak");
        say(p, ": ");
        say_lines(p, lines, open);
        say(p, "; ");
        say_tags_in(p, v);
        return;
    }
    if (!could)
        say(p, "cannot be decided, %d snapshots over %d h or more are needed: ",
            GRADED_SNAPSHOTS, (int)GRADED_HOURS);
    say(p, could ? "none of " : "");
    say_tags_in(p, v);
}

void words_check_pool(struct phrase *p, const struct rank_pool *pool, enum pool_kind k,
                      bool limit, enum units u)
{
    if (!pool->known) {
        say(p, "cannot be decided: no capture gives what the %s pool holds",
            pool_kind_name(k));
        return;
    }
    if (limit && pool->limit.bytes == 0)
        say(p,
            "cannot be decided without the pool's limit (--limit %s=SIZE, --os NAME); "
            "it ",
            pool_kind_name(k));
    say(p, "holds %s", num_size_unit(pool->bytes, u).s);
    if (pool->limit.bytes == 0)
        return;
    say(p, " of %s (%s)", num_size_unit(pool->limit.bytes, u).s,
        num_percent((double)pool->bytes / (double)pool->limit.bytes).s);
    if (pool->bytes < pool->limit.bytes)
        say(p, ", %s left", num_size_unit(pool->limit.bytes - pool->bytes, u).s);
}

void words_check_fast(struct phrase *p, const struct rank_view *v, size_t n,
                      const struct rank_tag *fastest, bool could, enum units u)
{
    if (n > 0) {
        say_count(p, n, "tag grows", "tags grow");
        say(p, " faster; ");
        say_tag(p, fastest->tag);
        say(p, " by %s", num_rate_unit(fastest->bytes_per_hour, u).s);
        return;
    }
    if (!could)
        say(p, "cannot be decided, 3 snapshots with times or more are needed: ");
    say(p, could ? "none of " : "");
    say_tags_in(p, v);
}
