/* How the sources are: whether the last run could read them, and how often they have something new.
 *
 * All times are ISO 8601 in UTC and come from the caller. A source is silent when it answers but has given nothing new
 * for three times as long as is usual for it. That is judged at its last success, not at the present: a machine that
 * was switched off makes no source silent. */
#ifndef PIPELINE_STORE_STORE_SOURCES_H
#define PIPELINE_STORE_STORE_SOURCES_H

#include "pipeline/store/store.h"

/* What one run saw of one source. Neither `failed` nor `answered`: it was stopped on its way. */
struct source_visit {
    struct span name, reason; /* reason: why it failed, in one sentence */
    bool failed, answered;
    size_t fresh; /* items that were new */
};

struct source_health {
    struct span name;
    struct span failing_since, reason; /* empty unless its last visit failed */
    unsigned failures;                 /* visits in a row that failed; 0: the last one did not */
    struct span last_success, last_new;
    int64_t usual; /* median of the last gaps between visits with something new, in seconds; 0: too few are known */
    bool silent;
};

bool store_see_source(struct store *store, const struct source_visit *visit, const char *now,
                      struct failure *ret_failure);
/* False when it was never seen. */
bool store_find_source(struct store *store, struct span name, struct arena *arena, struct source_health *ret_health);

#endif
