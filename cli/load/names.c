/* SPDX-License-Identifier: MIT */
#include "cli/load/names.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/ascii.h"
#include "formats/bytes.h"
#include "formats/io/utf8.h"

#define NAME_MOST 200 /* bytes of a name, room for a number behind it */

/* Some systems hold names for the same that differ in case only. */
static uint64_t hash_of(const char *name)
{
    uint64_t h = LOOKUP_SEED;
    for (; *name != '\0'; name++) {
        const char c = ascii_lower(*name);
        h = lookup_bytes(h, &c, 1);
    }
    return h;
}

static bool same_name(const char *a, const char *b)
{
    const size_t n = strlen(a);
    return strlen(b) == n && ascii_same(a, b, n);
}

static bool is_given(const struct safe_names *names, uint64_t hash, const char *name)
{
    size_t step = 0;
    for (size_t i; lookup_next(&names->by_name, hash, &step, &i);)
        if (same_name(names->v[i], name))
            return true;
    return false;
}

static int give(struct safe_names *names, uint64_t hash, const char *name, struct err *e)
{
    void *v = names->v;
    TRY(grow(&v, &names->cap, names->n + 1, sizeof(char *), e));
    names->v = v;
    names->v[names->n] = strdup(name);
    if (names->v[names->n] == NULL)
        return err_nomem(e);
    return lookup_add(&names->by_name, hash, names->n++, e);
}

/* CON, nul.txt, Com1: on some systems a device, whatever stands behind the dot. */
static bool is_device(const char *name)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul", "com", "lpt"};
    const size_t n = strcspn(name, ".");
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        const bool numbered = i >= 4; /* com1, lpt9 */
        if (n == (numbered ? 4 : 3) && ascii_same(name, devices[i], 3) &&
            (!numbered || ascii_digit(name[3])))
            return true;
    }
    return false;
}

/* The last component of a source's name, made harmless on every system. */
static void base_name(const char *source, char out[NAME_MOST + 1])
{
    const char *base = source;
    for (const char *p = source; *p != '\0'; p++)
        if (*p == '/' || *p == '\\' || *p == ':')
            base = p + 1;
    size_t n = 0;
    uint32_t c;
    for (size_t left = strlen(base), step; left > 0; base += step, left -= step) {
        step = utf8_decode(base, left, &c);
        bool bad = step == 0 || c < 0x20 || c == 0x7f ||
                   (c < 0x7f && strchr("<>\"|?*", (int)c) != NULL) ||
                   (n == 0 && (c == '-' || c == '.'));
        step = step == 0 ? 1 : step;
        if (n + step > NAME_MOST)
            break;
        memcpy(out + n, bad ? "_" : base, bad ? 1 : step);
        n += bad ? 1 : step;
    }
    while (n > 0 && (out[n - 1] == '.' || out[n - 1] == ' '))
        out[--n] = '\0';
    out[n] = '\0';
    if (is_device(out) && n < NAME_MOST) {
        memmove(out + 1, out, n + 1);
        *out = '_';
    }
    if (n == 0)
        (void)snprintf(out, NAME_MOST + 1, "snapshot");
}

int safe_path(struct safe_names *names, const char *folder, const char *source,
              const char *suffixes, char **path, struct err *e)
{
    char base[NAME_MOST + 1];
    base_name(source, base);
    char *dot = strrchr(base, '.');
    char suffix[NAME_MOST + 1];
    (void)snprintf(suffix, sizeof suffix, "%s", dot != NULL && dot != base ? dot : "");
    if (*suffix == '\0')
        (void)snprintf(suffix, sizeof suffix, "%.*s", (int)strcspn(suffixes, " "),
                       suffixes);
    else
        *dot = '\0';
    size_t room = strlen(folder) + strlen(base) + strlen(suffix) + 32;
    char *p = malloc(room);
    if (p == NULL)
        return err_nomem(e);
    int skip = snprintf(p, room, "%s", folder);
    for (unsigned k = 1;; k++) {
        if (k == 1)
            (void)snprintf(p + skip, room - (size_t)skip, "%s%s", base, suffix);
        else
            (void)snprintf(p + skip, room - (size_t)skip, "%s-%u%s", base, k, suffix);
        const uint64_t hash = hash_of(p + skip);
        if (is_given(names, hash, p + skip)) {
            if (k == 9) /* many of one name: go on where no number was given yet */
                k += (unsigned)names->n;
            continue;
        }
        int r = give(names, hash, p + skip, e);
        if (r < 0) {
            free(p);
            return r;
        }
        *path = p;
        return 0;
    }
}

void safe_names_free(struct safe_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->v[i]);
    free(names->v);
    lookup_free(&names->by_name);
    *names = (struct safe_names){0};
}
