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
    struct feed_entry entry; /* title is plain text, summary and content are HTML, authors stand one a line */
};

struct feed {
    struct span title, language, author; /* author: of all items that name none, as in feed_entry */
    struct feed_item *items;             /* in the order of the document */
    size_t count, capacity;
    size_t left_out;  /* items beyond the limit */
    size_t broken_at; /* line where it could not be read any further; 0: read to the end */
};

/* Whether a document that begins like this is one: by its first element, whatever its prefix, or JSON Feed's mark. */
bool feed_is(struct span head);
/* Name of the first element, without its prefix, of a text that is XML: it begins with an XML declaration, or it ends
 * with the tag that its first element is closed by. Else empty. Borrows. */
struct span feed_xml_root(struct span text);
/* Reads a feed of any kind from UTF-8; everything in *ret_feed belongs to the arena. `address` is where it was found. A
 * document that is no feed is a failure (reach SERVICE) which says what it is and, of a page, names the feeds it links
 * to. A feed that breaks off keeps the items before that place. */
bool feed_parse(struct span text, struct span address, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                struct failure *ret_failure);

/* The kinds by themselves; feed_parse() chooses. */
bool feed_parse_json(struct span text, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                     struct failure *ret_failure);
/* The name in "mail (Name)", "Name <mail>" and the like; the text itself when there is no such form. Borrows. */
struct span feed_person(struct span text);
/* `names`, one a line, with one more; a mail address gives way to any name. In the arena. */
struct span feed_add_person(struct span names, struct span name, struct arena *arena);
/* HTML to one line of plain text: tags and what stands in scripts and styles dropped, references decoded, white space
 * collapsed. "<word>" stays where HTML has no element of that name. */
struct span feed_plain(struct span html, struct arena *arena);
/* Value of an attribute inside one tag ("<a ...>"), without its quotes; empty when there is none. */
struct span feed_attribute(struct span tag, const char *name);
/* The same for text that is none: only references are decoded, for those that were written twice. */
struct span feed_references(struct span text, struct arena *arena);
/* Plain text to HTML. */
bool feed_escape(struct span text, struct buffer *out);
/* The addresses of <link rel=alternate type=application/rss+xml ...> in a page, separated by spaces, in the page's
 * order; at most five. What stands in comments does not count. */
struct span feed_alternates(struct span page, struct span address, struct arena *arena);

#endif
