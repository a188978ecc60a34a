#define _GNU_SOURCE /* realpath */
#include "stages/sources/parts/subscription.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "pipeline/net/url.h"
#include "pipeline/store/store.h"
#include "stages/decode/decoder.h"
#include "stages/formats/feed.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/container.h"
#include "stages/sources/parts/feed_archive.h"
#include "stages/sources/parts/gone.h"
#include "stages/sources/parts/identity.h"
#include "stages/sources/parts/tracking.h"

enum { MAX_ITEMS = 100000 }; /* of one feed */

enum progress { TO_BEGIN, ASKED, WORKING, HANDING_OUT, OVER };

struct subscription {
    struct source_context context;
    struct subscription_limits limits;
    struct arena *arena;
    struct span address; /* the configured address, which is also the key in the store */
    struct span base;    /* the address that returned the feed */
    enum progress progress;
    struct container container;
    struct failure failure; /* why the work on the worker thread failed; returned by the next step */
    struct feed feed;
    struct item_identity *identities; /* of the feed's items */
    size_t next, handed_out, waiting; /* waiting: new items beyond the limit */
    bool told_waiting, told_broken, fresh;
    bool moved;                 /* there was a permanent redirect, and the user has not been told */
    struct validator validator; /* stored when all articles made from the items are stored */
    struct feed_archive *archive;
};

bool subscription_limits_of(const struct source_context *context, const struct subscription_settings *settings,
                            struct arena *arena, struct subscription_limits *ret_limits, struct failure *ret_failure) {
    const struct decoder *decoder = resources_borrow(context->resources, &decoder_resource, ret_failure);
    if (!decoder) return false;
    *ret_limits = (struct subscription_limits){
        .items = (size_t)settings->max_items, .bytes = settings->max_bytes, .decoder = decoder};
    ret_limits->tracking = tracking_read(context->data_folder, arena, &ret_limits->tracking_count);
    return true;
}

struct subscription *subscription_new(const struct source_context *context, struct span address,
                                      const struct subscription_limits *limits) {
    struct subscription *subscription = memory_take(sizeof *subscription);
    *subscription = (struct subscription){.context = *context, .limits = *limits, .arena = arena_new()};
    struct span trimmed = span_trim(address); /* the name of a local file may begin or end with a space */
    subscription->address = arena_copy(subscription->arena, url_is_remote(trimmed) ? trimmed : address);
    subscription->container = container_new(limits->bytes);
    if (context->common) subscription->container.language = context->common->language;
    return subscription;
}

void subscription_free(struct subscription *subscription) {
    if (!subscription) return;
    container_free(&subscription->container);
    feed_archive_free(subscription->archive);
    arena_free(subscription->arena);
    free(subscription);
}

/* ---------------------------------------------------------------- on a worker thread */

/* A feed that a list has named is opened by the name that was checked, and only then resolved. */
static bool find_local(struct subscription *subscription, struct failure *ret_failure) {
    struct span path = source_path(&subscription->context, subscription->address, subscription->arena);
    char *real = realpath(path.at, NULL);
    subscription->base = arena_print(subscription->arena, "file://%s", real ? real : path.at);
    bool done =
        container_read_file(&subscription->container, path.at, subscription->limits.folder, "feed", ret_failure);
    free(real);
    return done;
}

static bool read_feed(struct subscription *subscription, struct failure *ret_failure) {
    struct container *container = &subscription->container;
    struct identity_rules rules = {subscription->address, subscription->limits.tracking,
                                   subscription->limits.tracking_count};
    bool local = !url_is_remote(subscription->address);
    if (local && !find_local(subscription, ret_failure)) return false;
    container->address = local ? subscription->address : subscription->base;
    bool done = container_decode(container, subscription->limits.decoder, subscription->arena, ret_failure) &&
                feed_parse(buffer_span(&container->text), subscription->base, MAX_ITEMS, subscription->arena,
                           &subscription->feed, ret_failure);
    buffer_free(&container->text);
    if (done) subscription->identities = identity_find(&subscription->feed, &rules, subscription->arena);
    return done;
}

void subscription_work(struct subscription *subscription) {
    subscription->failure.reach = REACH_NONE;
    if (!read_feed(subscription, &subscription->failure)) subscription->failure.reach = REACH_SERVICE;
}

/* ---------------------------------------------------------------- a feed on a server */

static enum source_step ask(struct subscription *subscription, struct exchange *exchange, struct failure *ret_failure) {
    struct validator *known = &subscription->validator;
    bool remembered = store_validator(subscription->context.store, subscription->address, subscription->arena, known);
    bool moved = remembered && url_is_remote(known->moved_to);
    enum source_step taken = source_ask(&subscription->context, moved ? known->moved_to : subscription->address,
                                        subscription->limits.bytes, exchange, ret_failure);
    exchange_add_header(
        exchange, "Accept",
        SPAN("application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"));
    if (remembered && known->etag.length) exchange_add_header(exchange, "If-None-Match", known->etag);
    if (remembered && known->last_modified.length)
        exchange_add_header(exchange, "If-Modified-Since", known->last_modified);
    subscription->progress = taken == SOURCE_ASK ? ASKED : OVER;
    return taken;
}

/* Forgets a permanent redirect whose target is gone, so that the next run requests the original address. */
static void forget_move(struct subscription *subscription) {
    struct validator none = {.etag = {NULL, 0}};
    if (subscription->validator.moved_to.length)
        store_put_validator(subscription->context.store, subscription->address, &none, NULL);
}

/* Later runs request the new address directly, as HTTP recommends for permanent redirects. */
static void note_move(struct subscription *subscription) {
    struct validator *validator = &subscription->validator;
    subscription->moved = !span_equal(validator->moved_to, subscription->base);
    validator->moved_to = subscription->base;
}

/* Handles the reply. A feed is passed to a worker thread; "not modified" needs no further work. */
static bool take_reply(struct subscription *subscription, struct exchange *reply, struct failure *ret_failure) {
    struct arena *arena = subscription->arena;
    if (reply->failure.reach != REACH_NONE) {
        *ret_failure = reply->failure;
        ret_failure->reach = REACH_SERVICE;
        if (subscription->validator.moved_to.length == 0)
            gone_note(&subscription->context, subscription->address, reply, ret_failure);
        if (reply->status == 404 || reply->status == 410) forget_move(subscription);
        subscription->progress = OVER;
        return false;
    }
    subscription->progress = reply->status == 304 ? HANDING_OUT : WORKING;
    if (reply->status == 304) return true;
    struct validator *validator = &subscription->validator;
    struct span found = reply->final_url.length ? reply->final_url : reply->url;
    subscription->base = arena_copy(arena, found);
    validator->etag = arena_copy(arena, exchange_reply_header(reply, "etag"));
    validator->last_modified = arena_copy(arena, exchange_reply_header(reply, "last-modified"));
    if (reply->moved_permanently && reply->final_url.length) note_move(subscription);
    subscription->archive = feed_archive_new(subscription->context.archive, reply);
    container_take_reply(&subscription->container, reply, arena);
    return true;
}

static bool end_work(struct subscription *subscription, struct failure *ret_failure) {
    subscription->fresh = subscription->failure.reach == REACH_NONE;
    subscription->progress = subscription->fresh ? HANDING_OUT : OVER;
    if (!subscription->fresh) *ret_failure = subscription->failure;
    return subscription->fresh;
}

/* Validators are stored only if all items were taken. Otherwise the server would reply "not modified", and the items
 * that wait or that followed a cut would never be seen. */
void subscription_settled(struct subscription *subscription) {
    bool all = subscription->progress == OVER && subscription->waiting == 0 && !subscription->feed.broken_at;
    if (!all || !subscription->fresh || !url_is_remote(subscription->address)) return;
    store_put_validator(subscription->context.store, subscription->address, &subscription->validator, NULL);
}

/* ---------------------------------------------------------------- items */

static bool find_row(const struct subscription *subscription, struct span identity, struct arena *arena,
                     struct article_row *ret_row) {
    char id[33];
    article_id(identity, id);
    return store_find(subscription->context.store, span_of(id), arena, ret_row);
}

/* Whether the item was taken before under another of its identities. The version must be the same too, since another
 * item may have had that identity at the time. */
static bool was_taken(const struct subscription *subscription, const struct item_identity *identity,
                      struct arena *arena) {
    struct article_row row;
    for (enum identity_level level = IDENTITY_USUAL; level < IDENTITY_LEVELS; level++)
        if (level != identity->level && identity->by[level].length &&
            find_row(subscription, identity->by[level], arena, &row) && span_equal(row.version, identity->version))
            return true;
    return false;
}

static struct span without_fragment(struct span address) {
    return span_cut(address, 0, span_find(address, SPAN("#")));
}

/* Whether an earlier run found several items with this identity. This run may find only one of them, which would then
 * look unique. */
static bool was_shared(const struct subscription *subscription, struct span usual, struct arena *arena) {
    struct span value, at, key = arena_print(arena, "items share %.*s", SPAN_ARGS(usual));
    return store_told(subscription->context.store, key, arena, &value, &at);
}

static void tell_shared(const struct subscription *subscription, struct span usual, struct arena *arena) {
    char now[21];
    clock_iso_now(now);
    struct span key = arena_print(arena, "items share %.*s", SPAN_ARGS(usual));
    store_tell(subscription->context.store, key, SPAN(""), span_of(now), NULL);
}

/* Whether another item of this source has the same usual identity and is on the same page, so that only the fragments
 * of their addresses differ. */
static bool is_used_on_same_page(const struct subscription *subscription, const struct feed_item *item,
                                 struct span usual, struct arena *arena) {
    struct article_row row;
    struct span address = item->guid.length ? item->guid : item->link, page = without_fragment(item->link);
    if (span_find(address, SPAN("#")) == SIZE_MAX || !find_row(subscription, usual, arena, &row)) return false;
    return span_equal(row.source, subscription->context.name) && span_equal(without_fragment(row.address), page) &&
           !span_equal(row.address, item->link);
}

/* Returns the identity of the item in this run, or an empty span if the item is already in the store. */
static struct span choose_identity(const struct subscription *subscription, const struct feed_item *item,
                                   struct item_identity *identity, struct arena *arena) {
    struct span usual = identity->by[IDENTITY_USUAL], none = {NULL, 0};
    if (identity->level == IDENTITY_USUAL &&
        (was_shared(subscription, usual, arena) || is_used_on_same_page(subscription, item, usual, arena)))
        identity->level = identity_next(identity, IDENTITY_USUAL);
    struct span chosen = identity->by[identity->level];
    if (source_knows(&subscription->context, chosen, identity->version)) return none;
    if (identity->level == IDENTITY_USUAL) return chosen;
    if (was_taken(subscription, identity, arena)) return none;
    tell_shared(subscription, usual, arena);
    return chosen;
}

static void copy_entry(const struct feed_entry *from, struct article *article) {
    struct arena *arena = article->arena;
    struct feed_entry *to = &article->feed;
    struct span setting = to->language;
    *to = (struct feed_entry){.title = arena_copy(arena, from->title),
                              .summary = arena_copy(arena, from->summary),
                              .content = arena_copy(arena, from->content),
                              .author = arena_copy(arena, from->author),
                              .published = arena_copy(arena, from->published),
                              .modified = arena_copy(arena, from->modified),
                              .section = arena_copy(arena, from->section),
                              .image = arena_copy(arena, from->image),
                              .enclosure = arena_copy(arena, from->enclosure),
                              .enclosure_type = arena_copy(arena, from->enclosure_type),
                              .content_is_full = from->content_is_full,
                              .language_is_set = setting.length > 0};
    to->language = setting.length ? setting : arena_copy(arena, from->language);
}

/* Counts replacement characters, each of which stands for bytes that could not be decoded. */
static size_t count_lost(struct span text) {
    size_t lost = 0;
    for (size_t at; (at = span_find(text, SPAN("\xEF\xBF\xBD"))) != SIZE_MAX; lost++)
        text = span_cut(text, at + 3, text.length);
    return lost;
}

/* The item was decoded as part of the feed, so it inherits the encoding, but only its own undecodable characters count.
 */
static void copy_encoding(const struct encoding *encoding, struct article *article) {
    const struct feed_entry *feed = &article->feed;
    struct span text = feed->content.length ? feed->content : feed->summary;
    article_take_encoding(article, encoding);
    if (encoding->undecodable) article->encoding.undecodable = count_lost(feed->title) + count_lost(text);
}

/* Makes an article of the item unless the item is already in the store. New items beyond the limit are only counted. */
static enum source_step hand_out_item(struct subscription *subscription, size_t index, struct article **ret_article,
                                      struct failure *ret_failure) {
    const struct feed_item *item = &subscription->feed.items[index];
    struct item_identity *identity = &subscription->identities[index];
    struct arena *scratch = arena_new();
    struct span chosen = choose_identity(subscription, item, identity, scratch);
    bool waits = chosen.length && subscription->handed_out >= subscription->limits.items;
    if (waits) subscription->waiting++;
    bool failed = chosen.length && !waits && !feed_archive_keep(subscription->archive, ret_failure);
    if (chosen.length && !waits && !failed) {
        struct span address = item->refused.length ? SPAN("") : item->link;
        *ret_article = source_article(&subscription->context, address, chosen, identity->version);
        if (item->refused.length) source_withhold(*ret_article, "feed", item->refused);
        copy_entry(&item->entry, *ret_article);
        copy_encoding(&subscription->container.encoding, *ret_article);
        feed_archive_tell(subscription->archive, *ret_article);
        subscription->handed_out++;
    }
    arena_free(scratch);
    if (failed) return SOURCE_FAIL;
    return waits ? SOURCE_END : chosen.length ? SOURCE_ITEM : SOURCE_KNOWN;
}

static bool is_usable(const struct feed_item *item) {
    const struct feed_entry *entry = &item->entry;
    return item->link.length || entry->title.length || entry->content.length || entry->summary.length;
}

/* Reports that the feed is broken or that items are waiting. Each is reported only once. */
static bool say_at_end(struct subscription *subscription, struct failure *ret_failure) {
    const struct feed *feed = &subscription->feed;
    if (feed->broken_at && !subscription->told_broken) {
        subscription->told_broken = true;
        return !failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                            "%.*s cannot be read after line %zu; the %zu item%s before it %s read",
                            SPAN_ARGS(subscription->address), feed->broken_at, feed->count, PLURAL(feed->count),
                            feed->count == 1 ? "was" : "were");
    }
    subscription->waiting += subscription->told_waiting ? 0 : feed->left_out;
    if (!subscription->waiting || subscription->told_waiting) return false;
    subscription->told_waiting = true;
    return !failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN,
                        "%.*s has %zu new item%s more than max_items (%zu) allows in a run; %s for the next run",
                        SPAN_ARGS(subscription->address), subscription->waiting, PLURAL(subscription->waiting),
                        subscription->limits.items, subscription->waiting == 1 ? "it waits" : "they wait");
}

/* Reports a permanent redirect so that the user can update the configuration. The new address is used in any case. */
static bool say_moved(struct subscription *subscription, struct failure *ret_failure) {
    if (!subscription->moved || !subscription->fresh) return false;
    subscription->moved = false;
    failure_set(ret_failure, REACH_NONE, REMEDY_NONE,
                "%.*s has moved permanently and is requested at its new address; set url = %.*s",
                SPAN_ARGS(text_clip(subscription->address, 200)), SPAN_ARGS(text_clip(subscription->base, 200)));
    return true;
}

static enum source_step hand_out(struct subscription *subscription, struct article **ret_article,
                                 struct failure *ret_failure) {
    const struct feed *feed = &subscription->feed;
    while (subscription->next < feed->count) {
        size_t index = subscription->next++;
        bool usable = is_usable(&feed->items[index]);
        enum source_step taken = usable ? hand_out_item(subscription, index, ret_article, ret_failure) : SOURCE_FAIL;
        if (!usable) /* the message has no item number, so that it is the same in every run and reported once */
            failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                        "an item of %.*s was skipped: it has no headline, address or text",
                        SPAN_ARGS(subscription->address));
        if (taken != SOURCE_END) return taken;
    }
    if (say_at_end(subscription, ret_failure)) return SOURCE_FAIL;
    if (say_moved(subscription, ret_failure)) return SOURCE_NOTE;
    subscription->progress = OVER;
    return SOURCE_END;
}

static enum source_step begin(struct subscription *subscription, struct exchange *exchange,
                              struct failure *ret_failure) {
    if (url_is_remote(subscription->address)) return ask(subscription, exchange, ret_failure);
    subscription->progress = WORKING;
    return SOURCE_WORK;
}

enum source_step subscription_step(struct subscription *subscription, struct exchange *reply, struct exchange *exchange,
                                   struct article **ret_article, struct failure *ret_failure) {
    switch (subscription->progress) {
    case TO_BEGIN:
        return begin(subscription, exchange, ret_failure);
    case ASKED:
        if (!take_reply(subscription, reply, ret_failure)) return SOURCE_FAIL;
        if (subscription->progress == WORKING) return SOURCE_WORK;
        break;
    case WORKING:
        if (!end_work(subscription, ret_failure)) return SOURCE_FAIL;
        break;
    case HANDING_OUT:
        break;
    case OVER:
        return SOURCE_END;
    }
    return hand_out(subscription, ret_article, ret_failure);
}
