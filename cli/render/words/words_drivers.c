/* SPDX-License-Identifier: MIT */
/* What is said of files in which a tag was looked for: what was seen, and no more. */
#include "cli/render/drivers.h"

#define NAMES_TOLD 3

const char *words_driver_score(enum driver_score s)
{
    static const char *const words[] = {
        [DRIVER_VERY_LIKELY] = "very likely",
        [DRIVER_LIKELY] = "likely",
        [DRIVER_POSSIBLE] = "possible",
        [DRIVER_UNLIKELY] = "unlikely",
    };
    return words[s];
}

/* ---- the answer ---- */

static const char *base_name(const char *file)
{
    const char *base = file;
    for (const char *s = file; *s != '\0'; s++)
        if ((*s == '/' || *s == '\\' || *s == ':') && s[1] != '\0')
            base = s + 1;
    return base;
}

static void say_file(struct phrase *p, const struct driver *d)
{
    say_name(p, base_name(d->file));
    if (d->version.company[0] != '\0') {
        say(p, " (");
        say_name(p, d->version.company);
        say(p, ")");
    }
}

/* The drivers of one tag stand together. */
static const struct driver *of_tag(const struct drivers *d, size_t tag, size_t *n)
{
    size_t from = 0;
    while (from < d->n && d->v[from].which < tag)
        from++;
    *n = 0;
    while (from + *n < d->n && d->v[from + *n].which == tag)
        (*n)++;
    return *n > 0 ? d->v + from : NULL;
}

static void say_several(struct phrase *p, const struct driver *v, size_t best)
{
    for (size_t i = 0; i < best && i < NAMES_TOLD; i++) {
        say(p, i == 0 ? "" : i + 1 == best ? " and " : ", ");
        say_file(p, &v[i]);
    }
    if (best > NAMES_TOLD)
        say(p, " and %zu more", best - NAMES_TOLD);
}

void words_drivers_answer(struct phrase *p, const struct drivers *d, size_t i)
{
    size_t n, best = 0;
    const struct driver *v = of_tag(d, i, &n);
    say_tag(p, d->tags[i]);
    if (n == 0) {
        say(p, ": none of ");
        say_count(p, d->files, "file", "files");
        say(p, " holds these four bytes, in either order.");
        return;
    }
    while (best < n && v[best].score == v[0].score)
        best++;
    say(p, ": ");
    if (v[0].score == DRIVER_UNLIKELY) {
        say(p, "probably none of these files. ");
        say_several(p, v, best);
        say(p, best == 1
                   ? " holds the four bytes, but nothing says that it allocates with "
                     "them."
                   : " hold the four bytes, but nothing says that they allocate with "
                     "them.");
        return;
    }
    say_several(p, v, best);
    say(p, best == 1 ? ", %s." : ", each %s.", words_driver_score(v[0].score));
    if (best > 1)
        say(p, " The tag alone does not tell them apart.");
}

/* ---- reasons ---- */

static void say_times(struct phrase *p, uint64_t n)
{
    if (n == 1)
        say(p, "once");
    else if (n == 2)
        say(p, "twice");
    else
        say(p, "%llu times", (unsigned long long)n);
}

/* " (.text, PAGE)": the sections of that place which hold any. */
static void say_sections(struct phrase *p, const struct pe_hits *h, enum pe_place place)
{
    size_t told = 0;
    for (size_t i = 0; i < h->n_sections && told < NAMES_TOLD; i++) {
        if (h->sections[i].place != place || h->sections[i].name[0] == '\0')
            continue;
        say(p, told++ == 0 ? " (" : ", ");
        say_name(p, h->sections[i].name);
    }
    say(p, told > 0 ? ")" : "");
}

static bool say_code(struct phrase *p, const struct driver *d)
{
    const struct pe_hits *h = &d->hits;
    uint64_t stray = h->at[PE_CODE] - h->immediate;
    if (h->at[PE_CODE] == 0)
        return false;
    if (h->immediate > 0) {
        say(p, "its code");
        say_sections(p, h, PE_CODE);
        say(p, " uses the tag as a number ");
        say_times(p, h->immediate);
        if (h->before_call > 0) {
            say(p, ", ");
            say_times(p, h->before_call);
            say(p, " right before a call of an allocator");
        }
        if (stray > 0) {
            say(p, "; elsewhere in code ");
            say_times(p, stray);
        }
    } else {
        say(p, "the four bytes occur in code");
        say_sections(p, h, PE_CODE);
        say(p, " ");
        say_times(p, stray);
        say(p, ", not as the number of an instruction");
    }
    return true;
}

static bool say_elsewhere(struct phrase *p, const struct driver *d)
{
    static const char *const words[] = {
        [PE_CODE] = "in code",
        [PE_DATA] = "in data",
        [PE_RESOURCES] = "in resources",
        [PE_HEADERS] = "in the headers",
        [PE_OVERLAY] = "behind the last section (overlay)",
    };
    const struct pe_hits *h = &d->hits;
    bool any = false;
    for (int i = PE_DATA; i < PE_PLACES; i++) {
        if (h->at[i] == 0)
            continue;
        say(p, any ? ", " : h->at[PE_CODE] > 0 ? "besides " : "the four bytes are only ");
        say(p, "%s", d->sections_known ? words[i] : "somewhere in the file");
        say_sections(p, h, (enum pe_place)i);
        say(p, " ");
        say_times(p, h->at[i]);
        any = true;
    }
    return any;
}

static bool say_text(struct phrase *p, const struct driver *d)
{
    const struct pe_hits *h = &d->hits;
    uint64_t n = 0, all = driver_total(h);
    for (int i = 0; i < PE_PLACES; i++)
        n += h->text[i];
    if (n == 0)
        return false;
    if (n < all)
        say(p, "of these %llu %s", (unsigned long long)n, n == 1 ? "stands" : "stand");
    else
        say(p, n == 1 ? "it stands" : "they stand");
    say(p, " inside longer text, where words hold four letters by chance");
    return true;
}

static bool say_reversed(struct phrase *p, const struct driver *d)
{
    const struct pool_tag t = d->tag;
    uint64_t n = driver_total(&d->reversed);
    if (n == 0)
        return false;
    say(p, "the tag read backwards: ");
    say_times(p, n);
    if (driver_is_reversed(d)) {
        say(p, ", in code as a number ");
        say_times(p, d->reversed.immediate);
        say(p, "; if the tag was typed as C source spells it, poolmon shows ");
        say_tag(p, (struct pool_tag){{t.b[3], t.b[2], t.b[1], t.b[0]}});
    }
    return true;
}

static bool say_imports(struct phrase *p, const struct driver *d)
{
    const struct pe_imports *m = &d->imports;
    for (size_t i = 0; i < m->n_allocators && i < NAMES_TOLD; i++) {
        say(p, i == 0 ? "imports " : ", ");
        say_name(p, m->allocators[i]);
    }
    if (m->n_allocators > NAMES_TOLD)
        say(p, " and %zu more allocators", m->n_allocators - NAMES_TOLD);
    if (m->n_allocators > 0)
        return true;
    if (m->provides)
        say(p, "is the kernel: it provides the allocators");
    else if (m->framework)
        say(p, "imports no allocator, but the driver framework, which allocates for it");
    else if (!d->sections_known || !m->read)
        say(p, "what it imports cannot be read");
    else if (m->resolves)
        say(p, "imports no allocator, but looks functions up while it runs");
    else
        say(p, "imports no allocator: unlikely");
    return true;
}

static bool say_damage(struct phrase *p, const struct driver *d)
{
    if (d->damage[0] == '\0')
        return false;
    say(p, "it is damaged: ");
    say_name(p, d->damage);
    return true;
}

bool words_driver_reason(struct phrase *p, const struct driver *d, size_t k)
{
    static bool (*const reasons[])(struct phrase *, const struct driver *) = {
        say_code, say_elsewhere, say_text, say_reversed, say_imports, say_damage};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        size_t before = p->n;
        if (reasons[i](p, d) && k-- == 0)
            return true;
        p->n = before; /* a reason that was told already, or is none */
        p->s[before] = '\0';
    }
    return false;
}

void words_driver_what(struct phrase *p, const struct driver *d, bool with_tag)
{
    const struct pe_version *v = &d->version;
    if (with_tag) {
        say_tag(p, d->tag);
        say(p, " in ");
    }
    say_name(p, d->file);
    say(p, " (%s)", d->machine_name);
    if (v->description[0] != '\0') {
        say(p, ": ");
        say_name(p, v->description);
    }
    if (v->product[0] != '\0') {
        say(p, ", part of ");
        say_name(p, v->product);
    }
}

void words_drivers_read(struct phrase *p, const struct drivers *d, size_t shown)
{
    say(p, "Searched ");
    say_count(p, d->files, "driver or program", "drivers and programs");
    if (d->others > 0) {
        say(p, "; ");
        say_count(p, d->others, "other file is", "other files are");
        say(p, " none");
    }
    if (d->failed > 0)
        say(p, "; %llu could not be read", (unsigned long long)d->failed);
    say(p, ".");
    if (shown < d->n)
        say(p, " %zu more hold the bytes (-n 0 lists all).", d->n - shown);
    if (d->left_out > 0) {
        say(p, " ");
        say_count(p, d->left_out, "further file with hits is",
                  "further files with hits are");
        say(p, " left out.");
    }
}

/* ---- what to run ---- */

void words_find_driver(struct phrase *p, struct pool_tag t, bool findstr)
{
    say(p, "On the machine itself this names the drivers that hold ");
    say_tag(p, t);
    say(p, findstr ? ", in a command prompt:"
                   : ", in PowerShell (findstr cannot be given this tag):");
}

void words_find_powershell(struct phrase *p)
{
    say(p, "and in PowerShell, with version and company:");
}

void words_find_others(struct phrase *p, size_t n)
{
    say(p, "The same with the ");
    say_count(p, n, "other tag.", "other tags.");
}
