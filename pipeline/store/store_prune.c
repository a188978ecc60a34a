#include "pipeline/store/store_prune.h"

#include "pipeline/base/clock.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_stories.h"

/* A translation of an earlier version counts as used in the month of the upgrade. `done`: its files are gone. */
const char store_prune_schema[] =
    "ALTER TABLE memory ADD COLUMN used TEXT NOT NULL DEFAULT '';"
    "UPDATE memory SET used = strftime('%Y-%m', 'now', 'localtime');"
    "ALTER TABLE article ADD COLUMN pruned TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX article_pruned ON article (pruned, state) WHERE pruned <> '';"
    "CREATE TABLE pruned (day TEXT PRIMARY KEY, at TEXT NOT NULL, done INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE removal (path TEXT PRIMARY KEY, day TEXT NOT NULL) WITHOUT ROWID;";

/* ---------------------------------------------------------------- days */

struct old_day *store_old_days(struct store *store, const char *before, struct arena *arena, size_t *ret_count) {
    struct old_day *days = NULL;
    size_t capacity = 0;
    struct statement *statement = store_statement(store, SQL_OLD_DAYS);
    statement_bind_text(statement, 1, span_of(before));
    for (*ret_count = 0; store_step(store, statement) == STATEMENT_ROW; ++*ret_count) {
        days = arena_grow(arena, days, *ret_count, &capacity, sizeof *days);
        days[*ret_count] = (struct old_day){.day = store_column(statement, 0, arena),
                                            .records = (size_t)statement_integer(statement, 1),
                                            .waits = statement_integer(statement, 2) != 0};
    }
    statement_reset(statement);
    return days;
}

/* Runs a statement with one or two parameters. */
static bool change(struct store *store, enum statement_name name, const char *one, const char *other,
                   struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, name);
    statement_bind_text(statement, 1, span_of(one));
    if (other) statement_bind_text(statement, 2, span_of(other));
    return store_run(store, statement, ret_failure);
}

/* To be called before the stories of the day are forgotten. */
static bool reopen_next(struct store *store, const char *day, struct failure *ret_failure) {
    char last[11];
    clock_day_before(day, -STORY_DAYS, last);
    return change(store, SQL_REOPEN_NEXT, day, last, ret_failure);
}

/* The record of a failed article is no longer needed, because the article is not tried again. */
static bool prune_articles(struct store *store, const char *day, const char *today, struct failure *ret_failure) {
    struct statement *statement = store_statement(store, SQL_PRUNE_ARTICLES);
    statement_bind_text(statement, 1, span_of(day));
    statement_bind_text(statement, 2, span_of(today));
    statement_bind_bytes(statement, 3, SPAN(""));
    return store_run(store, statement, ret_failure);
}

/* Removes the outages that ended before the first day that is left. An outage is stored in UTC and may belong to the
 * day after in local time. */
static bool prune_outages(struct store *store, struct failure *ret_failure) {
    char first[11] = "", before[11];
    struct statement *statement = store_statement(store, SQL_FIRST_DAY);
    if (store_step(store, statement) == STATEMENT_ROW) store_column_string(statement, 0, first, sizeof first);
    statement_reset(statement);
    if (!first[0]) return store_is_readable(store, ret_failure);
    clock_day_before(first, 1, before);
    return change(store, SQL_PRUNE_OUTAGES, before, NULL, ret_failure);
}

/* The statements that need the records of the day precede the one that removes them. */
bool store_prune_day(struct store *store, const char *day, const char *today, struct failure *ret_failure) {
    static const enum statement_name names[] = {
        SQL_PLAN_REMOVALS,      SQL_PRUNE_PATHS,    SQL_PRUNE_REVISITS,       SQL_PRUNE_LEFTOVERS,
        SQL_PRUNE_KEPT,         SQL_PRUNE_EDITION,  SQL_PRUNE_NOTES,          SQL_PRUNE_TOLD,
        SQL_PRUNE_MAIL_THREADS, SQL_FORGET_STORIES, SQL_FORGET_STORY_MEMBERS, SQL_FORGET_STORY_FORWARDS};
    bool done = store_change(store, ret_failure) && reopen_next(store, day, ret_failure) &&
                prune_articles(store, day, today, ret_failure) && change(store, SQL_PRUNED, day, today, ret_failure);
    for (size_t i = 0; i < sizeof names / sizeof *names && done; i++)
        done = change(store, names[i], day, NULL, ret_failure);
    return done && prune_outages(store, ret_failure);
}

bool store_end_removal(struct store *store, const char *day, struct failure *ret_failure) {
    return change(store, SQL_CLEAR_REMOVALS, day, NULL, ret_failure) &&
           change(store, SQL_END_REMOVAL, day, NULL, ret_failure);
}

struct span *store_removal_days(struct store *store, struct arena *arena, size_t *ret_count) {
    return store_list_texts(store, store_statement(store, SQL_REMOVAL_DAYS), arena, ret_count);
}

bool store_is_leaving(struct store *store, const char *day) {
    struct statement *statement = store_statement(store, SQL_IS_LEAVING);
    statement_bind_text(statement, 1, span_of(day));
    bool found = store_step(store, statement) == STATEMENT_ROW;
    statement_reset(statement);
    return found;
}

struct span *store_removals(struct store *store, const char *day, struct arena *arena, size_t *ret_count) {
    struct statement *statement = store_statement(store, SQL_REMOVALS);
    statement_bind_text(statement, 1, span_of(day));
    return store_list_texts(store, statement, arena, ret_count);
}

bool store_find_pruned(struct store *store, const char *day, char ret_on[11]) {
    struct statement *statement = store_statement(store, SQL_FIND_PRUNED);
    statement_bind_text(statement, 1, span_of(day));
    bool found = store_step(store, statement) == STATEMENT_ROW;
    if (found) store_column_string(statement, 0, ret_on, 11);
    statement_reset(statement);
    return found;
}

bool store_pruned_before(struct store *store, const char *day, char ret_day[11]) {
    char first[11];
    struct statement *statement = store_statement(store, SQL_PRUNED_BEFORE);
    clock_day_before(day, STORY_DAYS, first);
    statement_bind_text(statement, 1, span_of(day));
    statement_bind_text(statement, 2, span_of(first));
    bool found = store_step(store, statement) == STATEMENT_ROW && !statement_is_null(statement, 0);
    if (found) store_column_string(statement, 0, ret_day, 11);
    statement_reset(statement);
    return found;
}

/* ---------------------------------------------------------------- translations and ids */

static bool change_many(struct store *store, enum statement_name name, const char *limit, size_t *ret_count,
                        struct failure *ret_failure) {
    bool done = change(store, name, limit, NULL, ret_failure);
    *ret_count = done ? (size_t)database_changes(store->database) : 0;
    return done;
}

bool store_prune_memory(struct store *store, const char *month, size_t *ret_count, struct failure *ret_failure) {
    store_forget_all_answers(store);
    return change_many(store, SQL_PRUNE_MEMORY, month, ret_count, ret_failure);
}

bool store_forget_pruned(struct store *store, const char *before, size_t *ret_count, struct failure *ret_failure) {
    return change_many(store, SQL_FORGET_PRUNED, before, ret_count, ret_failure);
}
