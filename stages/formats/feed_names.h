/* Maps the element names that feeds use to their meanings, whatever prefix their namespace has. */
#ifndef STAGES_FORMATS_FEED_NAMES_H
#define STAGES_FORMATS_FEED_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum feed_field {
    FEED_NONE,
    FEED_TITLE,
    FEED_LINK,
    FEED_GUID,
    FEED_SUMMARY,
    FEED_CONTENT,
    FEED_AUTHOR,
    FEED_PUBLISHED,
    FEED_MODIFIED,
    FEED_SECTION,
    FEED_LANGUAGE
};

/* The prefixes that a feed declares. A declaration applies from its position to the end of the document. */
struct feed_names {
    struct feed_prefix {
        char own[32];
        const char *usual;
    } prefixes[32];
    size_t count;
    char plain[128]; /* the latest result of feed_names_plain() */
};

/* Records the prefixes that an element declares. `attributes` is in expat's form: names and values alternate, ended by
 * NULL. */
void feed_names_declare(struct feed_names *names, const char **attributes);
/* Returns the name in its usual form: "rss" for "k:rss" if k is bound to RSS, "dc:creator" for "d:creator". A name
 * without a known namespace is returned as it is. Valid until the next call. */
const char *feed_names_plain(struct feed_names *names, const char *name);
/* Returns the meaning of a name in its usual form, or FEED_NONE. If *ret_fallback is set, the element counts only if
 * the item has no other with that meaning, before or after it. */
enum feed_field feed_names_field(const char *plain, bool *ret_fallback);

#endif
