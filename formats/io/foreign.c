/* SPDX-License-Identifier: MIT */
/* Told by the first bytes: by marks at fixed places, or, where a format has none, by the
 * structure of its head.  Marks from the formats' own specifications. */
#include "formats/io/foreign.h"

#include <string.h>

#include "formats/bytes.h"
#include "formats/io/crashdump.h"

#define SEND           "send text: poolmon -n FILE"
#define ADVICE_PICTURE "a picture cannot be read; " SEND
#define ADVICE_OFFICE                                                                    \
    "copy the pool figures out of it into a plain text file, or send what poolmon -n "   \
    "FILE wrote"
#define ADVICE_ARCHIVE "unpack it and name the files or the folder"
#define ADVICE_DUMP                                                                      \
    "pool tags cannot be read from it without symbols; run !poolused 2 and !poolused 4 " \
    "in WinDbg and save that text"
#define ADVICE_SMALL_DUMP                                                                \
    "it is too small to hold the pool tags; from the running system " SEND "; or have "  \
    "a kernel dump written and run !poolused 2 and !poolused 4 in WinDbg"
#define ADVICE_PROCESS "it holds nothing of the system's pools; " SEND
#define ADVICE_TRACE   "poolsift does not read traces; " SEND
#define ADVICE_COUNTERS                                                                  \
    "run: relog FILE -f CSV -o OUT.csv; for pool tags, which it has not, " SEND
#define ADVICE_EVENTS                                                                    \
    "save events 2019 and 2020 as text from the event viewer; for pool tags " SEND
#define ADVICE_OTHER SEND

struct mark {
    uint16_t at;
    uint8_t n;
    const char *bytes;
};

/* Both marks must be there; the first that fits names it. */
static const struct {
    struct mark a, b;
    const char *name, *advice;
} table[] = {
#define AT(at, bytes)                                                                    \
    {                                                                                    \
        (at), sizeof(bytes) - 1, (bytes)                                                 \
    }
#define ALONE                                                                            \
    {                                                                                    \
        0, 0, ""                                                                         \
    }
    {AT(0, "\x89PNG\r\n\x1a\n"), ALONE, "a PNG picture", ADVICE_PICTURE},
    {AT(0, "\xff\xd8\xff"), ALONE, "a JPEG picture", ADVICE_PICTURE},
    {AT(0, "GIF87a"), ALONE, "a GIF picture", ADVICE_PICTURE},
    {AT(0, "GIF89a"), ALONE, "a GIF picture", ADVICE_PICTURE},
    {AT(0, "II*\0"), ALONE, "a TIFF picture", ADVICE_PICTURE},
    {AT(0, "MM\0*"), ALONE, "a TIFF picture", ADVICE_PICTURE},
    {AT(0, "8BPS\0\1"), ALONE, "a Photoshop picture", ADVICE_PICTURE},
    {AT(0, "\0\0\0\x0cjP  "), ALONE, "a JPEG 2000 picture", ADVICE_PICTURE},
    {AT(0, "\xd7\xcd\xc6\x9a"), ALONE, "a WMF picture", ADVICE_PICTURE},
    {AT(0, "\1\0\0\0"), AT(40, " EMF"), "an EMF picture", ADVICE_PICTURE},
    {AT(0, "RIFF"), AT(8, "WEBPVP8"), "a WebP picture", ADVICE_PICTURE},
    {AT(0, "RIFF"), AT(8, "AVI LIST"), "a video", ADVICE_PICTURE},
    {AT(0, "\x1a\x45\xdf\xa3"), ALONE, "a video", ADVICE_PICTURE},
    {AT(4, "ftyp"), AT(8, "hei"), "a HEIC picture", ADVICE_PICTURE},
    {AT(4, "ftyp"), AT(8, "mif1"), "a HEIC picture", ADVICE_PICTURE},
    {AT(4, "ftyp"), AT(8, "avif"), "an AVIF picture", ADVICE_PICTURE},
    {AT(4, "ftyp"), ALONE, "a video", ADVICE_PICTURE},
    {AT(0, "%PDF-"), ALONE, "a PDF document", ADVICE_OFFICE},
    {AT(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ALONE,
     "an old Office file or a saved Outlook message", ADVICE_OFFICE},
    {AT(0, "{\\rtf"), ALONE, "a rich text document", ADVICE_OFFICE},
    {AT(0, "!BDN"), ALONE, "an Outlook mail store", ADVICE_OFFICE},
    {AT(0, "\xe4\x52\x5c\x7b"), ALONE, "a OneNote notebook", ADVICE_OFFICE},
    {AT(0, "PK\3\4"), AT(30, "[Content_Types].xml"), "an Office document", ADVICE_OFFICE},
    {AT(0, "PK\3\4"), AT(30, "_rels/.rels"), "an Office document", ADVICE_OFFICE},
    {AT(0, "PK\3\4"), AT(30, "docProps/"), "an Office document", ADVICE_OFFICE},
    {AT(0, "PK\3\4"), AT(30, "mimetypeapplication/vnd.oasis"), "an OpenDocument file",
     ADVICE_OFFICE},
    {AT(0, "PK\3\4"), ALONE, "a zip archive", ADVICE_ARCHIVE},
    {AT(0, "PK\5\6"), ALONE, "an empty zip archive", ADVICE_ARCHIVE},
    {AT(0, "PK\7\x8"), ALONE, "a part of a split zip archive", ADVICE_ARCHIVE},
    {AT(0, "7z\xbc\xaf\x27\x1c"), ALONE, "a 7-Zip archive", ADVICE_ARCHIVE},
    {AT(0, "Rar!\x1a\7"), ALONE, "a RAR archive", ADVICE_ARCHIVE},
    {AT(0, "MSCF\0\0\0\0"), ALONE, "a cabinet archive", ADVICE_ARCHIVE},
    {AT(0, "MSWIM\0\0\0"), ALONE, "a Windows image archive", ADVICE_ARCHIVE},
    {AT(0, "SZDD\x88\xf0\x27\x33"), ALONE, "data of the program compress",
     ADVICE_ARCHIVE},
    {AT(2, "-lh"), AT(6, "-"), "an LHA archive", ADVICE_ARCHIVE},
    {AT(257, "ustar"), ALONE, "a tar archive", ADVICE_ARCHIVE},
    {AT(0, "\xfd\x37zXZ\0"), ALONE, "xz data", ADVICE_ARCHIVE},
    {AT(0, "\x5d\0\0\x80\0\xff\xff\xff\xff"), ALONE, "lzma data", ADVICE_ARCHIVE},
    {AT(0, "BZh"), AT(4, "1AY&SY"), "bzip2 data", ADVICE_ARCHIVE},
    {AT(0, "\x28\xb5\x2f\xfd"), ALONE, "Zstandard data", ADVICE_ARCHIVE},
    {AT(0, "\x04\x22\x4d\x18"), ALONE, "LZ4 data", ADVICE_ARCHIVE},
    {AT(0, "LZIP\1"), ALONE, "lzip data", ADVICE_ARCHIVE},
    {AT(0, "\x1f\x9d\x90"), ALONE, "data of the program compress", ADVICE_ARCHIVE},
    {AT(0, "\x1f\x8b\x8"), ALONE, "gzip data inside gzip data inside gzip data",
     ADVICE_ARCHIVE},
    {AT(0, "MDMP\x93\xa7"), ALONE, "a minidump of one process", ADVICE_PROCESS},
    {AT(0, "HIBR"), ALONE, "a hibernation file", ADVICE_DUMP},
    {AT(0, "hibr"), ALONE, "a hibernation file", ADVICE_DUMP},
    {AT(0, "EMiL"), ALONE, "an image of memory", ADVICE_DUMP},
    {AT(0, "vhdxfile"), ALONE, "a disk image", ADVICE_OTHER},
    {AT(0, "KDMV"), ALONE, "a disk image", ADVICE_OTHER},
    {AT(0, "conectix"), ALONE, "a disk image", ADVICE_OTHER},
    {AT(0, "ElfFile\0"), ALONE, "a Windows event log", ADVICE_EVENTS},
    {AT(0, "\x30\0\0\0LfLe"), ALONE, "an old Windows event log", ADVICE_EVENTS},
    {AT(0, "PML_"), ALONE, "a Process Monitor log", ADVICE_TRACE},
    {AT(0, "regf"), ALONE, "a registry hive", ADVICE_PROCESS},
    {AT(0, "L\0\0\0\1\x14\2\0"), ALONE, "a Windows shortcut",
     "send the file that it points to"},
    {AT(0, "ITSF"), ALONE, "a Windows help file", ADVICE_OTHER},
    {AT(0, "\x7f\x45LF"), ALONE, "a Linux program", ADVICE_OTHER},
    {AT(0, "\xca\xfe\xba\xbe"), ALONE, "a program", ADVICE_OTHER},
    {AT(0, "SQLite format 3\0"), ALONE, "an SQLite data base", ADVICE_OTHER},
#undef AT
#undef ALONE
};

/* ---- told by structure ---- */

static bool is_bitmap(const uint8_t *p, size_t n)
{
    return n >= 18 && memcmp(p, "BM", 2) == 0 && le32(p + 6) == 0 && le32(p + 14) >= 12 &&
           le32(p + 14) <= 124;
}

/* The two letters are also the low half of a number; the bytes used in the last page are
 * hardly ever none, or else the second header has its own. */
static bool is_program(const uint8_t *p, size_t n)
{
    if (n < 64 || memcmp(p, "MZ", 2) != 0 || memchr(p, 0, 64) == NULL)
        return false;
    size_t second = le32(p + 0x3c);
    return le16(p + 2) != 0 ||
           (second <= n && n - second >= 4 && memcmp(p + second, "PE\0\0", 4) == 0);
}

static bool holds(const uint8_t *p, size_t n, const char *text, size_t bytes)
{
    for (size_t i = 0; i + bytes <= n; i++)
        if (p[i] == (uint8_t)text[0] && memcmp(p + i, text, bytes) == 0)
            return true;
    return false;
}

/* Event tracing writes buffers of whole KiB: size, bytes used, ... ; the first event
 * stands behind 48 hexadecimal bytes and describes the log itself, with its name. */
static bool is_buffer(const uint8_t *p, size_t n)
{
    return n >= 1024 && le32(p) % 1024 == 0 && le32(p) > 0 &&
           le32(p) <= UINT32_C(16) << 20;
}

static bool describes_log(const uint8_t *p)
{
    enum { KIND = 0x4a, MARK = 0x4b };
    return le32(p + 4) <= le32(p) && (p[KIND] == 1 || p[KIND] == 2) && p[MARK] == 0xc0;
}

/* Performance counters are logged through event tracing, too. */
static bool is_counter_log(const uint8_t *p, size_t n)
{
    return is_buffer(p, n) && holds(p + 4, n - 4, ".\0b\0l\0g", 8);
}

static bool is_trace(const uint8_t *p, size_t n)
{
    return is_buffer(p, n) && (holds(p + 4, n - 4, ".\0e\0t\0l", 8) || describes_log(p));
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
    {is_counter_log, "a log of performance counters (.blg)", ADVICE_COUNTERS},
    {is_trace, "an event trace", ADVICE_TRACE},
    {is_mfc_archive, "a table in the binary form of the first PoolMonX",
     "save it with a newer PoolMonX, or " ADVICE_OTHER},
};

/* ---- asking ---- */

static bool mark_there(const struct mark *m, const uint8_t *p, size_t n)
{
    return n >= (size_t)m->at + m->n && memcmp(p + m->at, m->bytes, m->n) == 0;
}

static bool printable(const struct mark *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->bytes[i] < 0x20 || m->bytes[i] > 0x7e)
            return false;
    return true;
}

/* Four letters may well begin a text, a tag for instance, and more may stand inside one;
 * then binary must follow. */
static bool has_marks(size_t i, const uint8_t *p, size_t n)
{
    const struct mark *a = &table[i].a, *b = &table[i].b;
    if (!mark_there(a, p, n) || !mark_there(b, p, n))
        return false;
    if (!printable(a) || !printable(b) || (a->at == 0 && a->n + b->n > 4))
        return true;
    return memchr(p, 0, n < 512 ? n : 512) != NULL;
}

static bool is_crash_dump(const uint8_t *p, size_t n, struct foreign *f)
{
    if (!crashdump_magic(p, n))
        return false;
    f->name =
        crashdump_is_64(p) ? "a 64-bit kernel crash dump" : "a 32-bit kernel crash dump";
    f->advice = crashdump_is_small(p, n) ? ADVICE_SMALL_DUMP : ADVICE_DUMP;
    crashdump_facts(p, n, f->facts, sizeof f->facts);
    return true;
}

bool foreign_bytes(const uint8_t *p, size_t n, struct foreign *f)
{
    *f = (struct foreign){.name = ""};
    if (is_crash_dump(p, n, f))
        return true;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!has_marks(i, p, n))
            continue;
        f->name = table[i].name;
        f->advice = table[i].advice;
        return true;
    }
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (!tests[i].is(p, n))
            continue;
        f->name = tests[i].name;
        f->advice = tests[i].advice;
        return true;
    }
    return false;
}

/* ---- documents that are zips ---- */

static bool zip_holds(const struct zip *z, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < zip_count(z); i++)
        if (strncmp(zip_entry_at(z, i).name, name, n) == 0)
            return true;
    return false;
}

bool foreign_zip(const struct zip *z, struct foreign *f)
{
    static const struct {
        const char *part, *other, *name;
    } kinds[] = {
        {"[Content_Types].xml", "word/", "a Word document"},
        {"[Content_Types].xml", "xl/", "an Excel workbook"},
        {"[Content_Types].xml", "ppt/", "a PowerPoint presentation"},
        {"[Content_Types].xml", "visio/", "a Visio drawing"},
        {"mimetype", "META-INF/manifest.xml", "an OpenDocument file"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!zip_holds(z, kinds[i].part) || !zip_holds(z, kinds[i].other))
            continue;
        *f = (struct foreign){.name = kinds[i].name, .advice = ADVICE_OFFICE};
        return true;
    }
    return false;
}

int foreign_refuse(const struct foreign *f, struct err *e)
{
    err_hint(e, "%s", f->advice);
    return err_set(e, ERR_UNSUPPORTED, "expected a pool capture, found %s%s%s", f->name,
                   f->facts[0] != '\0' ? ": " : "", f->facts);
}
