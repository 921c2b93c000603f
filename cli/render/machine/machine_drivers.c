/* SPDX-License-Identifier: MIT */
/* The drivers that hold a tag, for machines: JSON and CSV. */
#include <string.h>

#include "cli/render/drivers.h"
#include "cli/render/machine/csv_line.h"

static const char *const place_names[PE_PLACES] = {
    [PE_CODE] = "code",       [PE_DATA] = "data",       [PE_RESOURCES] = "resources",
    [PE_HEADERS] = "headers", [PE_OVERLAY] = "overlay",
};

static uint64_t in_text(const struct pe_hits *h)
{
    uint64_t n = 0;
    for (int i = 0; i < PE_PLACES; i++)
        n += h->text[i];
    return n;
}

static void hits(struct jsonw *j, const struct pe_hits *h)
{
    for (int i = 0; i < PE_PLACES; i++)
        jsonw_u64(j, place_names[i], h->at[i]);
    jsonw_u64(j, "code_immediate", h->immediate);
    jsonw_u64(j, "before_call", h->before_call);
    jsonw_u64(j, "in_text", in_text(h));
}

static void sections(struct jsonw *j, const struct pe_hits *h)
{
    jsonw_array(j, "sections");
    for (size_t i = 0; i < h->n_sections; i++) {
        jsonw_object(j, NULL);
        jsonw_string(j, "name", h->sections[i].name);
        jsonw_string(j, "place", place_names[h->sections[i].place]);
        jsonw_u64(j, "count", h->sections[i].count);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
}

static void imports(struct jsonw *j, const struct driver *d)
{
    const struct pe_imports *m = &d->imports;
    if (m->read)
        jsonw_bool(j, "allocates", driver_allocates(d));
    else
        jsonw_null(j, "allocates");
    jsonw_array(j, "imports");
    for (size_t i = 0; i < m->n_allocators; i++)
        jsonw_string(j, NULL, m->allocators[i]);
    jsonw_end_array(j);
    jsonw_bool(j, "framework", m->framework);
    jsonw_bool(j, "provides", m->provides);
}

static void one(struct jsonw *j, const struct driver *d)
{
    struct phrase p;
    jsonw_object(j, NULL);
    json_tag(j, d->tag);
    jsonw_string(j, "file", d->file);
    jsonw_string(j, "score", driver_score_name(d->score));
    jsonw_array(j, "reasons");
    phrase_start(&p, false);
    for (size_t k = 0; words_driver_reason(&p, d, k); k++) {
        jsonw_string(j, NULL, p.s);
        phrase_start(&p, false);
    }
    jsonw_end_array(j);
    jsonw_string(j, "machine", d->machine_name);
    hits(j, &d->hits);
    sections(j, &d->hits);
    jsonw_object(j, "reversed");
    hits(j, &d->reversed);
    jsonw_end_object(j);
    imports(j, d);
    json_text(j, "company", d->version.company);
    json_text(j, "product", d->version.product);
    json_text(j, "description", d->version.description);
    json_text(j, "version", d->version.version);
    json_text(j, "original_name", d->version.original);
    json_text(j, "damage", d->damage);
    jsonw_end_object(j);
}

void json_drivers(struct jsonw *j, const struct drivers *d, size_t top)
{
    jsonw_array(j, "drivers");
    for (size_t i = 0; i < d->n && (top == 0 || i < top); i++)
        one(j, &d->v[i]);
    jsonw_end_array(j);
    jsonw_object(j, "drivers_read");
    jsonw_u64(j, "files", d->files);
    jsonw_u64(j, "others", d->others);
    jsonw_u64(j, "failed", d->failed);
    jsonw_u64(j, "holders", d->n);
    jsonw_u64(j, "left_out", d->left_out);
    jsonw_end_object(j);
}

/* ---- CSV ---- */

/* All names in one cell. */
static void import_cell(struct csv_line *l, const struct pe_imports *m)
{
    char all[PE_ALLOCATORS * (PE_NAME_MAX + 1)];
    size_t n = 0;
    for (size_t i = 0; i < m->n_allocators; i++) {
        size_t more = strlen(m->allocators[i]);
        if (i > 0)
            all[n++] = ' ';
        memcpy(all + n, m->allocators[i], more);
        n += more;
    }
    all[n] = '\0';
    csv_text(l, all);
}

void csv_drivers(struct render *r, const struct drivers *d)
{
    csv_header(r, "tag,tag_hex,file,score,machine,code,data,resources,headers,overlay,"
                  "code_immediate,before_call,in_text,reversed,allocates,imports,company,"
                  "product,description,version,original_name,damage");
    struct csv_line l = {.out = r->out};
    const size_t top = r->o->top;
    for (size_t i = 0; i < d->n && (top == 0 || i < top); i++) {
        const struct driver *v = &d->v[i];
        csv_tag(&l, v->tag);
        csv_text(&l, v->file);
        csv_word(&l, driver_score_name(v->score));
        csv_word(&l, v->machine_name);
        for (int k = 0; k < PE_PLACES; k++)
            csv_u64(&l, true, v->hits.at[k]);
        csv_u64(&l, true, v->hits.immediate);
        csv_u64(&l, true, v->hits.before_call);
        csv_u64(&l, true, in_text(&v->hits));
        csv_u64(&l, true, driver_total(&v->reversed));
        csv_word(&l, !v->imports.read ? "" : driver_allocates(v) ? "true" : "false");
        import_cell(&l, &v->imports);
        csv_text(&l, v->version.company);
        csv_text(&l, v->version.product);
        csv_text(&l, v->version.description);
        csv_text(&l, v->version.version);
        csv_text(&l, v->version.original);
        csv_text(&l, v->damage);
        csv_end(&l);
    }
}
