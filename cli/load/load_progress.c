/* SPDX-License-Identifier: MIT */
/* How far the reading is, for the line that term.h draws. */
#include "cli/load/load.h"

void load_progress_start(struct load *l)
{
    l->bytes_passed = l->bytes_of_all = l->read = 0;
    for (size_t i = 0; l->term->progress && i < l->inputs.n; i++)
        l->bytes_of_all += inputs_bytes(&l->inputs, i);
}

void load_progress_passed(struct load *l, size_t input)
{
    if (l->term->progress)
        l->bytes_passed += inputs_bytes(&l->inputs, input);
}

/* In the sizes that inputs_bytes tells: compressed of files, inflated of zip entries. */
void load_progress_bytes(struct load *l, const char *what, size_t input,
                         const struct input *in, uint64_t snapshots)
{
    if (!l->term->progress)
        return;
    bool inflated = l->inputs.v[input].kind == INPUT_ZIP_ENTRY;
    struct progress now = {.what = what,
                           .bytes = l->bytes_passed +
                                    (inflated ? input_offset(in) : input_raw_bytes(in)),
                           .of_bytes = l->bytes_of_all,
                           .done = snapshots,
                           .unit = snapshots > 0 ? "snapshot" : NULL};
    term_progress(l->term, &now);
}

void load_progress_series(struct load *l, const char *what, size_t done)
{
    struct progress now = {
        .what = what, .done = done, .of = l->n_entries, .unit = "snapshot"};
    term_progress(l->term, &now);
}
