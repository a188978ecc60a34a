/* Reads a base (first line) and a reference: what is resolved is an address that resolves to itself and whose host is
 * the one that is judged private or not; the form for comparing is stable, and user names never stay. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/net/address.h"
#include "pipeline/net/url.h"
#include "stages/formats/next_page.h"

enum { LIMIT = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds) {
    if (!holds) abort();
}

static void check_resolved(struct span url, struct arena *arena) {
    require(url_is_remote(url) || span_starts_ascii_fold(url, SPAN("file:")));
    if (url_is_remote(url)) require(span_equal(url_resolve(SPAN(""), url, arena), url));
    require(!memchr(url.at, '\n', url.length) && !memchr(url.at, ' ', url.length));
    address_url_private(arena_string(arena, url));
    address_url_loopback(arena_string(arena, url));
}

static void check_canonical(struct span url, struct arena *arena) {
    static const struct span tracking[] = {{"utm_*", 5}, {"fbclid", 6}};
    struct span once = url_canonical(url, tracking, 2, arena);
    require(span_equal(url_canonical(once, tracking, 2, arena), once));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span rest = {(const char *)bytes, length < LIMIT ? length : LIMIT}, base = {NULL, 0};
    struct arena *arena = arena_new();
    struct buffer out = BUFFER(LIMIT);
    span_next(&rest, '\n', &base);
    struct span url = url_resolve(base, rest, arena);
    if (url.length) check_resolved(url, arena);
    check_canonical(rest, arena);
    url_fault(rest);
    url_names_file(rest);
    url_host(rest, arena);
    address_private(arena_string(arena, rest));
    next_page_is(rest, base, 2, arena);
    url_add_without_users(&out, rest);
    require(out.length <= rest.length);
    buffer_free(&out);
    arena_free(arena);
    return 0;
}
