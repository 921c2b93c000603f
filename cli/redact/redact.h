/* SPDX-License-Identifier: MIT */
/* --redact: host-1, file-001 and folder-1 instead of the names of a call's hosts, files
 * and folders.  The caller owns the struct redact ({0} is an empty one) and frees it with
 * redact_free; names that it gives out stay good until then.
 *
 * Names are replaced where they enter (inputs, snapshots, saved rankings), so that
 * whoever prints knows nothing of it.  One name has one number within a call.  Each
 * function takes NULL for "as they are" unless it says otherwise. */
#ifndef CLI_REDACT_H
#define CLI_REDACT_H

#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/lookup.h"

enum redact_kind { REDACT_FILE, REDACT_FOLDER, REDACT_HOST, REDACT_KINDS };

struct redact_entry {
    enum redact_kind kind;
    char *original, *name;
};

/* A piece of an original that gives it away in a sentence: "day1/a.txt" and "a.txt" of
 * "mail.zip:day1/a.txt". */
struct redact_alias {
    uint32_t entry, at, n; /* bytes of its original */
};

struct redact {
    struct redact_entry *v; /* in the order of their coming */
    size_t n, cap;
    struct lookup by_original; /* v by kind and original */
    struct lookup by_name;     /* v by the names that were given */
    unsigned given[REDACT_KINDS];
    struct redact_alias *aliases;
    size_t n_aliases, aliases_cap;
    struct lookup by_letters; /* aliases, whatever the case */
    size_t longest;           /* bytes of an alias */
    char **kept;              /* other texts that were given out */
    size_t n_kept, kept_cap;
    char **arguments; /* of redact_arguments (redact_call.h); its texts are kept */
};

void redact_free(struct redact *r);
/* Takes over a text from malloc, also when it fails; *out is good as long as names are.
 */
int redact_keep(struct redact *r, char *text, const char **out,
                struct err *e) ERR_WARN_UNUSED;

/* ---- names ---- */

/* The entry of that original, or NULL; not for NULL. */
const struct redact_entry *redact_find(const struct redact *r, enum redact_kind kind,
                                       const char *s);
/* *name stands for that original; none ("") and standard input ("-") stay. */
int redact_name(struct redact *r, enum redact_kind kind, const char *original,
                const char **name, struct err *e) ERR_WARN_UNUSED;
/* The same for a path as people type it: a file, a folder, or FILE@N. */
int redact_path(struct redact *r, const char *path, const char **name,
                struct err *e) ERR_WARN_UNUSED;

/* The pieces of the last entry, so that they are found in words (redact_words.c). */
int redact_alias_last(struct redact *r, struct err *e) ERR_WARN_UNUSED;

/* The name of the file without its suffix stands for it, too; not for NULL. */
int redact_stem(struct redact *r, const char *path, struct err *e) ERR_WARN_UNUSED;

/* ---- words of messages, not for NULL ---- */

/* Appends the text, every name that is known by now replaced; that of a file that could
 * be any word, only where it stands as a name does: alone, in quotes, before a colon. */
int redact_words(const struct redact *r, const char *text, struct buf *out,
                 struct err *e) ERR_WARN_UNUSED;
/* The same in place; an end that does not fit is lost. */
void redact_words_in(const struct redact *r, char *text, size_t cap);
/* "web01.txt:17" in place: a place that is no name of ours becomes one. */
void redact_place(struct redact *r, char *place, size_t cap);
/* An error whole, and what it quotes of an input besides. */
void redact_err(struct redact *r, struct err *e);

/* A driver or a description: of a path in it only the last name is left. */
int redact_driver(const char *text, struct buf *out, struct err *e) ERR_WARN_UNUSED;
/* Lines "name=value" about a machine: only those that cannot name one. */
int redact_facts(const char *facts, struct buf *out, struct err *e) ERR_WARN_UNUSED;

#endif
