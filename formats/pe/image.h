/* SPDX-License-Identifier: MIT */
/* The head of a PE file, decoded; shared inside formats/pe.  The struct pe_file owns
 * nothing but itself and borrows its bytes. */
#ifndef FORMATS_PE_IMAGE_H
#define FORMATS_PE_IMAGE_H

#include "formats/bytes.h"
#include "formats/pe/pe.h"

#define PE_SECTIONS 96 /* as many as Windows loads */

enum pe_directory {
    PE_DIR_EXPORT = 0,
    PE_DIR_IMPORT = 1,
    PE_DIR_RESOURCE = 2,
    PE_DIRECTORIES = 16
};

struct pe_section {
    char name[PE_SECTION_MAX];
    uint32_t rva, span; /* in memory */
    uint64_t at, bytes; /* in the file, cut at its end */
    bool runs;          /* holds code */
};

/* The slot of an imported allocator, through which it is called. */
struct pe_slot {
    uint32_t rva;
};

#define PE_SLOTS 32

struct pe_file {
    const struct spool *bytes;
    uint64_t size;
    enum pe_machine machine;
    bool wide;     /* PE32+ */
    uint64_t base; /* preferred address */
    uint32_t headers;
    struct {
        uint32_t rva, size;
    } directory[PE_DIRECTORIES];
    struct pe_section sections[PE_SECTIONS];
    size_t n_sections;
    char damage[96];
    struct pe_imports imports;
    struct pe_slot slots[PE_SLOTS];
    size_t n_slots;
    struct err *fault; /* the first of the system, met where only bytes were wanted */
    struct err fault_room;
};

/* Reads n bytes at an address relative to the image; false when the file does not hold
 * them all.  An error of the system counts as absent, and is kept in `fault`. */
bool pe_at(const struct pe_file *f, uint32_t rva, void *p, size_t n);
/* A C string at rva, cut to fit; false when there is none. */
bool pe_string(const struct pe_file *f, uint32_t rva, char *out, size_t room);
/* Reads up to n bytes and returns how many there are. */
size_t pe_some(const struct pe_file *f, uint32_t rva, void *p, size_t n);

/* What is kept in `fault`, or 0. */
int pe_fault(const struct pe_file *f, struct err *e);

void pe_read_imports(struct pe_file *f);

/* Cuts the file into stretches that belong to one section each. */
struct pe_stretch {
    uint64_t end; /* it begins where the one before ends */
    enum pe_place place;
    size_t section; /* or PE_SECTIONS: none */
};
#define PE_STRETCHES (2 * PE_SECTIONS + 4)
size_t pe_stretches(const struct pe_file *f, struct pe_stretch out[PE_STRETCHES]);

/* ---- instructions ---- */

/* A window of the file around a hit at p[i]: PE_BEFORE bytes before it and PE_AFTER bytes
 * behind its first are there unless the file ends. */
#define PE_BEFORE 64
#define PE_AFTER  128

struct pe_window {
    const uint8_t *p;
    size_t n;
    uint64_t at; /* offset of p[0] in the file */
};

/* True when the four bytes at w->p[i] are the number of an x86 instruction that loads,
 * stores or pushes it. */
bool code_is_immediate(const struct pe_window *w, size_t i);
/* True when a call of an allocator follows shortly.  *budget bounds what is looked up
 * elsewhere in the file. */
bool code_calls_allocator(const struct pe_file *f, const struct pe_section *s,
                          const struct pe_window *w, size_t i, unsigned *budget);
/* ARM64 builds numbers from two halves: true when such a pair begins at the aligned word
 * w->p[i]. */
bool code_is_arm64_pair(const struct pe_window *w, size_t i, uint32_t number);

#endif
