/* What several stages use and is made once a run: tables and models read from the data folder.
 *
 * The first stage that asks for a thing has it made; all borrow it, const, until the stages are closed. Main thread
 * only, from a stage's open; what is borrowed may be used from any thread. */
#ifndef PIPELINE_ENGINE_RESOURCES_H
#define PIPELINE_ENGINE_RESOURCES_H

#include <stdbool.h>

#include "pipeline/base/failure.h"

struct toolbox;

struct tool {
    const char *name;
    /* May borrow other things from the box; they outlive it. */
    bool (*open)(struct toolbox *toolbox, const char *data_folder, void **ret_thing, struct failure *ret_failure);
    void (*close)(void *thing);
};

struct toolbox *toolbox_new(const char *data_folder); /* borrowed */
void toolbox_free(struct toolbox *toolbox);           /* closes what was made, the newest first; accepts NULL */
/* NULL when it cannot be made. */
void *toolbox_borrow(struct toolbox *toolbox, const struct tool *tool, struct failure *ret_failure);

#endif
