/* What a feed says: RSS 0.9x, 1.0 (RDF) and 2.0 with content, media and Dublin Core modules, Atom 0.3 and 1.0, JSON
 * Feed.
 *
 * Names are compared with their usual prefixes, not by namespace, because feeds that forget to declare them are common.
 * Entity bombs end in a failure (expat's own limit); the sum of all texts is limited to a multiple of the input. */
#ifndef STAGES_FORMATS_FEED_H
#define STAGES_FORMATS_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/article/article.h"

struct feed_item {
    struct span guid, link;  /* link: absolute, http:, https: or (of a local feed) file: */
    struct feed_entry entry; /* title is plain text, summary and content are HTML */
};

struct feed {
    struct span title, language;
    struct feed_item *items; /* in the order of the document */
    size_t count, capacity;
    size_t left_out;  /* items beyond the limit */
    size_t broken_at; /* line where it could not be read any further; 0: read to the end */
};

/* Reads a feed of any kind; everything in *ret_feed belongs to the arena. `address` is where it was found. A document
 * that is no feed is a failure (reach SERVICE) which says what it is and, of a page, names the feeds it links to. A
 * feed that breaks off keeps the items before that place. */
bool feed_parse(struct span raw, struct span content_type, struct span address, size_t item_limit, struct arena *arena,
                struct feed *ret_feed, struct failure *ret_failure);

/* The kinds by themselves; feed_parse() chooses. */
bool feed_parse_json(struct span text, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                     struct failure *ret_failure);
/* HTML to one line of plain text: tags dropped, references decoded, white space collapsed. */
struct span feed_plain(struct span html, struct arena *arena);
/* Value of an attribute inside one tag ("<a ...>"), without its quotes; empty when there is none. */
struct span feed_attribute(struct span tag, const char *name);
/* Plain text to HTML. */
bool feed_escape(struct span text, struct buffer *out);
/* The addresses of <link rel=alternate type=application/rss+xml ...> in a page, separated by spaces; at most five. */
struct span feed_alternates(struct span page, struct span address, struct arena *arena);

#endif
