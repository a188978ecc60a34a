/* Feeds (RSS, Atom, JSON Feed) from a server or a local file. Implemented by stages/sources/parts/subscription.c. */
#include <stdlib.h>

#include "stages/formats/feed.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/subscription.h"

static const struct setting feed_table[] = {
    SOURCE_URL_SETTING("address of the feed: http, https, file or a path"),
    SUBSCRIPTION_SETTINGS,
    SETTINGS_END,
};

struct feed_source {
    struct arena *arena;
    struct subscription *subscription;
};

/* A file is recognized as a feed by its content or by its name. */
static int feed_recognise(struct span address, struct span head) {
    return feed_is(head) || span_ends(address, SPAN(".rss")) || span_ends(address, SPAN(".atom")) ? 2 : 0;
}

static void feed_close(void *state) {
    struct feed_source *feed = state;
    subscription_free(feed->subscription);
    arena_free(feed->arena);
    free(feed);
}

static bool feed_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    struct span address = context->common->url;
    if (!address.length)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "the source has no address; set url = ADDRESS");
    struct feed_source *feed = memory_take(sizeof *feed);
    struct subscription_limits limits;
    feed->arena = arena_new();
    if (subscription_limits_of(context, context->settings, feed->arena, &limits, ret_failure)) {
        feed->subscription = subscription_new(context, address, &limits);
        *ret_state = feed;
        return true;
    }
    feed_close(feed);
    return false;
}

static enum source_step feed_step(void *state, struct exchange *reply, struct exchange *exchange,
                                  struct article **ret_article, struct failure *ret_failure) {
    struct feed_source *feed = state;
    return subscription_step(feed->subscription, reply, exchange, ret_article, ret_failure);
}

static void feed_work(void *state) {
    const struct feed_source *feed = state;
    subscription_work(feed->subscription);
}

static void feed_settled(void *state) {
    struct feed_source *feed = state;
    subscription_settled(feed->subscription);
}

const struct source source_feed = {
    .name = "feed",
    .help = "RSS, Atom and JSON feeds",
    .settings = {feed_table, sizeof(struct subscription_settings)},
    .url_may_be_file = true,
    .files = SOURCE_FILES_BESIDE,
    .recognise = feed_recognise,
    .open = feed_open,
    .close = feed_close,
    .step = feed_step,
    .work = feed_work,
    .settled = feed_settled,
};
