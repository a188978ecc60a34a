/* What is wrong with the sources, in sentences: those that cannot be read, and those that have fallen silent. */
#ifndef PROGRAM_REPORT_SOURCES_H
#define PROGRAM_REPORT_SOURCES_H

#include "pipeline/base/json.h"
#include "pipeline/store/store_sources.h"

/* "it usually has something new every 2 hours" */
void report_usual(const struct source_health *health, struct buffer *out);
/* "source costa has been unreadable since 2026-01-29 08:10 (3 runs in a row; last read 2026-01-29 06:10): 404" or
 * "source costa has given nothing new since ...: it usually ..."; nothing when there is nothing wrong with it. */
void report_source(const struct source_health *health, struct buffer *out);
/* {"name", "failing_since", "failures", "reason", "last_success", "last_new", "usual_minutes", "silent"}; what is not
 * known is left out. */
cJSON *report_source_json(const struct source_health *health);

#endif
