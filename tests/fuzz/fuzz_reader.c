/* SPDX-License-Identifier: MIT */
/* One reader alone, whatever the bytes look like: FUZZ_READER names a row of the table of
 * formats.  What comes at once and what comes in small pieces is the same, every snapshot
 * keeps its promises, and the tidy tables give all of them back. */

#include "formats/raw/rawtags_layout.h"
#include "formats/tidy/tidy.h"
#include "tests/fuzz/fuzz.h"

enum { CAPTURES = 40, BLOCK = 61 };

static const char *reader_name;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const struct format *f = NULL;
    reader_name = getenv("FUZZ_READER");
    if (reader_name != NULL)
        f = format_find(reader_name);
    if (f == NULL || (f->text == NULL && f->binary == NULL)) {
        (void)fputs("FUZZ_READER names no reader: poolsift formats lists them\n", stderr);
        exit(2);
    }
    return 0;
}

struct table {
    struct sink *out;
    void *writer;
    struct buf b;
};

static const struct format_writer *const writers[] = {&csv_writer, &jsonl_writer};
static const char *const names[] = {"csv", "jsonl"};

static void begin_table(struct table *t, int i)
{
    const struct writer_opts o = {.many = true};
    struct err e = {0};
    *t = (struct table){0};
    assert(sink_memory(&t->out, &t->b, &e) == 0);
    assert(writers[i]->begin(&t->writer, t->out, &o, &e) == 0);
}

static void end_table(struct table *t, int i)
{
    struct err e = {0};
    assert(writers[i]->end(t->writer, &e) == 0);
    writers[i]->close(t->writer);
    assert(sink_close(t->out, &e) == 0);
}

/* Both ways side by side, into both tables; how many snapshots there were. */
static int read_all(const uint8_t *data, size_t size, const char *layout,
                    struct table *to)
{
    const struct reader_opts o = {.from = reader_name, .layout = layout};
    struct fuzz_reading x[2];
    struct err e[2] = {{0}, {0}};
    const bool open = fuzz_begin(&x[0], data, size, 0, o, &e[0]);
    assert(fuzz_begin(&x[1], data, size, BLOCK, o, &e[1]) == open);
    int n = 0;
    for (int more = open; more == 1 && n < CAPTURES;) {
        more = reader_next(x[0].r, &x[0].s, &e[0]);
        assert(reader_next(x[1].r, &x[1].s, &e[1]) == more);
        assert(more >= 0 || (e[0].code == more && e[0].text[0] != '\0'));
        if (more != 1)
            break;
        n++;
        for (int i = 0; i < 2; i++) {
            fuzz_valid(&x[i].s);
            assert(writers[i]->snapshot(to[i].writer, &x[i].s, &e[i]) == 0);
        }
        assert(pool_snapshot_same_figures(&x[0].s, &x[1].s));
    }
    assert(strcmp(e[0].text, e[1].text) == 0);
    fuzz_end(&x[0]);
    fuzz_end(&x[1]);
    return n;
}

static void compare(const struct table *t, int n)
{
    struct fuzz_reading x[2];
    struct err e = {0};
    for (int i = 0; i < 2; i++)
        assert(fuzz_begin(
            &x[i], t[i].b.p, t[i].b.n, 0,
            (struct reader_opts){.from = names[i], .limits = LIMITS_DEFAULT}, &e));
    for (int k = 0; k < n; k++) {
        for (int i = 0; i < 2; i++)
            assert(reader_next(x[i].r, &x[i].s, &e) == 1);
        assert(pool_snapshot_same_figures(&x[0].s, &x[1].s));
        assert(x[0].s.completeness == x[1].s.completeness);
    }
    for (int i = 0; i < 2; i++) {
        assert(reader_next(x[i].r, &x[i].s, &e) == 0);
        fuzz_end(&x[i]);
    }
}

static void by_layout(const uint8_t *data, size_t size, const char *layout)
{
    struct table t[2];
    begin_table(&t[0], 0);
    begin_table(&t[1], 1);
    const int n = read_all(data, size, layout, t);
    end_table(&t[0], 0);
    end_table(&t[1], 1);
    if (n > 0)
        compare(t, n);
    buf_free(&t[0].b);
    buf_free(&t[1].b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    by_layout(data, size, NULL);
    for (int k = 0; strcmp(reader_name, "rawtags") == 0 && k < TAG_LAYOUTS; k++)
        by_layout(data, size, tag_layout_table[k].name);
    return 0;
}
