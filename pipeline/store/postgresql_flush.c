#include <stdio.h>
#include <stdlib.h>

#include "pipeline/store/postgresql_internal.h"

static bool read_position(const struct postgresql_database *database, const PGresult *result, int64_t *ret_position,
                          struct postgresql_error *ret_error) {
    bool answered = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!answered) postgresql_keep_error(database->flusher, result, ret_error);
    if (answered && PQntuples(result) != 1) return postgresql_set_error(ret_error, "XX000", POSTGRESQL_NOT_THERE);
    if (answered) *ret_position = atoll(PQgetvalue(result, 0, 0));
    return answered;
}

/* A transaction that is committed with a flush flushes all that precedes it in the server's log. It must have written
 * something, or nothing is flushed; a message that no one reads is the smallest thing. Also finds how far the session
 * has come, as this connection sees it: a server that has crashed may have lost what it had already committed. */
static bool flush_through(struct postgresql_database *database, int64_t *ret_position,
                          struct postgresql_error *ret_error) {
    static const char without[] =
        "SET synchronous_commit = on; SELECT 0, pg_logical_emit_message(true, 'dragoman', '')",
                      with[] = "SET synchronous_commit = on; SELECT position, pg_logical_emit_message(true, "
                               "'dragoman', '') FROM session WHERE "
                               "worker = '%s'";
    char question[200];
    snprintf(question, sizeof question, database->place ? with : without, database->session);
    PGresult *result = PQexec(database->flusher, question);
    bool done = read_position(database, result, ret_position, ret_error);
    PQclear(result);
    return done;
}

/* What was committed before the call has to be answered first. */
static bool wait_for_commits(struct postgresql_database *database, int64_t number, struct failure *ret_failure) {
    pthread_mutex_lock(&database->mutex);
    bool done = postgresql_wait_for(database, number) || postgresql_tell(database, &database->error, ret_failure);
    pthread_mutex_unlock(&database->mutex);
    return done;
}

static bool connect_once(struct postgresql_database *database, struct postgresql_error *ret_error) {
    database->flusher = postgresql_connect(database);
    bool done = PQstatus(database->flusher) == CONNECTION_OK;
    if (!done) postgresql_keep_refusal(database->flusher, ret_error);
    return done;
}

/* The first connection is made when the store is opened, and a failure is told at once. */
static bool connect_flusher(struct postgresql_database *database, struct failure *ret_failure) {
    struct postgresql_outage outage = {0};
    struct postgresql_error error;
    bool first = !database->has_flushed, done = database->flusher || connect_once(database, &error);
    while (!done && !first && postgresql_waits(database, error.message, &outage)) {
        PQfinish(database->flusher);
        done = connect_once(database, &error);
    }
    if (done) postgresql_is_back(database, &outage);
    return done || postgresql_cannot_connect(database, database->flusher, ret_failure);
}

/* If something is missing, its answer counts for nothing. */
static bool has_all(struct postgresql_database *database, int64_t number, int64_t position) {
    pthread_mutex_lock(&database->mutex);
    bool done = !database->place || position >= postgresql_journal_last(&database->journal, number);
    if (done) {
        postgresql_journal_drop(&database->journal, number);
    } else {
        database->answered = position;
        postgresql_lose(database);
    }
    pthread_mutex_unlock(&database->mutex);
    return done;
}

enum flush_result { FLUSHED, AGAIN, FAILED };

static enum flush_result flush_once(struct postgresql_database *database, int64_t number, struct failure *ret_failure) {
    struct postgresql_error error = {.lost = false};
    int64_t position = 0;
    if (!wait_for_commits(database, number, ret_failure) || !connect_flusher(database, ret_failure)) return FAILED;
    if (flush_through(database, &position, &error)) {
        database->has_flushed = true;
        return has_all(database, number, position) ? FLUSHED : AGAIN;
    }
    if (!database->place || !postgresql_is_lost(&error)) {
        postgresql_tell(database, &error, ret_failure);
        return FAILED;
    }
    PQfinish(database->flusher);
    database->flusher = NULL;
    return AGAIN;
}

static int64_t last_committed(struct postgresql_database *database) {
    pthread_mutex_lock(&database->mutex);
    int64_t number = database->committed;
    pthread_mutex_unlock(&database->mutex);
    return number;
}

/* A server that crashes each time would do so for ever. */
static bool flush_now(struct postgresql_database *database, struct failure *ret_failure) {
    enum { MAX_ATTEMPTS = 10 };
    int64_t number = last_committed(database);
    enum flush_result result = AGAIN;
    for (int i = 0; i < MAX_ATTEMPTS && result == AGAIN; i++) result = flush_once(database, number, ret_failure);
    return result == FLUSHED ||
           (result == AGAIN &&
            failure_fatal(ret_failure, EXIT_IO, "the PostgreSQL database %s is lost again and again; see its log",
                          database->name));
}

/* After a failure nobody knows what is on disk. */
bool postgresql_flush(struct database *base, struct failure *ret_failure) {
    struct postgresql_database *database = (struct postgresql_database *)base;
    pthread_mutex_lock(&database->flushing);
    bool done = database->not_flushed.reach == REACH_NONE && flush_now(database, &database->not_flushed);
    if (!done && ret_failure) *ret_failure = database->not_flushed;
    pthread_mutex_unlock(&database->flushing);
    return done;
}
