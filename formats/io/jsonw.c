/* SPDX-License-Identifier: MIT */
#include "formats/io/jsonw.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats/io/real.h"
#include "formats/io/utf8.h"

#define DEPTH_MAX 16 /* no document of ours is deeper */

struct level {
    bool array;
    bool filled; /* something was written: the next value needs a comma */
    bool lines;  /* its objects stand on lines of their own */
};

struct jsonw {
    struct sink *out;
    size_t depth;
    struct level level[DEPTH_MAX + 1];
};

int jsonw_new(struct jsonw **j, struct sink *out, struct err *e)
{
    *j = calloc(1, sizeof **j);
    if (*j == NULL)
        return err_nomem(e);
    (*j)->out = out;
    return 0;
}

void jsonw_free(struct jsonw *j)
{
    free(j);
}

/* U+2028 and U+2029 end lines in JavaScript; DEL and what follows it confuses terminals,
 * marks of direction confuse people, and noncharacters may not stand in YAML, as which
 * JSON is read, too. */
static bool plain(uint32_t c)
{
    return c >= 0x20 && !(c >= 0x7f && c < 0xa0) && !utf8_misleads(c) && c != 0xfffe &&
           c != 0xffff;
}

static void escaped(struct sink *out, const char *s, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n;) {
        if (s[i] >= ' ' && s[i] <= '~' && s[i] != '"' && s[i] != '\\') {
            i++; /* nearly all there is */
            continue;
        }
        uint32_t c = 0;
        size_t len = utf8_decode(s + i, n - i, &c);
        if (len > 0 && c != '"' && c != '\\' && plain(c)) {
            i += len;
            continue;
        }
        sink_write(out, s + from, i - from);
        if (len == 0)
            sink_printf(out, "\\\\x%02x", (unsigned)(uint8_t)s[i]);
        else if (c == '"' || c == '\\')
            sink_printf(out, "\\%c", (int)c);
        else if (c == '\n')
            sink_puts(out, "\\n");
        else if (c == '\t')
            sink_puts(out, "\\t");
        else
            sink_printf(out, "\\u%04" PRIx32, c);
        i += len > 0 ? len : 1;
        from = i;
    }
    sink_write(out, s + from, n - from);
}

void jsonw_quoted(struct sink *out, const char *s, size_t n)
{
    sink_write(out, "\"", 1);
    escaped(out, s, n);
    sink_write(out, "\"", 1);
}

/* Everything that stands before a value: comma, line break, key. */
static void lead(struct jsonw *j, const char *key, bool object)
{
    struct level *l = &j->level[j->depth];
    bool line = object && l->array;
    if (l->filled)
        sink_puts(j->out, line ? "," : ", ");
    if (line)
        sink_write(j->out, "\n", 1);
    l->filled = true;
    l->lines |= line;
    if (key != NULL) {
        jsonw_quoted(j->out, key, strlen(key));
        sink_puts(j->out, ": ");
    }
}

static void open_level(struct jsonw *j, const char *key, bool array)
{
    lead(j, key, !array);
    sink_puts(j->out, array ? "[" : "{");
    if (j->depth < DEPTH_MAX)
        j->depth++;
    j->level[j->depth] = (struct level){.array = array};
}

static void close_level(struct jsonw *j)
{
    const struct level *l = &j->level[j->depth];
    if (l->lines)
        sink_write(j->out, "\n", 1);
    sink_puts(j->out, l->array ? "]" : "}");
    if (j->depth > 0)
        j->depth--;
}

void jsonw_object(struct jsonw *j, const char *key)
{
    open_level(j, key, false);
}

void jsonw_end_object(struct jsonw *j)
{
    close_level(j);
}

void jsonw_array(struct jsonw *j, const char *key)
{
    open_level(j, key, true);
}

void jsonw_end_array(struct jsonw *j)
{
    close_level(j);
}

void jsonw_string(struct jsonw *j, const char *key, const char *s)
{
    if (s == NULL)
        jsonw_null(j, key);
    else
        jsonw_string_n(j, key, s, strlen(s));
}

void jsonw_string_n(struct jsonw *j, const char *key, const char *s, size_t n)
{
    lead(j, key, false);
    jsonw_quoted(j->out, s, n);
}

void jsonw_u64(struct jsonw *j, const char *key, uint64_t v)
{
    lead(j, key, false);
    sink_printf(j->out, "%" PRIu64, v);
}

void jsonw_i64(struct jsonw *j, const char *key, int64_t v)
{
    lead(j, key, false);
    sink_printf(j->out, "%" PRId64, v);
}

void jsonw_double(struct jsonw *j, const char *key, double v)
{
    if (!isfinite(v)) {
        jsonw_null(j, key);
        return;
    }
    char s[REAL_TEXT];
    real_text(s, v);
    lead(j, key, false);
    sink_puts(j->out, s);
}

void jsonw_bool(struct jsonw *j, const char *key, bool v)
{
    lead(j, key, false);
    sink_puts(j->out, v ? "true" : "false");
}

void jsonw_null(struct jsonw *j, const char *key)
{
    lead(j, key, false);
    sink_puts(j->out, "null");
}

void jsonw_end(struct jsonw *j)
{
    sink_write(j->out, "\n", 1);
    j->level[0].filled = false;
}
