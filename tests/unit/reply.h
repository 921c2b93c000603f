/* SPDX-License-Identifier: MIT */
/* Test helper: a reader over bytes in memory; the caller closes reader and input, also
 * when it fails. */
#ifndef TESTS_UNIT_REPLY_H
#define TESTS_UNIT_REPLY_H

#include "formats/reader.h"

static inline int open_reply(struct reader **r, struct input **in, const uint8_t *p,
                             size_t n, const char *layout, struct err *e)
{
    struct input_raw raw;
    struct reader_opts o = {.layout = layout, .limits = LIMITS_DEFAULT};
    *r = NULL;
    *in = NULL;
    assert_int_equal(input_raw_memory(&raw, p, n, 0, e), 0);
    assert_int_equal(input_open(in, "t.bin", raw, &o.limits, e), 0);
    return reader_open(r, *in, &o, e);
}

#endif
