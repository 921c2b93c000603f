/* SPDX-License-Identifier: MIT */
/* Bytes behind an archive's magic: damaged archives end in an error or in snapshots that
 * keep every invariant, with and without salvage. */
#include <assert.h>
#include <stdlib.h>

#include "formats/io/input.h"
#include "formats/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const uint8_t *data, size_t size, bool salvage)
{
    struct err e = {0};
    struct input_raw raw;
    struct input *in = NULL;
    struct reader *r = NULL;
    struct pool_snapshot s = {.uptime_s = -1};
    struct reader_opts o = {.from = "psz", .salvage = salvage, .limits = LIMITS_DEFAULT};
    o.limits.snapshot_rows = 20000;
    if (input_raw_memory(&raw, data, size, 0, &e) == 0 &&
        input_open(&in, "fuzz", raw, &o.limits, &e) == 0 &&
        reader_open(&r, in, &o, &e) == 0) {
        for (int i = 0; i < 1000 && reader_next(r, &s, &e) == 1; i++) {
            const char *broken = pool_snapshot_valid(&s);
            assert(broken == NULL);
        }
    }
    reader_close(r);
    input_close(in);
    pool_snapshot_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_all(data, size, false);
    read_all(data, size, true);
    return 0;
}
