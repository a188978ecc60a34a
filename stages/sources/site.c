/* A site, given by its address. Finds its feed and reads it; later runs go to the feed directly. */
#include <stdlib.h>

#include "pipeline/base/table.h"
#include "pipeline/net/url.h"
#include "pipeline/store/store.h"
#include "stages/formats/feed.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/container.h"
#include "stages/sources/parts/subscription.h"

enum { MAX_FEEDS = 16, PAGE_LIMIT = 8 << 20 };

static const struct setting site_table[] = {
    SOURCE_URL_SETTING("address of the site, http or https; its feed is found from there"),
    SUBSCRIPTION_SETTINGS,
    SETTINGS_END,
};

/* Why an address may be a feed: an earlier run found a feed there, the address is the configured one, the site's page
 * links to the address as a feed, or many sites have their feed there. */
enum found_by { FOUND_BEFORE, FOUND_ITSELF, FOUND_NAMED, FOUND_PLACE };

enum progress { TO_BEGIN, ASKED, TRYING, OVER };

struct site {
    struct source_context context;
    struct arena *arena;
    struct subscription_limits limits;
    struct span address;
    enum progress progress;
    struct container page;
    struct candidate {
        struct span address;
        enum found_by found_by;
    } feeds[MAX_FEEDS];
    size_t count, current;
    struct subscription *subscription; /* the subscription to feeds[current], or NULL */
    bool found, told;                  /* found: feeds[current] is a feed; told: the user has been told */
};

static void site_close(void *state) {
    struct site *site = state;
    subscription_free(site->subscription);
    container_free(&site->page);
    arena_free(site->arena);
    free(site);
}

static bool site_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    struct span address = context->common->url;
    if (!url_is_remote(address))
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "a site needs url = ADDRESS (http or https)");
    struct site *site = memory_take(sizeof *site);
    *site = (struct site){.context = *context, .arena = arena_new(), .page = container_new(PAGE_LIMIT)};
    site->address = arena_copy(site->arena, address);
    if (subscription_limits_of(context, context->settings, site->arena, &site->limits, ret_failure)) {
        *ret_state = site;
        return true;
    }
    site_close(site);
    return false;
}

/* ---------------------------------------------------------------- candidates */

static void add_candidate(struct site *site, struct span address, enum found_by found_by) {
    for (size_t i = 0; i < site->count; i++)
        if (span_equal(site->feeds[i].address, address)) return;
    if (address.length && site->count < MAX_FEEDS)
        site->feeds[site->count++] = (struct candidate){arena_copy(site->arena, address), found_by};
}

static bool read_words(const struct site *site, const char *name, struct table *ret_table) {
    return site->context.data_folder && table_read(site->context.data_folder, name, site->arena, ret_table, NULL);
}

static bool is_aside(struct span address, const struct table *asides) {
    for (size_t i = 0; i < asides->count; i++)
        if (span_contains_ascii_fold(address, asides->rows[i].cells[0])) return true;
    return false;
}

/* Adds the feeds to which the page links. Feeds of comments and similar feeds are tried last. */
static void add_named(struct site *site, struct span named) {
    struct table asides = {0};
    read_words(site, "sources/feed_asides.txt", &asides);
    for (int turn = 0; turn < 2; turn++)
        for (struct span rest = named, address; span_next(&rest, ' ', &address);)
            if (is_aside(address, &asides) == (turn == 1)) add_candidate(site, address, FOUND_NAMED);
}

/* Adds common addresses of feeds ("/feed", "/rss.xml"), for pages that do not link to their feed. */
static void add_places(struct site *site, struct span base) {
    struct table places = {0};
    if (!read_words(site, "sources/feed_places.txt", &places)) return;
    for (size_t i = 0; i < places.count; i++)
        add_candidate(site, url_resolve(base, places.rows[i].cells[0], site->arena), FOUND_PLACE);
}

/* Runs on a worker thread. A page that cannot be decoded is not an error, because the common addresses of feeds can
 * still be tried. */
static void site_work(void *state) {
    struct site *site = state;
    if (site->subscription) {
        subscription_work(site->subscription);
        return;
    }
    if (container_decode(&site->page, site->limits.decoder, site->arena, NULL)) {
        struct span text = buffer_span(&site->page.text);
        if (feed_is(span_cut(text, 0, 4096))) add_candidate(site, site->page.address, FOUND_ITSELF);
        add_named(site, feed_alternates(text, site->page.address, site->arena));
    }
    add_places(site, site->page.address);
    container_free(&site->page);
}

/* ---------------------------------------------------------------- finding the feed */

static enum source_step ask_page(struct site *site, struct exchange *exchange, struct failure *ret_failure) {
    enum source_step taken = source_ask(&site->context, site->address, PAGE_LIMIT, exchange, ret_failure);
    exchange_add_header(exchange, "Accept", SPAN("text/html, application/xml;q=0.9, */*;q=0.5"));
    site->progress = taken == SOURCE_ASK ? ASKED : OVER;
    return taken;
}

static enum source_step give_up(struct site *site, const struct failure *failure, struct failure *ret_failure) {
    *ret_failure = *failure;
    ret_failure->reach = REACH_SERVICE;
    site->progress = OVER;
    return SOURCE_FAIL;
}

/* A host without a page at this address (4xx) may still have a feed, but temporary failures end the search: otherwise,
 * a worse feed might be chosen and kept. */
static enum source_step take_page(struct site *site, struct exchange *reply, struct failure *ret_failure) {
    bool answered = reply->failure.reach == REACH_NONE || (reply->status >= 400 && reply->status < 500);
    if (!answered || reply->failure.remedy == REMEDY_NEXT_RUN) return give_up(site, &reply->failure, ret_failure);
    site->page.address = arena_copy(site->arena, reply->final_url.length ? reply->final_url : site->address);
    container_take_reply(&site->page, reply, site->arena);
    site->progress = TRYING;
    return SOURCE_WORK;
}

static enum source_step find_nothing(struct site *site, struct failure *ret_failure) {
    struct failure failure = {0};
    failure_set(
        &failure, REACH_SERVICE, REMEDY_NONE,
        "no feed was found for %.*s: its page links to no usable feed, and there is none at the usual addresses; use "
        "kind = feed with the address of a feed, or kind = page with the addresses of pages",
        SPAN_ARGS(site->address));
    return give_up(site, &failure, ret_failure);
}

/* ---------------------------------------------------------------- telling the user */

static void list_others(const struct site *site, struct buffer *out) {
    const char *before = "; it also links to ";
    for (size_t i = 0; i < site->count; i++) {
        if (i == site->current || site->feeds[i].found_by != FOUND_NAMED) continue;
        buffer_print(out, "%s%.*s", before, SPAN_ARGS(site->feeds[i].address));
        before = ", ";
    }
}

static void describe(const struct site *site, struct failure *ret_failure) {
    const struct candidate *feed = &site->feeds[site->current];
    const char *how = feed->found_by == FOUND_NAMED   ? "links to the feed"
                      : feed->found_by == FOUND_PLACE ? "links to no usable feed, but has one at"
                                                      : "is itself a feed:";
    struct buffer others = BUFFER(sizeof ret_failure->sentence);
    list_others(site, &others);
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "%.*s %s %.*s, which will be used from now on%.*s",
                SPAN_ARGS(site->address), how, SPAN_ARGS(feed->address), SPAN_ARGS(buffer_span(&others)));
    buffer_free(&others);
}

/* ---------------------------------------------------------------- reading the feed */

/* Starts with the feed that an earlier run found. Returns false if there is none. */
static bool begin(struct site *site) {
    struct validator known;
    if (!store_validator(site->context.store, site->address, site->arena, &known)) return false;
    add_candidate(site, known.moved_to, FOUND_BEFORE);
    return site->count > 0;
}

static void forget(const struct site *site) {
    store_put_validator(site->context.store, site->address, &(struct validator){.etag = {NULL, 0}}, NULL);
}

/* Goes on to the next candidate. Returns false if the feed found by an earlier run is gone, so that the page must be
 * searched again. */
static bool leave_candidate(struct site *site) {
    bool before = site->feeds[site->current].found_by == FOUND_BEFORE;
    subscription_free(site->subscription);
    site->subscription = NULL;
    site->current++;
    if (!before) return true;
    forget(site);
    site->count = site->current = 0;
    return false;
}

static enum source_step step_feed(struct site *site, struct exchange *reply, struct exchange *exchange,
                                  struct article **ret_article, struct failure *ret_failure) {
    const struct candidate *feed = &site->feeds[site->current];
    if (!site->subscription) site->subscription = subscription_new(&site->context, feed->address, &site->limits);
    enum source_step taken = subscription_step(site->subscription, reply, exchange, ret_article, ret_failure);
    bool refused = taken == SOURCE_FAIL && ret_failure->reach == REACH_SERVICE;
    site->found = site->found || (taken != SOURCE_ASK && taken != SOURCE_WORK && !refused);
    if (taken != SOURCE_END || site->told || feed->found_by == FOUND_BEFORE) return taken;
    site->told = true;
    describe(site, ret_failure);
    return SOURCE_NOTE;
}

/* Tries the candidates in order until one is a feed. After a temporary failure, no other candidate is tried, because
 * the failed one may be the right feed. */
static enum source_step try_feeds(struct site *site, struct exchange *reply, struct exchange *exchange,
                                  struct article **ret_article, struct failure *ret_failure) {
    for (; site->current < site->count; reply = NULL) {
        enum source_step taken = step_feed(site, reply, exchange, ret_article, ret_failure);
        if (taken != SOURCE_FAIL || site->found) return taken;
        struct failure failure = *ret_failure;
        if (failure.remedy == REMEDY_NEXT_RUN) return give_up(site, &failure, ret_failure);
        if (!leave_candidate(site)) return ask_page(site, exchange, ret_failure);
    }
    return find_nothing(site, ret_failure);
}

static enum source_step site_step(void *state, struct exchange *reply, struct exchange *exchange,
                                  struct article **ret_article, struct failure *ret_failure) {
    struct site *site = state;
    switch (site->progress) {
    case TO_BEGIN:
        if (!begin(site)) return ask_page(site, exchange, ret_failure);
        site->progress = TRYING;
        break;
    case ASKED:
        return take_page(site, reply, ret_failure);
    case TRYING:
        break;
    case OVER:
        return SOURCE_END;
    }
    return try_feeds(site, reply, exchange, ret_article, ret_failure);
}

/* Stores the feed's address under the site's address. The feed's validators are stored under the feed's own address. If
 * the two addresses are the same, the validators must be kept. */
static void site_settled(void *state) {
    const struct site *site = state;
    struct validator known = {.etag = {NULL, 0}};
    if (!site->subscription || !site->found) return;
    subscription_settled(site->subscription);
    struct span feed = site->feeds[site->current].address;
    if (span_equal(feed, site->address)) store_validator(site->context.store, feed, site->arena, &known);
    known.moved_to = feed;
    store_put_validator(site->context.store, site->address, &known, NULL);
}

const struct source source_site = {
    .name = "site",
    .help = "a site given by its address; its feed is found automatically",
    .settings = {site_table, sizeof(struct subscription_settings)},
    .open = site_open,
    .close = site_close,
    .step = site_step,
    .work = site_work,
    .settled = site_settled,
};
