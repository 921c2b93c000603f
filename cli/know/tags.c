/* SPDX-License-Identifier: MIT */
#include "cli/know/tags.h"

/* Blanks for NULs at the end, and without the mark of a protected tag. */
static struct pool_tag usual(struct pool_tag t)
{
    t.b[3] &= 0x7f;
    for (int i = 3; i >= 0 && t.b[i] == '\0'; i--)
        t.b[i] = ' ';
    return t;
}

static const struct know_tag *find_exact(const struct know_tags *t, struct pool_tag tag)
{
    size_t low = 0, high = t->n_exact;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = tag_compare(t->v[middle].tag, tag);
        if (c == 0)
            return &t->v[middle];
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Most patterns begin with a letter, which is quickly compared. */
static bool matches(const char *pattern, struct pool_tag tag)
{
    const char c = *pattern;
    const bool letter = c != '*' && c != '?' && c != '[' && c != '\\';
    return (!letter || (uint8_t)c == tag.b[0]) && tag_match(pattern, tag);
}

const struct know_tag *know_tags_find(const struct know_tags *t, struct pool_tag tag)
{
    const struct know_tag *x = find_exact(t, tag);
    const struct pool_tag plain = usual(tag);
    if (x == NULL && !tag_equal(plain, tag))
        x = find_exact(t, plain);
    for (size_t i = t->n_exact; x == NULL && i < t->n; i++)
        if (matches(t->v[i].pattern, plain))
            x = &t->v[i];
    return x;
}
