/* Reads a local OPML file: a list of feeds. */
#ifndef STAGES_SOURCES_PARTS_FEED_LIST_H
#define STAGES_SOURCES_PARTS_FEED_LIST_H

#include "pipeline/engine/source.h"
#include "stages/decode/decoder.h"
#include "stages/formats/sitemap_read.h"

enum { MAX_LISTED_FEEDS = 10000 };

/* Reads the list at the setting `path`, at most MAX_LISTED_FEEDS feeds, and sets the folder in which the local feeds
 * that it names must lie. Both are allocated in the arena. Failures have REACH_SERVICE. */
bool feed_list_read(const struct source_context *context, const struct decoder *decoder, struct arena *arena,
                    struct sitemap *ret_list, const char **ret_folder, struct failure *ret_failure);

#endif
