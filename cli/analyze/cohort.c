/* SPDX-License-Identifier: MIT */
/* Which tags grow by the same number of objects, interval by interval.
 *
 * Two tags are held side by side as two readings of one process.  Every interval votes,
 * in bits: for them when their difference is as small as two counters of one event would
 * show, against them when it is what two processes of that pace would show.  Tags that
 * merely share a clock rise and fall together but not by the same number.  A smooth
 * course repeats itself, so its agreement is counted as no more than a few independent
 * looks; only agreement in what is irregular about both counts without end. */
#include "cli/analyze/cohort.h"

#include <stdlib.h>

#include "cli/analyze/bounds.h"
#include "cli/analyze/portable.h"
#include "cli/analyze/row.h"

#define CANDIDATES  400  /* the best ranked; each is held against each */
#define OBJECTS     50   /* gained: from here on a tag is worth a look ... */
#define OFF_NET     .005 /* how far the growth of two in step may be apart */
#define OFF_NET_N   .003 /* ... and of two in another ratio than 1 */
#define OFF_OBJECTS 2    /* whatever their size: they are read one after the other */
#define SKEW        1.   /* objects that one reading may be behind the other ... */
#define MISSED      .004 /* ... and the share of events that only one of them keeps */
#define LIKE_PACE   .05  /* paces of two processes differ by so much between intervals */
#define SMOOTH_BITS 7.   /* most that a course without irregularities can say */
#define ENOUGH_BITS 13.5
#define FEW_STEPS   3   /* up to here less is asked for */
#define RATIO_BITS  10. /* irregular ones, for ratios other than 1 ... */
#define RATIO_STEPS 20  /* and intervals */
/* A driver's tag and the container it allocates through. */
#define OFF_WAY           .01 /* of the growth, at any time */
#define CONTAINER_STEPS   8
#define CONTAINER_OBJECTS 500

/* One interval: a bin and the one before it in the same boot. */
struct step {
    uint32_t to;
    double h;
    bool inner; /* the intervals before and behind it are of its boot */
};

struct clock {
    struct step steps[BINS];
    size_t n;
    uint32_t opens[BINS]; /* the first bin of each boot */
    size_t n_opens;
    size_t n_folded;
};

/* What one candidate did with its objects. */
struct line {
    uint32_t tag;  /* index in rank order */
    double gained; /* over all that is known */
    bool gaps;     /* not all is */
    double count[BINS];
    struct {
        double net, moved;
    } folded[BOOTS_KEPT + 1]; /* boots of which only sums are left */
};

static struct clock clock_of(const struct tally *t)
{
    struct clock k = {.n = 0};
    for (size_t i = 0; i < t->n_boots; i++) {
        const struct boot *b = &t->boots[i];
        if (b->folded) {
            k.n_folded++;
            continue;
        }
        k.opens[k.n_opens++] = b->bin0;
        uint32_t end = b->bin0 + b->n_bins;
        for (uint32_t bin = b->bin0 + 1; bin < end; bin++) {
            double h = t->bins[bin].last_t - t->bins[bin - 1].last_t;
            k.steps[k.n++] = (struct step){.to = bin,
                                           .h = h > 1e-6 ? h : 1e-6,
                                           .inner = bin > b->bin0 + 1 && bin + 1 < end};
        }
    }
    return k;
}

static double step_of(const struct line *l, const struct step *s)
{
    return l->count[s->to] - l->count[s->to - 1];
}

static const struct sums *sums_of(const struct boot *b, uint32_t slot)
{
    size_t low = 0, high = b->n_sums;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (b->sums[middle].slot < slot)
            low = middle + 1;
        else
            high = middle;
    }
    return low < b->n_sums && b->sums[low].slot == slot ? &b->sums[low] : NULL;
}

static void draw_line(struct line *l, const struct tally *t, const struct clock *k,
                      uint32_t slot)
{
    size_t folded = 0;
    l->gained = 0;
    l->gaps = false;
    for (size_t i = 0; i < t->n_boots; i++) {
        const struct boot *b = &t->boots[i];
        if (!b->folded) {
            course_counts(t, b, slot, l->count + b->bin0);
            continue;
        }
        const struct sums *s = sums_of(b, slot);
        l->folded[folded].net = s != NULL ? s->c_up - s->c_down : 0;
        l->folded[folded].moved = s != NULL ? s->c_up + s->c_down : 0;
        l->gained += l->folded[folded++].net;
    }
    for (size_t i = 0; i < k->n; i++) {
        double step = step_of(l, &k->steps[i]);
        l->gained += isnan(step) ? 0 : step;
        l->gaps = l->gaps || isnan(step);
    }
}

/* ---- two of them ---- */

/* Of `many`, `ratio` objects are kept for each one of `few`. */
struct pair {
    const struct clock *clock;
    const struct line *few, *many;
    double ratio;
};

struct votes {
    size_t steps;
    double bits, most; /* of all intervals, and of the one that says most */
};

/* For or against one process behind two figures that are `off` apart, if two processes
 * would be `apart`: log2 of how many times likelier, by Cauchy's curve for both. */
static double vote(double off, double apart, double moved, double ratio)
{
    double near = SKEW * ratio + MISSED * moved;
    double far = apart > near ? apart : near;
    double a = off / near, b = off / far;
    return log2_straight(far / near * (1 + b * b) / (1 + a * a));
}

/* Two processes of such a pace: chance, and the habits of the host. */
static double apart(double moved, double habit)
{
    return sqrt(2 * moved + habit * moved * (habit * moved));
}

static void cast(struct votes *v, double bits)
{
    v->bits += bits;
    v->most = bits > v->most ? bits : v->most;
}

/* The one that says most is left out: the growth as a whole says the same. */
static double all_but_most(const struct votes *v)
{
    return v->bits - v->most;
}

/* How far the interval's pace is from what its neighbours would make it. */
static double irregular(const struct line *l, const struct step *s)
{
    if (!s->inner)
        return 0;
    double before = step_of(l, s - 1) / s[-1].h, behind = step_of(l, s + 1) / s[1].h;
    double off = fabs(step_of(l, s) / s->h - (before + behind) / 2) * s->h;
    return off >= 0 ? off * .816 : 0; /* sqrt(2/3): three paces make the difference */
}

/* At the first look into a boot: what both gained since it began.  They may have held
 * different things before, so this never speaks against them. */
static double since_boot(const struct pair *p)
{
    double bits = 0;
    for (size_t i = 0; i < p->clock->n_opens; i++) {
        double few = p->few->count[p->clock->opens[i]] * p->ratio;
        double many = p->many->count[p->clock->opens[i]];
        double most = larger(few, many);
        if (most > 0)
            bits += larger(vote(fabs(many - few), apart(most, .5), most, p->ratio), 0);
    }
    return bits;
}

static struct votes vote_course(const struct pair *p)
{
    struct votes v = {.steps = 0};
    for (size_t i = 0; i < p->clock->n; i++) {
        const struct step *s = &p->clock->steps[i];
        double few = step_of(p->few, s) * p->ratio, many = step_of(p->many, s);
        double off = fabs(many - few), moved = larger(fabs(few), fabs(many));
        if (isnan(off))
            continue;
        v.steps++;
        cast(&v, vote(off, apart(moved, LIKE_PACE), moved, p->ratio));
    }
    for (size_t i = 0; i < p->clock->n_folded; i++) {
        double net = fabs(p->many->folded[i].net - p->few->folded[i].net * p->ratio);
        double way = fabs(p->many->folded[i].moved - p->few->folded[i].moved * p->ratio);
        double moved = p->many->folded[i].moved;
        v.steps++;
        cast(&v, vote(larger(net, way), apart(moved, LIKE_PACE), moved, p->ratio));
    }
    return v;
}

static struct votes vote_irregular(const struct pair *p)
{
    struct votes v = {.steps = 0};
    for (size_t i = 0; i < p->clock->n; i++) {
        const struct step *s = &p->clock->steps[i];
        double few = step_of(p->few, s) * p->ratio, many = step_of(p->many, s);
        double off = fabs(many - few), moved = larger(fabs(few), fabs(many));
        if (isnan(off))
            continue;
        double both = smaller(irregular(p->few, s) * p->ratio, irregular(p->many, s));
        cast(&v, vote(off, smaller(both, moved), moved, p->ratio));
    }
    return v;
}

/* The growth over all that is known of both. */
static void gained_together(const struct pair *p, double *few, double *many)
{
    *few = p->few->gained;
    *many = p->many->gained;
    if (!p->few->gaps && !p->many->gaps)
        return;
    *few = *many = 0;
    for (size_t i = 0; i < p->clock->n; i++) {
        double a = step_of(p->few, &p->clock->steps[i]);
        double b = step_of(p->many, &p->clock->steps[i]);
        if (isnan(a) || isnan(b))
            continue;
        *few += a;
        *many += b;
    }
    for (size_t i = 0; i < p->clock->n_folded; i++) {
        *few += p->few->folded[i].net;
        *many += p->many->folded[i].net;
    }
}

/* For or against by the sum of all intervals; below 0: they are no pair. */
static double net_bits(const struct pair *p)
{
    double few, many;
    gained_together(p, &few, &many);
    double most = larger(few * p->ratio, many), off = fabs(many - few * p->ratio);
    double most_off = p->ratio > 1 ? OFF_NET_N : OFF_NET;
    if (!(few > 0 && many > 0) || off > OFF_OBJECTS * p->ratio + most_off * most)
        return -1;
    return log2_straight(larger(most / (off + p->ratio), 1));
}

/* With few intervals nothing can be certain, and less is asked for; with one there is no
 * course at all. */
static double bits_needed(size_t steps)
{
    return steps < 2 || steps > FEW_STEPS ? ENOUGH_BITS : 7 + 1.5 * (double)steps;
}

static bool agree(const struct pair *p, double net)
{
    struct votes course = vote_course(p);
    double bits = all_but_most(&course);
    if (course.steps == 0 || bits < 0)
        return false;
    struct votes odd = vote_irregular(p);
    double most = larger(all_but_most(&odd), 0);
    if (p->ratio > 1 && (most < RATIO_BITS || course.steps < RATIO_STEPS))
        return false;
    if (course.steps <= FEW_STEPS)
        bits += since_boot(p);
    return net + smaller(bits, SMOOTH_BITS + most) >= bits_needed(course.steps);
}

static bool in_step(const struct pair *p)
{
    double net = net_bits(p);
    return net >= 0 && agree(p, net);
}

/* Windows holds things through a container for others, too: they come and go, and blur
 * every interval.  What stays is that it was never far from what the driver's tag gained
 * until then. */
static bool accompanies(const struct clock *k, const struct line *a, const struct line *b)
{
    double off = 0, farthest = 0, gained = 0;
    size_t steps = 0;
    for (size_t i = 0; i < k->n; i++) {
        double here = step_of(a, &k->steps[i]), there = step_of(b, &k->steps[i]);
        if (isnan(here) || isnan(there))
            continue;
        off += here - there;
        farthest = larger(farthest, fabs(off));
        gained += smaller(here, there);
        steps++;
    }
    return steps >= CONTAINER_STEPS && gained >= CONTAINER_OBJECTS &&
           farthest <= OFF_WAY * gained && fabs(off) <= OFF_NET * gained;
}

/* Objects of b for each one of a, 0 = they do not belong together. */
static double ratio_of(const struct clock *k, const struct line *a, const struct line *b)
{
    for (int ratio = 1; ratio <= 3; ratio++) {
        const struct pair up = {.clock = k, .few = a, .many = b, .ratio = ratio};
        if (in_step(&up))
            return ratio;
        const struct pair down = {.clock = k, .few = b, .many = a, .ratio = ratio};
        if (ratio > 1 && in_step(&down))
            return 1. / ratio;
    }
    return 0;
}

/* ---- all of them ---- */

/* The candidates in rank order; n of at most CANDIDATES. */
static size_t draw_lines(struct line *lines, const struct rank_result *r,
                         const struct tally *t, const struct pooled *p,
                         const struct clock *k)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_tags && n < CANDIDATES; i++) {
        uint32_t slot = slot_known(t, row_key(r->tags[i].tag, r->tags[i].pool));
        if (slot == NO_SLOT || !t->pasts[slot].counted)
            continue;
        const struct sums *s = &p->sums[slot];
        if (r->tags[i].growth_bytes < NOTABLE_BYTES && s->c_up - s->c_down < OBJECTS)
            continue;
        lines[n].tag = (uint32_t)i;
        draw_line(&lines[n], t, k, slot);
        n += lines[n].gained > 0;
    }
    return n;
}

static int64_t whole(double v)
{
    return (int64_t)(v < 9e18 ? v > -9e18 ? v : -9e18 : 9e18);
}

static void join(struct rank_result *r, struct rank_cohort *c, const struct line *l,
                 double ratio)
{
    struct rank_tag *tag = &r->tags[l->tag];
    struct cohort_member m = {.tag = tag->tag,
                              .pool = tag->pool,
                              .rank = l->tag + 1,
                              .ratio = ratio,
                              .objects = whole(l->gained),
                              .bytes = whole(round(tag->growth_bytes))};
    tag->cohort = c->id;
    cohort_add(c, &m, tag->role);
}

static bool is_container(const struct rank_tag *a, const struct rank_tag *b)
{
    bool either = a->role == ROLE_CONTAINER || b->role == ROLE_CONTAINER;
    return either && a->grade > 0 && b->grade > 0;
}

/* Every member is in step with the first: were each to bring its own neighbours, small
 * differences would add up. */
static void gather(struct rank_result *r, struct rank_cohort *c, const struct clock *k,
                   const struct line *first, size_t n)
{
    for (const struct line *l = first + 1; l < first + n; l++) {
        if (r->tags[l->tag].cohort != 0)
            continue;
        double ratio = ratio_of(k, first, l);
        if (ratio == 0 && is_container(&r->tags[first->tag], &r->tags[l->tag]) &&
            accompanies(k, first, l))
            ratio = 1;
        if (ratio > 0 && c->size == 0)
            join(r, c, first, 1);
        if (ratio > 0)
            join(r, c, l, ratio);
    }
}

static int gather_all(struct rank_result *r, const struct clock *k,
                      const struct line *lines, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        struct rank_cohort c = {.id = (uint32_t)r->n_cohorts + 1, .basis = COHORT_GROWTH};
        if (r->tags[lines[i].tag].cohort != 0)
            continue;
        gather(r, &c, k, &lines[i], n - i);
        if (c.size == 0)
            continue;
        void *v = r->cohorts;
        TRY(grow(&v, &r->cohorts_cap, r->n_cohorts + 1, sizeof c, e));
        r->cohorts = v;
        r->cohorts[r->n_cohorts++] = c;
    }
    return 0;
}

int cohorts_of_growth(struct rank_result *r, const struct tally *t,
                      const struct pooled *p, struct err *e)
{
    const struct clock k = clock_of(t);
    struct line *lines = malloc(CANDIDATES * sizeof *lines);
    if (lines == NULL)
        return err_nomem(e);
    size_t n = draw_lines(lines, r, t, p, &k);
    int code = gather_all(r, &k, lines, n, e);
    free(lines);
    return code;
}
