/* SPDX-License-Identifier: MIT */
/* For a customer whose files nobody has: what to run on the machine itself. */
#include <stdio.h>

#include "cli/render/drivers.h"
#include "formats/ascii.h"

#define DRIVERS_CMD "%SystemRoot%\\System32\\drivers\\*.sys"

static bool plain(uint8_t c)
{
    return c >= 0x20 && c <= 0x7e;
}

static bool all_plain(struct pool_tag t)
{
    return plain(t.b[0]) && plain(t.b[1]) && plain(t.b[2]) && plain(t.b[3]);
}

/* A quotation mark would end the prompt's quoting, and a percent sign would begin the
 * name of a variable that ends in %SystemRoot%: these tags are PowerShell's. */
bool find_by_findstr(struct pool_tag t, char out[FIND_MAX])
{
    char word[2 * 4 + 1];
    size_t n = 0;
    bool bare = true;
    if (!all_plain(t))
        return false;
    for (int i = 0; i < 4; i++) {
        char c = (char)t.b[i];
        if (c == '"' || c == '%')
            return false;
        if (c == '\\') /* findstr's own escape */
            word[n++] = '\\';
        word[n++] = c;
        bare = bare && (ascii_letter(c) || ascii_digit(c));
    }
    word[n] = '\0';
    (void)snprintf(out, FIND_MAX,
                   bare ? "findstr /m /l %s %s" : "findstr /m /l /c:\"%s\" %s", word,
                   DRIVERS_CMD);
    return true;
}

/* The argument of String.Contains: quoted, or built from numbers where bytes cannot be
 * typed.  Latin-1 maps every byte to the character of its number. */
static void powershell_text(struct pool_tag t, char out[64])
{
    if (!all_plain(t)) {
        (void)snprintf(out, 64, "(-join [char[]](%u,%u,%u,%u))", t.b[0], t.b[1], t.b[2],
                       t.b[3]);
        return;
    }
    size_t n = 0;
    out[n++] = '\'';
    for (int i = 0; i < 4; i++) {
        if (t.b[i] == '\'') /* doubled inside quotes */
            out[n++] = '\'';
        out[n++] = (char)t.b[i];
    }
    out[n++] = '\'';
    out[n] = '\0';
}

/* Every line but the last ends where PowerShell expects more. */
size_t find_by_powershell(struct pool_tag t, char out[FIND_PARTS][FIND_MAX])
{
    char text[64];
    powershell_text(t, text);
    (void)snprintf(
        out[0], FIND_MAX,
        "Get-ChildItem \"$env:SystemRoot\\System32\\drivers\" -Filter *.sys |");
    (void)snprintf(out[1], FIND_MAX,
                   "Where-Object { [Text.Encoding]::GetEncoding(28591).GetString(");
    (void)snprintf(out[2], FIND_MAX, "[IO.File]::ReadAllBytes($_.FullName)).Contains(");
    (void)snprintf(out[3], FIND_MAX, "%s) } |", text);
    (void)snprintf(out[4], FIND_MAX,
                   "Select-Object Name, @{n='Version'; e={$_.VersionInfo.FileVersion}},");
    (void)snprintf(out[5], FIND_MAX, "@{n='Company'; e={$_.VersionInfo.CompanyName}}");
    return FIND_PARTS;
}

static void code_line(struct page *g, const char *s, unsigned indent)
{
    sink_printf(g->out, "%*s%s\n", (int)(g->markdown ? 0 : indent), "", s);
}

static void fence(struct page *g)
{
    if (g->markdown)
        sink_puts(g->out, "```\n");
}

void people_find_driver(struct page *g, struct pool_tag t)
{
    char parts[FIND_PARTS][FIND_MAX], line[FIND_MAX];
    struct phrase p;
    const bool findstr = find_by_findstr(t, line);
    phrase_start(&p, g->markdown);
    words_find_driver(&p, t, findstr);
    page_para(g, &p, 0);
    if (findstr) {
        fence(g);
        code_line(g, line, 2);
        fence(g);
        if (g->markdown)
            sink_puts(g->out, "\n");
        phrase_start(&p, g->markdown);
        words_find_powershell(&p);
        page_para(g, &p, 0);
    }
    fence(g);
    size_t n = find_by_powershell(t, parts);
    for (size_t i = 0; i < n; i++)
        code_line(g, parts[i], i == 0 ? 2 : 4);
    fence(g);
    if (g->markdown)
        sink_puts(g->out, "\n");
}

void json_find_driver(struct jsonw *j, struct pool_tag t)
{
    char parts[FIND_PARTS][FIND_MAX], line[FIND_MAX];
    char all[FIND_PARTS * FIND_MAX];
    size_t used = 0, n = find_by_powershell(t, parts);
    for (size_t i = 0; i < n; i++) {
        int more =
            snprintf(all + used, sizeof all - used, "%s%s", i == 0 ? "" : " ", parts[i]);
        used += more > 0 ? (size_t)more : 0;
    }
    jsonw_object(j, "find_driver");
    jsonw_string(j, "findstr", find_by_findstr(t, line) ? line : NULL);
    jsonw_string(j, "powershell", all);
    jsonw_end_object(j);
}
