/* The tables, and how those of earlier versions are upgraded. */
#include <stdio.h>

#include "pipeline/store/database_sqlite.h"
#include "pipeline/store/store_copy.h"
#include "pipeline/store/store_internal.h"

enum { SCHEMA_VERSION = 13 };

const int store_format = SCHEMA_VERSION;

/* The changes made by each version. Released entries must not be edited, because they have been applied to existing
 * databases. */
static const char *const schemas[SCHEMA_VERSION] = {
    ("CREATE TABLE article (id BLOB PRIMARY KEY, sequence INTEGER NOT NULL, standing INTEGER NOT NULL, attempts "
     "INTEGER NOT NULL, version TEXT, source TEXT, address TEXT, note TEXT, day TEXT, record BLOB);"
     "CREATE INDEX article_by_standing ON article (standing, sequence);"
     "CREATE TABLE memory (key BLOB PRIMARY KEY, source TEXT, target TEXT, language TEXT, service TEXT, model TEXT, "
     "unknown INTEGER) WITHOUT ROWID;"
     "CREATE TABLE fingerprint (hash INTEGER, id BLOB, day TEXT, size INTEGER, PRIMARY KEY (hash, id)) WITHOUT ROWID;"
     "CREATE INDEX fingerprint_by_id ON fingerprint (id);"
     "CREATE TABLE validator (address TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, moved_to TEXT) WITHOUT ROWID;"
     "CREATE TABLE bill (day TEXT, service TEXT, source TEXT, requests INTEGER, characters INTEGER, input_tokens "
     "INTEGER, output_tokens INTEGER, segments INTEGER, cost INTEGER, PRIMARY KEY (day, service, source)) WITHOUT "
     "ROWID;"),
    ("ALTER TABLE memory ADD COLUMN only_for TEXT NOT NULL DEFAULT '';"
     "CREATE TABLE reserved (day TEXT, service TEXT, source TEXT, requests INTEGER, characters INTEGER, input_tokens "
     "INTEGER, output_tokens INTEGER, segments INTEGER, cost INTEGER, PRIMARY KEY (day, service, source)) WITHOUT "
     "ROWID;"),
    ("DROP TABLE IF EXISTS fingerprint;"
     "CREATE TABLE fingerprints (id BLOB PRIMARY KEY, day TEXT NOT NULL, hashes BLOB NOT NULL) WITHOUT ROWID;"),
    ("ALTER TABLE article RENAME COLUMN standing TO state; DROP INDEX IF EXISTS article_by_standing;"
     "CREATE INDEX article_by_state ON article (state, sequence);"),
    /* Articles that failed under the earlier rule of five attempts, or for a cause that no longer counts against an
     * article, wait again; one request too many does no harm. Rejected translations belong to an article now, no longer
     * to its day. */
    ("ALTER TABLE article ADD COLUMN waits_for INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE article ADD COLUMN waits_on TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE article ADD COLUMN since TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE article ADD COLUMN path TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE article ADD COLUMN unfinished INTEGER NOT NULL DEFAULT -1;"
     "ALTER TABLE article ADD COLUMN suspected INTEGER NOT NULL DEFAULT 0;"
     "UPDATE article SET path = note WHERE state = 3;"
     "UPDATE article SET state = 2 WHERE state = 6 AND (attempts > 1 OR note = '' OR note LIKE 'service %' OR note "
     "LIKE 'cannot read %');"
     "UPDATE article SET since = coalesce(nullif(day, '') || 'T00:00:00Z', '') WHERE state IN (2, 6);"
     "UPDATE article SET waits_for = 1 WHERE state = 2;"
     "ALTER TABLE article RENAME COLUMN attempts TO kills;"
     "UPDATE article SET kills = 0;"
     "CREATE INDEX article_by_day ON article (day, id);"
     "CREATE INDEX article_suspected ON article (sequence) WHERE suspected = 1;"
     "UPDATE memory SET only_for = substr(only_for, 12) WHERE only_for LIKE '____-__-__ %';"
     "CREATE INDEX memory_worthless ON memory (only_for) WHERE only_for NOT IN ('', 'summary');"
     "CREATE TABLE told (key TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;"),
    /* The following changes are defined in the files whose functions use the tables. */
    store_days_schema, store_sources_schema, store_revisits_schema, store_stories_schema, store_made_schema,
    store_mail_schema, store_prune_schema, store_events_schema};

/* SQLite keeps this number in the file's header; 0 in a new database. Returns -1 on error. */
static int user_version(struct database *database) {
    return (int)database_sqlite_number(database, "PRAGMA user_version");
}

/* An older program would misread tables that it does not know. */
bool store_is_too_new(const char *name, int format, int known, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_CONFIG,
                         "the state in %s was written by a newer version of dragoman (format %d; this version knows "
                         "%d); use that version",
                         name, format, known);
}

bool store_is_known(struct store *store, struct failure *ret_failure) {
    int version = user_version(store->database);
    return version < 0
               ? store_fail(store, ret_failure)
               : version <= SCHEMA_VERSION || store_is_too_new(store->path, version, SCHEMA_VERSION, ret_failure);
}

bool store_is_old(struct store *store) {
    return user_version(store->database) < SCHEMA_VERSION;
}

static bool copy_before(struct store *store, int version, struct failure *ret_failure) {
    struct buffer path = BUFFER(1 << 16);
    if (version == 0 || !store->path) return true;
    buffer_print(&path, "%s.format-%d", store->path, version);
    bool done = store_copy(store, path.at, ret_failure);
    buffer_free(&path);
    return done;
}

/* All steps in one transaction: if the run is killed in between, the earlier version stays intact. Another process may
 * have upgraded the state by the time that the transaction begins. */
static bool upgrade(struct store *store, struct failure *ret_failure) {
    char set_version[64];
    /* A pragma cannot have parameters. */
    snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d", SCHEMA_VERSION);
    bool done = database_begin(store->database);
    int version = done ? user_version(store->database) : -1;
    if (version > SCHEMA_VERSION) return store_is_too_new(store->path, version, SCHEMA_VERSION, ret_failure);
    for (done = version >= 0; done && version < SCHEMA_VERSION; version++)
        done = database_run(store->database, schemas[version]);
    done = done && database_run(store->database, set_version) && database_commit(store->database);
    return done || store_fail(store, ret_failure);
}

bool store_bring_up(struct store *store, struct failure *ret_failure) {
    int version = user_version(store->database);
    if (version < 0) return store_fail(store, ret_failure);
    if (version > SCHEMA_VERSION) return store_is_too_new(store->path, version, SCHEMA_VERSION, ret_failure);
    return version == SCHEMA_VERSION || (copy_before(store, version, ret_failure) && upgrade(store, ret_failure));
}
