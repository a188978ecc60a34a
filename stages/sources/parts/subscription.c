#define _GNU_SOURCE /* realpath */
#include "stages/sources/parts/subscription.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"
#include "pipeline/engine/source_access.h"
#include "pipeline/net/url.h"
#include "pipeline/store/store.h"
#include "stages/formats/feed.h"
#include "stages/formats/gunzip.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/feed_archive.h"
#include "stages/sources/parts/gone.h"

enum { MAX_ITEMS = 100000 }; /* of one feed */

enum progress { TO_BEGIN, ASKED, HANDING_OUT, OVER };

struct subscription {
    struct source_context context;
    struct subscription_limits limits;
    struct arena *arena;
    struct span address, base; /* as configured (the key of what is remembered); where it was found */
    enum progress progress;
    struct feed feed;
    size_t next, handed_out, waiting; /* waiting: new items beyond the limit, for the next run */
    bool told_waiting, told_broken, fresh;
    bool moved;                 /* for good, as this run has learned; to be told */
    struct validator validator; /* to be remembered when settled */
    struct feed_archive *archive;
};

struct subscription *subscription_new(const struct source_context *context, struct span address,
                                      const struct subscription_limits *limits) {
    struct subscription *subscription = memory_take(sizeof *subscription);
    *subscription = (struct subscription){.context = *context, .limits = *limits, .arena = arena_new()};
    subscription->address = arena_copy(subscription->arena, span_trim(address));
    return subscription;
}

void subscription_free(struct subscription *subscription) {
    if (!subscription) return;
    feed_archive_free(subscription->archive);
    arena_free(subscription->arena);
    free(subscription);
}

/* ---------------------------------------------------------------- a feed on this machine */

static bool fill(const char *path, struct buffer *bytes, struct failure *ret_failure) {
    struct stat status;
    errno = 0;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || !file_read(path, bytes))
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "cannot read the feed %s: %s", path,
                           errno ? strerror(errno) : "it is no ordinary file");
    return !bytes->full || failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                                       "the feed %s is larger than max_bytes (%zu) allows", path, bytes->limit);
}

/* Some feeds are packed files, on servers as on this machine. */
static bool parse(struct subscription *subscription, struct span raw, struct span content_type,
                  struct failure *ret_failure) {
    struct buffer bytes = BUFFER(subscription->limits.bytes);
    bool packed = gunzip_is(raw), done = !packed || gunzip(raw, &bytes);
    if (!done)
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                    "the feed %.*s is a packed file that is damaged or too large", SPAN_ARGS(subscription->address));
    done = done && feed_parse(packed ? buffer_span(&bytes) : raw, content_type, subscription->base, MAX_ITEMS,
                              subscription->arena, &subscription->feed, ret_failure);
    buffer_free(&bytes);
    return done;
}

static bool read_local(struct subscription *subscription, struct failure *ret_failure) {
    struct span path = source_path(&subscription->context, subscription->address, subscription->arena);
    char *real = realpath(path.at, NULL);
    subscription->base = arena_print(subscription->arena, "file://%s", real ? real : path.at);
    struct buffer bytes = BUFFER(subscription->limits.bytes);
    errno = 0;
    bool done = fill(real ? real : path.at, &bytes, ret_failure) &&
                parse(subscription, buffer_span(&bytes), SPAN(""), ret_failure);
    buffer_free(&bytes);
    free(real);
    return done;
}

/* ---------------------------------------------------------------- a feed on a server */

static bool ask(struct subscription *subscription, struct exchange *exchange, struct failure *ret_failure) {
    struct validator *known = &subscription->validator;
    struct arena *arena = exchange->arena;
    bool remembered = store_validator(subscription->context.store, subscription->address, subscription->arena, known);
    bool moved = remembered && url_is_remote(known->moved_to);
    exchange->url = arena_copy(arena, moved ? known->moved_to : subscription->address);
    exchange->limiter = arena_print(arena, "host %.*s", SPAN_ARGS(url_host(exchange->url, arena)));
    exchange->limits = (struct rate_limits){
        .concurrency = 2, .gap_ms = 1000, .attempts = 3, .timeout_ms = 30000, .max_wait_ms = 30000};
    exchange->reply_limit = subscription->limits.bytes;
    exchange->keep_heads = subscription->context.archive != NULL;
    exchange_add_header(
        exchange, "Accept",
        SPAN("application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"));
    if (remembered && known->etag.length) exchange_add_header(exchange, "If-None-Match", known->etag);
    if (remembered && known->last_modified.length)
        exchange_add_header(exchange, "If-Modified-Since", known->last_modified);
    subscription->progress = ASKED;
    if (source_access_grant(NULL, subscription->context.settings, exchange, ret_failure)) return true;
    ret_failure->reach = REACH_SERVICE;
    return false;
}

/* Where it went for good is gone: the next run asks where it was. */
static void forget_move(struct subscription *subscription) {
    struct validator none = {.etag = {NULL, 0}};
    if (subscription->validator.moved_to.length)
        store_put_validator(subscription->context.store, subscription->address, &none, NULL);
}

static void note_move(struct subscription *subscription) {
    struct validator *validator = &subscription->validator;
    subscription->moved = !span_equal(validator->moved_to, subscription->base);
    validator->moved_to = subscription->base;
}

static bool read_reply(struct subscription *subscription, struct exchange *reply, struct failure *ret_failure) {
    struct arena *arena = subscription->arena;
    if (reply->failure.reach != REACH_NONE) {
        *ret_failure = reply->failure;
        ret_failure->reach = REACH_SERVICE;
        if (subscription->validator.moved_to.length == 0)
            gone_note(&subscription->context, subscription->address, reply, ret_failure);
        if (reply->status == 404 || reply->status == 410) forget_move(subscription);
        return false;
    }
    if (reply->status == 304) return true;
    struct validator *validator = &subscription->validator;
    struct span found = reply->final_url.length ? reply->final_url : reply->url;
    subscription->base = arena_copy(arena, found);
    validator->etag = arena_copy(arena, exchange_reply_header(reply, "etag"));
    validator->last_modified = arena_copy(arena, exchange_reply_header(reply, "last-modified"));
    if (reply->moved_permanently && reply->final_url.length) note_move(subscription);
    subscription->fresh =
        parse(subscription, buffer_span(&reply->reply), exchange_reply_header(reply, "content-type"), ret_failure);
    if (subscription->fresh) subscription->archive = feed_archive_new(subscription->context.archive, reply);
    return subscription->fresh;
}

void subscription_settled(struct subscription *subscription) {
    bool all = subscription->progress == OVER && subscription->waiting == 0;
    if (!all || !subscription->fresh || !url_is_remote(subscription->address)) return;
    store_put_validator(subscription->context.store, subscription->address, &subscription->validator, NULL);
}

/* ---------------------------------------------------------------- items */

/* A GUID that is an address or a tag: or urn: names the item everywhere; any other only in its feed. */
static struct span identity_of(const struct subscription *subscription, const struct feed_item *item, struct span hash,
                               struct arena *arena) {
    struct span guid = item->guid;
    if (url_is_remote(guid) || (!guid.length && item->link.length))
        return url_canonical(guid.length ? guid : item->link, subscription->limits.tracking,
                             subscription->limits.tracking_count, arena);
    if (span_starts(guid, SPAN("tag:")) || span_starts(guid, SPAN("urn:"))) return guid;
    return arena_print(arena, "%.*s %.*s", SPAN_ARGS(subscription->address), SPAN_ARGS(guid.length ? guid : hash));
}

static struct span hash_of(const struct feed_entry *entry, bool with_date, struct arena *arena) {
    struct buffer all = BUFFER(64u << 20);
    struct span parts[] = {entry->title, entry->summary.length ? entry->summary : entry->content, entry->modified};
    for (size_t i = 0; i < (with_date ? 3 : 2); i++) {
        buffer_add_span(&all, parts[i]);
        buffer_add(&all, "", 1);
    }
    char hex[65];
    sha256_hex(buffer_span(&all), hex);
    buffer_free(&all);
    return arena_copy(arena, span_cut(span_of(hex), 0, 32));
}

static void copy_entry(const struct feed_entry *from, struct feed_entry *to, struct span own_language,
                       struct arena *arena) {
    *to = (struct feed_entry){.title = arena_copy(arena, from->title),
                              .summary = arena_copy(arena, from->summary),
                              .content = arena_copy(arena, from->content),
                              .author = arena_copy(arena, from->author),
                              .published = arena_copy(arena, from->published),
                              .modified = arena_copy(arena, from->modified),
                              .section = arena_copy(arena, from->section),
                              .image = arena_copy(arena, from->image),
                              .content_is_full = from->content_is_full};
    to->language = own_language.length ? own_language : arena_copy(arena, from->language);
}

/* New items beyond the limit are counted only. */
static enum source_step hand_out_item(struct subscription *subscription, const struct feed_item *item,
                                      struct article **ret_article, struct failure *ret_failure) {
    struct arena *scratch = arena_new();
    struct span version = hash_of(&item->entry, true, scratch);
    struct span identity = identity_of(subscription, item, hash_of(&item->entry, false, scratch), scratch);
    bool known = source_knows(&subscription->context, identity, version);
    bool waits = !known && subscription->handed_out >= subscription->limits.items;
    if (waits) subscription->waiting++;
    bool failed = !known && !waits && !feed_archive_keep(subscription->archive, ret_failure);
    if (!known && !waits && !failed) {
        struct article *article = source_article(&subscription->context, item->link, identity, version);
        copy_entry(&item->entry, &article->feed, article->feed.language, article->arena);
        feed_archive_tell(subscription->archive, article);
        subscription->handed_out++;
        *ret_article = article;
    }
    arena_free(scratch);
    if (failed) return SOURCE_FAIL;
    return waits ? SOURCE_END : known ? SOURCE_KNOWN : SOURCE_ITEM;
}

static bool is_usable(const struct feed_item *item) {
    return item->link.length || item->entry.content.length || item->entry.summary.length;
}

/* What is to be said at the end of a feed, once each. */
static bool say_at_end(struct subscription *subscription, struct failure *ret_failure) {
    const struct feed *feed = &subscription->feed;
    if (feed->broken_at && !subscription->told_broken) {
        subscription->told_broken = true;
        return !failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                            "%.*s cannot be read beyond line %zu; the %zu items before it were",
                            SPAN_ARGS(subscription->address), feed->broken_at, feed->count);
    }
    if (subscription->moved && subscription->fresh) {
        subscription->moved = false;
        return !failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN,
                            "%.*s has moved for good and is asked for at its new address; write url = %.*s",
                            SPAN_ARGS(text_clip(subscription->address, 200)),
                            SPAN_ARGS(text_clip(subscription->base, 200)));
    }
    subscription->waiting += subscription->told_waiting ? 0 : feed->left_out;
    if (!subscription->waiting || subscription->told_waiting) return false;
    subscription->told_waiting = true;
    return !failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN,
                        "%.*s has %zu more new items than max_items (%zu) allows in one run; they wait for the next",
                        SPAN_ARGS(subscription->address), subscription->waiting, subscription->limits.items);
}

static enum source_step hand_out(struct subscription *subscription, struct article **ret_article,
                                 struct failure *ret_failure) {
    const struct feed *feed = &subscription->feed;
    while (subscription->next < feed->count) {
        const struct feed_item *item = &feed->items[subscription->next++];
        bool usable = is_usable(item);
        enum source_step taken = usable ? hand_out_item(subscription, item, ret_article, ret_failure) : SOURCE_FAIL;
        if (!usable)
            failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "item %zu of %.*s has neither an address nor a text",
                        subscription->next, SPAN_ARGS(subscription->address));
        if (taken != SOURCE_END) return taken;
    }
    if (say_at_end(subscription, ret_failure)) return SOURCE_FAIL;
    subscription->progress = OVER;
    return SOURCE_END;
}

enum source_step subscription_step(struct subscription *subscription, struct exchange *reply, struct exchange *exchange,
                                   struct article **ret_article, struct failure *ret_failure) {
    bool done = true;
    switch (subscription->progress) {
    case TO_BEGIN:
        if (gone_is(&subscription->context, subscription->address, ret_failure)) {
            subscription->progress = OVER;
            return SOURCE_FAIL;
        }
        if (url_is_remote(subscription->address))
            return ask(subscription, exchange, ret_failure) ? SOURCE_ASK : SOURCE_FAIL;
        done = read_local(subscription, ret_failure);
        break;
    case ASKED:
        done = read_reply(subscription, reply, ret_failure);
        break;
    case HANDING_OUT:
        break;
    case OVER:
        return SOURCE_END;
    }
    subscription->progress = done ? HANDING_OUT : OVER;
    return done ? hand_out(subscription, ret_article, ret_failure) : SOURCE_FAIL;
}
