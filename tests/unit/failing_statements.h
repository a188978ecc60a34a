/* Plays failures of SQLite: the call that `countdown` counts down to fails with `code`. For one test program each,
 * because it takes the place of the library's functions. */
#ifndef TESTS_UNIT_FAILING_STATEMENTS_H
#define TESTS_UNIT_FAILING_STATEMENTS_H

#include <dlfcn.h>
#include <sqlite3.h>
#include <stdbool.h>

static int code = SQLITE_IOERR; /* of what fails */
static int countdown;           /* which call fails, from 1; 0 = none */
static bool fired, failing;
static int depth; /* calls within calls do not fail: those of sqlite3_exec(), and of FTS5 */

static bool fails(void) {
    if (depth) return false;
    failing = countdown > 0 && --countdown == 0;
    fired = fired || failing;
    return failing;
}

int sqlite3_step(sqlite3_stmt *statement) {
    int (*real)(sqlite3_stmt *);
    *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_step");
    if (fails()) return code;
    depth++;
    int result = real(statement);
    depth--;
    return result;
}

int sqlite3_prepare_v2(sqlite3 *database, const char *text, int length, sqlite3_stmt **ret_statement,
                       const char **end) {
    int (*real)(sqlite3 *, const char *, int, sqlite3_stmt **, const char **);
    *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_prepare_v2");
    if (!fails()) return real(database, text, length, ret_statement, end);
    *ret_statement = NULL;
    return code;
}

int sqlite3_prepare_v3(sqlite3 *database, const char *text, int length, unsigned flags, sqlite3_stmt **ret_statement,
                       const char **end) {
    int (*real)(sqlite3 *, const char *, int, unsigned, sqlite3_stmt **, const char **);
    *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
    if (!fails()) return real(database, text, length, flags, ret_statement, end);
    *ret_statement = NULL;
    return code;
}

int sqlite3_exec(sqlite3 *database, const char *text, int (*row)(void *, int, char **, char **), void *context,
                 char **ret_error) {
    int (*real)(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **);
    *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_exec");
    if (fails()) return code;
    depth++;
    int result = real(database, text, row, context, ret_error);
    depth--;
    return result;
}

int sqlite3_errcode(sqlite3 *database) {
    int (*real)(sqlite3 *);
    *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_errcode");
    return failing ? code : real(database);
}

#endif
