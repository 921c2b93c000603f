/* SPDX-License-Identifier: MIT */
/* Made-up drivers, byte by byte: headers, sections, imports, a version resource, and four
 * bytes put where a test wants them.  Who declares a struct buf frees it with buf_free.
 *
 * Nothing here comes from formats/pe: what the reader believes is written a second time,
 * from the published format. */
#ifndef TESTS_TOOLS_PE_H
#define TESTS_TOOLS_PE_H

#include <string.h>

#include "formats/bytes.h"
#include "formats/io/utf8.h"

enum made_machine { MADE_X86 = 0x14c, MADE_X64 = 0x8664, MADE_ARM64 = 0xaa64 };

enum made_put {
    PUT_CALL = 1 << 0,     /* loaded as a number, then the first import is called */
    PUT_THUNK = 1 << 1,    /* the same through a jump */
    PUT_NUMBER = 1 << 2,   /* loaded as a number, nothing is called */
    PUT_STRAY = 1 << 3,    /* among instructions, as no operand */
    PUT_STRING = 1 << 4,   /* alone in data, between NULs */
    PUT_TEXT = 1 << 5,     /* inside a word in data */
    PUT_TABLE = 1 << 6,    /* in data, in a table of nothing but tags */
    PUT_RESOURCE = 1 << 7, /* behind the version resource */
    PUT_OVERLAY = 1 << 8,  /* behind the last section */
    PUT_BACKWARDS = 1 << 9 /* PUT_CALL of the reversed tag */
};

struct made_pe {
    enum made_machine machine;
    const char *tag;            /* four bytes */
    unsigned put;               /* enum made_put */
    const char *const *imports; /* of ntoskrnl.exe, ended by NULL; or NULL */
    const char *const *exports; /* sorted, ended by NULL; or NULL */
    /* Of the version resource, in UTF-8; it is left out when company is NULL. */
    const char *company, *product, *description, *version;
    const char *language; /* "040904b0" */
};

#define MADE_ALIGN   0x200u
#define MADE_PAGE    0x1000u
#define MADE_TEXT    0x1000u /* addresses of the sections */
#define MADE_RDATA   0x2000u
#define MADE_DATA    0x4000u
#define MADE_RSRC    0x5000u
#define MADE_BASE    0x10000u
#define MADE_SECTION 4

/* ---- bytes ---- */

static inline void made_bytes(struct buf *b, const void *p, size_t n)
{
    (void)!buf_append(b, p, n, NULL);
}

static inline void made_u8(struct buf *b, unsigned v)
{
    (void)!buf_byte(b, (uint8_t)v, NULL);
}

static inline void made_u16(struct buf *b, unsigned v)
{
    made_u8(b, v & 0xff);
    made_u8(b, v >> 8 & 0xff);
}

static inline void made_u32(struct buf *b, uint32_t v)
{
    made_u16(b, v & 0xffff);
    made_u16(b, v >> 16);
}

static inline void made_fill(struct buf *b, unsigned v, size_t n)
{
    while (n-- > 0)
        made_u8(b, v);
}

static inline void made_align(struct buf *b, size_t to)
{
    made_fill(b, 0, (to - b->n % to) % to);
}

static inline void made_patch(struct buf *b, size_t at, uint32_t v)
{
    put_le32(b->p + at, v);
}

/* ---- imports and exports: .rdata ---- */

static inline size_t made_count(const char *const *names)
{
    size_t n = 0;
    while (names != NULL && names[n] != NULL)
        n++;
    return n;
}

static inline uint32_t made_word(const struct made_pe *m)
{
    return m->machine == MADE_X86 ? 4 : 8;
}

/* Address of the slot of import i: descriptors, names, slots. */
static inline uint32_t made_slot(const struct made_pe *m, uint32_t i)
{
    uint32_t n = (uint32_t)made_count(m->imports);
    return MADE_RDATA + 40 + (n + 1 + i) * made_word(m);
}

static inline void made_imports(struct buf *b, const struct made_pe *m)
{
    uint32_t n = (uint32_t)made_count(m->imports), word = made_word(m);
    made_fill(b, 0, 40 + (size_t)2 * (n + 1) * word);
    made_patch(b, 0, MADE_RDATA + 40);
    made_patch(b, 16, made_slot(m, 0));
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = MADE_RDATA + (uint32_t)b->n;
        made_patch(b, 40 + (size_t)i * word, at);
        made_patch(b, made_slot(m, i) - MADE_RDATA, at);
        made_u16(b, i);
        made_bytes(b, m->imports[i], strlen(m->imports[i]) + 1);
        made_align(b, 2);
    }
    made_patch(b, 12, MADE_RDATA + (uint32_t)b->n);
    made_bytes(b, "ntoskrnl.exe", 13);
    made_align(b, 4);
}

/* Returns the address of the directory. */
static inline uint32_t made_exports(struct buf *b, const struct made_pe *m)
{
    size_t n = made_count(m->exports), at = b->n;
    if (n == 0)
        return 0;
    made_fill(b, 0, 40 + 4 * n);
    made_patch(b, at + 24, (uint32_t)n);
    made_patch(b, at + 32, MADE_RDATA + (uint32_t)at + 40);
    for (size_t i = 0; i < n; i++) {
        made_patch(b, at + 40 + 4 * i, MADE_RDATA + (uint32_t)b->n);
        made_bytes(b, m->exports[i], strlen(m->exports[i]) + 1);
    }
    return MADE_RDATA + (uint32_t)at;
}

/* ---- code: .text ---- */

static inline uint32_t made_number(const char *tag, bool backwards)
{
    uint8_t b[4];
    for (int i = 0; i < 4; i++)
        b[i] = (uint8_t)tag[backwards ? 3 - i : i];
    return le32(b);
}

static inline void made_load(struct buf *b, const struct made_pe *m, uint32_t number)
{
    if (m->machine == MADE_X64) {
        made_bytes(b, "\x41\xb8", 2); /* mov r8d, number */
        made_u32(b, number);
        made_bytes(b, "\xba\0\1\0\0\x31\xc9", 7);
    } else if (m->machine == MADE_X86) {
        made_u8(b, 0x68); /* push number */
        made_u32(b, number);
        made_bytes(b, "\x68\0\1\0\0\x6a\0", 7);
    } else {
        made_align(b, 4);
        made_u32(b, 0x52800002 | (number & 0xffff) << 5); /* movz w2, low */
        made_u32(b, 0xd503201f);                          /* nop */
        made_u32(b, 0x72a00002 | number >> 16 << 5);      /* movk w2, high, lsl 16 */
    }
}

/* Through the slot of the first import. */
static inline void made_indirect(struct buf *b, const struct made_pe *m, unsigned kind)
{
    made_u8(b, 0xff);
    made_u8(b, kind);
    uint32_t next = MADE_TEXT + (uint32_t)b->n + 4, slot = made_slot(m, 0);
    made_u32(b, m->machine == MADE_X64 ? slot - next : MADE_BASE + slot);
}

static inline void made_code(struct buf *b, const struct made_pe *m)
{
    bool x86 = m->machine != MADE_ARM64;
    if (x86)
        made_indirect(b, m, 0x25); /* the jump, at the section's start */
    made_fill(b, 0x90, 80);
    if (m->put & PUT_NUMBER)
        made_load(b, m, made_number(m->tag, false));
    made_fill(b, 0x90, 80);
    if (m->put & (PUT_CALL | PUT_BACKWARDS)) {
        made_load(b, m, made_number(m->tag, m->put & PUT_BACKWARDS));
        if (x86)
            made_indirect(b, m, 0x15);
    }
    made_fill(b, 0x90, 80);
    if (m->put & PUT_THUNK) {
        made_load(b, m, made_number(m->tag, false));
        made_u8(b, 0xe8);
        made_u32(b, (uint32_t) - (int32_t)(b->n + 4));
    }
    made_fill(b, 0xcc, 80);
    if (m->put & PUT_STRAY)
        made_bytes(b, m->tag, 4);
    made_fill(b, 0xcc, 80);
}

/* ---- .data ---- */

static inline void made_data(struct buf *b, const struct made_pe *m)
{
    made_fill(b, 0, 16);
    if (m->put & PUT_STRING)
        made_bytes(b, m->tag, 4);
    made_fill(b, 0, 17);
    if (m->put & PUT_TEXT) {
        made_bytes(b, "Un", 2);
        made_bytes(b, m->tag, 4);
        made_bytes(b, "essable", 7);
    }
    made_fill(b, 0, 16);
    made_align(b, 4);
    if (m->put & PUT_TABLE) {
        made_bytes(b, "QqA1QqB2", 8);
        made_bytes(b, m->tag, 4);
        made_bytes(b, "QqC3", 4);
    }
    made_fill(b, 0, 16);
}

/* ---- version resource: .rsrc ---- */

static inline void made_wide(struct buf *b, const char *s)
{
    size_t n = strlen(s);
    while (n > 0) {
        uint32_t c = 0;
        size_t step = utf8_decode(s, n, &c);
        if (c >= 0x10000) {
            made_u16(b, 0xd800 + ((c - 0x10000) >> 10));
            made_u16(b, 0xdc00 + ((c - 0x10000) & 0x3ff));
        } else {
            made_u16(b, c);
        }
        s += step > 0 ? step : 1;
        n -= step > 0 ? step : 1;
    }
    made_u16(b, 0);
}

/* Begins a block; its length is patched by made_block_end. */
static inline size_t made_block(struct buf *b, unsigned value, unsigned kind,
                                const char *key)
{
    made_align(b, 4);
    size_t at = b->n;
    made_u16(b, 0);
    made_u16(b, value);
    made_u16(b, kind);
    made_wide(b, key);
    made_align(b, 4);
    return at;
}

static inline void made_block_end(struct buf *b, size_t at)
{
    size_t n = b->n - at;
    b->p[at] = (uint8_t)n;
    b->p[at + 1] = (uint8_t)(n >> 8);
}

static inline void made_string(struct buf *b, const char *key, const char *value)
{
    if (value == NULL)
        return;
    size_t at = made_block(b, (unsigned)strlen(value) + 1, 1, key);
    made_wide(b, value);
    made_block_end(b, at);
}

static inline void made_version(struct buf *b, const struct made_pe *m)
{
    size_t root = made_block(b, 52, 0, "VS_VERSION_INFO");
    made_u32(b, 0xfeef04bd);
    made_u32(b, 0x10000);
    made_u32(b, 3u << 16 | 7);
    made_u32(b, 1200u << 16 | 9);
    made_fill(b, 0, 36);
    size_t info = made_block(b, 0, 1, "StringFileInfo");
    size_t table = made_block(b, 0, 1, m->language != NULL ? m->language : "040904b0");
    made_string(b, "CompanyName", m->company);
    made_string(b, "FileDescription", m->description);
    made_string(b, "FileVersion", m->version);
    made_string(b, "ProductName", m->product);
    made_block_end(b, table);
    made_block_end(b, info);
    made_block_end(b, root);
}

static inline void made_directory(struct buf *b, uint32_t id, uint32_t to)
{
    made_fill(b, 0, 14);
    made_u16(b, 1);
    made_u32(b, id);
    made_u32(b, to);
}

static inline void made_resources(struct buf *b, const struct made_pe *m)
{
    made_directory(b, m->company != NULL ? 16 : 10, 0x80000000u | 24);
    made_directory(b, 1, 0x80000000u | 48);
    made_directory(b, 0x409, 72);
    made_u32(b, MADE_RSRC + 88);
    made_u32(b, 0);
    made_fill(b, 0, 8);
    size_t at = b->n;
    if (m->company != NULL)
        made_version(b, m);
    made_patch(b, 76, (uint32_t)(b->n - at));
    made_fill(b, 0, 8);
    if (m->put & PUT_RESOURCE)
        made_bytes(b, m->tag, 4);
    made_fill(b, 0, 8);
}

/* ---- the file ---- */

static inline void made_section(struct buf *b, const char *name, uint32_t rva,
                                const struct buf *bytes, uint32_t *at, uint32_t flags)
{
    char padded[8] = {0};
    uint32_t raw = (uint32_t)(bytes->n + MADE_ALIGN - 1) / MADE_ALIGN * MADE_ALIGN;
    memcpy(padded, name, strlen(name));
    made_bytes(b, padded, 8);
    made_u32(b, (uint32_t)bytes->n);
    made_u32(b, rva);
    made_u32(b, raw);
    made_u32(b, *at);
    made_fill(b, 0, 12);
    made_u32(b, flags);
    *at += raw;
}

static inline void made_head(struct buf *b, const struct made_pe *m, uint32_t exports)
{
    bool wide = m->machine != MADE_X86;
    made_bytes(b, "MZ\x90\0", 4);
    made_fill(b, 0, 0x3c - 4);
    made_u32(b, 0x80);
    made_fill(b, 0, 0x40);
    made_bytes(b, "PE\0\0", 4);
    made_u16(b, m->machine);
    made_u16(b, MADE_SECTION);
    made_fill(b, 0, 12);
    made_u16(b, wide ? 240 : 224);
    made_u16(b, wide ? 0x22 : 0x102);
    size_t at = b->n;
    made_fill(b, 0, wide ? 240 : 224);
    b->p[at] = 0x0b;
    b->p[at + 1] = wide ? 2 : 1;
    made_patch(b, at + 16, MADE_TEXT);
    made_patch(b, at + (wide ? 24 : 28), MADE_BASE);
    made_patch(b, at + 32, MADE_PAGE);
    made_patch(b, at + 36, MADE_ALIGN);
    made_patch(b, at + 56, MADE_RSRC + MADE_PAGE);
    made_patch(b, at + 60, 0x400);
    b->p[at + 68] = 1; /* native */
    size_t directories = at + (wide ? 112 : 96);
    made_patch(b, directories - 4, 16);
    made_patch(b, directories, exports);
    made_patch(b, directories + 4, exports != 0 ? 40 : 0);
    made_patch(b, directories + 8, m->imports != NULL ? MADE_RDATA : 0);
    made_patch(b, directories + 12, m->imports != NULL ? 40 : 0);
    made_patch(b, directories + 16, MADE_RSRC);
    made_patch(b, directories + 20, 0x100);
}

/* Appends the whole file to b. */
static inline int made_pe(struct buf *b, const struct made_pe *m)
{
    struct buf s[MADE_SECTION] = {{0}};
    uint32_t at = 0x400;
    made_code(&s[0], m);
    if (m->imports != NULL)
        made_imports(&s[1], m);
    uint32_t exports = made_exports(&s[1], m);
    made_fill(&s[1], 0, 16);
    made_data(&s[2], m);
    made_resources(&s[3], m);
    size_t start = b->n;
    made_head(b, m, exports);
    made_section(b, ".text", MADE_TEXT, &s[0], &at, 0x60000020);
    made_section(b, ".rdata", MADE_RDATA, &s[1], &at, 0x40000040);
    made_section(b, ".data", MADE_DATA, &s[2], &at, 0xc0000040);
    made_section(b, ".rsrc", MADE_RSRC, &s[3], &at, 0x40000040);
    made_fill(b, 0, 0x400 - (b->n - start));
    for (int i = 0; i < MADE_SECTION; i++) {
        made_bytes(b, s[i].p, s[i].n);
        made_fill(b, 0, (MADE_ALIGN - s[i].n % MADE_ALIGN) % MADE_ALIGN);
        buf_free(&s[i]);
    }
    if (m->put & PUT_OVERLAY) {
        made_bytes(b, "\x30\x82\x01\x00", 4);
        made_bytes(b, m->tag, 4);
        made_fill(b, 1, 8);
    }
    return b->n == at + start + (m->put & PUT_OVERLAY ? 16u : 0u) ? 0 : ERR_NOMEM;
}

#endif
