/* The file of the state before SQLite opens it. SQLite takes an empty file for a new database and mixes a new database
 * with the log of a lost one; both would make every article new, and every translation would be paid for again. */
#ifndef PIPELINE_STORE_STORE_FILE_H
#define PIPELINE_STORE_STORE_FILE_H

#include <stdbool.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct store;

/* What helps when the state cannot be used. */
#define STORE_WAY_BACK                                                                                                 \
    "restore it from a backup, or move it away and run `dragoman verify --repair`, which makes a new state from the "  \
    "records"

/* Makes sure that there is a file that may be a state: creates one, which only its owner can read, with the current
 * schema if there is none. It appears under its name as a whole, so a killed process leaves no empty one. Fails with a
 * sentence if there is a file that cannot be a state. */
bool store_file_prepare(const char *path, struct failure *ret_failure);
/* Looks at the file without creating one; *ret_there is false if there is none. Fails as store_file_prepare() does, and
 * if it cannot be read. */
bool store_file_look(const char *path, bool *ret_there, struct failure *ret_failure);
/* Checks an open database, without changing it: that its tables are those of a state and, unless it is large, that no
 * page is damaged. */
bool store_file_check(struct store *store, struct failure *ret_failure);

/* Appends a name beside `path` that cannot be guessed, for a file that is renamed to `path` once it is complete. */
void store_temporary_name(const char *path, struct buffer *out);
/* Gives the file its name. Never replaces a file: if there is one, fails with EEXIST. If it fails, the file is removed,
 * and errno says why. */
bool store_file_put_in_place(const char *temporary, const char *path);

#endif
