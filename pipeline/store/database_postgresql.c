#define _GNU_SOURCE /* memmem */
#include "pipeline/store/database_postgresql.h"

#include <string.h>

bool database_postgresql_is_address(struct span text) {
    return span_starts(text, SPAN("postgresql://")) || span_starts(text, SPAN("postgres://"));
}

/* The part of the address before the host: "USER" or "USER:PASSWORD". */
static struct span login_of(struct span address) {
    struct span rest = span_cut(address, span_find(address, SPAN("//")) + 2, address.length);
    size_t end = 0, at = SIZE_MAX;
    for (; end < rest.length && !strchr("/?", rest.at[end]); end++)
        if (rest.at[end] == '@') at = end;
    return at == SIZE_MAX ? SPAN("") : span_cut(rest, 0, at);
}

bool database_postgresql_has_password(struct span address) {
    return span_find(login_of(address), SPAN(":")) != SIZE_MAX || span_find(address, SPAN("?password=")) != SIZE_MAX ||
           span_find(address, SPAN("&password=")) != SIZE_MAX;
}

#ifndef DRAGOMAN_POSTGRESQL

bool database_postgresql_is_built_in(void) {
    return false;
}

bool database_postgresql_open(const char *address, const char *password, struct database **ret_database,
                              struct failure *ret_failure) {
    (void)address, (void)password;
    *ret_database = NULL;
    return failure_fatal(ret_failure, EXIT_CONFIG,
                         "this dragoman was built without PostgreSQL; build it where libpq-dev is installed, or set "
                         "state to a file");
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

/* PARAMETERS: no statement has more. MESSAGE, SQL_LIMIT, CLEAN_LIMIT: in bytes. MIN_VERSION: in libpq's notation. */
enum { PARAMETERS = 16, MESSAGE = 512, SQL_LIMIT = 1 << 16, CLEAN_LIMIT = 64 << 20, MIN_VERSION = 120000 };

/* PostgreSQL's numbers of its types. */
enum { TYPE_BOOL = 16, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23 };
enum { FORMAT_TEXT, FORMAT_BINARY };

struct postgresql_database {
    struct database base;
    PGconn *connection;
    char *address, *password; /* for the connection that flushes; password NULL = none given */
    char *name;               /* "NAME on HOST" */
    int64_t changes;
    unsigned prepared;               /* how many statements, which gives the next one its name */
    char state[6], message[MESSAGE]; /* the latest error: SQLSTATE, "" = none from the server */
    pthread_mutex_t flushing;
    PGconn *flusher; /* NULL until first needed; held by the thread that flushes */
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
    char name[16];
    int count;
    struct parameter parameters[PARAMETERS];
    PGresult *result; /* NULL = not run */
    int row;
};

static const struct database_operations operations;

static struct postgresql_database *mine(const struct database *database) {
    return (struct postgresql_database *)(uintptr_t)database;
}

static struct postgresql_statement *of(struct statement *statement) {
    return (struct postgresql_statement *)statement;
}

bool database_postgresql_is_built_in(void) {
    return true;
}

const char *database_postgresql_name(const struct database *database) {
    return mine(database)->name;
}

/* ---------------------------------------------------------------- errors */

/* A message of libpq's may have several lines, of which the first one says the most. */
static void first_line(const char *message, char ret_line[MESSAGE]) {
    snprintf(ret_line, MESSAGE, "%s", message);
    ret_line[strcspn(ret_line, "\n")] = '\0';
}

/* Returns whether the result is one of a statement that succeeded, and keeps the error otherwise. What follows an error
 * within a transaction only says that it was aborted, so the first error stays. */
static bool succeeded(struct postgresql_database *database, PGconn *connection, const PGresult *result) {
    static const char aborted[] = "25P02";
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return true;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE),
               *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state && strcmp(state, aborted) == 0 && database->state[0]) return false;
    snprintf(database->state, sizeof database->state, "%s", state ? state : "");
    first_line(message ? message : PQerrorMessage(connection), database->message);
    return false;
}

static bool is_class(const struct postgresql_database *database, const char *beginning) {
    return strncmp(database->state, beginning, strlen(beginning)) == 0;
}

/* Without a code the server has not answered; 57P: it has been stopped; 08: the connection. */
static bool is_lost(const struct postgresql_database *database) {
    return !database->state[0] || is_class(database, "57P") || is_class(database, "08");
}

static bool fail(const struct database *base, const char *path, bool only_reads, struct failure *ret_failure) {
    const struct postgresql_database *database = mine(base);
    const char *name = database->name, *message = database->message;
    (void)path, (void)only_reads;
    if (is_lost(database))
        return failure_fatal(ret_failure, EXIT_IO, "lost the PostgreSQL database %s: %s; run again when it is there",
                             name, message);
    if (is_class(database, "53100"))
        return failure_fatal(ret_failure, EXIT_IO,
                             "the disk of the PostgreSQL database %s is full; free some space and run again", name);
    if (is_class(database, "53") || is_class(database, "55P03") || is_class(database, "40"))
        return failure_fatal(ret_failure, EXIT_BUSY, "the PostgreSQL database %s is too busy: %s; run again later",
                             name, message);
    if (is_class(database, "42501") || is_class(database, "25006"))
        return failure_fatal(ret_failure, EXIT_PERMISSION, "the PostgreSQL database %s does not allow it: %s", name,
                             message);
    if (is_class(database, "XX001") || is_class(database, "XX002"))
        return failure_fatal(ret_failure, EXIT_IO,
                             "the PostgreSQL database %s is damaged (%s); restore it from a backup", name, message);
    return failure_fatal(ret_failure, EXIT_IO, "the PostgreSQL database %s cannot be used: %s (%s)", name, message,
                         database->state);
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

static bool cannot_connect(struct postgresql_database *database, struct failure *ret_failure) {
    first_line(PQerrorMessage(database->connection), database->message);
    bool refused = strstr(database->message, "authentication") || strstr(database->message, "no password") ||
                   strstr(database->message, "permission denied") || strstr(database->message, "pg_hba.conf") ||
                   strstr(database->message, "role ");
    return failure_fatal(
        ret_failure, refused ? EXIT_PERMISSION : EXIT_IO,
        "cannot connect to the PostgreSQL server: %s; check `store` and `store_password`, and that the "
        "server is running",
        database->message);
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

static void name_database(struct postgresql_database *database) {
    const char *name = PQdb(database->connection), *host = PQhost(database->connection);
    struct buffer out = BUFFER(4096);
    buffer_print(&out, "%s on %s", name ? name : "", host && host[0] ? host : "this machine");
    database->name = memory_string(buffer_span(&out));
    buffer_free(&out);
}

static bool run(struct database *base, const char *script) {
    struct postgresql_database *database = mine(base);
    database->state[0] = '\0';
    PGresult *result = PQexec(database->connection, script);
    bool done = succeeded(database, database->connection, result);
    PQclear(result);
    return done;
}

static void close_database(struct database *base) {
    struct postgresql_database *database = mine(base);
    PQfinish(database->connection);
    PQfinish(database->flusher);
    pthread_mutex_destroy(&database->flushing);
    if (database->password) explicit_bzero(database->password, strlen(database->password));
    free(database->password);
    free(database->address);
    free(database->name);
    free(database);
}

bool database_postgresql_open(const char *address, const char *password, struct database **ret_database,
                              struct failure *ret_failure) {
    struct postgresql_database *database = memory_take(sizeof *database);
    *database = (struct postgresql_database){.base = {&operations},
                                             .address = memory_string(span_of(address)),
                                             .password = password ? memory_string(span_of(password)) : NULL};
    pthread_mutex_init(&database->flushing, NULL);
    database->connection = connect_to(address, password);
    name_database(database);
    bool done = PQstatus(database->connection) == CONNECTION_OK ? is_suitable(database, ret_failure)
                                                                : cannot_connect(database, ret_failure);
    /* Numbers and times are written as in SQLite whatever the server's defaults. */
    done = done && (run(&database->base, "SET synchronous_commit = off; SET lock_timeout = '5s'") ||
                    fail(&database->base, NULL, false, ret_failure));
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
    struct postgresql_database *database = mine(base);
    PGresult *result = PQexec(database->connection, "COMMIT");
    bool done = succeeded(database, database->connection, result) && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    return done;
}

static void roll_back(struct database *base) {
    struct postgresql_database *database = mine(base);
    if (PQtransactionStatus(database->connection) != PQTRANS_IDLE) PQclear(PQexec(database->connection, "ROLLBACK"));
}

static int64_t changes(const struct database *database) {
    return mine(database)->changes;
}

/* A transaction that is committed with a flush flushes all that precedes it in the server's log. It must have written
 * something, or nothing is flushed; a message that no one reads is the smallest thing. */
static bool flush_through(PGconn *connection) {
    static const char question[] = "SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'dragoman', '')";
    PGresult *result = PQexec(connection, question);
    bool done = PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    return done;
}

static bool flush(struct database *base, struct failure *ret_failure) {
    struct postgresql_database *database = mine(base);
    pthread_mutex_lock(&database->flushing);
    if (!database->flusher) database->flusher = connect_to(database->address, database->password);
    bool done = flush_through(database->flusher);
    if (!done) {
        char message[MESSAGE];
        first_line(PQerrorMessage(database->flusher), message);
        failure_fatal(ret_failure, EXIT_IO, "the PostgreSQL database %s cannot write to its disk: %s", database->name,
                      message);
        PQfinish(database->flusher);
        database->flusher = NULL;
    }
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

static struct statement *prepare(struct database *base, const char *sql) {
    struct postgresql_database *database = mine(base);
    struct postgresql_statement *statement = memory_take(sizeof *statement);
    struct buffer text = BUFFER(SQL_LIMIT);
    *statement = (struct postgresql_statement){.base = {&operations}, .database = database};
    for (size_t i = 0; i < PARAMETERS; i++) statement->parameters[i].clean = BUFFER(CLEAN_LIMIT);
    snprintf(statement->name, sizeof statement->name, "s%u", database->prepared++);
    statement->count = write_sql(sql, &text);
    database->state[0] = '\0';
    PGresult *result = PQprepare(database->connection, statement->name, text.at, 0, NULL);
    bool done = succeeded(database, database->connection, result);
    PQclear(result);
    buffer_free(&text);
    if (done) return &statement->base;
    free(statement);
    return NULL;
}

static void reset(struct statement *base) {
    struct postgresql_statement *statement = of(base);
    PQclear(statement->result);
    statement->result = NULL;
}

static void clear(struct statement *base) {
    struct postgresql_statement *statement = of(base);
    for (int i = 0; i < statement->count; i++) {
        statement->parameters[i].value = NULL;
        statement->parameters[i].length = 0;
        statement->parameters[i].format = FORMAT_TEXT;
    }
}

/* The connection forgets its statements when it is closed, which is when they are freed. */
static void free_statement(struct statement *base) {
    struct postgresql_statement *statement = of(base);
    reset(base);
    for (size_t i = 0; i < PARAMETERS; i++) buffer_free(&statement->parameters[i].clean);
    free(statement);
}

static bool execute(struct postgresql_statement *statement) {
    struct postgresql_database *database = statement->database;
    const char *values[PARAMETERS];
    int lengths[PARAMETERS], formats[PARAMETERS];
    for (int i = 0; i < statement->count; i++) {
        values[i] = statement->parameters[i].value;
        lengths[i] = statement->parameters[i].length;
        formats[i] = statement->parameters[i].format;
    }
    statement->result = PQexecPrepared(database->connection, statement->name, statement->count, values, lengths,
                                       formats, FORMAT_BINARY);
    statement->row = -1;
    if (!succeeded(database, database->connection, statement->result)) return false;
    database->changes = atoll(PQcmdTuples(statement->result));
    database->state[0] = '\0';
    return true;
}

static enum statement_result step(struct statement *base) {
    struct postgresql_statement *statement = of(base);
    if (!statement->result && !execute(statement)) {
        reset(base);
        return STATEMENT_FAILED;
    }
    return ++statement->row < PQntuples(statement->result) ? STATEMENT_ROW : STATEMENT_DONE;
}

/* ---------------------------------------------------------------- parameters */

static struct parameter *parameter_of(struct statement *base, int index) {
    return &of(base)->parameters[index - 1];
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

static bool is_clean(struct span text) {
    return (!text.length || !memchr(text.at, '\0', text.length)) && text_valid(text);
}

static struct span cleaned(struct span text, struct buffer *room) {
    buffer_clear(room);
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        buffer_add_rune(room, rune ? rune : RUNE_INVALID);
    }
    return buffer_span(room);
}

static void bind_text(struct statement *statement, int index, struct span text) {
    struct parameter *parameter = parameter_of(statement, index);
    bind_bytes(statement, index, is_clean(text) ? text : cleaned(text, &parameter->clean));
}

static void bind_key(struct statement *statement, int index, const unsigned char key[DATABASE_KEY]) {
    struct parameter *parameter = parameter_of(statement, index);
    memcpy(parameter->room, key, DATABASE_KEY);
    bind_bytes(statement, index, (struct span){parameter->room, DATABASE_KEY});
}

/* ---------------------------------------------------------------- columns */

static bool is_null(struct statement *statement, int column) {
    return PQgetisnull(of(statement)->result, of(statement)->row, column);
}

static struct span bytes(struct statement *statement, int column) {
    const struct postgresql_statement *it = of(statement);
    return (struct span){PQgetvalue(it->result, it->row, column), (size_t)PQgetlength(it->result, it->row, column)};
}

/* The most significant byte comes first; the sign is that of its highest bit. */
static int64_t read_integer(struct span bytes) {
    uint64_t value = bytes.length && (unsigned char)bytes.at[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes.length; i++) value = value << 8 | (unsigned char)bytes.at[i];
    return (int64_t)value;
}

static int64_t integer(struct statement *statement, int column) {
    Oid type = PQftype(of(statement)->result, column);
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
