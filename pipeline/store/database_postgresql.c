#define _GNU_SOURCE /* explicit_bzero */
#include "pipeline/store/database_postgresql.h"

#include <stdlib.h>
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

#include <stdio.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/store/postgresql_internal.h"

/* In bytes. */
enum { SQL_LIMIT = 1 << 16, CLEAN_LIMIT = 64 << 20 };

/* PostgreSQL's numbers of its types. */
enum { TYPE_BOOL = 16, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23 };

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
    struct postgresql_text *text;
    struct parameter parameters[PARAMETERS + 1]; /* the last takes what the statement has no place for */
    struct postgresql_answer answer;             /* no result = not run */
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

static void lock(struct postgresql_database *database) {
    pthread_mutex_lock(&database->mutex);
}

static bool unlock(struct postgresql_database *database, bool done) {
    pthread_mutex_unlock(&database->mutex);
    return done;
}

/* Whether a command may be sent. The error that has ended a transaction is the one to be told, until it is rolled
 * back. */
static bool begin_command(struct postgresql_database *database) {
    if (postgresql_is_usable(database)) database->error = (struct postgresql_error){.lost = false};
    return postgresql_is_usable(database);
}

static bool fail(const struct database *base, const char *path, bool only_reads, struct failure *ret_failure) {
    struct postgresql_database *database = postgresql_of(base);
    (void)path, (void)only_reads;
    lock(database);
    return unlock(database, postgresql_tell(database, &database->error, ret_failure));
}

/* ---------------------------------------------------------------- opening */

static void roll_back(struct database *base);

/* Without its row, another connection could not repeat anything any more. */
static void leave(struct postgresql_database *database) {
    if (database->open) roll_back(&database->base);
    lock(database);
    postgresql_leave(database);
    unlock(database, true);
}

static void close_database(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    leave(database);
    postgresql_journal_drop(&database->journal, INT64_MAX);
    PQfinish(database->connection);
    PQfinish(database->flusher);
    pthread_mutex_destroy(&database->flushing);
    pthread_mutex_destroy(&database->mutex);
    if (database->password) explicit_bzero(database->password, strlen(database->password));
    postgresql_await_nothing(database);
    free(database->awaited);
    free(database->password);
    free(database->address);
    free(database);
}

/* A function that is called when the connection is back asks the database itself. */
static void make_mutexes(struct postgresql_database *database) {
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&database->mutex, &kind);
    pthread_mutexattr_destroy(&kind);
    pthread_mutex_init(&database->flushing, NULL);
}

bool database_postgresql_open(const char *address, const char *password, struct database **ret_database,
                              struct failure *ret_failure) {
    struct postgresql_database *database = memory_take(sizeof *database);
    *database = (struct postgresql_database){.base = {&operations},
                                             .address = memory_string(span_of(address)),
                                             .password = password ? memory_string(span_of(password)) : NULL,
                                             .connections = 1};
    STAILQ_INIT(&database->journal.transactions);
    make_mutexes(database);
    bool done = postgresql_open(database, ret_failure);
    if (!done) close_database(&database->base);
    *ret_database = done ? &database->base : NULL;
    return done;
}

/* ---------------------------------------------------------------- transactions */

static bool run(struct database *base, const char *script) {
    struct postgresql_database *database = postgresql_of(base);
    bool done;
    lock(database);
    do done = begin_command(database) && postgresql_run_script(database, script);
    while (!done && postgresql_return(database));
    return unlock(database, done);
}

/* The server is told with the first statement. */
static bool begin_now(struct postgresql_database *database) {
    if (!begin_command(database) && !postgresql_may_return(database)) return false;
    database->number++;
    database->open = true;
    database->begun = database->placed = false;
    return true;
}

static bool begin(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    lock(database);
    return unlock(database, begin_now(database));
}

/* Until here the transaction can be given back to the caller, and from here on not. Returns whether so much is kept of
 * transactions that it is time to flush. */
static bool end_transaction(struct postgresql_database *database) {
    if (database->begun || postgresql_journal_has(&database->journal, database->number))
        database->committed = database->number;
    database->open = database->begun = false;
    return database->journal.bytes > POSTGRESQL_JOURNAL_BYTES;
}

/* A transaction that has failed stays open until it is rolled back. */
static bool commit(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    bool done;
    lock(database);
    do done = postgresql_send_commit(database) && postgresql_wait(database) && postgresql_is_usable(database);
    while (!done && postgresql_return(database));
    bool is_long = done && end_transaction(database);
    unlock(database, done);
    /* An error shows when somebody asks for a flush. */
    if (is_long) postgresql_flush(base, NULL);
    return done;
}

/* The answers that have arrived are taken, so that an error is noticed without waiting. What is in the journal is
 * committed even if the connection is lost. `ret_is_long`: it is time to flush, for which the mutex must be free. */
static bool queue_commit_now(struct postgresql_database *database, bool *ret_is_long) {
    bool done = postgresql_send_commit(database);
    postgresql_take(database);
    done = (done && postgresql_is_usable(database)) || postgresql_may_return(database);
    *ret_is_long = done && end_transaction(database);
    return done;
}

static bool queue_commit(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    bool is_long;
    lock(database);
    bool done = unlock(database, queue_commit_now(database, &is_long));
    if (is_long) postgresql_flush(base, NULL);
    return done;
}

/* What was lost with the connection need not be rolled back. */
static void roll_back(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    lock(database);
    if (database->open) postgresql_journal_undo(&database->journal, database->number);
    bool there = !database->error.lost && postgresql_sync(database) && postgresql_wait(database);
    if (there && PQtransactionStatus(database->connection) != PQTRANS_IDLE) {
        database->open = false;
        if (postgresql_send(database, "ROLLBACK", AWAIT_BEGUN) && postgresql_sync(database)) postgresql_wait(database);
    }
    database->open = database->begun = database->failed = false;
    unlock(database, true);
}

/* Only the last answer tells. */
static int64_t changes(const struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    bool done;
    lock(database);
    do
        done = postgresql_is_usable(database) && postgresql_sync(database) && postgresql_wait(database) &&
               postgresql_is_usable(database);
    while (!done && postgresql_return(database));
    int64_t count = database->changes;
    return unlock(database, done) ? count : 0;
}

static bool keep_journal(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    lock(database);
    return unlock(database, begin_command(database) && postgresql_keep_journal(database));
}

/* The limit belongs to the journal: what is idle for too long could no longer be repeated. */
static bool end_journal(struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    bool done = run(base, "RESET idle_in_transaction_session_timeout");
    lock(database);
    postgresql_leave(database);
    postgresql_journal_drop(&database->journal, INT64_MAX);
    return unlock(database, done);
}

static void on_return(struct database *base, bool (*function)(void *context, bool reconnected), void *context) {
    postgresql_of(base)->on_return = function;
    postgresql_of(base)->return_context = context;
}

static void on_outage(struct database *base, bool (*function)(void *context, const char *why), void *context) {
    postgresql_of(base)->on_outage = function;
    postgresql_of(base)->outage_context = context;
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
        .base = {&operations}, .database = database, .text = postgresql_text_new(database, sql, count)};
    for (size_t i = 0; i <= PARAMETERS; i++) statement->parameters[i].clean = BUFFER(CLEAN_LIMIT);
    return &statement->base;
}

/* The server is asked to prepare a statement when it is first run. */
static struct statement *prepare(struct database *base, const char *sql) {
    struct postgresql_database *database = postgresql_of(base);
    struct buffer text = BUFFER(SQL_LIMIT);
    int count = write_sql(sql, &text);
    lock(database);
    struct statement *statement = count <= PARAMETERS ? new_statement(database, buffer_span(&text), count) : NULL;
    if (!statement && begin_command(database))
        snprintf(database->error.message, MESSAGE, "a statement has %d parameters, more than %d", count, PARAMETERS);
    unlock(database, true);
    buffer_free(&text);
    return statement;
}

/* Afterwards the answer is there, or will not come. */
static void await_answer(struct postgresql_statement *statement) {
    struct postgresql_database *database = statement->database;
    lock(database);
    if (statement->answer.awaited && postgresql_sync(database)) postgresql_wait(database);
    unlock(database, true);
}

static void reset(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    if (statement->answer.awaited) await_answer(statement);
    PQclear(statement->answer.result);
    statement->answer.result = NULL;
}

static void clear(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    for (int i = 0; i < statement->text->count; i++) {
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
    lock(statement->database);
    postgresql_text_free(statement->text);
    unlock(statement->database, true);
    free(statement);
}

static struct postgresql_values values_of(const struct postgresql_statement *statement) {
    struct postgresql_values values;
    for (int i = 0; i < statement->text->count; i++) {
        values.at[i] = statement->parameters[i].value;
        values.lengths[i] = statement->parameters[i].length;
        values.formats[i] = statement->parameters[i].format;
    }
    return values;
}

/* Whether a statement may change something. */
static bool is_write(const struct postgresql_text *text) {
    return strncmp(text->sql, "SELECT", 6) != 0 && strncmp(text->sql, "WITH RECURSIVE", 14) != 0;
}

static bool send(struct postgresql_statement *statement, const struct postgresql_values *values) {
    struct postgresql_database *database = statement->database;
    bool (*send_one)(struct postgresql_database *, struct postgresql_text *, const struct postgresql_values *,
                     struct postgresql_answer *) =
        database->open && is_write(statement->text) ? postgresql_send_write : postgresql_send_statement;
    reset(&statement->base); /* the answer may have come before the connection was lost */
    return begin_command(database) && send_one(database, statement->text, values, &statement->answer);
}

static bool execute_once(struct postgresql_statement *statement, const struct postgresql_values *values) {
    struct postgresql_database *database = statement->database;
    return send(statement, values) && postgresql_sync(database) && postgresql_wait(database) &&
           statement->answer.result;
}

static bool execute(struct postgresql_statement *statement) {
    struct postgresql_database *database = statement->database;
    struct postgresql_values values = values_of(statement);
    bool done;
    lock(database);
    do done = execute_once(statement, &values);
    while (!done && postgresql_return(database));
    if (done) database->repeats = 0;
    statement->row = -1;
    return unlock(database, done);
}

static enum statement_result step(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    if (statement->answer.awaited) await_answer(statement);
    if (!statement->answer.result && !execute(statement)) {
        reset(base);
        return STATEMENT_FAILED;
    }
    return ++statement->row < PQntuples(statement->answer.result) ? STATEMENT_ROW : STATEMENT_DONE;
}

/* Within a transaction the end of a sequence would let the COMMIT of what follows succeed if the transaction fails.
 * What could not be sent, and what was lost with the connection, is run by step(). */
static void ask(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    struct postgresql_database *database = statement->database;
    struct postgresql_values values = values_of(statement);
    lock(database);
    bool sent =
        send(statement, &values) && (database->open ? postgresql_request_answers(database) : postgresql_sync(database));
    if (sent) postgresql_take(database);
    statement->row = -1;
    unlock(database, true);
}

static bool is_answered(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    lock(statement->database);
    if (statement->answer.awaited) postgresql_take(statement->database);
    return unlock(statement->database, !statement->answer.awaited);
}

static int descriptor(const struct database *base) {
    struct postgresql_database *database = postgresql_of(base);
    lock(database);
    int socket = PQsocket(database->connection);
    unlock(database, true);
    return socket;
}

/* What is in the journal need not be sent now if the connection is lost. */
static bool queue_in_transaction(struct postgresql_statement *statement) {
    struct postgresql_database *database = statement->database;
    struct postgresql_values values = values_of(statement);
    if (begin_command(database) && postgresql_send_write(database, statement->text, &values, NULL)) {
        if (database->place) postgresql_journal_add(&database->journal, database->number, statement->text, &values);
        return true;
    }
    if (!postgresql_may_return(database)) return false;
    postgresql_journal_add(&database->journal, database->number, statement->text, &values);
    return true;
}

/* Whether a statement belongs to a transaction. One that a script has begun, such as a snapshot, must not be committed
 * with the first statement. */
static bool is_in_transaction(const struct postgresql_database *database) {
    return database->open || (database->scripted && !database->place);
}

/* A transaction of its own, as nothing would ever make the server commit the statement otherwise. The caller knows of
 * none that he could roll back. */
static bool queue_alone(struct postgresql_statement *statement, bool *ret_is_long) {
    struct postgresql_database *database = statement->database;
    if (!begin_now(database)) return false;
    bool done = queue_in_transaction(statement) && queue_commit_now(database, ret_is_long);
    if (!done) roll_back(&database->base);
    return done;
}

static bool queue(struct statement *base) {
    struct postgresql_statement *statement = statement_of(base);
    struct postgresql_database *database = statement->database;
    bool is_long = false;
    reset(base);
    lock(database);
    bool done = unlock(database, is_in_transaction(database) ? queue_in_transaction(statement)
                                                             : queue_alone(statement, &is_long));
    if (is_long) postgresql_flush(&database->base, NULL);
    return done;
}

/* ---------------------------------------------------------------- parameters */

static struct parameter *parameter_of(struct statement *base, int index) {
    struct postgresql_statement *statement = statement_of(base);
    return &statement->parameters[index <= statement->text->count ? index - 1 : PARAMETERS];
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
    return PQgetisnull(statement_of(statement)->answer.result, statement_of(statement)->row, column);
}

static struct span bytes(struct statement *statement, int column) {
    const struct postgresql_statement *it = statement_of(statement);
    return (struct span){PQgetvalue(it->answer.result, it->row, column),
                         (size_t)PQgetlength(it->answer.result, it->row, column)};
}

/* The most significant byte comes first; the sign is that of its highest bit. */
static int64_t read_integer(struct span bytes) {
    uint64_t value = bytes.length && (unsigned char)bytes.at[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes.length; i++) value = value << 8 | (unsigned char)bytes.at[i];
    return (int64_t)value;
}

static int64_t integer(struct statement *statement, int column) {
    Oid type = PQftype(statement_of(statement)->answer.result, column);
    bool known = type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2 || type == TYPE_BOOL;
    return known ? read_integer(bytes(statement, column)) : 0;
}

static const struct database_operations operations = {.dialect = DATABASE_POSTGRESQL,
                                                      .close = close_database,
                                                      .run = run,
                                                      .begin = begin,
                                                      .commit = commit,
                                                      .queue_commit = queue_commit,
                                                      .roll_back = roll_back,
                                                      .changes = changes,
                                                      .keep_journal = keep_journal,
                                                      .end_journal = end_journal,
                                                      .on_return = on_return,
                                                      .on_outage = on_outage,
                                                      .flush = postgresql_flush,
                                                      .descriptor = descriptor,
                                                      .fail = fail,
                                                      .prepare = prepare,
                                                      .free = free_statement,
                                                      .reset = reset,
                                                      .clear = clear,
                                                      .step = step,
                                                      .queue = queue,
                                                      .ask = ask,
                                                      .is_answered = is_answered,
                                                      .bind_integer = bind_integer,
                                                      .bind_text = bind_text,
                                                      .bind_bytes = bind_bytes,
                                                      .bind_key = bind_key,
                                                      .is_null = is_null,
                                                      .integer = integer,
                                                      .bytes = bytes};

#endif
