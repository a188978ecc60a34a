#define _GNU_SOURCE /* explicit_bzero */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/store/postgresql_internal.h"

/* In libpq's notation. */
enum { MIN_VERSION = 120000 };

/* Of the code of an error, SQLSTATE. */
#define STATE_CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
enum { STATE_LENGTH = 5 };

/* ---------------------------------------------------------------- errors */

/* A message of libpq's may have several lines, of which the first one says the most. */
static void first_line(const char *message, char ret_line[MESSAGE]) {
    snprintf(ret_line, MESSAGE, "%s", message);
    ret_line[strcspn(ret_line, "\n")] = '\0';
}

/* An error without a SQLSTATE is libpq's own: it could not send or receive, which its status does not always say. */
void postgresql_keep_error(PGconn *connection, const PGresult *result, struct postgresql_error *ret_error) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE),
               *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    snprintf(ret_error->state, sizeof ret_error->state, "%s", state ? state : "");
    first_line(message ? message : PQerrorMessage(connection), ret_error->message);
    ret_error->lost = !state || PQstatus(connection) != CONNECTION_OK;
}

/* Finds the last "STATE: MESSAGE" in what libpq says, which may be about several addresses; NULL if no server has
 * refused. libpq writes "SEVERITY:  STATE: MESSAGE" (see ask_why); only server errors have two spaces after a colon. */
static const char *find_state(PGconn *connection) {
    const char *found = NULL;
    for (const char *at = PQerrorMessage(connection); (at = strstr(at, ":  ")) != NULL;) {
        at += 3;
        if (strspn(at, STATE_CHARACTERS) == STATE_LENGTH && at[STATE_LENGTH] == ':') found = at;
    }
    return found;
}

void postgresql_keep_refusal(PGconn *connection, struct postgresql_error *ret_error) {
    const char *state = find_state(connection);
    *ret_error = (struct postgresql_error){.lost = true};
    if (state) snprintf(ret_error->state, sizeof ret_error->state, "%s", state);
    first_line(state ? state + STATE_LENGTH + 2 : PQerrorMessage(connection), ret_error->message);
}

bool postgresql_set_error(struct postgresql_error *ret_error, const char *state, const char *message) {
    *ret_error = (struct postgresql_error){.lost = false};
    snprintf(ret_error->state, sizeof ret_error->state, "%s", state);
    snprintf(ret_error->message, MESSAGE, "%s", message);
    return false;
}

static bool is_class(const struct postgresql_error *error, const char *beginning) {
    return strncmp(error->state, beginning, strlen(beginning)) == 0;
}

/* 57P: the server has been stopped; 08: the connection; 25P03: the server has ended it because a transaction was idle.
 */
bool postgresql_is_lost(const struct postgresql_error *error) {
    return error->lost || is_class(error, "57P") || is_class(error, "08") || is_class(error, "25P03");
}

bool postgresql_tell(const struct postgresql_database *database, const struct postgresql_error *error,
                     struct failure *ret_failure) {
    const char *name = database->name, *message = error->message;
    if (postgresql_is_lost(error))
        return failure_fatal(ret_failure, EXIT_IO, "lost the PostgreSQL database %s: %s; run again when it is there",
                             name, message);
    if (is_class(error, "53100"))
        return failure_fatal(ret_failure, EXIT_IO,
                             "the disk of the PostgreSQL database %s is full; free some space and run again", name);
    if (is_class(error, "53") || is_class(error, "55P03") || is_class(error, "40"))
        return failure_fatal(ret_failure, EXIT_BUSY, "the PostgreSQL database %s is too busy: %s; run again later",
                             name, message);
    if (is_class(error, "42501") || is_class(error, "25006"))
        return failure_fatal(ret_failure, EXIT_PERMISSION, "the PostgreSQL database %s does not allow it: %s", name,
                             message);
    if (is_class(error, "XX001") || is_class(error, "XX002"))
        return failure_fatal(ret_failure, EXIT_IO,
                             "the PostgreSQL database %s is damaged (%s); restore it from a backup", name, message);
    return failure_fatal(ret_failure, EXIT_IO, "the PostgreSQL database %s cannot be used: %s (%s)", name, message,
                         error->state);
}

/* ---------------------------------------------------------------- addresses */

static const char *option_of(const PQconninfoOption *options, const char *name) {
    for (; options->keyword; options++)
        if (strcmp(options->keyword, name) == 0) return options->val && options->val[0] ? options->val : NULL;
    return NULL;
}

/* libpq itself knows which of its options must not be displayed. */
static bool has_password(const PQconninfoOption *options) {
    for (; options->keyword; options++)
        if (options->dispchar[0] == '*' && options->val && options->val[0]) return true;
    return false;
}

/* Finds the first schema in options of the server such as "-c search_path=NAME"; empty if there is none. */
static struct span schema_in(const char *options) {
    static const char key[] = "search_path=";
    const char *at = options ? strstr(options, key) : NULL;
    at = at ? at + sizeof key - 1 : "";
    at += strspn(at, "\"\\");
    return (struct span){at, strcspn(at, "\"\\, ")};
}

static void write_name(const char *database, const char *host, const char *options, char ret_name[POSTGRESQL_NAME]) {
    struct span schema = text_clip(schema_in(options), 64);
    snprintf(ret_name, POSTGRESQL_NAME, "%s on %s%s%.*s%s", database ? database : "the default database",
             host && host[0] ? host : "this machine", schema.length ? " (schema " : "", SPAN_ARGS(schema),
             schema.length ? ")" : "");
}

/* A message of libpq's about an address may quote it, with the password. */
bool database_postgresql_read_address(struct span address, struct postgresql_address *ret_address) {
    char *text = memory_string(address), *message = NULL;
    PQconninfoOption *options = PQconninfoParse(text, &message);
    *ret_address = (struct postgresql_address){.name = "a PostgreSQL database"};
    if (options) {
        ret_address->has_password = has_password(options);
        write_name(option_of(options, "dbname"), option_of(options, "host"), option_of(options, "options"),
                   ret_address->name);
    }
    PQconninfoFree(options);
    PQfreemem(message);
    explicit_bzero(text, address.length);
    free(text);
    return options != NULL;
}

/* ---------------------------------------------------------------- connecting */

/* Libraries do not print. */
static void ignore(void *context, const char *message) {
    (void)context, (void)message;
}

/* If the server has refused the connection, libpq has kept its words only, which are in its language. libpq keeps the
 * code of the error, too, if it is told to beforehand, so it has to try once more. */
static void ask_why(PGconn *connection) {
    if (PQstatus(connection) == CONNECTION_OK || !strstr(PQerrorMessage(connection), ":  ")) return;
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    PQreset(connection);
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
}

/* What follows the address takes the place of what is in it, so what a user may set precedes it. A server that has gone
 * is noticed after half a minute. */
PGconn *postgresql_connect(const struct postgresql_database *database) {
    const char *address = database->address, *password = database->password;
    char name[100], host[40] = "";
    /* What others are told who find the store in use. */
    if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
    snprintf(name, sizeof name, "dragoman, process %ld on %s", (long)getpid(),
             host[0] ? host : "a machine without a name");
    const char *keys[] = {"connect_timeout", "keepalives_idle",  "tcp_user_timeout",           "dbname",
                          "client_encoding", "application_name", password ? "password" : NULL, NULL};
    const char *values[] = {"10", "30", "30000", address, "UTF8", name, password, NULL};
    PGconn *connection = PQconnectdbParams(keys, values, 1);
    if (!connection) memory_exhausted();
    PQsetNoticeProcessor(connection, ignore, NULL);
    ask_why(connection);
    return connection;
}

/* 28: wrong password, unknown user, or no rule that lets this user in; 42501: no right to connect; 3D: no such
 * database; 53300: no connection is free. */
bool postgresql_cannot_connect(const struct postgresql_database *database, PGconn *connection,
                               struct failure *ret_failure) {
    struct postgresql_error error;
    const char *name = database->name;
    postgresql_keep_refusal(connection, &error);
    if (is_class(&error, "3D"))
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "the PostgreSQL database %s does not exist; create it (createdb -E UTF8 -T template0 %s), "
                             "or correct `store` in [run]",
                             name, PQdb(connection));
    if (is_class(&error, "53300"))
        return failure_fatal(ret_failure, EXIT_BUSY,
                             "the PostgreSQL server has no connection left for the database %s: %s; run again when "
                             "other programs have ended, or raise the limit (each run needs two connections)",
                             name, error.message);
    if (is_class(&error, "28") || is_class(&error, "42501") || PQconnectionNeedsPassword(connection))
        return failure_fatal(ret_failure, EXIT_PERMISSION,
                             "cannot log in to the PostgreSQL database %s: %s; check the user in `store` and "
                             "store_password_file (or another way to give the password) in [run]",
                             name, error.message);
    return failure_fatal(ret_failure, EXIT_IO,
                         "cannot connect to the PostgreSQL server: %s; check `store` in [run], and that the server is "
                         "running",
                         error.message);
}

static bool is_suitable(const struct postgresql_database *database, struct failure *ret_failure) {
    int version = PQserverVersion(database->connection);
    const char *encoding = PQparameterStatus(database->connection, "server_encoding");
    if (version < MIN_VERSION)
        return failure_fatal(ret_failure, EXIT_CONFIG, "the PostgreSQL server is of version %d; 12 or later is needed",
                             version / 10000);
    return (encoding && strcmp(encoding, "UTF8") == 0) ||
           failure_fatal(ret_failure, EXIT_CONFIG,
                         "the PostgreSQL database %s is in %s; create one with ENCODING 'UTF8' TEMPLATE template0",
                         database->name, encoding ? encoding : "an unknown encoding");
}

#define SESSION                                                                                                        \
    "SET synchronous_commit = off; SET default_transaction_isolation = 'read committed'; SET lock_timeout = '5s'; "    \
    "SET tcp_keepalives_idle = 30; SET "                                                                               \
    "tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 30000"

/* The server too must notice within a minute that this machine has gone: until then it keeps the session, with its
 * locks. */
bool postgresql_begin_session(struct postgresql_database *database) {
    static const char session[] = SESSION, with_journal[] = POSTGRESQL_LIMIT_IDLE SESSION;
    PGresult *result = PQexec(database->connection, database->place ? with_journal : session);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!done) postgresql_keep_error(database->connection, result, &database->error);
    PQclear(result);
    return done && PQsetnonblocking(database->connection, 1) == 0 && PQenterPipelineMode(database->connection) == 1;
}

/* The sandbox may keep a later connection from reading ~/.pgpass. */
static void keep_password(struct postgresql_database *database) {
    const char *password = PQpass(database->connection);
    if (!database->password && password && password[0]) database->password = memory_string(span_of(password));
}

bool postgresql_open(struct postgresql_database *database, struct failure *ret_failure) {
    database->connection = postgresql_connect(database);
    write_name(PQdb(database->connection), PQhost(database->connection), PQoptions(database->connection),
               database->name);
    if (PQstatus(database->connection) != CONNECTION_OK)
        return postgresql_cannot_connect(database, database->connection, ret_failure);
    keep_password(database);
    return is_suitable(database, ret_failure) &&
           (postgresql_begin_session(database) || postgresql_tell(database, &database->error, ret_failure));
}
