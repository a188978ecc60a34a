/* PostgreSQL behind database.h, through libpq. Without libpq at build time (DRAGOMAN_POSTGRESQL in CMake), every
 * address is refused with a sentence that says so.
 *
 * The statements of store.c are sent with $1 in place of ?1, prepared on the server. Texts and bytes travel in binary
 * form. The server takes only valid UTF-8 without NUL as text, so anything else in a text becomes U+FFFD. A statement's
 * rows are fetched at once.
 *
 * A commit does not wait for the disk; database_flush() makes everything durable that was committed before it, through
 * a second connection, so that the thread that works on the first one need not wait. */
#ifndef PIPELINE_STORE_DATABASE_POSTGRESQL_H
#define PIPELINE_STORE_DATABASE_POSTGRESQL_H

#include "pipeline/store/database.h"

/* Says so, and what to do. */
#define DATABASE_POSTGRESQL_NOT_BUILT_IN                                                                               \
    "this dragoman was built without PostgreSQL; build it where libpq-dev is installed, or remove 'store'"

/* Whether this program was built with libpq. */
bool database_postgresql_is_built_in(void);
/* Whether a text is an address of PostgreSQL's: "postgresql://..." or "postgres://...". */
bool database_postgresql_is_address(struct span text);
/* Whether the server takes the bytes as a text: valid UTF-8 without NUL. */
bool database_postgresql_takes(struct span text);
/* Writes a text that it takes, with U+FFFD in the place of all else, and returns it. Texts that are bound are cleaned
 * in this way. */
struct span database_postgresql_clean(struct span text, struct buffer *room);
/* Bytes of the name of a database in messages. */
enum { POSTGRESQL_NAME = 300 };

/* What may be said of an address. */
struct postgresql_address {
    bool has_password;          /* or the password of a key; these belong into a secret */
    char name[POSTGRESQL_NAME]; /* see database_postgresql_name() */
};

/* Returns false if libpq cannot read the address; the name is then a general one. */
bool database_postgresql_read_address(struct span address, struct postgresql_address *ret_address);

/* Connects. `password` may be NULL; libpq then looks in its own places (~/.pgpass). No message has the password in it.
 * The server must be of version 12 or later, and the database in UTF-8. Fails with EXIT_IO if there is no connection,
 * EXIT_PERMISSION if the server refuses the user or the password, EXIT_CONFIG if it does not have the database, and
 * EXIT_BUSY if it has no connection left. */
bool database_postgresql_open(const char *address, const char *password, struct database **ret_database,
                              struct failure *ret_failure);
/* Returns what messages call the database: "NAME on HOST", or "NAME on HOST (schema NAME)" if the address names one. */
const char *database_postgresql_name(const struct database *database);

#endif
