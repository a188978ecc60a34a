#include "pipeline/store/search_index_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* APPLICATION is "DrgS": it tells an index of ours from any other database. Increase VERSION whenever the tables or the
 * division into words change; an older index is then filled anew by the next run. */
enum { APPLICATION = 0x44726753, VERSION = 1, BUSY_MS = 5000 };

/* The caller has divided and folded the words, so the tokenizer only has to split them at spaces. `ascii` does that; it
 * takes every other character for part of a word, whatever version of Unicode SQLite knows.
 *
 * `word` has no copy of its texts. To remove a row, FTS5 must be given its words again; they are kept compressed in
 * `cut`, which takes a third of the space. */
static const char schema[] =
    "CREATE TABLE folder (day TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE document (number INTEGER PRIMARY KEY, day TEXT NOT NULL, file TEXT NOT NULL, stamp TEXT NOT NULL, "
    "language TEXT NOT NULL, source TEXT NOT NULL, cut BLOB NOT NULL, UNIQUE (day, file));"
    "CREATE INDEX document_by_language ON document (language);"
    "CREATE INDEX document_by_source ON document (source);"
    "CREATE VIRTUAL TABLE word USING fts5 (title, text, english, content='', tokenize='ascii');";
static const char no_schema[] =
    "DROP TABLE IF EXISTS word; DROP TABLE IF EXISTS document; DROP TABLE IF EXISTS folder;";

static const char *const sql[SEARCH_SQL_LAST] = {
    [SEARCH_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SEARCH_SQL_COMMIT] = "COMMIT",
    [SEARCH_SQL_DAYS] = "SELECT day FROM folder UNION SELECT day FROM document ORDER BY day",
    [SEARCH_SQL_FOLDER] = "SELECT 1 FROM folder WHERE day = ?1 AND stamp = ?2",
    [SEARCH_SQL_PUT_FOLDER] = "INSERT OR REPLACE INTO folder VALUES (?1, ?2)",
    [SEARCH_SQL_FORGET_FOLDER] = "DELETE FROM folder WHERE day = ?1",
    [SEARCH_SQL_FILES] = "SELECT file, stamp FROM document WHERE day = ?1 ORDER BY file",
    [SEARCH_SQL_FIND] = "SELECT number, cut FROM document WHERE day = ?1 AND file = ?2",
    [SEARCH_SQL_REMOVE] = "DELETE FROM document WHERE number = ?1",
    [SEARCH_SQL_REMOVE_WORDS] =
        "INSERT INTO word (word, rowid, title, text, english) VALUES ('delete', ?1, ?2, ?3, ?4)",
    [SEARCH_SQL_PUT] = "INSERT INTO document (day, file, stamp, language, source, cut) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SEARCH_SQL_PUT_WORDS] = "INSERT INTO word (rowid, title, text, english) VALUES (?1, ?2, ?3, ?4)",
    /* FTS5 computes bm25() only in a query of its own, without the window function. */
    [SEARCH_SQL_SEARCH] =
        "WITH hit AS MATERIALIZED (SELECT rowid AS number, bm25(word, 4.0, 1.0, 1.0) AS rank FROM word WHERE word "
        "MATCH "
        "?1) SELECT day, file, count(*) OVER () FROM hit JOIN document USING (number) WHERE day >= ?2 AND day <= ?3 "
        "AND "
        "(?4 = '' OR language = ?4 OR substr(language, 1, length(?4) + 1) = ?4 || '-') AND (?5 = '' OR source = ?5) "
        "ORDER BY rank, day DESC, number LIMIT ?6",
    [SEARCH_SQL_LANGUAGES] = "SELECT DISTINCT language FROM document ORDER BY language",
    [SEARCH_SQL_SOURCES] = "SELECT DISTINCT source FROM document ORDER BY source",
    [SEARCH_SQL_COUNT] = "SELECT count(*) FROM document"};

/* ---------------------------------------------------------------- failures */

bool search_index_fail(const struct search_index *index, struct failure *ret_failure) {
    const char *message = sqlite3_errmsg(index->database);
    switch (sqlite3_errcode(index->database) & 0xFF) { /* the low byte is the primary code */
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return failure_fatal(ret_failure, EXIT_BUSY, "the search index in %s is being updated; try again in a moment",
                             index->path);
    case SQLITE_FULL:
        return failure_fatal(ret_failure, EXIT_IO, "the disk that holds %s is full; free some space and run again",
                             index->path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:
        return failure_fatal(ret_failure, EXIT_IO, "the search index in %s is damaged (%s); " SEARCH_WAY_BACK,
                             index->path, message);
    case SQLITE_READONLY:
        return failure_fatal(ret_failure, EXIT_PERMISSION,
                             "the search index in %s cannot be written, or was left unfinished by a run that was "
                             "killed; the next run completes it",
                             index->path);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return failure_fatal(ret_failure, EXIT_PERMISSION, "cannot open the search index in %s: %s", index->path,
                             message);
    default:
        return failure_fatal(ret_failure, EXIT_IO, "the search index in %s cannot be used: %s", index->path, message);
    }
}

/* ---------------------------------------------------------------- statements */

sqlite3_stmt *search_index_statement(struct search_index *index, enum search_statement name,
                                     struct failure *ret_failure) {
    sqlite3_stmt **statement = &index->statements[name];
    if (*statement) {
        sqlite3_reset(*statement);
        sqlite3_clear_bindings(*statement);
    } else if (sqlite3_prepare_v3(index->database, sql[name], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) !=
               SQLITE_OK) {
        search_index_fail(index, ret_failure);
    }
    return *statement;
}

bool search_index_run(struct search_index *index, sqlite3_stmt *statement, struct failure *ret_failure) {
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE || code == SQLITE_ROW || search_index_fail(index, ret_failure);
}

bool search_index_change(struct search_index *index, struct failure *ret_failure) {
    if (index->in_transaction) return true;
    sqlite3_stmt *begin = search_index_statement(index, SEARCH_SQL_BEGIN, ret_failure);
    return index->in_transaction = begin && search_index_run(index, begin, ret_failure);
}

bool search_index_commit(struct search_index *index, struct failure *ret_failure) {
    if (!index->in_transaction) return true;
    sqlite3_stmt *commit = search_index_statement(index, SEARCH_SQL_COMMIT, ret_failure);
    index->in_transaction = false;
    return commit && search_index_run(index, commit, ret_failure);
}

/* ---------------------------------------------------------------- opening */

static int pragma(const struct search_index *index, const char *text) {
    sqlite3_stmt *statement = NULL;
    int value = -1;
    if (sqlite3_prepare_v2(index->database, text, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* Drops what is there and makes empty tables, in one transaction. */
static bool begin_anew(struct search_index *index, struct failure *ret_failure) {
    char marks[96];
    snprintf(marks, sizeof marks, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", APPLICATION, VERSION);
    bool done = sqlite3_exec(index->database, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(index->database, no_schema, NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(index->database, schema, NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(index->database, marks, NULL, NULL, NULL) == SQLITE_OK;
    return done || search_index_fail(index, ret_failure);
}

static bool is_not_there(const struct search_index *index, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_IO,
                         "there is no search index in %s yet; each run fills it, or " SEARCH_WAY_BACK, index->path);
}

/* Checks whose file it is. An empty database is one that is about to become an index. */
static bool check_version(struct search_index *index, enum search_access access, struct failure *ret_failure) {
    int application = pragma(index, "PRAGMA application_id"), version = pragma(index, "PRAGMA user_version");
    int tables = pragma(index, "SELECT count(*) FROM sqlite_master");
    if (application < 0 || version < 0 || tables < 0) return search_index_fail(index, ret_failure);
    if (application == APPLICATION && version > VERSION)
        return failure_fatal(
            ret_failure, EXIT_CONFIG,
            "the search index in %s was written by a newer version of dragoman; use that version, or " SEARCH_WAY_BACK,
            index->path);
    bool blank = !application && !tables;
    if (blank && access == SEARCH_READ) return is_not_there(index, ret_failure); /* left by a full disk */
    if (application != APPLICATION && !blank)
        return failure_fatal(ret_failure, EXIT_IO, "%s is not a search index of dragoman; " SEARCH_WAY_BACK,
                             index->path);
    if (application == APPLICATION && version == VERSION) return true;
    if (access == SEARCH_FILL) return begin_anew(index, ret_failure);
    return failure_fatal(ret_failure, EXIT_CONFIG,
                         "the search index in %s was written by an older version of dragoman; the next run rebuilds "
                         "it, or " SEARCH_WAY_BACK,
                         index->path);
}

/* The journal is deleted after each transaction, so that readers find a single file and need not write anything. The
 * index can be made again, so only few flushes are worth their time. Larger pages hold the rows of `document`, of two
 * kilobytes and more, with a fifth less waste. */
static bool open_database(struct search_index *index, int flags, struct failure *ret_failure) {
    static const char pragmas[] =
        "PRAGMA page_size=16384; PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;";
    if (sqlite3_open_v2(index->path, &index->database, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return search_index_fail(index, ret_failure);
    sqlite3_busy_timeout(index->database, BUSY_MS);
    if (flags & SQLITE_OPEN_READONLY) return true;
    return sqlite3_exec(index->database, pragmas, NULL, NULL, NULL) == SQLITE_OK ||
           search_index_fail(index, ret_failure);
}

static void close_database(struct search_index *index) {
    for (size_t i = 0; i < SEARCH_SQL_LAST; i++) sqlite3_finalize(index->statements[i]);
    memset(index->statements, 0, sizeof index->statements);
    sqlite3_close(index->database);
    index->database = NULL;
}

/* Replaces a file that is no index, or a damaged one. One that another process is using is left alone: it is not
 * damaged. */
static bool replace(struct search_index *index, struct failure *ret_failure) {
    struct buffer journal = BUFFER(1 << 16);
    if (sqlite3_errcode(index->database) == SQLITE_BUSY) return false;
    close_database(index);
    buffer_print(&journal, "%s-journal", index->path);
    unlink(journal.at);
    buffer_free(&journal);
    if (unlink(index->path) != 0 && errno != ENOENT)
        return failure_fatal(ret_failure, failure_exit_code(errno), "cannot replace the search index in %s: %s",
                             index->path, strerror(errno));
    *ret_failure = (struct failure){0};
    return open_database(index, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, ret_failure) &&
           begin_anew(index, ret_failure);
}

static bool rebuild(struct search_index *index, struct failure *ret_failure) {
    bool sound =
        open_database(index, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, ret_failure) &&
        ((pragma(index, "PRAGMA application_id") == APPLICATION && pragma(index, "PRAGMA user_version") == VERSION) ||
         pragma(index, "SELECT count(*) FROM sqlite_master") == 0) &&
        begin_anew(index, ret_failure);
    return sound || replace(index, ret_failure);
}

static bool file_is_there(const char *path) {
    return access(path, F_OK) == 0;
}

/* SQLite would follow a link to another database. An index can be made again, so the link is removed; readers refuse
 * it.
 */
static bool is_link(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

static bool check_place(const struct search_index *index, enum search_access access, struct failure *ret_failure) {
    if (!is_link(index->path) || (access != SEARCH_READ && unlink(index->path) == 0)) return true;
    return failure_fatal(ret_failure, EXIT_IO, "the search index %s is a link, which is not followed; remove it",
                         index->path);
}

static bool open_index(struct search_index *index, enum search_access access, struct failure *ret_failure) {
    if (!check_place(index, access, ret_failure)) return false;
    if (access == SEARCH_REBUILD) return rebuild(index, ret_failure);
    if (access == SEARCH_READ && !file_is_there(index->path)) return is_not_there(index, ret_failure);
    int flags = access == SEARCH_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    return open_database(index, flags, ret_failure) && check_version(index, access, ret_failure);
}

bool search_index_open(const char *path, enum search_access access, struct search_index **ret_index,
                       struct failure *ret_failure) {
    struct search_index *index = memory_take(sizeof *index);
    index->path = memory_string(span_of(path));
    bool done = open_index(index, access, ret_failure);
    if (done)
        *ret_index = index;
    else
        search_index_close(index);
    return done;
}

void search_index_close(struct search_index *index) {
    if (!index) return;
    if (index->database) search_index_commit(index, NULL);
    close_database(index);
    free(index->path);
    free(index);
}
