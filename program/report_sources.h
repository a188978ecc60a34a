/* Describes sources that cannot be read and sources that have published nothing for unusually long. */
#ifndef PROGRAM_REPORT_SOURCES_H
#define PROGRAM_REPORT_SOURCES_H

#include "pipeline/base/json.h"
#include "pipeline/store/store_sources.h"

/* Appends, e.g., "it usually has something new every 2 hours". */
void report_usual(const struct source_health *health, struct buffer *out);
/* Appends, e.g., "source costa has been unreadable since 2026-01-29 08:10 (3 runs in a row; last read 2026-01-29
 * 06:10): 404" or "source costa has had nothing new since ...: it usually ..."; appends nothing if the source has no
 * problem. */
void report_source(const struct source_health *health, struct buffer *out);
/* Returns {"name", "failing_since", "failures", "reason", "last_success", "last_new", "usual_minutes", "silent"};
 * members whose value is unknown are left out. */
cJSON *report_source_json(const struct source_health *health);

#endif
