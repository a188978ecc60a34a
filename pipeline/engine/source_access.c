#include "pipeline/engine/source_access.h"

#include <stdlib.h>

#include "pipeline/base/hash_table.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/url.h"

/* Maximum size of a list of hosts, in bytes. */
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

static void add_addresses(const struct source_settings *settings, struct buffer *hosts, struct arena *scratch) {
    if (url_is_remote(settings->url)) add_host(hosts, settings->url, scratch);
    for (size_t i = 0; i < settings->urls.count; i++) add_host(hosts, settings->urls.items[i], scratch);
}

/* Hosts may be written as "127.0.0.1:1200" or as "http://127.0.0.1:1200/". */
static void add_named(const struct word_list *names, struct buffer *hosts, struct arena *scratch) {
    for (size_t i = 0; i < names->count; i++) {
        struct span word = names->items[i];
        add_host(hosts, url_is_remote(word) ? word : arena_print(scratch, "http://%.*s", SPAN_ARGS(word)), scratch);
    }
}

static struct span hosts_of(const struct source_settings *settings, const struct word_list *more, struct arena *arena) {
    struct buffer hosts = BUFFER(HOSTS_LIMIT);
    struct arena *scratch = arena_new();
    add_addresses(settings, &hosts, scratch);
    add_named(more, &hosts, scratch);
    struct span copy = arena_copy(arena, buffer_span(&hosts));
    arena_free(scratch);
    buffer_free(&hosts);
    return copy;
}

static struct rights work_out(const struct section *section, struct arena *arena) {
    const struct source_settings *settings = section_values(section);
    return (struct rights){.local_hosts = hosts_of(settings, &settings->local_hosts, arena),
                           .secret_hosts = hosts_of(settings, &settings->login_hosts, arena)};
}

static const struct rights *rights_of(struct source_access *access, const struct section *section) {
    /* The section is not freed during the run, so its address identifies it. */
    struct span key = {(const char *)&section, sizeof section};
    struct rights *rights = hash_table_find(&access->by_section, key);
    if (rights) return rights;
    rights = arena_take(access->arena, sizeof *rights);
    *rights = work_out(section, access->arena);
    hash_table_set(&access->by_section, arena_copy(access->arena, key), rights);
    return rights;
}

/* ---------------------------------------------------------------- secrets */

/* A secret that cannot be read is a problem of this machine, so the article waits. */
static bool is_ready(const struct section *section, struct secret *secret, struct failure *ret_failure) {
    if (secret_ready(secret, ret_failure)) return true;
    ret_failure->reach = REACH_ARTICLE;
    return failure_blame(ret_failure, CAUSE_MACHINE, section_name(section));
}

static void add_header(struct exchange *exchange, struct span line) {
    size_t colon = span_find(line, SPAN(":"));
    struct span name = span_cut(line, 0, colon);
    line = span_cut(line, colon + 1, line.length);
    exchange->secret_headers = arena_grow(exchange->arena, exchange->secret_headers, exchange->secret_header_count,
                                          &exchange->secret_header_capacity, sizeof *exchange->secret_headers);
    exchange->secret_headers[exchange->secret_header_count++] = (struct header){
        .name = arena_copy(exchange->arena, name), .value = arena_copy(exchange->arena, span_trim(line))};
}

/* Headers that delimit the message or belong to the connection. A wrong value could leave the server waiting for
 * more. */
static bool is_framing(struct span line) {
    static const char *const names[] = {"host", "content-length", "transfer-encoding", "connection", "keep-alive",
                                        "te",   "trailer",        "upgrade",           "expect"};
    struct span name = span_trim(span_cut(line, 0, span_find(line, SPAN(":"))));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_is_ascii_fold(name, names[i])) return true;
    return span_starts_ascii_fold(name, SPAN("proxy-"));
}

/* Returns what is wrong with a line, or NULL. An invalid line is reported by its number and never quoted, because it
 * may be the secret itself. */
static const char *line_fault(struct span line) {
    size_t colon = span_find(line, SPAN(":"));
    if (is_framing(line)) return "sets a header that Dragoman sets itself or that belongs to the connection; remove it";
    bool formed = colon != SIZE_MAX && colon > 0 && span_find(span_cut(line, 0, colon), SPAN(" ")) == SIZE_MAX;
    return formed ? NULL : "is not of the form 'Name: value'";
}

/* Returns the number of the first invalid line from `number` on, or 0 if there is none. */
static size_t next_fault(struct span header, size_t number, const char **ret_fault) {
    struct span line;
    for (size_t i = 1; span_next(&header, '\n', &line); i++) {
        line = span_trim(line);
        *ret_fault = i >= number && line.length ? line_fault(line) : NULL;
        if (*ret_fault) return i;
    }
    return 0;
}

static bool add_headers(const struct section *section, struct span header, struct exchange *exchange,
                        struct failure *ret_failure) {
    const char *fault;
    struct span line, name = section_name(section);
    size_t number = next_fault(header, 1, &fault);
    if (number) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "[source \"%.*s\"] header: line %zu %s",
                    SPAN_ARGS(name), number, fault);
        return failure_blame(ret_failure, CAUSE_MACHINE, name);
    }
    while (span_next(&header, '\n', &line))
        if (span_trim(line).length) add_header(exchange, span_trim(line));
    return true;
}

void source_access_check(const struct section *section) {
    const struct source_settings *settings = section_values(section);
    struct failure ignored;
    const char *fault;
    if (!secret_found(settings->header, &ignored) || secret_is_command(settings->header)) return;
    struct span header = secret_text(settings->header);
    for (size_t number = 0; (number = next_fault(header, number + 1, &fault));)
        section_add_problem(section, "header", SPAN(""), "[source \"%.*s\"] header: line %zu %s",
                            SPAN_ARGS(section_name(section)), number, fault);
}

static void add_log_in(const struct source_settings *settings, struct exchange *exchange) {
    struct span user = settings->user, password = secret_text(settings->password);
    if (!user.length) user = secret_text(settings->secret_user);
    if (user.length || password.length)
        exchange->user_password = arena_print(exchange->arena, "%.*s:%.*s", SPAN_ARGS(user), SPAN_ARGS(password));
}

static bool add_secrets(const struct section *section, const struct rights *rights, struct exchange *exchange,
                        struct failure *ret_failure) {
    const struct source_settings *settings = section_values(section);
    if (!is_ready(section, settings->header, ret_failure) || !is_ready(section, settings->password, ret_failure) ||
        !is_ready(section, settings->secret_user, ret_failure) ||
        !add_headers(section, secret_text(settings->header), exchange, ret_failure))
        return false;
    add_log_in(settings, exchange);
    if (!exchange->secret_header_count && !exchange->user_password.length) return true;
    exchange->secret_hosts = rights->secret_hosts;
    exchange->plain_text_ok = settings->plain_http;
    return true;
}

bool source_access_grant(struct source_access *access, const struct section *section, struct exchange *exchange,
                         struct failure *ret_failure) {
    if (!section) return true;
    /* Without a cache, the hosts are determined again for each request and stored in the arena of the exchange. */
    struct rights own = {.local_hosts = {NULL, 0}};
    if (!access) own = work_out(section, exchange->arena);
    const struct rights *rights = access ? rights_of(access, section) : &own;
    exchange->local_hosts = rights->local_hosts;
    return add_secrets(section, rights, exchange, ret_failure);
}
