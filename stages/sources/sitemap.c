/* Sitemaps and sitemap indexes. Every page listed in them becomes an article; news sitemaps also give title and
 * date. */
#include <stdlib.h>
#include <time.h>

#include "pipeline/base/clock.h"
#include "pipeline/net/url.h"
#include "stages/formats/sitemap_read.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/container.h"
#include "stages/sources/parts/gone.h"
#include "stages/sources/parts/tracking.h"

enum {
    MAX_LISTS = 200,   /* maximum number of sitemaps that are read for one source */
    MAX_PAGES = 50000, /* maximum number of pages in one sitemap, according to the protocol */
    MAX_ENTRIES = MAX_PAGES + MAX_LISTS
};

struct sitemap_settings {
    long long max_items;
    size_t max_bytes;
};

static const struct setting sitemap_table[] = {
    SOURCE_URL_SETTING("address of a sitemap or a sitemap index, http or https"),
    SETTING("max_items", SETTING_NUMBER_AT(struct sitemap_settings, max_items), .default_value = "1000", .min = 1,
            .max = 100000, .help = "maximum number of new pages taken per run; the others wait for the next run"),
    SETTING("max_bytes", SETTING_SIZE_AT(struct sitemap_settings, max_bytes), .default_value = "50M", .min = 1024,
            .max = 1u << 30, .help = "maximum size of a sitemap"),
    SETTINGS_END,
};

struct sitemap_source {
    struct source_context context;
    struct arena *arena,
        *list_arena; /* arena: the addresses of the sitemaps; list_arena: the sitemap that is being read */
    const struct span *tracking;
    size_t tracking_count, items, bytes, handed_out;
    struct span lists[MAX_LISTS];
    size_t list_count, list_next;
    size_t lists_left_out; /* sitemaps beyond MAX_LISTS */
    const struct decoder *decoder;
    struct container container; /* the sitemap as it was received */
    struct failure failure;
    struct sitemap sitemap;
    size_t next;
    size_t old; /* pages skipped because of their age */
    bool told_waiting, working;
};

static int sitemap_recognise(struct span address, struct span head) {
    bool named = url_is_remote(address) && span_find(address, SPAN("sitemap")) != SIZE_MAX &&
                 span_find(address, SPAN(".xml")) != SIZE_MAX;
    return named || span_find(head, SPAN("<urlset")) != SIZE_MAX ? 2 : 0;
}

/* The sitemaps listed in an index are appended to this list, which begins with the configured address. */
static bool sitemap_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    const struct sitemap_settings *settings = context->settings;
    struct span address = context->common->url;
    if (!url_is_remote(address))
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "a sitemap needs url = ADDRESS (http or https)");
    const struct decoder *decoder = resources_borrow(context->resources, &decoder_resource, ret_failure);
    if (!decoder) return false;
    struct sitemap_source *source = memory_take(sizeof *source);
    *source = (struct sitemap_source){.context = *context,
                                      .arena = arena_new(),
                                      .decoder = decoder,
                                      .items = (size_t)settings->max_items,
                                      .bytes = settings->max_bytes};
    source->tracking = tracking_read(context->data_folder, source->arena, &source->tracking_count);
    source->lists[source->list_count++] = arena_copy(source->arena, address);
    *ret_state = source;
    return true;
}

static void sitemap_close(void *state) {
    struct sitemap_source *source = state;
    container_free(&source->container);
    arena_free(source->list_arena);
    arena_free(source->arena);
    free(source);
}

static enum source_step ask(struct sitemap_source *source, struct exchange *exchange, struct failure *ret_failure) {
    struct span address = source->lists[source->list_next++];
    enum source_step taken = source_ask(&source->context, address, source->bytes, exchange, ret_failure);
    exchange->limits.timeout_ms = 60000; /* sitemaps may be as large as 50 MB */
    if (taken == SOURCE_FAIL && source->list_count > 1) ret_failure->reach = REACH_ARTICLE;
    return taken;
}

/* If a sitemap listed in an index fails, the others can still be read, but the source is not read in full, as long as
 * that sitemap fails. If the configured sitemap fails, so does the source. */
static enum source_step refuse(const struct sitemap_source *source, const struct failure *failure,
                               struct failure *ret_failure) {
    *ret_failure = *failure;
    ret_failure->reach = REACH_SERVICE;
    if (source->list_count > 1) source_part_failed(ret_failure);
    return SOURCE_FAIL;
}

static enum source_step take_reply(struct sitemap_source *source, struct exchange *reply, struct failure *ret_failure) {
    if (reply->failure.reach != REACH_NONE) {
        struct failure failure = reply->failure;
        gone_note(&source->context, reply->url, reply, &failure);
        return refuse(source, &failure, ret_failure);
    }
    arena_free(source->list_arena);
    source->list_arena = arena_new();
    source->sitemap = (struct sitemap){0};
    source->next = 0;
    source->container = container_new(source->bytes);
    container_take_reply(&source->container, reply, source->list_arena);
    source->container.address = arena_copy(source->list_arena, reply->final_url.length ? reply->final_url : reply->url);
    source->working = true;
    return SOURCE_WORK;
}

static void sitemap_work(void *state) {
    struct sitemap_source *source = state;
    struct container *container = &source->container;
    source->failure.reach = REACH_NONE;
    bool done = container_decode(container, source->decoder, source->list_arena, &source->failure) &&
                sitemap_read(buffer_span(&container->text), container->address, MAX_ENTRIES, source->list_arena,
                             &source->sitemap, &source->failure);
    container_free(container);
    if (!done) source->failure.reach = REACH_SERVICE;
}

/* Makes an article of the page unless the page is already in the store. Returns SOURCE_END if a new page exceeds the
 * limit. */
static enum source_step hand_out_page(struct sitemap_source *source, const struct sitemap_entry *entry,
                                      struct article **ret_article) {
    struct arena *scratch = arena_new();
    struct span identity = url_canonical(entry->address, source->tracking, source->tracking_count, scratch);
    bool known = source_knows(&source->context, identity, entry->changed), room = source->handed_out < source->items;
    if (!known && room) {
        struct article *article = source_article(&source->context, entry->address, identity, entry->changed);
        struct arena *arena = article->arena;
        article->feed.title = arena_copy(arena, entry->title);
        article->feed.published = arena_copy(arena, entry->published);
        article->feed.modified = arena_copy(arena, entry->changed);
        if (!article->feed.language_is_set) article->feed.language = arena_copy(arena, entry->language);
        article_take_encoding(article, &source->container.encoding);
        source->handed_out++;
        *ret_article = article;
    }
    arena_free(scratch);
    return known ? SOURCE_KNOWN : room ? SOURCE_ITEM : SOURCE_END;
}

/* Whether the page is older than the setting `since`. Sitemaps may list everything that a site has ever published; old
 * pages must not use up `max_items`. */
static bool is_old(const struct sitemap_source *source, const struct sitemap_entry *entry) {
    int64_t oldest = source->context.common->since / 1000;
    struct span date = entry->published.length ? entry->published : entry->changed;
    if (!oldest || !date.length) return false;
    struct arena *scratch = arena_new();
    int64_t then = clock_seconds(arena_string(scratch, date));
    arena_free(scratch);
    return then >= 0 && then < time(NULL) - oldest;
}

/* Reports the number of old pages, once, before the source ends. */
static enum source_step end(struct sitemap_source *source, struct failure *ret_failure) {
    size_t old = source->old;
    source->old = 0;
    char since[SETTING_NUMBER_ROOM];
    if (!old) return SOURCE_END;
    setting_write_number(SETTING_TIME, (double)source->context.common->since, since);
    failure_set(ret_failure, REACH_NONE, REMEDY_NONE, "%zu page%s of %.*s %s too old (since = %s)", old,
                old == 1 ? "" : "s", SPAN_ARGS(source->lists[0]), old == 1 ? "is" : "are", since);
    return SOURCE_NOTE;
}

/* Indexes may name each other, and themselves. */
static void add_list(struct sitemap_source *source, struct span address) {
    for (size_t i = 0; i < source->list_count; i++)
        if (span_equal(source->lists[i], address)) return;
    if (source->list_count < MAX_LISTS)
        source->lists[source->list_count++] = arena_copy(source->arena, address);
    else
        source->lists_left_out++;
}

/* Reports what of the sitemap, or of the index, will not be read. Returns false for each of these. */
static bool tell_missing(struct sitemap_source *source, struct failure *ret_failure) {
    struct span address = source->list_next ? source->lists[source->list_next - 1] : source->lists[0];
    size_t left_out = source->lists_left_out;
    source->lists_left_out = 0;
    if (left_out)
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                    "%.*s leads to more than %d sitemaps, so %zu %s left out; configure %s of their own",
                    SPAN_ARGS(text_clip(source->lists[0], 200)), MAX_LISTS, left_out, left_out == 1 ? "was" : "were",
                    left_out == 1 ? "it as a source" : "them as sources");
    return !left_out && sitemap_tell(&source->sitemap, address, ret_failure) &&
           sitemap_tell_left_out(&source->sitemap, address, MAX_ENTRIES, ret_failure);
}

/* Returns the next page or, at the end of a sitemap, requests the next sitemap. Pages beyond the limit need not be
 * stored: the next run finds them again and skips those that are already in the store. */
static enum source_step hand_out(struct sitemap_source *source, struct exchange *exchange, struct article **ret_article,
                                 struct failure *ret_failure) {
    while (source->next < source->sitemap.count && !source->told_waiting) {
        const struct sitemap_entry *entry = &source->sitemap.entries[source->next++];
        if (entry->is_list) {
            add_list(source, entry->address);
            continue;
        }
        if (is_old(source, entry)) {
            source->old++;
            continue;
        }
        enum source_step taken = hand_out_page(source, entry, ret_article);
        if (taken != SOURCE_END) return taken;
        source->told_waiting = true;
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN,
                    "%.*s lists more new pages than max_items (%zu) allows per run; the others wait for the next run",
                    SPAN_ARGS(source->lists[0]), source->items);
        return SOURCE_FAIL;
    }
    if (!tell_missing(source, ret_failure)) return SOURCE_FAIL;
    bool more = source->list_next < source->list_count && !source->told_waiting;
    return more ? ask(source, exchange, ret_failure) : end(source, ret_failure);
}

static enum source_step sitemap_step(void *state, struct exchange *reply, struct exchange *exchange,
                                     struct article **ret_article, struct failure *ret_failure) {
    struct sitemap_source *source = state;
    if (reply) return take_reply(source, reply, ret_failure);
    if (source->working && source->failure.reach != REACH_NONE) {
        source->working = false;
        return refuse(source, &source->failure, ret_failure);
    }
    source->working = false;
    return hand_out(source, exchange, ret_article, ret_failure);
}

const struct source source_sitemap = {
    .name = "sitemap",
    .help = "sitemaps, news sitemaps and their indexes",
    .settings = {sitemap_table, sizeof(struct sitemap_settings)},
    .recognise = sitemap_recognise,
    .open = sitemap_open,
    .close = sitemap_close,
    .step = sitemap_step,
    .work = sitemap_work,
};
