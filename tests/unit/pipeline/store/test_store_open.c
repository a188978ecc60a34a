/* What is said of a state that cannot be opened or used, with which exit code. */
#define _GNU_SOURCE
#include "unit/failure_is.h"
#include "unit/scratch_folder.h"
#include "unit/sqlite_errors.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/store/database_sqlite.h"
#include "pipeline/store/store_internal.h"

/* Runs a command of the shell in which $F is the file. */
static void run(const char *command) {
    setenv("F", path, 1);
    assert_int_equal(system(command), 0);
}

static void assert_said(const struct failure *failure, enum exit_code code, const char *said) {
    assert_failure(failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, code, said);
    if (!strstr(failure->sentence, path)) fail_msg("'%s' does not name %s", failure->sentence, path);
}

static void assert_not_opened(enum exit_code code, const char *said) {
    for (int exclusive = 0; exclusive < 2; exclusive++) {
        struct failure failure = {0};
        struct store *store = NULL;
        if (store_open(path, exclusive, &store, &failure)) fail_msg("was opened: %s", said);
        assert_null(store);
        assert_said(&failure, code, said);
    }
}

/* ---------------------------------------------------------------- SQLite's errors */

static void each_error_of_the_database_has_its_sentence(void **state) {
    (void)state;
    static const struct {
        int error;
        enum exit_code code;
        const char *said;
    } errors[] = {{SQLITE_FULL, EXIT_IO, "is full; free some space and run again"},
                  {SQLITE_NOMEM, EXIT_SYSTEM, "out of memory while using the state in "},
                  {SQLITE_READONLY, EXIT_PERMISSION, "needs write permission for the file and its folder"},
                  {SQLITE_READONLY_DBMOVED, EXIT_PERMISSION, "cannot write the state "},
                  {SQLITE_CANTOPEN, EXIT_PERMISSION, "cannot write the state "},
                  {SQLITE_PERM, EXIT_PERMISSION, "cannot write the state "},
                  {SQLITE_BUSY, EXIT_BUSY, "another program has locked the state "},
                  {SQLITE_BUSY_SNAPSHOT, EXIT_BUSY, "another program has locked the state "},
                  {SQLITE_LOCKED, EXIT_BUSY, "; wait until it has ended"},
                  {SQLITE_NOTADB, EXIT_IO, "is damaged (file is not a database); restore it from a backup"},
                  {SQLITE_CORRUPT, EXIT_IO, "is damaged (database disk image is malformed); restore it"},
                  {SQLITE_IOERR, EXIT_IO, "cannot be used: disk I/O error"},
                  {SQLITE_MISMATCH, EXIT_IO, "cannot be used: datatype mismatch"}};
    sqlite3 *handle = sqlite_errors_open();
    struct store store = {.path = path, .database = database_sqlite_of(handle)};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct failure failure = {0};
        sqlite_errors_make(handle, errors[i].error);
        assert_false(store_fail(&store, &failure));
        assert_said(&failure, errors[i].code, errors[i].said);
    }
    store.path = NULL;
    struct failure failure = {0};
    assert_false(store_fail(&store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "the state in (memory) cannot be used");
    database_close(store.database);
}

/* ---------------------------------------------------------------- files */

static void what_is_no_state_is_refused(void **state) {
    (void)state;
    run("rm -rf $F; mkdir $F");
    assert_not_opened(EXIT_CONFIG, "is a folder; set run.state to a file");
    run("rm -rf $F; mkfifo $F");
    assert_not_opened(EXIT_CONFIG, "is not a regular file; set run.state to a file");
    run("rm $F; : > $F");
    assert_not_opened(EXIT_IO, "is an empty file, so it has lost what was in it; restore it from a backup");
    run("echo 'SQLite format 3' > $F");
    assert_not_opened(EXIT_IO, "is another kind of file, or its beginning is damaged; restore it from a backup");
    run("rm $F; : > $F-wal; echo log > $F-wal");
    assert_not_opened(EXIT_IO, "is missing, but its log ");
    run("rm $F-wal");
}

static void make_database(const char *sql) {
    sqlite3 *database;
    run("rm -f $F $F-wal $F-shm");
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void what_is_another_database_is_refused(void **state) {
    (void)state;
    make_database("CREATE TABLE mine (x); DROP TABLE mine");
    assert_not_opened(EXIT_IO, "is an empty database, so it has lost what was in it; restore it from a backup");
    make_database("CREATE TABLE mine (x)");
    assert_not_opened(EXIT_CONFIG, "is the database of another program; set run.state to a file of dragoman's own");
    make_database("CREATE TABLE article (x); CREATE TABLE memory (x); CREATE TABLE bill (x)");
    assert_not_opened(EXIT_CONFIG, "is the database of another program");
    make_database("CREATE TABLE article (x); CREATE TABLE memory (x); PRAGMA user_version = 3");
    assert_not_opened(EXIT_CONFIG, "is the database of another program");
}

static void a_newer_state_is_left_alone(void **state) {
    (void)state;
    struct store *store = NULL;
    sqlite3 *database;
    run("rm -f $F $F-wal $F-shm");
    assert_true(store_open(path, true, &store, NULL));
    store_close(store);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "PRAGMA user_version = 1000", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    assert_not_opened(EXIT_CONFIG, "was written by a newer version of dragoman (format ");
}

static void only_one_run_uses_a_state(void **state) {
    (void)state;
    struct store *first = NULL, *second = NULL;
    struct failure failure = {0};
    char owner[80];
    run("rm -f $F $F-wal $F-shm");
    assert_true(store_open(path, true, &first, NULL));
    assert_false(store_open(path, true, &second, &failure));
    snprintf(owner, sizeof owner, "another run (process %ld) is using ", (long)getpid());
    assert_said(&failure, EXIT_BUSY, owner);
    assert_true(store_open(path, false, &second, &failure));
    store_close(second);
    store_close(first);
}

/* ---------------------------------------------------------------- folders */

static void assert_not_made(const char *given, enum exit_code code, const char *said) {
    struct failure failure = {0};
    struct store *store = NULL;
    assert_false(store_open(given, false, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, code, said);
}

static void a_state_that_cannot_be_made_says_why(void **state) {
    (void)state;
    char given[5000], said[200];
    run("rm -rf $F; echo file > $F");
    snprintf(given, sizeof given, "%s/below/state.db", path);
    snprintf(said, sizeof said, "cannot create the folder %s/below: Not a directory", path);
    assert_not_made(given, EXIT_IO, said);
    snprintf(given, sizeof given, "%s/state.db", path);
    snprintf(said, sizeof said, "cannot create the state %s/state.db: Not a directory", path);
    assert_not_made(given, EXIT_IO, said);
    snprintf(given, sizeof given, "%s/%0300d", folder, 0);
    assert_not_made(given, EXIT_IO, "File name too long");
    memset(given, 'a', sizeof given - 1);
    given[0] = '/';
    given[sizeof given - 1] = '\0';
    assert_not_made(given, EXIT_CONFIG, "the path of the state file is too long");
    assert_not_made("/proc/dragoman.db", EXIT_IO, "cannot create the state /proc/dragoman.db: ");
    assert_not_made("/dev/full/state.db", EXIT_IO, "cannot create the state /dev/full/state.db: ");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_error_of_the_database_has_its_sentence),
                                       cmocka_unit_test(what_is_no_state_is_refused),
                                       cmocka_unit_test(what_is_another_database_is_refused),
                                       cmocka_unit_test(a_newer_state_is_left_alone),
                                       cmocka_unit_test(only_one_run_uses_a_state),
                                       cmocka_unit_test(a_state_that_cannot_be_made_says_why)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
