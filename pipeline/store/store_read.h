/* Opens the state for reading, for any user who may read the file, without changing anything on disk. SQLite reads a
 * database in WAL mode only if it may write beside it, or if a process that may is using it. So the state is copied
 * into memory: with SQLite's locks if the log and its index exist (a run is in progress or was killed); by replaying
 * the log if its index is missing; as a plain file if there is no log. In the last two cases, nothing prevents a run
 * from starting meanwhile, so the copy is repeated if either file has changed. A state of an earlier version is
 * upgraded in the copy. */
#ifndef PIPELINE_STORE_STORE_READ_H
#define PIPELINE_STORE_STORE_READ_H

#include "pipeline/store/store.h"

/* Opens a copy in memory of the state at `path`, as it is at this moment; an empty one if there is none. What is
 * changed in it is lost. Makes no file and takes no lock that a run would have to wait for. */
bool store_read(const char *path, struct store **ret_store, struct failure *ret_failure);

#endif
