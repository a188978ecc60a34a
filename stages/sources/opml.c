/* A list of feeds (OPML on this machine): each of them read in turn, each with its own failures. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/file.h"
#include "stages/formats/sitemap_read.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/subscription.h"
#include "stages/sources/parts/tracking.h"

enum { MAX_FEEDS = 10000, LIST_LIMIT = 8 << 20 };

static const struct setting opml_settings[] = {
    {"path", SETTING_TEXT, NULL, NULL, 0, 0, "an OPML file with addresses of feeds"},
    {"max_items", SETTING_NUMBER, "1000", NULL, 1, 100000, "items taken from one feed in one run"},
    {"max_bytes", SETTING_SIZE, "16M", NULL, 1024, 1e9, "a larger feed is refused"},
    SETTINGS_END};

struct opml {
    struct source_context context;
    struct arena *arena;
    struct subscription_limits limits;
    struct sitemap list;
    struct subscription **subscriptions; /* as many as the list has, made when their turn comes */
    size_t current;
};

static int opml_recognise(struct span address, struct span head) {
    return span_find(head, SPAN("<opml")) != SIZE_MAX || span_ends(address, SPAN(".opml")) ? 2 : 0;
}

static void opml_close(void *state) {
    struct opml *opml = state;
    for (size_t i = 0; opml->subscriptions && i < opml->list.count; i++) subscription_free(opml->subscriptions[i]);
    arena_free(opml->arena);
    free(opml);
}

static bool read_list(struct opml *opml, struct failure *ret_failure) {
    struct span path = source_path(&opml->context, setting_text(opml->context.settings, "path"), opml->arena);
    struct buffer bytes = BUFFER(LIST_LIMIT);
    bool done = file_read(path.at, &bytes) ||
                failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "cannot read %s: %s", path.at, strerror(errno));
    done = done &&
           (!bytes.full || failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "%s is larger than 8 MiB", path.at));
    done =
        done && sitemap_read(buffer_span(&bytes), path, MAX_FEEDS, LIST_LIMIT, opml->arena, &opml->list, ret_failure);
    buffer_free(&bytes);
    return done;
}

static bool opml_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    struct opml *opml = memory_take(sizeof *opml);
    *opml = (struct opml){.context = *context, .arena = arena_new()};
    opml->limits = (struct subscription_limits){.items = (size_t)setting_number(context->settings, "max_items"),
                                                .bytes = setting_size(context->settings, "max_bytes")};
    opml->limits.tracking = tracking_read(context->data_folder, opml->arena, &opml->limits.tracking_count);
    if (!read_list(opml, ret_failure)) {
        opml_close(opml);
        return false;
    }
    opml->subscriptions = arena_take(opml->arena, (opml->list.count + 1) * sizeof(struct subscription *));
    *ret_state = opml;
    return true;
}

static enum source_step opml_step(void *state, struct exchange *reply, struct exchange *exchange,
                                  struct article **ret_article, struct failure *ret_failure) {
    struct opml *opml = state;
    for (; opml->current < opml->list.count; opml->current++, reply = NULL) {
        struct subscription **place = &opml->subscriptions[opml->current];
        if (!*place)
            *place = subscription_new(&opml->context, opml->list.entries[opml->current].address, &opml->limits);
        enum source_step taken = subscription_step(*place, reply, exchange, ret_article, ret_failure);
        if (taken == SOURCE_FAIL) ret_failure->reach = REACH_ARTICLE; /* one feed of many */
        if (taken != SOURCE_END) return taken;
    }
    return SOURCE_END;
}

static void opml_settled(void *state) {
    const struct opml *opml = state;
    for (size_t i = 0; i < opml->list.count; i++)
        if (opml->subscriptions[i]) subscription_settled(opml->subscriptions[i]);
}

const struct source source_opml = {
    .name = "opml",
    .help = "OPML lists of feeds",
    .settings = opml_settings,
    .recognise = opml_recognise,
    .open = opml_open,
    .close = opml_close,
    .step = opml_step,
    .settled = opml_settled,
};
