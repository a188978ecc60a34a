#include "stages/formats/feed_base.h"

#include "pipeline/net/url.h"

struct feed_base feed_base_or(struct feed_base inner, struct feed_base outer) {
    return inner.address.length ? inner : outer;
}

struct feed_base feed_base_read(struct feed_base outer, struct span written, struct arena *arena) {
    if (!written.length) return (struct feed_base){.names_file = false};
    return (struct feed_base){url_resolve(outer.address, written, arena), outer.names_file || url_names_file(written)};
}

bool feed_base_is_relative(struct feed_base base, struct span link) {
    return !base.names_file && !url_names_file(link);
}
