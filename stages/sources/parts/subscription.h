/* Reads one feed: requests it with the validators of the last run, parses it, and returns its items one by one. */
#ifndef STAGES_SOURCES_PARTS_SUBSCRIPTION_H
#define STAGES_SOURCES_PARTS_SUBSCRIPTION_H

#include "pipeline/engine/source.h"

struct decoder;
struct subscription;

struct subscription_limits {
    size_t items; /* maximum number of new items per run; the others wait for the next run and are reported */
    size_t bytes; /* maximum size of the feed */
    const struct span *tracking; /* query parameters that identities ignore; must outlive the subscription */
    size_t tracking_count;
    const struct decoder *decoder; /* borrowed */
    const char *folder; /* a list has named the feed: a local feed must lie in this folder; NULL = the user has */
};

/* Settings shared by all kinds of sources that read feeds. A kind that has no other settings can use this struct. */
struct subscription_settings {
    long long max_items;
    size_t max_bytes;
};

/* The entries for these settings in the kind's table. */
#define SUBSCRIPTION_SETTINGS                                                                                          \
    SETTING("max_items", SETTING_NUMBER_AT(struct subscription_settings, max_items), .default_value = "1000",          \
            .min = 1, .max = 100000,                                                                                   \
            .help = "maximum number of new items taken from a feed per run; the others wait for the next run"),        \
        SETTING("max_bytes", SETTING_SIZE_AT(struct subscription_settings, max_bytes), .default_value = "16M",         \
                .min = 1024, .max = 1u << 30, .help = "maximum size of a feed")

/* Sets the limits according to these settings. What the limits point to is allocated in the arena or borrowed from the
 * resources. */
bool subscription_limits_of(const struct source_context *context, const struct subscription_settings *settings,
                            struct arena *arena, struct subscription_limits *ret_limits, struct failure *ret_failure);
/* Creates a subscription. `address` is an http(s) URL, a file: URL or a path. Context and limits are copied. */
struct subscription *subscription_new(const struct source_context *context, struct span address,
                                      const struct subscription_limits *limits);
void subscription_free(struct subscription *subscription); /* accepts NULL */
/* Implements source.step. */
enum source_step subscription_step(struct subscription *subscription, struct exchange *reply, struct exchange *exchange,
                                   struct article **ret_article, struct failure *ret_failure);
/* Implements source.work. */
void subscription_work(struct subscription *subscription);
/* Implements source.settled: stores the validators for the next request. */
void subscription_settled(struct subscription *subscription);

#endif
