/* Closings, which are stored from run to run. If the checks keep rejecting a service's answers in a language, the run
 * "closes" the service: it stops asking that service to translate that language. The next run sends the service a
 * single request, and more only if the answer is good. */
#ifndef STAGES_TRANSLATE_CLOSINGS_H
#define STAGES_TRANSLATE_CLOSINGS_H

#include "pipeline/store/store.h"

struct closing {
    struct span service, language;
    struct span since;  /* ISO 8601, UTC */
    struct span reason; /* a sentence */
    struct span canned; /* the answer that the service gives for every text (see canned.h); or empty */
};

/* Looks up a closing; its spans are allocated in the arena. Returns false if the service is not closed. */
bool closings_find(struct store *store, struct span service, struct span language, struct arena *arena,
                   struct closing *ret_closing);
/* Stores a closing, and deletes the service's canned answers from the translation memory. The date is now, or that of
 * the existing closing if there is one; closing->since is ignored. */
bool closings_put(struct store *store, const struct closing *closing, struct failure *ret_failure);
/* Removes a closing after a good answer, and deletes the service's rejected answers from the translation memory, so
 * that their texts are sent again. */
bool closings_lift(struct store *store, struct span service, struct span language, struct failure *ret_failure);
/* Calls `closing` for each stored closing; the spans are valid during the call. */
void closings_each(struct store *store, void (*closing)(void *context, const struct closing *), void *context);

#endif
