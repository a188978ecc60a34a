/* Reads lists of addresses in XML: sitemaps and their indexes (sitemaps.org, with Google's news elements) and OPML. */
#ifndef STAGES_FORMATS_SITEMAP_READ_H
#define STAGES_FORMATS_SITEMAP_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/article/article.h"

struct sitemap_entry {
    struct span address, changed, title, published, language;
    bool is_list; /* the address is another sitemap, or a feed listed in OPML */
};

struct sitemap {
    struct sitemap_entry *entries;
    size_t count, capacity, left_out;
    size_t refused;            /* entries that name local files which the list may not name */
    struct span first_refused; /* the first of them, as written */
    size_t broken_at;          /* line at which the document is damaged or cut off; 0 = it is whole */
};

/* Reads at most `limit` entries from UTF-8; the others are counted in left_out. `address` is where the list was found;
 * if it is a path, the list may also name files in its folder and below, by relative addresses. Common mistakes are
 * repaired. If the document is damaged, the entries before the damage are kept. Returns false with a failure of
 * REACH_SERVICE (pipeline/base/failure.h) if the document is damaged before the first entry or is not such a list.
 * Everything is allocated in the arena. */
bool sitemap_read(struct span text, struct span address, size_t limit, struct arena *arena, struct sitemap *ret_sitemap,
                  struct failure *ret_failure);
/* Reports that the list is damaged, and which entries were refused: each once, one a call. Returns false, with a
 * failure of REACH_ARTICLE, if there is something to report. */
bool sitemap_tell(struct sitemap *sitemap, struct span address, struct failure *ret_failure);
/* The same for `left_out`, of a list of which at most `limit` addresses are read. */
bool sitemap_tell_left_out(struct sitemap *sitemap, struct span address, size_t limit, struct failure *ret_failure);

#endif
