/* SPDX-License-Identifier: MIT */
#include "cli/render/spark.h"

#include <math.h>
#include <string.h>

const char *spark_text(const double *v, int n, char out[SPARK_MAX])
{
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < n && i < RANK_SPARK; i++) {
        if (!isfinite(v[i]))
            continue;
        low = fmin(low, v[i]);
        high = fmax(high, v[i]);
    }
    char *p = out;
    for (int i = 0; i < n && i < RANK_SPARK; i++) {
        if (!isfinite(v[i])) {
            *p++ = ' ';
            continue;
        }
        /* Of figures from elsewhere the range may be none. */
        double range = high - low;
        int height = range > 0 && isfinite(range) ? (int)((v[i] - low) / range * 7.999) : 0;
        /* U+2581 LOWER ONE EIGHTH BLOCK and the seven behind it. */
        *p++ = '\xe2';
        *p++ = '\x96';
        *p++ = (char)(0x81 + height);
    }
    *p = '\0';
    return out;
}
