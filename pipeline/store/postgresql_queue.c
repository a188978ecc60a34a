#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/store/postgresql_internal.h"

/* MAX_AWAITED: answers that may be outstanding. MAX_UNSENT: bytes that may wait in memory for the network. POLL_MS: how
 * long a thread looks at a connection that another one may have replaced. */
enum { MAX_AWAITED = 1 << 16, MAX_UNSENT = 8 << 20, POLL_MS = 100 };

bool postgresql_is_usable(const struct postgresql_database *database) {
    return !database->failed && !database->broken && !database->gone && !database->error.lost;
}

/* ---------------------------------------------------------------- the ring */

static void await(struct postgresql_database *database, struct awaited awaited) {
    if (database->count == database->capacity) {
        size_t capacity = database->capacity ? 2 * database->capacity : 64;
        struct awaited *ring = memory_take_many(capacity, sizeof *ring);
        for (size_t i = 0; i < database->count; i++)
            ring[i] = database->awaited[(database->first + i) % database->capacity];
        free(database->awaited);
        database->awaited = ring;
        database->first = 0;
        database->capacity = capacity;
    }
    database->awaited[(database->first + database->count++) % database->capacity] = awaited;
}

static struct awaited next_awaited(struct postgresql_database *database) {
    struct awaited awaited = database->awaited[database->first];
    database->first = (database->first + 1) % database->capacity;
    database->count--;
    return awaited;
}

void postgresql_await_nothing(struct postgresql_database *database) {
    while (database->count) {
        struct awaited awaited = next_awaited(database);
        if (awaited.ret_answer) awaited.ret_answer->awaited = false;
        postgresql_text_free(awaited.text);
    }
}

/* ---------------------------------------------------------------- failures */

/* What follows an error within a transaction only says that it was aborted, so the first error stays. */
static void keep_first_error(struct postgresql_database *database, const PGresult *result) {
    bool follows = PQresultStatus(result) == PGRES_PIPELINE_ABORTED;
    if (!database->failed && !database->broken && !follows)
        postgresql_keep_error(database->connection, result, &database->error);
}

/* A transaction that its caller took for committed cannot be given back to him. */
static void fail_transaction(struct postgresql_database *database, int64_t transaction) {
    database->failed = true;
    if (transaction && transaction <= database->committed) database->broken = true;
}

/* Nothing that was awaited will come. */
bool postgresql_lose(struct postgresql_database *database) {
    if (!database->error.lost) keep_first_error(database, NULL);
    database->error.lost = true;
    postgresql_await_nothing(database);
    database->failed = true;
    if (database->committed > database->answered) database->broken = true;
    return false;
}

/* ---------------------------------------------------------------- answers */

/* PostgreSQL counts the rows of a SELECT too. */
static void note_changes(struct postgresql_database *database, PGresult *result) {
    if (strncmp(PQcmdStatus(result), "SELECT", 6) != 0) database->changes = atoll(PQcmdTuples(result));
}

static void note_commit(struct postgresql_database *database, int64_t transaction) {
    database->answered = transaction;
    if (!database->returning) database->repeats = 0;
}

/* Takes the result. */
static void accept(struct postgresql_database *database, const struct awaited *awaited, PGresult *result) {
    if (awaited->kind == AWAIT_STATEMENT) note_changes(database, result);
    if (awaited->kind == AWAIT_COMMITTED) note_commit(database, awaited->transaction);
    if (awaited->ret_answer)
        awaited->ret_answer->result = result;
    else
        PQclear(result);
}

/* A statement outside a transaction whose answer is wanted fails alone. */
static void refuse(struct postgresql_database *database, const struct awaited *awaited, PGresult *result) {
    keep_first_error(database, result);
    PQclear(result);
    if (awaited->kind == AWAIT_PREPARED) awaited->text->prepared = 0;
    if (awaited->transaction || !awaited->ret_answer) fail_transaction(database, awaited->transaction);
}

/* The server answers COMMIT with ROLLBACK if the transaction had been aborted. */
static bool has_succeeded(const struct awaited *awaited, const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    if (awaited->kind == AWAIT_COMMITTED && strcmp(PQcmdStatus((PGresult *)(uintptr_t)result), "COMMIT") != 0)
        return false;
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC;
}

/* libpq ends the answer to each command with NULL, except that to the end of a sequence. */
static bool take_answer(struct postgresql_database *database) {
    PGresult *result = PQgetResult(database->connection);
    if (!result) return postgresql_lose(database);
    struct awaited awaited = next_awaited(database);
    if (has_succeeded(&awaited, result))
        accept(database, &awaited, result);
    else
        refuse(database, &awaited, result);
    if (awaited.ret_answer) awaited.ret_answer->awaited = false;
    postgresql_text_free(awaited.text);
    if (postgresql_is_lost(&database->error) || PQstatus(database->connection) != CONNECTION_OK)
        return postgresql_lose(database);
    if (awaited.kind != AWAIT_SYNC) PQclear(PQgetResult(database->connection));
    return true;
}

static bool take_answers(struct postgresql_database *database) {
    while (database->count > 0 && !PQisBusy(database->connection))
        if (!take_answer(database)) return false;
    return true;
}

/* Sends what the network takes and reads what it has, without waiting. Returns false if the connection is lost, but
 * only after what the server said last has been read. */
static bool exchange(struct postgresql_database *database, bool *ret_unsent) {
    int unsent = PQflush(database->connection);
    bool there = PQconsumeInput(database->connection) == 1 && unsent >= 0;
    *ret_unsent = unsent == 1;
    if (!*ret_unsent) database->unsent = 0;
    return take_answers(database) && (there || postgresql_lose(database));
}

static void look_at(int socket, bool unsent, int timeout) {
    struct pollfd poll_fd = {.fd = socket, .events = (short)(unsent ? POLLIN | POLLOUT : POLLIN)};
    poll(&poll_fd, 1, timeout);
}

/* Both directions are looked at, because a server that cannot send its answers reads no further commands. */
static bool wait_until(struct postgresql_database *database, bool all_answered) {
    bool unsent = false;
    if (database->error.lost) return false;
    for (;;) {
        if (!exchange(database, &unsent)) return false;
        if (!unsent && !(all_answered && database->count)) return true;
        look_at(PQsocket(database->connection), unsent, -1);
    }
}

bool postgresql_wait(struct postgresql_database *database) {
    return wait_until(database, true);
}

void postgresql_take(struct postgresql_database *database) {
    bool unsent;
    if (!database->error.lost) exchange(database, &unsent);
}

bool postgresql_wait_for(struct postgresql_database *database, int64_t transaction) {
    bool unsent;
    while (database->answered < transaction) {
        if (!postgresql_is_usable(database) && !postgresql_return(database)) return false;
        if (!exchange(database, &unsent) || database->answered >= transaction) continue;
        int socket = PQsocket(database->connection);
        pthread_mutex_unlock(&database->mutex);
        look_at(socket, unsent, POLL_MS);
        pthread_mutex_lock(&database->mutex);
    }
    return true;
}

/* ---------------------------------------------------------------- commands */

static bool sent(struct postgresql_database *database, int code, struct awaited awaited) {
    awaited.transaction = database->open ? database->number : 0;
    await(database, awaited);
    return code || postgresql_lose(database);
}

bool postgresql_sync(struct postgresql_database *database) {
    return sent(database, PQpipelineSync(database->connection), (struct awaited){.kind = AWAIT_SYNC});
}

bool postgresql_request_answers(struct postgresql_database *database) {
    return PQsendFlushRequest(database->connection) || postgresql_lose(database);
}

/* Keeps within limits what waits in memory. */
static bool make_room(struct postgresql_database *database) {
    if (database->count >= MAX_AWAITED) return postgresql_sync(database) && postgresql_wait(database);
    return database->unsent < MAX_UNSENT || wait_until(database, false);
}

bool postgresql_send(struct postgresql_database *database, const char *command, enum awaited_kind kind) {
    int code = PQsendQueryParams(database->connection, command, 0, NULL, NULL, NULL, NULL, FORMAT_BINARY);
    return sent(database, code, (struct awaited){.kind = kind});
}

static bool send_begin(struct postgresql_database *database) {
    if (!database->open || database->begun) return true;
    database->begun = true;
    return postgresql_send(database, "BEGIN", AWAIT_BEGUN);
}

/* A statement is prepared when it is first run, as no command uses all. */
static bool send_preparation(struct postgresql_database *database, struct postgresql_text *text) {
    if (text->prepared == database->connections) return true;
    text->prepared = database->connections;
    text->users++;
    return sent(database, PQsendPrepare(database->connection, text->name, text->sql, 0, NULL),
                (struct awaited){.kind = AWAIT_PREPARED, .text = text});
}

static size_t size_of(const struct postgresql_text *text, const struct postgresql_values *values) {
    size_t size = strlen(text->name);
    for (int i = 0; i < text->count; i++) size += (size_t)values->lengths[i] + sizeof(int);
    return size;
}

bool postgresql_send_statement(struct postgresql_database *database, struct postgresql_text *text,
                               const struct postgresql_values *values, struct postgresql_answer *ret_answer) {
    if (!make_room(database) || !postgresql_is_usable(database) || !send_begin(database) ||
        !send_preparation(database, text))
        return false;
    database->unsent += size_of(text, values);
    int code = PQsendQueryPrepared(database->connection, text->name, text->count, values->at, values->lengths,
                                   values->formats, FORMAT_BINARY);
    if (ret_answer) ret_answer->awaited = true;
    return sent(database, code, (struct awaited){.kind = AWAIT_STATEMENT, .ret_answer = ret_answer});
}

bool postgresql_send_write(struct postgresql_database *database, struct postgresql_text *text,
                           const struct postgresql_values *values, struct postgresql_answer *ret_answer) {
    return postgresql_send_place(database) && postgresql_send_statement(database, text, values, ret_answer);
}

bool postgresql_send_commit(struct postgresql_database *database) {
    if (!postgresql_is_usable(database)) return false;
    return !database->begun || (postgresql_send(database, "COMMIT", AWAIT_COMMITTED) && postgresql_sync(database));
}

/* ---------------------------------------------------------------- scripts */

static bool run_now(struct postgresql_database *database, const char *script) {
    struct awaited awaited = {.kind = AWAIT_STATEMENT, .transaction = database->open ? database->number : 0};
    struct postgresql_answer ignored = {0};
    PGresult *result = PQexec(database->connection, script);
    awaited.ret_answer = &ignored;
    bool done = has_succeeded(&awaited, result);
    if (done)
        PQclear(result);
    else
        refuse(database, &awaited, result);
    PGTransactionStatusType transaction = PQtransactionStatus(database->connection);
    database->scripted = !database->open && transaction != PQTRANS_IDLE;
    if (transaction == PQTRANS_INERROR) database->failed = true;
    if (!done && postgresql_is_lost(&database->error)) postgresql_lose(database);
    return done;
}

bool postgresql_run_script(struct postgresql_database *database, const char *script) {
    bool ready = send_begin(database) && postgresql_sync(database) && postgresql_wait(database) &&
                 postgresql_is_usable(database) && PQexitPipelineMode(database->connection) == 1;
    if (!ready) return false;
    bool done = run_now(database, script);
    return !database->error.lost && PQenterPipelineMode(database->connection) == 1 && done;
}
