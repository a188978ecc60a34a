#include "pipeline/engine/source_access.h"

#include <stdlib.h>

#include "config/reader.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/net/url.h"

/* Bytes of a list of hosts. */
enum { HOSTS_LIMIT = 1 << 20 };

struct rights {
    struct span local_hosts, secret_hosts;
};

struct source_access {
    struct arena *arena;
    struct hash_table by_section; /* key: address of the settings; value: struct rights */
};

struct source_access *source_access_new(void) {
    struct source_access *access = memory_take(sizeof *access);
    access->arena = arena_new();
    access->by_section = HASH_TABLE(access->arena);
    return access;
}

void source_access_free(struct source_access *access) {
    if (!access) return;
    arena_free(access->arena);
    free(access);
}

/* Appends the host of a URL, and a space. URLs without a host are ignored. */
static void add_host(struct buffer *hosts, struct span address, struct arena *scratch) {
    struct span host = url_host(address, scratch);
    if (!host.length) return;
    buffer_add_span(hosts, host);
    buffer_add(hosts, " ", 1);
}

static void add_addresses(const struct settings *settings, struct buffer *hosts, struct arena *scratch) {
    if (setting_known(settings, "url", SETTING_TEXT)) {
        struct span address = setting_text(settings, "url");
        if (url_is_remote(address)) add_host(hosts, address, scratch);
    } else if (setting_known(settings, "url", SETTING_LIST)) {
        for (size_t i = 0, count = setting_list_count(settings, "url"); i < count; i++)
            add_host(hosts, setting_list_item(settings, "url", i), scratch);
    }
}

/* Hosts may be written as "127.0.0.1:1200" or as "http://127.0.0.1:1200/". */
static void add_named(const struct settings *settings, const char *name, struct buffer *hosts, struct arena *scratch) {
    if (!setting_known(settings, name, SETTING_LIST)) return;
    for (size_t i = 0, count = setting_list_count(settings, name); i < count; i++) {
        struct span word = setting_list_item(settings, name, i);
        add_host(hosts, url_is_remote(word) ? word : arena_print(scratch, "http://%.*s", SPAN_ARGS(word)), scratch);
    }
}

static struct span hosts_of(const struct settings *settings, const char *more, struct arena *arena) {
    struct buffer hosts = BUFFER(HOSTS_LIMIT);
    struct arena *scratch = arena_new();
    add_addresses(settings, &hosts, scratch);
    add_named(settings, more, &hosts, scratch);
    struct span copy = arena_copy(arena, buffer_span(&hosts));
    arena_free(scratch);
    buffer_free(&hosts);
    return copy;
}

static struct rights work_out(const struct settings *settings, struct arena *arena) {
    return (struct rights){.local_hosts = hosts_of(settings, "local_hosts", arena),
                           .secret_hosts = hosts_of(settings, "login_hosts", arena)};
}

static const struct rights *rights_of(struct source_access *access, const struct settings *settings) {
    /* The settings live as long as the run, so their address identifies the section. */
    struct span key = {(const char *)&settings, sizeof settings};
    struct rights *rights = hash_table_find(&access->by_section, key);
    if (rights) return rights;
    rights = arena_take(access->arena, sizeof *rights);
    *rights = work_out(settings, access->arena);
    hash_table_set(&access->by_section, arena_copy(access->arena, key), rights);
    return rights;
}

/* ---------------------------------------------------------------- secrets */

/* A secret that cannot be read is the machine's fault, so the article waits. */
static bool is_ready(const struct settings *settings, const char *name, struct failure *ret_failure) {
    if (!setting_known(settings, name, SETTING_SECRET) || setting_secret_ready(settings, name, ret_failure))
        return true;
    ret_failure->reach = REACH_ARTICLE;
    return failure_blame(ret_failure, CAUSE_MACHINE, settings_name(settings));
}

static bool add_header(struct exchange *exchange, struct span line) {
    size_t colon = span_find(line, SPAN(":"));
    struct span name = span_cut(line, 0, colon);
    if (colon == SIZE_MAX || colon == 0 || span_find(name, SPAN(" ")) != SIZE_MAX) return false;
    line = span_cut(line, colon + 1, line.length);
    exchange->secret_headers = arena_grow(exchange->arena, exchange->secret_headers, exchange->secret_header_count,
                                          &exchange->secret_header_capacity, sizeof *exchange->secret_headers);
    exchange->secret_headers[exchange->secret_header_count++] = (struct header){
        .name = arena_copy(exchange->arena, name), .value = arena_copy(exchange->arena, span_trim(line))};
    return true;
}

/* Headers that frame the message or belong to the connection. A wrong one could leave the server waiting for more. */
static bool is_framing(struct span line) {
    static const char *const names[] = {"host", "content-length", "transfer-encoding", "connection", "keep-alive",
                                        "te",   "trailer",        "upgrade",           "expect"};
    struct span name = span_trim(span_cut(line, 0, span_find(line, SPAN(":"))));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_is_ascii_fold(name, names[i])) return true;
    return span_starts_ascii_fold(name, SPAN("proxy-"));
}

/* An invalid line is reported by its number and never quoted, because it may be the secret itself. */
static bool add_headers(const struct settings *settings, struct exchange *exchange, struct failure *ret_failure) {
    struct span rest = setting_secret(settings, "header"), line;
    for (size_t number = 1; span_next(&rest, '\n', &line); number++) {
        line = span_trim(line);
        bool framing = is_framing(line);
        if (!line.length || (!framing && add_header(exchange, line))) continue;
        struct span name = settings_name(settings);
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "[source \"%.*s\"] header: line %zu %s",
                    SPAN_ARGS(name), number,
                    framing ? "sets a header that Dragoman sets itself or that belongs to the connection; remove it"
                            : "is not of the form 'Name: value'");
        return failure_blame(ret_failure, CAUSE_MACHINE, name);
    }
    return true;
}

static void add_log_in(const struct settings *settings, struct exchange *exchange) {
    struct span user = setting_text(settings, "user"), password = setting_secret(settings, "password");
    if (!user.length) user = setting_secret(settings, "user");
    if (user.length || password.length)
        exchange->user_password = arena_print(exchange->arena, "%.*s:%.*s", SPAN_ARGS(user), SPAN_ARGS(password));
}

static bool add_secrets(const struct settings *settings, const struct rights *rights, struct exchange *exchange,
                        struct failure *ret_failure) {
    if (!setting_known(settings, "header", SETTING_SECRET)) return true;
    if (!is_ready(settings, "header", ret_failure) || !is_ready(settings, "password", ret_failure) ||
        !is_ready(settings, "user", ret_failure) || !add_headers(settings, exchange, ret_failure))
        return false;
    add_log_in(settings, exchange);
    if (!exchange->secret_header_count && !exchange->user_password.length) return true;
    exchange->secret_hosts = rights->secret_hosts;
    exchange->plain_text_ok = setting_switch(settings, "plain_http");
    return true;
}

bool source_access_grant(struct source_access *access, const struct settings *settings, struct exchange *exchange,
                         struct failure *ret_failure) {
    if (!settings) return true;
    /* Without a cache the hosts are found anew for each request, in the exchange's arena. */
    struct rights own = {.local_hosts = {NULL, 0}};
    if (!access) own = work_out(settings, exchange->arena);
    const struct rights *rights = access ? rights_of(access, settings) : &own;
    exchange->local_hosts = rights->local_hosts;
    return add_secrets(settings, rights, exchange, ret_failure);
}
