/* SPDX-License-Identifier: MIT */
#include "formats/text/caption.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/when.h"

static const char lead[] = "# poolsift ";

static void read_host(const char *v, size_t n, char out[CAPTION_HOST_MAX + 1])
{
    size_t used = 0;
    for (size_t i = 0; i < n && used < CAPTION_HOST_MAX; i++) {
        char c = v[i];
        if (c == '%' && i + 2 < n && ascii_hex(v[i + 1]) >= 0 &&
            ascii_hex(v[i + 2]) >= 0) {
            c = (char)(ascii_hex(v[i + 1]) << 4 | ascii_hex(v[i + 2]));
            i += 2;
        }
        if (c != '\0')
            out[used++] = c;
    }
    out[used] = '\0';
}

static bool read_number(const char *v, size_t n, uint64_t most, uint64_t *out)
{
    uint64_t x = 0;
    if (n == 0 || n > 19)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (v[i] < '0' || v[i] > '9')
            return false;
        x = x * 10 + (uint64_t)(v[i] - '0');
    }
    *out = x;
    return x <= most;
}

static void read_scope(const char *v, size_t n, struct caption *c)
{
    uint64_t session;
    if (text_is(v, n, "all-sessions")) {
        c->scope = SCOPE_ALL_SESSIONS;
    } else if (text_is(v, n, "system")) {
        c->scope = SCOPE_SYSTEM;
    } else if (n > 8 && memcmp(v, "session:", 8) == 0 &&
               read_number(v + 8, n - 8, UINT32_MAX, &session)) {
        c->scope = SCOPE_SESSION;
        c->session = (uint32_t)session;
    }
}

static void read_key(const char *key, size_t key_n, const char *v, size_t n,
                     struct caption *c, enum time_source *source)
{
    char text[WHEN_TEXT_MAX + 1] = "";
    if (n <= WHEN_TEXT_MAX)
        memcpy(text, v, n);
    struct pool_time t;
    uint64_t number;
    if (text_is(key, key_n, "time")) {
        if (when_option(text, &t)) {
            t.ambiguous = c->time.ambiguous;
            t.other_ms = c->time.other_ms;
            c->time = t;
        }
    } else if (text_is(key, key_n, "other")) {
        if (when_option(text, &t)) {
            c->time.ambiguous = true;
            c->time.other_ms = t.ms;
        }
    } else if (text_is(key, key_n, "source")) {
        for (enum time_source k = TIME_CAPTURE; k <= TIME_MTIME; k++)
            if (text_is(v, n, time_source_name(k)))
                *source = k;
    } else if (text_is(key, key_n, "uptime")) {
        if (read_number(v, n, INT64_MAX, &number))
            c->uptime_s = (int64_t)number;
    } else if (text_is(key, key_n, "host")) {
        read_host(v, n, c->host);
    } else if (text_is(key, key_n, "scope")) {
        read_scope(v, n, c);
    } else if (text_is(key, key_n, "completeness")) {
        for (enum completeness k = COMPLETE_WHOLE; k <= COMPLETE_CUT; k++)
            if (text_is(v, n, completeness_name(k)))
                c->completeness = k;
    }
}

bool caption_parse(const char *p, size_t n, struct caption *c)
{
    const size_t skip = sizeof lead - 1;
    if (n < skip || memcmp(p, lead, skip) != 0)
        return false;
    *c = (struct caption){.uptime_s = -1, .completeness = COMPLETE_WHOLE};
    enum time_source source = TIME_CAPTURE;
    size_t i = skip;
    while (i < n) {
        size_t end = i;
        while (end < n && p[end] != ' ')
            end++;
        const char *eq = memchr(p + i, '=', end - i);
        if (eq != NULL)
            read_key(p + i, (size_t)(eq - p) - i, eq + 1, end - (size_t)(eq - p) - 1, c,
                     &source);
        i = end + 1;
    }
    if (c->time.source != TIME_NONE)
        c->time.source = source;
    else
        c->time = (struct pool_time){0};
    return true;
}

static int write_host(struct buf *out, const char *host, struct err *e)
{
    TRY(buf_printf(out, e, " host="));
    for (const char *h = host; *h != '\0'; h++) {
        unsigned char c = (unsigned char)*h;
        if (c <= 0x20 || c >= 0x7f || c == '%')
            TRY(buf_printf(out, e, "%%%02x", c));
        else
            TRY(buf_byte(out, c, e));
    }
    return 0;
}

int caption_write(struct buf *out, const struct pool_snapshot *s, struct err *e)
{
    char text[WHEN_TEXT_MAX];
    TRY(buf_append(out, lead, sizeof lead - 2, e)); /* each key brings its blank */
    const size_t bare = out->n;
    if (s->time.source != TIME_NONE) {
        TRY(buf_printf(out, e, " time=%s", when_text(&s->time, text)));
        if (s->time.source != TIME_CAPTURE)
            TRY(buf_printf(out, e, " source=%s", time_source_name(s->time.source)));
        if (s->time.ambiguous) {
            struct pool_time other = s->time;
            other.ms = s->time.other_ms;
            TRY(buf_printf(out, e, " other=%s", when_text(&other, text)));
        }
    }
    if (s->uptime_s >= 0)
        TRY(buf_printf(out, e, " uptime=%lld", (long long)s->uptime_s));
    if (s->host != 0)
        TRY(write_host(out, pool_snapshot_str(s, s->host), e));
    if (s->scope != SCOPE_SYSTEM) {
        char scope[24];
        pool_scope_text(s->scope, s->session, scope);
        TRY(buf_printf(out, e, " scope=%s", scope));
    }
    if (s->completeness > COMPLETE_SCREEN) /* the rows cannot show it */
        TRY(buf_printf(out, e, " completeness=%s", completeness_name(s->completeness)));
    /* Nothing is known: still a separator. */
    return out->n > bare ? 0 : buf_append(out, " -", 2, e);
}
