/* Reading the state without changing anything on the disk: after a run, during one, and after one was killed. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_read.h"

static char folder[] = "/tmp/dragoman-read-%?#XXXXXX", path[80];

static void run(const char *command) {
    setenv("F", path, 1);
    assert_int_equal(system(command), 0);
}

/* Writes what stands in the folder; the times tell whether a file was written. */
static void list(char *ret_list, size_t size) {
    run("find \"${F%/*}\" -printf '%p %s %m %T@\n' | sort > \"${F%/*}.list\"");
    struct buffer name = BUFFER(256);
    buffer_print(&name, "%s.list", folder);
    FILE *file = fopen(name.at, "r");
    ret_list[fread(ret_list, 1, size - 1, file)] = '\0';
    fclose(file);
    buffer_free(&name);
}

static size_t count_failed(struct store *store) {
    size_t counts[7];
    store_counts(store, counts);
    return counts[ARTICLE_STATE_DEAD];
}

static void put(struct store *store, unsigned number) {
    struct article_row row = {
        .article_state = ARTICLE_STATE_DEAD, .source = SPAN("s"), .address = SPAN("a"), .day = SPAN("2026-01-05")};
    snprintf(row.id, sizeof row.id, "%032x", number);
    assert_true(store_put(store, &row, NULL));
    assert_true(store_commit(store, NULL));
}

static struct store *begin(void) {
    struct store *store = NULL;
    run("rm -f \"$F\"*");
    assert_true(store_open(path, true, &store, NULL));
    put(store, 1);
    return store;
}

/* Reads the state, and asserts that it has so many articles and that nothing was made or changed. */
static void assert_read(size_t articles) {
    char before[4096], after[4096];
    struct store *store = NULL;
    struct failure failure = {0};
    list(before, sizeof before);
    if (!store_read(path, &store, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(count_failed(store), articles);
    assert_true(store_is_readable(store, &failure));
    store_close(store);
    list(after, sizeof after);
    assert_string_equal(before, after);
}

static void without_a_state_it_is_empty(void **state) {
    (void)state;
    run("rm -f \"$F\"*");
    assert_read(0);
    run("echo log > \"$F-wal\"");
    struct store *store = NULL;
    struct failure failure = {0};
    assert_false(store_read(path, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "is missing, but its log ");
}

static void between_runs_and_during_one(void **state) {
    (void)state;
    struct store *store = begin();
    assert_read(1);
    put(store, 2);
    assert_read(2);
    store_close(store);
    assert_read(2);
}

/* Leaves the log, as a killed run does. */
static void leave_log(void) {
    store_close(begin());
    pid_t child = fork();
    if (child == 0) {
        struct store *store = NULL;
        if (!store_open(path, true, &store, NULL)) _exit(1);
        put(store, 2);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void after_a_kill_with_and_without_the_logs_index(void **state) {
    (void)state;
    leave_log();
    assert_read(2);
    run("rm \"$F-shm\"");
    assert_read(2);
    run("chmod a-w \"$F\"*");
    assert_read(2);
}

static void a_state_of_an_earlier_version_is_upgraded_in_memory(void **state) {
    (void)state;
    sqlite3 *database;
    store_close(begin());
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(database,
                     "PRAGMA user_version = 11; DROP TRIGGER event_of_none; DROP TRIGGER event_of_pruned; DROP TABLE "
                     "event; DROP INDEX article_pruned; DROP TABLE pruned; DROP TABLE "
                     "removal; ALTER TABLE article DROP COLUMN pruned; ALTER TABLE memory DROP COLUMN used",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(database);
    assert_read(1);
}

/* Too large for a copy. */
static struct store *read_large(void) {
    sqlite3 *database;
    struct store *store = NULL;
    struct failure failure = {0};
    store_close(begin());
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "UPDATE article SET record = zeroblob(68 << 20)", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(database);
    assert_read(1);
    if (!store_read(path, &store, &failure)) fail_msg("%s", failure.sentence);
    return store;
}

static void a_large_state_that_changes_meanwhile_is_not_believed(void **state) {
    (void)state;
    struct failure failure = {0};
    struct store *reader = read_large(), *writer = NULL;
    assert_true(store_is_readable(reader, &failure));
    assert_true(store_open(path, true, &writer, NULL));
    put(writer, 2);
    assert_read(2);
    assert_false(store_is_readable(reader, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_BUSY,
                   "was changed by a run while it was read; try again");
    store_close(reader);
    store_close(writer);
}

static void what_is_changed_in_it_is_lost(void **state) {
    (void)state;
    struct store *store = NULL;
    store_close(begin());
    assert_true(store_read(path, &store, NULL));
    put(store, 2);
    store_close(store);
    assert_read(1);
}

static void what_cannot_be_read_is_said(void **state) {
    (void)state;
    static const struct {
        const char *command, *said;
        enum exit_code code;
    } all[] = {{"mkdir \"$F\"", "is a folder; set run.state to a file", EXIT_CONFIG},
               {": > \"$F\"", "is an empty file", EXIT_IO},
               {"echo x > \"$F\"", "is another kind of file", EXIT_IO},
               {"ln -s loop \"$F\"; ln -s state.db \"${F%/*}/loop\"", "cannot read the state ", EXIT_IO}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct store *store = NULL;
        struct failure failure = {0};
        run("rm -rf \"$F\"* \"${F%/*}/loop\"");
        run(all[i].command);
        assert_false(store_read(path, &store, &failure));
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, all[i].code, all[i].said);
    }
}

static int setup(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/state.db", folder);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    run("rm -rf \"${F%/*}\" \"${F%/*}.list\"");
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(without_a_state_it_is_empty),
                                       cmocka_unit_test(between_runs_and_during_one),
                                       cmocka_unit_test(after_a_kill_with_and_without_the_logs_index),
                                       cmocka_unit_test(a_state_of_an_earlier_version_is_upgraded_in_memory),
                                       cmocka_unit_test(a_large_state_that_changes_meanwhile_is_not_believed),
                                       cmocka_unit_test(what_is_changed_in_it_is_lost),
                                       cmocka_unit_test(what_cannot_be_read_is_said)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
