/* What a day's pages show besides the records: outages, articles that are waiting or have failed, notes, and what was
 * spent. All of this is read from the state database, so that a run and `dragoman digest` make the same pages. */
#ifndef PROGRAM_DAY_NOTES_H
#define PROGRAM_DAY_NOTES_H

#include "pipeline/base/json.h"
#include "pipeline/store/store_days.h"

/* {"outages": [{"kind", "name", "since", "until", "reason"}], "waiting": [{"id", "title" (as published),
 * "language", "dir" ("rtl", or absent), "title_english", "source", "address", "since", "for", "on", "reason"}],
 * "failed": [like "waiting", without "for" and "on"], "more_missing": number, "notes":
 * [{"where", "what"}], "spent": {"currency", "services": [{"service", "day": {"requests", ...}}]}}. The same data
 * always gives the same bytes. */
cJSON *day_notes_json(struct store *store, const char *day, struct span currency);

#endif
