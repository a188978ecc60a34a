/* SQLite behind database.h, for the store in a file or in memory. What concerns the file itself is in store_file.c,
 * store_copy.c, store_durable.c, store_read.c and store_shrink.c; no other file of the store may use SQLite. */
#ifndef PIPELINE_STORE_DATABASE_SQLITE_H
#define PIPELINE_STORE_DATABASE_SQLITE_H

#include <sqlite3.h>

#include "pipeline/store/database.h"

/* How long to wait for another process that is writing. */
enum { SQLITE_BUSY_MS = 5000 };

/* Opens a file or an address of SQLite's, or ":memory:", with SQLite's flags (SQLITE_OPEN_...). The database must be
 * closed even if that fails, and tells the error until then. */
bool database_sqlite_open(const char *name, int flags, struct database **ret_database);
/* Writes to a log from now on. A commit is not flushed, and the log is never copied into the file by itself:
 * store_make_durable() does both. */
bool database_sqlite_use_log(struct database *database);
/* Whether the file can only be read, which SQLite finds out by itself. */
bool database_sqlite_only_reads(const struct database *database);
/* Takes over an open connection. */
struct database *database_sqlite_of(sqlite3 *handle);
/* Returns the connection, for what only SQLite has. */
sqlite3 *database_sqlite_handle(const struct database *database);
/* Asks for one number; returns -1 if it cannot be had. */
int64_t database_sqlite_number(struct database *database, const char *question);
/* Copies a database as it is at this moment over another one, in a single step. */
bool database_sqlite_copy(struct database *to, struct database *from);
/* Fails because the state at `path` cannot be written. */
bool database_sqlite_not_writable(const char *path, const char *why, struct failure *ret_failure);

#endif
