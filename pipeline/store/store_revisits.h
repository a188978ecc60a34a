/* Revisits: articles whose page had no article text when it was fetched. For each, the store keeps the time at which
 * the page is to be fetched again, and the article's state until then: DONE with the text of the feed or the page's own
 * message, or DEAD. */
#ifndef PIPELINE_STORE_STORE_REVISITS_H
#define PIPELINE_STORE_STORE_REVISITS_H

#include "pipeline/store/store.h"

/* Plans a revisit, replacing an earlier plan. `times` is the number of revisits made so far; `due` is ISO 8601, UTC. */
bool store_plan_revisit(struct store *store, const char *id, enum article_state article_state, unsigned times,
                        struct span due, struct failure *ret_failure);
/* Returns false if no revisit is planned. */
bool store_find_revisit(struct store *store, const char *id, unsigned *ret_times);
bool store_forget_revisit(struct store *store, const char *id, struct failure *ret_failure);
/* Sets articles whose revisit is due at `now` to FOUND. Their rows do not change otherwise, so that store_end_revisit()
 * can restore them. */
bool store_begin_revisits(struct store *store, struct span now, struct failure *ret_failure);
/* Restores the article's state because the page still has no text. */
bool store_end_revisit(struct store *store, const char *id, struct failure *ret_failure);

#endif
