#define _GNU_SOURCE /* explicit_bzero */
#include "pipeline/store/database_postgresql.h"

#include <string.h>

bool database_postgresql_is_address(struct span text) {
    return span_starts(text, SPAN("postgresql://")) || span_starts(text, SPAN("postgres://"));
}

bool database_postgresql_takes(struct span text) {
    return (!text.length || !memchr(text.at, '\0', text.length)) && text_valid(text);
}

struct span database_postgresql_clean(struct span text, struct buffer *room) {
    buffer_clear(room);
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        buffer_add_rune(room, rune ? rune : RUNE_INVALID);
    }
    return buffer_span(room);
}

#ifndef DRAGOMAN_POSTGRESQL

bool database_postgresql_is_built_in(void) {
    return false;
}

bool database_postgresql_read_address(struct span address, struct postgresql_address *ret_address) {
    (void)address;
    *ret_address = (struct postgresql_address){.name = "a PostgreSQL database"};
    return true;
}

bool database_postgresql_open(const char *address, const char *password, struct database **ret_database,
                              struct failure *ret_failure) {
    (void)address, (void)password;
    *ret_database = NULL;
    return failure_fatal(ret_failure, EXIT_CONFIG, DATABASE_POSTGRESQL_NOT_BUILT_IN);
}

const char *database_postgresql_name(const struct database *database) {
    (void)database;
    return "";
}

#else

#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/base/arena.h"

/* PARAMETERS: no statement may have more. MESSAGE, SQL_LIMIT, CLEAN_LIMIT: in bytes. MIN_VERSION: in libpq's notation.
 */
enum { PARAMETERS = 32, MESSAGE = 512, SQL_LIMIT = 1 << 16, CLEAN_LIMIT = 64 << 20, MIN_VERSION = 120000 };

/* PostgreSQL's numbers of its types. */
enum { TYPE_BOOL = 16, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23 };
enum { FORMAT_TEXT, FORMAT_BINARY };

/* What went wrong last. */
struct postgresql_error {
    char state[6], message[MESSAGE]; /* SQLSTATE; "" = none from the server */
    bool lost;                       /* the connection is gone */
};

struct postgresql_database {
    struct database base;
    PGconn *connection;
    char *address, *password;   /* for the connection that flushes; password NULL = none given */
    char name[POSTGRESQL_NAME]; /* "NAME on HOST" */
    int64_t changes;
    unsigned statements; /* how many there have been, which gives the next one its name */
    struct postgresql_error error;
    pthread_mutex_t flushing;
    PGconn *flusher;            /* NULL until first needed; held by the thread that flushes */
    struct failure not_flushed; /* what ended all flushing */
};

/* Integers are sent as text, from which the server makes whatever type the statement needs. */
struct parameter {
    const char *value; /* NULL = NULL */
    int length, format;
    char room[24];       /* of an integer or a key */
    struct buffer clean; /* of a text that had to be changed */
};

struct postgresql_statement {
    struct statement base;
    struct postgresql_database *database;
    char *sql, name[16];
    bool prepared; /* by the server */
    int count;
    struct parameter parameters[PARAMETERS + 1]; /* the last takes what the statement has no place for */
    PGresult *result;                            /* NULL = not run */
    int row;
};

static const struct database_operations operations;

static struct postgresql_database *postgresql_of(const struct database *database) {
    return (struct postgresql_database *)(uintptr_t)database;
}

static struct postgresql_statement *statement_of(struct statement *statement) {
    return (struct postgresql_statement *)statement;
}

bool database_postgresql_is_built_in(void) {
    return true;
}

const char *database_postgresql_name(const struct database *database) {
    return postgresql_of(database)->name;
}

/* ---------------------------------------------------------------- errors */

/* A message of libpq's may have several lines, of which the first one says the most. */
static void first_line(const char *message, char ret_line[MESSAGE]) {
    snprintf(ret_line, MESSAGE, "%s", message);
    ret_line[strcspn(ret_line, "\n")] = '\0';
}

static void keep_error(PGconn *connection, const PGresult *result, struct postgresql_error *ret_error) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE),
               *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    snprintf(ret_error->state, sizeof ret_error->state, "%s", state ? state : "");
    first_line(message ? message : PQerrorMessage(connection), ret_error->message);
    ret_error->lost = PQstatus(connection) != CONNECTION_OK;
}

/* Returns whether the result is one of a statement that succeeded, and keeps the error otherwise. What follows an error
 * within a transaction only says that it was aborted, so the first error stays. */
static bool succeeded(struct postgresql_database *database, const PGresult *result) {
    static const char aborted[] = "25P02";
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return true;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state && strcmp(state, aborted) == 0 && database->error.state[0]) return false;
    keep_error(database->connection, result, &database->error);
    return false;
}

/* The error that has aborted a transaction is the one to be told, until the transaction ends. */
static void forget_error(struct postgresql_database *database) {
    if (PQtransactionStatus(database->connection) != PQTRANS_INERROR)
        database->error = (struct postgresql_error){.lost = false};
}

static bool is_class(const struct postgresql_error *error, const char *beginning) {
    return strncmp(error->state, beginning, strlen(beginning)) == 0;
}

/* 57P: the server has been stopped; 08: the connection. */
static bool is_lost(const struct postgresql_error *error) {
    return error->lost || is_class(error, "57P") || is_class(error, "08");
}

static bool tell(const struct postgresql_database *database, const struct postgresql_error *error,
                 struct failure *ret_failure) {
    const char *name = database->name, *message = error->message;
    if (is_lost(error))
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

static bool fail(const struct database *base, const char *path, bool only_reads, struct failure *ret_failure) {
    const struct postgresql_database *database = postgresql_of(base);
    (void)path, (void)only_reads;
    return tell(database, &database->error, ret_failure);
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

static void write_name(const char *database, const char *host, char *ret_name, size_t room) {
    snprintf(ret_name, room, "%s on %s", database ? database : "the default database",
             host && host[0] ? host : "this machine");
}

/* A message of libpq's about an address may quote it, with the password. */
bool database_postgresql_read_address(struct span address, struct postgresql_address *ret_address) {
    char *text = memory_string(address), *message = NULL;
    PQconninfoOption *options = PQconninfoParse(text, &message);
    *ret_address = (struct postgresql_address){.name = "a PostgreSQL database"};
    if (options) {
        ret_address->has_password = has_password(options);
        write_name(option_of(options, "dbname"), option_of(options, "host"), ret_address->name,
                   sizeof ret_address->name);
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

/* What follows the address takes the place of what is in it, so what a user may set precedes it. A server that has gone
 * is noticed after half a minute. */
static PGconn *connect_to(const char *address, const char *password) {
    char name[64];
    snprintf(name, sizeof name, "dragoman, process %ld", (long)getpid());
    const char *keys[] = {"connect_timeout", "keepalives_idle",  "tcp_user_timeout",           "dbname",
                          "client_encoding", "application_name", password ? "password" : NULL, NULL};
    const char *values[] = {"10", "30", "30000", address, "UTF8", name, password, NULL};
    PGconn *connection = PQconnectdbParams(keys, values, 1);
    if (!connection) memory_exhausted();
    PQsetNoticeProcessor(connection, ignore, NULL);
    return connection;
}

/* Only the server's own words, which are in its language, tell a user who is refused from another obstacle, except
 * where it asked for a password. */
static bool cannot_connect(PGconn *connection, struct failure *ret_failure) {
    char message[MESSAGE];
    first_line(PQerrorMessage(connection), message);
    bool refused = PQconnectionNeedsPassword(connection) || PQconnectionUsedPassword(connection);
    return failure_fatal(
        ret_failure, refused ? EXIT_PERMISSION : EXIT_IO,
        "cannot connect to the PostgreSQL server: %s; check `store` and `store_password`, and that the "
        "server is running",
        message);
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

static bool run(struct database *base, const char *script) {
    struct postgresql_database *database = postgresql_of(base);
    forget_error(database);
    PGresult *result = PQexec(database->connection, script);
    bool done = succeeded(database, result);
    PQclear(result);
    return done;
}

static void close_database(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    PQfinish(database->connection);
    PQfinish(database->flusher);
    pthread_mutex_destroy(&database->flushing);
    if (database->password) explicit_bzero(database->password, strlen(database->password));
    free(database->password);
    free(database->address);
    free(database);
}

/* The server too must notice within a minute that this machine has gone: until then it keeps the session, with its
 * locks. */
static const char session[] =
    "SET synchronous_commit = off; SET lock_timeout = '5s'; SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval "
    "= 10; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 30000";

bool database_postgresql_open(const char *address, const char *password, struct database **ret_database,
                              struct failure *ret_failure) {
    struct postgresql_database *database = memory_take(sizeof *database);
    *database = (struct postgresql_database){.base = {&operations},
                                             .address = memory_string(span_of(address)),
                                             .password = password ? memory_string(span_of(password)) : NULL};
    pthread_mutex_init(&database->flushing, NULL);
    database->connection = connect_to(address, password);
    write_name(PQdb(database->connection), PQhost(database->connection), database->name, sizeof database->name);
    bool done = PQstatus(database->connection) == CONNECTION_OK ? is_suitable(database, ret_failure)
                                                                : cannot_connect(database->connection, ret_failure);
    done = done && (run(&database->base, session) || fail(&database->base, NULL, false, ret_failure));
    if (!done) close_database(&database->base);
    *ret_database = done ? &database->base : NULL;
    return done;
}

/* ---------------------------------------------------------------- transactions */

static bool begin(struct database *database) {
    return run(database, "BEGIN");
}

/* The server answers COMMIT with ROLLBACK if the transaction had been aborted, and its first error is kept. */
static bool commit(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    PGresult *result = PQexec(database->connection, "COMMIT");
    bool done = succeeded(database, result) && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    return done;
}

static void roll_back(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    if (PQtransactionStatus(database->connection) != PQTRANS_IDLE) PQclear(PQexec(database->connection, "ROLLBACK"));
}

static int64_t changes(const struct database *database) {
    return postgresql_of(database)->changes;
}

/* A transaction that is committed with a flush flushes all that precedes it in the server's log. It must have written
 * something, or nothing is flushed; a message that no one reads is the smallest thing. */
static bool flush_through(PGconn *connection, struct postgresql_error *ret_error) {
    static const char question[] = "SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'dragoman', '')";
    PGresult *result = PQexec(connection, question);
    bool done = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!done) keep_error(connection, result, ret_error);
    PQclear(result);
    return done;
}

static bool flush_now(struct postgresql_database *database, struct failure *ret_failure) {
    struct postgresql_error error = {.lost = false};
    if (!database->flusher) {
        database->flusher = connect_to(database->address, database->password);
        if (PQstatus(database->flusher) != CONNECTION_OK) return cannot_connect(database->flusher, ret_failure);
    }
    return flush_through(database->flusher, &error) || tell(database, &error, ret_failure);
}

/* A server that comes back after a crash has lost what was not flushed, and a new connection would not show it. */
static bool flush(struct database *base, struct failure *ret_failure) {
    struct postgresql_database *database = postgresql_of(base);
    pthread_mutex_lock(&database->flushing);
    bool done = database->not_flushed.reach == REACH_NONE && flush_now(database, &database->not_flushed);
    if (!done && ret_failure) *ret_failure = database->not_flushed;
    pthread_mutex_unlock(&database->flushing);
    return done;
}

/* ---------------------------------------------------------------- statements */

/* Writes $1 for ?1, except in quotes. Returns the highest number. */
static int write_sql(const char *sql, struct buffer *out) {
    int highest = 0;
    bool quoted = false;
    for (const char *c = sql; *c; c++) {
        quoted = quoted != (*c == '\'');
        bool parameter = !quoted && *c == '?' && c[1] >= '1' && c[1] <= '9';
        buffer_add(out, parameter ? "$" : c, 1);
        int number = parameter ? atoi(c + 1) : 0;
        if (number > highest) highest = number;
    }
    return highest;
}

static struct statement *new_statement(struct postgresql_database *database, struct span sql, int count) {
    struct postgresql_statement *statement = memory_take(sizeof *statement);
    *statement = (struct postgresql_statement){
        .base = {&operations}, .database = database, .sql = memory_string(sql), .count = count};
    for (size_t i = 0; i <= PARAMETERS; i++) statement->parameters[i].clean = BUFFER(CLEAN_LIMIT);
    snprintf(statement->name, sizeof statement->name, "s%u", database->statements++);
    return &statement->base;
}

/* The server is asked to prepare a statement when it is first run, as each is a round trip and no command uses all. */
static struct statement *prepare(struct database *base, const char *sql) {
    struct postgresql_database *database = postgresql_of(base);
    struct buffer text = BUFFER(SQL_LIMIT);
    int count = write_sql(sql, &text);
    struct statement *statement = count <= PARAMETERS ? new_statement(database, buffer_span(&text), count) : NULL;
    if (!statement) {
        forget_error(database);
        snprintf(database->error.message, MESSAGE, "a statement has %d parameters, more than %d", count, PARAMETERS);
    }
    buffer_free(&text);
    return statement;
}

static bool prepare_on_server(struct postgresql_statement *statement) {
    struct postgresql_database *database = statement->database;
    forget_error(database);
    PGresult *result = PQprepare(database->connection, statement->name, statement->sql, 0, NULL);
    statement->prepared = succeeded(database, result);
    PQclear(result);
    return statement->prepared;
}

static void reset(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    PQclear(statement->result);
    statement->result = NULL;
}

static void clear(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    for (int i = 0; i < statement->count; i++) {
        statement->parameters[i].value = NULL;
        statement->parameters[i].length = 0;
        statement->parameters[i].format = FORMAT_TEXT;
    }
}

/* The connection forgets its statements when it is closed, which is when they are freed. */
static void free_statement(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    reset(base);
    for (size_t i = 0; i <= PARAMETERS; i++) buffer_free(&statement->parameters[i].clean);
    free(statement->sql);
    free(statement);
}

static PGresult *send_statement(const struct postgresql_statement *statement) {
    const char *values[PARAMETERS];
    int lengths[PARAMETERS], formats[PARAMETERS];
    for (int i = 0; i < statement->count; i++) {
        values[i] = statement->parameters[i].value;
        lengths[i] = statement->parameters[i].length;
        formats[i] = statement->parameters[i].format;
    }
    return PQexecPrepared(statement->database->connection, statement->name, statement->count, values, lengths, formats,
                          FORMAT_BINARY);
}

/* PostgreSQL counts the rows of a SELECT too. */
static void note_changes(struct postgresql_database *database, PGresult *result) {
    if (strncmp(PQcmdStatus(result), "SELECT", 6) != 0) database->changes = atoll(PQcmdTuples(result));
}

static bool execute(struct postgresql_statement *statement) {
    struct postgresql_database *database = statement->database;
    if (!statement->prepared && !prepare_on_server(statement)) return false;
    forget_error(database);
    statement->result = send_statement(statement);
    statement->row = -1;
    if (!succeeded(database, statement->result)) return false;
    note_changes(database, statement->result);
    return true;
}

static enum statement_result step(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    if (!statement->result && !execute(statement)) {
        reset(base);
        return STATEMENT_FAILED;
    }
    return ++statement->row < PQntuples(statement->result) ? STATEMENT_ROW : STATEMENT_DONE;
}

/* ---------------------------------------------------------------- parameters */

static struct parameter *parameter_of(struct statement *base, int index) {
    struct postgresql_statement *statement = statement_of(base);
    return &statement->parameters[index <= statement->count ? index - 1 : PARAMETERS];
}

static void bind_integer(struct statement *statement, int index, int64_t value) {
    struct parameter *parameter = parameter_of(statement, index);
    snprintf(parameter->room, sizeof parameter->room, "%lld", (long long)value);
    parameter->value = parameter->room;
    parameter->format = FORMAT_TEXT;
}

static void bind_bytes(struct statement *statement, int index, struct span bytes) {
    struct parameter *parameter = parameter_of(statement, index);
    parameter->value = text_or_empty(bytes.at);
    parameter->length = (int)bytes.length;
    parameter->format = FORMAT_BINARY;
}

static void bind_text(struct statement *statement, int index, struct span text) {
    struct parameter *parameter = parameter_of(statement, index);
    bind_bytes(statement, index,
               database_postgresql_takes(text) ? text : database_postgresql_clean(text, &parameter->clean));
}

static void bind_key(struct statement *statement, int index, const unsigned char key[DATABASE_KEY]) {
    struct parameter *parameter = parameter_of(statement, index);
    memcpy(parameter->room, key, DATABASE_KEY);
    bind_bytes(statement, index, (struct span){parameter->room, DATABASE_KEY});
}

/* ---------------------------------------------------------------- columns */

static bool is_null(struct statement *statement, int column) {
    return PQgetisnull(statement_of(statement)->result, statement_of(statement)->row, column);
}

static struct span bytes(struct statement *statement, int column) {
    const struct postgresql_statement *it = statement_of(statement);
    return (struct span){PQgetvalue(it->result, it->row, column), (size_t)PQgetlength(it->result, it->row, column)};
}

/* The most significant byte comes first; the sign is that of its highest bit. */
static int64_t read_integer(struct span bytes) {
    uint64_t value = bytes.length && (unsigned char)bytes.at[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes.length; i++) value = value << 8 | (unsigned char)bytes.at[i];
    return (int64_t)value;
}

static int64_t integer(struct statement *statement, int column) {
    Oid type = PQftype(statement_of(statement)->result, column);
    bool known = type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2 || type == TYPE_BOOL;
    return known ? read_integer(bytes(statement, column)) : 0;
}

static const struct database_operations operations = {.dialect = DATABASE_POSTGRESQL,
                                                      .close = close_database,
                                                      .run = run,
                                                      .begin = begin,
                                                      .commit = commit,
                                                      .roll_back = roll_back,
                                                      .changes = changes,
                                                      .flush = flush,
                                                      .fail = fail,
                                                      .prepare = prepare,
                                                      .free = free_statement,
                                                      .reset = reset,
                                                      .clear = clear,
                                                      .step = step,
                                                      .bind_integer = bind_integer,
                                                      .bind_text = bind_text,
                                                      .bind_bytes = bind_bytes,
                                                      .bind_key = bind_key,
                                                      .is_null = is_null,
                                                      .integer = integer,
                                                      .bytes = bytes};

#endif
