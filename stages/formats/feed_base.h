/* The base of relative links in a feed: its address, or an xml:base of the feed, an item or an element. */
#ifndef STAGES_FORMATS_FEED_BASE_H
#define STAGES_FORMATS_FEED_BASE_H

#include <stdbool.h>

#include "pipeline/base/arena.h"

struct feed_base {
    struct span address; /* absolute; empty = none is stated */
    bool names_file; /* it was not written relative to the document, so a link relative to it is not relative either */
};

/* Returns the first of two bases that is stated. */
struct feed_base feed_base_or(struct feed_base inner, struct feed_base outer);
/* Reads an xml:base (empty = none is stated), which is relative to `outer`. The address is in the arena. */
struct feed_base feed_base_read(struct feed_base outer, struct span written, struct arena *arena);
/* Whether this link, resolved against the base, is still relative to the document. */
bool feed_base_is_relative(struct feed_base base, struct span link);

#endif
