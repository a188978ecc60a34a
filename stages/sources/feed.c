/* Feeds (RSS, Atom, JSON Feed) from a server or a local file. The work is done by stages/sources/parts/subscription.c.
 */
#include <stdlib.h>

#include "stages/decode/decoder.h"
#include "stages/formats/feed.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/subscription.h"
#include "stages/sources/parts/tracking.h"

struct feed_settings {
    long long max_items;
    size_t max_bytes;
};

static const struct setting feed_table[] = {
    SOURCE_URL_SETTING("address of the feed: http, https, file or a path"),
    {.name = "max_items",
     SETTING_NUMBER_AT(struct feed_settings, max_items),
     .default_value = "1000",
     .min = 1,
     .max = 100000,
     .help = "maximum number of new items taken per run; the others wait for the next run"},
    {.name = "max_bytes",
     SETTING_SIZE_AT(struct feed_settings, max_bytes),
     .default_value = "16M",
     .min = 1024,
     .max = 1u << 30,
     .help = "maximum size of the feed"},
    SETTINGS_END};

struct feed_source {
    struct arena *arena;
    struct subscription *subscription;
};

/* A file is recognized as a feed by its content or by its name. */
static int feed_recognise(struct span address, struct span head) {
    return feed_is(head) || span_ends(address, SPAN(".rss")) || span_ends(address, SPAN(".atom")) ? 2 : 0;
}

static bool feed_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    const struct feed_settings *settings = context->settings;
    struct span address = context->common->url;
    if (!address.length)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "the source has no address; write url = ADDRESS");
    const struct decoder *decoder = resources_borrow(context->resources, &decoder_resource, ret_failure);
    if (!decoder) return false;
    struct feed_source *feed = memory_take(sizeof *feed);
    feed->arena = arena_new();
    struct subscription_limits limits = {
        .items = (size_t)settings->max_items, .bytes = settings->max_bytes, .decoder = decoder};
    /* The table of tracking parameters is read once per source and must outlive the subscription. */
    limits.tracking = tracking_read(context->data_folder, feed->arena, &limits.tracking_count);
    feed->subscription = subscription_new(context, address, &limits);
    *ret_state = feed;
    return true;
}

static void feed_close(void *state) {
    struct feed_source *feed = state;
    subscription_free(feed->subscription);
    arena_free(feed->arena);
    free(feed);
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
    .settings = {feed_table, sizeof(struct feed_settings)},
    .recognise = feed_recognise,
    .open = feed_open,
    .close = feed_close,
    .step = feed_step,
    .work = feed_work,
    .settled = feed_settled,
};
