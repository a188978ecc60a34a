/* Opening the state to read it, by whoever may read the file, without changing anything on the disk.
 *
 * SQLite reads a database with a log only if it may write beside it, or if a process that may is using it. So the state
 * is copied into memory, by one of three ways: with SQLite's locks if there is a log and its index (a run is at work,
 * or was killed); with the log read anew if its index is missing; as a plain file if there is no log. In the last two
 * ways nothing keeps a run from beginning meanwhile, so the copy counts only if neither file has changed, and is made
 * again otherwise. A state of an earlier version is upgraded in the copy. */
#ifndef PIPELINE_STORE_STORE_READ_H
#define PIPELINE_STORE_STORE_READ_H

#include "pipeline/store/store.h"

/* Opens a copy in memory of the state at `path`, as it is at this moment; an empty one if there is none. What is
 * changed in it is lost. Makes no file and takes no lock that a run would have to wait for. */
bool store_read(const char *path, struct store **ret_store, struct failure *ret_failure);

#endif
