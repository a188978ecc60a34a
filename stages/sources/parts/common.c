#include "stages/sources/parts/common.h"

#include "pipeline/base/clock.h"
#include "pipeline/net/url.h"
#include "pipeline/store/budget_settings.h"
#include "pipeline/store/store.h"

const struct setting source_settings[] = {
    {"kind", SETTING_TEXT, NULL, NULL, 0, 0,
     "files, feed, site, page, opml, sitemap, warc, ndjson, mail, stdin; not needed when the section is named so"},
    {"language", SETTING_TEXT, NULL, NULL, 0, 0, "language of its articles, as a hint"},
    CAP_SETTINGS(", for articles of this source"),
    SETTINGS_END};

const struct setting *source_settings_of_kind(struct span kind) {
    const struct source *source = source_of(kind);
    return source ? source->settings : NULL;
}

struct article *source_article(const struct source_context *context, struct span address, struct span identity,
                               struct span version) {
    struct article *article = article_new();
    struct arena *arena = article->arena;
    char now[21];
    clock_iso_now(now);
    article->origin.source = arena_copy(arena, context->name);
    article->origin.address = arena_copy(arena, address);
    article->origin.version = arena_copy(arena, version);
    article->origin.collected = arena_copy(arena, span_of(now));
    if (context->settings) article->feed.language = arena_copy(arena, setting_text(context->settings, "language"));
    article->feed.language_is_set = article->feed.language.length > 0;
    article_identify(article, identity);
    return article;
}

void source_ask(const struct source_context *context, struct span address, size_t bytes, struct exchange *exchange) {
    struct arena *arena = exchange->arena;
    (void)context;
    exchange->url = arena_copy(arena, address);
    exchange->limiter = arena_print(arena, "host %.*s", SPAN_ARGS(url_host(exchange->url, arena)));
    exchange->limits = (struct rate_limits){
        .concurrency = 2, .gap_ms = 1000, .attempts = 3, .timeout_ms = 30000, .max_wait_ms = 30000};
    exchange->reply_limit = bytes;
}

bool source_knows(const struct source_context *context, struct span identity, struct span version) {
    char id[33];
    article_id(identity, id);
    return store_knows(context->store, id, version);
}

void source_part_failed(struct failure *failure) {
    if (failure->reach == REACH_ARTICLE) return;
    failure->reach = REACH_ARTICLE;
    failure->remedy = REMEDY_NEXT_RUN;
    if (failure->cause == CAUSE_ARTICLE) failure->cause = CAUSE_NETWORK;
}

struct span source_path(const struct source_context *context, struct span path, struct arena *arena) {
    if (span_starts(path, SPAN("file://"))) path = span_cut(path, 7, path.length);
    if (span_starts(path, SPAN("/"))) return arena_copy(arena, path);
    return arena_print(arena, "%s/%.*s", context->working_folder, SPAN_ARGS(path));
}
