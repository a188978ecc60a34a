/* Query parameters that only say how a reader came to a page (tables/sources/tracking.txt). */
#ifndef STAGES_SOURCES_PARTS_TRACKING_H
#define STAGES_SOURCES_PARTS_TRACKING_H

#include "pipeline/base/arena.h"

/* Returns the names for url_canonical(), in the arena; none if there is no data folder or no table. */
const struct span *tracking_read(const char *data_folder, struct arena *arena, size_t *ret_count);

#endif
