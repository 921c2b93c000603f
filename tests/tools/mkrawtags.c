/* SPDX-License-Identifier: MIT */
/* mkrawtags LAYOUT COUNT [SLACK [SESSIONS [from64]]]: a made-up raw reply on standard
 * output. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/tools/rawtags.h"

int main(int argc, char **argv)
{
    int layout = argc > 2 ? tag_layout_find(argv[1]) : -1;
    if (layout < 0) {
        (void)fprintf(stderr, "mkrawtags LAYOUT COUNT [SLACK [SESSIONS [from64]]]\n");
        return 2;
    }
    struct raw_opts o = {.layout = (enum tag_layout)layout,
                         .count = (uint32_t)strtoul(argv[2], NULL, 10),
                         .slack = argc > 3 ? strtoul(argv[3], NULL, 10) : 0,
                         .filler = SLACK_CD,
                         .seed = 1,
                         .plain = true,
                         .from_64 = argc > 5};
    uint32_t sessions = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 1;
    struct buf b = {0};
    int r = raw_reply(&b, &o, sessions > 0 ? sessions : 1);
    bool written = r == 0 && fwrite(b.p, 1, b.n, stdout) == b.n && fflush(stdout) == 0;
    buf_free(&b);
    return written ? 0 : 1;
}
