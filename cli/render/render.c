/* SPDX-License-Identifier: MIT */
#include "cli/render/render.h"

#include <string.h>

#include "formats/io/jsonw.h"

const struct renderer *const render_table[] = {
    &render_text, &render_json, &render_csv, &render_markdown, NULL,
};

const struct renderer *renderer_find(const char *name)
{
    for (size_t i = 0; render_table[i] != NULL; i++)
        if (strcmp(render_table[i]->name, name) == 0)
            return render_table[i];
    return NULL;
}

void render_close(struct render *r)
{
    jsonw_free(r->json);
    r->json = NULL;
}
