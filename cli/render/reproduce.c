/* SPDX-License-Identifier: MIT */
#include "cli/render/reproduce.h"

#include <inttypes.h>
#include <string.h>

#include "cli/render/inert.h"

enum { INPUTS_NAMED = 4, OPERANDS_NAMED = 8 };

#define INDENT          "    "
#define VERSION_COMMENT "# " POOLSIFT_VERSION

/* ---- an argument as a shell takes it ---- */

static bool is_plain(const char *s)
{
    return *s != '\0' &&
           s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                       "_@%+=:,./-")] == '\0';
}

/* Whether every byte may stand on a terminal as it is. */
static bool is_inert(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        char out[INERT_MAX];
        size_t written;
        const size_t step = inert_step(s + i, n - i, out, &written);
        if (written != step || memcmp(s + i, out, step) != 0)
            return false;
        i += step;
    }
    return true;
}

static int add_quoted(struct buf *b, const char *s, struct err *e)
{
    TRY(buf_byte(b, '\'', e));
    for (; *s != '\0'; s++)
        if (*s == '\'')
            TRY(buf_append(b, "'\\''", 4, e));
        else
            TRY(buf_byte(b, (uint8_t)*s, e));
    return buf_byte(b, '\'', e);
}

/* $'...': control bytes by their numbers. */
static int add_escaped(struct buf *b, const char *s, struct err *e)
{
    TRY(buf_append(b, "$'", 2, e));
    for (; *s != '\0'; s++) {
        const uint8_t c = (uint8_t)*s;
        if (c < ' ' || c > '~')
            TRY(buf_printf(b, e, "\\%03o", c));
        else if (c == '\'' || c == '\\')
            TRY(buf_printf(b, e, "\\%c", c));
        else
            TRY(buf_byte(b, c, e));
    }
    return buf_byte(b, '\'', e);
}

int reproduce_word(struct buf *b, const char *s, struct err *e)
{
    if (is_plain(s))
        TRY(buf_append(b, s, strlen(s), e));
    else if (is_inert(s, strlen(s)))
        TRY(add_quoted(b, s, e));
    else
        TRY(add_escaped(b, s, e));
    return buf_byte(b, '\0', e);
}

/* ---- the page ---- */

/* Whether the argument is left out where there are too many to read. */
static bool passed_over(const struct reproduce_view *v, size_t i)
{
    return v->n_operands > OPERANDS_NAMED && i > v->n_options &&
           i + 1 < v->n_options + v->n_operands;
}

/* The words of the command, each ended by a NUL. */
static int words_of(struct buf *b, const struct reproduce_view *v, struct err *e)
{
    TRY(reproduce_word(b, "poolsift", e));
    TRY(reproduce_word(b, v->command, e));
    for (size_t i = 0; i < v->n_options + v->n_operands; i++)
        if (!passed_over(v, i))
            TRY(reproduce_word(b, v->arguments[i], e));
        else if (i == v->n_options + 1)
            TRY(reproduce_word(b, "...", e));
    return 0;
}

/* A line is broken where a shell allows it, with room left for the sign that says so. */
static void put_word(struct page *g, size_t *column, const char *word)
{
    const size_t columns = text_columns(word, strlen(word));
    if (*column + 1 + columns + 2 > g->o->width) {
        sink_puts(g->out, " \\\n" INDENT);
        *column = sizeof INDENT - 1;
    } else {
        sink_puts(g->out, " ");
        *column += 1;
    }
    sink_puts(g->out, word);
    *column += columns;
}

static void put_text(struct page *g, const char *words, size_t n)
{
    static const char begin[] = "Reproduce:";
    size_t column = sizeof begin - 1;
    sink_puts(g->out, begin);
    for (size_t at = 0; at < n; at += strlen(words + at) + 1)
        put_word(g, &column, words + at);
    put_word(g, &column, VERSION_COMMENT);
    sink_puts(g->out, "\n");
}

static void put_markdown(struct page *g, char *words, size_t n)
{
    struct phrase p;
    for (size_t i = 0; i + 1 < n; i++)
        if (words[i] == '\0')
            words[i] = ' ';
    phrase_start(&p, true);
    say(&p, "Reproduce: ");
    say_code_span(&p, words, strlen(words), false);
    say(&p, " (version " POOLSIFT_VERSION ")");
    page_para(g, &p, 0);
}

static int put_command(struct page *g, const struct reproduce_view *v, struct err *e)
{
    struct buf words = {0};
    const int r = words_of(&words, v, e);
    if (r == 0 && g->markdown)
        put_markdown(g, (char *)words.p, words.n);
    else if (r == 0)
        put_text(g, (const char *)words.p, words.n);
    buf_free(&words);
    return r;
}

static void put_input(struct page *g, const struct input_digest *d)
{
    struct phrase p;
    phrase_start(&p, g->markdown);
    say_name(&p, d->source);
    if (d->known)
        say(&p, ": %" PRIu64 " bytes", d->bytes);
    if (d->hashed)
        say(&p, ", SHA-256 %s", d->sha256);
    page_item(g, &p, 0);
}

/* Of all digests in order, a line each: `sha256sum` of what `sha256sum` prints of the
 * inputs without their names. */
static bool hash_all(const struct reproduce_view *v, char out[SHA256_HEX])
{
    struct sha256 s;
    sha256_start(&s);
    for (size_t i = 0; i < v->n_inputs; i++) {
        if (!v->inputs[i].hashed)
            return false;
        sha256_add(&s, v->inputs[i].sha256, SHA256_HEX - 1);
        sha256_add(&s, "\n", 1);
    }
    sha256_hex(&s, out);
    return true;
}

static void put_sum(struct page *g, const struct reproduce_view *v)
{
    struct phrase p;
    char all[SHA256_HEX];
    uint64_t bytes = 0;
    for (size_t i = 0; i < v->n_inputs; i++)
        bytes += v->inputs[i].bytes;
    phrase_start(&p, g->markdown);
    say(&p, "%zu inputs, %" PRIu64 " bytes", v->n_inputs, bytes);
    if (hash_all(v, all))
        say(&p, ", SHA-256 of their digests %s", all);
    page_item(g, &p, 0);
}

int people_reproduce(struct page *g, const struct reproduce_view *v, struct err *e)
{
    if (v == NULL)
        return 0;
    page_gap(g);
    TRY(put_command(g, v, e));
    if (v->n_inputs > INPUTS_NAMED)
        put_sum(g, v);
    else
        for (size_t i = 0; i < v->n_inputs; i++)
            put_input(g, &v->inputs[i]);
    return 0;
}

/* ---- JSON ---- */

void json_reproduce(struct jsonw *j, const struct reproduce_view *v)
{
    if (v == NULL)
        return;
    jsonw_object(j, "reproduce");
    jsonw_string(j, "version", POOLSIFT_VERSION);
    jsonw_array(j, "arguments");
    jsonw_string(j, NULL, v->command);
    for (size_t i = 0; i < v->n_options + v->n_operands; i++)
        jsonw_string(j, NULL, v->arguments[i]);
    jsonw_end_array(j);
    jsonw_array(j, "inputs");
    for (size_t i = 0; i < v->n_inputs; i++) {
        const struct input_digest *d = &v->inputs[i];
        jsonw_object(j, NULL);
        jsonw_string(j, "source", d->source);
        if (d->known)
            jsonw_u64(j, "bytes", d->bytes);
        else
            jsonw_null(j, "bytes");
        jsonw_string(j, "sha256", d->hashed ? d->sha256 : NULL);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
    jsonw_end_object(j);
}
