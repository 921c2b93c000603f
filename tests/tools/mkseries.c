/* SPDX-License-Identifier: MIT */
/* Writes the made-up series of series.h as a folder of files, as a zip, or both, with
 * labels that say what leaks and when the machine was restarted:
 *
 *     mkseries [-o FOLDER] [--zip FILE] [--labels FILE] [--seed N] [--days N]
 *              [--step MINUTES] [--tags N] [--reboots N] [--idle PERCENT]
 *              [--leak-free] [--clean]
 *
 * A few files are as customers send them: one in UTF-16, one twice, one cut in the middle
 * of a row; --clean leaves that out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "formats/io/output.h"
#include "tests/tools/series_text.h"
#include "tests/tools/zipout.h"

/* Which captures are sent in another shape, counted from 1. */
enum { WIDE_FILE = 17, TWIN_FILE = 29, TORN_FILE = 70 };

struct job {
    struct series_opts o;
    const char *folder, *zip, *labels;
    bool clean;
};

static int usage(const char *what)
{
    fprintf(stderr, "mkseries: what is %s? See the first lines of mkseries.c\n", what);
    return 2;
}

static bool parse(struct job *j, int argc, char **argv, const char **bad)
{
    static const char *const words[] = {"-o",     "--zip",   "--labels",   "--seed",
                                        "--days", "--step",  "--tags",     "--reboots",
                                        "--idle", "--clean", "--leak-free"};
    enum { WORDS = sizeof words / sizeof words[0], FLAGS = 9 };
    const char *strings[3] = {NULL, NULL, NULL};
    unsigned long numbers[6] = {1, 4, 60, 150, 2, 0};
    bool flags[2] = {false, false};
    for (int i = 1; i < argc; i++) {
        int w = 0;
        while (w < WORDS && strcmp(words[w], argv[i]) != 0)
            w++;
        *bad = argv[i];
        if (w == WORDS || (w < FLAGS && ++i == argc))
            return false;
        char *end = NULL;
        if (w >= FLAGS)
            flags[w - FLAGS] = true;
        else if (w < 3)
            strings[w] = argv[i];
        else if (numbers[w - 3] = strtoul(argv[i], &end, 10), *end != '\0')
            return false;
    }
    *j = (struct job){
        .folder = strings[0], .zip = strings[1], .labels = strings[2], .clean = flags[0]};
    j->o = (struct series_opts){.seed = numbers[0],
                                .days = (unsigned)numbers[1],
                                .step = (unsigned)numbers[2],
                                .tags = (unsigned)numbers[3],
                                .reboots = (unsigned)numbers[4],
                                .idle = (unsigned)numbers[5],
                                .leak_free = flags[1]};
    return true;
}

static int write_file(const char *path, const uint8_t *p, size_t n, struct err *e)
{
    struct sink *s;
    TRY(sink_file(&s, path, e));
    sink_write(s, p, n);
    return sink_close(s, e);
}

/* One file of the series, wherever it is wanted. */
static int emit(const struct job *j, struct zip_out *z, const char *name, int64_t minute,
                const struct buf *b, struct err *e)
{
    struct civil c;
    series_civil(minute, &c);
    if (j->zip != NULL)
        TRY(zip_out_add(z, name, &c, b->p, b->n, e));
    if (j->folder == NULL)
        return 0;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", j->folder, name);
    return write_file(path, b->p, b->n, e);
}

static int widen(struct buf *b, struct err *e)
{
    struct buf wide = {0};
    int r = buf_append(&wide, "\xff\xfe", 2, e);
    for (size_t i = 0; i < b->n && r == 0; i++) {
        uint8_t unit[2] = {b->p[i], 0};
        r = buf_append(&wide, unit, 2, e);
    }
    buf_free(b);
    *b = wide;
    return r;
}

/* Leaves three quarters, and half a row more. */
static void tear(struct buf *b)
{
    size_t n = b->n / 4 * 3;
    while (n > 0 && b->p[n - 1] != '\n')
        n--;
    b->n = n + 34 < b->n ? n + 34 : b->n;
}

static int emit_capture(const struct job *j, struct series *s, unsigned ordinal,
                        struct zip_out *z, struct err *e)
{
    struct buf b = {0};
    char base[64], name[96];
    series_file_name(s->minute, base, sizeof base);
    snprintf(name, sizeof name, "%s.txt", base);
    int r = series_capture(s, &b, e);
    if (r == 0 && !j->clean && ordinal == WIDE_FILE)
        r = widen(&b, e);
    if (!j->clean && ordinal == TORN_FILE)
        tear(&b);
    if (r == 0)
        r = emit(j, z, name, s->minute, &b, e);
    if (r == 0 && !j->clean && ordinal == TWIN_FILE) {
        snprintf(name, sizeof name, "Copy of %s.txt", base);
        r = emit(j, z, name, s->minute, &b, e);
    }
    buf_free(&b);
    return r;
}

static int label_text(const struct series *s, struct buf *b, struct err *e)
{
    uint64_t minutes = 0;
    TRY(buf_printf(b, e, "#boot\tfirst\tlast\tcaptures\n"));
    for (unsigned i = 0; i < s->n_boots; i++) {
        const struct series_boot *boot = &s->boots[i];
        struct civil c[2];
        series_civil(boot->first, &c[0]);
        series_civil(boot->last, &c[1]);
        TRY(buf_printf(b, e, "#boot"));
        for (int k = 0; k < 2; k++)
            TRY(buf_printf(b, e, "\t%04d-%02d-%02dT%02d:%02d:00", c[k].year, c[k].month,
                           c[k].day, c[k].hour, c[k].minute));
        TRY(buf_printf(b, e, "\t%u\n", boot->captures));
        minutes += (uint64_t)(boot->last - boot->first);
    }
    TRY(buf_printf(b, e, "#tag\tpool\tbehaviour\tleak\tbytes_per_hour\tleaked_bytes\n"));
    for (size_t i = 0; i < s->o.tags; i++) {
        const struct series_tag *t = &s->tags[i];
        char hex[TAG_HEX_MAX];
        tag_hex(t->tag, hex);
        uint64_t leaked = t->leaked_seen * t->size;
        TRY(buf_printf(b, e, "%s\t%s\t%s\t%d\t%llu\t%llu\n", hex,
                       pool_kind_name((enum pool_kind)t->pool),
                       behaviour_names[t->behaviour], t->behaviour >= STEADY_LEAK,
                       (unsigned long long)(minutes > 0 ? leaked * 60 / minutes : 0),
                       (unsigned long long)leaked));
    }
    return 0;
}

static int write_labels(const struct job *j, const struct series *s, struct err *e)
{
    if (j->labels == NULL)
        return 0;
    struct buf b = {0};
    int r = label_text(s, &b, e);
    if (r == 0)
        r = write_file(j->labels, b.p, b.n, e);
    buf_free(&b);
    return r;
}

static int run(const struct job *j, struct series *s, struct err *e)
{
    struct zip_out z = {0};
    unsigned n = 0;
    int r = 0;
    if (!series_begin(s, &j->o))
        return err_set(e, ERR_USAGE, "no such series: 1-%d tags, under %d reboots",
                       SERIES_TAGS, SERIES_BOOTS);
    if (j->folder != NULL && mkdir(j->folder, 0777) != 0 && errno != EEXIST)
        return err_io(e, errno, "the folder %s cannot be made", j->folder);
    while (r == 0 && series_next(s))
        r = emit_capture(j, s, ++n, &z, e);
    if (r == 0 && j->zip != NULL)
        r = zip_out_end(&z, e);
    if (r == 0 && j->zip != NULL)
        r = write_file(j->zip, z.bytes.p, z.bytes.n, e);
    if (r == 0)
        r = write_labels(j, s, e);
    zip_out_free(&z);
    return r;
}

int main(int argc, char **argv)
{
    struct job j;
    struct err e = {0};
    const char *bad = "this";
    if (!parse(&j, argc, argv, &bad))
        return usage(bad);
    struct series *s = malloc(sizeof *s);
    int r = s == NULL ? err_nomem(&e) : run(&j, s, &e);
    free(s);
    if (r < 0)
        fprintf(stderr, "mkseries: %s %s\n", e.place, e.text);
    return r < 0 ? 2 : 0;
}
