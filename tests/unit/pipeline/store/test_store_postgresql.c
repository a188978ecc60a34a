/* What only the store on a server has: several workers, leases, its own texts and errors. Needs TEST_POSTGRESQL. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/store/store_days.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_workers.h"
#include "unit/any_store.h"

enum { ARTICLES = 300, WORKERS = 4 };

static char address[300];
static struct arena *arena;

static int open_schema(void **state) {
    (void)state;
    arena = arena_new();
    if (any_store_server()) any_store_address(NULL, address);
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static struct store *open_worker(void) {
    struct store *store = NULL;
    struct failure failure = {0};
    if (!store_connect(address, NULL, STORE_UNLOCKED, &store, &failure)) fail_msg("%s", failure.sentence);
    return store;
}

/* Runs a statement in the schema, as somebody else. */
static void run(const char *script) {
    struct database *database = NULL;
    struct failure failure = {0};
    assert_true(database_postgresql_open(address, NULL, &database, &failure));
    if (!database_run(database, script)) {
        database_fail(database, NULL, false, &failure);
        fail_msg("%s", failure.sentence);
    }
    database_close(database);
}

static void find_articles(int count) {
    struct store *store = open_worker();
    for (int i = 0; i < count; i++) {
        struct article_row row = {.article_state = ARTICLE_STATE_FOUND, .record = SPAN("{}")};
        snprintf(row.id, sizeof row.id, "%032x", (unsigned)i);
        assert_true(store_put(store, &row, NULL));
    }
    assert_true(store_commit(store, NULL));
    store_close(store);
}

static size_t count_of(struct store *store, enum article_state article_state) {
    size_t counts[7];
    store_counts(store, counts);
    return counts[article_state];
}

/* ---------------------------------------------------------------- claims */

/* Claims until nothing is left, in many transactions. Returns how many articles it got, or -1. */
static int work(void) {
    struct store *store = open_worker();
    struct arena *own = arena_new();
    struct article_row row;
    int count = 0;
    for (; store_claim(store, own, &row); count++) {
        if (count % 3 == 0 && !store_commit(store, NULL)) return -1;
        row.article_state = ARTICLE_STATE_DONE;
        if (!store_put(store, &row, NULL)) return -1;
    }
    if (!store_commit(store, NULL)) return -1;
    store_close(store);
    arena_free(own);
    return count;
}

static void workers_never_claim_the_same_article(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    int all = 0, busy = 0;
    int *counts = mmap(NULL, WORKERS * sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(counts != MAP_FAILED);
    find_articles(ARTICLES);
    for (int i = 0; i < WORKERS; i++) {
        pid_t child = fork();
        if (child == 0) _exit((counts[i] = work()) < 0);
        assert_true(child > 0);
    }
    for (int i = 0, code; i < WORKERS; i++) assert_true(wait(&code) > 0 && WIFEXITED(code) && WEXITSTATUS(code) == 0);
    for (int i = 0; i < WORKERS; i++) {
        all += counts[i];
        busy += counts[i] > 0;
    }
    assert_int_equal(all, ARTICLES);
    assert_true(busy > 1); /* or nothing is shown */
    struct store *store = open_worker();
    assert_int_equal(count_of(store, ARTICLE_STATE_DONE), ARTICLES);
    store_close(store);
    munmap(counts, WORKERS * sizeof *counts);
}

static void what_a_dead_worker_held_is_claimed_when_its_lease_is_over(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    find_articles(2);
    pid_t child = fork();
    if (child == 0) {
        struct store *dying = open_worker();
        _exit(store_claim(dying, arena, &row) && store_commit(dying, NULL) ? 0 : 1);
    }
    int code;
    assert_true(wait(&code) == child && WIFEXITED(code) && WEXITSTATUS(code) == 0);
    struct store *store = open_worker();
    assert_true(store_claim(store, arena, &row));
    assert_string_equal(row.id, "00000000000000000000000000000001");
    assert_false(store_claim(store, arena, &row));
    assert_true(store_commit(store, NULL));
    run("UPDATE article SET lease_until = now() - interval '1 second'");
    assert_true(store_claim(store, arena, &row));
    assert_string_equal(row.id, "00000000000000000000000000000000");
    assert_false(store_claim(store, arena, &row)); /* its own lease is over too, but it is at work */
    store_close(store);
}

static void a_renewed_lease_holds(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    find_articles(1);
    struct store *store = open_worker(), *other = open_worker();
    assert_true(store_claim(store, arena, &row) && store_commit(store, NULL));
    run("UPDATE article SET lease_until = now() - interval '1 second'");
    assert_true(store_commit(store, NULL)); /* it is not time yet */
    store->renewed -= 30000;
    assert_true(store_commit(store, NULL));
    assert_false(store_claim(other, arena, &row));
    store_close(other);
    store_close(store);
}

static void closing_gives_up_what_is_not_finished(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    find_articles(1);
    struct store *store = open_worker(), *other = open_worker();
    assert_true(store_claim(store, arena, &row));
    assert_false(store_claim(other, arena, &row));
    store_close(store);
    assert_true(store_claim(other, arena, &row));
    store_close(other);
}

static void the_only_run_takes_over_all_claims(void **state) {
    (void)state;
    struct article_row row;
    struct store *run_store = NULL;
    if (!any_store_server()) skip();
    find_articles(1);
    struct store *store = open_worker();
    assert_true(store_claim(store, arena, &row) && store_commit(store, NULL));
    /* As if its process had died; that counts at once, also if the server has just been started. */
    run("UPDATE article SET claimed_by = '999999999-0@' || split_part(claimed_by, '@', 2) WHERE claimed_by <> '';"
        "UPDATE lease SET worker = '999999999-0@' || split_part(worker, '@', 2)");
    assert_true(store_connect(address, NULL, STORE_LOCKED, &run_store, NULL));
    assert_true(store_claim(run_store, arena, &row));
    store_close(run_store);
    store_close(store);
}

/* ---------------------------------------------------------------- texts and errors */

static void a_text_that_is_not_utf8_is_stored_without_what_is_wrong(void **state) {
    (void)state;
    struct span value, at;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_true(store_tell(store, SPAN("k\xff"), (struct span){"a\0b\xe9", 4}, SPAN("now"), NULL));
    assert_true(store_told(store, SPAN("k\xff"), arena, &value, &at));
    assert_span(value, "a\xEF\xBF\xBD"
                       "b\xEF\xBF\xBD");
    store_close(store);
}

/* Text that hardly compresses. */
static char *long_text(void) {
    char *text = memory_take(8001);
    unsigned chance = 1;
    for (size_t i = 0; i < 8000; i++) text[i] = (char)('a' + ((chance = chance * 1103515245 + 12345) >> 16) % 26);
    text[8000] = '\0';
    return text;
}

static void an_address_may_be_long(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    char *text = long_text();
    struct store *store = open_worker();
    struct validator found, first = {.etag = SPAN("1")}, second = {.etag = SPAN("2")};
    assert_true(store_put_validator(store, span_of(text), &first, NULL));
    assert_true(store_put_validator(store, span_of(text), &second, NULL));
    assert_true(store_validator(store, span_of(text), arena, &found));
    assert_span(found.etag, "2");
    store_close(store);
    free(text);
}

/* Keys contain the GUIDs and addresses of feeds. */
static void what_has_been_told_may_have_a_long_key(void **state) {
    (void)state;
    struct span value, at;
    if (!any_store_server()) skip();
    char *text = long_text();
    struct store *store = open_worker();
    assert_true(store_tell(store, span_of(text), SPAN("1"), SPAN("now"), NULL));
    assert_true(store_tell(store, span_of(text), SPAN("2"), SPAN("now"), NULL));
    assert_true(store_commit(store, NULL));
    assert_true(store_told(store, span_of(text), arena, &value, &at));
    assert_span(value, "2");
    assert_true(store_untell(store, span_of(text), NULL));
    assert_false(store_told(store, span_of(text), arena, &value, &at));
    store_close(store);
    free(text);
}

/* The server answers the COMMIT of an aborted transaction without an error. */
static void a_transaction_with_an_error_is_not_taken_for_committed(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
    assert_false(database_run(store->database, "SELECT 1 / 0"));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "division by zero");
    store_close(store);
}

/* What follows the first error only says that the transaction was aborted. */
static void the_first_error_of_a_transaction_is_told(void **state) {
    (void)state;
    struct failure failure = {0};
    struct span value, at;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_true(store_change(store, NULL));
    assert_false(database_run(store->database, "SELECT 1 / 0"));
    assert_false(database_run(store->database, "SELECT 1"));
    assert_false(store_told(store, SPAN("k"), arena, &value, &at)); /* prepared only now */
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "division by zero");
    store_close(store);
}

static void a_commit_that_cannot_renew_the_lease_is_rolled_back(void **state) {
    (void)state;
    struct failure failure = {0};
    struct span value, at;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    int64_t overdue = store->renewed -= 30000;
    assert_true(store_tell(store, SPAN("first"), SPAN("v"), SPAN("now"), NULL));
    run("ALTER TABLE article RENAME lease_until TO other");
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "lease_until");
    assert_true(store->renewed == overdue);
    run("ALTER TABLE article RENAME other TO lease_until");
    assert_true(store_tell(store, SPAN("second"), SPAN("v"), SPAN("now"), NULL));
    assert_true(store_commit(store, &failure));
    assert_false(store_told(store, SPAN("first"), arena, &value, &at));
    assert_true(store_told(store, SPAN("second"), arena, &value, &at));
    store_close(store);
}

/* ---------------------------------------------------------------- flushing and the connection */

static int64_t number_of(struct database *database, const char *question) {
    struct statement *statement = database_prepare(database, question);
    assert_non_null(statement);
    assert_int_equal(statement_step(statement), STATEMENT_ROW);
    int64_t number = statement_integer(statement, 0);
    statement_free(statement);
    return number;
}

static void a_flush_makes_its_connection_anew(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL) && store_queue_commit(store, NULL));
    run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_logical_emit_message%' AND pid "
        "<> pg_backend_pid()");
    assert_true(store_make_durable(store, NULL));
    store_close(store);
}

/* Over a socket of the file system there are no such settings. */
static void the_server_notices_that_a_client_has_gone(void **state) {
    (void)state;
    char over_tcp[300];
    struct database *database = NULL;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    struct statement *user = database_prepare(store->database, "SELECT current_user");
    assert_true(user && statement_step(user) == STATEMENT_ROW);
    snprintf(over_tcp, sizeof over_tcp, "postgresql://%.*s@127.0.0.1:%d/postgres", SPAN_ARGS(statement_bytes(user, 0)),
             (int)number_of(store->database, "SELECT CAST(current_setting('port') AS INTEGER)"));
    statement_free(user);
    store_close(store);
    if (!database_postgresql_open(over_tcp, NULL, &database, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(number_of(database, "SELECT CAST(current_setting('tcp_keepalives_idle') AS INTEGER)"), 30);
    assert_int_equal(number_of(database, "SELECT CAST(current_setting('tcp_keepalives_interval') AS INTEGER)"), 10);
    assert_int_equal(number_of(database, "SELECT CAST(current_setting('tcp_keepalives_count') AS INTEGER)"), 3);
    database_close(database);
}

/* ---------------------------------------------------------------- writes that nobody waits for */

enum { MANY = 200, LARGE = 20 << 20 };

static bool put(struct store *store, int number, struct span record) {
    struct article_row row = {.article_state = ARTICLE_STATE_FOUND, .record = record};
    snprintf(row.id, sizeof row.id, "%032x", (unsigned)number);
    return store_put(store, &row, NULL);
}

/* While the table is locked, the server answers nothing, and whoever waited would fail with its limit. */
static void a_write_does_not_wait(void **state) {
    (void)state;
    struct bill_line line = {.day = SPAN("2026-01-29"), .service = SPAN("s"), .source = SPAN("a"), .requests = 1};
    if (!any_store_server()) skip();
    struct store *store = open_worker(), *other = open_worker();
    assert_true(put(store, 0, SPAN("{}")) && store_commit(store, NULL));
    assert_true(database_begin(other->database) && database_run(other->database, "LOCK TABLE bill"));
    for (int i = 0; i < MANY; i++) {
        assert_true(store_bill(store, &line, NULL));
        assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
        assert_true(store_queue_commit(store, NULL));
    }
    assert_true(database_commit(other->database));
    assert_true(store_make_durable(store, NULL));
    assert_true(store_spent(other, SPAN(""), SPAN(""), SPAN("")).requests == MANY);
    store_close(store);
    store_close(other);
}

static void the_error_of_a_queued_statement_ends_its_transaction_only(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    run("ALTER TABLE told RENAME TO elsewhere");
    assert_true(put(store, 1, SPAN("{}")));
    assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "\"told\" does not exist");
    run("ALTER TABLE elsewhere RENAME TO told");
    assert_true(put(store, 2, SPAN("{}")));
    assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
    assert_true(store_commit(store, NULL));
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 1);
    store_close(store);
}

/* The lock keeps the server from answering before the transaction is taken for committed. */
static void nothing_follows_a_transaction_that_was_lost(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker(), *other = open_worker();
    run("ALTER TABLE told RENAME TO elsewhere");
    assert_true(database_begin(other->database) && database_run(other->database, "LOCK TABLE article"));
    assert_true(put(store, 1, SPAN("{}")) && store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
    assert_true(store_queue_commit(store, NULL));
    store_close(other);
    put(store, 2, SPAN("{}"));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "\"told\" does not exist");
    run("ALTER TABLE elsewhere RENAME TO told");
    put(store, 3, SPAN("{}"));
    failure = (struct failure){0};
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "\"told\" does not exist");
    failure = (struct failure){0};
    assert_false(store_make_durable(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "\"told\" does not exist");
    store_close(store);
    store = open_worker();
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 0);
    store_close(store);
}

/* More than the network holds in either direction. */
static void large_records_pass_both_ways(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    char *text = malloc(LARGE);
    assert_non_null(text);
    memset(text, 'x', LARGE);
    for (int i = 0; i < 3; i++) assert_true(put(store, i, (struct span){text, LARGE}));
    assert_true(store_claim(store, arena, &row));
    assert_true(row.record.length == LARGE && memcmp(row.record.at, text, LARGE) == 0);
    assert_true(put(store, 3, (struct span){text, LARGE}) && store_queue_commit(store, NULL));
    assert_true(store_make_durable(store, NULL));
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 4);
    store_close(store);
    free(text);
}

static void *flush_often(void *context) {
    for (int i = 0; i < MANY; i++)
        if (!store_make_durable(context, NULL)) return context;
    return NULL;
}

static void a_thread_flushes_while_another_one_asks(void **state) {
    (void)state;
    pthread_t thread;
    void *failed = NULL;
    struct span value, at;
    char text[24];
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_int_equal(pthread_create(&thread, NULL, flush_often, store), 0);
    for (int i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "%d", i);
        assert_true(store_tell(store, SPAN("k"), span_of(text), SPAN("now"), NULL));
        assert_true(store_told(store, SPAN("k"), arena, &value, &at));
        assert_true(span_is(value, text));
        assert_true(store_queue_commit(store, NULL));
    }
    pthread_join(thread, &failed);
    assert_null(failed);
    assert_true(store_commit(store, NULL));
    store_close(store);
}

/* ---------------------------------------------------------------- a connection that is lost */

/* Ends the connection, as a server does that is stopped. */
static void end_connection(int64_t pid) {
    char script[100];
    snprintf(script, sizeof script, "SELECT pg_terminate_backend(%lld, 10000)", (long long)pid);
    run(script);
}

static int64_t pid_of(struct store *store) {
    return number_of(store->database, "SELECT CAST(pg_backend_pid() AS BIGINT)");
}

static void what_the_server_does_not_have_is_repeated(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    int64_t pid = pid_of(store);
    assert_true(put(store, 1, SPAN("{}")) && store_queue_commit(store, NULL));
    assert_true(put(store, 2, SPAN("{}")));
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 2);
    end_connection(pid);
    assert_true(put(store, 3, SPAN("{}")) && store_queue_commit(store, NULL));
    assert_true(put(store, 4, SPAN("{}")));
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 4);
    assert_true(store_commit(store, NULL));
    assert_true(pid_of(store) != pid);
    store_close(store);
    store = open_worker();
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 4);
    store_close(store);
}

/* Between any two calls, a few times also while the server works. */
static void nothing_is_lost_or_doubled(void **state) {
    (void)state;
    struct bill_line line = {.day = SPAN("2026-01-29"), .service = SPAN("s"), .source = SPAN("a"), .requests = 1};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    int64_t pid = pid_of(store);
    for (int i = 0; i < 60; i++) {
        assert_true(store_bill(store, &line, NULL));
        if (i % 9 == 1) end_connection(pid);
        if (i % 4 == 2) assert_true(store_spent(store, SPAN(""), SPAN(""), SPAN("")).requests == (unsigned)i + 1);
        if (i % 9 == 5) end_connection(pid);
        assert_true(i % 5 == 3 ? store_commit(store, NULL) : store_queue_commit(store, NULL));
        if (i % 9 == 7) end_connection(pid);
        if (i % 7 == 0) assert_true(store_make_durable(store, NULL));
        if (i % 4 == 0) pid = pid_of(store);
    }
    assert_true(store_make_durable(store, NULL));
    store_close(store);
    store = open_worker();
    assert_true(store_spent(store, SPAN(""), SPAN(""), SPAN("")).requests == 60);
    assert_int_equal(number_of(store->database, "SELECT count(*) FROM session"), 1); /* its own */
    store_close(store);
}

/* The connection that flushes shows it, although the other one has had an answer. */
static void a_flush_finds_what_a_crash_has_lost(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_true(put(store, 1, SPAN("{}")) && store_commit(store, NULL));
    run("DELETE FROM article; UPDATE session SET position = 0");
    assert_true(store_make_durable(store, NULL));
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 1);
    store_close(store);
}

/* Otherwise a run would claim an article again that it is working on. */
static void what_was_claimed_stays_claimed(void **state) {
    (void)state;
    struct article_row row;
    char script[100];
    if (!any_store_server()) skip();
    find_articles(1);
    struct store *store = open_worker();
    int64_t pid = pid_of(store), position = number_of(store->database, "SELECT position FROM session");
    assert_true(store_claim(store, arena, &row) && store_commit(store, NULL));
    /* As after a crash of the server. */
    snprintf(script, sizeof script, "UPDATE article SET claimed_by = ''; UPDATE session SET position = %lld",
             (long long)position);
    run(script);
    end_connection(pid);
    assert_false(store_claim(store, arena, &row));
    assert_int_equal(number_of(store->database, "SELECT count(*) FROM article WHERE claimed_by <> ''"), 1);
    store_close(store);
}

static void a_rolled_back_transaction_is_not_repeated(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    int64_t pid = pid_of(store);
    assert_true(put(store, 1, SPAN("{}")));
    database_roll_back(store->database);
    assert_true(database_begin(store->database) && put(store, 2, SPAN("{}")));
    end_connection(pid);
    assert_true(store_commit(store, NULL));
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 1);
    store_close(store);
}

/* The second attempt to tell something succeeds, as the sequence goes on. */
static void refuse_once(const char *state) {
    char script[400];
    snprintf(script, sizeof script,
             "CREATE SEQUENCE attempt; CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
             "nextval('attempt') = 1 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '%s'; END IF; RETURN NEW; END $$; "
             "CREATE TRIGGER conflict BEFORE INSERT ON told FOR EACH ROW EXECUTE FUNCTION conflict()",
             state);
    run(script);
}

static bool tell(struct store *store) {
    return store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL);
}

/* Waits until as many connections with this number are in this state. Within a transaction, the server would always
 * answer the same. */
static void wait_for_state(int64_t pid, const char *state, int count) {
    char question[200];
    struct database *database = NULL;
    assert_true(database_postgresql_open(address, NULL, &database, NULL));
    snprintf(question, sizeof question, "SELECT count(*) FROM pg_stat_activity WHERE pid = %lld AND state LIKE '%s'",
             (long long)pid, state);
    while (number_of(database, question) != count) usleep(1000);
    database_close(database);
}

static const char aborted[] = "idle in transaction (aborted)";

static void a_transaction_that_ends_a_conflict_is_repeated(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    int64_t pid = pid_of(store);
    refuse_once("40001");
    assert_true(put(store, 1, SPAN("{}")));
    assert_true(tell(store) && store_queue_commit(store, NULL));
    assert_true(put(store, 2, SPAN("{}")) && store_commit(store, NULL));
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 2);
    assert_int_equal(number_of(store->database, "SELECT last_value FROM attempt"), 2);
    assert_true(pid_of(store) == pid);
    store_close(store);
}

/* The answers to the second transaction are still to come when the error of the first one is noticed. */
static void what_was_queued_after_a_conflict_is_repeated_too(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker(), *other = open_worker();
    int64_t pid = pid_of(store);
    refuse_once("40001");
    assert_true(put(store, 1, SPAN("{}")) && tell(store) && store_queue_commit(store, NULL));
    wait_for_state(pid, aborted, 1);
    assert_true(put(store, 2, SPAN("{}")) && store_queue_commit(store, NULL));
    put(store, 3, SPAN("{}"));
    if (!store_commit(store, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(count_of(other, ARTICLE_STATE_FOUND), 3);
    assert_true(pid_of(store) == pid);
    store_close(other);
    store_close(store);
}

static void *flush_once(void *context) {
    struct failure failure = {0};
    if (!store_make_durable(context, &failure)) printf("%s\n", failure.sentence);
    return failure.reach == REACH_NONE ? NULL : context;
}

/* The sequence of commands of the open transaction has no end yet. */
static void a_conflict_that_the_flush_finds_is_repeated(void **state) {
    (void)state;
    pthread_t thread;
    void *failed = NULL;
    if (!any_store_server()) skip();
    struct store *store = open_worker(), *other = open_worker();
    refuse_once("40001");
    assert_true(database_begin(other->database) && database_run(other->database, "LOCK TABLE article"));
    assert_true(put(store, 1, SPAN("{}")) && tell(store) && store_queue_commit(store, NULL));
    assert_true(put(store, 2, SPAN("{}")));
    assert_int_equal(pthread_create(&thread, NULL, flush_once, store), 0);
    assert_true(database_commit(other->database));
    pthread_join(thread, &failed);
    assert_null(failed);
    assert_int_equal(count_of(other, ARTICLE_STATE_FOUND), 1);
    assert_true(store_commit(store, NULL));
    assert_int_equal(count_of(other, ARTICLE_STATE_FOUND), 2);
    store_close(other);
    store_close(store);
}

/* Its row is free from the conflict until the claim is repeated. */
static void a_claim_that_was_lost_in_a_conflict_is_not_taken_for_held(void **state) {
    (void)state;
    struct article_row row, same;
    if (!any_store_server()) skip();
    find_articles(1);
    struct store *store = open_worker(), *other = open_worker();
    refuse_once("40001");
    int64_t pid = pid_of(store);
    assert_true(store_claim(store, arena, &row) && tell(store) && store_queue_commit(store, NULL));
    wait_for_state(pid, aborted, 1);
    assert_true(store_claim(other, arena, &same) && store_commit(other, NULL));
    assert_true(store_commit(store, NULL));
    assert_false(store_holds(store, row.id));
    assert_true(store_holds(other, row.id));
    store_close(other);
    store_close(store);
}

static void a_lock_that_took_too_long_is_waited_for_again(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker(), *other = open_worker();
    int64_t pid = pid_of(store);
    assert_true(database_run(store->database, "SET lock_timeout = '1ms'"));
    assert_true(database_begin(other->database) && database_run(other->database, "LOCK TABLE told"));
    assert_true(put(store, 1, SPAN("{}")) && tell(store) && store_queue_commit(store, NULL));
    wait_for_state(pid, aborted, 1);
    assert_true(database_commit(other->database));
    put(store, 2, SPAN("{}"));
    if (!store_commit(store, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(count_of(other, ARTICLE_STATE_FOUND), 2);
    assert_int_equal(number_of(other->database, "SELECT count(*) FROM told"), 1);
    store_close(other);
    store_close(store);
}

static int64_t idle_limit_of(struct store *store) {
    return number_of(store->database, "SELECT CAST(extract(epoch FROM CAST(current_setting("
                                      "'idle_in_transaction_session_timeout') AS INTERVAL)) AS INTEGER)");
}

/* As after a run was stopped for so long. */
static void a_transaction_that_was_idle_too_long_is_repeated(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker(), *other = open_worker();
    int64_t pid = pid_of(store);
    assert_int_equal(idle_limit_of(store), 60);
    assert_true(database_run(store->database, "SET idle_in_transaction_session_timeout = '1ms'"));
    assert_true(put(store, 1, SPAN("{}")));
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 1);
    wait_for_state(pid, "%", 0);
    put(store, 2, SPAN("{}"));
    if (!store_commit(store, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(count_of(other, ARTICLE_STATE_FOUND), 2);
    assert_true(pid_of(store) != pid);
    assert_int_equal(idle_limit_of(store), 60);
    store_close(other);
    store_close(store);
}

/* A snapshot cannot be repeated. */
static void who_only_reads_may_be_idle(void **state) {
    (void)state;
    struct store *reader = NULL;
    if (!any_store_server()) skip();
    find_articles(1);
    assert_true(store_connect_to_read(address, NULL, &reader, NULL));
    assert_int_equal(idle_limit_of(reader), 0);
    store_close(reader);
}

/* Too much is not kept in memory. */
static void a_transaction_that_is_too_long_to_be_repeated_says_so(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    int64_t pid = pid_of(store);
    char *text = memory_take(LARGE);
    memset(text, 'x', LARGE);
    for (int i = 0; i < 4; i++) assert_true(put(store, i, (struct span){text, LARGE}));
    end_connection(pid);
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "too long to be repeated");
    store_close(store);
    free(text);
}

static void *hold_table(void *context) {
    return database_run(context, "LOCK TABLE told; SELECT pg_sleep(1); COMMIT") ? NULL : context;
}

static void queue_alone(struct statement *statement, struct span text) {
    statement_bind_text(statement, 1, text);
    assert_true(statement_queue(statement));
}

/* As much is kept as makes the statement wait for a flush, while the thread that flushes waits for its turn. */
static void a_statement_alone_that_waits_for_a_flush_lets_others_work(void **state) {
    (void)state;
    pthread_t flusher, holder;
    void *failed = NULL, *not_held = NULL;
    if (!any_store_server()) skip();
    struct store *store = open_worker(), *other = open_worker();
    struct statement *statement = database_prepare(
        store->database, "INSERT INTO told VALUES (substr(CAST(?1 AS TEXT), 1, 5), '', '') ON CONFLICT DO NOTHING");
    char *text = memory_take(2 * LARGE);
    memset(text, 'x', 2 * LARGE);
    queue_alone(statement, SPAN("first")); /* to have it prepared */
    assert_true(store_make_durable(store, NULL) && database_run(other->database, "BEGIN; LOCK TABLE told"));
    queue_alone(statement, (struct span){text, LARGE + LARGE / 2});
    assert_int_equal(pthread_create(&flusher, NULL, flush_once, store), 0);
    assert_int_equal(pthread_create(&holder, NULL, hold_table, other->database), 0);
    queue_alone(statement, (struct span){text, 2 * LARGE});
    pthread_join(holder, &not_held);
    pthread_join(flusher, &failed);
    assert_null(not_held);
    assert_null(failed);
    statement_free(statement);
    store_close(other);
    store_close(store);
    free(text);
}

static void a_flush_without_the_row_of_the_session_says_what_is_lost(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_true(put(store, 1, SPAN("{}")) && store_commit(store, NULL));
    run("DELETE FROM session");
    assert_false(store_make_durable(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "no longer has what this run has written");
    store_close(store);
}

/* What is still on its way on a former connection must not be added to what was repeated. */
static void a_former_connection_commits_nothing(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    run("UPDATE session SET generation = generation + 1");
    assert_true(put(store, 1, SPAN("{}")));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "division by zero");
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 0);
    store_close(store);
}

static void a_server_that_has_lost_what_was_on_disk_ends_the_run(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_true(put(store, 1, SPAN("{}")) && store_queue_commit(store, NULL) && store_make_durable(store, NULL));
    int64_t pid = pid_of(store);
    run("UPDATE session SET position = 0");
    end_connection(pid);
    assert_true(put(store, 2, SPAN("{}")));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "has lost what it had written");
    assert_false(store_make_durable(store, NULL));
    store_close(store);
}

static bool count_call(void *context, bool reconnected) {
    assert_true(reconnected);
    return ++*(int *)context > 2;
}

static void locks_are_taken_again_before_anything_is_repeated(void **state) {
    (void)state;
    int calls = 0;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    database_on_return(store->database, count_call, &calls);
    end_connection(pid_of(store));
    assert_true(put(store, 1, SPAN("{}")) && store_commit(store, NULL));
    assert_int_equal(calls, 3); /* refused twice */
    store_close(store);
}

static bool give_up(void *context, const char *why) {
    ++*(int *)context;
    return !why;
}

static bool refuse(void *context, bool reconnected) {
    (void)context, (void)reconnected;
    return false;
}

static void whoever_is_told_to_stop_does_not_wait(void **state) {
    (void)state;
    int calls = 0;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    database_on_return(store->database, refuse, NULL);
    database_on_outage(store->database, give_up, &calls);
    end_connection(pid_of(store));
    put(store, 1, SPAN("{}"));
    assert_false(store_commit(store, &failure));
    assert_int_equal(calls, 1);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_BUSY, "another run is using it");
    store_close(store);
}

/* ---------------------------------------------------------------- statements */

static void a_statement_has_at_most_32_parameters(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_null(database_prepare(store->database, "SELECT CAST(?33 AS TEXT)"));
    store_fail(store, &failure);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "33 parameters");
    struct statement *statement = database_prepare(store->database, "SELECT CAST(?1 AS BIGINT)");
    statement_bind_integer(statement, 1, 5);
    statement_bind_integer(statement, 40, 6);
    assert_int_equal(statement_step(statement), STATEMENT_ROW);
    assert_int_equal(statement_integer(statement, 0), 5);
    statement_free(statement);
    store_close(store);
}

static void a_question_changes_nothing(void **state) {
    (void)state;
    struct span value, at;
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    assert_true(store_tell(store, SPAN("a"), SPAN("v"), SPAN("now"), NULL));
    assert_true(store_tell(store, SPAN("b"), SPAN("v"), SPAN("now"), NULL));
    assert_true(store_untell_old(store, SPAN(""), SPAN("z"), NULL));
    assert_int_equal(database_changes(store->database), 2);
    assert_false(store_told(store, SPAN("a"), arena, &value, &at));
    assert_int_equal(database_changes(store->database), 2);
    store_close(store);
}

/* ---------------------------------------------------------------- schemas */

static void without_a_schema_it_says_what_to_create(void **state) {
    (void)state;
    char nowhere[300];
    struct store *store = NULL;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    snprintf(nowhere, sizeof nowhere, "%s&options=-csearch_path%%3Dnowhere", any_store_server());
    assert_false(store_connect(nowhere, NULL, STORE_LOCKED, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "CREATE SCHEMA");
}

/* The lock is that of the first schema, so the tables must be too. */
static void tables_of_another_schema_of_the_path_are_not_used(void **state) {
    (void)state;
    char own[300], both[600];
    struct store *store = NULL;
    bool there = true;
    if (!any_store_server()) skip();
    find_articles(2);
    any_store_address(NULL, own);
    snprintf(both, sizeof both, "%s,%s", own, strrchr(address, 'D') + 1);
    assert_true(store_server_has_tables(both, NULL, &there, NULL));
    assert_false(there);
    assert_true(store_connect(both, NULL, STORE_LOCKED, &store, NULL));
    assert_true(store_is_empty(store));
    store_close(store);
    assert_true(store_server_has_tables(address, NULL, &there, NULL) && there);
}

static void a_format_table_without_a_row_is_refused(void **state) {
    (void)state;
    struct store *store = NULL;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    store_close(open_worker());
    run("DELETE FROM dragoman_format");
    assert_false(store_connect(address, NULL, STORE_UNLOCKED, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "are not of dragoman");
}

static void a_newer_format_is_refused(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = open_worker();
    store_close(store);
    run("UPDATE dragoman_format SET version = 1000");
    assert_false(store_connect(address, NULL, STORE_UNLOCKED, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                   "newer version of dragoman (format 1000");
    failure = (struct failure){0};
    assert_false(store_connect_to_read(address, NULL, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "format 1000");
}

/* Undoes what the present format added to the first one. */
static const char first_format[] =
    "DROP TABLE lease; DROP FUNCTION reserve_within; DROP INDEX bill_by_service, bill_by_source; ALTER TABLE reserved "
    "DROP worker, DROP number, DROP times, ADD PRIMARY KEY (day, service, source); DROP SEQUENCE reserved_number;"
    "CREATE OR REPLACE FUNCTION failed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE edition SET ended = 0 "
    "WHERE ended = 1 AND day = old.day; RETURN NULL; END $$; UPDATE dragoman_format SET version = 13";

static void put_on(struct store *store, enum article_state article_state, const char *day) {
    struct article_row row = {.article_state = article_state, .id = "dddddddddddddddddddddddddddddddd"};
    row.day = span_of(day);
    assert_true(store_put(store, &row, NULL));
}

static void tables_of_the_first_format_are_upgraded(void **state) {
    (void)state;
    size_t count;
    struct failure failure = {0};
    struct store *store = NULL;
    if (!any_store_server()) skip();
    store = open_worker();
    put_on(store, ARTICLE_STATE_DEAD, "2026-01-29");
    assert_true(store_begin_day(store, "2026-01-29", NULL));
    store_close(store);
    run(first_format);
    assert_false(store_connect(address, NULL, STORE_UNLOCKED, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "`dragoman run` upgrades them");
    assert_true(store_connect(address, NULL, STORE_SHARED, &store, NULL));
    assert_true(store_take_lease(store, SPAN("source news")));
    assert_int_equal(count_of(store, ARTICLE_STATE_DEAD), 1);
    assert_true(store_begin_pages(store, NULL) && store_commit(store, NULL));
    put_on(store, ARTICLE_STATE_SKIPPED, "2026-01-29");
    assert_true(store_end_day(store, "2026-01-29", NULL));
    store_days(store, "2026-12-01", arena, &count);
    assert_int_equal(count, 1);
    store_close(store);
    store_close(open_worker());
}

static void who_reads_sees_one_moment_and_changes_nothing(void **state) {
    (void)state;
    struct store *reader = NULL;
    struct article_row row;
    if (!any_store_server()) skip();
    find_articles(1);
    assert_true(store_connect_to_read(address, NULL, &reader, NULL));
    find_articles(2);
    assert_int_equal(count_of(reader, ARTICLE_STATE_FOUND), 1);
    row = (struct article_row){.article_state = ARTICLE_STATE_DONE, .id = "cccccccccccccccccccccccccccccccc"};
    assert_true(store_put(reader, &row, NULL) && store_commit(reader, NULL));
    assert_int_equal(count_of(reader, ARTICLE_STATE_DONE), 1);
    store_close(reader);
    struct store *store = open_worker();
    assert_int_equal(count_of(store, ARTICLE_STATE_FOUND), 2);
    assert_int_equal(count_of(store, ARTICLE_STATE_DONE), 0);
    store_close(store);
}

static void a_password_in_an_address_is_seen(void **state) {
    (void)state;
    static const char *const with[] = {"postgresql://a:b@h/d",
                                       "postgres://h/d?password=b",
                                       "postgresql:///d?user=a&password=b",
                                       "postgresql://a:b@[::1]:5432,h:1/d",
                                       "postgresql://a:b?c@h/d",
                                       "postgresql://h/d?%70assword=b",
                                       "postgresql://h/d?sslpassword=b"};
    static const char *const without[] = {"postgresql://a@h:5432/d", "postgresql://h:1,i:2/d",
                                          "postgresql:///d?host=/a:b@c", "postgresql://", "postgresql://a:@h"};
    struct postgresql_address found;
    if (!database_postgresql_is_built_in()) skip();
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        if (!database_postgresql_read_address(span_of(with[i]), &found) || !found.has_password) fail_msg("%s", with[i]);
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        if (!database_postgresql_read_address(span_of(without[i]), &found) || found.has_password)
            fail_msg("%s", without[i]);
}

static void an_address_is_named_without_its_password(void **state) {
    (void)state;
    struct postgresql_address found;
    if (!database_postgresql_is_built_in()) skip();
    assert_true(database_postgresql_read_address(SPAN("postgresql://a:hunter2@h/d"), &found));
    assert_string_equal(found.name, "d on h");
    assert_false(database_postgresql_read_address(SPAN("postgresql://a:hunter2@h/d?pasword=hunter2"), &found));
    assert_string_equal(found.name, "a PostgreSQL database");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_schema, end)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(workers_never_claim_the_same_article),
                                       TEST(what_a_dead_worker_held_is_claimed_when_its_lease_is_over),
                                       TEST(a_renewed_lease_holds),
                                       TEST(closing_gives_up_what_is_not_finished),
                                       TEST(the_only_run_takes_over_all_claims),
                                       TEST(a_text_that_is_not_utf8_is_stored_without_what_is_wrong),
                                       TEST(an_address_may_be_long),
                                       TEST(a_transaction_with_an_error_is_not_taken_for_committed),
                                       TEST(a_newer_format_is_refused),
                                       TEST(tables_of_the_first_format_are_upgraded),
                                       TEST(who_reads_sees_one_moment_and_changes_nothing),
                                       TEST(what_has_been_told_may_have_a_long_key),
                                       TEST(the_first_error_of_a_transaction_is_told),
                                       TEST(a_commit_that_cannot_renew_the_lease_is_rolled_back),
                                       TEST(a_flush_makes_its_connection_anew),
                                       TEST(the_server_notices_that_a_client_has_gone),
                                       TEST(a_statement_has_at_most_32_parameters),
                                       TEST(a_question_changes_nothing),
                                       TEST(a_write_does_not_wait),
                                       TEST(the_error_of_a_queued_statement_ends_its_transaction_only),
                                       TEST(nothing_follows_a_transaction_that_was_lost),
                                       TEST(large_records_pass_both_ways),
                                       TEST(a_thread_flushes_while_another_one_asks),
                                       TEST(what_the_server_does_not_have_is_repeated),
                                       TEST(nothing_is_lost_or_doubled),
                                       TEST(what_was_claimed_stays_claimed),
                                       TEST(a_flush_finds_what_a_crash_has_lost),
                                       TEST(a_rolled_back_transaction_is_not_repeated),
                                       TEST(a_transaction_that_ends_a_conflict_is_repeated),
                                       TEST(what_was_queued_after_a_conflict_is_repeated_too),
                                       TEST(a_conflict_that_the_flush_finds_is_repeated),
                                       TEST(a_claim_that_was_lost_in_a_conflict_is_not_taken_for_held),
                                       TEST(a_lock_that_took_too_long_is_waited_for_again),
                                       TEST(a_transaction_that_was_idle_too_long_is_repeated),
                                       TEST(who_only_reads_may_be_idle),
                                       TEST(a_transaction_that_is_too_long_to_be_repeated_says_so),
                                       TEST(a_statement_alone_that_waits_for_a_flush_lets_others_work),
                                       TEST(a_flush_without_the_row_of_the_session_says_what_is_lost),
                                       TEST(a_former_connection_commits_nothing),
                                       TEST(a_server_that_has_lost_what_was_on_disk_ends_the_run),
                                       TEST(locks_are_taken_again_before_anything_is_repeated),
                                       TEST(whoever_is_told_to_stop_does_not_wait),
                                       TEST(without_a_schema_it_says_what_to_create),
                                       TEST(tables_of_another_schema_of_the_path_are_not_used),
                                       TEST(a_format_table_without_a_row_is_refused),
                                       TEST(a_password_in_an_address_is_seen),
                                       TEST(an_address_is_named_without_its_password)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
