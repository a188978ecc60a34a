/* Lists of addresses in XML: sitemaps and their indexes (sitemaps.org, with Google's news names), OPML. */
#ifndef STAGES_FORMATS_SITEMAP_READ_H
#define STAGES_FORMATS_SITEMAP_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/article/article.h"

struct sitemap_entry {
    struct span address, changed, title, published, language;
    bool is_list; /* a further sitemap, or a feed of an OPML list */
};

struct sitemap {
    struct sitemap_entry *entries;
    size_t count, capacity, left_out;
};

/* From UTF-8; `address` is where it was found, a path for a list of this machine, which may name files of its folder.
 * Usual mistakes are mended. A document that breaks off keeps what stood before; one without any entry and
 * with an error, or of another kind, is a failure (reach SERVICE). Everything belongs to the arena; at most `limit`
 * entries. */
bool sitemap_read(struct span text, struct span address, size_t limit, struct arena *arena, struct sitemap *ret_sitemap,
                  struct failure *ret_failure);

#endif
