/* SPDX-License-Identifier: MIT */
#include "formats/psz/notes.h"

#include <string.h>

#include "formats/psz/format.h"

bool psz_notes_none(const struct note_list *l)
{
    for (int c = 0; c < NOTE_CODES; c++)
        if (l->seen[c] != 0)
            return false;
    return true;
}

static int write_text(struct buf *out, struct psz_texts *texts, const char *text,
                      struct err *e)
{
    uint32_t number;
    TRY(psz_texts_put(texts, text, &number, e));
    return buf_varint(out, number, e);
}

int psz_notes_write(struct buf *out, struct psz_texts *texts, const struct note_list *l,
                    struct err *e)
{
    uint64_t codes = 0, line = 0;
    for (int c = 0; c < NOTE_CODES; c++)
        codes += l->seen[c] != 0;
    TRY(buf_varint(out, codes, e));
    for (int c = 0; c < NOTE_CODES; c++) {
        if (l->seen[c] == 0)
            continue;
        TRY(write_text(out, texts, note_name((enum note_code)c), e));
        TRY(buf_varint(out, l->seen[c], e));
    }
    TRY(buf_varint(out, l->n, e));
    for (size_t i = 0; i < l->n; i++) {
        const struct note *n = &l->v[i];
        TRY(write_text(out, texts, note_name(n->code), e));
        TRY(buf_varint(out, psz_zigzag(n->line - line), e));
        TRY(write_text(out, texts, note_text(l, n), e));
        line = n->line;
    }
    return 0;
}

/* What no list of ours holds: more notes than are kept, words that nobody wrote.  One
 * text named by many notes would be memory without end. */
static bool beyond(const struct note_list *l, int code, const char *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++)
        kept += l->v[i].code == (enum note_code)code;
    return kept >= NOTES_PER_CODE || strlen(text) >= NOTE_WORDS;
}

/* Reads the number of a text and finds it; NULL when there is no such text. */
static const char *read_text(struct psz_stream_in *in, const struct psz_text_map *texts)
{
    uint64_t number = psz_get(in);
    if (in->bad || number >= texts->texts->n)
        return number == 0 && !in->bad ? "" : NULL;
    return psz_text(texts->texts, (uint32_t)number);
}

static int add_note(struct note_list *l, enum note_code code, uint64_t line,
                    const char *text, struct err *e)
{
    void *v = l->v;
    TRY(grow(&v, &l->cap, l->n + 1, sizeof *l->v, e));
    l->v = v;
    l->v[l->n++] = (struct note){.code = code, .line = line, .text = l->text.n};
    return buf_append(&l->text, text, strlen(text) + 1, e);
}

int psz_notes_read(struct psz_stream_in *in, const struct psz_text_map *texts,
                   struct note_list *l, struct err *e)
{
    uint64_t codes = psz_get(in);
    for (uint64_t i = 0; i < codes; i++) {
        const char *name = read_text(in, texts);
        uint64_t seen = psz_get(in);
        if (name == NULL || in->bad)
            return psz_broken(e, "notes");
        int code = note_find(name, strlen(name));
        if (code >= 0)
            l->seen[code] = seen;
    }
    uint64_t notes = psz_get(in), line = 0;
    for (uint64_t i = 0; i < notes; i++) {
        const char *name = read_text(in, texts);
        line += psz_unzigzag(psz_get(in));
        const char *text = read_text(in, texts);
        if (name == NULL || text == NULL || in->bad)
            return psz_broken(e, "notes");
        int code = note_find(name, strlen(name));
        if (code >= 0 && beyond(l, code, text))
            return psz_broken(e, "notes");
        if (code >= 0)
            TRY(add_note(l, (enum note_code)code, line, text, e));
    }
    return 0;
}
