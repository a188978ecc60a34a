/* Moves a store from a file to a server and back. Needs TEST_POSTGRESQL. */
#define _GNU_SOURCE
#include "unit/failure_is.h"
#include "unit/scratch_folder.h"

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_mail.h"
#include "pipeline/store/store_move.h"
#include "unit/any_server.h"
#undef store_open

static char back[80];
static const struct move_watch unwatched = {NULL, NULL};
static struct move_result result;

/* ---------------------------------------------------------------- both sides */

static int begin(void **state) {
    int made = make_folder(state);
    snprintf(back, sizeof back, "%s/back.db", folder);
    arena = arena_new();
    return made;
}

static int end(void **state) {
    arena_free(arena);
    return remove_folder(state);
}

/* A new schema, and no files. */
static int set_up(void **state) {
    (void)state;
    char command[120];
    if (!any_store_server()) return 0;
    any_store_address(NULL, any_server_address);
    snprintf(command, sizeof command, "rm -f %s/* %s/.*.tmp", folder, folder);
    return system(command);
}

static long long number_on_server(const char *question) {
    struct database *database = NULL;
    assert_true(database_postgresql_open(any_server_address, NULL, &database, NULL));
    long long number = any_server_number(database, question);
    database_close(database);
    return number;
}

static void run_in_file(const char *script) {
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    if (sqlite3_exec(database, script, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", script, sqlite3_errmsg(database));
    sqlite3_close(database);
}

static void create_file(void) {
    struct store *store = NULL;
    assert_true(store_open(path, true, &store, NULL));
    store_close(store);
}

static void create_server(void) {
    struct store *store = any_server_join(STORE_LOCKED);
    store_close(store);
}

static bool move_there(struct move_watch watch, struct failure *ret_failure) {
    struct store *store = NULL;
    bool done = store_open(path, true, &store, ret_failure) &&
                store_move_to_server(store, any_server_address, NULL, watch, &result, ret_failure);
    store_close(store);
    return done;
}

static bool move_back(struct move_watch watch, struct failure *ret_failure) {
    struct store *store = NULL;
    bool done = store_connect(any_server_address, NULL, STORE_LOCKED, &store, ret_failure) &&
                store_move_to_file(store, back, watch, &result, ret_failure);
    store_close(store);
    return done;
}

static void must_move_there(void) {
    struct failure failure = {0};
    if (!move_there(unwatched, &failure)) fail_msg("%s", failure.sentence);
}

static void must_move_back(void) {
    struct failure failure = {0};
    if (!move_back(unwatched, &failure)) fail_msg("%s", failure.sentence);
}

/* ---------------------------------------------------------------- all tables of a file */

static sqlite3_stmt *ask(sqlite3 *database, const char *question) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, question, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", question, sqlite3_errmsg(database));
    return statement;
}

static const char *text_of(sqlite3_stmt *row, int column) {
    return (const char *)sqlite3_column_text(row, column);
}

/* Runs SQL that another statement writes for each table. */
static void run_for_each_table(sqlite3 *database, const char *writes) {
    sqlite3_stmt *row = ask(database, writes);
    while (sqlite3_step(row) == SQLITE_ROW)
        if (sqlite3_exec(database, text_of(row, 0), NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s: %s", text_of(row, 0), sqlite3_errmsg(database));
    sqlite3_finalize(row);
}

/* `count` rows in each table. Texts and bytes differ from row to row, as do numbers, of which the largest and the
 * smallest are among them. All rows have days of their own, which have ended. */
static void fill_file(int count) {
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    char *writes = sqlite3_mprintf(
        "SELECT 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO ' || m.name "
        "|| ' (' || group_concat(p.name) || ') SELECT ' || group_concat(CASE WHEN p.name = 'ended' THEN '1' WHEN "
        "p.name "
        "IN ('sequence', 'id') AND p.type = 'INTEGER' THEN '1000 + i' WHEN p.type = 'INTEGER' AND p.pk > 0 THEN 'i' "
        "WHEN p.type = 'INTEGER' THEN 'CASE i WHEN 1 THEN 9223372036854775807 WHEN 2 THEN -9223372036854775807 - 1 "
        "ELSE i END' WHEN p.type = 'BLOB' THEN 'CAST(printf(''%%016d'', i) || x''00ff'' AS BLOB)' WHEN p.name = 'day' "
        "THEN '''day '' || i' ELSE quote(m.name || '.' || p.name || ' Ж\\\"{},' || char(10)) || ' || i' END) || ' FROM "
        "n' FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' GROUP BY m.name",
        count);
    run_for_each_table(database, writes);
    sqlite3_free(writes);
    sqlite3_close(database);
}

static struct span dump_table(sqlite3 *database, const char *question) {
    struct buffer out = BUFFER(64 << 20);
    sqlite3_stmt *row = ask(database, question);
    while (sqlite3_step(row) == SQLITE_ROW) buffer_print(&out, "%s\n", text_of(row, 0));
    sqlite3_finalize(row);
    struct span copy = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return copy;
}

static void assert_same_table(sqlite3 *one, sqlite3 *other, const char *question) {
    struct span wanted = dump_table(one, question), found = dump_table(other, question);
    if (!span_equal(wanted, found))
        fail_msg("%s\n--- wanted\n%.2000s\n--- found\n%.2000s", question, text_or_empty(wanted.at),
                 text_or_empty(found.at));
}

/* Returns the number of tables, which must have the same rows in both files. */
static int assert_same_files(void) {
    sqlite3 *one = NULL, *other = NULL;
    int tables = 0;
    assert_int_equal(sqlite3_open(path, &one), SQLITE_OK);
    assert_int_equal(sqlite3_open(back, &other), SQLITE_OK);
    sqlite3_stmt *row = ask(one, "SELECT 'SELECT ' || group_concat('quote(' || p.name || ')', ' || '' '' || ') || ' "
                                 "AS line FROM ' || m.name || ' ORDER BY line' FROM sqlite_master m, "
                                 "pragma_table_info(m.name) p WHERE m.type = 'table' GROUP BY m.name");
    for (; sqlite3_step(row) == SQLITE_ROW; tables++) assert_same_table(one, other, text_of(row, 0));
    sqlite3_finalize(row);
    sqlite3_close(one);
    sqlite3_close(other);
    return tables;
}

static void all_rows_of_all_tables_come_back(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    create_file();
    fill_file(3);
    must_move_there();
    assert_int_equal(result.rows, 3 * (long long)result.table_count);
    assert_int_equal(result.changed_texts, 0);
    assert_int_equal(result.merged_rows, 0);
    must_move_back();
    assert_int_equal(assert_same_files(), result.table_count);
    assert_int_equal(move_result_rows(&result, "memory"), 3);
    assert_int_equal(move_result_rows(&result, "no table"), 0);
}

/* A server sends 200 rows at a time, and is sent 2,000, or 4 MB. */
static void rows_are_moved_in_portions(void **state) {
    static const int counts[] = {199, 200, 400, 2000, 2001};
    (void)state;
    if (!any_store_server()) skip();
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        char script[400];
        assert_int_equal(set_up(NULL), 0);
        create_file();
        snprintf(
            script, sizeof script,
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO "
            "fingerprints SELECT CAST(i AS BLOB), 'day', CASE WHEN i IN (50, 51, 150) THEN randomblob(3000000) ELSE "
            "randomblob(9) END FROM n",
            counts[i]);
        run_in_file(script);
        must_move_there();
        must_move_back();
        assert_int_equal(move_result_rows(&result, "fingerprints"), counts[i]);
        assert_same_files();
    }
}

static void an_empty_store_can_be_moved(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    create_file();
    must_move_there();
    assert_int_equal(result.rows, 0);
    must_move_back();
    assert_true(assert_same_files() > 20);
}

/* Files of earlier versions have NULL where PostgreSQL takes none. */
static void null_becomes_nothing(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    create_file();
    run_in_file("INSERT INTO article (id, sequence, state, kills) VALUES (x'01', 1, 3, 0)");
    must_move_there();
    assert_int_equal(number_on_server("SELECT count(*) FROM article WHERE version = '' AND note = '' AND record = ''"),
                     1);
}

static void the_file_is_private_and_is_left_alone(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct stat status;
    create_server();
    must_move_back();
    assert_int_equal(stat(back, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    int count = 0;
    DIR *directory = opendir(folder);
    for (struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.' || entry->d_name[1] > '.';
    closedir(directory);
    assert_int_equal(count, 2); /* back.db, back.db.lock */
}

/* ---------------------------------------------------------------- what is counted further */

static void numbers_go_on(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = NULL;
    struct article_row row = {.article_state = ARTICLE_STATE_FOUND, .record = SPAN("{}")};
    struct mail_reader reader;
    create_file();
    fill_file(2);
    must_move_there();
    assert_true(store_connect(any_server_address, NULL, STORE_LOCKED, &store, NULL));
    memset(row.id, 'a', sizeof row.id - 1);
    assert_true(store_put(store, &row, NULL));
    assert_true(store_mail_reader(store, SPAN("list"), SPAN("a@example.org"), "2026-01-29", &reader, NULL));
    assert_true(store_commit(store, NULL));
    store_close(store);
    assert_int_equal(reader.id, 1003);
    assert_int_equal(number_on_server("SELECT max(sequence) FROM article"), 1003);
}

static void numbers_of_an_empty_store_begin_at_one(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    create_file();
    must_move_there();
    assert_int_equal(number_on_server("SELECT nextval('article_sequence')"), 1);
}

/* They are of the run that made them. */
static void claims_are_not_moved(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = NULL;
    struct article_row row = {.article_state = ARTICLE_STATE_FOUND, .record = SPAN("{}")};
    create_server();
    memset(row.id, 'a', sizeof row.id - 1);
    assert_true(store_connect(any_server_address, NULL, STORE_LOCKED, &store, NULL));
    assert_true(store_put(store, &row, NULL));
    assert_true(store_commit(store, NULL));
    store_close(store);
    any_server_run("UPDATE article SET claimed_by = 'somebody', lease_until = now() + interval '1 hour'");
    must_move_back();
    assert_true(store_open(back, true, &store, NULL));
    assert_true(store_claim(store, arena, &row));
    store_close(store);
}

/* ---------------------------------------------------------------- texts that a server does not take */

static void texts_are_changed_and_counted(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    create_file();
    run_in_file("INSERT INTO told VALUES (CAST(x'61ff' AS TEXT), 'old', '2026-01-01'), (CAST(x'61fe' AS TEXT), 'new', "
                "'2026-01-03'), (CAST(x'61fd' AS TEXT), 'older', '2026-01-02'), ('b', CAST(x'630064' AS TEXT), '')");
    must_move_there();
    assert_int_equal(result.changed_texts, 4);
    assert_int_equal(result.merged_rows, 2);
    assert_int_equal(move_result_rows(&result, "told"), 2);
    assert_int_equal(number_on_server("SELECT count(*) FROM told WHERE key = 'a\xEF\xBF\xBD' AND value = 'new'"), 1);
    assert_int_equal(number_on_server("SELECT count(*) FROM told WHERE key = 'b' AND value = 'c\xEF\xBF\xBD"
                                      "d'"),
                     1);
}

/* No money is lost, whether two lines with the same key are sent together (the first ones) or not (the last one). */
static void amounts_with_the_same_key_are_added_up(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    create_file();
    run_in_file("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO bill "
                "SELECT 'day', 'service', CAST(CASE i WHEN 1 THEN x'61fd' WHEN 2 THEN x'61fe' WHEN 3 THEN x'61ff' ELSE "
                "x'61fe' || i END AS TEXT), 1, 2, 3, 4, 5, 6 FROM n");
    must_move_there();
    assert_int_equal(number_on_server("SELECT CAST(sum(cost) AS BIGINT) FROM bill"), 5000 * 6);
    assert_int_equal(number_on_server("SELECT cost FROM bill WHERE source = 'a\xEF\xBF\xBD'"), 3 * 6);
    assert_int_equal(result.merged_rows, 2);
}

/* As the reservations of several workers. */
static void reservations_of_one_service_are_added_up(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    create_server();
    any_server_run("ALTER TABLE reserved DROP CONSTRAINT reserved_pkey; INSERT INTO reserved (day, service, source, "
                   "requests, characters, input_tokens, output_tokens, segments, cost) VALUES ('d', 'a', 'b', 1, 2, 3, "
                   "4, 5, 6), ('d', 'a', 'b', 10, 20, 30, 40, 50, 60)");
    must_move_back();
    assert_int_equal(move_result_rows(&result, "reserved"), 1);
    assert_int_equal(result.merged_rows, 1);
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(back, &database), SQLITE_OK);
    sqlite3_stmt *row = ask(database, "SELECT requests, cost FROM reserved");
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(row, 0), 11);
    assert_int_equal(sqlite3_column_int(row, 1), 66);
    sqlite3_finalize(row);
    sqlite3_close(database);
}

/* ---------------------------------------------------------------- refusals */

static void a_server_with_a_state_is_refused(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct failure failure = {0};
    create_server();
    any_server_run("INSERT INTO told VALUES ('a', 'b', 'c')");
    create_file();
    fill_file(2);
    assert_false(move_there(unwatched, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_USAGE, "there already is a state in ");
    assert_non_null(strstr(failure.sentence, "(1 row in the table told)"));
    assert_int_equal(number_on_server("SELECT count(*) FROM told"), 1);
    assert_int_equal(number_on_server("SELECT count(*) FROM article"), 0);
}

static void a_file_that_is_there_is_refused(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct failure failure = {0};
    create_server();
    must_move_back();
    assert_false(move_back(unwatched, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_USAGE, "which is never overwritten");
    assert_non_null(strstr(failure.sentence, back));
    /* Nothing is made beside what may be somebody else's. */
    char lock[100];
    snprintf(lock, sizeof lock, "%s.lock", back);
    assert_int_equal(unlink(lock), 0);
    assert_false(move_back(unwatched, &failure));
    assert_int_equal(access(lock, F_OK), -1);
    /* A link would be replaced, or followed. */
    assert_int_equal(unlink(back), 0);
    assert_int_equal(symlink("nowhere", back), 0);
    assert_false(move_back(unwatched, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_USAGE, "which is never overwritten");
}

static void a_side_that_is_in_use_is_refused(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct failure failure = {0};
    struct store *user = NULL;
    create_file();
    assert_true(store_connect(any_server_address, NULL, STORE_LOCKED, &user, NULL));
    assert_false(move_there(unwatched, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_BUSY, "another run (dragoman, process ");
    assert_false(move_back(unwatched, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_BUSY, "another run (dragoman, process ");
    store_close(user);
    assert_true(store_open(back, true, &user, NULL));
    assert_int_equal(unlink(back), 0); /* its lock is still held */
    assert_false(move_back(unwatched, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_BUSY, "another run (process ");
    store_close(user);
}

static void count_sessions(void *context, int64_t rows, int64_t of) {
    (void)rows, (void)of;
    *(long long *)context = number_on_server("SELECT count(*) FROM session");
}

/* It would be kept in memory for nothing, as the transaction is too long to be repeated. */
static void a_move_keeps_no_journal(void **state) {
    long long sessions = -1;
    (void)state;
    if (!any_store_server()) skip();
    create_file();
    run_in_file("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO "
                "fingerprints SELECT CAST(i AS BLOB), 'day', randomblob(9) FROM n");
    assert_true(move_there((struct move_watch){count_sessions, &sessions}, NULL));
    assert_int_equal(sessions, 0);
}

/* ---------------------------------------------------------------- what is not finished */

static void assert_no_temporary_file(void) {
    char command[120];
    snprintf(command, sizeof command, "test -z \"$(ls -A %s | grep tmp)\"", folder);
    assert_int_equal(system(command), 0);
}

static void die(void *context, int64_t rows, int64_t of) {
    (void)context;
    if (rows > of / 2) raise(SIGKILL);
}

/* Returns whether the child was killed. */
static bool is_killed(bool (*moves)(struct move_watch, struct failure *)) {
    pid_t child = fork();
    if (child == 0) _exit(moves((struct move_watch){die, NULL}, NULL));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void a_killed_move_leaves_nothing_on_the_server(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    create_file();
    fill_file(300);
    assert_true(is_killed(move_there));
    assert_int_equal(number_on_server("SELECT (SELECT count(*) FROM article) + (SELECT count(*) FROM event)"), 0);
    /* The server may still be ending the session. */
    struct failure failure = {.exit_code = EXIT_BUSY};
    for (int i = 0; i < 100 && failure.exit_code == EXIT_BUSY; i++, usleep(50000))
        if (move_there(unwatched, &failure)) break;
    assert_int_equal(result.rows, 300 * (long long)result.table_count);
}

static void a_killed_move_leaves_no_file(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    create_file();
    fill_file(300);
    must_move_there();
    assert_true(is_killed(move_back));
    assert_int_equal(access(back, F_OK), -1);
    struct failure failure = {.exit_code = EXIT_BUSY};
    for (int i = 0; i < 100 && failure.exit_code == EXIT_BUSY; i++, usleep(50000))
        if (move_back(unwatched, &failure)) break;
    assert_same_files();
    assert_no_temporary_file(); /* what the killed one left is gone */
}

static void a_failed_move_leaves_the_server_empty(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct failure failure = {0};
    create_server();
    any_server_run("ALTER TABLE edition ADD CHECK (day <> 'day 3')");
    create_file();
    fill_file(3);
    assert_false(move_there(unwatched, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "edition");
    assert_int_equal(number_on_server("SELECT count(*) FROM article"), 0);
    assert_int_equal(number_on_server("SELECT count(*) FROM kept"), 0);
}

static void a_failed_move_leaves_no_file(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct failure failure = {0};
    create_server();
    any_server_run("DROP INDEX told_key; INSERT INTO told VALUES ('a', 'b', 'c'), ('a', 'b', 'c')");
    assert_false(move_back(unwatched, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "the table told has 2 rows in ");
    assert_int_equal(access(back, F_OK), -1);
    assert_no_temporary_file();
}

/* A trigger of somebody else's that drops rows is noticed by counting. */
static void rows_that_do_not_arrive_are_noticed(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct failure failure = {0};
    create_server();
    any_server_run("CREATE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
                   "CREATE TRIGGER drops BEFORE INSERT ON memory FOR EACH ROW WHEN (new.unknown = 3) EXECUTE FUNCTION "
                   "drop_row()");
    create_file();
    fill_file(3);
    assert_false(move_there(unwatched, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "the table memory has 3 rows in ");
    assert_int_equal(number_on_server("SELECT count(*) FROM article"), 0);
}

static void note(void *context, int64_t rows, int64_t of) {
    int64_t *last = context;
    assert_true(rows > last[0] && rows <= of);
    last[0] = rows;
    last[1] = of;
}

static void the_watch_sees_the_rows(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    int64_t last[2] = {0, 0};
    create_file();
    fill_file(100);
    assert_true(move_there((struct move_watch){note, last}, NULL));
    assert_int_equal(last[1], result.rows);
    assert_true(last[0] > result.rows / 2);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(all_rows_of_all_tables_come_back),
                                       TEST(rows_are_moved_in_portions),
                                       TEST(an_empty_store_can_be_moved),
                                       TEST(null_becomes_nothing),
                                       TEST(the_file_is_private_and_is_left_alone),
                                       TEST(numbers_go_on),
                                       TEST(numbers_of_an_empty_store_begin_at_one),
                                       TEST(claims_are_not_moved),
                                       TEST(a_move_keeps_no_journal),
                                       TEST(texts_are_changed_and_counted),
                                       TEST(amounts_with_the_same_key_are_added_up),
                                       TEST(reservations_of_one_service_are_added_up),
                                       TEST(a_server_with_a_state_is_refused),
                                       TEST(a_file_that_is_there_is_refused),
                                       TEST(a_side_that_is_in_use_is_refused),
                                       TEST(a_killed_move_leaves_nothing_on_the_server),
                                       TEST(a_killed_move_leaves_no_file),
                                       TEST(a_failed_move_leaves_the_server_empty),
                                       TEST(a_failed_move_leaves_no_file),
                                       TEST(rows_that_do_not_arrive_are_noticed),
                                       TEST(the_watch_sees_the_rows)};
    return cmocka_run_group_tests(tests, begin, end);
}
