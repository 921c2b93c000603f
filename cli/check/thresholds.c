/* SPDX-License-Identifier: MIT */
#include "cli/check/thresholds.h"

#include <stdio.h>
#include <string.h>

#include "formats/size.h"

#define SIZE_TEXT 32

/* The first n characters of text as a size. */
static bool size_of(const char *text, size_t n, uint64_t *bytes)
{
    char s[SIZE_TEXT];
    if (n >= sizeof s)
        return false;
    memcpy(s, text, n);
    s[n] = '\0';
    return size_parse(s, bytes);
}

bool threshold_max(struct threshold_max *t, const char *text)
{
    size_t n = strlen(text);
    *t = (struct threshold_max){.share = 0};
    if (n == 0 || text[n - 1] != '%')
        return size_parse(text, &t->bytes);
    uint64_t whole = 0, tenths = 0;
    size_t digits = strspn(text, "0123456789"), at = digits;
    for (size_t i = 0; i < digits && whole <= 100; i++)
        whole = whole * 10 + (uint64_t)(text[i] - '0');
    if (text[at] == '.' && strspn(text + at + 1, "0123456789") == 1) {
        tenths = (uint64_t)(text[at + 1] - '0');
        at += 2;
    }
    if (digits == 0 || at != n - 1 || whole * 10 + tenths > 1000)
        return false;
    t->share = (double)(whole * 10 + tenths) / 1000;
    return t->share > 0;
}

bool threshold_rate(struct thresholds *t, const char *text)
{
    size_t n = strcspn(text, "/");
    uint64_t hours = 1;
    if (strcmp(text + n, "/d") == 0)
        hours = 24;
    else if (text[n] != '\0' && strcmp(text + n, "/h") != 0)
        return false;
    if (!size_of(text, n, &t->max_rate) || t->max_rate < hours)
        return false;
    t->max_rate /= hours;
    return true;
}

bool threshold_free(struct thresholds *t, const char *text)
{
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        const char *name = pool_kind_name((enum pool_kind)k);
        size_t n = strlen(name);
        if (strncmp(text, name, n) == 0 && text[n] == '=')
            return size_parse(text + n + 1, &t->min_free[k]);
    }
    return size_parse(text, &t->min_free_any);
}

bool thresholds_any(const struct thresholds *t)
{
    bool any = t->no_leak || t->max_rate > 0 || t->min_free_any > 0;
    for (int k = 0; k < POOL_KINDS; k++)
        any = any || t->max[k].bytes > 0 || t->max[k].share > 0 || t->min_free[k] > 0;
    return any;
}
