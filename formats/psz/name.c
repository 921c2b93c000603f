/* SPDX-License-Identifier: MIT */
#include "formats/psz/name.h"

#include <string.h>

#include "formats/when.h"

enum { FIELDS = 6, LITERAL = 7, CODES = 8 };

/* The digits of one field of a time. */
struct field {
    char text[4];
    size_t n;
};

static void fields_of(const struct pool_time *t, struct field f[FIELDS])
{
    struct civil c;
    civil_from_ms(t->ms, &c);
    const int v[FIELDS] = {c.year, c.month, c.day, c.hour, c.minute, c.second};
    for (int i = 0; i < FIELDS; i++) {
        f[i].n = i == 0 ? 4 : 2;
        int rest = v[i] < 0 ? 0 : v[i];
        for (size_t k = f[i].n; k-- > 0; rest /= 10)
            f[i].text[k] = (char)('0' + rest % 10);
    }
}

bool psz_name_same(const struct psz_lane *lane, const char *name)
{
    size_t n = strlen(name);
    return n == lane->name_now.n && (n == 0 || memcmp(lane->name_now.p, name, n) == 0);
}

int psz_name_expand(struct psz_lane *lane, const struct pool_time *t, struct err *e)
{
    struct field f[FIELDS];
    fields_of(t, f);
    lane->name_now.n = 0;
    for (size_t i = 0; i < lane->name.n; i++) {
        uint8_t c = lane->name.p[i];
        if (c >= 1 && c <= FIELDS) {
            TRY(buf_append(&lane->name_now, f[c - 1].text, f[c - 1].n, e));
            continue;
        }
        if (c == LITERAL && i + 1 < lane->name.n)
            c = lane->name.p[++i];
        TRY(buf_byte(&lane->name_now, c, e));
    }
    return 0;
}

/* The fields are looked for in their usual order, each at most one byte behind the one
 * before. */
static int make_template(const struct pool_time *t, const char *name, struct buf *out,
                         struct err *e)
{
    struct field f[FIELDS];
    fields_of(t, f);
    int next = t->source == TIME_NONE ? FIELDS : 0;
    size_t n = strlen(name), gap = 0;
    for (size_t i = 0; i < n;) {
        if (next < FIELDS && f[next].n <= n - i &&
            memcmp(name + i, f[next].text, f[next].n) == 0) {
            i += f[next].n;
            gap = 0;
            TRY(buf_byte(out, (uint8_t)++next, e));
            continue;
        }
        if (next > 0 && ++gap > 1)
            next = FIELDS;
        if ((uint8_t)name[i] < CODES)
            TRY(buf_byte(out, LITERAL, e));
        TRY(buf_byte(out, (uint8_t)name[i++], e));
    }
    return 0;
}

int psz_name_write(struct buf *out, struct psz_lane *lane, const struct pool_time *t,
                   const char *name, struct err *e)
{
    struct buf made = {0};
    int r = make_template(t, name, &made, e);
    size_t most = made.n < lane->name.n ? made.n : lane->name.n, same = 0;
    while (r == 0 && same < most && made.p[same] == lane->name.p[same])
        same++;
    if (r == 0)
        r = buf_varint(out, same, e);
    if (r == 0)
        r = buf_varint(out, made.n - same, e);
    if (r == 0 && made.n > same)
        r = buf_append(out, made.p + same, made.n - same, e);
    buf_free(&lane->name);
    lane->name = made;
    return r < 0 ? r : psz_name_expand(lane, t, e);
}

int psz_name_read(struct psz_stream_in *in, struct psz_lane *lane, struct err *e)
{
    uint64_t same = psz_get(in), more = psz_get(in);
    const uint8_t *p = psz_get_bytes(in, more);
    if (same > lane->name.n || p == NULL)
        return psz_broken(e, "names");
    lane->name.n = (size_t)same;
    return buf_append(&lane->name, p, (size_t)more, e);
}
