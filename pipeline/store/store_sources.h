/* The health of each source: whether the last run could read it, and how often it has something new.
 *
 * All times are ISO 8601 in UTC and come from the caller. A source is silent if it replies but has had nothing new for
 * three times its usual interval. The check is made at the time of its last success, not now, so that sources do not
 * become silent while the machine is switched off. */
#ifndef PIPELINE_STORE_STORE_SOURCES_H
#define PIPELINE_STORE_STORE_SOURCES_H

#include "pipeline/store/store.h"

/* What a run found at a source. If neither `failed` nor `answered` is set, the visit was interrupted. */
struct source_visit {
    struct span name, reason; /* `reason`: why the source failed, in one sentence */
    bool failed, answered;
    size_t fresh; /* number of new items */
};

struct source_health {
    struct span name;
    /* since when and why the source has been failing; empty unless the last visit failed */
    struct span failing_since, reason;
    unsigned failures; /* failed visits in a row; 0 = the last one succeeded */
    struct span last_success, last_new;
    int64_t usual; /* median gap between visits with new items, in seconds; 0 = too few visits */
    bool silent;
};

/* Records a visit. */
bool store_see_source(struct store *store, const struct source_visit *visit, const char *now,
                      struct failure *ret_failure);
/* False if the source was never visited. */
bool store_find_source(struct store *store, struct span name, struct arena *arena, struct source_health *ret_health);

#endif
