/* Parses feeds: RSS 0.9x, 1.0 (RDF) and 2.0 with the content, media and Dublin Core modules, Atom 0.3 and 1.0, JSON
 * Feed.
 *
 * Elements are recognized by their usual prefixes rather than strictly by namespace, because many feeds forget to
 * declare them. Entity bombs are rejected (by expat's own limit), and the total size of all texts is limited to a
 * multiple of the input. */
#ifndef STAGES_FORMATS_FEED_H
#define STAGES_FORMATS_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/article/article.h"

struct feed_item {
    struct span guid, link;  /* guid: the item's id; link: absolute http: or https: address, or file: in a local feed */
    bool is_relative;        /* the link is relative to a base that is relative to the feed */
    struct span refused;     /* the link as written, if it names a local file that the feed may not name; else empty */
    struct feed_entry entry; /* title is plain text, summary and content are HTML, authors are one per line */
};

struct feed {
    struct span title, language,
        author;              /* author: applies to all items that state no author; written as in feed_entry */
    struct feed_item *items; /* in document order */
    size_t count, capacity;
    size_t left_out;  /* number of items that exceed the limit */
    size_t broken_at; /* line where parsing failed, or 0 if the whole document was read */
};

/* Returns true if a document that begins with `head` is a feed, judged by the name of its first element, whatever its
 * prefix, or by the version of JSON Feed. */
bool feed_is(struct span head);
/* Returns the name of the first element, without its prefix, if the text is XML: it begins with an XML declaration, or
 * it ends with the closing tag of its first element. Otherwise returns an empty span. The result points into `text`. */
struct span feed_xml_root(struct span text);
/* Parses a feed of any kind from UTF-8. `address` is where it was found; relative links are resolved against it. A
 * local feed may name files in its own folder and below, by relative links; no feed may name a file by file: or an
 * absolute path. At most `item_limit` items are read. Everything in *ret_feed is allocated in the arena.
 *
 * If the document is not a feed, returns false with a failure of REACH_SERVICE (pipeline/base/failure.h) that says what
 * the document is; for a web page, the message lists the feeds to which it links. If a feed is damaged, the items
 * before the damage are kept. */
bool feed_parse(struct span text, struct span address, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                struct failure *ret_failure);

/* Parses a JSON Feed; use feed_parse() unless the kind is known. */
bool feed_parse_json(struct span text, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                     struct failure *ret_failure);
/* Adds `name` to `names`, which has one name per line, and returns the result in the arena. An email address is added
 * only if `names` is empty, and is replaced by the next name that is added. */
struct span feed_add_person(struct span names, struct span name, struct arena *arena);
/* Converts HTML to one line of plain text: tags, scripts and styles are removed, character references decoded and
 * whitespace folded. "<word>" is kept unless HTML has an element of that name. */
struct span feed_plain(struct span html, struct arena *arena);
/* Returns the value of an attribute in a single tag ("<a ...>") without its quotes, or an empty span. Borrows from
 * `tag`. */
struct span feed_attribute(struct span tag, const char *name);
/* Decodes character references and folds whitespace, but keeps tags: for plain text whose references were encoded
 * twice. */
struct span feed_references(struct span text, struct arena *arena);
/* Appends plain text as HTML, with the special characters escaped. Returns false if *out is full. */
bool feed_escape(struct span text, struct buffer *out);
/* Returns the addresses of at most five feeds in a page's <link rel=alternate type=application/rss+xml ...> elements,
 * in the page's order, separated by spaces; in the arena. Links in comments are ignored. */
struct span feed_alternates(struct span page, struct span address, struct arena *arena);

#endif
