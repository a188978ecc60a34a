/* The history of a service's answers in one language, stored from run to run. A run with one or two articles has too
 * few texts to show that a service is unusable, but several runs together can show it. */
#ifndef STAGES_TRANSLATE_HISTORY_H
#define STAGES_TRANSLATE_HISTORY_H

#include "pipeline/store/store.h"

enum { HISTORY_TEXTS = 16 };

struct history {
    bool proven;        /* the checks have accepted an answer since the service was last disabled as unusable */
    unsigned worthless; /* how many of the most recent answers in a row were rejected; at most HISTORY_TEXTS */
};

/* Returns an empty history if none is stored. */
struct history history_find(struct store *store, struct span service, struct span language);
bool history_put(struct store *store, struct span service, struct span language, const struct history *history,
                 struct failure *ret_failure);

#endif
