/* SPDX-License-Identifier: MIT */
#include "formats/text/segmenter.h"

int segment_nothing_found(struct segmenter *g, struct err *e)
{
    const struct strays *t = &g->strays;
    const char *looked = g->forced != NULL ? g->forced->title : "a pool capture";
    err_place(e, g->name, t->remark.what != NULL ? t->remark_line : 0);
    if (t->remark.what != NULL) {
        err_hint(e, "%s", t->remark.hint);
        return err_set(e, ERR_EMPTY, "expected %s, found %s", looked, t->remark.what);
    }
    if (t->tag_lines >= 3 && t->tag_lines * 2 > t->prose) {
        err_hint(e, "use it beside a capture: --tags FILE");
        return err_set(e, ERR_EMPTY,
                       "expected %s, found a list of tag names (pooltag.txt)", looked);
    }
    err_hint(e, "send what `poolmon -n FILE` writes, or the text of a poolmon screen");
    if (t->remark_line > 0 && t->prose == 0)
        return err_set(e, ERR_EMPTY,
                       "expected %s, found only what poolmon says before it", looked);
    return err_set(e, ERR_EMPTY,
                   "expected %s, found text without `Tag Type Allocs` lines or rows of "
                   "figures",
                   looked);
}

int segment_end_notes(struct segmenter *g, struct err *e)
{
    static const char *const names[] = {
        [ENC_PLAIN] = "one-byte text", [ENC_UTF8_MARK] = "UTF-8",
        [ENC_UTF16LE] = "UTF-16",      [ENC_UTF16LE_MARK] = "UTF-16",
        [ENC_UTF16BE] = "UTF-16",      [ENC_UTF16BE_MARK] = "UTF-16"};
    const struct strays *t = &g->strays;
    enum pool_encoding enc = text_encoding(g->text);
    if (text_is_one_byte(g->text) || (enc != ENC_PLAIN && enc != ENC_UTF8_MARK))
        TRY(note_add(&g->notes, e, NOTE_ENCODING, 0, "the text is %s", names[enc]));
    if (text_had_control_z(g->text))
        TRY(note_add(&g->notes, e, NOTE_CONTROL_Z, 0, "%s", ""));
    if (text_had_nul_padding(g->text))
        TRY(note_add(&g->notes, e, NOTE_SLACK, 0, "NULs in the text were passed over"));
    if (t->remark.what != NULL)
        TRY(note_add(&g->notes, e, NOTE_PROSE, t->remark_line, "passed over: %s",
                     t->remark.what));
    if (t->prose > 0)
        TRY(note_add(&g->notes, e, NOTE_PROSE, t->first_prose,
                     t->prose == 1
                         ? "%llu line that belongs to no capture was passed over"
                         : "%llu lines that belong to no capture were passed over",
                     (unsigned long long)t->prose));
    return 0;
}

void strays_join(struct strays *to, const struct strays *more, uint64_t lines)
{
    if (to->prose == 0 && more->prose > 0)
        to->first_prose = more->first_prose + lines;
    to->prose += more->prose;
    to->tag_lines += more->tag_lines;
    const bool tells = to->remark.what == NULL && more->remark.what != NULL;
    if (more->remark_line > 0 && (to->remark_line == 0 || tells)) {
        to->remark = more->remark;
        to->remark_line = more->remark_line + lines;
    }
}
