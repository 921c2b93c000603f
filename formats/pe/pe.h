/* SPDX-License-Identifier: MIT */
/* What a Windows driver or program (a PE file) says of itself, and where four bytes occur
 * in it; pe_open gives the caller a struct pe_file that pe_close frees.
 *
 * Nothing in the file is believed: every offset is held against the file's size, every
 * table has a bound, nothing recurses.  What cannot be read is left out and said. */
#ifndef FORMATS_PE_H
#define FORMATS_PE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/spool.h"
#include "formats/tag.h"

/* ---- the file ---- */

struct pe_file;

enum pe_machine { PE_OTHER, PE_X86, PE_X64, PE_ARM64 };

/* True when these first bytes may begin a PE file. */
bool pe_magic(const uint8_t *p, size_t n);
/* Takes a file that begins as one; `bytes` is borrowed until pe_close.  Damage is no
 * error: pe_damage tells it. */
int pe_open(struct pe_file **f, const struct spool *bytes, struct err *e) ERR_WARN_UNUSED;
void pe_close(struct pe_file *f); /* NULL is fine */

enum pe_machine pe_machine(const struct pe_file *f);
const char *pe_machine_name(enum pe_machine m); /* "x64" ...; "other" */
/* What is wrong with its head, in words ("it ends inside section .text"), or NULL. */
const char *pe_damage(const struct pe_file *f);
/* True when sections could be read, so that places are known. */
bool pe_has_sections(const struct pe_file *f);

/* ---- what it imports ---- */

#define PE_NAME_MAX   64 /* bytes of an imported name, with its NUL */
#define PE_ALLOCATORS 12

struct pe_imports {
    bool read;    /* false: the tables are damaged */
    size_t total; /* functions of all kinds */
    /* Functions that take memory from a pool under a tag, each once. */
    char allocators[PE_ALLOCATORS][PE_NAME_MAX];
    size_t n_allocators;
    bool framework; /* the driver framework, which allocates for its drivers */
    bool resolves;  /* looks functions up by name while it runs */
    bool provides;  /* exports the allocators: the kernel itself */
};

const struct pe_imports *pe_imports(const struct pe_file *f);

/* ---- who made it ---- */

#define PE_TEXT_MAX 192 /* bytes of UTF-8, with the NUL */

struct pe_version {
    char company[PE_TEXT_MAX];
    char product[PE_TEXT_MAX];
    char description[PE_TEXT_MAX];
    char version[PE_TEXT_MAX];  /* as written, else the four numbers */
    char original[PE_TEXT_MAX]; /* the name it had when it was built */
};

/* 1 and *v from the version resource, empty strings where it is silent; 0 when there is
 * none that can be read. */
int pe_version(const struct pe_file *f, struct pe_version *v,
               struct err *e) ERR_WARN_UNUSED;

/* ---- where four bytes occur ---- */

enum pe_place { PE_CODE, PE_DATA, PE_RESOURCES, PE_HEADERS, PE_OVERLAY, PE_PLACES };

#define PE_SECTION_MAX 9 /* bytes of a section's name, with the NUL */
#define PE_TOLD        8 /* sections told of */

struct pe_hits {
    uint64_t at[PE_PLACES];   /* how often, by place */
    uint64_t text[PE_PLACES]; /* of these: inside longer text */
    uint64_t immediate;       /* of those in code: as the number of an instruction that
                                 loads, stores or pushes it */
    uint64_t before_call;     /* of these: shortly before a call of an allocator */
    size_t n_sections;
    struct pe_section_hits {
        char name[PE_SECTION_MAX];
        enum pe_place place;
        uint64_t count;
    } sections[PE_TOLD]; /* that hold any, in the file's order */
};

/* Counts each needle, all in one pass over the whole file; hits[i] is for needles[i]. */
int pe_scan(const struct pe_file *f, const struct pool_tag *needles, size_t n,
            struct pe_hits *hits, struct err *e) ERR_WARN_UNUSED;

#endif
