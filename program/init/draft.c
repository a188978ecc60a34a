#include "program/init/draft.h"

#include <string.h>

#include "pipeline/net/url.h"

/* ---------------------------------------------------------------- addresses and names */

struct span draft_address(struct span written, struct arena *arena) {
    written = span_trim(written);
    if (!written.length || span_find(written, SPAN(" ")) != SIZE_MAX) return SPAN("");
    struct span address =
        span_find(written, SPAN("://")) == SIZE_MAX ? arena_print(arena, "https://%.*s", SPAN_ARGS(written)) : written;
    return url_fault(address) ? SPAN("") : address;
}

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* "www.costa.example:8080" is "costa". */
static struct span short_host(struct span host) {
    const struct span prefixes[] = {SPAN("www."), SPAN("rss."), SPAN("feeds.")};
    size_t length = 0;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (span_starts(host, prefixes[i])) host = span_cut(host, prefixes[i].length, host.length);
    while (length < host.length && is_name(host.at[length])) length++;
    return length ? span_cut(host, 0, length) : SPAN("source");
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

/* ---------------------------------------------------------------- the whole */

static void write_run(const struct draft *draft, struct buffer *out) {
    buffer_print(
        out,
        "# Written by `dragoman init`. `dragoman reference conf` lists every setting; `dragoman check-config` finds\n"
        "# mistakes.\n\n"
        "[run]\n"
        "# Records and digest. All days are in index.html, the newest in latest/index.html.\n"
        "output = \"%.*s\"\n"
        "# What is known and was paid for. `dragoman backup` copies it.\n"
        "state = \"%.*s/state.db\"\n",
        SPAN_ARGS(draft->output), SPAN_ARGS(draft->output));
}

static void write_sources(const struct draft *draft, struct buffer *out) {
    struct arena *arena = arena_new();
    struct span *names = arena_take(arena, (draft->source_count + 1) * sizeof *names);
    buffer_add_string(out, "\n# A feed, or a site that names its feed. Other kinds of sources: docs/sources.md.\n");
    for (size_t i = 0; i < draft->source_count; i++) {
        names[i] = source_name(draft->sources[i], names, i, arena);
        buffer_print(out, "[source \"%.*s\"]\nkind = feed\nurl = %.*s\n\n", SPAN_ARGS(names[i]),
                     SPAN_ARGS(draft->sources[i]));
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
