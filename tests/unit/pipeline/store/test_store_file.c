/* The state's file: how a new one is made, and what happens when it cannot be read. */
#define _GNU_SOURCE
#include "unit/failure_is.h"
#include "unit/scratch_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/store/store.h"

enum { ROWS = 3000, ROW_BYTES = 4000 };

static void a_new_state_is_whole_and_private(void **state) {
    (void)state;
    struct store *store = NULL;
    struct stat status;
    assert_true(store_open(path, false, &store, NULL));
    assert_true(store_is_empty(store));
    assert_int_equal(stat(path, &status), 0);
    assert_true(status.st_size > 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    store_close(store);
}

static struct article_row row_of(int number, struct span record) {
    struct article_row row = {.article_state = ARTICLE_STATE_DONE, .version = SPAN("v"), .record = record};
    snprintf(row.id, sizeof row.id, "%032x", (unsigned)number);
    return row;
}

static void fill(void) {
    struct store *store = NULL;
    char *text = calloc(1, ROW_BYTES);
    memset(text, 'x', ROW_BYTES);
    assert_true(store_open(path, true, &store, NULL));
    for (int i = 0; i < ROWS; i++) {
        struct article_row row = row_of(i, (struct span){text, ROW_BYTES});
        assert_true(store_put(store, &row, NULL));
    }
    assert_true(store_commit(store, NULL));
    assert_false(store_is_empty(store));
    store_close(store);
    free(text);
}

static void overwrite_most_of_it(void) {
    static const char zeros[4096];
    struct stat status;
    int file = open(path, O_WRONLY);
    assert_true(file >= 0 && fstat(file, &status) == 0);
    for (off_t at = status.st_size / 4096 / 4 * 4096; at < status.st_size; at += 4096)
        assert_int_equal(pwrite(file, zeros, sizeof zeros, at), sizeof zeros);
    close(file);
}

/* An article that cannot be read looks as if it were new, so nothing may come of it. */
static void nothing_is_committed_after_a_read_error(void **state) {
    (void)state;
    struct store *store = NULL;
    struct failure failure = {0};
    fill();
    assert_true(store_open(path, true, &store, NULL));
    assert_true(store_is_readable(store, &failure));
    overwrite_most_of_it();
    int known = 0;
    for (int i = 0; i < ROWS; i++) known += store_knows(store, row_of(i, SPAN("")).id, SPAN("v"));
    assert_true(known < ROWS);
    assert_false(store_is_readable(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "is damaged");
    failure = (struct failure){0};
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "verify --repair");
    store_close(store);
    failure = (struct failure){0};
    assert_false(store_open(path, true, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "is damaged");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_new_state_is_whole_and_private),
                                       cmocka_unit_test(nothing_is_committed_after_a_read_error)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
