/* SPDX-License-Identifier: MIT */
/* Do forecasts hold?  A series is ranked up to an hour CUT, and what it says of the hours
 * after that is compared with the captures of those hours:
 *
 *     ahead limits LABELS FOLDER CUT AHEAD
 *
 * prints the options that set each pool's limit to the highest total that it reaches
 * within AHEAD hours after CUT, and
 *
 *     ahead score LABELS FOLDER CUT AHEAD RANKING
 *
 * one line of NAME VALUE pairs, counts of this one series:
 *
 *   pools refused open within   pools that rise above their last total; forecasts
 * refused; without a latest hour; true hour inside the interval tags none wide held leaks
 * called probable or more; no interval of the pace given; its lower end not above 0; true
 * pace inside hours wait  of the pools with both ends: width of the interval over the
 * true hours, forecast over the true hours, both summed
 */
#include <errno.h>
#include <math.h>

#include "formats/reader.h"
#include "tests/eval/ranking.h"

#define HALF_DAY 12. /* a level is the median over so long */

struct later {
    struct labels labels;
    double cut, ahead;
    double total[SNAPSHOTS][POOL_KINDS]; /* KiB; NAN: not read */
    float bytes[TAGS][SNAPSHOTS];        /* -1: not read, or not listed */
    unsigned now;                        /* the last capture up to the cut */
    double limit[POOL_KINDS];            /* KiB */
};

/* ---- the captures ---- */

static void take_rows(struct later *l, unsigned j, const struct pool_snapshot *s)
{
    unsigned k = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        char hex[TAG_HEX_MAX];
        tag_hex(s->rows[i].tag, hex);
        const struct label *next = &l->labels.tag[k]; /* rows keep their order mostly */
        if (k >= l->labels.n_tags || strcmp(next->hex, hex) != 0 ||
            next->pool != s->rows[i].pool)
            k = labels_find(&l->labels, hex, s->rows[i].pool);
        if (k < TAGS)
            l->bytes[k++][j] = (float)s->rows[i].bytes;
    }
    for (int p = 0; p < POOL_KINDS; p++) {
        int field = p == POOL_PAGED ? TOTAL_PAGED_KIB : TOTAL_NONPAGED_KIB;
        if ((s->totals.given & 1u << field) != 0)
            l->total[j][p] = (double)s->totals.v[field];
    }
}

static int read_file(struct later *l, unsigned j, const char *path, struct err *e)
{
    struct input_raw raw;
    struct input *in;
    struct reader *r = NULL;
    struct reader_opts o = {.limits = LIMITS_DEFAULT};
    struct pool_snapshot s = {0};
    TRY(input_raw_file(&raw, path, e));
    TRY(input_open(&in, path, raw, &o.limits, e));
    int got = reader_open(&r, in, &o, e);
    if (got == 0)
        got = reader_next(r, &s, e);
    if (got == 1)
        take_rows(l, j, &s);
    pool_snapshot_free(&s);
    reader_close(r);
    input_close(in);
    return got;
}

static bool read_captures(struct later *l, const char *folder)
{
    const struct labels *b = &l->labels;
    for (unsigned k = 0; k < TAGS; k++)
        for (unsigned j = 0; j < SNAPSHOTS; j++)
            l->bytes[k][j] = -1;
    for (unsigned j = 0; j < b->n_captures; j++) {
        for (int p = 0; p < POOL_KINDS; p++)
            l->total[j][p] = NAN;
        if (b->hours[j] <= l->cut)
            l->now = j;
        if (b->hours[j] < l->cut - HALF_DAY || b->hours[j] > l->cut + l->ahead)
            continue;
        char path[1024];
        struct err e = {0};
        snprintf(path, sizeof path, "%s/%s", folder, b->file[j]);
        if (read_file(l, j, path, &e) != 1) {
            fprintf(stderr, "ahead: %s: %s\n", path, e.text);
            return false;
        }
    }
    for (int p = 0; p < POOL_KINDS; p++)
        for (unsigned j = l->now + 1; j < b->n_captures; j++)
            if (l->total[j][p] > l->limit[p])
                l->limit[p] = l->total[j][p];
    return true;
}

/* ---- comparing ---- */

static bool number(const char *text, double *v)
{
    char *end;
    *v = strtod(text, &end);
    return end != text && *end == '\0';
}

struct counts {
    unsigned pools, refused, open, within, tags, none, wide, held;
    double hours, wait;
};

static void score_pool(struct later *l, struct json_walk *w, yaml_node_t *pool,
                       enum pool_kind p, struct counts *c)
{
    if (pool == NULL || !(l->limit[p] > l->total[l->now][p]))
        return;
    c->pools++;
    double in, low, high;
    if (!number(json_text(w, pool, "exhausted_in_h"), &in) ||
        !number(json_text(w, pool, "exhausted_in_h_low"), &low)) {
        c->refused++;
        return;
    }
    unsigned j = l->now + 1;
    while (l->total[j][p] < l->limit[p])
        j++;
    const double *hours = l->labels.hours;
    double after = hours[j - 1] - hours[l->now], until = hours[j] - hours[l->now];
    bool ends = number(json_text(w, pool, "exhausted_in_h_high"), &high);
    c->open += !ends;
    c->within += low <= until && (!ends || high >= after);
    if (ends) {
        c->hours += (high - low) / until;
        c->wait += in / until;
    }
}

static int ascend(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The tag's level over the half day that ends at that hour; false: not listed there. */
static bool level(const struct later *l, unsigned k, double end, double *at, double *v)
{
    double all[SNAPSHOTS], hours[SNAPSHOTS];
    unsigned n = 0;
    for (unsigned j = 0; j < l->labels.n_captures; j++)
        if (l->labels.hours[j] > end - HALF_DAY && l->labels.hours[j] <= end &&
            l->bytes[k][j] >= 0) {
            all[n] = (double)l->bytes[k][j];
            hours[n++] = l->labels.hours[j];
        }
    if (n == 0)
        return false;
    qsort(all, n, sizeof all[0], ascend);
    *v = all[n / 2];
    *at = hours[n / 2];
    return true;
}

static void score_tag(const struct later *l, struct json_walk *w, yaml_node_t *tag,
                      struct counts *c)
{
    struct ranked r;
    double t0, t1, v0, v1, low, high;
    json_tag(w, tag, &r);
    if (!r.probable || r.label >= TAGS || !l->labels.tag[r.label].leak ||
        !level(l, r.label, l->cut, &t0, &v0) ||
        !level(l, r.label, l->cut + l->ahead, &t1, &v1) || !(t1 > t0))
        return;
    c->tags++;
    if (!number(json_text(w, tag, "bytes_per_hour_low"), &low) ||
        !number(json_text(w, tag, "bytes_per_hour_high"), &high)) {
        c->none++;
        return;
    }
    double pace = (v1 - v0) / (t1 - t0);
    c->wide += low <= 0;
    c->held += low <= pace && pace <= high;
}

static bool score(struct later *l, const char *ranking)
{
    struct json_walk w = {.labels = &l->labels};
    struct counts c = {0};
    yaml_parser_t parser;
    FILE *f = fopen(ranking, "r");
    if (f == NULL || !yaml_parser_initialize(&parser))
        return false;
    yaml_parser_set_input_file(&parser, f);
    bool fine = yaml_parser_load(&parser, &w.doc);
    yaml_parser_delete(&parser);
    fclose(f);
    if (!fine)
        return false;
    yaml_node_t *hosts = json_member(&w, yaml_document_get_root_node(&w.doc), "hosts");
    yaml_node_t *host = json_item(&w, hosts, 0);
    yaml_node_t *pools = json_member(&w, host, "pools");
    yaml_node_t *tags = json_member(&w, host, "tags");
    fine = json_length(hosts) == 1;
    score_pool(l, &w, json_member(&w, pools, "nonpaged"), POOL_NONPAGED, &c);
    score_pool(l, &w, json_member(&w, pools, "paged"), POOL_PAGED, &c);
    for (unsigned i = 0; i < json_length(tags); i++)
        score_tag(l, &w, json_item(&w, tags, i), &c);
    yaml_document_delete(&w.doc);
    printf("pools %u refused %u open %u within %u tags %u none %u wide %u held %u "
           "hours %.3f wait %.3f\n",
           c.pools, c.refused, c.open, c.within, c.tags, c.none, c.wide, c.held, c.hours,
           c.wait);
    return fine;
}

int main(int argc, char **argv)
{
    struct later *l = calloc(1, sizeof *l);
    bool limits = argc == 6 && strcmp(argv[1], "limits") == 0;
    bool scores = argc == 7 && strcmp(argv[1], "score") == 0;
    bool fine = l != NULL && (limits || scores) && labels_read(&l->labels, argv[2]) &&
                number(argv[4], &l->cut) && number(argv[5], &l->ahead);
    if (!fine)
        fputs("ahead limits|score LABELS FOLDER CUT AHEAD [RANKING]\n", stderr);
    fine = fine && read_captures(l, argv[3]);
    if (fine && limits)
        printf("--limit nonpaged=%.0fK --limit paged=%.0fK\n", l->limit[POOL_NONPAGED],
               l->limit[POOL_PAGED]);
    else if (fine)
        fine = score(l, argv[6]);
    free(l);
    return fine ? 0 : 2;
}
