/* Services that the checks found to be of no use for a language, as the store remembers them: the next run asks such a
 * service for one request only, and for more when its answers are good again. */
#ifndef STAGES_TRANSLATE_CLOSINGS_H
#define STAGES_TRANSLATE_CLOSINGS_H

#include "pipeline/store/store.h"

struct closing {
    struct span service, language;
    struct span since;  /* ISO 8601, UTC */
    struct span reason; /* a sentence */
    struct span canned; /* what it answers whatever it is asked; or empty */
};

/* False when it is not closed. The spans belong to the arena. */
bool closings_find(struct store *store, struct span service, struct span language, struct arena *arena,
                   struct closing *ret_closing);
/* Since now, or since when it has been closed; its canned answers are forgotten. */
bool closings_put(struct store *store, const struct closing *closing, struct failure *ret_failure);
/* Its answers are good again: those that were not are forgotten, so that the texts are asked for once more. */
bool closings_lift(struct store *store, struct span service, struct span language, struct failure *ret_failure);
/* All of them; the spans live during the call. */
void closings_each(struct store *store, void (*closing)(void *context, const struct closing *), void *context);

#endif
