/* SPDX-License-Identifier: MIT */
/* Numbers among instructions: every addressing mode of a store, and the halves of ARM64.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/pe/image.h"

enum { ROOM = 64, FILL = 0x11 };

/* ---- x86 ---- */

/* Behind n bytes of code stand the four bytes. */
static bool is_number_behind(const uint8_t *code, size_t n)
{
    uint8_t p[ROOM];
    memcpy(p, code, n);
    memcpy(p + n, "Kd1x", 4);
    const struct pe_window w = {.p = p, .n = n + 4};
    return code_is_immediate(&w, n);
}

/* C7 with this ModRM byte (and SIB) up to its number; returns its bytes. */
static size_t store(uint8_t *code, unsigned modrm, unsigned sib)
{
    const unsigned mode = modrm >> 6, rm = modrm & 7;
    const bool has_sib = mode != 3 && rm == 4;
    size_t n = 0, displacement = 0;
    code[n++] = 0xc7;
    code[n++] = (uint8_t)modrm;
    if (has_sib)
        code[n++] = (uint8_t)sib;
    if (mode == 1)
        displacement = 1;
    else if (mode == 2 || (mode == 0 && (rm == 5 || (has_sib && (sib & 7) == 5))))
        displacement = 4;
    memset(code + n, FILL, displacement);
    return n + displacement;
}

/* C7 /0 stores; its other forms do not. */
static void every_store(void **state)
{
    (void)state;
    for (unsigned modrm = 0; modrm < 256; modrm++)
        for (unsigned sib = 0; sib < 256; sib++) {
            uint8_t code[ROOM];
            if ((sib & 0xf8) == 0xb8 || sib == 0x68 || sib == 0xc7)
                continue; /* alone they would be a number's opcode */
            const size_t n = store(code, modrm, sib);
            if (is_number_behind(code, n) != ((modrm >> 3 & 7) == 0))
                fail_msg("ModRM %02x, SIB %02x", modrm, sib);
            for (size_t cut = 1; cut <= n; cut++) /* the file begins inside it */
                if (is_number_behind(code + cut, n - cut))
                    fail_msg("ModRM %02x, SIB %02x without %zu bytes", modrm, sib, cut);
            /* What follows a number is none. */
            memset(code + n, FILL, 4);
            if (is_number_behind(code, n + 4))
                fail_msg("ModRM %02x, SIB %02x: behind its number", modrm, sib);
        }
}

static void loads_and_pushes(void **state)
{
    (void)state;
    for (unsigned op = 0; op < 256; op++) {
        const uint8_t code = (uint8_t)op;
        assert_int_equal(is_number_behind(&code, 1), (op & 0xf8) == 0xb8 || op == 0x68);
    }
    assert_false(is_number_behind((const uint8_t *)"", 0));
}

/* ---- ARM64 ---- */

#define MOVZ 0x52800000u
#define MOVK 0x72800000u
#define NOP  0xd503201fu
#define WIDE 0x80000000u

static uint32_t move(uint32_t kind, unsigned reg, unsigned shift, unsigned value)
{
    return kind | shift << 21 | value << 5 | reg;
}

static bool is_pair(const uint32_t *words, size_t n)
{
    uint8_t p[ROOM];
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 4; k++)
            p[4 * i + k] = (uint8_t)(words[i] >> 8 * k);
    const struct pe_window w = {.p = p, .n = 4 * n};
    return code_is_arm64_pair(&w, 0, 0x7831644b);
}

static void pairs_of_halves(void **state)
{
    (void)state;
    const uint32_t low = move(MOVZ, 3, 0, 0x644b), high = move(MOVK, 3, 1, 0x7831);
    const struct {
        uint32_t words[4];
        size_t n;
        bool pair;
    } t[] = {
        {{low, high}, 2, true},
        {{move(MOVZ, 3, 1, 0x7831), move(MOVK, 3, 0, 0x644b)}, 2, true},
        {{low | WIDE, high | WIDE}, 2, true},
        {{low, NOP, high}, 3, true},
        {{low, move(MOVZ, 4, 0, 0x644b), high}, 3, true}, /* another register's */
        {{low}, 1, false},
        {{high, low}, 2, false}, /* what keeps the other half begins nothing */
        {{low, move(MOVK, 4, 1, 0x7831)}, 2, false},
        {{low, move(MOVZ, 3, 1, 0x7831)}, 2, false}, /* the first half is gone */
        {{low, move(MOVK, 3, 1, 0x7832)}, 2, false},
        {{low, move(MOVK, 3, 0, 0x644b)}, 2, false}, /* the same half */
        {{low, move(MOVK, 3, 0, 1), high}, 3, false},
        {{move(MOVZ, 3, 0, 0x644c), high}, 2, false},
        {{move(MOVZ, 3, 2, 0x644b), high}, 2, false}, /* bits 32 to 47 */
        {{NOP, high}, 2, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        if (is_pair(t[i].words, t[i].n) != t[i].pair)
            fail_msg("row %zu", i);
    uint32_t far[10] = {low};
    for (size_t n = 1; n < 10; n++) {
        far[n] = high;
        assert_int_equal(is_pair(far, n + 1), n <= 8);
        far[n] = NOP;
    }
    assert_false(is_pair(far, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_store),
        cmocka_unit_test(loads_and_pushes),
        cmocka_unit_test(pairs_of_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
