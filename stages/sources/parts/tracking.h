/* The query parameters that say how a reader came to a page (config/tables/sources/tracking.txt). */
#ifndef STAGES_SOURCES_PARTS_TRACKING_H
#define STAGES_SOURCES_PARTS_TRACKING_H

#include "pipeline/base/arena.h"

/* For url_canonical(); none when there is no data folder or no table. In the arena. */
const struct span *tracking_read(const char *data_folder, struct arena *arena, size_t *ret_count);

#endif
