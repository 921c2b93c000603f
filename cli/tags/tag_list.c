/* SPDX-License-Identifier: MIT */
#include "cli/tags/tag_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/redact/redact.h"
#include "cli/tags/person.h"
#include "formats/io/input.h"

/* ---- reading ---- */

static int read_pooltag(struct tag_list *l, const char *path, struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct input_raw raw;
    struct input *in = NULL;
    TRY(input_raw_file(&raw, path, e));
    TRY(input_open(&in, path, raw, &limits, e));
    const int r = pooltag_read(&l->pooltag, in, &limits, e);
    input_close(in);
    return r;
}

static int read_yaml(struct tag_list *l, const char *path, struct err *e)
{
    struct yaml *y = NULL;
    TRY(yaml_open_file(&y, path, NULL, e));
    const int r = know_tags_read(&l->yaml, y, KNOW_USER, e);
    yaml_close(y);
    return r;
}

static bool ends_in(const char *path, const char *suffix)
{
    const size_t n = strlen(path), m = strlen(suffix);
    return n >= m && strcmp(path + n - m, suffix) == 0;
}

static int read_list(struct tag_list *l, const char *path, const char *hint,
                     struct err *e)
{
    const bool yaml = ends_in(path, ".yaml") || ends_in(path, ".yml");
    const char *slash = strrchr(path, '/');
    l->from = path;
    l->name = slash != NULL ? slash + 1 : path;
    const int r = yaml ? read_yaml(l, path, e) : read_pooltag(l, path, e);
    if (r < 0) {
        err_place(e, path, 0);
        err_hint(e, "%s", hint);
    }
    return r;
}

int tag_list_open(struct tag_list *l, const char *named, struct err *e)
{
    *l = (struct tag_list){.pooltag = NULL};
    const char *variable = getenv("POOLSIFT_TAGS");
    if (named != NULL)
        return read_list(l, named, "--tags takes a pooltag.txt or a tags.yaml", e);
    if (variable != NULL && *variable != '\0')
        return read_list(l, variable, "the variable POOLSIFT_TAGS names this file", e);
    static const char *const names[] = {"tags.yaml", "pooltag.txt", NULL};
    TRY(person_file(names, &l->path, e));
    return l->path == NULL
               ? 0
               : read_list(l, l->path, "it is read because it lies in that folder", e);
}

int tag_list_redact(struct tag_list *l, struct redact *names, struct err *e)
{
    return l->name == NULL || names == NULL
               ? 0
               : redact_name(names, REDACT_FILE, l->from, &l->name, e);
}

void tag_list_free(struct tag_list *l)
{
    pooltag_free(l->pooltag);
    know_list_free(&l->yaml);
    free(l->path);
    *l = (struct tag_list){.pooltag = NULL};
}

/* ---- asking ---- */

static void take_own(struct tag_facts *f, const struct know_tag *own, const char *name)
{
    const enum role role = own->role != ROLE_UNKNOWN ? own->role : f->owner.role;
    f->known = own;
    f->owner = (struct owner){
        .text = own->label, .source = name, .role = role, .unverified = !own->verified};
}

struct tag_facts tag_list_find(const struct tag_list *l, struct pool_tag tag)
{
    struct tag_facts f = {.known = know_tags_find(&know_tags_builtin, tag)};
    if (f.known != NULL) {
        f.owner.text = f.known->label;
        f.owner.source = f.known->label != NULL ? "built-in" : NULL;
        f.owner.role = f.known->role;
        f.owner.unverified = !f.known->verified;
    }
    const struct know_tag *own = know_tags_find(&l->yaml.tags, tag);
    if (own != NULL)
        take_own(&f, own, l->name);
    f.listed = l->pooltag != NULL ? pooltag_find(l->pooltag, tag) : NULL;
    if (f.listed != NULL && *f.listed->owner != '\0') {
        f.owner.text = f.listed->owner;
        f.owner.source = l->name;
        f.owner.unverified = false;
    }
    return f;
}
