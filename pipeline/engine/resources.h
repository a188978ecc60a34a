/* Resources that several stages share: tables and models, read from the data folder once per run.
 *
 * The first stage that asks for a resource opens it; all stages borrow it until they are closed and must not change it.
 * Resources are borrowed on the main thread, when a stage opens; what is borrowed may be used on any thread. */
#ifndef PIPELINE_ENGINE_RESOURCES_H
#define PIPELINE_ENGINE_RESOURCES_H

#include <stdbool.h>

#include "pipeline/base/failure.h"

struct resources;

struct resource {
    const char *name;
    /* May borrow other resources, which are then closed after this one. */
    bool (*open)(struct resources *resources, const char *data_folder, void **ret_thing, struct failure *ret_failure);
    void (*close)(void *thing);
};

struct resources *resources_new(const char *data_folder); /* borrows `data_folder` */
void resources_free(struct resources *resources);         /* closes the resources, newest first; accepts NULL */
/* Returns a resource that has been opened or added by resources_lend(), else NULL. For resources that need more than
 * the data folder to be opened. */
void *resources_find(const struct resources *resources, const struct resource *resource);
/* Takes over a resource that was opened elsewhere; it can then be borrowed, and is closed like the others. */
void resources_lend(struct resources *resources, const struct resource *resource, void *thing);
/* Returns the resource, opening it if necessary; NULL if it cannot be opened. */
void *resources_borrow(struct resources *resources, const struct resource *resource, struct failure *ret_failure);

#endif
