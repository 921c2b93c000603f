/* SPDX-License-Identifier: MIT */
/* The version resource:
 *
 *   resource directory: type 16 -> any name -> any language -> data (address, size)
 *   data: VS_VERSION_INFO { fixed numbers; StringFileInfo { language { key = value }}}
 *
 * Each block is length (2), value's length (2), kind (2), key in UTF-16 with its NUL,
 * value, blocks inside, each begun at a multiple of four. */
#include "formats/pe/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_VERSION  16
#define ENTRIES_MOST  4096
#define RESOURCE_MOST 65536
#define SUBDIRECTORY  0x80000000u
#define FIXED_MARK    0xfeef04bdu
#define KEY_MAX       32

/* The offset that entry `id` of the directory at `at` holds, or of its first one when id
 * is negative; both relative to the resources. */
static bool find_entry(const struct pe_file *f, uint32_t at, int id, uint32_t *out)
{
    uint32_t root = f->directory[PE_DIR_RESOURCE].rva;
    uint8_t head[16], entry[8];
    if (at > UINT32_MAX - root || !pe_at(f, root + at, head, sizeof head))
        return false;
    uint32_t count = (uint32_t)le16(head + 12) + le16(head + 14);
    for (uint32_t i = 0; i < count && i < ENTRIES_MOST; i++) {
        uint64_t rva = (uint64_t)root + at + sizeof head + 8 * i;
        if (rva > UINT32_MAX || !pe_at(f, (uint32_t)rva, entry, sizeof entry))
            return false;
        if (id >= 0 && le32(entry) != (uint32_t)id)
            continue;
        *out = le32(entry + 4);
        return true;
    }
    return false;
}

/* The bytes of the version resource; freed by the caller.  0 when there is none. */
static int read_resource(const struct pe_file *f, uint8_t **out, size_t *n, struct err *e)
{
    uint32_t root = f->directory[PE_DIR_RESOURCE].rva, at = 0;
    uint8_t leaf[8];
    if (root == 0 || !find_entry(f, 0, TYPE_VERSION, &at))
        return 0;
    for (int level = 0; level < 2; level++)
        if (!(at & SUBDIRECTORY) || !find_entry(f, at & ~SUBDIRECTORY, -1, &at))
            return 0;
    if ((at & SUBDIRECTORY) || at > UINT32_MAX - root || !pe_at(f, root + at, leaf, 8))
        return 0;
    size_t size = le32(leaf + 4) < RESOURCE_MOST ? le32(leaf + 4) : RESOURCE_MOST;
    uint8_t *p = malloc(size + 1);
    if (p == NULL)
        return err_nomem(e);
    *n = pe_some(f, le32(leaf), p, size);
    *out = p;
    return 1;
}

/* ---- blocks ---- */

struct block {
    const uint8_t *p; /* its first byte */
    size_t n;         /* its length, held inside what surrounds it */
    char key[KEY_MAX];
    size_t value, value_end; /* offsets of the value ... */
    size_t inside;           /* ... and of the first block inside */
};

static size_t align4(size_t v)
{
    return (v + 3) & ~(size_t)3;
}

/* The block at p[*at], before p[end]; steps *at behind it.  Offsets are aligned as seen
 * from p, the start of the resource. */
static bool next_block(const uint8_t *p, size_t *at, size_t end, struct block *b)
{
    size_t i = align4(*at);
    if (i > end || end - i < 8 || le16(p + i) < 8)
        return false;
    size_t n = le16(p + i);
    if (n > end - i)
        n = end - i;
    bool text = le16(p + i + 4) == 1;
    size_t value_bytes = (size_t)le16(p + i + 2) * (text ? 2 : 1);
    size_t k = i + 6, chars = 0;
    while (k + 2 <= i + n && le16(p + k) != 0) {
        if (chars + 1 < KEY_MAX)
            b->key[chars++] = le16(p + k) < 0x80 ? (char)p[k] : '?';
        k += 2;
    }
    b->key[chars] = '\0';
    size_t value = align4(k + 2);
    b->p = p;
    b->n = i + n;
    b->value = value < b->n ? value : b->n;
    b->value_end = value_bytes < b->n - b->value ? b->value + value_bytes : b->n;
    b->inside = align4(b->value_end);
    *at = i + n;
    return true;
}

/* Writes a code point as UTF-8 and returns its bytes. */
static size_t put_utf8(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(uint8_t)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(uint8_t)(lead[n] | c);
    return n;
}

/* The text of a block: to its NUL or the block's end, since writers disagree on whether
 * its length counts bytes or characters.  Halves of pairs become U+FFFD. */
static void take_text(const struct block *b, char out[PE_TEXT_MAX])
{
    size_t n = 0;
    for (size_t i = b->value; i + 2 <= b->n;) {
        uint32_t c = le16(b->p + i);
        i += 2;
        if (c == 0)
            break;
        if ((c & 0xfc00) == 0xd800 && i + 2 <= b->n &&
            (le16(b->p + i) & 0xfc00) == 0xdc00) {
            c = 0x10000 + ((c & 0x3ff) << 10) + (le16(b->p + i) & 0x3ffu);
            i += 2;
        } else if ((c & 0xf800) == 0xd800) {
            c = 0xfffd;
        }
        char bytes[4];
        size_t more = put_utf8(c, bytes);
        if (n + more >= PE_TEXT_MAX)
            break;
        memcpy(out + n, bytes, more);
        n += more;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
}

/* The first language that fills a field wins. */
static void take_string(const struct block *b, struct pe_version *v)
{
    const struct {
        const char *key;
        char *to;
    } fields[] = {
        {"CompanyName", v->company},         {"ProductName", v->product},
        {"FileDescription", v->description}, {"FileVersion", v->version},
        {"OriginalFilename", v->original},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(b->key, fields[i].key) == 0 && fields[i].to[0] == '\0')
            take_text(b, fields[i].to);
}

static void take_strings(const struct block *info, struct pe_version *v)
{
    struct block table, string;
    for (size_t i = info->inside; next_block(info->p, &i, info->n, &table);)
        for (size_t k = table.inside; next_block(table.p, &k, table.n, &string);)
            take_string(&string, v);
}

int pe_version(const struct pe_file *f, struct pe_version *v, struct err *e)
{
    uint8_t *p = NULL;
    size_t n = 0, at = 0;
    struct block root, child;
    memset(v, 0, sizeof *v);
    int r = read_resource(f, &p, &n, e);
    if (r >= 0)
        r = pe_fault(f, e);
    if (p == NULL || r < 0) {
        free(p);
        return r;
    }
    r = next_block(p, &at, n, &root) && strcmp(root.key, "VS_VERSION_INFO") == 0;
    if (r == 1) {
        for (size_t i = root.inside; next_block(p, &i, root.n, &child);)
            if (strcmp(child.key, "StringFileInfo") == 0)
                take_strings(&child, v);
        const uint8_t *fixed = p + root.value;
        if (v->version[0] == '\0' && root.value_end - root.value >= 16 &&
            le32(fixed) == FIXED_MARK)
            (void)snprintf(v->version, sizeof v->version, "%u.%u.%u.%u", le16(fixed + 10),
                           le16(fixed + 8), le16(fixed + 14), le16(fixed + 12));
    }
    free(p);
    return r;
}
