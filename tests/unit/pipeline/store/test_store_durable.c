/* The size of the store's log, whatever is written, and its removal. */
#define _GNU_SOURCE
#include "unit/failure_is.h"
#include "unit/scratch_folder.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/store/store.h"

enum { ENTRY_BYTES = 50000, ENTRIES = 20, GROUPS = 40, LOG_LIMIT = 16 << 20 };

static char text[ENTRY_BYTES + 1];

/* Whether the log was removed, and whether its folder was flushed after that. */
static bool log_removed, folder_flushed;

int unlink(const char *name) {
    int (*real)(const char *);
    *(void **)&real = dlsym(RTLD_NEXT, "unlink");
    if (strcmp(name, log_path) == 0) log_removed = true, folder_flushed = false;
    return real(name);
}

int fsync(int file) {
    struct stat flushed, own;
    int (*real)(int);
    *(void **)&real = dlsym(RTLD_NEXT, "fsync");
    if (fstat(file, &flushed) == 0 && stat(folder, &own) == 0 && flushed.st_ino == own.st_ino) folder_flushed = true;
    return real(file);
}

/* Whether the log was flushed when it was empty, and whether that was told to others at that moment. */
static bool emptying_flushed, emptying_told;
static struct store *watched;

int fdatasync(int file) {
    struct stat flushed, own;
    int (*real)(int);
    *(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
    bool is_log = fstat(file, &flushed) == 0 && stat(log_path, &own) == 0 && flushed.st_ino == own.st_ino;
    if (is_log && flushed.st_size == 0) {
        emptying_flushed = true;
        emptying_told = watched && store_log_is_being_shortened(watched);
    }
    return real(file);
}

static int set_up(void **state) {
    int made = make_folder(state);
    memset(text, 'x', ENTRY_BYTES);
    return made;
}

static int64_t log_size(void) {
    struct stat status;
    return stat(log_path, &status) == 0 ? status.st_size : 0;
}

/* Commits a group of about 1 MB. */
static void add_group(struct store *store, int group) {
    for (int i = 0; i < ENTRIES; i++) {
        struct memory_key key = {0};
        struct memory_entry entry = {.source = span_of(text), .target = SPAN("x"), .source_language = SPAN("es")};
        key.bytes[0] = (unsigned char)group;
        key.bytes[1] = (unsigned char)i;
        assert_true(store_remember(store, &key, &entry, NULL));
    }
    assert_true(store_commit(store, NULL));
}

/* As a run does before it makes records visible. */
static void write_group(struct store *store, int group) {
    add_group(store, group);
    assert_true(store_make_durable(store, NULL));
}

static int64_t write_groups(struct store *store, int first, int count) {
    int64_t largest = 0;
    for (int i = first; i < first + count; i++) {
        write_group(store, i);
        if (log_size() > largest) largest = log_size();
    }
    return largest;
}

static struct store *open_store(void) {
    struct store *store = NULL;
    assert_true(store_open(path, true, &store, NULL));
    return store;
}

static void the_log_stays_short(void **state) {
    (void)state;
    struct store *store = open_store();
    assert_in_range(write_groups(store, 0, GROUPS), 1 << 20, LOG_LIMIT);
    store_close(store);
}

/* A reader keeps the log, but not for good, and is not disturbed. */
static void a_reader_keeps_the_log_only_while_it_reads(void **state) {
    (void)state;
    static const char count[] = "SELECT count(*) FROM memory";
    struct store *store = open_store();
    sqlite3 *reader = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &reader, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(reader, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(reader, count, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int before = sqlite3_column_int(statement, 0);
    assert_true(write_groups(store, GROUPS, GROUPS) > LOG_LIMIT);
    sqlite3_reset(statement);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), before);
    sqlite3_finalize(statement);
    sqlite3_close(reader);
    write_groups(store, 2 * GROUPS, 10);
    assert_in_range(log_size(), 0, LOG_LIMIT);
    store_close(store);
}

/* Who adds much waits while the log is long, and it is only as long as somebody can shorten it. */
static void a_long_log_is_told(void **state) {
    (void)state;
    struct store *store = open_store();
    assert_false(store_log_is_long(store));
    int group = 100;
    while (log_size() < LOG_LIMIT / 4) add_group(store, group++);
    assert_false(store_log_is_long(store));
    while (log_size() < LOG_LIMIT / 2) add_group(store, group++);
    assert_true(store_log_is_long(store));
    emptying_flushed = false;
    assert_false(store_log_is_being_shortened(store));
    watched = store;
    assert_true(store_make_durable(store, NULL));
    watched = NULL;
    assert_true(emptying_flushed); /* otherwise a power cut could bring it back in its former length */
    assert_true(emptying_told);
    assert_false(store_log_is_being_shortened(store));
    assert_false(store_log_is_long(store));
    store_close(store);
}

/* It would wait for ever. */
static void nobody_waits_for_a_log_that_cannot_be_shortened(void **state) {
    (void)state;
    struct store *store = open_store();
    struct rlimit before, few;
    for (int group = 160; !store_log_is_long(store); group++) add_group(store, group);
    int next = dup(STDIN_FILENO); /* the lowest number that is free */
    assert_true(next >= 0);
    close(next);
    getrlimit(RLIMIT_NOFILE, &before);
    few = (struct rlimit){(rlim_t)next + 1, before.rlim_max}; /* enough to flush the log, not for a connection */
    setrlimit(RLIMIT_NOFILE, &few);
    bool durable = store_make_durable(store, NULL), is_long = store_log_is_long(store);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_true(durable);
    assert_true(log_size() > LOG_LIMIT / 2);
    assert_false(is_long);
    for (int group = 180; !store_log_is_long(store); group++) add_group(store, group);
    assert_true(store_make_durable(store, NULL));
    assert_int_equal(log_size(), 0);
    store_close(store);
}

static void *make_durable(void *context) {
    struct failure failure = {0};
    return store_make_durable(context, &failure) ? NULL : context;
}

/* The thread that writes records and the one that flushes reservations may find a long log at once. */
static void two_threads_may_shorten_it(void **state) {
    (void)state;
    struct store *store = open_store();
    for (int round = 0; round < 4; round++) {
        pthread_t threads[2];
        void *failed[2];
        for (int group = 0; group < 10; group++) add_group(store, 210 + 10 * round + group);
        for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&threads[i], NULL, make_durable, store), 0);
        for (int i = 0; i < 2; i++) assert_int_equal(pthread_join(threads[i], &failed[i]), 0);
        assert_null(failed[0]);
        assert_null(failed[1]);
        assert_in_range(log_size(), 0, LOG_LIMIT);
    }
    store_close(store);
}

/* Otherwise a power cut could bring it back with other files' data in it. */
static void the_removal_of_a_used_log_is_flushed(void **state) {
    (void)state;
    struct store *store = open_store();
    write_group(store, 200);
    log_removed = folder_flushed = false;
    store_close(store);
    assert_true(log_removed && folder_flushed);
    store = open_store();
    log_removed = folder_flushed = false;
    store_close(store);
    assert_true(log_removed && !folder_flushed); /* it was empty */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_log_stays_short),        cmocka_unit_test(a_reader_keeps_the_log_only_while_it_reads),
        cmocka_unit_test(a_long_log_is_told),         cmocka_unit_test(nobody_waits_for_a_log_that_cannot_be_shortened),
        cmocka_unit_test(two_threads_may_shorten_it), cmocka_unit_test(the_removal_of_a_used_log_is_flushed)};
    return cmocka_run_group_tests(tests, set_up, remove_folder);
}
