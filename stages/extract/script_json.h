/* The JSON that a page carries for its scripts: as a script of its own (type application/json, __NEXT_DATA__,
 * __NUXT_DATA__), or assigned to a variable in one (window.__NUXT__ = ..., Fusion.globalContent = ...). No script is
 * run: objects are read as they stand, and what is no constant in them is null. */
#ifndef STAGES_EXTRACT_SCRIPT_JSON_H
#define STAGES_EXTRACT_SCRIPT_JSON_H

#include <cjson/cJSON.h>

#include "pipeline/base/text.h"

/* Calls `visit` with each, which lives during the call. JSON-LD is left to linked_data.h. Linear in the page; scripts
 * of more than 4 MB are passed over. */
void script_json_each(struct span page, void (*visit)(void *context, const cJSON *root), void *context);

#endif
