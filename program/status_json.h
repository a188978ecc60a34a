/* Where everything stands, for `dragoman status --json` (docs/json.md, config/status.schema.json). */
#ifndef PROGRAM_STATUS_JSON_H
#define PROGRAM_STATUS_JSON_H

#include "pipeline/base/json.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_sources.h"
#include "program/program.h"

/* At most `limit` articles of each state are named; "left_out" counts the others. The store must be open. */
cJSON *status_json(struct program *program, size_t limit);

/* Where one article stands, and why. */
cJSON *status_article_json(const struct article_row *row);

/* Passes on the health of the configured sources that were ever seen, in their order. */
void status_each_source(struct program *program, void (*source)(void *context, const struct source_health *health),
                        void *context);
/* Passes on what is out now of this kind. */
void status_each_outage(struct program *program, enum outage_kind kind,
                        void (*outage)(void *context, const struct outage *outage), void *context);

#endif
