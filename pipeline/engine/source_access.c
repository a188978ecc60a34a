#include "pipeline/engine/source_access.h"

#include <stdlib.h>

#include "config/setting.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/net/url.h"

enum { HOSTS_LIMIT = 1 << 20 };

struct rights {
    struct span local_hosts;
};

struct source_access {
    struct arena *arena;
    struct hash_table by_section; /* its address: of rights */
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

/* "127.0.0.1:1200" as well as "http://127.0.0.1:1200/". */
static void add_named(const struct settings *settings, struct buffer *hosts, struct arena *scratch) {
    if (!setting_known(settings, "local_hosts", SETTING_LIST)) return;
    for (size_t i = 0, count = setting_list_count(settings, "local_hosts"); i < count; i++) {
        struct span word = setting_list_item(settings, "local_hosts", i);
        add_host(hosts, url_is_remote(word) ? word : arena_print(scratch, "http://%.*s", SPAN_ARGS(word)), scratch);
    }
}

static struct span local_hosts(const struct settings *settings, struct arena *arena) {
    struct buffer hosts = BUFFER(HOSTS_LIMIT);
    struct arena *scratch = arena_new();
    add_addresses(settings, &hosts, scratch);
    add_named(settings, &hosts, scratch);
    struct span copy = arena_copy(arena, buffer_span(&hosts));
    arena_free(scratch);
    buffer_free(&hosts);
    return copy;
}

static struct rights *rights_of(struct source_access *access, const struct settings *settings) {
    struct span key = {(const char *)&settings, sizeof settings};
    struct rights *rights = hash_table_find(&access->by_section, key);
    if (rights) return rights;
    rights = arena_take(access->arena, sizeof *rights);
    rights->local_hosts = local_hosts(settings, access->arena);
    hash_table_set(&access->by_section, arena_copy(access->arena, key), rights);
    return rights;
}

void source_access_grant(struct source_access *access, const struct settings *settings, struct exchange *exchange) {
    if (!settings) return;
    exchange->local_hosts = access ? rights_of(access, settings)->local_hosts : local_hosts(settings, exchange->arena);
}
