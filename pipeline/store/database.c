#include "pipeline/store/database.h"

void database_close(struct database *database) {
    if (database) database->operations->close(database);
}

bool database_run(struct database *database, const char *script) {
    return database->operations->run(database, script);
}

bool database_begin(struct database *database) {
    return database->operations->begin(database);
}

bool database_commit(struct database *database) {
    return database->operations->commit(database);
}

bool database_queue_commit(struct database *database) {
    const struct database_operations *operations = database->operations;
    return operations->queue_commit ? operations->queue_commit(database) : operations->commit(database);
}

void database_roll_back(struct database *database) {
    database->operations->roll_back(database);
}

int64_t database_changes(const struct database *database) {
    return database->operations->changes(database);
}

enum database_dialect database_dialect(const struct database *database) {
    return database->operations->dialect;
}

bool database_keep_journal(struct database *database) {
    return !database->operations->keep_journal || database->operations->keep_journal(database);
}

bool database_end_journal(struct database *database) {
    return !database->operations->end_journal || database->operations->end_journal(database);
}

void database_on_return(struct database *database, bool (*function)(void *context, bool reconnected), void *context) {
    if (database->operations->on_return) database->operations->on_return(database, function, context);
}

void database_on_outage(struct database *database, bool (*function)(void *context, const char *why), void *context) {
    if (database->operations->on_outage) database->operations->on_outage(database, function, context);
}

bool database_flush(struct database *database, struct failure *ret_failure) {
    return !database->operations->flush || database->operations->flush(database, ret_failure);
}

int database_descriptor(const struct database *database) {
    return database->operations->descriptor ? database->operations->descriptor(database) : -1;
}

bool database_fail(const struct database *database, const char *path, bool only_reads, struct failure *ret_failure) {
    return database->operations->fail(database, path, only_reads, ret_failure);
}

struct statement *database_prepare(struct database *database, const char *sql) {
    return database->operations->prepare(database, sql);
}

void statement_free(struct statement *statement) {
    if (statement) statement->operations->free(statement);
}

void statement_reset(struct statement *statement) {
    if (statement) statement->operations->reset(statement);
}

void statement_clear(struct statement *statement) {
    statement->operations->clear(statement);
}

enum statement_result statement_step(struct statement *statement) {
    return statement->operations->step(statement);
}

void statement_ask(struct statement *statement) {
    if (statement->operations->ask) statement->operations->ask(statement);
}

bool statement_is_answered(struct statement *statement) {
    return !statement->operations->is_answered || statement->operations->is_answered(statement);
}

/* A statement must be reset even after an error, or it would keep its lock. */
bool statement_queue(struct statement *statement) {
    if (statement->operations->queue) return statement->operations->queue(statement);
    bool done = statement_step(statement) != STATEMENT_FAILED;
    statement_reset(statement);
    return done;
}

void statement_bind_integer(struct statement *statement, int index, int64_t value) {
    statement->operations->bind_integer(statement, index, value);
}

void statement_bind_text(struct statement *statement, int index, struct span text) {
    statement->operations->bind_text(statement, index, text);
}

void statement_bind_bytes(struct statement *statement, int index, struct span bytes) {
    statement->operations->bind_bytes(statement, index, bytes);
}

void statement_bind_key(struct statement *statement, int index, const unsigned char key[DATABASE_KEY]) {
    statement->operations->bind_key(statement, index, key);
}

bool statement_is_null(struct statement *statement, int column) {
    return statement->operations->is_null(statement, column);
}

int64_t statement_integer(struct statement *statement, int column) {
    return statement->operations->integer(statement, column);
}

struct span statement_bytes(struct statement *statement, int column) {
    return statement->operations->bytes(statement, column);
}
