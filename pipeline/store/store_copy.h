/* Copies of the state: for `dragoman backup` and `restore`, and before an upgrade. */
#ifndef PIPELINE_STORE_STORE_COPY_H
#define PIPELINE_STORE_STORE_COPY_H

#include <stdbool.h>

#include "pipeline/base/failure.h"

struct store;

/* Writes the committed state to `path`, which only its owner can read, and flushes it. Other processes may go on
 * writing: the copy is the state at one moment. A file of this name is replaced once the copy is complete; a failed or
 * killed copy leaves it as it was. */
bool store_copy(const struct store *store, const char *path, struct failure *ret_failure);
/* Puts the copy at `copy` in the place of the state at `path`, which must not be in use. A state that is there is a
 * failure, or with `replace` is renamed to PATH.replaced, in the place of an earlier one. The copy is checked first,
 * and is not changed. A kill leaves the former state, or none, and `restore` can be repeated. */
bool store_restore(const char *path, const char *copy, bool replace, struct failure *ret_failure);

#endif
