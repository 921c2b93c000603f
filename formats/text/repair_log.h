/* SPDX-License-Identifier: MIT */
/* What a log collector writes before every line; pure, the caller owns the lines.
 *
 *   Nov 23 10:00:01 host poolmon[12]:  Wait Nonp ...        syslog, journald
 *   2026-11-23 10:00:01,123 INFO  Wait Nonp ...             a program's own log
 *   2026-11-23T10:00:01.123456789Z  Wait Nonp ...           docker */
#ifndef FORMATS_REPAIR_LOG_H
#define FORMATS_REPAIR_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOG_WORDS = 5 };

struct log_lead {
    uint8_t ends[LOG_WORDS + 1]; /* bytes of the line after which it may end, ascending */
    uint8_t n;                   /* how many of them */
    uint8_t time_at;             /* where day and clock begin, */
    uint8_t time_n;              /* and their length; 0 = no full date */
};

/* False where no time and mark of a log stands at the start of the line. */
bool log_lead(const char *p, size_t n, struct log_lead *out);

/* Length of the lead of this form at the start of a line, or 0: other digits, as many as
 * they are, and blanks may stand for those of the form. */
size_t log_lead_here(const char *form, size_t form_n, const char *p, size_t n);

#endif
