#define _DEFAULT_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/postgresql_internal.h"

/* GIVE_UP_MS: how long a server is waited for. FIRST_MS, LONGEST_MS: between two attempts. MAX_REPEATS: in succession,
 * because a statement that ends the connection each time would do so for ever. */
enum { GIVE_UP_MS = 600000, FIRST_MS = 50, LONGEST_MS = 2000, MAX_REPEATS = 10 };

/* ---------------------------------------------------------------- the session's row */

/* Others that open the store wait meanwhile, or both would create the table. Rows that killed runs have left are of no
 * use after a week. */
static const char create[] = POSTGRESQL_LIMIT_IDLE
    "BEGIN; SELECT pg_advisory_xact_lock(1685217640, hashtext(current_schema())); DO $$ BEGIN IF "
    "to_regclass(format('%I.session', current_schema())) IS NULL THEN CREATE TABLE session (worker TEXT PRIMARY KEY, "
    "position BIGINT NOT NULL, generation BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL) WITH (fillfactor = 50); END IF; "
    "END $$; DELETE FROM session WHERE at < clock_timestamp() - interval '7 days'; COMMIT";
/* A transaction that a former connection may still be working at holds the row, and is waited for. One that it begins
 * later fails, as its generation is over: it has to divide by zero. */
static const char place[] = "UPDATE session SET position = CAST($2 AS BIGINT) / CAST(generation = $3 AS INTEGER), at = "
                            "clock_timestamp() WHERE worker = $1";
static const char return_to[] = "UPDATE session SET generation = generation + 1, at = clock_timestamp() WHERE worker "
                                "= $1 RETURNING position, generation";
static const char enter[] = "INSERT INTO session VALUES ($1, 0, 0, clock_timestamp())";
static const char leave[] = "DELETE FROM session WHERE worker = $1";

static void name_session(struct postgresql_database *database) {
    unsigned long long chance = 0;
    if (getrandom(&chance, sizeof chance, 0) != sizeof chance) chance = (unsigned long long)clock_ms();
    snprintf(database->session, sizeof database->session, "%ld-%016llx", (long)getpid(), chance);
}

static struct postgresql_values session_values(const struct postgresql_database *database, const char *position,
                                               const char *generation) {
    return (struct postgresql_values){.at = {database->session, position, generation}};
}

/* Outside a transaction. Returns NULL on error; the caller clears the result. */
static PGresult *ask(struct postgresql_database *database, const char *question) {
    struct postgresql_text *text = postgresql_text_new(database, span_of(question), 1);
    struct postgresql_values values = session_values(database, NULL, NULL);
    struct postgresql_answer answer = {0};
    if (postgresql_send_statement(database, text, &values, &answer) && postgresql_sync(database))
        postgresql_wait(database);
    postgresql_text_free(text);
    return answer.result;
}

bool postgresql_send_place(struct postgresql_database *database) {
    char position[24], generation[24];
    if (!database->place || database->placed) return true;
    snprintf(position, sizeof position, "%lld", (long long)database->number);
    snprintf(generation, sizeof generation, "%lld", (long long)database->generation);
    struct postgresql_values values = session_values(database, position, generation);
    database->placed = true;
    return postgresql_send_statement(database, database->place, &values, NULL);
}

bool postgresql_keep_journal(struct postgresql_database *database) {
    name_session(database);
    PGresult *entered = postgresql_run_script(database, create) ? ask(database, enter) : NULL;
    if (entered) database->place = postgresql_text_new(database, span_of(place), 3);
    PQclear(entered);
    return entered != NULL;
}

void postgresql_leave(struct postgresql_database *database) {
    if (database->place && postgresql_is_usable(database)) PQclear(ask(database, leave));
    postgresql_text_free(database->place);
    database->place = NULL;
}

/* ---------------------------------------------------------------- returning */

/* The server has undone a transaction for the sake of another one (class 40), or a lock was not to be had in time. */
static bool is_conflict(const struct postgresql_error *error) {
    return strncmp(error->state, "40", 2) == 0 || strcmp(error->state, "55P03") == 0;
}

/* A statement outside a transaction that had to wait too long for a lock has failed alone, which its caller may prefer
 * to waiting ten times as long. */
bool postgresql_may_return(const struct postgresql_database *database) {
    const struct postgresql_error *error = &database->error;
    bool failed_alone = strcmp(error->state, "55P03") == 0 && !database->failed;
    bool passes = postgresql_is_lost(error) || (is_conflict(error) && !failed_alone);
    return database->place && passes && !database->returning && !database->gone && database->repeats < MAX_REPEATS;
}

/* The binary form of an integer has its most significant byte first. */
static int64_t number_in(PGresult *result, int column) {
    uint64_t value = 0;
    const unsigned char *bytes = (const unsigned char *)PQgetvalue(result, 0, column);
    for (int i = 0; i < PQgetlength(result, 0, column); i++) value = value << 8 | bytes[i];
    return (int64_t)value;
}

static bool is_gone(struct postgresql_database *database, const char *why) {
    return postgresql_set_error(&database->error, "XX000", why);
}

/* Finds the last transaction that the server has. */
static bool find_position(struct postgresql_database *database, int64_t *ret_position) {
    PGresult *result = ask(database, return_to);
    bool there = result && PQntuples(result) == 1;
    if (there) {
        *ret_position = number_in(result, 0);
        database->generation = number_in(result, 1);
    } else if (result) {
        is_gone(database, POSTGRESQL_NOT_THERE);
    }
    PQclear(result);
    return there && (*ret_position >= database->journal.dropped ||
                     is_gone(database, "it has lost what it had written to its disk"));
}

static bool reconnect(struct postgresql_database *database) {
    PQfinish(database->connection);
    database->connections++;
    database->connection = postgresql_connect(database);
    if (PQstatus(database->connection) == CONNECTION_OK) return postgresql_begin_session(database);
    postgresql_keep_refusal(database->connection, &database->error);
    return false;
}

/* The server ignores what is behind the error up to the end of the sequence, and refuses what is behind that. None of
 * it may be taken for an answer to what follows. */
static bool take_the_rest(struct postgresql_database *database) {
    return postgresql_sync(database) && postgresql_wait(database);
}

/* The server ends the transaction. */
static bool roll_back(struct postgresql_database *database) {
    return postgresql_send(database, "ROLLBACK", AWAIT_BEGUN) && postgresql_sync(database) &&
           postgresql_wait(database) && postgresql_is_usable(database);
}

/* What the former connection held may be free only when the server has noticed that it has gone. */
static bool take_back(struct postgresql_database *database, bool reconnected) {
    if (!database->on_return || database->on_return(database->return_context, reconnected)) return true;
    if (!database->error.state[0] && !database->error.lost)
        postgresql_set_error(&database->error, "55P03", "another run is using it");
    return false;
}

static bool begin_anew(struct postgresql_database *database) {
    bool lost = postgresql_is_lost(&database->error) || PQstatus(database->connection) != CONNECTION_OK ||
                database->unlocked || !take_the_rest(database);
    database->failed = database->broken = database->open = false;
    database->error = (struct postgresql_error){.lost = false};
    if (!lost) return roll_back(database) && take_back(database, false);
    postgresql_await_nothing(database);
    database->unlocked = !(reconnect(database) && take_back(database, true));
    return !database->unlocked;
}

/* The transaction that is open is repeated like the others, but not committed; unless the server has its commit. */
static bool repeat_after(struct postgresql_database *database, int64_t position, int64_t number) {
    if (!postgresql_journal_repeat(database, position) || !postgresql_sync(database) || !postgresql_wait(database) ||
        !postgresql_is_usable(database))
        return false;
    database->begun = database->placed =
        postgresql_journal_has(&database->journal, number) && number > position && number > database->committed;
    if (position == number) database->committed = number;
    database->answered = database->committed;
    return true;
}

static bool return_once(struct postgresql_database *database) {
    bool open = database->open;
    int64_t position, number = database->number;
    bool done = begin_anew(database) && find_position(database, &position) && repeat_after(database, position, number);
    if (!done) database->failed = true;
    database->open = open;
    database->number = number;
    return done;
}

/* A lock may still be held by the former connection. */
static bool will_pass(const struct postgresql_database *database) {
    const struct postgresql_error *error = &database->error;
    return postgresql_is_lost(error) || is_conflict(error) || strncmp(error->state, "53", 2) == 0;
}

static void sleep_ms(int64_t ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

bool postgresql_waits(const struct postgresql_database *database, const char *why, struct postgresql_outage *outage) {
    if (!outage->begun) *outage = (struct postgresql_outage){.begun = clock_ms(), .wait = FIRST_MS};
    bool goes_on = clock_ms() - outage->begun < GIVE_UP_MS &&
                   (!database->on_outage || database->on_outage(database->outage_context, why));
    if (goes_on) sleep_ms(outage->wait);
    outage->wait = 2 * outage->wait < LONGEST_MS ? 2 * outage->wait : LONGEST_MS;
    return goes_on;
}

void postgresql_is_back(const struct postgresql_database *database, const struct postgresql_outage *outage) {
    if (outage->begun && database->on_outage) database->on_outage(database->outage_context, NULL);
}

bool postgresql_return(struct postgresql_database *database) {
    struct postgresql_outage outage = {0};
    bool done = false;
    if (!postgresql_may_return(database)) return false;
    database->returning = true;
    database->repeats++;
    do done = return_once(database);
    while (!done && will_pass(database) && postgresql_waits(database, database->error.message, &outage));
    database->returning = false;
    if (done) postgresql_is_back(database, &outage);
    database->gone = !done;
    return done;
}
