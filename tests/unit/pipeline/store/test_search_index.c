/* The search index: whose file it is, what is said when it cannot be used, and that a record replaces its earlier form.
 */
#define _GNU_SOURCE
#include "unit/failure_is.h"
#include "unit/scratch_folder.h"
#include "unit/sqlite_errors.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/store/search_index_internal.h"

/* Runs a command of the shell in which $F is the file. */
static void run(const char *command) {
    setenv("F", path, 1);
    assert_int_equal(system(command), 0);
}

static void assert_said(const struct failure *failure, enum exit_code code, const char *said) {
    assert_failure(failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, code, said);
    if (!strstr(failure->sentence, path)) fail_msg("'%s' does not name %s", failure->sentence, path);
}

static struct search_index *open_index(enum search_access access) {
    struct search_index *index = NULL;
    struct failure failure = {0};
    if (!search_index_open(path, access, &index, &failure)) fail_msg("%s", failure.sentence);
    return index;
}

static void assert_not_opened(enum search_access access, enum exit_code code, const char *said) {
    struct search_index *index = NULL;
    struct failure failure = {0};
    if (search_index_open(path, access, &index, &failure)) fail_msg("was opened: %s", said);
    assert_null(index);
    assert_said(&failure, code, said);
}

/* ---------------------------------------------------------------- SQLite's errors */

static void each_error_of_the_database_has_its_sentence(void **state) {
    (void)state;
    static const struct {
        int error;
        enum exit_code code;
        const char *said;
    } errors[] = {{SQLITE_BUSY, EXIT_BUSY, "is being updated; try again in a moment"},
                  {SQLITE_LOCKED, EXIT_BUSY, "is being updated; try again in a moment"},
                  {SQLITE_FULL, EXIT_IO, "is full; free some space and run again"},
                  {SQLITE_CORRUPT, EXIT_IO, "is damaged (database disk image is malformed); " SEARCH_WAY_BACK},
                  {SQLITE_NOTADB, EXIT_IO, "is damaged (file is not a database); " SEARCH_WAY_BACK},
                  {SQLITE_ERROR, EXIT_IO, "is damaged ("},
                  {SQLITE_READONLY, EXIT_PERMISSION, "cannot be written, or was left unfinished by a run that was "},
                  {SQLITE_CANTOPEN, EXIT_PERMISSION, "cannot open the search index in "},
                  {SQLITE_PERM, EXIT_PERMISSION, "cannot open the search index in "},
                  {SQLITE_IOERR, EXIT_IO, "cannot be used: disk I/O error"}};
    struct search_index index = {.path = path, .database = sqlite_errors_open()};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct failure failure = {0};
        sqlite_errors_make(index.database, errors[i].error);
        assert_false(search_index_fail(&index, &failure));
        assert_said(&failure, errors[i].code, errors[i].said);
    }
    sqlite3_close(index.database);
}

/* ---------------------------------------------------------------- files */

static void a_missing_index_is_made_by_a_run_only(void **state) {
    (void)state;
    run("rm -f $F");
    assert_not_opened(SEARCH_READ, EXIT_IO, "there is no search index in ");
    assert_int_not_equal(access(path, F_OK), 0);
    search_index_close(open_index(SEARCH_FILL));
    search_index_close(open_index(SEARCH_READ));
}

/* A full disk leaves such a file. */
static void an_empty_file_is_no_index_yet(void **state) {
    (void)state;
    run("rm -f $F && touch $F");
    assert_not_opened(SEARCH_READ, EXIT_IO, "there is no search index in ");
    search_index_close(open_index(SEARCH_FILL));
    search_index_close(open_index(SEARCH_READ));
}

static void make_database(const char *sql) {
    sqlite3 *database;
    run("rm -f $F");
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void another_database_is_kept_until_it_is_replaced_on_request(void **state) {
    (void)state;
    make_database("CREATE TABLE mine (x)");
    assert_not_opened(SEARCH_READ, EXIT_IO, "is not a search index of dragoman; " SEARCH_WAY_BACK);
    assert_not_opened(SEARCH_FILL, EXIT_IO, "is not a search index of dragoman; " SEARCH_WAY_BACK);
    search_index_close(open_index(SEARCH_REBUILD));
    search_index_close(open_index(SEARCH_READ));
}

static void set_version(int version) {
    char text[64];
    sqlite3 *database;
    search_index_close(open_index(SEARCH_REBUILD));
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    snprintf(text, sizeof text, "PRAGMA user_version = %d", version);
    assert_int_equal(sqlite3_exec(database, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void versions_say_what_to_do(void **state) {
    (void)state;
    set_version(1000);
    assert_not_opened(SEARCH_READ, EXIT_CONFIG, "was written by a newer version of dragoman; use that version, or ");
    assert_not_opened(SEARCH_FILL, EXIT_CONFIG, "was written by a newer version of dragoman; use that version, or ");
    set_version(0);
    assert_not_opened(SEARCH_READ, EXIT_CONFIG, "was written by an older version of dragoman; the next run rebuilds ");
    search_index_close(open_index(SEARCH_FILL));
    search_index_close(open_index(SEARCH_READ));
}

static void what_is_no_file_is_refused(void **state) {
    (void)state;
    run("rm -f $F; ln -s /dev/null $F");
    assert_not_opened(SEARCH_READ, EXIT_IO, "is a link, which is not followed; remove it");
    search_index_close(open_index(SEARCH_FILL));
    run("test -f $F && ! test -L $F && rm $F && mkdir $F");
    assert_not_opened(SEARCH_FILL, EXIT_PERMISSION, "cannot open the search index in ");
    assert_not_opened(SEARCH_REBUILD, EXIT_IO, "cannot replace the search index in ");
    run("rmdir $F");
}

static void a_damaged_index_is_replaced_on_request(void **state) {
    (void)state;
    run("rm -f $F; head -c 20000 /dev/zero > $F");
    assert_not_opened(SEARCH_READ, EXIT_IO, "is damaged (file is not a database); " SEARCH_WAY_BACK);
    assert_not_opened(SEARCH_FILL, EXIT_IO, "is damaged (file is not a database); " SEARCH_WAY_BACK);
    search_index_close(open_index(SEARCH_REBUILD));
    search_index_close(open_index(SEARCH_READ));
}

/* ---------------------------------------------------------------- rows */

static struct search_document document(const char *english) {
    return (struct search_document){.day = "2026-01-29",
                                    .file = SPAN("a.json"),
                                    .stamp = SPAN("1"),
                                    .language = SPAN("es"),
                                    .source = SPAN("s"),
                                    .title = SPAN("puerto port"),
                                    .text = SPAN("barco"),
                                    .english = span_of(english)};
}

static void count_match(void *context, const struct search_match *match) {
    assert_span(match->file, "a.json");
    ++*(size_t *)context;
}

static size_t count(struct search_index *index, const char *word) {
    size_t matches = 0, total = 0;
    const struct search_question question = {.match = span_of(word)};
    assert_true(search_index_find(index, &question, 10, count_match, &matches, &total, NULL));
    assert_int_equal(matches, total);
    return total;
}

static void a_record_replaces_its_earlier_form(void **state) {
    (void)state;
    struct search_index *index = open_index(SEARCH_REBUILD);
    struct search_document first = document("ship"), second = document("boat");
    assert_true(search_index_put(index, &first, NULL));
    assert_int_equal(count(index, "ship"), 1);
    assert_true(search_index_put(index, &second, NULL));
    assert_int_equal(count(index, "ship"), 0);
    assert_int_equal(count(index, "boat"), 1);
    assert_int_equal(search_index_count(index), 1);
    assert_true(search_index_remove(index, "2026-01-29", SPAN("a.json"), NULL));
    assert_int_equal(count(index, "boat"), 0);
    search_index_close(index);
}

static void a_row_that_is_damaged_says_the_way_back(void **state) {
    (void)state;
    struct search_index *index = open_index(SEARCH_REBUILD);
    struct search_document first = document("ship");
    struct failure failure = {0};
    assert_true(search_index_put(index, &first, NULL));
    assert_int_equal(sqlite3_exec(index->database, "UPDATE document SET cut = 'zz'", NULL, NULL, NULL), SQLITE_OK);
    assert_false(search_index_put(index, &first, &failure));
    assert_said(&failure, EXIT_IO, "is damaged; " SEARCH_WAY_BACK);
    search_index_close(index);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_error_of_the_database_has_its_sentence),
                                       cmocka_unit_test(a_missing_index_is_made_by_a_run_only),
                                       cmocka_unit_test(an_empty_file_is_no_index_yet),
                                       cmocka_unit_test(another_database_is_kept_until_it_is_replaced_on_request),
                                       cmocka_unit_test(versions_say_what_to_do),
                                       cmocka_unit_test(what_is_no_file_is_refused),
                                       cmocka_unit_test(a_damaged_index_is_replaced_on_request),
                                       cmocka_unit_test(a_record_replaces_its_earlier_form),
                                       cmocka_unit_test(a_row_that_is_damaged_says_the_way_back)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
