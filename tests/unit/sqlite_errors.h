/* Lets SQLite report any of its errors. */
#ifndef TESTS_UNIT_SQLITE_ERRORS_H
#define TESTS_UNIT_SQLITE_ERRORS_H

#include "unit/cmocka_test.h"

#include <sqlite3.h>
#include <stdio.h>

static inline void sqlite_errors_give(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_error_code(context, sqlite3_value_int(values[0]));
}

/* Opens a database in memory that can fail. */
static inline sqlite3 *sqlite_errors_open(void) {
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
    sqlite3_extended_result_codes(database, 1);
    sqlite3_create_function(database, "fail", 1, SQLITE_UTF8, NULL, sqlite_errors_give, NULL, NULL);
    return database;
}

/* Has the database report this error, as if its last statement had met it. */
static inline void sqlite_errors_make(sqlite3 *database, int error) {
    char question[40];
    snprintf(question, sizeof question, "SELECT fail(%d)", error);
    assert_int_not_equal(sqlite3_exec(database, question, NULL, NULL, NULL), SQLITE_OK);
}

#endif
