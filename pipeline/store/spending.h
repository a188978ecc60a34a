/* Computes what was spent on each service, for `status` and for the run's report, from which the digest takes it. */
#ifndef PIPELINE_STORE_SPENDING_H
#define PIPELINE_STORE_SPENDING_H

#include "pipeline/base/json.h"
#include "pipeline/store/store.h"

struct spending_line {
    struct span service;
    struct bill_line day, month, all; /* only the amounts are set */
};

/* Returns one line per service that has been billed, in the arena. `day` selects the day and the month. */
struct spending_line *spending_by_service(struct store *store, struct span day, struct arena *arena, size_t *ret_count);
/* Returns the same as JSON: {"currency": ..., "services": [{"service": ..., "day": {"requests", "characters", "tokens",
 * "cost"}, "month": ..., "all": ...}]}. The caller frees it. */
cJSON *spending_json(struct store *store, struct span day, struct span currency);

#endif
