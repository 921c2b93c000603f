/* SPDX-License-Identifier: MIT */
#include "cli/tags/tag_query.h"

#include <string.h>

static struct pool_tag swapped(struct pool_tag t)
{
    return (struct pool_tag){{t.b[3], t.b[2], t.b[1], t.b[0]}};
}

/* "prI" and " prI" are both "Irp " read backwards. */
static struct pool_tag backwards(struct pool_tag t)
{
    struct pool_tag r = {{' ', ' ', ' ', ' '}};
    int from = 0, to = 3;
    while (to > 0 && t.b[to] == ' ')
        to--;
    while (from < to && t.b[from] == ' ')
        from++;
    for (int i = 0; from + i <= to; i++)
        r.b[i] = t.b[to - i];
    return r;
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return c != '\0' && at != NULL ? (int)(at - digits) : -1;
}

static bool hex_tag(const char *text, struct pool_tag *t)
{
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        text += 2;
    if (strlen(text) != 8)
        return false;
    for (int i = 0; i < 4; i++) {
        const int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        t->b[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

/* A wildcard that nothing escapes. */
static bool has_wildcard(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\\' && p[1] != '\0')
            p++;
        else if (*p == '*' || *p == '?' ||
                 (*p == '[' && p[1] != '\0' && strchr(p + 2, ']') != NULL))
            return true;
    }
    return false;
}

static void add(struct tag_query *q, enum tag_reading how, struct pool_tag tag)
{
    q->readings[q->n].how = how;
    q->readings[q->n++].tag = tag;
}

int tag_query_read(struct tag_query *q, const char *text, struct err *e)
{
    struct pool_tag t;
    *q = (struct tag_query){.text = text};
    if (hex_tag(text, &t)) {
        add(q, READ_AS_HEX, t);
        if (!tag_equal(t, swapped(t)))
            add(q, READ_AS_NUMBER, swapped(t));
    } else if (has_wildcard(text)) {
        q->pattern = true;
    } else if (tag_parse(text, &t)) {
        add(q, READ_AS_TAG, t);
        if (!tag_equal(t, backwards(t)))
            add(q, READ_BACKWARDS, backwards(t));
    } else {
        const int r = err_set(e, ERR_USAGE,
                              "expected a tag of one to four bytes, a pattern, or eight "
                              "hexadecimal digits, found '%.60s'",
                              text);
        err_hint(e, "for example: poolsift tags Proc 'Ul*' 50726f63");
        return r;
    }
    return 0;
}
