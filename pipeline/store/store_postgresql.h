/* Opening the store in a PostgreSQL database. Its tables are in the schema that comes first in the connection's
 * search_path; a database may hold several stores, each in a schema of its own. */
#ifndef PIPELINE_STORE_STORE_POSTGRESQL_H
#define PIPELINE_STORE_STORE_POSTGRESQL_H

#include "pipeline/store/store.h"

/* Asks whether the store has been created. */
bool store_server_has_tables(const char *address, const char *password, bool *ret_there, struct failure *ret_failure);
/* Connects, and finds out whether a run could use the store: that there are tables that it knows, or that it may create
 * them. Changes nothing. Fails like store_connect(), and with EXIT_PERMISSION if a right is missing. */
bool store_server_is_ready(const char *address, const char *password, struct failure *ret_failure);
/* Opens the store at `address` ("postgresql://..."), creating its tables if there are none. `password` may be NULL.
 * STORE_LOCKED fails with EXIT_BUSY while a run is using it, STORE_SHARED while something else than runs is; the server
 * ends a lock with the connection. If no schema of the search path exists, fails with EXIT_CONFIG. */
bool store_connect(const char *address, const char *password, enum store_lock lock, struct store **ret_store,
                   struct failure *ret_failure);
/* Opens the store as it is at this moment; an empty one if there are no tables. What is changed in it is lost. Holds no
 * lock that a run would have to wait for. */
bool store_connect_to_read(const char *address, const char *password, struct store **ret_store,
                           struct failure *ret_failure);

#endif
