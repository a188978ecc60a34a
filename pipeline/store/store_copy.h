/* Copies of the state: for `dragoman backup`, and before an upgrade. */
#ifndef PIPELINE_STORE_STORE_COPY_H
#define PIPELINE_STORE_STORE_COPY_H

#include <stdbool.h>

#include "pipeline/base/failure.h"

struct store;

/* Writes the committed state to `path`, which only its owner can read, and flushes it. Other processes may go on
 * writing: the copy is the state at one moment. A file of this name is replaced once the copy is complete; a failed or
 * killed copy leaves it as it was. */
bool store_copy(const struct store *store, const char *path, struct failure *ret_failure);

#endif
