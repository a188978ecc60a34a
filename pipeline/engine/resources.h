/* What several stages use and is made once a run: tables and models read from the data folder.
 *
 * The first stage that asks for a resource has it made; all borrow it, const, until the stages are closed. Main thread
 * only, from a stage's open; what is borrowed may be used from any thread. */
#ifndef PIPELINE_ENGINE_RESOURCES_H
#define PIPELINE_ENGINE_RESOURCES_H

#include <stdbool.h>

#include "pipeline/base/failure.h"

struct resources;

struct resource {
    const char *name;
    /* May borrow other resources; they outlive it. */
    bool (*open)(struct resources *resources, const char *data_folder, void **ret_thing, struct failure *ret_failure);
    void (*close)(void *thing);
};

struct resources *resources_new(const char *data_folder); /* borrowed */
void resources_free(struct resources *resources);         /* closes what was made, the newest first; accepts NULL */
/* For what needs more than the data folder: NULL when nobody has lent it yet. */
void *resources_find(const struct resources *resources, const struct resource *resource);
/* Hands over what was made elsewhere, to be found by others and closed like the rest. */
void resources_lend(struct resources *resources, const struct resource *resource, void *thing);
/* NULL when it cannot be made. */
void *resources_borrow(struct resources *resources, const struct resource *resource, struct failure *ret_failure);

#endif
