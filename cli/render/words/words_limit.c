/* SPDX-License-Identifier: MIT */
/* Sentences on how large a pool can become. */
#include "cli/render/number.h"
#include "cli/render/words/words.h"

const char *words_limit(const struct pool_limit *l)
{
    static const char *const words[] = {[LIMIT_UNKNOWN] = "unknown",
                                        [LIMIT_BY_OPTION] = "stated",
                                        [LIMIT_BY_CAPTURE] = "captured",
                                        [LIMIT_BY_OS] = "published"};
    return words[l->basis];
}

void words_candidate(struct phrase *p, const struct limit_candidate *c, uint64_t bytes,
                     enum units u)
{
    say(p, "%s left if its limit is %s (%s, assumed)",
        FIGURE(p, num_size_unit(c->bytes > bytes ? c->bytes - bytes : 0, u)),
        FIGURE(p, num_size_unit(c->bytes, u)), c->source);
}
