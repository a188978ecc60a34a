/* What a day's pages tell beside the records: outages, articles that wait or failed, what happened, what was spent. It
 * all comes from the state, so a run and `dragoman digest` make the same pages. */
#ifndef PROGRAM_DAY_NOTES_H
#define PROGRAM_DAY_NOTES_H

#include "pipeline/base/json.h"
#include "pipeline/store/store_days.h"

/* {"outages": [{"kind", "name", "since", "until", "reason"}], "waiting": [{"id", "title", "source", "address", "since",
 * "for", "on", "reason"}], "failed": [the same but for, on], "more_missing": number, "notes": [{"where", "what"}],
 * "spent": {"currency", "services": [{"service", "day": {"requests", ...}}]}}. Equal states give equal bytes. */
cJSON *day_notes_json(struct store *store, const char *day, struct span currency);

#endif
