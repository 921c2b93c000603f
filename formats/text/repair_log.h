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
    uint8_t ends[LOG_WORDS + 1]; /* where it may end, ascending */
    uint8_t n;
    uint8_t
        time_n; /* bytes from `time_at` on that tell day and clock; 0 = no full date */
    uint8_t time_at;
};

/* False where no time and mark of a log stands at the start of the line. */
bool log_lead(const char *p, size_t n, struct log_lead *out);

/* Length of the lead of this form at the start of a line, or 0: other digits, as many as
 * they are, and blanks may stand for those of the form. */
size_t log_lead_here(const char *form, size_t form_n, const char *p, size_t n);

#endif
