/* SPDX-License-Identifier: MIT */
/* The few questions that every text reader asks of characters: pure, ASCII alone, no
 * locale; nothing is owned. */
#ifndef FORMATS_ASCII_H
#define FORMATS_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline bool ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* The value of a hexadecimal digit, or -1. */
static inline int ascii_hex(char c)
{
    if (ascii_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The same of the digits that we write, which have small letters alone. */
static inline int ascii_own_hex(char c)
{
    return c >= 'A' && c <= 'F' ? -1 : ascii_hex(c);
}

/* The first place from i on, below n, that holds no blank. */
static inline size_t skip_blanks(const char *p, size_t n, size_t i)
{
    while (i < n && p[i] == ' ')
        i++;
    return i;
}

/* True when `word` stands at p[i], whole. */
static inline bool stands_at(const char *p, size_t n, size_t i, const char *word)
{
    size_t len = strlen(word);
    return i <= n && n - i >= len && memcmp(p + i, word, len) == 0;
}

/* True when the n characters are `word`, no more and no less. */
static inline bool text_is(const char *p, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(p, word, n) == 0;
}

/* True when `word` stands somewhere among them. */
static inline bool text_holds(const char *p, size_t n, const char *word)
{
    const size_t len = strlen(word);
    for (size_t i = 0; i + len <= n; i++) {
        const char *at = memchr(p + i, word[0], n - len - i + 1);
        if (at == NULL)
            return false;
        i = (size_t)(at - p);
        if (memcmp(at, word, len) == 0)
            return true;
    }
    return false;
}

/* Whether both begin with the same n characters, letters whatever their case. */
static inline bool ascii_same(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

/* True when `word` stands at p[i], whole, in letters of any case. */
static inline bool stands_in_any_case(const char *p, size_t n, size_t i, const char *word)
{
    const size_t len = strlen(word);
    return i <= n && n - i >= len && ascii_same(p + i, word, len);
}

#endif
