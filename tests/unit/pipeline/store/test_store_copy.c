/* Copies of the state, and the copy that an upgrade leaves. */
#define _GNU_SOURCE
#include "unit/failure_is.h"
#include "unit/scratch_folder.h"

#include <dlfcn.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/store/store.h"
#include "pipeline/store/store_copy.h"

static char copy[80];

/* ---------------------------------------------------------------- calls that fail */

/* The name of the call that fails; `successes` calls before it do not. */
static const char *failing;
static int successes;

static bool fails(const char *call) {
    if (!failing || strcmp(failing, call) != 0 || successes-- > 0) return false;
    errno = EIO;
    return true;
}

#define REAL(name) *(void **)&real = dlsym(RTLD_NEXT, name)

int sqlite3_open_v2(const char *name, sqlite3 **ret_database, int flags, const char *vfs) {
    int (*real)(const char *, sqlite3 **, int, const char *);
    REAL("sqlite3_open_v2");
    int code = real(name, ret_database, flags, vfs);
    return fails("open") ? SQLITE_CANTOPEN : code;
}

sqlite3_backup *sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from, const char *from_name) {
    sqlite3_backup *(*real)(sqlite3 *, const char *, sqlite3 *, const char *);
    REAL("sqlite3_backup_init");
    return fails("begin") ? NULL : real(to, to_name, from, from_name);
}

int sqlite3_backup_step(sqlite3_backup *backup, int pages) {
    int (*real)(sqlite3_backup *, int);
    REAL("sqlite3_backup_step");
    return fails("step") ? SQLITE_FULL : real(backup, pages);
}

int sqlite3_backup_finish(sqlite3_backup *backup) {
    int (*real)(sqlite3_backup *);
    REAL("sqlite3_backup_finish");
    int code = real(backup);
    return fails("finish") ? SQLITE_IOERR : code;
}

int sqlite3_exec(sqlite3 *database, const char *text, int (*row)(void *, int, char **, char **), void *context,
                 char **ret_error) {
    int (*real)(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **);
    REAL("sqlite3_exec");
    return fails("exec") ? SQLITE_IOERR : real(database, text, row, context, ret_error);
}

int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *);
    REAL("rename");
    return fails("rename") ? -1 : real(from, to);
}

/* ---------------------------------------------------------------- the state */

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

/* ---------------------------------------------------------------- copies that cannot be made */

/* A state of one article, with a copy of none. */
static void make_both(void) {
    struct store *store = NULL;
    char command[120];
    snprintf(command, sizeof command, "rm -f %s/*", folder);
    assert_int_equal(system(command), 0);
    assert_true(store_open(path, true, &store, NULL));
    assert_true(store_copy(store, copy, NULL));
    put(store, 'a');
    assert_true(store_commit(store, NULL));
    store_close(store);
}

static void a_copy_is_whole_or_the_earlier_one_whatever_fails(void **state) {
    static const char *const calls[] = {"open", "begin", "step", "finish", "exec", "rename"};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct store *store = NULL;
        struct failure failure = {0};
        make_both();
        assert_true(store_open(path, true, &store, NULL));
        failing = calls[i];
        bool done = store_copy(store, copy, &failure);
        failing = NULL;
        store_close(store);
        if (done) fail_msg("'%s' failed unnoticed", calls[i]);
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot copy the state ");
        assert_non_null(strstr(failure.sentence, copy));
        assert_int_equal(count_done(copy), 0);
        assert_int_equal(count_files(), 3); /* state.db, state.db.lock, copy.db */
    }
}

static void a_state_is_put_aside_only_for_a_whole_copy(void **state) {
    static const char *const calls[] = {"open", "begin", "step", "finish"};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct failure failure = {0};
        make_both();
        failing = calls[i];
        successes = strcmp(calls[i], "open") == 0; /* the copy is opened first */
        bool done = store_restore(path, copy, true, &failure);
        failing = NULL;
        successes = 0;
        if (done) fail_msg("'%s' failed unnoticed", calls[i]);
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot copy the state ");
        assert_int_equal(count_done(path), 1);
    }
}

static void a_copy_that_cannot_be_read_is_told(void **state) {
    struct failure failure = {0};
    (void)state;
    make_both();
    failing = "open";
    assert_false(store_restore(path, copy, true, &failure));
    failing = NULL;
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot read ");
    assert_non_null(strstr(failure.sentence, copy));
    assert_int_equal(count_done(path), 1);
}

/* The log is moved first, then its index, then the state; the copy is renamed last. */
static void a_state_that_cannot_be_put_aside_is_not_lost(void **state) {
    static const char *const endings[] = {"-wal", "-shm", ""};
    char name[100];
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct failure failure = {0};
        make_both();
        failing = "rename";
        successes = i;
        assert_false(store_restore(path, copy, true, &failure));
        failing = NULL;
        successes = 0;
        snprintf(name, sizeof name, "cannot rename %s%s: ", path, endings[i]);
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, name);
        assert_int_equal(count_done(path), 1);
    }
    struct failure failure = {0};
    make_both();
    failing = "rename";
    successes = 3;
    assert_false(store_restore(path, copy, true, &failure));
    failing = NULL;
    successes = 0;
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot copy the state ");
    snprintf(name, sizeof name, "%s.replaced", path);
    assert_int_equal(count_done(name), 1);
    assert_int_equal(count_done(copy), 0);
}

static void a_state_is_replaced_by_its_copy(void **state) {
    struct failure failure = {0};
    char aside[100];
    (void)state;
    make_both();
    assert_false(store_restore(path, copy, false, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_USAGE, "add --replace to put it aside as ");
    assert_int_equal(count_done(path), 1);
    assert_true(store_restore(path, copy, true, NULL));
    snprintf(aside, sizeof aside, "%s.replaced", path);
    assert_int_equal(count_done(path), 0);
    assert_int_equal(count_done(aside), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_copy_has_what_was_committed_and_is_private),
                                       cmocka_unit_test(a_copy_that_fails_leaves_the_earlier_one),
                                       cmocka_unit_test(an_upgrade_that_fails_changes_nothing_and_leaves_a_copy),
                                       cmocka_unit_test(a_copy_is_whole_or_the_earlier_one_whatever_fails),
                                       cmocka_unit_test(a_state_is_put_aside_only_for_a_whole_copy),
                                       cmocka_unit_test(a_copy_that_cannot_be_read_is_told),
                                       cmocka_unit_test(a_state_that_cannot_be_put_aside_is_not_lost),
                                       cmocka_unit_test(a_state_is_replaced_by_its_copy)};
    return cmocka_run_group_tests(tests, set_up, remove_folder);
}
