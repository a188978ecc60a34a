/* Copies of the state, and the copy that an upgrade leaves. */
#define _GNU_SOURCE
#include "unit/failure_is.h"
#include "unit/scratch_folder.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/store/store.h"
#include "pipeline/store/store_copy.h"

static char copy[80];

static int set_up(void **state) {
    int made = make_folder(state);
    snprintf(copy, sizeof copy, "%s/copy.db", folder);
    return made;
}

static void put(struct store *store, char digit) {
    struct article_row row = {.article_state = ARTICLE_STATE_DONE, .version = SPAN("v"), .record = SPAN("{}")};
    memset(row.id, digit, sizeof row.id - 1);
    assert_true(store_put(store, &row, NULL));
}

static size_t count_done(const char *file) {
    struct store *store = NULL;
    size_t counts[7];
    assert_true(store_open(file, false, &store, NULL));
    store_counts(store, counts);
    store_close(store);
    return counts[ARTICLE_STATE_DONE];
}

static size_t count_files(void) {
    char command[120], line[16] = "";
    snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
    FILE *lines = popen(command, "r");
    assert_non_null(fgets(line, sizeof line, lines));
    pclose(lines);
    return strtoul(line, NULL, 10);
}

static void a_copy_has_what_was_committed_and_is_private(void **state) {
    (void)state;
    struct store *store = NULL;
    struct stat status;
    assert_true(store_open(path, true, &store, NULL));
    put(store, 'a');
    assert_true(store_commit(store, NULL));
    assert_true(store_copy(store, copy, NULL));
    put(store, 'b');
    assert_true(store_commit(store, NULL));
    assert_int_equal(stat(copy, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(count_done(copy), 1);
    /* It replaces an earlier one as a whole, and leaves no other file. */
    assert_true(store_copy(store, copy, NULL));
    store_close(store);
    assert_int_equal(count_done(copy), 2);
    assert_int_equal(count_files(), 3); /* state.db, state.db.lock, copy.db */
}

static void a_copy_that_fails_leaves_the_earlier_one(void **state) {
    (void)state;
    struct store *store = NULL;
    struct failure failure;
    char nowhere[120];
    snprintf(nowhere, sizeof nowhere, "%s/missing/copy.db", folder);
    assert_true(store_open(path, true, &store, NULL));
    assert_false(store_copy(store, nowhere, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "No such file or directory");
    assert_non_null(strstr(failure.sentence, nowhere));
    /* A folder cannot be replaced by a file. */
    assert_false(store_copy(store, folder, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot copy the state");
    store_close(store);
    assert_int_equal(count_done(copy), 2);
}

static void set_version(const char *file, int version) {
    sqlite3 *database = NULL;
    char statement[64];
    snprintf(statement, sizeof statement, "PRAGMA user_version = %d", version);
    assert_int_equal(sqlite3_open(file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, statement, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void an_upgrade_that_fails_changes_nothing_and_leaves_a_copy(void **state) {
    (void)state;
    struct store *store = NULL;
    struct failure failure;
    char before[100];
    struct stat status;
    /* The steps after version 3 find tables that they were to make. */
    set_version(path, 3);
    snprintf(before, sizeof before, "%s.format-3", path);
    assert_false(store_open(path, true, &store, &failure));
    assert_int_equal(stat(before, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_false(store_open(path, true, &store, &failure)); /* it is still of version 3 */
    set_version(path, 999);
    assert_false(store_open(path, true, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                   "written by a newer version of dragoman (format 999; this version knows 13)");
    set_version(path, 13);
    assert_int_equal(count_done(path), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_copy_has_what_was_committed_and_is_private),
                                       cmocka_unit_test(a_copy_that_fails_leaves_the_earlier_one),
                                       cmocka_unit_test(an_upgrade_that_fails_changes_nothing_and_leaves_a_copy)};
    return cmocka_run_group_tests(tests, set_up, remove_folder);
}
