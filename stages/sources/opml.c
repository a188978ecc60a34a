/* A list of feeds in a local OPML file. The feeds are read one after the other, and each may fail without affecting the
 * others. */
#include <stdlib.h>

#include "stages/sources/parts/common.h"
#include "stages/sources/parts/feed_list.h"
#include "stages/sources/parts/subscription.h"

static const struct setting opml_table[] = {
    SOURCE_PATH_SETTING(NULL, "an OPML file with addresses of feeds"),
    SUBSCRIPTION_SETTINGS,
    SETTINGS_END,
};

struct opml {
    struct source_context context;
    struct arena *arena;
    struct subscription_limits limits;
    bool asked_for, read; /* asked_for: a worker thread is reading the list of feeds; read: the list has been read */
    struct failure failure;
    struct sitemap list;
    struct subscription **subscriptions; /* one for each feed in `list`, created when needed */
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

static void opml_work(void *state) {
    struct opml *opml = state;
    if (opml->read)
        subscription_work(opml->subscriptions[opml->current]);
    else
        feed_list_read(&opml->context, opml->limits.decoder, opml->arena, &opml->list, &opml->limits.folder,
                       &opml->failure);
}

static bool opml_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    struct opml *opml = memory_take(sizeof *opml);
    *opml = (struct opml){.context = *context, .arena = arena_new()};
    if (subscription_limits_of(context, context->settings, opml->arena, &opml->limits, ret_failure)) {
        *ret_state = opml;
        return true;
    }
    opml_close(opml);
    return false;
}

/* A list without feeds is reported as an error, because it is probably the wrong file. */
static bool begin_list(struct opml *opml, struct failure *ret_failure) {
    opml->read = true;
    opml->subscriptions = arena_take(opml->arena, (opml->list.count + 1) * sizeof(struct subscription *));
    if (opml->failure.reach == REACH_NONE && !opml->list.count)
        failure_set(&opml->failure, REACH_SERVICE, REMEDY_NONE, "%.*s lists no usable feed",
                    SPAN_ARGS(opml->context.common->path));
    if (opml->failure.reach != REACH_NONE) *ret_failure = opml->failure;
    return opml->failure.reach == REACH_NONE;
}

static enum source_step opml_step(void *state, struct exchange *reply, struct exchange *exchange,
                                  struct article **ret_article, struct failure *ret_failure) {
    struct opml *opml = state;
    if (!opml->asked_for) {
        opml->asked_for = true;
        return SOURCE_WORK;
    }
    if (!opml->read && !begin_list(opml, ret_failure)) return SOURCE_FAIL;
    struct span path = opml->context.common->path;
    if (!sitemap_tell(&opml->list, path, ret_failure) ||
        !sitemap_tell_left_out(&opml->list, path, MAX_LISTED_FEEDS, ret_failure))
        return SOURCE_FAIL;
    for (; opml->current < opml->list.count; opml->current++, reply = NULL) {
        struct subscription **place = &opml->subscriptions[opml->current];
        if (!*place)
            *place =
                subscription_new(&opml->context, span_trim(opml->list.entries[opml->current].address), &opml->limits);
        enum source_step taken = subscription_step(*place, reply, exchange, ret_article, ret_failure);
        if (taken == SOURCE_FAIL) source_part_failed(ret_failure); /* the other feeds can still be read */
        if (taken != SOURCE_END) return taken;
    }
    return SOURCE_END;
}

/* Each feed has its own validators. */
static void opml_settled(void *state) {
    const struct opml *opml = state;
    for (size_t i = 0; opml->subscriptions && i < opml->list.count; i++)
        if (opml->subscriptions[i]) subscription_settled(opml->subscriptions[i]);
}

const struct source source_opml = {
    .name = "opml",
    .help = "OPML lists of feeds",
    .settings = {opml_table, sizeof(struct subscription_settings)},
    .files = SOURCE_FILES_BESIDE,
    .recognise = opml_recognise,
    .open = opml_open,
    .close = opml_close,
    .step = opml_step,
    .work = opml_work,
    .settled = opml_settled,
};
