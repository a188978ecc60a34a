/* One feed on its way: asked for with what is remembered of it, read, and its items handed out one by one. */
#ifndef STAGES_SOURCES_PARTS_SUBSCRIPTION_H
#define STAGES_SOURCES_PARTS_SUBSCRIPTION_H

#include "pipeline/engine/source.h"

struct decoder;
struct subscription;

struct subscription_limits {
    size_t items;                /* new ones handed out in one run; the rest waits for the next and is reported */
    size_t bytes;                /* of the feed */
    const struct span *tracking; /* query parameters to leave out of identities; live as long as the subscription */
    size_t tracking_count;
    const struct decoder *decoder; /* borrowed */
};

/* `address`: an http(s) URL, a file: URL or a path. Context and limits are copied. */
struct subscription *subscription_new(const struct source_context *context, struct span address,
                                      const struct subscription_limits *limits);
void subscription_free(struct subscription *subscription); /* accepts NULL */
/* As source.step. */
enum source_step subscription_step(struct subscription *subscription, struct exchange *reply, struct exchange *exchange,
                                   struct article **ret_article, struct failure *ret_failure);
/* As source.work. */
void subscription_work(struct subscription *subscription);
/* As source.settled: what the server said to ask with next time is remembered. */
void subscription_settled(struct subscription *subscription);

#endif
