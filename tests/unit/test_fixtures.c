/* SPDX-License-Identifier: MIT */
/* Every fixture of every reader: what it gives stands in fixtures/TABLE.tsv, its folder
 * says which reader must give it, and no other reader claims a line of it.  The lists
 * come from the folders and from the table of formats: a new file or format is tested
 * without a change here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/io/text.h"
#include "formats/text/segment.h"
#include "tests/unit/every.h"

#define TABLE "fixtures/TABLE.tsv"

/* fixtures/FOLDER/... */
static void folder_of(const char *path, char out[64])
{
    const char *from = strchr(path, '/') + 1;
    const size_t n = strcspn(from, "/");
    assert_true(n < 64);
    memcpy(out, from, n);
    out[n] = '\0';
}

/* Files in folders of these names say nothing about who must read them. */
static bool any_reader(const char *folder)
{
    return strcmp(folder, "broken") == 0 || strcmp(folder, "stories") == 0 ||
           strcmp(folder, "archives") == 0;
}

static bool must_be_refused(const char *folder)
{
    return strcmp(folder, "innocent") == 0 || strcmp(folder, "refused") == 0;
}

/* One folder may hold a family: poolmonx, poolmonx2 ... */
static bool belongs(const char *format, const char *folder)
{
    return strncmp(format, folder, strlen(folder)) == 0;
}

static bool gave(const struct shots *x, const char *format)
{
    for (size_t i = 0; i < x->n; i++)
        if (strcmp(pool_snapshot_str(&x->v[i], x->v[i].format), format) == 0)
            return true;
    return false;
}

/* ---- what comes out ---- */

/* "path<TAB>format<TAB>snapshots<TAB>rows<TAB>completeness", or, refused,
 * "path<TAB>-<TAB>0<TAB>0<TAB>the words". */
static void describe(const char *path, const struct shots *x, char out[1024])
{
    char formats[128] = "";
    size_t rows = 0, events = 0;
    enum completeness worst = COMPLETE_WHOLE;
    for (size_t i = 0; i < x->n; i++) {
        const char *f = pool_snapshot_str(&x->v[i], x->v[i].format);
        if (strstr(formats, f) == NULL)
            (void)snprintf(formats + strlen(formats), sizeof formats - strlen(formats),
                           "%s%s", i > 0 ? "+" : "", f);
        rows += x->v[i].n_rows;
        events += x->v[i].n_events;
        worst = x->v[i].completeness > worst ? x->v[i].completeness : worst;
    }
    int n = snprintf(out, 1024, "%s\t%s\t%zu\t%zu\t%s", strchr(path, '/') + 1,
                     x->n > 0 ? formats : "-", x->n, rows,
                     x->n > 0 ? completeness_name(worst) : x->err.text);
    if (events > 0)
        n += snprintf(out + n, 1024 - (size_t)n, ", %zu events", events);
    if (x->n > 0 && x->code < 0)
        (void)snprintf(out + n, 1024 - (size_t)n, ", then: %s", x->err.text);
}

/* The line of the table about this file, or NULL. */
static const char *line_about(const struct buf *table, const char *line, size_t *n)
{
    const size_t name = strcspn(line, "\t") + 1;
    const char *p = (const char *)table->p, *end = p + table->n;
    while (p < end) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        *n = (size_t)((eol != NULL ? eol : end) - p);
        if (*n > name && memcmp(p, line, name) == 0)
            return p;
        p += *n + 1;
    }
    return NULL;
}

static void test_table(void **state)
{
    (void)state;
    struct every f;
    struct buf table = load_file(TABLE);
    size_t wrong = 0, lines = 0;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        char line[1024];
        size_t n;
        struct shots x = every_read(f.path[i]);
        describe(f.path[i], &x, line);
        const char *want = line_about(&table, line, &n);
        if (want == NULL || n != strlen(line) || memcmp(want, line, n) != 0) {
            print_message("# table: %.*s\n# found: %s\n", want != NULL ? (int)n : 4,
                          want != NULL ? want : "none", line);
            wrong++;
        }
        lines++;
        shots_free(&x);
    }
    for (size_t i = 0; i < table.n; i++)
        lines -= table.p[i] == '\n';
    buf_free(&table);
    every_free(&f);
    if (wrong > 0 || lines != 0)
        fail_msg("%zu lines of %s are not what came out, %zu too few", wrong, TABLE,
                 lines);
}

/* ---- who reads it ---- */

static void test_folders(void **state)
{
    (void)state;
    struct every f;
    size_t wrong = 0;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        char folder[64];
        folder_of(f.path[i], folder);
        struct shots x = every_read(f.path[i]);
        const char *why = NULL;
        if (x.n == 0 && (x.err.text[0] == '\0' || x.err.hint[0] == '\0'))
            why = "refused without words and hint";
        else if (x.n > 0 && must_be_refused(folder))
            why = "read, but must be refused";
        for (size_t k = 0; k < x.n && !any_reader(folder) && why == NULL; k++)
            if (!belongs(pool_snapshot_str(&x.v[k], x.v[k].format), folder) &&
                !gave(&x, folder))
                why = "read by another reader";
        if (why != NULL) {
            print_message("# %s: %s\n", f.path[i], why);
            wrong++;
        }
        shots_free(&x);
    }
    every_free(&f);
    assert_int_equal(wrong, 0);
}

/* Rows that prove themselves are PoolMon's wherever they stand; these readers own the
 * tables around them. */
static bool holds_poolmon_rows(const char *folder)
{
    return strcmp(folder, "broken") == 0 || strcmp(folder, "memsnap") == 0 ||
           strcmp(folder, "table") == 0;
}

/* Formats that may claim lines of this file: those of its folder, those that its
 * snapshots came from, and those whose totals complete these. */
static bool may_claim(const struct format *f, const char *folder, const struct shots *x)
{
    if (belongs(f->name, folder) || gave(x, f->name) ||
        (strcmp(f->name, "poolmon") == 0 && holds_poolmon_rows(folder)) ||
        (strcmp(f->name, "psz") == 0 && any_reader(folder))) /* holds what others gave */
        return true;
    const char *with = f->text != NULL ? f->text->supplements : NULL;
    return with != NULL && (belongs(with, folder) || gave(x, with));
}

static size_t claims_in(const char *path, const char *folder, const struct shots *x)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct buf b = load_file(path);
    struct input_raw raw;
    struct input *in = NULL;
    struct text *t = NULL;
    struct text_line lines[1 + TEXT_LOOKAHEAD];
    size_t wrong = 0;
    assert_int_equal(input_raw_memory(&raw, b.p, b.n, 0, NULL), 0);
    assert_int_equal(input_open(&in, path, raw, &limits, NULL), 0);
    assert_int_equal(text_open(&t, in, &limits, NULL), 0);
    for (const struct format *f = format_table; f->name != NULL; f++) {
        if (f->binary == NULL || f->binary->magic == NULL || may_claim(f, folder, x) ||
            !f->binary->magic(b.p, b.n < 64 ? b.n : 64))
            continue;
        print_message("# %s: claimed by %s\n", path, f->name);
        wrong++;
    }
    while (text_next(t, &lines[0], NULL) == 1) {
        const struct text_line *ahead;
        const int more = text_peek(t, &ahead, TEXT_LOOKAHEAD, NULL);
        assert_true(more >= 0);
        for (int i = 0; i < more; i++)
            lines[1 + i] = ahead[i];
        for (const struct format *f = format_table; f->name != NULL; f++) {
            if (f->text == NULL || f->text->begins == NULL || may_claim(f, folder, x) ||
                f->text->begins(lines, 1 + (size_t)more) == CLAIM_NONE)
                continue;
            print_message("# %s:%llu: claimed by %s\n", path,
                          (unsigned long long)lines[0].number, f->name);
            wrong++;
        }
    }
    text_close(t);
    input_close(in);
    buf_free(&b);
    return wrong;
}

static void test_nobody_claims_what_is_another_s(void **state)
{
    (void)state;
    struct every f;
    size_t wrong = 0;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        char folder[64];
        folder_of(f.path[i], folder);
        struct shots x = every_read(f.path[i]);
        wrong += claims_in(f.path[i], folder, &x);
        shots_free(&x);
    }
    every_free(&f);
    assert_int_equal(wrong, 0);
}

/* A fixture for every reader: one that nobody can try is not there. */
static void test_every_reader_has_a_fixture(void **state)
{
    (void)state;
    struct every f;
    every_find(&f, "fixtures");
    for (const struct format *r = format_table; r->name != NULL; r++) {
        size_t n = r->writer != NULL; /* what we write is tried by writing it */
        for (size_t i = 0; i < f.n && n == 0; i++) {
            struct shots x = every_read(f.path[i]);
            n += gave(&x, r->name);
            shots_free(&x);
        }
        if (n == 0)
            fail_msg("no fixture is read as %s", r->name);
    }
    every_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_nobody_claims_what_is_another_s),
        cmocka_unit_test(test_every_reader_has_a_fixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
