/* SPDX-License-Identifier: MIT */
/* Single lines of what other tools print: which are read, and what of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/tools/xray.h"
#include "tests/unit/captures.h"

/* The rows of a text: `TAG POOL allocs-frees=live:bytes (owner)`, `_` for none. */
static void told(const char *text, const char *format, char out[512])
{
    static const char pools[POOL_KINDS] = {
        [POOL_NONPAGED] = 'N', [POOL_PAGED] = 'P', [POOL_UNKNOWN] = '?'};
    struct captures c = captures_text(text);
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < c.n; i++) {
        const struct pool_snapshot *s = &c.v[i];
        if (strcmp(pool_snapshot_str(s, s->format), format) != 0)
            continue;
        n += (size_t)snprintf(out + n, 512 - n, "%s", i > 0 ? "| " : "");
        for (size_t k = 0; k < s->n_rows; k++) {
            const struct pool_row *r = &s->rows[k];
            const uint64_t v[] = {r->allocs, r->frees, r->live, r->bytes};
            const unsigned given[] = {ROW_ALLOCS, ROW_FREES, ROW_LIVE, ROW_BYTES};
            n += (size_t)snprintf(out + n, 512 - n, "%.4s %c", (const char *)r->tag.b,
                                  pools[r->pool]);
            for (size_t f = 0; f < 4; f++) {
                out[n++] = " -=:"[f];
                if ((r->fields & given[f]) == 0)
                    out[n++] = '_';
                else
                    n += (size_t)snprintf(out + n, 512 - n, "%llu",
                                          (unsigned long long)v[f]);
            }
            out[n] = '\0';
            if (r->owner != 0)
                n += (size_t)snprintf(out + n, 512 - n, " (%s)",
                                      pool_snapshot_str(s, r->owner));
            n += (size_t)snprintf(out + n, 512 - n, " ");
        }
        if (s->notes.seen[NOTE_WRAP] > 0)
            n += (size_t)snprintf(out + n, 512 - n, "wrapped ");
        if (s->notes.seen[NOTE_ROW_DROPPED] > 0)
            n += (size_t)snprintf(out + n, 512 - n, "dropped %llu ",
                                  (unsigned long long)s->notes.seen[NOTE_ROW_DROPPED]);
    }
    captures_free(&c);
}

struct line_case {
    const char *lines, *told;
};

static void check(const char *format, const struct line_case *t, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char text[1024], out[512];
        (void)snprintf(text, sizeof text, "%s\n", t[i].lines);
        told(text, format, out);
        if (strcmp(out, t[i].told) != 0)
            fail_msg("%s: '%s'", t[i].lines, out);
    }
}

static void test_poolmonx_2(void **state)
{
    (void)state;
    static const struct line_case t[] = {
        {"FMfn,9,4,5,1 KB,0,0,0,0 B,a.sys,words, and more",
         "FMfn P 9-4=5:1024 (a.sys - words, and more) "},
        {"FMfn,9,4,5,50 B,3,1,2,2 KB,a.sys,", "FMfn P 9-4=5:50 (a.sys) "
                                              "FMfn N 3-1=2:2048 (a.sys) "},
        {"FMfn,9,4,5,50 B,0,0,0,0 B", "FMfn P 9-4=5:50 "},
        {"FMfn,9,4,5,50 B,0,0,0,0 B  ", "FMfn P 9-4=5:50 "},
        {"FMfn,9,4,5,50 B,0,0,0,0 B,", "FMfn P 9-4=5:50 "},
        {"FMfn,9,4,5,50 B,0,0,0,0 B,,words", "FMfn P 9-4=5:50 (words) "},
        {"FMfn,9,4,5,50 B,0,0,0", ""},
        {"FMfn,9,4,5,50 B,0,0,0,", ""},
        {"FMfn,9,4,5,50 B", ""},
        {"FMfn,9,4,5,50,0,0,0,0 B,a.sys", ""},
        {"FMfn,9,4,5,50 B,0,0,0,0,a.sys", ""},
        {"FMfn,9,4,6,50 B,0,0,0,0 B,a.sys", ""},
        {"FMfn,9,4,5,4 B,0,0,0,0 B,a.sys", ""},
        {"FMfn,9,9,0,0 B,0,0,0,0 B,a.sys", "FMfn P 9-9=0:0 (a.sys) "},
        {"FMfn,x,4,5,50 B,0,0,0,0 B,a.sys", ""},
        /* tags */
        {"a,b,9,4,5,50 B,0,0,0,0 B,a.sys", "a,b  P 9-4=5:50 (a.sys) "},
        {",,,,,9,4,5,50 B,0,0,0,0 B,a.sys", ",,,, P 9-4=5:50 (a.sys) "},
        {"Io,9,4,5,50 B,0,0,0,0 B,a.sys", "Io   P 9-4=5:50 (a.sys) "},
        {"     FMfn,9,4,5,50 B,0,0,0,0 B,a.sys", "FMfn P 9-4=5:50 (a.sys) "},
        {"  > FMfn,9,4,5,50 B,0,0,0,0 B,a.sys", "FMfn P 9-4=5:50 (a.sys) "},
        {"FMfn1,9,4,5,50 B,0,0,0,0 B,a.sys", ""},
        {",9,4,5,50 B,0,0,0,0 B,a.sys", ""},
    };
    check("poolmonx2", t, sizeof t / sizeof *t);
}

static void test_poolmonx_3(void **state)
{
    (void)state;
    static const struct line_case t[] = {
        {"FMfn,0x6E664D46,9,4,5,50,0,0,0,0,a.sys,words, more",
         "FMfn P 9-4=5:50 (a.sys - words, more) "},
        {"FMfn,0X6e664d46,9,4,5,50,3,1,2,16,a.sys", "FMfn P 9-4=5:50 (a.sys) "
                                                    "FMfn N 3-1=2:16 (a.sys) "},
        {"FMfn,0x6E664D46,9,4,5,50,0,0,0,0", "FMfn P 9-4=5:50 "},
        {"FMfn,0x6E664D46,9,4,5,50,3,1,2,16", "FMfn P 9-4=5:50 FMfn N 3-1=2:16 "},
        {"FMfn,0x6E664D46,9,4,5,50,0,0,0,0,", "FMfn P 9-4=5:50 "},
        {"FMfn,0x6E664D46,1,009,4,1,005,2,010,0,0,0,0,x", "FMfn P 1009-4=1005:2010 (x) "},
        /* words between rows are none that was lost */
        {"FMfn,0x6E664D46,9,4,5,50,0,0,0,0,x\nwords of somebody\n"
         "Io,0x20206f49,9,4,5,50,0,0,0,0,x",
         "FMfn P 9-4=5:50 (x) Io   P 9-4=5:50 (x) "},
        {"FMfn,0x6E664D46,9,4,5,50,0,0,0", ""},
        {"FMfn,0x6E664D46,9,4,6,50,0,0,0,0,a.sys", ""},
        {"FMfn,0x6E664D46,9,4,5,4,0,0,0,0,a.sys", ""},
        {"FMfn,0x6E664D46,9,4,5,0,0,0,0,0,a.sys", ""},
        {"FMfn,0x6E664D46,9,9,0,1,0,0,0,0,a.sys", ""},
        {"FMfn,0x6E664D46,09,4,5,50,0,0,0,0,a.sys", ""},
        {"FMfn,0x6E664D46", ""},
        {"FMfn,0x6E664D46;9,4,5,50,0,0,0,0,a.sys", ""},
        {"FMfn,1x6E664D46,9,4,5,50,0,0,0,0,a.sys", ""},
        {"FMfn,0y6E664D46,9,4,5,50,0,0,0,0,a.sys", ""},
        {"FMfn,0x6E664D4g,9,4,5,50,0,0,0,0,a.sys", ""},
        {"FMfn,0x6E664D,9,4,5,50,0,0,0,0,a.sys", ""},
        {"FMfm,0x6E664D46,9,4,5,50,0,0,0,0,a.sys", ""},
        {"FMf,0x6E664D46,9,4,5,50,0,0,0,0,a.sys", ""},
        {"Io,0x20206f49,9,4,5,50,0,0,0,0,a.sys", "Io   P 9-4=5:50 (a.sys) "},
        {"   Io  ,0x20206f49,9,4,5,50,0,0,0,0,a.sys", "Io   P 9-4=5:50 (a.sys) "},
        {"a,b,0x20622C61,9,4,5,50,0,0,0,0,a.sys", "a,b  P 9-4=5:50 (a.sys) "},
    };
    check("poolmonx3", t, sizeof t / sizeof *t);
}

static void test_system_informer(void **state)
{
    (void)state;
    static const struct line_case t[] = {
        {"FMfn, a.sys, words, and more, 9, 4, 5, 50 B, 0, 0, 0, 0 B",
         "FMfn P 9-4=5:50 (a.sys - words, and more) "},
        {"FMfn, a.sys, words, 1,009, 4, 1,005, 2 kB, 3, 1, 2, 16 B",
         "FMfn P 1009-4=1005:2048 (a.sys - words) FMfn N 3-1=2:16 (a.sys - words) "},
        {"FMfn, a.sys, words, 9, 4, 5, 50 B, 0, 0, 0, 0 B \t ",
         "FMfn P 9-4=5:50 (a.sys - words) "},
        {"\t\tFMfn, a.sys, words, 9, 4, 5, 50 B, 0, 0, 0, 0 B",
         "FMfn P 9-4=5:50 (a.sys - words) "},
        {"FMfn, a.sys, words, 9, 4, 5, 50 B", "FMfn ? 9-4=5:50 (a.sys - words) "},
        {"FMfn, 9, 4, 5, 50 B", "FMfn ? 9-4=5:50 "},
        {"FMfn, a.sys, 9, 4, 5, 50 B", "FMfn ? 9-4=5:50 (a.sys) "},
        {"FMfn, 9, 4, 5", ""},
        {"FMfn, 4, 5, 50 B", ""},
        {"FMfn, 9, 4, 5, 50", ""},
        {"FMfn, 9, 4, 6, 50 B", ""},
        {"FMfn, 9, 4, 5, 4 B", ""},
        {"FMfn, 9, 9, 0, 0 B", "FMfn ? 9-9=0:0 "},
        {"FMfn,9, 4, 5, 50 B", ""},
        {"FMfnx, 9, 4, 5, 50 B", ""},
        {"FMfn, a.sys, words, 9, 4, 5, 50, 0, 0, 0, 0 B", ""},
        {"FMfn, a.sys, 9, 4, 5, 50 B, 0, 0, 0, 0", "FMfn P 9-4=5:50 (a.sys) "},
    };
    check("systeminformer", t, sizeof t / sizeof *t);
    /* Words with more commas than pieces are looked for. */
    char text[512] = "FMfn, a.sys";
    for (int i = 0; i < 54; i++)
        strcat(text, ", x");
    char more[600], out[512];
    (void)snprintf(more, sizeof more, "%s, 9, 4, 5, 50 B, 0, 0, 0, 0 B\n", text);
    told(more, "systeminformer", out);
    assert_memory_equal(out, "FMfn P 9-4=5:50 (a.sys - x, x", 29);
    (void)snprintf(more, sizeof more, "%s, x, 9, 4, 5, 50 B, 0, 0, 0, 0 B\n", text);
    told(more, "systeminformer", out);
    assert_string_equal(out, "");
}

#define REKALL                                                                           \
    "tag        nonpaged       nonpaged_bytes        paged          paged_bytes\n"

static void test_rekall(void **state)
{
    (void)state;
    static const struct line_case t[] = {
        {REKALL "FMfn 9 (5) 50 3 (2) 16", "FMfn P 3-_=2:16 FMfn N 9-_=5:50 "},
        {REKALL
         "Dh 1                3 (2)             96               88 (8)        1024",
         "Dh 1 P 88-_=8:1024 Dh 1 N 3-_=2:96 "},
        {REKALL "Dh 1 3 (2) 96 88 (8) 1024", "Dh 1 P 88-_=8:1024 Dh 1 N 3-_=2:96 "},
        /* the next row does not stand below the titles any more */
        {REKALL "FMfn 9 (5) 50 3 (2) 16\nIo 3 (2) 32 0 (0) 0",
         "FMfn P 3-_=2:16 FMfn N 9-_=5:50 Io   N 3-_=2:32 "},
        {REKALL "FMfn 9 (5) 50 3 (2) 16\n  Dh1x 3 (2) 32 0 (0) 0",
         "FMfn P 3-_=2:16 FMfn N 9-_=5:50 Dh1x N 3-_=2:32 "},
        {"Tag NP Alloc NP Bytes P Alloc P Bytes\nFMfn 9 (5) 50 3 (2) 16",
         "FMfn P 3-_=2:16 FMfn N 9-_=5:50 "},
        /* counters that wrapped */
        {REKALL "FMfn 9 (-4294967286) 50 3 (2) 16",
         "FMfn P 3-_=2:16 FMfn N 9-_=10:50 wrapped "},
        {REKALL "FMfn 9 (-4294967287) 50 3 (2) 16", "dropped 1 "},
        {REKALL "FMfn 4294967296 (-1) 50 3 (2) 16", "dropped 1 "},
        /* contradictions */
        {REKALL "FMfn 9 (10) 50 3 (2) 16", "dropped 1 "},
        {REKALL "FMfn 9 (5) 4 3 (2) 16", "dropped 1 "},
        {REKALL "FMfn 9 (5) 50 3 (0) 16", "dropped 1 "},
        {REKALL "FMfn 9 (9) 9 3 (3) 3", "FMfn P 3-_=3:3 FMfn N 9-_=9:9 "},
        /* no rows */
        {REKALL "FMfn 9 5 50 3 (2) 16", ""},
        {REKALL "FMfn 9 () 50 3 (2) 16", ""},
        {REKALL "FMfn 9 (5 50 3 (2) 16", ""},
        {REKALL "FMfn 9 5) 50 3 (2) 16", ""},
        {REKALL "FMfn 9 (5) 50 3 (2)", ""},
        {REKALL "FMfn 9 (5) 50 3 (2) 16 x", ""},
        {"tag nonpaged nonpaged_bytes paged\nFMfn 9 (5) 50 3 (2) 16", ""},
        {"tag nonpaged nonpaged_bytes paged paged_bytes x\nFMfn 9 (5) 50 3 (2) 16", ""},
    };
    check("rekall", t, sizeof t / sizeof *t);
    char out[512];
    told(REKALL "FMfn 9 (5) 50 3 (2) 16\nIo 3 (2", "rekall", out);
    assert_string_equal(out, "FMfn P 3-_=2:16 FMfn N 9-_=5:50 dropped 1 ");
}

#define VOLATILITY "Tag    NpAllocs NpFrees  NpBytes   PgAllocs PgFrees PgBytes\n"

static void test_volatility(void **state)
{
    (void)state;
    static const struct line_case t[] = {
        {VOLATILITY "FMfn 9 4 50 3 1 16", "FMfn P 3-1=_:16 FMfn N 9-4=_:50 "},
        {VOLATILITY "FMfn 9 4 50 3 1 16 a.sys words",
         "FMfn P 3-1=_:16 (a.sys words) FMfn N 9-4=_:50 (a.sys words) "},
        {VOLATILITY "Dh 1 9 4 50 0 0 0", "Dh 1 N 9-4=_:50 "},
        {VOLATILITY "FMfn 9 4 50 0 0 0\n Io 9 4 50 0 0 0",
         "FMfn N 9-4=_:50 Io   N 9-4=_:50 "},
        {VOLATILITY "FMfn 4 9 4294967295 0 0 0", "FMfn N 4-9=_:4294967295 "},
        {VOLATILITY "FMfn 4 9 4294967290 0 0 0", "dropped 1 "},
        {VOLATILITY "FMfn 9 4 4 0 0 0", "dropped 1 "},
        {VOLATILITY "FMfn 9 4 50 3 3 1", "dropped 1 "},
        {VOLATILITY "FMfn 9 4 50 0 0", ""},
        {VOLATILITY "FMfn 9 4 50 0 0 x", ""},
    };
    check("volatility", t, sizeof t / sizeof *t);
}

static void test_xray_rows(void **state)
{
    (void)state;
    static const struct line_case t[] = {
        {"FMfn,Nonp,9,4,5,50,10", "FMfn N 9-4=5:50 "},
        {"FMfn,Paged,9,4,5,59,11", "FMfn P 9-4=5:59 "},
        {"FMfn, Nonp , 9, 4, 5, 50, 10 ", "FMfn N 9-4=5:50 "},
        {"a,b,Nonp,9,4,5,50,10", "a,b  N 9-4=5:50 "},
        {"FMfn,Nonp,4,9,4294967291,4294967291,1", "FMfn N 4-9=4294967291:4294967291 "},
        {"FMfn,Nonp,4,9,-5,-5,1", "FMfn N 4-9=4294967291:4294967291 wrapped "},
        {"FMfn,Nonp,4294967296,0,4294967296,4294967296,1",
         "FMfn N 4294967296-0=4294967296:4294967296 "},
        {"FMfn,Nonp,9,9,0,0,0", "FMfn N 9-9=0:0 "},
        {"FMfn,Nonp,9,4,5,50,9", ""},
        {"FMfn,Nonp,9,4,6,50,8", ""},
        {"FMfn,Nonp,9,9,0,0,1", ""},
        {"FMfn,Nonpaged,9,4,5,50,10", ""},
        {"FMfnx,Nonp,9,4,5,50,10", ""},
        {"FMfn,Nonp,9,4,5,50", ""},
        {"Nonp,9,4,5,50,10", ""},
        {",Nonp,9,4,5,50,10", ""},
        {"FMfn,Nonp,9,4,5,50,x", ""},
        /* behind a head rows need not prove themselves */
        {"Summary1,22:35:55,1,2,3,4,5\nFMfn,Nonp,9,4,5,50,9\nIo,Nonp,9,4,5,50,10",
         "Io   N 9-4=5:50 dropped 1 "},
        {"Summary1,22:35:55,1,2,3,4,5\nSummary2,22:35:55,1,2,3,4,5\nIo,Nonp,9,4,5,50,10",
         "Io   N 9-4=5:50 "},
        {"Summary1,22:35:55,1,2,3,4,5\nIo,Nonp,9,4,5,50,10\nSummary1,22:35:56,1,2,3,4,5\n"
         "Io,Nonp,9,4,5,50,10",
         "Io   N 9-4=5:50 | Io   N 9-4=5:50 "},
    };
    check("xray", t, sizeof t / sizeof *t);
}

static void test_xray_heads(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int claim;
    } t[] = {
        {"Summary1,22/05/2020 22:35:55.53,1,2,3,4,5", CLAIM_SURE},
        {"Summary2,22/05/2020 22:35:55.53,1,2,3,4,5", CLAIM_SURE},
        {"  Summary1,22:35:55,1,2,3,4,5", CLAIM_SURE},
        {"> Summary1,22:35:55,1,2,3,4,5", CLAIM_SURE},
        {"Summary1,22.05.2020 22:35:55,53,1,2,3,4,5", CLAIM_SURE},
        {"Summary1,22:35:55,,,,,", CLAIM_SURE},
        {"Summary1,22:35:55, 1, 2, 3, 4, 5", CLAIM_SURE},
        {"Summary1,22:35:55,1,2,x,4,5", CLAIM_NONE},
        {"Summary1,22:35:55,1,2,3,4,5K", CLAIM_NONE},
        {"Summary1,22:35:5,1,2,3,4,5", CLAIM_NONE},
        {"Summary1,22/05/2020,1,2,3,4,5", CLAIM_NONE},
        {"Summary1,22:35:55,1,2,3,4", CLAIM_NONE},
        {"Summary0,22:35:55,1,2,3,4,5", CLAIM_NONE},
        {"Summary3,22:35:55,1,2,3,4,5", CLAIM_NONE},
        {"summary1,22:35:55,1,2,3,4,5", CLAIM_NONE},
        {"Summary1;22:35:55,1,2,3,4,5", CLAIM_NONE},
        {"Summary,22:35:55,1,2,3,4,5", CLAIM_NONE},
        {"Summary1", CLAIM_NONE},
        {"", CLAIM_NONE},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const struct text_line l = {.p = t[i].line, .n = strlen(t[i].line), .number = 1};
        if (xray_text_format.begins(&l, 1) != t[i].claim)
            fail_msg("%s: %d", t[i].line, xray_text_format.begins(&l, 1));
    }
}

#define POWERSHELL                                                                       \
    "Tag,PagedAllocs,PagedFrees,PagedDiff,PagedUsedBytes,NonPagedDiff,"                  \
    "NonPagedUsedBytes,TotalUsedBytes,Binary,Description\n"

static void test_powershell(void **state)
{
    (void)state;
    static const struct line_case t[] = {
        {POWERSHELL "FMfn,9,4,5,50,3,16,66,a.sys,words",
         "FMfn N _-_=3:16 (a.sys - words) FMfn P 9-4=5:50 (a.sys - words) "},
        {POWERSHELL "\"FMfn\",\"9\",\"4\",\"5\",\"50\",\"3\",\"16\",\"66\",\"a,b\",\"\"",
         "FMfn N _-_=3:16 (a,b) FMfn P 9-4=5:50 (a,b) "},
        {POWERSHELL "FMfn,0,0,0,0,3,16,16,,", "FMfn N _-_=3:16 "},
        {POWERSHELL "FMfn,,,,,3,16,,,", "FMfn N _-_=3:16 "},
        {POWERSHELL "FMfn,0,0,0,0,0,0,0,,\nIo,9,4,5,50,3,16,66,,",
         "Io   N _-_=3:16 Io   P 9-4=5:50 "},
        /* sums */
        {POWERSHELL "FMfn,9,4,5,50,3,16,67,,", "dropped 1 "},
        {POWERSHELL "FMfn,9,4,5,50,3,16,,,", "FMfn N _-_=3:16 FMfn P 9-4=5:50 "},
        {POWERSHELL "FMfn,9,4,5,,3,16,67,,", "FMfn N _-_=3:16 FMfn P 9-4=5:_ "},
        /* figures and tags that are none */
        {POWERSHELL "FMfn,9,4,6,50,3,16,66,,\nIo,9,4,5,50,3,16,66,,",
         "FMfn N _-_=3:16 Io   N _-_=3:16 Io   P 9-4=5:50 dropped 1 "},
        {POWERSHELL "FMfn,x,4,5,50,3,16,66,,\nIo,9,4,5,50,3,16,66,,",
         "Io   N _-_=3:16 Io   P 9-4=5:50 "},
        {POWERSHELL "FMfn,4,9,-5,50,3,16,66,,",
         "FMfn N _-_=3:16 FMfn P 4-9=4294967291:50 wrapped "},
        {POWERSHELL "\"FMfn\",\"9\",\"4\"\nIo,9,4,5,50,3,16,66,,",
         "Io   N _-_=3:16 Io   P 9-4=5:50 dropped 1 "},
        {POWERSHELL "\"FMfn\"\nIo,9,4,5,50,3,16,66,,",
         "Io   N _-_=3:16 Io   P 9-4=5:50 "},
        {"Tag;PagedDiff;PagedBytes\nFMfn;5;50", "FMfn P _-_=5:50 "},
        {"Tag\tPagedDiff\tPagedUsed\nFMfn\t5\t50", "FMfn P _-_=5:50 "},
        {" pagedusedbytes , TAG \n50,FMfn", "FMfn P _-_=_:50 "},
        {"Tag,PagedDiff,TotalUsedBytes\nFMfn,5,50", "FMfn P _-_=5:_ FMfn ? _-_=_:50 "},
        /* titles that are none */
        {"Tag,PagedDiff,PagedDiff\nFMfn,5,5", ""},
        {"Tag,PagedRate\nFMfn,5", ""},
        {"Tags,PagedDiff\nFMfn,5", ""},
    };
    check("powershell", t, sizeof t / sizeof *t);
}

/* Rows without sums above them: a tag that comes again begins another set. */
static void test_sets_without_sums(void **state)
{
    (void)state;
    struct captures c = captures_text("Leak,Nonp,912345,12345,900000,172800000,192\n"
                                      "CM31,Paged,53210,41100,12110,99205120,8192\n"
                                      "Irp ,Nonp,4411873,4410021,1852,947824,511\n"
                                      "Leak,Nonp,912945,12345,900600,172915200,192\n"
                                      "CM31,Paged,53210,41100,12110,99205120,8192\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].n_rows, 3);
    assert_int_equal(c.v[1].n_rows, 2);
    assert_int_equal(c.v[1].rows[0].bytes, 172915200);
    captures_free(&c);
}

/* Rows whose titles were cut off: the figures of both pools prove them, or nothing. */
static void test_bare_rows_of_powershell(void **state)
{
    (void)state;
#define TIMES "\"2026-11-09T10:00:00\",\"2026-11-09T09:00:00\","
    static const struct line_case t[] = {
        {TIMES "FMfn,9,4,5,50,3,1,2,16,66,a.sys,words",
         "FMfn N 3-1=2:16 (a.sys - words) FMfn P 9-4=5:50 (a.sys - words) "},
        {TIMES "FMfn,9,4,5,50,3,1,2,16,66", "FMfn N 3-1=2:16 FMfn P 9-4=5:50 "},
        {TIMES "FMfn,9,4,5,50,0,0,0,0,50", "FMfn P 9-4=5:50 "},
        {TIMES "FMfn,9,4,5,,3,1,2,,66", "FMfn N 3-1=2:_ FMfn P 9-4=5:_ FMfn ? _-_=_:66 "},
        {TIMES "FMfn,4,9,-5,50,0,0,0,0,50", "FMfn P 4-9=4294967291:50 wrapped "},
        {TIMES "FMfn,9,4,5,50,3,1,2,16,66,a.sys", ""},
        {TIMES "FMfn,9,4,6,50,3,1,2,16,66,a.sys,words", ""},
        {TIMES "FMfn,9,4,5,50,3,1,3,16,66,a.sys,words", ""},
        {TIMES "FMfn,9,4,5,50,3,1,2,16,67,a.sys,words", ""},
        {TIMES "FMfn,0,0,0,0,0,0,0,0,0,a.sys,words", ""},
        {TIMES "FMfn,x,4,5,50,3,1,2,16,66,a.sys,words", ""},
        {"\"noon\",\"2026-11-09T09:00:00\",FMfn,9,4,5,50,3,1,2,16,66,a,b", ""},
        {"2026-11-09T10:00:00,\"2026-11-09T09:00:00\",FMfn,9,4,5,50,3,1,2,16,66,a,b", ""},
    };
    check("powershell", t, sizeof t / sizeof *t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_poolmonx_2),
        cmocka_unit_test(test_poolmonx_3),
        cmocka_unit_test(test_system_informer),
        cmocka_unit_test(test_rekall),
        cmocka_unit_test(test_volatility),
        cmocka_unit_test(test_xray_rows),
        cmocka_unit_test(test_xray_heads),
        cmocka_unit_test(test_powershell),
        cmocka_unit_test(test_bare_rows_of_powershell),
        cmocka_unit_test(test_sets_without_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
