#include "stages/sources/parts/common.h"

#include "pipeline/base/clock.h"
#include "pipeline/engine/source_access.h"
#include "pipeline/engine/source_files.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/url.h"
#include "pipeline/store/store.h"
#include "stages/sources/parts/gone.h"

void source_describe(const struct source_settings *settings, struct article *article) {
    struct arena *arena = article->arena;
    if (settings->title.length) article->origin.title = arena_copy(arena, settings->title);
    if (settings->country.length) article->origin.country = arena_copy(arena, settings->country);
    if (settings->section.length) { /* a record may state another one */
        article->section = SPAN("");
        article->metadata_evidence[FIELD_SECTION] = SPAN("");
    }
    article_take_field(article, FIELD_SECTION, settings->section, SPAN("configuration"));
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
    article->source_section = context->section;
    if (context->common) {
        article->feed.language = arena_copy(arena, context->common->language);
        source_describe(context->common, article);
    }
    article->feed.language_is_set = article->feed.language.length > 0;
    article_identify(article, identity);
    return article;
}

enum source_step source_ask(const struct source_context *context, struct span address, size_t bytes,
                            struct exchange *exchange, struct failure *ret_failure) {
    struct arena *arena = exchange->arena;
    if (gone_is(context, address, ret_failure)) return SOURCE_FAIL;
    exchange->url = arena_copy(arena, address);
    exchange->limiter = arena_print(arena, "host %.*s", SPAN_ARGS(url_host(exchange->url, arena)));
    /* At most two requests at a time and one per second, so that no host is overloaded. */
    exchange->limits = (struct rate_limits){
        .concurrency = 2, .gap_ms = 1000, .attempts = 3, .timeout_ms = 30000, .max_wait_ms = 30000};
    exchange->reply_limit = bytes;
    exchange->keep_heads = context->archive != NULL;
    /* Adds the configured headers, user name and password, but only for the hosts of `url` and `login_hosts`. */
    if (source_access_grant(NULL, context->section, exchange, ret_failure)) return SOURCE_ASK;
    ret_failure->reach = REACH_SERVICE;
    return SOURCE_FAIL;
}

bool source_knows(const struct source_context *context, struct span identity, struct span version) {
    char id[33];
    article_id(identity, id);
    return store_knows(context->store, id, version);
}

/* Sets REACH_ARTICLE, so that the source continues with its other parts. A cause that is already known is kept. */
void source_part_failed(struct failure *failure) {
    if (failure->reach == REACH_ARTICLE) return;
    failure->reach = REACH_ARTICLE;
    failure->remedy = REMEDY_NEXT_RUN;
    if (failure->cause == CAUSE_ARTICLE) failure->cause = CAUSE_NETWORK;
}

void source_withhold(struct article *article, const char *who, struct span named) {
    article->origin.address = SPAN("");
    article->origin.note =
        arena_print(article->arena, "The %s names a file on this computer, %.*s, which was not read.", who,
                    SPAN_ARGS(text_clip(named, 200)));
}

struct span source_path(const struct source_context *context, struct span path, struct arena *arena) {
    return source_files_path(context->working_folder, path, arena);
}
