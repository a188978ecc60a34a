#include "pipeline/store/store_postgresql.h"

#include <stdio.h>
#include <time.h>

#include "pipeline/store/database_postgresql.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_workers.h"

/* The formats of the tables on a server: the first one (one run at a time), and the one that this version writes. */
enum { FIRST_FORMAT = 13, FORMAT = 14 };

/* Texts are compared byte by byte, as in SQLite, whatever the collation of the database. A B-tree takes keys of about
 * 2,700 bytes at most, so the index of a text from outside, such as an address or an item's GUID, is over its hash. */
#define WORDS "TEXT COLLATE \"C\" NOT NULL"
#define AMOUNTS                                                                                                        \
    "requests BIGINT NOT NULL, characters BIGINT NOT NULL, input_tokens BIGINT NOT NULL, output_tokens BIGINT NOT "    \
    "NULL, segments BIGINT NOT NULL, cost BIGINT NOT NULL"
#define BILL "(day " WORDS ", service " WORDS ", source " WORDS ", " AMOUNTS ", PRIMARY KEY (day, service, source));"

static const char tables[] =
    "CREATE TABLE article (id BYTEA PRIMARY KEY, sequence BIGINT NOT NULL, state BIGINT NOT NULL, kills BIGINT NOT "
    "NULL, version " WORDS ", source " WORDS ", address " WORDS ", note " WORDS ", day " WORDS ", record BYTEA NOT "
    "NULL, waits_for BIGINT NOT NULL DEFAULT 0, waits_on " WORDS " DEFAULT '', since " WORDS " DEFAULT '', path " WORDS
    " DEFAULT '', unfinished BIGINT NOT NULL DEFAULT -1, suspected BIGINT NOT NULL DEFAULT 0, cut BIGINT NOT NULL "
    "DEFAULT 0, pruned " WORDS " DEFAULT '', claimed_by " WORDS " DEFAULT '', lease_until TIMESTAMPTZ);"
    "CREATE SEQUENCE article_sequence;"
    "CREATE INDEX article_by_state ON article (state, sequence);"
    "CREATE INDEX article_claimed ON article (claimed_by) WHERE claimed_by <> '';"
    "CREATE INDEX article_by_day ON article (day, id);"
    "CREATE INDEX article_suspected ON article (sequence) WHERE suspected = 1;"
    "CREATE INDEX article_pruned ON article (pruned, state) WHERE pruned <> '';"
    "CREATE TABLE memory (key BYTEA PRIMARY KEY, source " WORDS ", target " WORDS ", language " WORDS ", service " WORDS
    ", model " WORDS ", unknown BIGINT NOT NULL, only_for " WORDS " DEFAULT '', used " WORDS " DEFAULT '');"
    "CREATE INDEX memory_worthless ON memory (only_for) WHERE only_for NOT IN ('', 'summary');"
    "CREATE TABLE fingerprints (id BYTEA PRIMARY KEY, day " WORDS ", hashes BYTEA NOT NULL);"
    "CREATE TABLE validator (address " WORDS ", etag " WORDS ", last_modified " WORDS ", moved_to " WORDS ");"
    "CREATE UNIQUE INDEX validator_address ON validator (md5(address));"
    "CREATE TABLE bill " BILL "CREATE TABLE reserved " BILL "CREATE TABLE told (key " WORDS ", value " WORDS
    ", at " WORDS ");"
    "CREATE UNIQUE INDEX told_key ON told (md5(key));"
    "CREATE TABLE revisit (id BYTEA PRIMARY KEY, state BIGINT NOT NULL, times BIGINT NOT NULL, due " WORDS ");"
    "CREATE TABLE source_health (name " WORDS " PRIMARY KEY, failing_since " WORDS ", failures BIGINT NOT NULL, "
    "reason " WORDS ", last_success " WORDS ", last_new " WORDS ", gaps " WORDS ");"
    "CREATE TABLE mail_reader (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, list " WORDS ", address " WORDS
    ", since " WORDS ", UNIQUE (list, address));"
    "CREATE TABLE mail_seen (reader BIGINT, article BYTEA, day " WORDS ", PRIMARY KEY (reader, article));"
    "CREATE TABLE mail_thread (list " WORDS ", day " WORDS ", root " WORDS
    ", mails BIGINT NOT NULL, PRIMARY KEY (list, "
    "day));"
    "CREATE TABLE story (day " WORDS ", id BYTEA, born BIGINT NOT NULL, signature BYTEA NOT NULL, PRIMARY KEY (day, "
    "id));"
    "CREATE TABLE story_member (day " WORDS ", article BYTEA, story BYTEA NOT NULL, PRIMARY KEY (day, article));"
    "CREATE TABLE story_forward (day " WORDS ", old BYTEA, story BYTEA NOT NULL, PRIMARY KEY (day, old));";

static const char day_tables[] =
    "CREATE TABLE kept (id BYTEA PRIMARY KEY, day " WORDS ", path " WORDS ", version " WORDS ", hash " WORDS
    ", in_place "
    "BIGINT NOT NULL, bytes BYTEA NOT NULL, made " WORDS " DEFAULT '');"
    "ALTER TABLE kept ALTER bytes SET STORAGE EXTERNAL;"
    "CREATE INDEX kept_by_day ON kept (day, id);"
    "CREATE INDEX kept_unplaced ON kept (in_place) WHERE in_place = 0;"
    "CREATE TABLE leftover (path " WORDS " PRIMARY KEY, id BYTEA NOT NULL);"
    "CREATE TABLE edition (day " WORDS " PRIMARY KEY, ended BIGINT NOT NULL);"
    "CREATE TABLE day_note (day " WORDS ", place " WORDS ", what " WORDS ");"
    "CREATE UNIQUE INDEX day_note_once ON day_note (day, md5(place), md5(what));"
    "CREATE TABLE outage (kind BIGINT, name " WORDS ", since " WORDS ", until " WORDS ", reason " WORDS
    ", noticed " WORDS " DEFAULT '', PRIMARY KEY (kind, name, since));"
    "CREATE TABLE pruned (day " WORDS " PRIMARY KEY, at " WORDS ", done BIGINT NOT NULL);"
    "CREATE TABLE removal (path " WORDS " PRIMARY KEY, day " WORDS ");"
    "CREATE TABLE event (id BYTEA, number BIGINT, kind BIGINT NOT NULL, at " WORDS ", until " WORDS
    ", times BIGINT NOT "
    "NULL, service " WORDS ", note " WORDS ", requests BIGINT NOT NULL, characters BIGINT NOT NULL, cost BIGINT NOT "
    "NULL, PRIMARY KEY (id, number));";

/* Format 14: several runs share a store. The lease of a run has its name. Reservations belong to a run; those of the
 * earlier format, and those that come from a file, to none. */
static const char workers[] =
    "CREATE TABLE lease (name " WORDS " PRIMARY KEY, worker " WORDS ", lease_until TIMESTAMPTZ NOT NULL);"
    "CREATE INDEX lease_worker ON lease (worker);"
    "CREATE SEQUENCE reserved_number;"
    "ALTER TABLE reserved DROP CONSTRAINT reserved_pkey, ADD worker " WORDS
    " DEFAULT '', ADD number BIGINT NOT NULL DEFAULT nextval('reserved_number'), ADD times BIGINT NOT NULL DEFAULT 1, "
    "ADD PRIMARY KEY (worker, number);"
    "CREATE INDEX bill_by_service ON bill (service, day);"
    "CREATE INDEX bill_by_source ON bill (source, day);";

/* Reserves `attempts` in total, if that fits under all caps (store_workers.h). The verdict is -1 if it does, the number
 * of the cap that refuses it, or that number + 100 if only what is reserved stands in the way. One run after the other:
 * each statement sees what those before have committed. Both sums are of one statement, because a run that settles a
 * reservation moves it from one table to the other. */
static const char reserve[] =
    "CREATE FUNCTION reserve_within(asker TEXT, its_number BIGINT, attempts BIGINT, its_day TEXT, its_service TEXT, "
    "its_source TEXT, r BIGINT, c BIGINT, i BIGINT, o BIGINT, s BIGINT, m BIGINT, free_services TEXT, caps_text TEXT, "
    "OUT verdict BIGINT, OUT spent BIGINT, OUT held BIGINT) LANGUAGE plpgsql AS $$ "
    "DECLARE free TEXT[] := string_to_array(free_services, chr(10)); caps BIGINT[] := CAST(caps_text AS BIGINT[]); "
    "more BIGINT; wanted BIGINT; spent_now BIGINT; held_now BIGINT; of_service BOOLEAN; of_source BOOLEAN; "
    "of_money BOOLEAN; days TEXT; "
    "BEGIN PERFORM pg_advisory_xact_lock(1685217641, hashtext(current_schema())); "
    "verdict := -1; spent := 0; held := 0; "
    "more := attempts - coalesce((SELECT times FROM reserved WHERE worker = asker AND number = its_number), 0); "
    "IF more <= 0 THEN RETURN; END IF; "
    "FOR place IN 0 .. 11 LOOP CONTINUE WHEN caps[place + 1] IS NULL; "
    "of_service := place / 4 = 1; of_source := place / 4 = 2; of_money := place % 2 = 1; "
    "days := CASE WHEN place / 2 % 2 = 0 THEN its_day ELSE substr(its_day, 1, 7) END; "
    "wanted := more * CASE WHEN of_money THEN m WHEN of_service OR its_service <> ALL (free) THEN c ELSE 0 END; "
    "CONTINUE WHEN wanted = 0; "
    "SELECT (SELECT coalesce(sum(CASE WHEN of_money THEN cost ELSE characters END), 0) FROM bill WHERE day >= days "
    "AND day < days || '.' AND (NOT of_service OR service = its_service) AND (NOT of_source OR source = its_source) "
    "AND (of_money OR of_service OR service <> ALL (free))), (SELECT coalesce(sum(CASE WHEN of_money THEN cost ELSE "
    "characters END), 0) FROM reserved WHERE (NOT of_service OR service = its_service) AND (NOT of_source OR source = "
    "its_source) AND (of_money OR of_service OR service <> ALL (free))) INTO spent_now, held_now; "
    "CONTINUE WHEN spent_now + held_now + wanted <= caps[place + 1]; "
    "spent := spent_now; held := held_now; verdict := place; "
    "IF held_now = 0 OR spent_now + wanted > caps[place + 1] THEN RETURN; END IF; "
    "verdict := place + 100; END LOOP; "
    "IF verdict >= 0 THEN RETURN; END IF; "
    "INSERT INTO reserved (worker, number, times, day, service, source, requests, characters, input_tokens, "
    "output_tokens, segments, cost) VALUES (asker, its_number, attempts, its_day, its_service, its_source, r * "
    "attempts, c * attempts, i * attempts, o * attempts, s * attempts, m * attempts) ON CONFLICT (worker, number) DO "
    "UPDATE SET times = excluded.times, requests = excluded.requests, characters = excluded.characters, input_tokens "
    "= excluded.input_tokens, output_tokens = excluded.output_tokens, segments = excluded.segments, cost = "
    "excluded.cost; END $$;";

/* What the triggers of store_days.c and store_events.c do. */
#define TRIGGER(name, on, condition, body)                                                                             \
    "CREATE FUNCTION " name "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " body "; RETURN NULL; END $$;"           \
    "CREATE TRIGGER " name " AFTER " on " FOR EACH ROW " condition " EXECUTE FUNCTION " name "();"
#define REOPEN "UPDATE edition SET ended = 0 WHERE ended <> 0 AND day "

static const char triggers[] =
    TRIGGER("waited", "UPDATE ON article",
            "WHEN (old.state = 2 AND (new.state <> 2 OR new.day <> old.day OR new.since <> old.since OR new.note <> "
            "old.note OR new.waits_on <> old.waits_on))",
            REOPEN ">= old.day")
        TRIGGER("failed", "UPDATE ON article",
                "WHEN (old.state = 6 AND (new.state <> 6 OR new.day <> old.day OR new.note <> old.note))",
                REOPEN "= old.day") TRIGGER("recorded", "INSERT OR UPDATE OF in_place ON kept", "", REOPEN "= new.day")
            TRIGGER("passed", "UPDATE ON outage", "WHEN (new.until <> old.until OR new.reason <> old.reason)",
                    REOPEN ">= to_char(to_date(substr(old.since, 1, 10), 'YYYY-MM-DD') - 1, 'YYYY-MM-DD')")
                TRIGGER("event_of_none", "DELETE ON article", "", "DELETE FROM event WHERE id = old.id")
                    TRIGGER("event_of_pruned", "UPDATE OF pruned ON article", "WHEN (new.pruned <> '')",
                            "DELETE FROM event WHERE id = old.id");

/* Those of the earlier format knew of no pages that are being made. */
static const char no_triggers[] =
    "DROP FUNCTION waited, failed, recorded, passed, event_of_none, event_of_pruned CASCADE;";

/* ---------------------------------------------------------------- questions */

/* Reads the first column of the first row; `none` if there is no row. */
static bool ask_number(struct store *store, const char *question, int64_t none, int64_t *ret_number,
                       struct failure *ret_failure) {
    struct statement *statement = database_prepare(store->database, question);
    enum statement_result result = statement ? statement_step(statement) : STATEMENT_FAILED;
    bool done = result != STATEMENT_FAILED || store_fail(store, ret_failure);
    if (done) *ret_number = result == STATEMENT_ROW ? statement_integer(statement, 0) : none;
    statement_free(statement);
    return done;
}

static bool run_all(struct store *store, const char *const scripts[], size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!database_run(store->database, scripts[i])) return false;
    return true;
}

/* ---------------------------------------------------------------- locks */

/* The locks of an application have two numbers: one for Dragoman, one for the schema. The server frees them when the
 * connection ends, however it ends. Runs share the lock; who needs the store for itself takes it alone. */
#define LOCK_OF_SCHEMA "1685217639, hashtext(current_schema())"
/* The connections that hold the lock. The server shows the second number without its sign. */
#define HOLDER                                                                                                         \
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND classid " \
    "= 1685217639 AND CAST(objid AS BIGINT) = (CAST(hashtext(current_schema()) AS BIGINT) & "                          \
    "4294967295) AND objsubid = 2 AND granted AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = "   \
    "current_database()) AND pid <> pg_backend_pid() LIMIT 1"

static bool fail_busy(const struct store *store, struct span owner, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_BUSY,
                         "another run (%.*s) is using the PostgreSQL database %s; wait until it has ended",
                         SPAN_ARGS(owner), database_postgresql_name(store->database));
}

bool store_server_is_unused(const struct store *store, struct failure *ret_failure) {
    struct statement *statement = database_prepare(store->database, HOLDER);
    enum statement_result result = statement ? statement_step(statement) : STATEMENT_FAILED;
    if (result == STATEMENT_ROW) fail_busy(store, statement_bytes(statement, 0), ret_failure);
    if (result == STATEMENT_FAILED) store_fail(store, ret_failure);
    statement_free(statement);
    return result == STATEMENT_DONE;
}

static bool try_lock(struct store *store, const char *function, bool *ret_taken, struct failure *ret_failure) {
    char question[200];
    int64_t taken = 0;
    snprintf(question, sizeof question, "SELECT %s(" LOCK_OF_SCHEMA ")", function);
    bool done = ask_number(store, question, 0, &taken, ret_failure);
    *ret_taken = taken == 1;
    return done;
}

static bool say_busy(const struct store *store, struct failure *ret_failure) {
    /* Whoever it was may have ended just now. */
    return store_server_is_unused(store, ret_failure) && fail_busy(store, SPAN("just ended"), ret_failure);
}

static bool take_alone(struct store *store, struct failure *ret_failure) {
    bool taken;
    return try_lock(store, "pg_try_advisory_lock", &taken, ret_failure) && (taken || say_busy(store, ret_failure));
}

/* Another run may hold the lock alone for a moment, while it begins (share_lock()) or removes old days. */
static bool join_others(struct store *store, bool *ret_alone, struct failure *ret_failure) {
    enum { ATTEMPTS = 600 };
    static const struct timespec pause = {.tv_nsec = 100000000};
    bool joined = false;
    *ret_alone = false;
    for (int i = 0; i < ATTEMPTS && !*ret_alone && !joined; i++) {
        if (i) nanosleep(&pause, NULL);
        if (!try_lock(store, "pg_try_advisory_lock", ret_alone, ret_failure)) return false;
        if (!*ret_alone && !try_lock(store, "pg_try_advisory_lock_shared", &joined, ret_failure)) return false;
    }
    return *ret_alone || joined || say_busy(store, ret_failure);
}

static bool take_lock(struct store *store, enum store_lock lock, bool *ret_alone, struct failure *ret_failure) {
    *ret_alone = lock == STORE_LOCKED;
    if (lock == STORE_SHARED) return join_others(store, ret_alone, ret_failure);
    return lock == STORE_UNLOCKED || take_alone(store, ret_failure);
}

/* Lets other runs join. */
static bool share_lock(struct store *store, struct failure *ret_failure) {
    static const char script[] =
        "SELECT pg_advisory_lock_shared(" LOCK_OF_SCHEMA "), pg_advisory_unlock(" LOCK_OF_SCHEMA ")";
    return database_run(store->database, script) || store_fail(store, ret_failure);
}

bool store_become_alone(struct store *store) {
    bool alone = true;
    alone = !store->worker[0] || (try_lock(store, "pg_try_advisory_lock", &alone, &store->broken) && alone);
    if (alone && store->worker[0]) store->server_lock = STORE_LOCKED;
    return alone;
}

/* A lock rather than a lease, because a large day may take longer than a lease holds. */
bool store_take_pages(struct store *store) {
    int64_t taken = 0;
    if (!store->worker[0]) return true;
    return store_queue_commit(store, &store->broken) &&
           ask_number(store, "SELECT pg_try_advisory_lock(1685217642, hashtext(current_schema()))", 0, &taken,
                      &store->broken) &&
           taken == 1;
}

/* ---------------------------------------------------------------- the format */

/* What the table of the format says, besides the number of a format. */
enum { FORMAT_NONE = 0, FORMAT_EMPTY = -1 }; /* no table; no row in it */

/* The columns are a schema of the search path, which this user may not use, and the user. */
#define CLOSED_SCHEMA                                                                                                  \
    "SELECT quote_ident(nspname), quote_ident(current_user) FROM pg_namespace WHERE nspname IN (SELECT "               \
    "replace(btrim(part, ' \"'), '$user', "                                                                            \
    "current_user) FROM regexp_split_to_table(current_setting('search_path'), ',') AS part) LIMIT 1"

static bool fail_no_right(const struct store *store, struct span schema, struct span user,
                          struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_PERMISSION,
                         "%.*s may not create tables in the schema %.*s of the PostgreSQL database %s; let its owner "
                         "run: GRANT USAGE, CREATE ON SCHEMA %.*s TO %.*s",
                         SPAN_ARGS(user), SPAN_ARGS(schema), database_postgresql_name(store->database),
                         SPAN_ARGS(schema), SPAN_ARGS(user));
}

/* Fails if the question finds a schema and the user without a right. */
static bool has_right(struct store *store, const char *question, struct failure *ret_failure) {
    struct statement *statement = database_prepare(store->database, question);
    enum statement_result result = statement ? statement_step(statement) : STATEMENT_FAILED;
    if (result == STATEMENT_ROW)
        fail_no_right(store, statement_bytes(statement, 0), statement_bytes(statement, 1), ret_failure);
    if (result == STATEMENT_FAILED) store_fail(store, ret_failure);
    statement_free(statement);
    return result == STATEMENT_DONE;
}

static bool may_create(struct store *store, struct failure *ret_failure) {
    static const char without[] = "SELECT quote_ident(current_schema()), quote_ident(current_user) WHERE NOT "
                                  "has_schema_privilege(current_schema(), 'CREATE')";
    return has_right(store, without, ret_failure);
}

/* A schema that the user may not use is left out of the search path without a word. */
static bool fail_no_schema(struct store *store, struct failure *ret_failure) {
    return has_right(store, CLOSED_SCHEMA, ret_failure) &&
           failure_fatal(ret_failure, EXIT_CONFIG,
                         "no schema of the search path exists in the PostgreSQL database %s; create one (CREATE SCHEMA "
                         "NAME), or name one in `store` (?options=-csearch_path%%3DNAME)",
                         database_postgresql_name(store->database));
}

/* Everything is in the schema that a new table would be in, which is also what is locked. */
static bool check_schema(struct store *store, struct failure *ret_failure) {
    int64_t there;
    return ask_number(store, "SELECT current_schema() IS NOT NULL", 0, &there, ret_failure) &&
           (there == 1 || fail_no_schema(store, ret_failure));
}

static bool find_format(struct store *store, int64_t *ret_format, struct failure *ret_failure) {
    static const char question[] = "SELECT to_regclass(format('%I.dragoman_format', current_schema())) IS NOT NULL";
    if (!ask_number(store, question, 0, ret_format, ret_failure)) return false;
    return *ret_format == FORMAT_NONE ||
           ask_number(store, "SELECT version FROM dragoman_format", FORMAT_EMPTY, ret_format, ret_failure);
}

static bool note_format(struct store *store) {
    char note[120];
    snprintf(note, sizeof note, "DELETE FROM dragoman_format; INSERT INTO dragoman_format VALUES (%d)", FORMAT);
    return database_run(store->database, note);
}

static bool create_tables(struct store *store) {
    static const char *const scripts[] = {
        tables, day_tables, triggers, workers, reserve, "CREATE TABLE dragoman_format (version BIGINT NOT NULL)"};
    return run_all(store, scripts, sizeof scripts / sizeof *scripts) && note_format(store);
}

static bool upgrade_tables(struct store *store) {
    static const char *const scripts[] = {workers, reserve, no_triggers, triggers};
    return run_all(store, scripts, sizeof scripts / sizeof *scripts) && note_format(store);
}

static bool is_supported(struct store *store, int64_t format, struct failure *ret_failure) {
    if (format > FORMAT)
        return store_is_too_new(database_postgresql_name(store->database), (int)format, FORMAT, ret_failure);
    return format >= FIRST_FORMAT ||
           failure_fatal(ret_failure, EXIT_CONFIG, "the tables in the PostgreSQL database %s are not of dragoman",
                         database_postgresql_name(store->database));
}

/* Creates or upgrades the tables, where another process has not done so meanwhile. */
static bool change_tables(struct store *store, int64_t *ret_format, struct failure *ret_failure) {
    if (!find_format(store, ret_format, ret_failure)) return false;
    bool none = *ret_format == FORMAT_NONE;
    if (!none && *ret_format != FIRST_FORMAT) return true;
    if (none && !may_create(store, ret_failure)) return false;
    *ret_format = FORMAT;
    return (none ? create_tables(store) : upgrade_tables(store)) || store_fail(store, ret_failure);
}

/* All in one transaction, while others that would do the same wait. */
static bool change_once(struct store *store, int64_t *ret_format, struct failure *ret_failure) {
    static const char lock[] = "SELECT pg_advisory_xact_lock(1685217640, hashtext(current_schema()))";
    struct database *database = store->database;
    bool done = ((database_begin(database) && database_run(database, lock)) || store_fail(store, ret_failure)) &&
                change_tables(store, ret_format, ret_failure);
    done = done && (database_commit(database) || store_fail(store, ret_failure));
    if (!done) database_roll_back(database);
    return done;
}

/* A run of the earlier version may be at work, unless the lock is held. */
static bool may_upgrade(const struct store *store, int64_t format, enum store_lock lock, struct failure *ret_failure) {
    return format == FORMAT_NONE || lock != STORE_UNLOCKED ||
           failure_fatal(ret_failure, EXIT_CONFIG,
                         "the tables in the PostgreSQL database %s are of an earlier version; the next `dragoman run` "
                         "upgrades them",
                         database_postgresql_name(store->database));
}

static bool bring_up(struct store *store, enum store_lock lock, struct failure *ret_failure) {
    int64_t format;
    if (!find_format(store, &format, ret_failure)) return false;
    bool old = format == FORMAT_NONE || format == FIRST_FORMAT;
    return (!old || may_upgrade(store, format, lock, ret_failure)) &&
           (!old || change_once(store, &format, ret_failure)) && is_supported(store, format, ret_failure);
}

/* ---------------------------------------------------------------- opening */

static bool connect_store(const char *address, const char *password, struct store **ret_store,
                          struct failure *ret_failure) {
    struct store *store = memory_take(sizeof *store);
    store_begin(store, NULL);
    *ret_store = store;
    return database_postgresql_open(address, password, &store->database, ret_failure) &&
           check_schema(store, ret_failure);
}

/* The next run upgrades the tables of an earlier version. */
bool store_server_is_ready(const char *address, const char *password, struct failure *ret_failure) {
    struct store *store;
    int64_t format;
    bool done = connect_store(address, password, &store, ret_failure) && find_format(store, &format, ret_failure) &&
                (format == FORMAT_NONE ? may_create(store, ret_failure) : is_supported(store, format, ret_failure));
    store_close(store);
    return done;
}

bool store_server_has_tables(const char *address, const char *password, bool *ret_there, struct failure *ret_failure) {
    struct store *store;
    int64_t format;
    bool done = connect_store(address, password, &store, ret_failure) && find_format(store, &format, ret_failure);
    if (done) *ret_there = format != FORMAT_NONE;
    store_close(store);
    return done;
}

static bool finish(struct store *store, bool done, struct store **ret_store) {
    if (done)
        *ret_store = store;
    else
        store_close(store);
    return done;
}

/* The server has freed the lock with the former connection. Meanwhile a lease may have ended, or claims may be lost
 * that were never committed, so the run now asks for each article whether it is still its own. A transaction that is
 * repeated on the same connection may have lost claims too. Called on any thread. */
static bool take_lock_again(void *context, bool reconnected) {
    struct store *store = context;
    struct failure ignored = {0};
    bool taken = true;
    store->paused = true;
    if (!reconnected) return true;
    store_come_back(store);
    if (store->server_lock == STORE_LOCKED) return take_alone(store, &ignored);
    return store->server_lock == STORE_UNLOCKED ||
           (try_lock(store, "pg_try_advisory_lock_shared", &taken, &ignored) && taken);
}

static bool keep_journal(struct store *store, enum store_lock lock, struct failure *ret_failure) {
    store->server_lock = lock;
    database_on_return(store->database, take_lock_again, store);
    return database_keep_journal(store->database) || store_fail(store, ret_failure);
}

/* The connection that flushes is made now, because later the sandbox may keep libpq from reading ~/.pgpass, and because
 * only a connection that is older than a commit shows that the server has not crashed since. */
bool store_connect(const char *address, const char *password, enum store_lock lock, struct store **ret_store,
                   struct failure *ret_failure) {
    struct store *store;
    bool alone, done = connect_store(address, password, &store, ret_failure) &&
                       take_lock(store, lock, &alone, ret_failure) && bring_up(store, lock, ret_failure) &&
                       store_prepare(store, ret_failure) && store_begin_claims(store, alone, ret_failure) &&
                       store_find_sequence(store, ret_failure) &&
                       (lock != STORE_SHARED || !alone || share_lock(store, ret_failure)) &&
                       keep_journal(store, lock, ret_failure) && database_flush(store->database, ret_failure);
    return finish(store, done, ret_store);
}

/* A transaction that sees the database as it is at its first statement, and is never committed. */
static bool take_snapshot(struct store *store, struct failure *ret_failure) {
    store->only_reads = store->keeps_nothing = true;
    static const char one_moment[] = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
    store->in_transaction = database_begin(store->database) && database_run(store->database, one_moment);
    return store->in_transaction || store_fail(store, ret_failure);
}

bool store_connect_to_read(const char *address, const char *password, struct store **ret_store,
                           struct failure *ret_failure) {
    struct store *store;
    bool done = connect_store(address, password, &store, ret_failure);
    int64_t format = FORMAT_EMPTY;
    done = done && find_format(store, &format, ret_failure);
    if (format == FORMAT_NONE) {
        store_close(store);
        return store_open(NULL, false, ret_store, ret_failure);
    }
    done = done && bring_up(store, STORE_UNLOCKED, ret_failure) && store_prepare(store, ret_failure) &&
           take_snapshot(store, ret_failure) && store_find_sequence(store, ret_failure);
    return finish(store, done, ret_store);
}
