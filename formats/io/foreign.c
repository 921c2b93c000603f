/* SPDX-License-Identifier: MIT */
/* What people send by mistake, told by its first bytes, and what to send instead. */
#include <string.h>

#include "formats/io/input.h"

#define ADVICE_PICTURE "a picture cannot be read; send text: poolmon -n FILE"
#define ADVICE_OFFICE                                                                    \
    "copy the pool figures out of it into a plain text file, or send what poolmon -n "   \
    "FILE wrote"
#define ADVICE_ARCHIVE "unpack it and name the files or the folder"
#define ADVICE_DUMP                                                                      \
    "pool tags cannot be read from it without symbols; run !poolused 2 and !poolused 4 " \
    "in WinDbg and save that text"
#define ADVICE_TRACE "poolsift does not read traces; send text: poolmon -n FILE"
#define ADVICE_OTHER "send text: poolmon -n FILE"

static const struct {
    uint16_t at;
    uint8_t n;
    const char *bytes;
    const char *name, *advice;
} table[] = {
#define AT(at, bytes) (at), sizeof(bytes) - 1, (bytes)
    {AT(0, "\x89PNG\r\n\x1a\n"), "a PNG picture", ADVICE_PICTURE},
    {AT(0, "\xff\xd8\xff"), "a JPEG picture", ADVICE_PICTURE},
    {AT(0, "GIF87a"), "a GIF picture", ADVICE_PICTURE},
    {AT(0, "GIF89a"), "a GIF picture", ADVICE_PICTURE},
    {AT(0, "II*\0"), "a TIFF picture", ADVICE_PICTURE},
    {AT(0, "MM\0*"), "a TIFF picture", ADVICE_PICTURE},
    {AT(8, "WEBPVP8"), "a WebP picture", ADVICE_PICTURE},
    {AT(4, "ftypheic"), "a HEIC picture", ADVICE_PICTURE},
    {AT(4, "ftypavif"), "an AVIF picture", ADVICE_PICTURE},
    {AT(4, "ftyp"), "a video", ADVICE_PICTURE},
    {AT(0, "%PDF-"), "a PDF document", ADVICE_OFFICE},
    {AT(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
     "an old Office file or a saved Outlook message", ADVICE_OFFICE},
    {AT(0, "{\\rtf"), "a rich text document", ADVICE_OFFICE},
    {AT(0, "!BDN"), "an Outlook mail store", ADVICE_OFFICE},
    {AT(30, "[Content_Types].xml"), "an Office document", ADVICE_OFFICE},
    {AT(30, "mimetypeapplication/vnd.oasis"), "an OpenDocument file", ADVICE_OFFICE},
    {AT(0, "PK\3\4"), "a zip archive", ADVICE_ARCHIVE},
    {AT(0, "PK\5\6"), "an empty zip archive", ADVICE_ARCHIVE},
    {AT(0, "PK\7\x8"), "a part of a split zip archive", ADVICE_ARCHIVE},
    {AT(0, "7z\xbc\xaf\x27\x1c"), "a 7-Zip archive", ADVICE_ARCHIVE},
    {AT(0, "Rar!\x1a\7"), "a RAR archive", ADVICE_ARCHIVE},
    {AT(0, "MSCF\0\0\0\0"), "a cabinet archive", ADVICE_ARCHIVE},
    {AT(0, "MSWIM\0\0\0"), "a Windows image archive", ADVICE_ARCHIVE},
    {AT(257, "ustar"), "a tar archive", ADVICE_ARCHIVE},
    {AT(0, "\xfd\x37zXZ\0"), "xz data", ADVICE_ARCHIVE},
    {AT(4, "1AY&SY"), "bzip2 data", ADVICE_ARCHIVE},
    {AT(0, "\x28\xb5\x2f\xfd"), "Zstandard data", ADVICE_ARCHIVE},
    {AT(0, "\x04\x22\x4d\x18"), "LZ4 data", ADVICE_ARCHIVE},
    {AT(0, "LZIP\1"), "lzip data", ADVICE_ARCHIVE},
    {AT(0, "\x1f\x9d"), "data of the program compress", ADVICE_ARCHIVE},
    {AT(0, "\x1f\x8b\x8"), "gzip data inside gzip data inside gzip data", ADVICE_ARCHIVE},
    {AT(0, "PAGEDUMP"), "a 32-bit kernel crash dump", ADVICE_DUMP},
    {AT(0, "PAGEDU64"), "a 64-bit kernel crash dump", ADVICE_DUMP},
    {AT(0, "MDMP\x93\xa7"), "a minidump of one process",
     "it holds no pool figures of the system; " ADVICE_OTHER},
    {AT(0, "ElfFile\0"), "a Windows event log",
     "it holds no pool figures; " ADVICE_OTHER},
    {AT(0, "PML_"), "a Process Monitor log", ADVICE_TRACE},
    {AT(0, "regf"), "a registry hive", "it holds no pool figures; " ADVICE_OTHER},
    {AT(0, "\x7f\x45LF"), "a Linux program", ADVICE_OTHER},
    {AT(0, "\xca\xfe\xba\xbe"), "a program", ADVICE_OTHER},
    {AT(0, "SQLite format 3\0"), "an SQLite data base", ADVICE_OTHER},
#undef AT
};

static bool is_bitmap(const uint8_t *p, size_t n)
{
    return n >= 18 && memcmp(p, "BM", 2) == 0 && le32(p + 6) == 0 && le32(p + 14) >= 12 &&
           le32(p + 14) <= 124;
}

static bool is_program(const uint8_t *p, size_t n)
{
    return n >= 64 && memcmp(p, "MZ", 2) == 0 && memchr(p, 0, 64) != NULL;
}

/* An event trace begins with the size of its buffers and soon names its own file. */
static bool is_trace(const uint8_t *p, size_t n)
{
    static const char etl[] = ".\0e\0t\0l";
    if (n < 1024 || le32(p) % 1024 != 0 || le32(p) == 0 || le32(p) > (UINT32_C(16) << 20))
        return false;
    for (size_t i = 4; i + sizeof etl <= n; i++)
        if (p[i] == '.' && memcmp(p + i, etl, sizeof etl) == 0)
            return true;
    return false;
}

/* Strings as the class CArchive of MFC stores them, each with a mark of its own; FF FE
 * alone would be UTF-16. */
static bool is_mfc_archive(const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && i < 64 && p[i] == 1)
        i++;
    return n - i >= 4 && memcmp(p + i, "\xff\xfe\xff", 3) == 0 && p[i + 3] != 0xff;
}

static const struct {
    bool (*is)(const uint8_t *p, size_t n);
    const char *name, *advice;
} tests[] = {
    {is_bitmap, "a BMP picture", ADVICE_PICTURE},
    {is_program, "a Windows program", ADVICE_OTHER},
    {is_trace, "an event trace", ADVICE_TRACE},
    {is_mfc_archive, "a table in the binary form of the first PoolMonX",
     "save it with a newer PoolMonX, or " ADVICE_OTHER},
};

static bool is_print(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < 0x20 || p[i] > 0x7e)
            return false;
    return true;
}

/* Four letters may well begin a text, a tag for instance; then binary must follow. */
static bool has_magic(size_t i, const uint8_t *p, size_t n)
{
    size_t len = table[i].n;
    if (n < table[i].at + len || memcmp(p + table[i].at, table[i].bytes, len) != 0)
        return false;
    return len > 4 || !is_print(table[i].bytes, len) ||
           memchr(p, 0, n < 64 ? n : 64) != NULL;
}

bool foreign_bytes(const uint8_t *p, size_t n, const char **name, const char **advice)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!has_magic(i, p, n))
            continue;
        *name = table[i].name;
        *advice = table[i].advice;
        return true;
    }
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (!tests[i].is(p, n))
            continue;
        *name = tests[i].name;
        *advice = tests[i].advice;
        return true;
    }
    return false;
}
