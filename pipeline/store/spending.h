/* What was spent, by service: for `status`, the run's report and, through that, the digest. */
#ifndef PIPELINE_STORE_SPENDING_H
#define PIPELINE_STORE_SPENDING_H

#include "pipeline/base/json.h"
#include "pipeline/store/store.h"

struct spending_line {
    struct span service;
    struct bill_line day, month, all; /* their names are not set */
};

/* In the order of the services' names; lines live in the arena. */
struct spending_line *spending_by_service(struct store *store, struct span day, struct arena *arena, size_t *ret_count);
/* {"currency": ..., "services": [{"service": ..., "day": {"requests", "characters", "tokens", "cost"}, "month": ...,
 * "all": ...}]} */
cJSON *spending_json(struct store *store, struct span day, struct span currency);

#endif
