/* What the answers of a service in one language were like, as later runs remember it: articles of few texts show only
 * together, over several runs, that a service is of no use. */
#ifndef STAGES_TRANSLATE_HISTORY_H
#define STAGES_TRANSLATE_HISTORY_H

#include "pipeline/store/store.h"

enum { HISTORY_TEXTS = 16 };

struct history {
    bool proven;        /* the checks accepted an answer since the service was last found to be of no use */
    unsigned worthless; /* the last answers in a row that they rejected, at most HISTORY_TEXTS */
};

/* Nothing proven and nothing rejected when it is not known. */
struct history history_find(struct store *store, struct span service, struct span language);
bool history_put(struct store *store, struct span service, struct span language, const struct history *history,
                 struct failure *ret_failure);

#endif
