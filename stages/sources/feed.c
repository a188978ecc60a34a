/* RSS, Atom and JSON feeds, on servers and on this machine. */
#include <stdlib.h>

#include "stages/decode/decoder.h"
#include "stages/formats/feed.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/subscription.h"
#include "stages/sources/parts/tracking.h"

static const struct setting feed_settings[] = {
    {"url", SETTING_TEXT, NULL, NULL, 0, 0, "address of the feed: http, https, file, or a path"},
    {"max_items", SETTING_NUMBER, "1000", NULL, 1, 100000, "new items taken in one run; the others wait for the next"},
    {"max_bytes", SETTING_SIZE, "16M", NULL, 1024, 1e9, "a larger feed is refused"},
    SETTINGS_END};

struct feed_source {
    struct arena *arena;
    struct subscription *subscription;
};

static int feed_recognise(struct span address, struct span head) {
    return feed_is(head) || span_ends(address, SPAN(".rss")) || span_ends(address, SPAN(".atom")) ? 2 : 0;
}

static bool feed_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    struct span address = setting_text(context->settings, "url");
    if (!address.length)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "the source has no address; write url = ADDRESS");
    const struct decoder *decoder = resources_borrow(context->resources, &decoder_resource, ret_failure);
    if (!decoder) return false;
    struct feed_source *feed = memory_take(sizeof *feed);
    feed->arena = arena_new();
    struct subscription_limits limits = {.items = (size_t)setting_number(context->settings, "max_items"),
                                         .bytes = setting_size(context->settings, "max_bytes"),
                                         .decoder = decoder};
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
    .settings = feed_settings,
    .address_setting = "url",
    .recognise = feed_recognise,
    .open = feed_open,
    .close = feed_close,
    .step = feed_step,
    .work = feed_work,
    .settled = feed_settled,
};
