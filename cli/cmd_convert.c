/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/load/names.h"
#include "cli/nearest.h"
#include "formats/psz/psz.h"

/* Where the snapshots go: one output, one file each, or behind an archive. */
struct convert {
    struct context *c;
    const struct format *to;
    struct sink *out;
    void *writer;
    struct psz_appender *append;
    struct safe_names names; /* -o DIR/ */
    uint64_t written, dropped, not_verbatim, left_out;
};

static bool into_folder(const struct convert *x)
{
    size_t n = strlen(x->c->o.output);
    return x->c->o.output[n - 1] == '/';
}

/* ---- one output ---- */

static int begin_single(struct convert *x, struct err *e)
{
    struct writer_opts o = {
        .many = true, .verbatim = true, .threads = options_threads(&x->c->o)};
    TRY(sink_file(&x->out, x->c->o.output, e));
    return x->to->writer->begin(&x->writer, x->out, &o, e);
}

static void drop_single(struct convert *x)
{
    if (x->writer != NULL)
        x->to->writer->close(x->writer);
    x->writer = NULL;
    sink_abort(x->out);
    x->out = NULL;
}

static int end_single(struct convert *x, struct err *e)
{
    int r = x->to->writer->end(x->writer, e);
    x->to->writer->close(x->writer);
    x->writer = NULL;
    if (r < 0)
        return r;
    struct sink *out = x->out;
    x->out = NULL;
    return sink_close(out, e);
}

/* ---- one file a snapshot ---- */

static int write_file(struct convert *x, const struct pool_snapshot *s, struct err *e)
{
    const struct writer_opts o = {.many = false, .verbatim = true};
    const struct format_writer *w = x->to->writer;
    char *path = NULL;
    struct sink *out = NULL;
    void *writer = NULL;
    TRY(safe_path(&x->names, x->c->o.output, pool_snapshot_str(s, s->source),
                  x->to->suffixes, &path, e));
    int r = sink_file(&out, path, e);
    if (r == 0)
        r = w->begin(&writer, out, &o, e);
    if (r == 0)
        r = w->snapshot(writer, s, e);
    if (r == 0)
        r = w->end(writer, e);
    if (writer != NULL)
        w->close(writer);
    if (r < 0)
        sink_abort(out);
    else
        r = sink_close(out, e);
    free(path);
    return r;
}

/* ---- the stream ---- */

/* The archive and verbatim text keep more than figures; say where they cannot. */
static void verify(struct convert *x, const struct pool_snapshot *s)
{
    if (!x->c->o.verify || s->dress.verbatim)
        return;
    x->not_verbatim++;
    const char *source = pool_snapshot_str(s, s->source);
    term_note(&x->c->term, source, s->line, NOTE_NOT_VERBATIM,
              note_meaning(NOTE_NOT_VERBATIM));
}

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct convert *x = ctx;
    if (l->s->record != RECORD_CAPTURE && !x->to->writer->keeps_all) {
        x->left_out++;
        return 0;
    }
    verify(x, l->s);
    if (x->append != NULL) {
        bool has;
        TRY(psz_append_has(x->append, l->s, &has, e));
        if (has) {
            x->dropped++;
            return 0;
        }
        x->written++;
        return psz_append_snapshot(x->append, l->s, e);
    }
    x->written++;
    if (into_folder(x))
        return write_file(x, l->s, e);
    return x->to->writer->snapshot(x->writer, l->s, e);
}

static int begin(struct convert *x, struct err *e);

static void drop(struct convert *x)
{
    psz_append_abort(x->append);
    x->append = NULL;
    drop_single(x);
    safe_names_free(&x->names);
}

/* The inputs come again in another order: what was written so far is thrown away. */
static int on_restart(void *ctx, struct err *e)
{
    struct convert *x = ctx;
    drop(x);
    x->written = x->dropped = x->not_verbatim = x->left_out = 0;
    return begin(x, e);
}

static int begin(struct convert *x, struct err *e)
{
    if (x->c->o.append) {
        struct psz_append_facts facts;
        TRY(psz_append_open(&x->append, x->c->o.output, &facts, e));
        if (facts.tail_cut_bytes > 0)
            term_note(&x->c->term, x->c->o.output, 0, NOTE_TAIL_IGNORED,
                      "an interrupted append left a tail, which was cut");
        return 0;
    }
    if (!into_folder(x))
        return begin_single(x, e);
    if (mkdir(x->c->o.output, 0777) != 0 && errno != EEXIST) {
        int r = err_io(e, errno, "cannot make the folder");
        err_place(e, x->c->o.output, 0);
        return r;
    }
    return 0;
}

static int end(struct convert *x, struct err *e)
{
    if (x->append != NULL) {
        struct psz_appender *a = x->append;
        x->append = NULL;
        return psz_append_end(a, e);
    }
    return into_folder(x) ? 0 : end_single(x, e);
}

/* Where not all could be read, a file that is there may hold more than what would take
 * its place. */
static int check_replacing(const struct convert *x, struct err *e)
{
    const struct term *t = &x->c->term;
    const bool lossy = x->c->o.strict && t->severe > 0;
    if (x->out == NULL || !sink_replaces(x->out) || (!t->failed && !lossy))
        return 0;
    err_place(e, x->c->o.output, 0);
    err_hint(e, "-o with another name writes what could be read");
    return err_set(e, ERR_IO, "the old file was kept: %s",
                   t->failed ? "not all of the inputs could be read"
                             : "something was repaired or lost, and --strict");
}

/* ---- what to write ---- */

static bool has_suffix(const char *name, const char *suffixes)
{
    size_t n = strlen(name);
    for (const char *p = suffixes; *p != '\0';) {
        size_t m = strcspn(p, " ");
        if (n > m && strncmp(name + n - m, p, m) == 0)
            return true;
        p += m;
        p += strspn(p, " ");
    }
    return false;
}

static void hint_writer(const char *to, struct err *e)
{
    struct nearest near;
    nearest_start(&near, to, SIZE_MAX);
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (f->writer != NULL)
            nearest_try(&near, f->name);
    if (near.best != NULL)
        err_hint(e, "did you mean '%s'?", near.best);
}

static int choose_writer(struct convert *x, struct err *e)
{
    const struct options *o = &x->c->o;
    if (o->output == NULL) {
        int r = err_set(e, ERR_USAGE, "convert wants -o FILE, or -o FOLDER/");
        err_hint(e, "for example: poolsift convert captures/ -o week.psz");
        return r;
    }
    if (strcmp(o->output, "-") == 0) {
        int r = err_set(e, ERR_USAGE,
                        "convert writes a file, not to standard output: "
                        "what is written may have to be begun anew");
        err_hint(e, "-o FILE; show --csv and show --json --all write to standard output");
        return r;
    }
    for (const struct format *f = format_table; f->name != NULL; f++) {
        bool named = o->to != NULL && strcmp(o->to, f->name) == 0;
        bool meant = o->to == NULL && has_suffix(o->output, f->suffixes);
        if (f->writer != NULL && (named || (meant && x->to == NULL)))
            x->to = f;
    }
    if (x->to == NULL && o->to == NULL && into_folder(x))
        x->to = format_find("poolmon");
    if (x->to == NULL) {
        int r = o->to != NULL
                    ? err_set(e, ERR_USAGE, "--to: '%s' cannot be written", o->to)
                    : err_set(e, ERR_USAGE, "what shall be written?");
        if (o->to != NULL)
            hint_writer(o->to, e);
        else
            err_place(e, o->output, 0);
        err_hint(e, "--to psz, csv, jsonl or poolmon, or a name that ends in .psz, .csv, "
                    ".jsonl or .txt");
        return r;
    }
    if (o->append && (strcmp(x->to->name, "psz") != 0 || into_folder(x))) {
        int r = err_set(e, ERR_USAGE, "--append adds to a .psz archive only");
        err_hint(e, "-o FILE.psz, or without --append");
        return r;
    }
    return 0;
}

static void tell(const struct convert *x)
{
    struct term *t = &x->c->term;
    char words[160];
    if (x->dropped > 0) {
        (void)snprintf(words, sizeof words, "%llu %s there already",
                       (unsigned long long)x->dropped,
                       x->dropped == 1 ? "snapshot was" : "snapshots were");
        term_note(t, x->c->o.output, 0, NOTE_DUPLICATE, words);
    }
    if (x->left_out > 0) {
        (void)snprintf(words, sizeof words,
                       "records of events or totals left out: %llu; psz, csv and "
                       "jsonl keep them",
                       (unsigned long long)x->left_out);
        term_note(t, x->c->o.output, 0, NOTE_NOT_VERBATIM, words);
    }
}

int cmd_convert(struct context *c, struct err *e)
{
    struct convert x = {.c = c};
    struct load l = {0};
    struct load_visitor v = {
        .ctx = &x, .snapshot = on_snapshot, .restart = on_restart, .keep_untimed = true};
    TRY(choose_writer(&x, e));
    int r = command_load(c, &l, e);
    l.follow = x.to->writer->follows && !c->o.append && !into_folder(&x);
    if (r == 0)
        r = begin(&x, e);
    if (r == 0)
        r = load_series(&l, &v, e);
    if (r == 0)
        r = load_check_any(&l, e);
    if (r == 0 && x.left_out > 0 && x.written == 0) {
        r = err_set(e, ERR_EMPTY, "only events and totals, and %s has no room for them",
                    x.to->title);
        err_hint(e, "-o FILE.psz, .csv or .jsonl keeps them");
    }
    if (r == 0) {
        for (size_t i = 0; i < l.n_groups; i++)
            term_notes(&c->term, "", &l.groups[i].notes);
        tell(&x);
        r = check_replacing(&x, e);
    }
    if (r == 0)
        r = end(&x, e);
    drop(&x);
    load_free(&l);
    return r;
}
