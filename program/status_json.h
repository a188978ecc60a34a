/* The output of `dragoman status --json` and `dragoman explain --json` (docs/json.md, config/status.schema.json). */
#ifndef PROGRAM_STATUS_JSON_H
#define PROGRAM_STATUS_JSON_H

#include "pipeline/base/json.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_runs.h"
#include "pipeline/store/store_sources.h"
#include "program/program.h"

/* Returns the whole status. Lists at most `limit` articles of each state; "left_out" counts the others. The store must
 * be open. */
cJSON *status_json(struct program *program, size_t limit);

/* Returns the state of one article, with the reason. */
/* The same, with what happened to the article. */
cJSON *status_explain_json(struct store *store, const struct article_row *row);
cJSON *status_article_json(const struct article_row *row);

/* Calls `source` for each configured source that a run has read, in the order of the configuration. */
void status_each_source(struct program *program, void (*source)(void *context, const struct source_health *health),
                        void *context);
/* Calls `run` for each run that is at work on the same database as others; never for a file. */
void status_each_run(struct program *program, void (*run)(void *context, const struct run_at_work *run), void *context);
/* Calls `outage` for each outage of this kind that has not ended. */
void status_each_outage(struct program *program, enum outage_kind kind,
                        void (*outage)(void *context, const struct outage *outage), void *context);

#endif
