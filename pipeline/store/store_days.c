/* Finished records, their days, and files to be removed. */
#include "pipeline/store/store_days.h"
#include "pipeline/base/pack.h"
#include "pipeline/store/store_internal.h"

/* Records of earlier versions have no hash and no bytes until program/repair.c copies them from their files or they are
 * written again. */
const char store_days_schema[] =
    "CREATE TABLE kept (id BLOB PRIMARY KEY, day TEXT NOT NULL, path TEXT NOT NULL, version TEXT NOT NULL, hash TEXT "
    "NOT NULL, in_place INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "INSERT INTO kept SELECT id, day, day || '/articles/' || lower(hex(id)) || '.json', coalesce(version, ''), '', 1, "
    "x'' FROM article WHERE state = 3;"
    "CREATE INDEX kept_by_day ON kept (day, id);"
    "CREATE INDEX kept_unplaced ON kept (in_place) WHERE in_place = 0;"
    "CREATE TABLE leftover (path TEXT PRIMARY KEY, id BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE edition (day TEXT PRIMARY KEY, ended INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT INTO edition SELECT DISTINCT day, 1 FROM kept;"
    "CREATE TABLE day_note (day TEXT, place TEXT, what TEXT, PRIMARY KEY (day, place, what)) WITHOUT ROWID;"
    "CREATE TABLE outage (kind INTEGER, name TEXT, since TEXT, until TEXT NOT NULL, reason TEXT NOT NULL, "
    "PRIMARY KEY (kind, name, since)) WITHOUT ROWID;";

const char store_made_schema[] = "ALTER TABLE kept ADD COLUMN made TEXT NOT NULL DEFAULT '';";

/* `ended` is 0 if a day's pages are out of date, 2 while they are being made, and 1 when they are complete.
 *
 * Triggers that reopen a day when something shown on its pages changes, whichever function changes it. The next run
 * then rebuilds these pages, however old the day is, even if this run is killed. A waiting article is shown on every
 * day since it began to wait. An outage is stored in UTC and may belong to the day before in local time. */
static const char watch_days[] =
    "CREATE TEMP TRIGGER waited AFTER UPDATE ON article WHEN old.state = 2 AND (new.state <> 2 OR new.day <> old.day "
    "OR new.since <> old.since OR new.note <> old.note OR new.waits_on <> old.waits_on) "
    "BEGIN UPDATE edition SET ended = 0 WHERE ended <> 0 AND day >= old.day; END;"
    "CREATE TEMP TRIGGER failed AFTER UPDATE ON article WHEN old.state = 6 AND (new.state <> 6 OR new.day <> old.day "
    "OR new.note <> old.note) BEGIN UPDATE edition SET ended = 0 WHERE ended <> 0 AND day = old.day; END;"
    "CREATE TEMP TRIGGER recorded AFTER INSERT ON kept "
    "BEGIN UPDATE edition SET ended = 0 WHERE ended <> 0 AND day = new.day; END;"
    "CREATE TEMP TRIGGER placed AFTER UPDATE OF in_place ON kept "
    "BEGIN UPDATE edition SET ended = 0 WHERE ended <> 0 AND day = new.day; END;"
    "CREATE TEMP TRIGGER passed AFTER UPDATE ON outage WHEN new.until <> old.until OR new.reason <> old.reason "
    "BEGIN UPDATE edition SET ended = 0 WHERE ended <> 0 AND day >= date(substr(old.since, 1, 10), '-1 day'); END;";

bool store_watch_days(struct store *store, struct failure *ret_failure) {
    return database_run(store->database, watch_days) || store_fail(store, ret_failure);
}

/* ---------------------------------------------------------------- finished records */

/* Runs a statement whose only parameter is an id. */
static bool change_one(struct store *store, enum statement_name name, const char *id, struct failure *ret_failure) {
    struct statement *statement = store_statement(store, name);
    store_bind_id(statement, 1, id);
    return store_run(store, statement, ret_failure);
}

/* The file at the earlier path becomes a leftover, to be removed. The new path is removed from the leftovers, in case
 * the record returns to it. */
static bool change_path(struct store *store, const struct kept_record *record, struct failure *ret_failure) {
    struct statement *leave = store_statement(store, SQL_LEAVE_OVER), *back = store_statement(store, SQL_NOT_LEFT_OVER);
    store_bind_id(leave, 1, record->id);
    statement_bind_text(leave, 2, record->path);
    statement_bind_text(back, 1, record->path);
    return store_run(store, leave, ret_failure) && store_run(store, back, ret_failure);
}

/* The caller makes this durable before the file becomes visible, so that a file never exists without its row. */
bool store_keep_record(struct store *store, const struct kept_record *record, struct span packed,
                       struct failure *ret_failure) {
    if (!store_change(store, ret_failure) || !change_path(store, record, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_KEEP);
    store_bind_id(statement, 1, record->id);
    statement_bind_text(statement, 2, record->day);
    statement_bind_text(statement, 3, record->path);
    statement_bind_text(statement, 4, record->version);
    statement_bind_text(statement, 5, record->hash);
    statement_bind_bytes(statement, 6, packed);
    statement_bind_text(statement, 7, record->made);
    return store_run(store, statement, ret_failure);
}

bool store_record_in_place(struct store *store, const char *id, struct failure *ret_failure) {
    /* The article is filed under the day of its record, because it appears on that day's page. */
    return store_change(store, ret_failure) && change_one(store, SQL_IN_PLACE, id, ret_failure) &&
           change_one(store, SQL_DONE_ON, id, ret_failure);
}

static void read_kept(struct statement *statement, struct arena *arena, struct kept_record *ret_record) {
    *ret_record = (struct kept_record){.day = store_column(statement, 1, arena),
                                       .path = store_column(statement, 2, arena),
                                       .version = store_column(statement, 3, arena),
                                       .hash = store_column(statement, 4, arena),
                                       .in_place = statement_integer(statement, 5) != 0,
                                       .made = store_column(statement, 6, arena)};
    store_column_id(statement, 0, ret_record->id);
}

bool store_find_kept(struct store *store, const char *id, struct arena *arena, struct kept_record *ret_record) {
    struct statement *statement = store_statement(store, SQL_KEPT);
    store_bind_id(statement, 1, id);
    bool found = store_step(store, statement) == STATEMENT_ROW;
    if (found) read_kept(statement, arena, ret_record);
    statement_reset(statement);
    return found;
}

bool store_kept_bytes(struct store *store, const char *id, struct buffer *out) {
    struct statement *statement = store_statement(store, SQL_KEPT_BYTES);
    store_bind_id(statement, 1, id);
    /* Decompressed straight from the row, without a copy. */
    bool done = store_step(store, statement) == STATEMENT_ROW && unpack(store_column(statement, 0, NULL), out);
    statement_reset(statement);
    return done;
}

/* Everything is copied into the arena, so that the caller may change the store while it goes through the list. */
static struct kept_record *list_kept(struct store *store, struct statement *statement, struct arena *arena,
                                     size_t *ret_count) {
    struct kept_record *records = NULL;
    size_t capacity = 0;
    for (*ret_count = 0; store_step(store, statement) == STATEMENT_ROW; ++*ret_count) {
        records = arena_grow(arena, records, *ret_count, &capacity, sizeof *records);
        read_kept(statement, arena, &records[*ret_count]);
    }
    statement_reset(statement);
    return records;
}

struct kept_record *store_kept_of_day(struct store *store, const char *day, struct arena *arena, size_t *ret_count) {
    struct statement *statement = store_statement(store, SQL_KEPT_OF_DAY);
    statement_bind_text(statement, 1, span_of(day));
    return list_kept(store, statement, arena, ret_count);
}

struct kept_record *store_kept_unplaced(struct store *store, struct arena *arena, size_t *ret_count) {
    return list_kept(store, store_statement(store, SQL_KEPT_UNPLACED), arena, ret_count);
}

/* A source treats an item whose version differs as changed. The feeds' validators must be removed too, or the servers
 * would reply "not modified". */
bool store_ask_sources_again(struct store *store, const char *id, struct failure *ret_failure) {
    return store_change(store, ret_failure) && change_one(store, SQL_FORGET_VERSION, id, ret_failure) &&
           store_run(store, store_statement(store, SQL_FORGET_VALIDATORS), ret_failure);
}

/* ---------------------------------------------------------------- lists of texts */

struct span *store_list_texts(struct store *store, struct statement *statement, struct arena *arena,
                              size_t *ret_count) {
    struct span *texts = NULL;
    size_t capacity = 0;
    for (*ret_count = 0; store_step(store, statement) == STATEMENT_ROW; ++*ret_count) {
        texts = arena_grow(arena, texts, *ret_count, &capacity, sizeof *texts);
        texts[*ret_count] = store_column(statement, 0, arena);
    }
    statement_reset(statement);
    return texts;
}

struct span *store_leftovers(struct store *store, struct arena *arena, size_t *ret_count) {
    return store_list_texts(store, store_statement(store, SQL_LEFTOVERS), arena, ret_count);
}

bool store_clear_leftovers(struct store *store, struct failure *ret_failure) {
    return store_change(store, ret_failure) &&
           store_run(store, store_statement(store, SQL_CLEAR_LEFTOVERS), ret_failure);
}

/* ---------------------------------------------------------------- days */

/* Runs a statement whose only parameter is a day. */
static bool change_day(struct store *store, enum statement_name name, const char *day, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, name);
    statement_bind_text(statement, 1, span_of(day));
    return store_run(store, statement, ret_failure);
}

bool store_begin_day(struct store *store, const char *day, struct failure *ret_failure) {
    /* If the clock has been set back, there may be a run on a day that was pruned. */
    return change_day(store, SQL_NOT_PRUNED, day, ret_failure) && change_day(store, SQL_BEGIN_DAY, day, ret_failure);
}

bool store_begin_pages(struct store *store, struct failure *ret_failure) {
    return store_change(store, ret_failure) && store_run(store, store_statement(store, SQL_BEGIN_PAGES), ret_failure);
}

bool store_end_day(struct store *store, const char *day, struct failure *ret_failure) {
    return change_day(store, SQL_END_DAY, day, ret_failure);
}

void store_last_ended_day(struct store *store, char ret_day[11]) {
    struct statement *statement = store_statement(store, SQL_LAST_ENDED_DAY);
    ret_day[0] = '\0';
    if (store_step(store, statement) == STATEMENT_ROW) store_column_string(statement, 0, ret_day, 11);
    statement_reset(statement);
}

struct span *store_days(struct store *store, const char *since, struct arena *arena, size_t *ret_count) {
    struct statement *statement = store_statement(store, SQL_DAYS);
    statement_bind_text(statement, 1, span_of(since));
    return store_list_texts(store, statement, arena, ret_count);
}
