/* Reads the JSON that a page contains for its scripts: either as a separate script (type application/json,
 * __NEXT_DATA__, __NUXT_DATA__) or as a value assigned to a variable (window.__NUXT__ = ..., Fusion.globalContent =
 * ...). Scripts are not run: object literals are read as they are, and anything in them that is not a constant becomes
 * null. */
#ifndef STAGES_EXTRACT_SCRIPT_JSON_H
#define STAGES_EXTRACT_SCRIPT_JSON_H

#include <cjson/cJSON.h>

#include "pipeline/base/text.h"

/* Calls `visit` for each value, which is freed after the call. JSON-LD is not included (see linked_data.h). Takes
 * linear time; scripts of more than 4 MB are skipped. */
void script_json_each(struct span page, void (*visit)(void *context, const cJSON *root), void *context);

#endif
