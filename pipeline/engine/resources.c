#include "pipeline/engine/resources.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"

/* A list is enough: a run has about a dozen resources. The newest comes first, so that resources are closed in reverse
 * order. */
struct entry {
    const struct resource *resource;
    void *thing;
    struct entry *older;
};

struct resources {
    const char *data_folder;
    struct entry *newest;
};

struct resources *resources_new(const char *data_folder) {
    struct resources *resources = memory_take(sizeof *resources);
    resources->data_folder = data_folder;
    return resources;
}

void resources_free(struct resources *resources) {
    if (!resources) return;
    for (struct entry *entry = resources->newest, *older; entry; entry = older) {
        older = entry->older;
        entry->resource->close(entry->thing);
        free(entry);
    }
    free(resources);
}

void *resources_find(const struct resources *resources, const struct resource *resource) {
    /* Resources are constants, so their addresses identify them. */
    for (const struct entry *entry = resources->newest; entry; entry = entry->older)
        if (entry->resource == resource) return entry->thing;
    return NULL;
}

void resources_lend(struct resources *resources, const struct resource *resource, void *thing) {
    struct entry *entry = memory_take(sizeof *entry);
    *entry = (struct entry){.resource = resource, .thing = thing, .older = resources->newest};
    resources->newest = entry;
}

void *resources_borrow(struct resources *resources, const struct resource *resource, struct failure *ret_failure) {
    void *thing = resources_find(resources, resource);
    if (thing) return thing;
    /* The resource enters the list after those that it borrowed while opening, and is therefore closed before them. */
    if (!resource->open(resources, resources->data_folder, &thing, ret_failure)) return NULL;
    resources_lend(resources, resource, thing);
    return thing;
}
