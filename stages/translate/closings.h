/* The closings in the store. A run closes a service for a language, i.e. stops using the service, if the checks keep
 * rejecting the service's answers. The next run sends such a service a single request, and more only if the answer is
 * good. */
#ifndef STAGES_TRANSLATE_CLOSINGS_H
#define STAGES_TRANSLATE_CLOSINGS_H

#include "pipeline/store/store.h"

struct closing {
    struct span service, language;
    struct span since;  /* ISO 8601, UTC */
    struct span reason; /* a sentence */
    struct span canned; /* the answer that the service gives for every text; or empty */
};

/* Returns false if the service is not closed. The spans are allocated in the arena. */
bool closings_find(struct store *store, struct span service, struct span language, struct arena *arena,
                   struct closing *ret_closing);
/* Stores a closing and makes the translation memory forget the service's canned answers. The date is now, or the
 * earlier one if the service is closed already; closing->since is ignored. */
bool closings_put(struct store *store, const struct closing *closing, struct failure *ret_failure);
/* Removes a closing after a good answer, and makes the translation memory forget the rejected answers so that their
 * texts are sent again. */
bool closings_lift(struct store *store, struct span service, struct span language, struct failure *ret_failure);
/* Calls `closing` for each closing in the store; the spans are valid during the call. */
void closings_each(struct store *store, void (*closing)(void *context, const struct closing *), void *context);

#endif
