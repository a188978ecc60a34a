#define _GNU_SOURCE /* realpath */
#include "stages/sources/parts/feed_list.h"

#include <stdlib.h>

#include "stages/sources/parts/common.h"
#include "stages/sources/parts/container.h"

enum { LIST_LIMIT = 8 << 20 };

static const char *folder_of(struct span path, struct arena *arena) {
    size_t length = path.length;
    while (length > 1 && path.at[length - 1] != '/') length--;
    return arena_string(arena, span_cut(path, 0, length > 1 ? length - 1 : length));
}

/* The path is resolved first, so that relative addresses in the list start at the real file. */
bool feed_list_read(const struct source_context *context, const struct decoder *decoder, struct arena *arena,
                    struct sitemap *ret_list, const char **ret_folder, struct failure *ret_failure) {
    struct span path = source_path(context, context->common->path, arena);
    struct container container = container_new(LIST_LIMIT);
    char *real = realpath(path.at, NULL);
    if (real) path = arena_copy(arena, span_of(real));
    free(real);
    container.address = path;
    *ret_folder = folder_of(path, arena);
    bool done = container_read_file(&container, path.at, NULL, "list", ret_failure) &&
                container_decode(&container, decoder, arena, ret_failure) &&
                sitemap_read(buffer_span(&container.text), path, MAX_LISTED_FEEDS, arena, ret_list, ret_failure);
    container_free(&container);
    if (!done) ret_failure->reach = REACH_SERVICE;
    return done;
}
