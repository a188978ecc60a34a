#include "program/commands/export_feeds.h"

#include "config/reader.h"
#include "pipeline/engine/resources.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/url.h"
#include "program/state.h"
#include "stages/decode/decoder.h"
#include "stages/sources/parts/feed_list.h"

extern const struct source source_feed, source_site, source_opml;

struct feeds {
    struct program *program;
    struct arena *arena;
    void (*feed)(void *context, const struct export_feed *feed);
    void *context;
    struct feeds_left_out left_out;
    struct failure *failure;
};

/* ---------------------------------------------------------------- addresses */

/* Whether a parameter "name=value" of a query has the name of a secret. */
static bool is_secret(struct span parameter) {
    static const char *const names[] = {"key",          "apikey", "api_key",  "api-key",   "access_key", "token",
                                        "access_token", "auth",   "password", "passwd",    "pass",       "pwd",
                                        "secret",       "user",   "sig",      "signature", "authkey",    "auth_token"};
    struct span name = span_cut(parameter, 0, span_find(parameter, SPAN("=")));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_is_ascii_fold(name, names[i])) return true;
    return false;
}

struct span export_feed_address(struct span address, struct arena *arena) {
    struct buffer out = BUFFER(URL_LIMIT * 2);
    struct span rest = url_without_users(address, arena), parameter;
    size_t query = span_find(rest, SPAN("?"));
    const char *before = "?";
    buffer_add_span(&out, span_cut(rest, 0, query));
    rest = query == SIZE_MAX ? SPAN("") : span_cut(rest, query + 1, rest.length);
    while (span_next(&rest, '&', &parameter)) {
        if (is_secret(parameter)) continue;
        buffer_print(&out, "%s%.*s", before, SPAN_ARGS(parameter));
        before = "&";
    }
    struct span clean = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return clean;
}

/* ---------------------------------------------------------------- feeds */

static void add(struct feeds *feeds, const struct section *section, struct span title, struct span address,
                struct span site) {
    const struct source_settings *settings = section_values(section);
    struct export_feed feed = {.title = title,
                               .section = settings->section,
                               .language = settings->language,
                               .address = export_feed_address(address, feeds->arena),
                               .site = export_feed_address(site, feeds->arena)};
    feeds->left_out.secrets += !span_equal(feed.address, address);
    feeds->feed(feeds->context, &feed);
}

static struct span title_of(const struct section *section) {
    const struct source_settings *settings = section_values(section);
    return settings->title.length ? settings->title : section_name(section);
}

static bool add_list(struct feeds *feeds, const struct section *section) {
    struct source_context context = program_source_context(feeds->program, section);
    struct sitemap list = {0};
    const char *folder;
    const struct decoder *decoder = resources_borrow(context.resources, &decoder_resource, feeds->failure);
    if (!decoder || !feed_list_read(&context, decoder, feeds->arena, &list, &folder, feeds->failure)) return false;
    for (size_t i = 0; i < list.count; i++) {
        struct span address = span_trim(list.entries[i].address), title = list.entries[i].title;
        if (url_is_remote(address)) add(feeds, section, title.length ? title : title_of(section), address, SPAN(""));
    }
    return true;
}

static void add_site(struct feeds *feeds, const struct section *section, struct span site) {
    struct validator known = {.etag = {NULL, 0}};
    struct store *store = feeds->program->store;
    if (store && store_validator(store, site, feeds->arena, &known) && url_is_remote(known.moved_to))
        add(feeds, section, title_of(section), known.moved_to, site);
    else
        feeds->left_out.sites++;
}

static bool add_section(struct feeds *feeds, const struct section *section) {
    const struct source *kind = source_of(section_kind(section));
    struct span address = ((const struct source_settings *)section_values(section))->url;
    if (kind == &source_opml) return add_list(feeds, section);
    if (kind == &source_site)
        add_site(feeds, section, address);
    else if (kind == &source_feed && url_is_remote(address))
        add(feeds, section, title_of(section), address, SPAN(""));
    return true;
}

bool export_feeds(struct program *program, void (*feed)(void *context, const struct export_feed *feed), void *context,
                  struct feeds_left_out *ret_left_out, struct failure *ret_failure) {
    struct feeds feeds = {
        .program = program, .arena = arena_new(), .feed = feed, .context = context, .failure = ret_failure};
    const struct config *config = program->config;
    /* The state knows which feeds the sites have. Without one, none is made. */
    bool done = !state_exists(program) || program_open_store(program, false, STORE_UNLOCKED, ret_failure);
    for (size_t i = 0; i < config_section_count(config, source_table) && done; i++)
        done = add_section(&feeds, config_section_at(config, source_table, i));
    *ret_left_out = feeds.left_out;
    arena_free(feeds.arena);
    return done;
}
