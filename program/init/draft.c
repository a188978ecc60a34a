#include "program/init/draft.h"

#include <string.h>

#include "pipeline/net/address.h"
#include "pipeline/net/url.h"

/* ---------------------------------------------------------------- addresses and names */

/* A single word is more likely a slip of the pen than a host. Servers on this machine seldom have a certificate. */
static struct span with_scheme(struct span written, struct arena *arena) {
    struct span plain = arena_print(arena, "http://%.*s", SPAN_ARGS(written)), host = url_host(plain, arena);
    if (address_url_loopback(plain.at)) return plain;
    bool word = span_find(host, SPAN(".")) == SIZE_MAX && span_find(host, SPAN(":")) == SIZE_MAX;
    return word ? SPAN("") : arena_print(arena, "https://%.*s", SPAN_ARGS(written));
}

struct span draft_address(struct span written, struct arena *arena) {
    written = span_trim(written);
    if (!written.length || span_find(written, SPAN(" ")) != SIZE_MAX) return SPAN("");
    struct span address = span_find(written, SPAN("://")) == SIZE_MAX ? with_scheme(written, arena) : written;
    return !address.length || url_fault(address) ? SPAN("") : address;
}

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* A number does not name a source. */
static bool is_number(struct span label) {
    size_t digits = 0;
    while (digits < label.length && label.at[digits] >= '0' && label.at[digits] <= '9') digits++;
    return digits == label.length;
}

/* "www.costa.example:8080" is "costa". */
static struct span short_host(struct span host) {
    const struct span prefixes[] = {SPAN("www."), SPAN("rss."), SPAN("feeds.")};
    size_t length = 0;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (span_starts(host, prefixes[i])) host = span_cut(host, prefixes[i].length, host.length);
    while (length < host.length && is_name(host.at[length])) length++;
    host = span_cut(host, 0, length);
    return is_number(host) ? SPAN("source") : host;
}

static bool is_taken(struct span name, const struct span *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(names[i], name)) return true;
    return false;
}

/* Two feeds of one paper are "costa" and "costa-2". */
static struct span source_name(struct span address, const struct span *names, size_t count, struct arena *arena) {
    struct span base = short_host(url_host(address, arena)), name = base;
    for (unsigned i = 2; is_taken(name, names, count); i++) name = arena_print(arena, "%.*s-%u", SPAN_ARGS(base), i);
    return name;
}

/* A site's page leads to its feed. An address that looks like a feed's is read directly, because while the feed is
 * away, another one of the site must not take its place. */
static const char *source_kind_of(struct span address) {
    static const char *const words[] = {"rss", "feed", "atom", ".xml", ".rdf", "json"};
    size_t host = span_find(address, SPAN("://")) + 3;
    struct span path = span_cut(address, host, address.length);
    size_t slash = span_find(path, SPAN("/"));
    path = slash == SIZE_MAX ? SPAN("") : span_cut(path, slash, path.length);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_contains_ascii_fold(path, span_of(words[i]))) return "feed";
    return "site";
}

/* ---------------------------------------------------------------- the section of a service */

/* Returns the next line, without its end, and moves *rest behind it. */
static struct span next_line(struct span *rest) {
    size_t length = span_find(*rest, SPAN("\n"));
    struct span line = length == SIZE_MAX ? *rest : span_cut(*rest, 0, length);
    *rest = length == SIZE_MAX ? SPAN("") : span_cut(*rest, length + 1, rest->length);
    return line;
}

struct span draft_service(struct span examples, struct span name) {
    char header[80];
    struct buffer wanted = BUFFER(sizeof header);
    buffer_print(&wanted, "[service \"%.*s\"]\n", SPAN_ARGS(name));
    size_t from = wanted.full ? SIZE_MAX : span_find(examples, buffer_span(&wanted));
    buffer_free(&wanted);
    if (from == SIZE_MAX) return SPAN("");
    struct span section = span_cut(examples, from, examples.length);
    size_t length = span_find(section, SPAN("\n\n"));
    return length == SIZE_MAX ? section : span_cut(section, 0, length + 1);
}

static bool has_key(struct span line, struct span key) {
    return span_starts(line, key) && line.length > key.length &&
           (line.at[key.length] == ' ' || line.at[key.length] == '=');
}

struct span draft_value(struct span section, struct span key) {
    while (section.length) {
        struct span line = next_line(&section);
        size_t sign = span_find(line, SPAN("="));
        if (has_key(line, key) && sign != SIZE_MAX) return span_trim(span_cut(line, sign + 1, line.length));
    }
    return SPAN("");
}

struct span draft_with(struct span section, struct span instead, struct span key, struct span value,
                       struct arena *arena) {
    struct buffer out = BUFFER(1 << 16);
    bool placed = false;
    while (section.length) {
        struct span line = next_line(&section);
        bool here = has_key(line, instead);
        if (here) buffer_print(&out, "%.*s = %.*s\n", SPAN_ARGS(key), SPAN_ARGS(value));
        if (!here) buffer_print(&out, "%.*s\n", SPAN_ARGS(line));
        placed = placed || here;
    }
    if (!placed) buffer_print(&out, "%.*s = %.*s\n", SPAN_ARGS(key), SPAN_ARGS(value));
    struct span written = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return written;
}

struct span draft_without(struct span section, struct span key, struct arena *arena) {
    struct buffer out = BUFFER(1 << 16);
    while (section.length) {
        struct span line = next_line(&section);
        if (!has_key(line, key)) buffer_print(&out, "%.*s\n", SPAN_ARGS(line));
    }
    struct span written = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return written;
}

struct span draft_local(struct span section, struct arena *arena) {
    static const char *const paid[] = {"key_env", "key_file", "price", "input_price", "output_price"};
    for (size_t i = 0; i < sizeof paid / sizeof *paid; i++) section = draft_without(section, span_of(paid[i]), arena);
    return section;
}

/* ---------------------------------------------------------------- the whole */

static void write_run(const struct draft *draft, struct buffer *out) {
    buffer_print(
        out,
        "# Written by `dragoman init`. `dragoman reference conf` lists every setting; `dragoman check-config` finds\n"
        "# mistakes.\n\n"
        "[run]\n"
        "# Records and digest. All days are in index.html, the newest in latest/index.html.\n"
        "output = \"%.*s\"\n"
        "# Database of articles, translations and spending. `dragoman backup` copies it.\n"
        "state = \"%.*s/state.db\"\n",
        SPAN_ARGS(draft->output), SPAN_ARGS(draft->output));
}

static void write_sources(const struct draft *draft, struct buffer *out) {
    struct arena *arena = arena_new();
    struct span *names = arena_take(arena, (draft->source_count + 1) * sizeof *names);
    buffer_add_string(out,
                      "\n# Feeds, and sites whose feed is found from their address. Other kinds: docs/sources.md.\n");
    for (size_t i = 0; i < draft->source_count; i++) {
        names[i] = source_name(draft->sources[i], names, i, arena);
        buffer_print(out, "[source \"%.*s\"]\nkind = %s\nurl = %.*s\n\n", SPAN_ARGS(names[i]),
                     source_kind_of(draft->sources[i]), SPAN_ARGS(draft->sources[i]));
    }
    if (!draft->source_count)
        buffer_add_string(out, "#[source \"costa\"]\n#kind = feed\n#url = https://costa.example/rss.xml\n\n");
    arena_free(arena);
}

void draft_write(const struct draft *draft, struct buffer *out) {
    write_run(draft, out);
    write_sources(draft, out);
    buffer_add_string(
        out, "# Services are asked in this order; the embedded engine (Apertium) comes last and needs no section.\n"
             "# Others: docs/services.md.\n");
    buffer_add(out, draft->service.at, draft->service.length);
}
