/* SPDX-License-Identifier: MIT */
/* Foreign files: every mark of the table and every structure, nothing else; what a crash
 * dump's head tells; documents that are zips. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "formats/bytes.h"
#include "formats/io/foreign.h"

/* ---- marks ---- */

static void marks_are_known(void **state)
{
    (void)state;
#define CASE(bytes, name, words)                                                         \
    {                                                                                    \
        (bytes), sizeof(bytes) - 1, (name), (words)                                      \
    }
    static const struct {
        const char *bytes;
        size_t n;
        const char *name;  /* NULL: not foreign */
        const char *words; /* in the advice */
    } cases[] = {
        CASE("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture", "poolmon -n"),
        CASE("\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture", "poolmon -n"),
        CASE("GIF87a\1\0\1\0", "a GIF picture", "poolmon -n"),
        CASE("GIF89a\1\0\1\0", "a GIF picture", "poolmon -n"),
        CASE("II*\0\x8\0\0\0", "a TIFF picture", "poolmon -n"),
        CASE("MM\0*\0\0\0\x8", "a TIFF picture", "poolmon -n"),
        CASE("8BPS\0\1\0\0", "a Photoshop picture", "poolmon -n"),
        CASE("\0\0\0\x0cjP  \r\n", "a JPEG 2000 picture", "poolmon -n"),
        CASE("\xd7\xcd\xc6\x9a\0\0", "a WMF picture", "poolmon -n"),
        CASE("\1\0\0\0\x6c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
             "\0\0"
             "\0\0 EMF",
             "an EMF picture", "poolmon -n"),
        CASE("RIFF\x10\0\0\0WEBPVP8 ", "a WebP picture", "poolmon -n"),
        CASE("RIFF\x10\0\0\0AVI LIST", "a video", "poolmon -n"),
        CASE("\x1a\x45\xdf\xa3\1\0", "a video", "poolmon -n"),
        CASE("\0\0\0\x18"
             "ftypheic\0\0\0\0",
             "a HEIC picture", "poolmon -n"),
        CASE("\0\0\0\x18"
             "ftypmif1\0\0\0\0",
             "a HEIC picture", "poolmon -n"),
        CASE("\0\0\0\x18"
             "ftypavif\0\0\0\0",
             "an AVIF picture", "poolmon -n"),
        CASE("\0\0\0\x18"
             "ftypisom\0\0\2\0",
             "a video", "poolmon -n"),
        CASE("BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "a BMP picture", "poolmon -n"),
        CASE("%PDF-1.7\n", "a PDF document", "plain text"),
        CASE("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
             "an old Office file or a saved Outlook message", "plain text"),
        CASE("{\\rtf1\\ansi", "a rich text document", "plain text"),
        CASE("!BDN\x1\0\0\0", "an Outlook mail store", "plain text"),
        CASE("\xe4\x52\x5c\x7b\x8c\xd8", "a OneNote notebook", "plain text"),
        CASE("7z\xbc\xaf\x27\x1c\0\4", "a 7-Zip archive", "unpack"),
        CASE("Rar!\x1a\7\1\0", "a RAR archive", "unpack"),
        CASE("Rar!\x1a\7\0", "a RAR archive", "unpack"),
        CASE("MSCF\0\0\0\0\x99", "a cabinet archive", "unpack"),
        CASE("MSWIM\0\0\0\xd0", "a Windows image archive", "unpack"),
        CASE("SZDD\x88\xf0\x27\x33", "data of the program compress", "unpack"),
        CASE("\x20\0-lh5-\0\0\0", "an LHA archive", "unpack"),
        CASE("\xfd\x37zXZ\0\0\4", "xz data", "unpack"),
        CASE("\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff", "lzma data", "unpack"),
        CASE("BZh91AY&SY", "bzip2 data", "unpack"),
        CASE("\x28\xb5\x2f\xfd\4", "Zstandard data", "unpack"),
        CASE("\x04\x22\x4d\x18\x64", "LZ4 data", "unpack"),
        CASE("LZIP\1\x0c", "lzip data", "unpack"),
        CASE("\x1f\x9d\x90T", "data of the program compress", "unpack"),
        CASE("PK\3\4\x14\0", "a zip archive", "unpack"),
        CASE("PK\5\6\0\0", "an empty zip archive", "unpack"),
        CASE("PK\7\x8PK\3\4", "a part of a split zip archive", "unpack"),
        CASE("PAGEDUMP\xf\0\0\0", "a 32-bit kernel crash dump", "!poolused 2"),
        CASE("PAGEDU64\xf\0\0\0", "a 64-bit kernel crash dump", "!poolused 4"),
        CASE("MDMP\x93\xa7\0\0", "a minidump of one process", "pools"),
        CASE("HIBR\0\0\0\0", "a hibernation file", "!poolused 2"),
        CASE("hibr\0\0\0\0", "a hibernation file", "!poolused 2"),
        CASE("EMiL\1\0\0\0", "an image of memory", "!poolused 2"),
        CASE("vhdxfileM\0", "a disk image", "poolmon -n"),
        CASE("KDMV\1\0\0\0", "a disk image", "poolmon -n"),
        CASE("conectix\0\0", "a disk image", "poolmon -n"),
        CASE("\x7f\x45LF\2\1\1\0", "a Linux program", "poolmon -n"),
        CASE("\xca\xfe\xba\xbe\0\0", "a program", "poolmon -n"),
        CASE("ElfFile\0\0", "a Windows event log", "2019"),
        CASE("\x30\0\0\0LfLe\1\0\0\0", "an old Windows event log", "2020"),
        CASE("PML_\x9\0\0\0", "a Process Monitor log", "traces"),
        CASE("SQLite format 3\0\x10", "an SQLite data base", "poolmon -n"),
        CASE("regf\x12\0\0\0", "a registry hive", "poolmon -n"),
        CASE("L\0\0\0\1\x14\2\0\0\0", "a Windows shortcut", "points to"),
        CASE("ITSF\3\0\0\0", "a Windows help file", "poolmon -n"),
        CASE("\1\1\1\xff\xfe\xff\3T\0a\0g\0\1",
             "a table in the binary form of the first PoolMonX", "newer PoolMonX"),
        CASE("\xff\xfe\xff\3T\0a\0g\0\1",
             "a table in the binary form of the first PoolMonX", "newer PoolMonX"),
        CASE("", NULL, NULL),
        CASE("PK", NULL, NULL),
        CASE("\xff\xfeT\0a\0g\0", NULL, NULL),
        CASE("\xff\xfe\xff\xff\xff\xff", NULL, NULL),
        CASE("regf Paged 12 3 9 144 16\n", NULL, NULL),
        CASE("BM   Paged 12 3 9 144 16\n", NULL, NULL),
        CASE("HIBR Paged 12 3 9 144 16\n", NULL, NULL),
        CASE("the ftyp of a file and then some\n", NULL, NULL),
        CASE("a -lh5- archive is no text, this is\n", NULL, NULL),
        CASE("MZ   Paged 12 3 9 144 16\nMZ   Nonp  12 3 9 144 16\nMore Paged 1 1 0 0 0\n",
             NULL, NULL),
        CASE("\x1f\x9d\0\0Leak", NULL, NULL), /* a Count of 40223 */
        CASE(" Memory: 8388148K Avail: 5", NULL, NULL),
    };
#undef CASE
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct foreign f;
        bool r = foreign_bytes((const uint8_t *)cases[i].bytes, cases[i].n, &f);
        if (r != (cases[i].name != NULL))
            fail_msg("case %zu (%s): %s", i, cases[i].name != NULL ? cases[i].name : "-",
                     r ? f.name : "not known");
        if (!r)
            continue;
        assert_string_equal(f.name, cases[i].name);
        assert_non_null(strstr(f.advice, cases[i].words));
    }
}

static void structures_are_known(void **state)
{
    (void)state;
    uint8_t p[2048] = {0};
    struct foreign f;
    memcpy(p, "MZ\x90", 3);
    assert_true(foreign_bytes(p, 64, &f));
    assert_string_equal(f.name, "a Windows program");
    memset(p, 0, sizeof p);
    memcpy(p, "MZ", 2); /* as well a Count of 23117 */
    assert_false(foreign_bytes(p, sizeof p, &f));
    put_le32(p + 0x3c, 0x80);
    memcpy(p + 0x80, "PE", 2);
    assert_true(foreign_bytes(p, sizeof p, &f));
    memset(p, 0, sizeof p);
    memcpy(p + 257, "ustar", 5);
    memcpy(p, "day1/a.txt", 10);
    assert_true(foreign_bytes(p, 512, &f));
    assert_string_equal(f.name, "a tar archive");
    memset(p, 0, sizeof p);
    memcpy(p, "PK\3\4", 4);
    memcpy(p + 30, "[Content_Types].xml", 19);
    assert_true(foreign_bytes(p, 64, &f));
    assert_string_equal(f.name, "an Office document");
    memcpy(p + 30, "docProps/app.xml\0\0", 19);
    assert_true(foreign_bytes(p, 64, &f));
    assert_string_equal(f.name, "an Office document");
    memcpy(p + 30, "mimetypeapplication/vnd.oasis", 29);
    assert_true(foreign_bytes(p, 64, &f));
    assert_string_equal(f.name, "an OpenDocument file");
}

/* Logs of event tracing: by their own name, or by the event that describes them. */
static void traces_are_known(void **state)
{
    (void)state;
    uint8_t p[2048] = {0};
    struct foreign f;
    put_le32(p, 65536);
    assert_false(foreign_bytes(p, sizeof p, &f));
    memcpy(p + 300, ".\0e\0t\0l", 8);
    assert_true(foreign_bytes(p, sizeof p, &f));
    assert_string_equal(f.name, "an event trace");
    memcpy(p + 300, ".\0b\0l\0g", 8);
    assert_true(foreign_bytes(p, sizeof p, &f));
    assert_non_null(strstr(f.name, ".blg"));
    assert_non_null(strstr(f.advice, "relog"));
    memset(p + 300, 0, 8);
    put_le32(p + 4, 1200);
    memcpy(p + 0x48, "\2\0\2\xc0", 4);
    assert_true(foreign_bytes(p, sizeof p, &f));
    assert_string_equal(f.name, "an event trace");
    put_le32(p + 4, 65537); /* more than fits */
    assert_false(foreign_bytes(p, sizeof p, &f));
}

/* ---- crash dumps ---- */

static void put_page(uint8_t *p, size_t n, const char *magic)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t) "PAGE"[i % 4];
    memcpy(p, magic, 8);
}

static void crash_dumps_tell_their_machine(void **state)
{
    (void)state;
    static const struct {
        uint32_t machine;
        const char *facts;
    } of[] = {{0x14c, "build 7601, x86"},    {0x200, "build 7601, Itanium"},
              {0x1c4, "build 7601, ARM"},    {0x8664, "build 7601, x64"},
              {0xaa64, "build 7601, ARM64"}, {0x9999, "build 7601"}};
    static uint8_t p[0x2000];
    struct foreign f;
    put_page(p, sizeof p, "PAGEDU64");
    put_le32(p + 0xc, 7601);
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        put_le32(p + 0x30, of[i].machine);
        assert_true(foreign_bytes(p, sizeof p, &f));
        assert_string_equal(f.facts, of[i].facts);
    }
}

static void crash_dumps_tell_facts(void **state)
{
    (void)state;
    static uint8_t p[0x2000];
    struct foreign f;
    struct err e = {0};
    put_page(p, sizeof p, "PAGEDU64");
    assert_true(foreign_bytes(p, sizeof p, &f));
    assert_string_equal(f.facts, "");
    put_le32(p + 0xc, 19041);
    put_le32(p + 0x30, 0x8664);
    put_le32(p + 0x34, 16);
    put_le32(p + 0x38, 0xd1);
    put_le32(p + 0xf98, 6);
    put_le64(p + 0xfa8, UINT64_C(132592539070000000));
    put_le64(p + 0x1030, UINT64_C(10000000) * (3 * 86400 + 4 * 3600 + 59));
    assert_true(foreign_bytes(p, sizeof p, &f));
    assert_string_equal(f.name, "a 64-bit kernel crash dump");
    assert_string_equal(f.facts, "build 19041, x64, 16 processors, taken "
                                 "2021-03-03T14:05:07Z, up for 3 days 4 h, stop code D1, "
                                 "kernel dump");
    assert_non_null(strstr(f.advice, "!poolused 2 and !poolused 4"));
    assert_int_equal(foreign_refuse(&f, &e), ERR_UNSUPPORTED);
    assert_non_null(strstr(e.text, "crash dump: build 19041, x64"));
    assert_true(foreign_bytes(p, 0x1000, &f)); /* cut before the uptime */
    assert_null(strstr(f.facts, "up for"));
    put_le32(p + 0xf98, 4);
    assert_true(foreign_bytes(p, sizeof p, &f));
    assert_non_null(strstr(f.advice, "too small"));

    put_page(p, sizeof p, "PAGEDUMP");
    put_le32(p + 0xc, 3790);
    put_le32(p + 0x20, 0x14c);
    put_le32(p + 0x24, 1);
    put_le32(p + 0xf88, 1);
    put_le64(p + 0xfc0, UINT64_C(127000000000000000));
    put_le64(p + 0xfb8, UINT64_C(10000000) * (5 * 3600 + 12 * 60));
    assert_true(foreign_bytes(p, 0x1000, &f));
    assert_string_equal(f.name, "a 32-bit kernel crash dump");
    assert_string_equal(f.facts, "build 3790, x86, 1 processor, taken "
                                 "2003-06-13T17:46:40Z, up for 5 h 12 min, full dump");
}

/* Whatever stands there: no figure beyond belief, nothing read behind the end. */
static void crash_dumps_of_nonsense(void **state)
{
    (void)state;
    uint8_t *p = malloc(0x2000);
    assert_non_null(p);
    memset(p, 0xff, 0x2000);
    for (size_t n = 8; n <= 0x2000; n = n < 64 ? n + 1 : n * 2) {
        uint8_t *q = malloc(n);
        struct foreign f;
        assert_non_null(q);
        memcpy(q, p, n);
        memcpy(q, "PAGEDU64", 8);
        assert_true(foreign_bytes(q, n, &f));
        assert_null(strstr(f.facts, "processor"));
        assert_null(strstr(f.facts, "taken"));
        assert_null(strstr(f.facts, "up for"));
        free(q);
    }
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_known),
        cmocka_unit_test(structures_are_known),
        cmocka_unit_test(traces_are_known),
        cmocka_unit_test(crash_dumps_tell_facts),
        cmocka_unit_test(crash_dumps_tell_their_machine),
        cmocka_unit_test(crash_dumps_of_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
