#include "pipeline/store/postgresql_internal.h"

/* A transaction that is committed with a flush flushes all that precedes it in the server's log. It must have written
 * something, or nothing is flushed; a message that no one reads is the smallest thing. */
static bool flush_through(PGconn *connection, struct postgresql_error *ret_error) {
    static const char question[] = "SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'dragoman', '')";
    PGresult *result = PQexec(connection, question);
    bool done = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!done) postgresql_keep_error(connection, result, ret_error);
    PQclear(result);
    return done;
}

/* What was committed before the call has to be answered first. */
static bool wait_for_commits(struct postgresql_database *database, struct failure *ret_failure) {
    pthread_mutex_lock(&database->mutex);
    bool done =
        postgresql_wait_for(database, database->committed) || postgresql_tell(database, &database->error, ret_failure);
    pthread_mutex_unlock(&database->mutex);
    return done;
}

static bool flush_now(struct postgresql_database *database, struct failure *ret_failure) {
    struct postgresql_error error = {.lost = false};
    if (!wait_for_commits(database, ret_failure)) return false;
    if (!database->flusher) {
        database->flusher = postgresql_connect(database);
        if (PQstatus(database->flusher) != CONNECTION_OK)
            return postgresql_cannot_connect(database->flusher, ret_failure);
    }
    return flush_through(database->flusher, &error) || postgresql_tell(database, &error, ret_failure);
}

/* A server that comes back after a crash has lost what was not flushed, and a new connection would not show it. */
bool postgresql_flush(struct database *base, struct failure *ret_failure) {
    struct postgresql_database *database = (struct postgresql_database *)base;
    pthread_mutex_lock(&database->flushing);
    bool done = database->not_flushed.reach == REACH_NONE && flush_now(database, &database->not_flushed);
    if (!done && ret_failure) *ret_failure = database->not_flushed;
    pthread_mutex_unlock(&database->flushing);
    return done;
}
