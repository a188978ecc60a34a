/* The names that feeds use: which element means what, whatever prefix its namespace was given. */
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

/* Prefixes that a feed declares otherwise than everybody does. A declaration holds from where it stands to the end. */
struct feed_names {
    struct feed_prefix {
        char own[32];
        const char *usual;
    } prefixes[32];
    size_t count;
    char plain[128]; /* of the name asked for last */
};

/* What the element declares; `attributes` as expat gives them: names and values by turns, ended by NULL. */
void feed_names_declare(struct feed_names *names, const char **attributes);
/* The name as most feeds write it: "rss" for "k:rss" where k is bound to RSS, "dc:creator" for "d:creator". Names
 * without a known namespace stay as they are. Until the next call. */
const char *feed_names_plain(struct feed_names *names, const char *name);
/* What a plain name means. A spare one counts only where the item has no other, wherever it stands. */
enum feed_field feed_names_field(const char *plain, bool *ret_spare);

#endif
