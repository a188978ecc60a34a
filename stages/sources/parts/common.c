#include "stages/sources/parts/common.h"

#include "pipeline/base/clock.h"
#include "pipeline/engine/source_access.h"
#include "pipeline/net/url.h"
#include "pipeline/store/budget_settings.h"
#include "pipeline/store/store.h"
#include "stages/sources/parts/gone.h"

const struct setting source_settings[] = {
    {"kind", SETTING_TEXT, NULL, NULL, 0, 0,
     "files, feed, site, page, opml, sitemap, warc, ndjson, mail, stdin; not needed when the section is named so"},
    {"language", SETTING_TEXT, NULL, NULL, 0, 0, "language of its articles, as a hint"},
    {"title", SETTING_TEXT, NULL, NULL, 0, 0, "what it is called, for the record and the digest"},
    {"section", SETTING_TEXT, NULL, NULL, 0, 0, "section that its articles belong to, whatever they say themselves"},
    {"country", SETTING_TEXT, NULL, NULL, 0, 0, "country that it reports from, for the record and the digest"},
    {"every", SETTING_TIME, "0s", NULL, 0, 366 * 86400e3, "it is asked no more often than this; 0: by every run"},
    {"since", SETTING_TIME, "0s", NULL, 0, 3155760e6, "articles older than this are skipped; 0: none are"},
    {"keep", SETTING_PATTERN, NULL, NULL, 0, 0,
     "pattern; only articles whose headline, address or text matches one are taken (the key may be repeated)"},
    {"drop", SETTING_PATTERN, NULL, NULL, 0, 0,
     "pattern; articles whose headline, address or text matches one are skipped (the key may be repeated)"},
    {"local_hosts", SETTING_LIST, NULL, NULL, 0, 0,
     "hosts (with their ports) on this machine or in a private network that its articles may come from, beside the one "
     "in url"},
    {"article", SETTING_SELECTOR, NULL, NULL, 0, 0,
     "where its articles stand on their pages, if they are not found: TAG, .class, #id, [name=value], joined, nested"},
    {"header", SETTING_SECRET, NULL, NULL, 0, 0,
     "header lines (Name: value) that its own hosts are sent, e.g. Cookie or Authorization"},
    {"user", SETTING_TEXT, NULL, NULL, 0, 0, "name to log in with at its own hosts (HTTP basic)"},
    {"user", SETTING_SECRET, NULL, NULL, 0, 0, "the same, kept apart"},
    {"password", SETTING_SECRET, NULL, NULL, 0, 0, "password that goes with user"},
    {"login_hosts", SETTING_LIST, NULL, NULL, 0, 0,
     "further hosts that headers, user and password are sent to, beside the one in url"},
    {"plain_http", SETTING_SWITCH, "no", NULL, 0, 0, "let headers, user and password go over plain http"},
    CAP_SETTINGS(", for articles of this source"),
    SETTINGS_END};

const struct setting *source_settings_of_kind(struct span kind) {
    const struct source *source = source_of(kind);
    return source ? source->settings : NULL;
}

/* What the user says of a source holds for its articles. */
static void describe(const struct settings *settings, struct article *article) {
    struct arena *arena = article->arena;
    article->feed.language = arena_copy(arena, setting_text(settings, "language"));
    article->origin.title = arena_copy(arena, setting_text(settings, "title"));
    article->origin.country = arena_copy(arena, setting_text(settings, "country"));
    article_take_field(article, FIELD_SECTION, setting_text(settings, "section"), SPAN("configuration"));
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
    article->source_settings = context->settings;
    if (context->settings) describe(context->settings, article);
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
    exchange->limits = (struct rate_limits){
        .concurrency = 2, .gap_ms = 1000, .attempts = 3, .timeout_ms = 30000, .max_wait_ms = 30000};
    exchange->reply_limit = bytes;
    exchange->keep_heads = context->archive != NULL;
    if (source_access_grant(NULL, context->settings, exchange, ret_failure)) return SOURCE_ASK;
    ret_failure->reach = REACH_SERVICE;
    return SOURCE_FAIL;
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
