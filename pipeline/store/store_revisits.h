/* Articles whose page held no article when it was read: when it is asked for again, and as what the article stands
 * until then (DONE, with what the feed or the page said of it, or DEAD). */
#ifndef PIPELINE_STORE_STORE_REVISITS_H
#define PIPELINE_STORE_STORE_REVISITS_H

#include "pipeline/store/store.h"

/* `times`: that it has been asked for again so far; `due`: ISO 8601, UTC. In the place of what was planned before. */
bool store_plan_revisit(struct store *store, const char *id, enum article_state article_state, unsigned times,
                        struct span due, struct failure *ret_failure);
/* False when none is planned. */
bool store_find_revisit(struct store *store, const char *id, unsigned *ret_times);
bool store_forget_revisit(struct store *store, const char *id, struct failure *ret_failure);
/* Articles that are due by `now` become FOUND. Nothing else of their rows changes, so that store_end_revisit() can put
 * them back. */
bool store_begin_revisits(struct store *store, struct span now, struct failure *ret_failure);
/* The page still holds nothing: the article stands as it did. */
bool store_end_revisit(struct store *store, const char *id, struct failure *ret_failure);

#endif
