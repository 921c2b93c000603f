/* SPDX-License-Identifier: MIT */
/* Lines of events copied as text, and which events tell of pools that run short; pure
 * functions, the lines stay the caller's. */
#ifndef FORMATS_WINEVENTS_LINE_H
#define FORMATS_WINEVENTS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/text/tokens.h"

/* What a line gives.  The order is that of bits in event_draft.seen. */
enum event_field {
    EVENT_NOTHING, /* no line of an event, or more of its text */
    EVENT_ID,
    EVENT_SOURCE,
    EVENT_DATE, /* or date and time */
    EVENT_TIME,
    EVENT_HOST,
    EVENT_TEXT,
    EVENT_KIND, /* type, level, name of the log: nothing that is kept */
    EVENT_MORE, /* stands behind the text: data, user */
    EVENT_FIELDS
};

struct event_line {
    enum event_field field;
    struct token value;  /* of the field; of an EVENT_ID: words behind it, or none */
    struct token source; /* on the line of an EVENT_ID, or none */
    uint64_t id;
};

/* Reads one line: `Event ID:<TAB>2019`, `EVENT: 2020 SOURCE:SRV`, `Event 2020 - Source:
 * Srv`, `2019: The server ...`, `Computer: WEB01`. */
void event_line_read(const char *p, size_t n, struct event_line *x);

/* What the lines of one event have given so far. */
struct event_draft {
    unsigned seen; /* set of 1 << enum event_field */
    uint64_t id;
    unsigned authors; /* whose source or words these are: private */
    bool in_text;     /* lines without a field are text */
    bool past_text;
};

/* True when the line cannot belong to the event that the draft holds. */
bool event_begins_next(const struct event_draft *d, const struct event_line *x);
/* Adds the line; false when it is no line of this event. */
bool event_take(struct event_draft *d, const struct event_line *x, const char *p,
                size_t n);
/* True for an event about pools whose source or words prove it. */
bool event_matters(const struct event_draft *d);

#endif
