/* SPDX-License-Identifier: MIT */
/* The events of a record, in a stream of their own; nobody owns anything here. */
#ifndef FORMATS_PSZ_EVENTS_H
#define FORMATS_PSZ_EVENTS_H

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/limits.h"
#include "formats/pool.h"
#include "formats/psz/head.h"
#include "formats/psz/stream.h"
#include "formats/psz/texts.h"

/* Appends the events of a record of events; nothing for any other record. */
int psz_events_write(struct buf *out, struct psz_texts *texts,
                     const struct pool_snapshot *s, struct err *e) ERR_WARN_UNUSED;
/* Reads them back into *s, whose record, time and line are known. */
int psz_events_read(struct psz_stream_in *in, struct psz_text_map *texts,
                    const struct limits *l, struct pool_snapshot *s,
                    struct err *e) ERR_WARN_UNUSED;

#endif
