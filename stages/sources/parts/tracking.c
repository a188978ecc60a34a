#include "stages/sources/parts/tracking.h"

#include "pipeline/base/table.h"

const struct span *tracking_read(const char *data_folder, struct arena *arena, size_t *ret_count) {
    struct table table = {0};
    *ret_count = 0;
    if (!data_folder || !table_read(data_folder, "sources/tracking.txt", arena, &table, NULL)) return NULL;
    struct span *names = arena_take(arena, (table.count + 1) * sizeof *names);
    for (size_t i = 0; i < table.count; i++) names[i] = table.rows[i].cells[0];
    *ret_count = table.count;
    return names;
}
