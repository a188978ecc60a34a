/* Shared by the files that implement search_index.h: opening and its failures (search_index.c), and reading and writing
 * the tables (search_index_rows.c). */
#ifndef PIPELINE_STORE_SEARCH_INDEX_INTERNAL_H
#define PIPELINE_STORE_SEARCH_INDEX_INTERNAL_H

#include <sqlite3.h>

#include "pipeline/store/search_index.h"

#define SEARCH_WAY_BACK "rebuild it with `dragoman search --rebuild`"

enum search_statement {
    SEARCH_SQL_BEGIN,
    SEARCH_SQL_COMMIT,
    SEARCH_SQL_DAYS,
    SEARCH_SQL_FOLDER,
    SEARCH_SQL_PUT_FOLDER,
    SEARCH_SQL_FORGET_FOLDER,
    SEARCH_SQL_FILES,
    SEARCH_SQL_FIND,
    SEARCH_SQL_REMOVE,
    SEARCH_SQL_REMOVE_WORDS,
    SEARCH_SQL_PUT,
    SEARCH_SQL_PUT_WORDS,
    SEARCH_SQL_SEARCH,
    SEARCH_SQL_LANGUAGES,
    SEARCH_SQL_SOURCES,
    SEARCH_SQL_COUNT,
    SEARCH_SQL_LAST
};

struct search_index {
    sqlite3 *database;
    char *path;
    bool in_transaction;
    sqlite3_stmt *statements[SEARCH_SQL_LAST]; /* prepared when first needed */
};

/* Turns SQLite's latest error into a failure; returns false. */
bool search_index_fail(const struct search_index *index, struct failure *ret_failure);
/* Returns the statement, reset; NULL with a failure if the tables are not those that it needs. */
sqlite3_stmt *search_index_statement(struct search_index *index, enum search_statement name,
                                     struct failure *ret_failure);
/* Runs a statement whose rows, if any, are not needed. */
bool search_index_run(struct search_index *index, sqlite3_stmt *statement, struct failure *ret_failure);
/* Opens a transaction unless one is open. */
bool search_index_change(struct search_index *index, struct failure *ret_failure);

#endif
