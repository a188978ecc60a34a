#define _GNU_SOURCE /* CLOCK_BOOTTIME */
#include "pipeline/store/store_workers.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/store_internal.h"

/* RENEWAL_MS: a quarter of a lease. MARGIN_MS: for a clock that is not the server's, and for the way there.
 * OTHERS_RETURN_MS: how long to wait for other runs after the server was away. LATER: what reserve_within() adds to the
 * number of a cap if only reservations stand in the way (store_postgresql.c).
 */
enum {
    RENEWAL_MS = STORE_LEASE_MS / 4,
    MARGIN_MS = 10000,
    OTHERS_RETURN_MS = 15000,
    ASK_MS = 500,
    LATER = 100,
    CAPS_ROOM = 400,
    HOST_ROOM = 65
};

/* Longer than a run takes to come back. */
#define SERVER_IS_LONG_UP "pg_postmaster_start_time() < clock_timestamp() - interval '30 seconds'"

bool store_is_alone(const struct store *store) {
    return !store->worker[0] || store->alone;
}

/* ---------------------------------------------------------------- leases */

static bool is_answered(struct store *store, struct statement *statement) {
    bool found = store_step(store, statement) == STATEMENT_ROW;
    statement_reset(statement);
    return found;
}

/* What is open is committed before, so that nobody has to wait for this transaction to learn who has the lease. */
bool store_take_lease(struct store *store, struct span name) {
    if (!store->worker[0]) return true;
    if (!store_queue_commit(store, &store->broken)) return false;
    struct statement *statement = store_statement(store, SQL_TAKE_LEASE);
    statement_bind_text(statement, 1, name);
    statement_bind_text(statement, 2, span_of(store->worker));
    return is_answered(store, statement);
}

void store_end_lease(struct store *store, struct span name) {
    if (!store->worker[0] || !store_change(store, &store->broken)) return;
    struct statement *statement = store_statement(store, SQL_END_LEASE);
    statement_bind_text(statement, 1, name);
    statement_bind_text(statement, 2, span_of(store->worker));
    store_run(store, statement, &store->broken);
}

static struct span own_lease(const struct store *store, char room[WORKER_ROOM + 8]) {
    snprintf(room, WORKER_ROOM + 8, "worker %s", store->worker);
    return span_of(room);
}

static struct span reading(const struct store *store, char room[WORKER_ROOM + 8]) {
    snprintf(room, WORKER_ROOM + 8, "reading %s", store->worker);
    return span_of(room);
}

void store_begin_reading(struct store *store) {
    char name[WORKER_ROOM + 8];
    store->reads = true;
    store_take_lease(store, reading(store, name));
}

void store_end_reading(struct store *store) {
    char name[WORKER_ROOM + 8];
    store->reads = false;
    store_end_lease(store, reading(store, name));
}

bool store_others_work(struct store *store) {
    int64_t now = clock_ms();
    if (!store->worker[0] || store->server_lock == STORE_LOCKED) return false;
    if (now < store->ask_again_at) return true;
    struct statement *statement = store_statement(store, SQL_OTHERS_WORK);
    statement_bind_text(statement, 1, span_of(store->worker));
    statement_bind_integer(statement, 2, store->run_starts);
    bool others = is_answered(store, statement);
    store->ask_again_at = others ? now + ASK_MS : 0;
    /* What waits for another try may have been left by one of them. */
    if (others) store->waiting_cursor = 0;
    return others;
}

/* ---------------------------------------------------------------- claims */

static int64_t read_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The time that has passed since the leases were renewed. CLOCK_MONOTONIC stands still while the machine sleeps; the
 * other clock is for a virtual machine that was stopped from outside, and has been set right since. */
static int64_t since_renewal(const struct store *store) {
    int64_t awake = read_ms(CLOCK_BOOTTIME) - store->renewed, by_the_wall = read_ms(CLOCK_REALTIME) - store->renewed_at;
    return awake > by_the_wall ? awake : by_the_wall;
}

static void note_renewal(struct store *store) {
    store->renewed = read_ms(CLOCK_BOOTTIME);
    store->renewed_at = read_ms(CLOCK_REALTIME);
}

/* Once it has been stopped for so long, the run asks for every article. */
static bool has_paused(struct store *store) {
    store->paused = store->paused || since_renewal(store) > STORE_LEASE_MS - MARGIN_MS;
    return store->paused;
}

bool store_holds(struct store *store, const char *id) {
    if (!store->worker[0] || !has_paused(store)) return true;
    struct statement *statement = store_statement(store, SQL_HOLDS);
    store_bind_id(statement, 1, id);
    statement_bind_text(statement, 2, span_of(store->worker));
    return is_answered(store, statement);
}

/* Completes a statement with the name of this worker, which needs no quoting. */
static bool run_as_worker(struct store *store, const char *statement, struct failure *ret_failure) {
    char script[400];
    snprintf(script, sizeof script, "%s'%s'", statement, store->worker);
    return database_run(store->database, script) || store_fail(store, ret_failure);
}

/* Extends a lease, or takes it again: while the server was away, a run that began may have deleted it. */
static bool keep_lease(struct store *store, struct span name, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_TAKE_LEASE);
    statement_bind_text(statement, 1, name);
    statement_bind_text(statement, 2, span_of(store->worker));
    return store_run(store, statement, ret_failure);
}

/* The leases on sources are left to end when all are read, so that a later run may read them again. */
static bool renew(struct store *store, struct failure *ret_failure) {
    static const char all[] = "UPDATE lease SET " STORE_LEASE " WHERE worker = ",
                      but_sources[] =
                          "UPDATE lease SET " STORE_LEASE " WHERE substr(name, 1, 7) <> 'source ' AND worker = ";
    char name[WORKER_ROOM + 8];
    return run_as_worker(store, "UPDATE article SET " STORE_LEASE " WHERE claimed_by = ", ret_failure) &&
           run_as_worker(store, store->reads ? all : but_sources, ret_failure) &&
           keep_lease(store, own_lease(store, name), ret_failure) &&
           (!store->reads || keep_lease(store, reading(store, name), ret_failure));
}

bool store_renew_in_time(struct store *store, struct failure *ret_failure) {
    struct bill_line ignored;
    bool back = atomic_exchange(&store->returned, false);
    if (!store->worker[0] || (!back && since_renewal(store) < RENEWAL_MS)) return true;
    has_paused(store);
    bool done = renew(store, ret_failure) &&
                (store_is_back_lately(store) || store_recover_reserved(store, &ignored, ret_failure));
    if (done) note_renewal(store);
    return done;
}

/* What others have leased may have come to an end while the server was away. They are to have it back first. */
bool store_is_back_lately(const struct store *store) {
    return store->back_at && clock_ms() - store->back_at < OTHERS_RETURN_MS;
}

void store_come_back(struct store *store) {
    store->back_at = clock_ms();
    store->paused = store->returned = true;
}

/* What is not finished is for the next run. Without a connection, the leases run out. */
void store_release_claims(struct store *store) {
    struct failure ignored = {0};
    if (!store->worker[0]) return;
    run_as_worker(store, "UPDATE article SET claimed_by = '' WHERE claimed_by = ", &ignored);
    run_as_worker(store, "DELETE FROM lease WHERE worker = ", &ignored);
}

/* ---------------------------------------------------------------- the dead */

/* Gives the claims and leases of another worker free. */
static bool forget_worker(struct store *store, struct span worker, struct failure *ret_failure) {
    static const char *const scripts[] = {"UPDATE article SET claimed_by = '' WHERE claimed_by = ?1",
                                          "DELETE FROM lease WHERE worker = ?1"};
    bool done = true;
    for (size_t i = 0; done && i < sizeof scripts / sizeof *scripts; i++) {
        struct statement *statement = database_prepare(store->database, scripts[i]);
        if (statement) statement_bind_text(statement, 1, worker);
        done = statement && statement_step(statement) != STATEMENT_FAILED;
        if (!done) store_fail(store, ret_failure);
        statement_free(statement);
    }
    return done;
}

static void find_host(char ret_host[HOST_ROOM]) {
    if (gethostname(ret_host, HOST_ROOM) != 0) ret_host[0] = '\0';
    ret_host[HOST_ROOM - 1] = '\0';
}

/* Whoever cannot read the time still knows the process. */
static int64_t read_time(struct span digits) {
    char text[9] = "";
    memcpy(text, digits.at, digits.length < sizeof text ? digits.length : 0);
    return (int64_t)strtoull(text, NULL, 16);
}

bool store_read_worker(struct span worker, struct worker_name *ret_name) {
    size_t dash = span_find(worker, SPAN("-")), at = span_find(worker, SPAN("@"));
    if (dash == SIZE_MAX || at == SIZE_MAX) return false;
    ret_name->begun = read_time(span_cut(worker, dash + 1, dash + 9));
    ret_name->host = span_cut(worker, at + 1, worker.length);
    return span_number(span_cut(worker, 0, dash), &ret_name->process);
}

static bool is_dead_here(struct span worker) {
    char host[HOST_ROOM];
    struct worker_name name;
    find_host(host);
    return store_read_worker(worker, &name) && span_is(name.host, host) && name.process > 0 &&
           name.process < INT32_MAX && kill((pid_t)name.process, 0) != 0 && errno == ESRCH;
}

/* Those of this machine whose process is gone. */
static bool forget_dead_here(struct store *store, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct statement *statement = database_prepare(store->database, "SELECT DISTINCT worker FROM lease");
    size_t count = 0;
    struct span *workers = statement ? store_list_texts(store, statement, arena, &count) : NULL;
    bool done = statement != NULL || store_fail(store, ret_failure);
    statement_free(statement);
    for (size_t i = 0; done && i < count; i++)
        done = !is_dead_here(workers[i]) || forget_worker(store, workers[i], ret_failure);
    arena_free(arena);
    return done;
}

/* Who finds nobody else at work may take all claims and leases for those of the dead, unless the server has just been
 * started: then others are about to come back. */
static bool forget_dead(struct store *store, struct failure *ret_failure) {
    static const char others[] =
        "UPDATE article SET claimed_by = '' WHERE claimed_by <> '' AND " SERVER_IS_LONG_UP
        "; DELETE FROM lease WHERE " SERVER_IS_LONG_UP " OR lease_until < clock_timestamp() - interval '1 day'";
    return (database_run(store->database, others) || store_fail(store, ret_failure)) &&
           forget_dead_here(store, ret_failure);
}

/* Who has not renewed a lease since the server was started is about to come back, with claims that a crash may have
 * undone. A run that begins meanwhile waits like those that come back (store_is_back_lately). */
static bool wait_for_others(struct store *store, struct failure *ret_failure) {
    struct statement *statement = database_prepare(
        store->database, "SELECT 1 FROM lease WHERE worker <> ?1 AND lease_until >= clock_timestamp() AND lease_until "
                         "- " STORE_LEASE_TIME " < pg_postmaster_start_time() LIMIT 1");
    if (statement) statement_bind_text(statement, 1, span_of(store->worker));
    enum statement_result result = statement ? statement_step(statement) : STATEMENT_FAILED;
    bool done = result != STATEMENT_FAILED || store_fail(store, ret_failure);
    statement_free(statement);
    if (result == STATEMENT_ROW) store->back_at = clock_ms();
    return done;
}

/* Others know by its lease that this worker is alive, and bill its reservations if it has died. */
bool store_begin_claims(struct store *store, bool alone, struct failure *ret_failure) {
    char lease[WORKER_ROOM + 8], host[HOST_ROOM];
    uint32_t chance = 0;
    if (getrandom(&chance, sizeof chance, 0) != sizeof chance) chance = (uint32_t)clock_ms();
    find_host(host);
    host[strcspn(host, "'\\")] = '\0';
    snprintf(store->worker, sizeof store->worker, "%ld-%08llx%08x@%s", (long)getpid(), (unsigned long long)time(NULL),
             chance, host);
    note_renewal(store);
    store->alone = alone;
    if (alone && !forget_dead(store, ret_failure)) return false;
    return (store_take_lease(store, own_lease(store, lease)) || store_fail(store, ret_failure)) &&
           wait_for_others(store, ret_failure);
}

/* ---------------------------------------------------------------- reservations */

int64_t store_next_reservation(struct store *store) {
    return ++store->reservations;
}

/* As PostgreSQL writes an array: "{5,NULL,...}". */
static void write_caps(const struct reservation *reservation, char ret_text[CAPS_ROOM]) {
    size_t length = 0;
    for (size_t i = 0; i < RESERVATION_CAPS; i++) {
        const char *before = i ? "," : "{";
        int added = reservation->is_capped[i]
                        ? snprintf(ret_text + length, CAPS_ROOM - length, "%s%lld", before, reservation->caps[i])
                        : snprintf(ret_text + length, CAPS_ROOM - length, "%sNULL", before);
        length += (size_t)added;
    }
    snprintf(ret_text + length, CAPS_ROOM - length, "}");
}

/* The first twelve parameters; `times`: by how much the amounts are multiplied. */
static void bind_reservation(const struct store *store, struct statement *statement,
                             const struct reservation *reservation, int64_t times) {
    const struct bill_line *line = reservation->line;
    statement_bind_text(statement, 1, span_of(store->worker));
    statement_bind_integer(statement, 2, reservation->number);
    statement_bind_integer(statement, 3, reservation->times);
    statement_bind_text(statement, 4, line->day);
    statement_bind_text(statement, 5, line->service);
    statement_bind_text(statement, 6, line->source);
    statement_bind_integer(statement, 7, times * (int64_t)line->requests);
    statement_bind_integer(statement, 8, times * (int64_t)line->characters);
    statement_bind_integer(statement, 9, times * (int64_t)line->input_tokens);
    statement_bind_integer(statement, 10, times * (int64_t)line->output_tokens);
    statement_bind_integer(statement, 11, times * (int64_t)line->segments);
    statement_bind_integer(statement, 12, times * line->cost);
}

static struct reservation_answer read_answer(struct statement *statement) {
    struct reservation_answer answer = {.spent = statement_integer(statement, 1),
                                        .held = statement_integer(statement, 2)};
    int64_t verdict = statement_integer(statement, 0);
    answer.verdict = verdict < 0 ? RESERVATION_GRANTED : verdict >= LATER ? RESERVATION_LATER : RESERVATION_REFUSED;
    answer.cap = verdict < 0 ? 0 : (size_t)verdict % LATER % RESERVATION_CAPS;
    return answer;
}

/* What is open is committed before, and the statement is a transaction of its own: it holds a lock for which all other
 * runs wait, so nothing must be able to hold it up. */
static bool ask_within(struct store *store, const struct reservation *reservation,
                       struct reservation_answer *ret_answer, struct failure *ret_failure) {
    char caps[CAPS_ROOM];
    if (!store_queue_commit(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_RESERVE_WITHIN);
    write_caps(reservation, caps);
    bind_reservation(store, statement, reservation, 1);
    statement_bind_text(statement, 13, reservation->free_services);
    statement_bind_text(statement, 14, span_of(caps));
    bool done = store_step(store, statement) == STATEMENT_ROW;
    if (done)
        *ret_answer = read_answer(statement);
    else
        store_fail(store, ret_failure);
    statement_reset(statement);
    return done;
}

static bool note_reservation(struct store *store, const struct reservation *reservation, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_RESERVE);
    bind_reservation(store, statement, reservation, reservation->times);
    return store_run(store, statement, ret_failure) && store_queue_commit(store, ret_failure);
}

static bool has_cap(const struct reservation *reservation) {
    for (size_t i = 0; i < RESERVATION_CAPS; i++)
        if (reservation->is_capped[i]) return true;
    return false;
}

/* Without a cap, nobody need be asked. */
bool store_reserve_within(struct store *store, const struct reservation *reservation,
                          struct reservation_answer *ret_answer, struct failure *ret_failure) {
    *ret_answer = (struct reservation_answer){.verdict = RESERVATION_GRANTED};
    return (!has_cap(reservation) || ask_within(store, reservation, ret_answer, ret_failure)) &&
           (ret_answer->verdict != RESERVATION_GRANTED || note_reservation(store, reservation, ret_failure));
}

bool store_release(struct store *store, int64_t number, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_RELEASE);
    statement_bind_text(statement, 1, span_of(store->worker));
    statement_bind_integer(statement, 2, number);
    return store_run(store, statement, ret_failure);
}
