/* SPDX-License-Identifier: MIT */
/* Four bytes among instructions: are they an operand, and is an allocator called next?
 *
 * No disassembler: the bytes just before a 32-bit number tell enough, for the chance that
 * anything else looks like this is small beside the chance of the four bytes themselves.
 * Encodings from the processors' published manuals. */
#include "formats/pe/image.h"

#define CALL_WITHIN 64 /* bytes behind the number */
#define ARM64_PAIR  8  /* instructions between two halves */

/* The bytes of a ModRM operand that stores a number (C7 /0), told by its length: opcode,
 * ModRM, then what the addressing mode asks for. */
static bool is_store(const uint8_t *p, size_t before)
{
    if (before >= 2 && p[-2] == 0xc7) { /* register, or [register] */
        uint8_t mode = p[-1] & 0xf8, rm = p[-1] & 7;
        if (mode == 0xc0 || (mode == 0 && rm != 4 && rm != 5))
            return true;
    }
    if (before >= 3 && p[-3] == 0xc7) {
        bool byte = (p[-2] & 0xf8) == 0x40 && (p[-2] & 7) != 4; /* [register + 8 bits] */
        bool index = p[-2] == 0x04 && (p[-1] & 7) != 5;         /* [base + index] */
        if (byte || index)
            return true;
    }
    if (before >= 4 && p[-4] == 0xc7 && p[-3] == 0x44) /* [base + index + 8 bits] */
        return true;
    if (before >= 6 && p[-6] == 0xc7) { /* [32 bits], [register + 32 bits] */
        bool based = (p[-5] & 0xf8) == 0x80 && (p[-5] & 7) != 4;
        if (p[-5] == 0x05 || based)
            return true;
    }
    /* [base + index + 32 bits], [index + 32 bits] */
    return before >= 7 && p[-7] == 0xc7 &&
           (p[-6] == 0x84 || (p[-6] == 0x04 && (p[-5] & 7) == 5));
}

bool code_is_immediate(const struct pe_window *w, size_t i)
{
    const uint8_t *p = w->p + i;
    if (i == 0)
        return false;
    return (p[-1] & 0xf8) == 0xb8 || p[-1] == 0x68 || is_store(p, i);
}

static bool is_slot(const struct pe_file *f, uint32_t rva)
{
    for (size_t i = 0; i < f->n_slots; i++)
        if (f->slots[i].rva == rva)
            return true;
    return false;
}

/* The slot that an indirect call or jump goes through: p points at its 32 bits, `next` is
 * the address behind them. */
static uint32_t slot_of(const struct pe_file *f, const uint8_t *p, uint32_t next)
{
    return f->machine == PE_X64 ? next + le32(p) : le32(p) - (uint32_t)f->base;
}

/* Linkers may put a jump through the slot between: FF 25. */
static bool is_jump_to_slot(const struct pe_file *f, uint32_t rva)
{
    uint8_t p[6];
    return pe_at(f, rva, p, sizeof p) && p[0] == 0xff && p[1] == 0x25 &&
           is_slot(f, slot_of(f, p + 2, rva + (uint32_t)sizeof p));
}

bool code_calls_allocator(const struct pe_file *f, const struct pe_section *s,
                          const struct pe_window *w, size_t i, unsigned *budget)
{
    if (f->n_slots == 0)
        return false;
    size_t end = i + 4 + CALL_WITHIN;
    for (size_t k = i + 4; k < end && k + 6 <= w->n; k++) {
        const uint8_t *p = w->p + k;
        uint32_t rva = s->rva + (uint32_t)(w->at + k - s->at);
        if (p[0] == 0xff && p[1] == 0x15 && is_slot(f, slot_of(f, p + 2, rva + 6)))
            return true;
        if (p[0] == 0xe8 && *budget > 0) {
            (*budget)--;
            if (is_jump_to_slot(f, rva + 5 + le32(p + 1)))
                return true;
        }
    }
    return false;
}

/* MOVZ or MOVK: which half of a register gets which 16 bits. */
struct half {
    bool keeps; /* MOVK: the other half stays */
    unsigned shift, reg;
    uint32_t value;
};

static bool half_of(uint32_t word, struct half *h)
{
    uint32_t kind = word & 0x7f800000;
    *h = (struct half){.keeps = kind == 0x72800000,
                       .shift = word >> 21 & 3,
                       .reg = word & 31,
                       .value = word >> 5 & 0xffff};
    return (kind == 0x52800000 || kind == 0x72800000) && h->shift < 2;
}

bool code_is_arm64_pair(const struct pe_window *w, size_t i, uint32_t number)
{
    struct half first, second;
    if (i + 4 > w->n || !half_of(le32(w->p + i), &first) || first.keeps ||
        first.value != (number >> 16 * first.shift & 0xffff))
        return false;
    for (size_t k = i + 4; k <= i + 4 * ARM64_PAIR && k + 4 <= w->n; k += 4)
        if (half_of(le32(w->p + k), &second) && second.reg == first.reg)
            return second.keeps && second.shift != first.shift &&
                   second.value == (number >> 16 * second.shift & 0xffff);
    return false;
}
