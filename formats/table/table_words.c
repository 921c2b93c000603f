/* SPDX-License-Identifier: MIT */
#include "formats/table/table_words.h"

#include <string.h>

#include "formats/ascii.h"

enum { WORD_MAX = 16 };

static const struct {
    const char *word;
    uint32_t means;
} dictionary[] = {
    {"tag", WORD_TAG},
    {"tags", WORD_TAG},
    {"pooltag", WORD_TAG | WORD_POOL},
    {"pooltags", WORD_TAG | WORD_POOL},
    {"nonpaged", WORD_NONPAGED},
    {"npaged", WORD_NONPAGED},
    {"nonpageable", WORD_NONPAGED},
    {"nonp", WORD_NONPAGED},
    {"nonpg", WORD_NONPAGED},
    {"np", WORD_NONPAGED},
    {"npp", WORD_NONPAGED},
    {"nppool", WORD_NONPAGED},
    {"paged", WORD_PAGED},
    {"pageable", WORD_PAGED},
    {"pgd", WORD_PAGED},
    {"pg", WORD_PAGED},
    {"pool", WORD_POOL},
    {"pools", WORD_POOL},
    {"poolmon", WORD_POOL},
    {"poolused", WORD_POOL},
    {"type", WORD_TYPE},
    {"kind", WORD_TYPE},
    {"alloc", WORD_ALLOCS},
    {"allocs", WORD_ALLOCS},
    {"allocation", WORD_ALLOCS},
    {"allocations", WORD_ALLOCS},
    {"allocated", WORD_ALLOCS},
    {"free", WORD_FREES},
    {"frees", WORD_FREES},
    {"freed", WORD_FREES},
    {"deallocations", WORD_FREES},
    {"live", WORD_LIVE},
    {"outstanding", WORD_LIVE},
    {"unfreed", WORD_LIVE},
    {"unreleased", WORD_LIVE},
    {"inuse", WORD_LIVE},
    {"active", WORD_LIVE},
    {"count", WORD_COUNT},
    {"counts", WORD_COUNT},
    {"objects", WORD_COUNT},
    {"instances", WORD_COUNT},
    {"number", WORD_COUNT},
    {"diff", WORD_DIFF},
    {"size", WORD_SIZE},
    {"used", WORD_SIZE},
    {"usage", WORD_SIZE},
    {"use", WORD_SIZE},
    {"consumed", WORD_SIZE},
    {"consumption", WORD_SIZE},
    {"mem", WORD_SIZE},
    {"memory", WORD_SIZE},
    {"footprint", WORD_SIZE},
    {"total", WORD_TOTAL},
    {"totals", WORD_TOTAL},
    {"subtotal", WORD_TOTAL},
    {"per", WORD_PER},
    {"h", WORD_SPAN},
    {"hr", WORD_SPAN},
    {"hour", WORD_SPAN},
    {"day", WORD_SPAN},
    {"d", WORD_SPAN},
    {"week", WORD_SPAN},
    {"min", WORD_SPAN},
    {"minute", WORD_SPAN},
    {"s", WORD_SPAN},
    {"sec", WORD_SPAN},
    {"second", WORD_SPAN},
    {"net", WORD_NET},
    {"delta", WORD_CHANGE},
    {"deltas", WORD_CHANGE},
    {"change", WORD_CHANGE},
    {"changes", WORD_CHANGE},
    {"growth", WORD_CHANGE},
    {"grew", WORD_CHANGE},
    {"grown", WORD_CHANGE},
    {"gain", WORD_CHANGE},
    {"gained", WORD_CHANGE},
    {"added", WORD_CHANGE},
    {"increase", WORD_CHANGE},
    {"increased", WORD_CHANGE},
    {"difference", WORD_CHANGE},
    {"differences", WORD_CHANGE},
    {"rate", WORD_CHANGE},
    {"hourly", WORD_CHANGE},
    {"daily", WORD_CHANGE},
    {"since", WORD_SINCE},
    {"from", WORD_SINCE},
    {"vs", WORD_SINCE},
    {"over", WORD_SINCE},
    {"against", WORD_SINCE},
    {"share", WORD_SHARE},
    {"percent", WORD_SHARE},
    {"percentage", WORD_SHARE},
    {"pct", WORD_SHARE},
    {"avg", WORD_MEAN},
    {"average", WORD_MEAN},
    {"mean", WORD_MEAN},
    {"each", WORD_MEAN},
    {"peak", WORD_BOUND},
    {"max", WORD_BOUND},
    {"maximum", WORD_BOUND},
    {"limit", WORD_BOUND},
    {"quota", WORD_BOUND},
    {"time", WORD_TIME},
    {"date", WORD_TIME},
    {"datetime", WORD_TIME},
    {"timestamp", WORD_TIME},
    {"driver", WORD_OWNER},
    {"drivers", WORD_OWNER},
    {"owner", WORD_OWNER},
    {"source", WORD_OWNER},
    {"binary", WORD_OWNER},
    {"module", WORD_OWNER},
    {"component", WORD_OWNER},
    {"description", WORD_OWNER},
    {"meaning", WORD_OWNER},
    {"rank", WORD_RANK},
    {"no", WORD_RANK},
    {"x1000", WORD_SCALED},
    {"000", WORD_SCALED},
    {"000s", WORD_SCALED},
    {"1000", WORD_SCALED},
    {"1000s", WORD_SCALED},
    {"thousand", WORD_SCALED},
    {"thousands", WORD_SCALED},
    {"million", WORD_SCALED},
    {"millions", WORD_SCALED},
    {"mio", WORD_SCALED},
    {"mrd", WORD_SCALED},
    {"pages", WORD_SCALED},
};

static bool small(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool table_unit_word(const char *p, size_t n, struct table_unit *u)
{
    static const char letters[] = "bkmgtpe";
    static const char *const tails[] = {"", "b", "ib", "bytes", "byte", "ibytes"};
    if (n == 0 || n > 6)
        return false;
    char w[8];
    for (size_t i = 0; i < n; i++)
        w[i] = ascii_lower(p[i]);
    w[n] = '\0';
    if (strcmp(w, "b") == 0 || strcmp(w, "byte") == 0 || strcmp(w, "bytes") == 0) {
        *u = (struct table_unit){.power = 0, .sure = true};
        return true;
    }
    const char *at = strchr(letters + 1, w[0]);
    if (at == NULL || (n == 1 && (w[0] == 'p' || w[0] == 'e')))
        return false; /* P alone is a pool */
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        if (strcmp(w + 1, tails[i]) != 0)
            continue;
        *u = (struct table_unit){.power = (uint8_t)(at - letters),
                                 .sure = tails[i][0] == 'i',
                                 .letter = tails[i][0] == '\0'};
        return true;
    }
    return false;
}

/* One word, n letters and digits. */
static void take(struct table_words *w, const char *p, size_t n, uint32_t *last)
{
    char word[WORD_MAX + 1];
    uint32_t means = WORD_OTHER;
    struct table_unit unit;
    w->n++;
    for (size_t i = 0; i < n && i < WORD_MAX; i++)
        word[i] = ascii_lower(p[i]);
    word[n < WORD_MAX ? n : WORD_MAX] = '\0';
    for (size_t i = 0; n <= WORD_MAX && i < sizeof dictionary / sizeof dictionary[0]; i++)
        if (strcmp(dictionary[i].word, word) == 0)
            means = dictionary[i].means;
    /* `non-paged`: what was read last was no word of its own. */
    if (means == WORD_PAGED && *last == UINT32_MAX)
        means = WORD_NONPAGED;
    if (means == WORD_OTHER && (n > 1 || ascii_lower(p[0]) == 'b' || capital(p[0])) &&
        table_unit_word(p, n, &unit)) {
        means = WORD_BYTES;
        w->unit = unit;
    }
    if (means == WORD_OTHER && n == 1 && p[0] == 'k')
        means = WORD_SCALED;
    w->per_span |= *last == WORD_PER && means == WORD_SPAN;
    w->all |= means;
    *last = strcmp(word, "non") == 0 ? UINT32_MAX : means;
}

/* True when the word that holds p[i - 1] must be parted before p[i]: `NpBytes`, but not
 * `MiB`. */
static bool hump(const char *p, size_t n, size_t i)
{
    return capital(p[i]) && small(p[i - 1]) && i + 1 < n &&
           (small(p[i + 1]) || capital(p[i + 1]));
}

void table_words(const char *p, size_t n, struct table_words *w)
{
    uint32_t last = 0;
    *w = (struct table_words){0};
    for (size_t i = 0; i < n;) {
        if (!small(p[i]) && !capital(p[i])) {
            uint8_t c = (uint8_t)p[i];
            uint8_t next = i + 1 < n ? (uint8_t)p[i + 1] : 0;
            if (c == '/') {
                w->all |= last = WORD_PER;
            } else if (c == '%') {
                w->all |= WORD_SHARE;
            } else if ((c == 0xce && (next == 0x94 || next == 0xb4)) ||
                       (c == 0xe2 && next == 0x88 && i + 2 < n &&
                        (uint8_t)p[i + 2] == 0x86) ||
                       (c == 0xc2 && next == 0xb1)) {
                w->all |= WORD_CHANGE; /* delta, increment, plus-minus */
            } else if (c == '#') {
                w->all |= WORD_RANK;
            }
            i++;
            continue;
        }
        size_t from = i++;
        while (i < n && (small(p[i]) || capital(p[i])) && !hump(p, n, i))
            i++;
        take(w, p + from, i - from, &last);
    }
}
