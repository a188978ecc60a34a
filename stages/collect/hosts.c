#include "stages/collect/hosts.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/hash_table.h"
#include "pipeline/net/url.h"
#include "stages/decode/decoder.h"
#include "stages/formats/robots.h"

/* HOST_ASKED: an article is fetching robots.txt. HOST_SILENT: robots.txt could not be read. */
enum host_state { HOST_NEW, HOST_ASKED, HOST_KNOWN, HOST_SILENT };

/* A host and its robots.txt. As RFC 9309 requires, the same name with another scheme or port is a different host. */
struct host {
    struct span name; /* scheme and authority: "https://a.example:8080" */
    enum host_state state;
    char asker[33];
    struct robots robots;
    struct failure failure; /* why its robots.txt could not be read */
};

struct hosts {
    const struct decoder *decoder;
    struct arena *arena;
    struct hash_table by_name;
};

struct hosts *hosts_new(const struct decoder *decoder) {
    struct hosts *hosts = memory_take(sizeof *hosts);
    hosts->decoder = decoder;
    hosts->arena = arena_new();
    hosts->by_name = HASH_TABLE(hosts->arena);
    return hosts;
}

void hosts_free(struct hosts *hosts) {
    if (!hosts) return;
    arena_free(hosts->arena);
    free(hosts);
}

/* Returns the host of a URL, adding it if it is new. */
static struct host *host_of(struct hosts *hosts, struct span url) {
    struct arena *scratch = arena_new();
    bool secure = span_starts_ascii_fold(url, SPAN("https:"));
    struct span name = arena_print(scratch, "%s://%.*s", secure ? "https" : "http", SPAN_ARGS(url_host(url, scratch)));
    struct host *host = hash_table_find(&hosts->by_name, name);
    if (!host) {
        host = arena_take(hosts->arena, sizeof *host);
        host->name = arena_copy(hosts->arena, name);
        hash_table_set(&hosts->by_name, host->name, host);
    }
    arena_free(scratch);
    return host;
}

/* Returns the path and query of a URL, without the fragment. The rules in robots.txt apply to these. */
static struct span path_of(struct span url) {
    struct span rest = span_cut(url, span_find(url, SPAN("://")) + 3, url.length);
    size_t fragment = span_find(rest, SPAN("#")), slash = span_find(rest, SPAN("/"));
    if (fragment != SIZE_MAX) rest = span_cut(rest, 0, fragment);
    return slash == SIZE_MAX || slash >= rest.length ? SPAN("/") : span_cut(rest, slash, rest.length);
}

enum manners hosts_check(struct hosts *hosts, struct span url, const char *asker, struct exchange *ret_exchange) {
    struct host *host = host_of(hosts, url);
    switch (host->state) {
    case HOST_NEW:
        host->state = HOST_ASKED;
        /* hosts_answer() recognises the reply by the id of the article that asked for robots.txt */
        strncpy(host->asker, asker, sizeof host->asker - 1);
        ret_exchange->url = arena_print(ret_exchange->arena, "%.*s/robots.txt", SPAN_ARGS(host->name));
        return MANNERS_ASK;
    case HOST_ASKED:
        return MANNERS_WAIT;
    case HOST_SILENT:
        return MANNERS_UNKNOWN;
    case HOST_KNOWN:
        break;
    }
    return robots_allow(&host->robots, path_of(url)) ? MANNERS_ALLOWED : MANNERS_REFUSED;
}

static bool is_fetching(const struct host *host, const char *asker) {
    return host->state == HOST_ASKED && strcmp(host->asker, asker) == 0;
}

/* Reads the rules of a robots.txt. If it cannot be decoded as text, there are no rules. */
static void read_rules(const struct hosts *hosts, const struct exchange *reply, struct host *host) {
    struct document document = {.raw = span_cut(buffer_span(&reply->reply), 0, ROBOTS_LIMIT), .is_container = true};
    struct buffer text = BUFFER(4 * ROBOTS_LIMIT);
    struct arena *scratch = arena_new();
    struct encoding encoding;
    struct decoding decoding;
    document.content_type = exchange_reply_header(reply, "content-type");
    if (decoder_read(hosts->decoder, &document, scratch, &encoding, &decoding, &text, NULL))
        robots_read(buffer_span(&text), SPAN("dragoman"), hosts->arena, &host->robots);
    arena_free(scratch);
    buffer_free(&text);
}

bool hosts_answer(struct hosts *hosts, struct span url, const char *asker, const struct exchange *reply) {
    struct host *host = host_of(hosts, url);
    if (!is_fetching(host, asker)) return false;
    /* RFC 9309: a host that answers 4xx has no rules; after any other failure, including the temporary 429 and a 407 of
     * the proxy, do not fetch */
    bool given = reply->failure.reach == REACH_NONE,
         none = reply->status >= 400 && reply->status < 500 && reply->status != 429 && reply->status != 407;
    host->state = given || none ? HOST_KNOWN : HOST_SILENT;
    if (host->state == HOST_SILENT) host->failure = reply->failure;
    if (given) read_rules(hosts, reply, host);
    return true;
}

const struct failure *hosts_failure(struct hosts *hosts, struct span url) {
    return &host_of(hosts, url)->failure;
}

void hosts_leave(struct hosts *hosts, struct span url, const char *asker) {
    if (!url_is_remote(url)) return;
    struct host *host = host_of(hosts, url);
    if (is_fetching(host, asker)) host->state = HOST_NEW;
}
